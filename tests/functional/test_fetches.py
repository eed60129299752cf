"""Fetching from the app: a first run, progress, stopping, failing, and what is said of the data afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Cancelled, DataError, ProviderError, StoreLocked
from engine.events import Progress
from engine.reports import FetchFailure, FetchRequest, UpdateReport
from engine.views.types import PerformanceView
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view
from tests.functional.fake_fetching import FAILURES, NOTHING_LEFT, VIEW, fetch_report
from tests.functional.harness import Session, session
from tuiapp.fetch_news import of_report
from tuiapp.widgets.line import Part
from tuiapp.widgets.strip import strip_parts

MISSING = Progress("prices", 118, 250, "names", 2, 190.0)
FIRST_INDEX = Progress("build the index", built=True)
WAITING = replace(MISSING, paused=58.0)


def updates(app: Session) -> list[FetchRequest]:
    return [question[1] for question in app.engine.asked if question[0] == "update"]


def said(app: Session) -> str:
    """The message of the status line, however many lines it takes."""
    return app.app._status.text


def waiting(*progress: Progress, stored: bool = False, history: PerformanceView | None = None) -> FakeEngine:
    """An engine whose fetch stands still after these reports."""
    engine = FakeEngine(history, stored=stored)
    engine.fetch_progress = progress
    engine.work_gate.clear()
    return engine


async def stop_under_way(app: Session, key: str) -> None:
    """Begin a fetch with a key, and stop it while it stands still."""
    await app.pilot.press(key)
    await app.shown("118/250")
    await app.pilot.press("X")
    app.engine.work_gate.set()
    await app.settled()


# -- a first run


async def test_a_first_run_says_what_a_fetch_would_ask_for_and_where_it_goes(tmp_path: Path) -> None:
    async with session(FakeEngine(stored=False), size=(120, 40), folder=tmp_path) as app:
        assert "A fetch from Yahoo would make about 506 requests and take about 6 min." in app.text
        assert "250 requests  prices, splits and dividends since 2021-11-22" in app.text
        assert f"The store would be in {tmp_path}" in app.text
        for key in ("Enter fetch", "d demo market", "i import", "q quit"):
            assert key in app.footer


async def test_the_smallest_terminal_shows_every_key_of_a_first_run() -> None:
    async with session(FakeEngine(stored=False), size=(60, 18)) as app:
        for key in ("Enter  fetch", "d      the demo market", "i      CSV or Parquet files", "q      quit"):
            assert key in app.text


async def test_a_plan_that_cannot_be_made_says_why_and_leaves_the_keys() -> None:
    engine = FakeEngine(stored=False)
    engine.plan_failure = StoreLocked("The store is being written.")
    async with session(engine) as app:
        assert "The store is being written." in said(app)
        assert "Enter  fetch this from Yahoo" in app.text


@pytest.mark.parametrize("key", ["enter", "r"])
async def test_one_key_fetches_and_builds(key: str) -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press(key)
        assert updates(app) == [FetchRequest()]
        assert "1,366.16" in app.header
        assert "Fetched 250 names through 2026-11-20, 1 correction" in said(app)


async def test_with_files_of_ones_own_nothing_is_fetched() -> None:
    async with session(FakeEngine(stored=False), provider="import") as app:
        assert "Nothing is fetched with provider import." in app.text
        assert "Enter" not in app.text
        await app.press("enter", "R")
        assert not updates(app)
        assert "Nothing is fetched with provider import" in said(app)


async def test_d_goes_to_the_demo_market_in_a_store_of_its_own(tmp_path: Path) -> None:
    async with session(FakeEngine(stored=False), folder=tmp_path) as app:
        await app.press("d")
        assert app.lines[0].endswith("SYNTHETIC")
        assert ("load_demo",) in app.engine.asked
        assert app.engine.opened_with[-1].data_dir == tmp_path / "demo"


async def test_the_demo_market_is_never_fetched() -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press("d", "r", "R")
        assert not updates(app)


async def test_i_imports_what_is_typed_and_builds(tmp_path: Path) -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press("i")
        await app.type(str(tmp_path))
        await app.press("enter")
        assert ("import", tmp_path) in app.engine.asked
        assert "1,366.16" in app.header
        assert "Took in 1,200 rows, built 300 sessions" in said(app)


async def test_an_import_that_fails_says_why_and_keeps_the_path(tmp_path: Path) -> None:
    engine = FakeEngine(stored=False)
    engine.import_failure = DataError("There is no such file.", hint="look at its name")
    async with session(engine) as app:
        await app.press("i")
        await app.type("nowhere.csv")
        await app.press("enter")
        assert "There is no such file. Next: look at its name" in said(app)
        await app.press("i")
        assert "nowhere.csv" in app.status


async def test_data_without_an_index_can_be_completed_by_a_fetch() -> None:
    async with session(FakeEngine(stored=True)) as app:
        await app.press("enter")
        assert updates(app) == [FetchRequest()]
        assert "1,366.16" in app.header


async def test_the_help_of_a_first_run_has_its_keys() -> None:
    async with session(FakeEngine(stored=False), size=(80, 60)) as app:
        await app.press("?")
        assert "As long as there is no index" in app.text
        assert "type the path of files of your own" in app.text


async def test_the_keys_of_a_first_run_mean_nothing_later() -> None:
    async with session() as app:
        await app.press("enter", "d")
        assert not updates(app)
        assert not app.header.endswith("SYNTHETIC")


# -- while it runs


async def test_a_fetch_says_how_far_it_is_and_how_to_stop_it() -> None:
    engine = waiting(MISSING)
    async with session(engine) as app:
        await app.pilot.press("enter")
        await app.shown("118/250")
        for word in ("prices", "118/250 names", "2 failed", "about 3 min left", "X stop"):
            assert word in app.strip
        engine.work_gate.set()
        await app.settled()
        assert not app.strip


async def test_the_first_index_is_shown_while_the_fetch_goes_on() -> None:
    engine = waiting(FIRST_INDEX, MISSING)
    engine.built = fetched_view(names_have=120)
    async with session(engine) as app:
        await app.pilot.press("enter")
        await app.shown("1,366.16")
        assert "120/250 names" in app.header
        await app.pilot.press("2")
        await app.shown("Rank")
        assert "118/250" in app.strip


async def test_a_wait_that_the_vendor_asks_for_is_counted_down() -> None:
    engine = waiting(WAITING)
    async with session(engine) as app:
        await app.pilot.press("enter")
        await app.shown("Yahoo asks us to wait 58 s")
        await app.shown("Yahoo asks us to wait 57 s")


async def test_an_answer_that_was_on_its_way_does_not_end_the_wait() -> None:
    engine = waiting(WAITING, replace(MISSING, stage="shares", done=119))
    async with session(engine) as app:
        await app.pilot.press("enter")
        await app.shown("119/250")
        assert "Yahoo asks us to wait" in app.strip


async def test_other_work_does_not_talk_over_a_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuiapp.desk.SHORT", 0.0)
    engine = waiting(MISSING, history=fetched_view())
    engine.export_progress = Progress("write daily_composition", 500, 2000, "rows")
    async with session(engine) as app:
        await app.pilot.press("r")
        await app.shown("118/250")
        await app.pilot.press("e")
        await app.shown("Writing Chart")
        assert "118/250" in app.strip


async def test_one_fetch_at_a_time() -> None:
    engine = waiting(MISSING, history=fetched_view())
    async with session(engine) as app:
        await app.pilot.press("r", "R", "r")
        await app.shown("A fetch is under way; X stops it")
        await app.shown("118/250")
        assert len(updates(app)) == 1


async def test_a_stopped_fetch_keeps_what_it_has() -> None:
    engine = waiting(FIRST_INDEX, MISSING)
    engine.built = fetched_view(names_have=120)
    async with session(engine) as app:
        await stop_under_way(app, "enter")
        assert "Stopped. What was fetched is kept; r goes on" in said(app)
        assert "1,366.16" in app.header
        assert not app.strip


async def test_what_was_forced_and_stopped_is_not_gone_on_with_by_another_key() -> None:
    engine = waiting(MISSING, history=fetched_view())
    async with session(engine) as app:
        await stop_under_way(app, "R")
        assert said(app) == "Stopped. What was fetched is kept; R begins again"


async def test_a_stop_does_not_stop_the_next_fetch() -> None:
    engine = waiting(MISSING, history=fetched_view())
    async with session(engine) as app:
        await stop_under_way(app, "r")
        await app.press("r")
        assert "Fetched 250 names" in said(app)


async def test_leaving_stops_a_fetch() -> None:
    engine = waiting(MISSING, history=fetched_view())
    async with session(engine) as app:
        await app.pilot.press("r")
        await app.shown("118/250")
        await app.pilot.press("q")
        engine.work_gate.set()
        await app.pilot.pause()
    assert engine.cancel is not None
    with pytest.raises(Cancelled):
        engine.cancel.check()


# -- what comes of it


async def test_r_fetches_whatever_the_plan_still_asks_for() -> None:
    async with session(FakeEngine(fetched_view(sessions_behind=0))) as app:
        await app.press("r")
        assert updates(app) == [FetchRequest()]


async def test_r_says_that_there_is_nothing_to_fetch_and_asks_again() -> None:
    engine = FakeEngine(fetched_view())
    engine.plan = NOTHING_LEFT
    async with session(engine) as app:
        engine.asked.clear()
        await app.press("r")
        assert not updates(app)
        assert ("performance", None, None) in engine.asked
        assert said(app) == "Nothing to fetch: complete through 2026-11-20; read again from the store"


async def test_r_says_that_nothing_is_fetched_with_files_of_ones_own() -> None:
    async with session(provider="import") as app:
        await app.press("r")
        assert said(app) == "Nothing is fetched with provider import; read again from the store"


async def test_r_builds_first_and_then_says_what_it_would_fetch() -> None:
    engine = FakeEngine(fetched_view(outdated="data"))
    engine.built = fetched_view()
    async with session(engine) as app:
        assert said(app) == "The data have changed since the index was built; r builds it again"
        await app.press("r")
        assert not updates(app)
        assert said(app) == "Built 300 sessions; r fetches what is missing (506 requests)"
        await app.press("r")
        assert updates(app) == [FetchRequest()]


async def test_a_build_of_files_of_ones_own_offers_no_fetch() -> None:
    engine = FakeEngine(performance_view())
    engine.history = replace(performance_view(), status=replace(performance_view().status, outdated="data"))
    async with session(engine) as app:
        await app.press("r")
        assert said(app) == "Built 300 sessions"


async def test_after_a_stop_r_does_what_was_said_of_it() -> None:
    engine = waiting(MISSING, history=fetched_view())
    async with session(engine) as app:
        await app.pilot.press("r")
        await app.shown("118/250")
        engine.history = fetched_view(outdated="data")
        await app.pilot.press("X")
        engine.work_gate.set()
        await app.settled()
        assert said(app) == ("Stopped. What was fetched is kept; r builds the index again, r once more goes on")


async def test_imported_data_are_not_mixed_with_others_unless_that_is_asked_for() -> None:
    async with session() as app:
        assert "2 sessions behind" in app.header
        await app.press("r")
        assert not updates(app)
        await app.press("R")
        assert updates(app) == [FetchRequest(full=True)]


async def test_names_that_failed_are_counted_and_can_be_looked_up() -> None:
    engine = FakeEngine(fetched_view())
    engine.fetched = fetch_report("partial", failures=FAILURES)
    async with session(engine) as app:
        await app.press("r")
        assert said(app).startswith("2 of 250 names failed; 7 says which. Fetched 248 names through 2026-11-20")


async def test_what_says_which_is_behind_the_key_that_is_named() -> None:
    engine = FakeEngine(fetched_view())
    engine.fetched = fetch_report("partial", failures=FAILURES)
    async with session(engine) as app:
        await app.press("7", "r", "7")
        assert "no answer in 30 seconds" in app.row("BRK-B")
        await app.press("1", "7", "c", "1", "7")
        assert "13 findings" in app.lines[3], "it is news once"


def news(*failures: FetchFailure, asked: int = 98, series: int = 5, **fetched: Any) -> str:
    report = replace(fetch_report("partial", failures=failures), asked=asked, series=series, notes=(), **fetched)
    return of_report(UpdateReport(report, None), "Yahoo").text


def test_each_failure_is_counted_as_what_it_is() -> None:
    screen = FetchFailure("screen", "", "no connection")
    series = [FetchFailure("benchmark", symbol, "no connection") for symbol in ("^GSPC", "RSP", "^IRX")]
    names = [FetchFailure("prices", f"N{n}", "no connection") for n in range(98)]
    shares = [FetchFailure("shares", f"N{n}", "no connection") for n in range(98)]
    assert news(screen, *series, *names) == (
        "The universe's screen failed (no connection), 98 of 98 names failed, 3 series failed; 7 says which. "
        "Fetched 2 series; prices through 2026-11-20"
    )
    assert news(*names, *shares, series=0).startswith("98 of 98 names failed; 7 says which. Showing data through")
    assert news(*series[:2]).startswith("^GSPC and RSP failed; 7 says which. Fetched 98 names through 2026-11-20")
    assert news(*shares[:2]).startswith("Parts of 2 names failed; 7 says which. Fetched 98 names")


async def test_a_limit_that_is_used_up_says_what_is_left() -> None:
    engine = FakeEngine(fetched_view())
    engine.fetched = fetch_report("stopped", remaining=132, reason="Yahoo asked us to wait three times")
    async with session(engine) as app:
        await app.press("r")
        assert said(app) == "Stopped: Yahoo asked us to wait three times. 132 names left; r goes on"


async def test_offline_is_one_line_and_the_last_good_data_stay() -> None:
    engine = FakeEngine(fetched_view(sessions_behind=1))
    engine.fetch_failure = ProviderError("Yahoo cannot be reached.", hint="look at the network")
    async with session(engine) as app:
        engine.history = fetched_view(sessions_behind=2)
        await app.press("r")
        assert said(app) == (
            "Yahoo cannot be reached; showing data through 2022-03-24, 2 sessions behind; r tries again"
        )
        assert "1,366.16" in app.header


async def test_a_first_fetch_that_fails_says_why_where_the_plan_is_and_can_be_tried_again() -> None:
    engine = FakeEngine(stored=False)
    engine.fetch_failure = ProviderError("Yahoo cannot be reached.", hint="look at the network")
    async with session(engine) as app:
        await app.press("enter")
        assert "Yahoo cannot be reached." in app.text
        assert "flatcap doctor --online looks at each host of Yahoo" in app.text
        assert "about 506 requests" in app.text
        engine.fetch_failure = None
        await app.press("enter")
        assert "1,366.16" in app.header


async def test_a_first_fetch_that_failed_can_be_looked_up() -> None:
    engine = FakeEngine(stored=False)
    engine.fetch_failure = ProviderError("Yahoo cannot be reached.", hint="what was stored before is there")
    async with session(engine, size=(60, 18)) as app:
        failed = replace(VIEW.runs[2], outcome="failed", reason="no connection")
        engine.fetch_view = replace(VIEW, runs=(failed,), failures=(), notes=(), fresh_at=None)
        await app.press("enter")
        assert "what was stored before" not in app.text
        for key in ("7      what came of the last fetch", "q      quit"):
            assert key in app.text
        await app.press("7")
        assert "no connection" in app.row("failed")
        await app.press("r")
        assert "Yahoo cannot be reached." in said(app)
        await app.press("1", "2")
        assert "There are no data yet." in app.text
        assert "Rank" not in app.text
        assert "row 1 of" not in app.text


@pytest.mark.parametrize("key", ["2", "3", "7"])
async def test_what_there_is_to_say_has_the_screen_to_itself(key: str) -> None:
    async with session(FakeEngine(stored=False), size=(80, 24)) as app:
        before = app.lines[2:-2]
        await app.press(key)
        assert app.lines[2:-2] == before


async def test_a_store_that_a_failed_fetch_left_without_prices_is_as_good_as_none() -> None:
    engine = FakeEngine(stored=True)
    engine.rows = ()
    async with session(engine) as app:
        assert "There are no data yet." in app.text


async def test_a_first_fetch_that_was_stopped_early_goes_on_with_enter() -> None:
    engine = waiting(MISSING, stored=True)
    async with session(engine) as app:
        await stop_under_way(app, "enter")
        assert "What was fetched is kept; Enter goes on" in said(app)
        await app.press("enter")
        assert "1,366.16" in app.header


# -- the strip


def strip(progress: Progress, room: int, wait: int = 0) -> str:
    parts: list[Part] = strip_parts(progress, "Yahoo", wait, room)
    return "".join(text for text, _ in parts)


@pytest.mark.parametrize("room", range(20, 140, 7))
@pytest.mark.parametrize("progress", [MISSING, WAITING, Progress("build the index"), replace(MISSING, failed=0)])
def test_the_strip_fits_and_cuts_no_word(progress: Progress, room: int) -> None:
    wait = round(progress.paused)
    shown = strip(progress, room, wait)
    whole = strip(progress, 200, wait).split()
    short = {*whole, "waits", "3", "min"}
    assert len(shown) <= room
    assert all(word in short for word in shown.split() if not set(word) <= {"━", "─"})


def test_the_strip_never_loses_how_many_failed() -> None:
    assert "2 failed" in strip(MISSING, 40)


@pytest.mark.parametrize(("done", "full"), [(0, 0), (125, 12), (250, 24), (300, 24)])
def test_the_bar_is_as_long_as_what_is_done(done: int, full: int) -> None:
    assert strip(replace(MISSING, done=done), 120).count("━") == full
