"""The app beside other processes on one store: what they commit is shown, and what they do to the store is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import ClockBehind, EngineError, StoreDamaged, StoreError, StoreGone, StoreLocked, StoreTooNew
from engine.events import Progress
from engine.run import utc_now
from engine.views.audit import AuditRow
from engine.views.snapshot import save_snapshot
from engine.views.types import PerformanceView
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view, sliced
from tests.functional.fake_fetching import VIEW
from tests.functional.harness import Session, session
from tuiapp import command_lines
from tuiapp.cli.invocation import Invocation
from tuiapp.logfile import run_of_app
from tuiapp.screens.explain import Explain
from tuiapp.screens.stock import Stock

CRON = "flatcap update (process 4711, ann, since 06:00:00 UTC)"
LONGER = performance_view(302)
OUTDATED = fetched_view(outdated="data", data_version=8)


def soon() -> datetime:
    """A moment after the app has begun, as the store has it."""
    return (utc_now() + timedelta(hours=1)).replace(tzinfo=None)


def change(command: str = "update", what: str = "index top100", detail: str = "", run: str = "feedbeef") -> AuditRow:
    """A change of another process."""
    return AuditRow(soon(), run, command, what, detail, 1, 0, 0, None, None)


def said(app: Session) -> str:
    """The message of the status line, however many lines it takes."""
    return app.app._status.text


async def theirs(app: Session, history: PerformanceView | None, *changes: AuditRow) -> None:
    """Another process commits."""
    app.engine.history = history
    app.engine.audited = (*reversed(changes), *app.engine.audited)
    await app.meanwhile()


def asked(app: Session) -> list[tuple[Any, ...]]:
    """What the engine was asked of the whole market."""
    return [question for question in app.engine.asked if question[0] == "performance"]


# -- their data


async def test_new_data_of_others_are_shown_and_who_brought_them_is_told() -> None:
    async with session() as app:
        await theirs(app, LONGER, change())
        assert "as of Mon 2022-03-28" in app.header
        assert said(app) == "New data to 2022-03-28, by flatcap update"


async def test_a_store_that_nobody_has_changed_is_not_asked() -> None:
    async with session() as app:
        before = list(app.engine.asked)
        for _ in range(3):
            app.app.look_around()
            await app.settled()
        assert app.engine.asked == before


async def test_a_session_that_was_chosen_is_kept() -> None:
    async with session() as app:
        await app.press("[", "[")
        await theirs(app, LONGER, change())
        assert "as of Tue 2022-03-22" in app.header
        assert "◂4" in app.header


async def test_the_latest_session_stays_the_latest() -> None:
    async with session() as app:
        await app.press("[", "]")
        await theirs(app, LONGER, change())
        assert "◂" not in app.header


async def test_cursor_filter_and_order_of_a_table_are_kept() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("tech")
        await app.press("enter", "j", "j", "j")
        table, row = app.app.active.table, app.app.active.company  # type: ignore[attr-defined]
        await theirs(app, LONGER, change())
        assert app.app.active.company == row
        assert app.app.focused is table
        assert "tech" in app.app.active.narrowed


async def test_a_text_that_is_being_typed_is_kept() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("te")
        await theirs(app, LONGER, change())
        await app.type("ch")
        assert app.status.strip().endswith("tech")
        await app.press("escape")
        assert "2022-03-28" in app.header


async def test_a_page_is_kept_and_follows() -> None:
    async with session(size=(100, 30)) as app:
        await app.press("2", "enter")
        assert isinstance(app.app.screen, Stock)
        before = len(app.engine.asked)
        await theirs(app, LONGER, change())
        assert isinstance(app.app.screen, Stock)
        assert "stock" in [question[0] for question in app.engine.asked[before:]]
        await app.press("escape")
        assert "2022-03-28" in app.header


async def test_a_change_of_our_own_is_no_news() -> None:
    async with session() as app:
        await app.press("t")
        await theirs(app, replace(LONGER), change("app", run=run_of_app().id))
        assert said(app) == "New data to 2022-03-28"
        await theirs(app, LONGER, change("app", "prices", run=run_of_app().id))
        assert said(app) == "New data to 2022-03-28"


async def test_our_own_work_is_not_looked_at_while_it_goes_on() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        app.engine.fetch_progress = (Progress("prices", 1, 250, "names"),)
        app.engine.work_gate.clear()
        await app.pilot.press("r")
        await app.shown("1/250")
        before = asked(app)
        app.engine.stamped += 1
        app.app.look_around()
        await app.pilot.pause()
        assert asked(app) == before
        app.engine.work_gate.set()
        await app.settled()
        after = asked(app)
        app.app.look_around()
        await app.settled()
        assert asked(app) == after


async def test_data_that_no_index_is_built_from_yet_name_the_key_that_builds() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        await theirs(app, OUTDATED, change("import", "prices", "prices.csv"))
        assert said(app) == "New data, by flatcap import; r builds the index again"
        assert "outdated" in app.header


async def test_what_will_be_built_by_those_who_brought_it_is_left_to_them() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        await theirs(app, OUTDATED, change("update", "prices"))
        assert said(app) == "New data, by flatcap update"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            change("restore", "store", "restored from /tmp/x.backup"),
            "The store was restored from /tmp/x.backup, by flatcap restore",
        ),
        (
            change("update", "schema", "from version 4 to version 5"),
            "The store was brought from version 4 to version 5, by flatcap update",
        ),
        (
            change("app", "decision", "accept-cap of ILMN [/b]\x1b[31m"),
            "Decided: accept-cap of ILMN [/b][31m, by another session of the app",
        ),
        (change("build"), "The index is another one, by flatcap build"),
    ],
)
async def test_what_has_happened_is_told_in_its_words(row: AuditRow, told: str) -> None:
    view = performance_view()
    async with session(FakeEngine(view)) as app:
        await theirs(app, replace(view, level_pr=(*view.level_pr[:-1], 1.0)), row)
        assert said(app) == told


async def test_the_index_that_is_not_looked_at_is_no_news() -> None:
    async with session() as app:
        await theirs(app, LONGER, change())
        await theirs(app, LONGER, change(what="index other"))
        assert said(app) == "New data to 2022-03-28, by flatcap update"


async def test_a_store_that_was_read_and_not_changed_says_nothing() -> None:
    async with session() as app:
        await app.meanwhile()
        assert not said(app)


async def test_an_export_that_goes_on_keeps_its_line() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("e")
        await app.shown("Writing Chart")
        app.engine.history, app.engine.audited = LONGER, (change(),)
        app.engine.stamped += 1
        app.app.look_around()
        await app.shown("2022-03-28")
        assert said(app).startswith("Writing Chart")
        assert "by flatcap update" in [event.text for event in app.app.events][-1]
        app.engine.work_gate.set()


async def test_an_answer_about_another_index_is_not_taken_for_this_one() -> None:
    async with session() as app:
        app.engine.gate.clear()
        app.engine.stamped += 1
        app.app.look_around()
        ticket = app.app._tickets["elsewhere"]
        app.app._turn_to("top100", None)
        assert app.app._tickets["elsewhere"] > ticket
        app.engine.gate.set()


# -- their fetches


async def test_a_fetch_of_another_process_is_told_of_until_it_has_ended() -> None:
    async with session(FakeEngine(fetched_view()), size=(100, 24)) as app:
        app.engine.fetches_elsewhere = CRON
        await theirs(app, OUTDATED, change(what="prices"))
        assert app.strip.startswith(f" Fetching: {CRON}")
        assert not said(app)
        app.engine.fetches_elsewhere = ""
        await theirs(app, fetched_view(data_version=9), change())
        assert not app.strip


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_who_fetches_fits_into_the_smallest_terminal(size: tuple[int, int]) -> None:
    async with session(FakeEngine(fetched_view()), size=size) as app:
        app.engine.fetches_elsewhere = CRON
        await app.meanwhile()
        assert app.strip.startswith(" Fetching: flatcap update")
        assert app.strip.endswith("7 look")


async def test_a_fetch_that_was_killed_is_seen_to_have_ended() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        app.engine.fetches_elsewhere = CRON
        await app.meanwhile()
        assert app.strip
        app.engine.fetches_elsewhere = ""
        app.app.look_around()
        await app.settled()
        assert not app.strip
        assert said(app) == f"The fetch has ended: {CRON}"


@pytest.mark.parametrize("key", ["r", "R"])
async def test_beside_a_fetch_of_another_process_none_is_begun(key: str) -> None:
    async with session(FakeEngine(fetched_view(outdated="data"))) as app:
        app.engine.fetches_elsewhere = CRON
        await app.meanwhile()
        await app.press(key)
        assert said(app) == f"Fetching is under way already: {CRON}; what it brings is shown here"
        assert not [question for question in app.engine.asked if question[0] in ("update", "build")]


async def test_a_fetch_that_is_declined_joins_the_other_one() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        app.engine.fetch_failure = StoreLocked(f"A fetch is under way: {CRON}.")
        await app.press("R")
        assert said(app) == f"A fetch is under way: {CRON}."
        app.engine.fetches_elsewhere = CRON
        app.app.look_around()
        await app.settled()
        assert app.strip.startswith(" Fetching: flatcap update")


async def test_a_first_fetch_of_another_process_is_watched_until_its_index_is_there() -> None:
    async with session(FakeEngine(stored=False)) as app:
        app.engine.fetches_elsewhere = CRON
        await app.meanwhile()
        assert "Fetching from Yahoo …" in app.text
        assert f"It is done by {CRON}." in " ".join(app.text.split())
        assert "X" not in app.footer
        app.engine.stored = True
        await theirs(app, LONGER, change())
        assert "as of Mon 2022-03-28" in app.header
        app.engine.fetches_elsewhere = ""
        await app.meanwhile()
        assert not app.strip


async def test_a_first_fetch_of_another_process_that_brought_nothing_leaves_the_first_screen() -> None:
    async with session(FakeEngine(stored=False)) as app:
        app.engine.fetches_elsewhere = CRON
        await app.meanwhile()
        app.engine.fetches_elsewhere = ""
        await app.meanwhile()
        assert "There are no data yet." in app.text


async def test_the_pane_of_fetches_follows_the_other_one() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        await app.press("7", "C")
        running = replace(VIEW.runs[0], outcome="running", ended_at=None, asked=0)
        app.engine.fetch_view = replace(VIEW, runs=(running, *VIEW.runs))
        app.engine.fetches_elsewhere = CRON
        await app.meanwhile()
        assert "a fetch is under way" in app.lines[2]


# -- what is the matter with the store


WRONG = [
    (StoreTooNew("The store was written by a newer flatcap.", hint="upgrade flatcap"), "A newer flatcap changed"),
    (StoreDamaged("/x is not a store that can be read.", hint="flatcap doctor --repair"), "The store cannot be read"),
    (StoreError("Others may change what is in /x.", hint="chmod 700 /x"), "Others may change what is in /x"),
    (StoreError(f"{'/long' * 20} cannot be opened.", hint="look at it"), "The store cannot be used"),
    (StoreLocked(f"The store in /x is being written by {CRON}.", hint="wait"), "The store is held by others"),
]


@pytest.mark.parametrize(("error", "title"), WRONG)
async def test_what_is_the_matter_stands_while_it_lasts_and_what_was_drawn_stays(
    error: EngineError, title: str
) -> None:
    async with session() as app:
        drawn = app.lines[:-4]
        app.engine.failure = error
        await app.meanwhile()
        assert app.strip.startswith(f" {title}")
        assert app.strip.endswith("r look again")
        assert said(app) == f"{error.message} Next: {error.hint}"
        assert [line for line in app.lines[:3] if line] == [line for line in drawn[:3] if line]
        await app.press("j", "t", "t")
        assert app.strip.startswith(f" {title}")
        app.engine.failure = None
        await app.meanwhile()
        assert not app.strip
        assert said(app) == "The store can be read again"


@pytest.mark.parametrize(("error", "title"), WRONG)
async def test_on_the_smallest_terminal_it_says_what_and_which_key(error: EngineError, title: str) -> None:
    async with session(size=(60, 18)) as app:
        app.engine.failure = error
        await app.meanwhile()
        assert app.strip.startswith(f" {title}"[:30])
        assert app.strip.endswith("r look again")


FOLDER = "/srv/some.body/market/store-of-the-desk"
OPEN_TO_OTHERS = StoreError(
    f"Other people's accounts may change what is in {FOLDER}.",
    hint=f"chmod 700 {FOLDER}, or flatcap --data-dir {FOLDER} --provider import doctor --repair, which does it, too",
)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 18)])
async def test_a_next_step_is_never_cut(size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press("2")
        app.engine.failure = OPEN_TO_OTHERS
        await app.meanwhile()
        shown = " ".join(app.text.replace("row 1 of 110", "").split())
        assert f"{OPEN_TO_OTHERS.message} Next: {OPEN_TO_OTHERS.hint}" in shown


async def test_what_stands_on_a_screen_is_not_said_below_it_as_well() -> None:
    async with session() as app:
        app.engine.failure = OPEN_TO_OTHERS
        await app.meanwhile()
        assert app.strip
        await app.press("2")
        assert app.text.count("Other people's accounts may change") == 1
        await app.press("1")
        assert app.strip.startswith(" The store cannot be used")


async def test_news_leaves_the_keys_of_a_page_and_is_read_when_it_is_closed() -> None:
    async with session(size=(60, 18)) as app:
        await app.press("?")
        keys_of_page = app.footer
        await theirs(app, LONGER, change())
        assert app.footer == keys_of_page
        await app.press("escape")
        assert said(app) == "New data to 2022-03-28, by flatcap update"


async def test_another_store_without_the_chosen_session_says_that_it_is_another_one_first() -> None:
    async with session() as app:
        await app.press("[", "[")
        await theirs(app, sliced(performance_view(), 200), change("restore", "store", "restored from x"))
        assert said(app).startswith("The store was restored from x, by flatcap restore; top100 has no level on 2022-03")


async def test_an_explanation_is_asked_for_again_when_others_have_changed_the_market() -> None:
    async with session(size=(100, 30)) as app:
        await app.press("i")
        before = [question for question in app.engine.asked if question[0] == "explain"]
        await app.meanwhile()
        assert [question for question in app.engine.asked if question[0] == "explain"] == before
        await theirs(app, LONGER, change())
        after = [question for question in app.engine.asked if question[0] == "explain"]
        assert after == [*before, before[-1]]
        assert isinstance(app.app.screen, Explain)


async def test_commands_in_hints_are_about_the_store_that_is_looked_at() -> None:
    told = Invocation(flags={"data_dir": "/x y", "index": "mine"}, env_file=Path("/e")).told
    command_lines.put_in_force(told)
    try:
        async with session(FakeEngine(stored=False)) as app:
            assert "flatcap --data-dir '/x y' --index mine --env-file /e demo" in " ".join(app.text.split())
            app.engine.stored, app.engine.failure = True, WRONG[1][0]
            await app.press("d")
            assert "flatcap --data-dir '/x y' --index mine --provider demo --env-file /e doctor --repair" in " ".join(
                app.text.split()
            )
    finally:
        command_lines.put_in_force()


async def test_the_same_matter_is_told_once() -> None:
    async with session() as app:
        app.engine.failure = WRONG[1][0]
        for _ in range(3):
            await app.meanwhile()
        assert [event.count for event in app.app.events if "is not a store" in event.text] == [1]


async def test_a_store_that_is_held_is_asked_for_until_it_is_free() -> None:
    async with session() as app:
        app.engine.failure = StoreLocked("The store is being written.")
        await app.meanwhile()
        app.engine.failure = None
        app.app.look_around()
        await app.settled()
        assert not app.strip


async def test_a_first_question_that_was_declined_is_asked_again() -> None:
    engine = FakeEngine(performance_view())
    engine.failure = StoreLocked("The store is being written.", hint="wait")
    async with session(engine) as app:
        assert "The store is being written." in app.text
        app.app.look_around()
        await app.settled()
        assert [event.count for event in app.app.events if "is being written" in event.text] == [1]
        engine.failure = None
        app.app.look_around()
        await app.settled()
        assert "1,366.16" in app.header


async def test_a_store_that_is_gone_leaves_what_was_drawn(tmp_path: Path) -> None:
    async with session(folder=tmp_path) as app:
        app.engine.stored = False
        await theirs(app, None)
        assert "1,366.16" in app.header
        assert app.strip.startswith(" The store is gone: shown is what was read before")
        assert said(app) == f"The store is gone: {tmp_path}. Next: put it back, or restore a copy"
        await app.press("2")
        assert "The store is gone." in app.text
        assert "this was not read yet" in app.text
        app.engine.stored = True
        await theirs(app, performance_view(), change("restore", "store", "restored from x"))
        assert not app.strip
        assert "Rank" in app.lines[4]
        assert said(app) == "The store was restored from x, by flatcap restore"


GONE = StoreGone("The store in /x is gone; copies of it are there.", hint="flatcap restore /x/last puts it back")


def take_away(app: Session) -> None:
    """The store is gone, and copies of it are there."""
    app.engine.stored, app.engine.failure = False, GONE


@pytest.mark.parametrize("provider", ["yahoo", "import"])
async def test_looking_again_for_a_store_that_is_gone_takes_nothing_away(provider: str) -> None:
    async with session(provider=provider) as app:
        await app.press("[", "[")
        take_away(app)
        await app.meanwhile()
        assert said(app) == f"{GONE.message} Next: {GONE.hint}"
        for _ in range(2):
            await app.press("r")
            assert "as of Tue 2022-03-22" in app.header
            assert app.strip.startswith(" The store is gone: shown is what was read before")
            assert said(app) == f"{GONE.message} Next: {GONE.hint}"
        app.engine.stored, app.engine.failure = True, None
        await app.press("r")
        assert not app.strip
        assert "as of Tue 2022-03-22" in app.header
        await app.press("2")
        assert "Rank" in app.lines[4]


async def test_a_screen_that_was_not_read_before_the_store_was_gone_says_how_a_copy_comes_back() -> None:
    async with session() as app:
        take_away(app)
        await app.meanwhile()
        await app.press("2")
        assert GONE.message in app.text
        assert GONE.hint in app.text


async def test_an_app_that_starts_where_the_store_is_gone_says_how_a_copy_comes_back(tmp_path: Path) -> None:
    save_snapshot(tmp_path, performance_view())
    engine = FakeEngine(stored=False)
    engine.failure = GONE
    async with session(engine, folder=tmp_path) as app:
        assert GONE.message in app.text
        assert f"Next: {GONE.hint}" in app.text
        assert "There are no data yet." not in app.text


async def test_a_session_that_was_chosen_is_kept_when_the_index_is_gone_for_a_while() -> None:
    async with session() as app:
        await app.press("[", "[")
        await theirs(app, None)
        await app.press("r", "r")
        assert "as of Tue 2022-03-22" in app.header


async def test_an_index_that_is_gone_says_how_to_build_it() -> None:
    async with session() as app:
        await theirs(app, None)
        assert app.strip.startswith(" The store has no index any more")
        await app.press("r")
        assert "There are data, but no index has been built from them." in app.text
        await app.press("r")
        assert "1,366.16" in app.header


async def test_a_clock_that_is_behind_keeps_changes_out_and_nothing_else() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        app.engine.fetch_failure = ClockBehind("The clock says 2020-01-01.", hint="set the clock")
        await app.press("r")
        assert app.strip.startswith(" The clock is behind: nothing is fetched or built")
        await app.meanwhile()
        assert app.strip.startswith(" The clock is behind")
        await app.press("2")
        assert "Rank" in app.lines[4]
        app.engine.fetch_failure = None
        await app.press("r")
        assert not app.strip


async def test_the_demo_market_has_no_part_in_what_was_the_matter(tmp_path: Path) -> None:
    async with session(FakeEngine(stored=False), folder=tmp_path) as app:
        app.engine.fetches_elsewhere = CRON
        await app.meanwhile()
        app.engine.fetches_elsewhere = ""
        await app.meanwhile()
        await app.press("d")
        assert app.lines[0].endswith("SYNTHETIC")
        assert not app.strip


# -- waiting


def waiting(engine: FakeEngine, owner: str) -> None:
    """The next question waits for this process, as long as the gate is closed."""
    plain = engine.changes

    def wait(*asked: Any) -> Any:
        engine.events(Progress("wait for the store", waiting_for=owner))
        assert engine.work_gate.wait(10), "nobody opened the gate"
        engine.events(Progress(""))
        return plain(*asked)

    engine.changes = wait  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize(
    ("size", "told"), [((100, 30), CRON), ((80, 24), CRON), ((60, 18), "flatcap update (process 4711, ann")]
)
async def test_whom_a_screen_waits_for_is_told_at_once(size: tuple[int, int], told: str) -> None:
    async with session(size=size) as app:
        waiting(app.engine, CRON)
        app.engine.work_gate.clear()
        await app.pilot.press("3")
        await app.shown(f"waits for {told}")
        assert app.strip.endswith("q quit")
        await app.shown(f"Loading …\n\n  It waits for {told}"[:40])
        app.engine.work_gate.set()
        await app.settled()
        assert not app.strip
        assert "waits for" not in app.text


async def test_work_that_waits_in_between_goes_on_with_its_report() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        prices = Progress("prices", 118, 250, "names")
        app.engine.fetch_progress = (prices, Progress("wait for the store", waiting_for=CRON))
        app.engine.work_gate.clear()
        await app.pilot.press("r")
        await app.shown("waits for flatcap update")
        assert app.strip.endswith("X stop")
        app.app._desk._report(Progress(""))
        await app.shown("118/250")
        app.engine.work_gate.set()
