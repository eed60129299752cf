"""The record of changes on the Data screen: who changed which data, and when."""

from __future__ import annotations

from datetime import date, datetime

from engine.views.audit import AuditRow
from tests.functional.fake_analysis import AUDITED
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp.screens.audit_columns import ASKED
from tuiapp.screens.data import AUDIT, Data

PANE = ("7", "c", "c", "c")


def change(number: int) -> AuditRow:
    day = date(2026, 8, 28)
    return AuditRow(datetime(2026, 8, 28, 21, 7), f"{number:08x}", "import", "price", "a.csv", number, 0, 0, day, day)


def active(app: Session) -> Data:
    screen = app.app.active
    assert isinstance(screen, Data)
    return screen


async def test_changes_are_listed_with_the_newest_first() -> None:
    async with session() as app:
        await app.press(*PANE)
        assert "5 changes of the data  since 2026-08-26 18:02 UTC" in app.lines[3]
        assert " ".join(app.lines[5].split()) == "2026-08-28 21:07 update index top100 1 session computed 1 0"
        assert app.row("decision").split()[:4] == ["2026-08-27", "09:15", "app", "decision"]


async def test_a_narrow_screen_keeps_what_was_changed_and_how_many_rows_are_new() -> None:
    async with session(size=(60, 18)) as app:
        await app.press(*PANE)
        assert app.lines[4].split() == ["When", "(UTC)", "What", "Detail", "New"]
        assert "1,234,567" in app.text


async def test_a_wide_screen_shows_the_sessions() -> None:
    async with session(size=(120, 30)) as app:
        await app.press(*PANE)
        assert app.lines[4].split()[-6:] == ["Detail", "New", "Changed", "Removed", "First", "Last"]
        assert app.row("yahoo").split()[-6:] == ["yahoo", "250", "3", "0", "2026-08-26", "2026-08-28"]


async def test_all_of_a_change_can_be_read_on_a_narrow_screen() -> None:
    async with session(size=(60, 18)) as app:
        await app.press(*PANE, "j", "enter")
        told = "price: yahoo, 250 new, 3 changed, 2026-08-26 to 2026-08-28, by update, run 1f2e3d4c"
        assert told in " ".join(app.app._status.text.split())


async def test_names_of_files_do_not_reach_the_terminal_as_they_are() -> None:
    async with session() as app:
        await app.press(*PANE, "j", "j", "j", "enter")
        assert "\x1b" not in app.text
        assert "[/b]" in app.text


async def test_changes_are_filtered_and_sorted_like_every_table() -> None:
    async with session(size=(120, 30)) as app:
        await app.press(*PANE, "/")
        table = active(app).tables[AUDIT]
        await app.type("new>=250")
        await app.press("enter")
        assert [row.rows_new for row in table.rows] == [250, 1_234_567]
        await app.press("/", "ctrl+u")
        await app.type("run=0a1b2c3d")
        await app.press("enter")
        assert [row.command for row in table.rows] == ["app"]
        await app.press("escape", "l", "s")
        assert [row.command for row in table.rows] == ["app", "import", "import", "update", "update"]


async def test_without_a_change_the_pane_says_what_to_do_next() -> None:
    engine = FakeEngine(performance_view())
    engine.audited = ()
    async with session(engine) as app:
        await app.press(*PANE)
        assert "No change is recorded yet: r fetches" in app.text
        await app.press("enter")
        assert "No change is recorded yet: r fetches" in app.text


async def test_a_full_pane_says_that_there_may_be_more() -> None:
    engine = FakeEngine(performance_view())
    engine.audited = tuple(change(number) for number in range(ASKED + 5))
    async with session(engine) as app:
        await app.press(*PANE)
        assert "the last 1,000 changes of the data" in app.lines[3]


async def test_a_change_made_meanwhile_is_seen_when_the_pane_comes_back() -> None:
    engine = FakeEngine(performance_view())
    engine.audited = AUDITED[1:]
    async with session(engine) as app:
        await app.press(*PANE, "1")
        engine.audited = AUDITED
        await app.press("7")
        assert "5 changes" in app.lines[3]
        engine.audited = AUDITED[2:]
        await app.press("c", "C")
        assert "3 changes" in app.lines[3]


async def test_the_pane_exports_what_was_found_in_the_data_and_its_provenance() -> None:
    async with session() as app:
        await app.press(*PANE, "e")
        asked = next(question for question in app.engine.asked if question[0] == "export")
        assert asked[2]["sheets"] == ("data_quality", "provenance")


async def test_the_help_says_what_the_pane_shows() -> None:
    async with session(size=(120, 40)) as app:
        await app.press(*PANE, "?")
        assert "Audit: every change of the stored data" in " ".join(app.text.split())
