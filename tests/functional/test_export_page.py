"""The page on which sheets, dates and file are chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.domain.sheets import SHEETS
from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.harness import Session, session
from tuiapp.memory import Memory
from tuiapp.screens.exporting.page import ExportPage

VIEW = performance_view()
LAST = VIEW.sessions[-1]
NAME = f"flatcap-top100-{LAST}.xlsx"
TO_FILE = ("E", "up")


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def asked(app: Session) -> tuple[Path, dict[str, Any]]:
    _, path, request = [question for question in app.engine.asked if question[0] == "export"][-1]
    return path, request


def exports(app: Session) -> int:
    return sum(question[0] == "export" for question in app.engine.asked)


def is_open(app: Session) -> bool:
    return isinstance(app.app.screen, ExportPage)


async def test_enter_at_once_writes_the_whole_index() -> None:
    async with session() as app:
        await app.press("E", "enter")
        assert not is_open(app)
        path, request = asked(app)
        assert path == Path(NAME)
        assert request["sheets"] == tuple(SHEETS)
        assert (request["start"], request["end"], request["force"]) == (None, LAST, False)
        assert "Wrote " in app.text


async def test_sheets_are_unticked_dates_typed_and_a_name_given() -> None:
    async with session() as app:
        await app.press("E", "a", "down", "space", "tab")
        await app.type("-1y")
        await app.press("tab")
        await app.type("2022-02")
        await app.press("tab", "ctrl+u")
        await app.type("levels 1.csv")
        assert "1 sheet, 261 sessions 2021-03-01 … 2022-02-28, about 261 rows" in app.text
        await app.press("enter")
        path, request = asked(app)
        assert path == Path("levels 1.csv")
        assert request["sheets"] == ("index_performance",)
        assert (str(request["start"]), str(request["end"])) == ("2021-03-01", "2022-02-28")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("tab", *"soon"), "“soon” is no date"),
        (("tab", *"2099"), "There is no session from 2099-01-01 to 2022-03-24"),
        (("up", *".txt"), "The name of a file ends in .xlsx"),
        (("up", "ctrl+u", *"x.csv"), "A .csv file holds one table"),
        (("up", "ctrl+u", *"nowhere/x.xlsx"), "There is no folder nowhere"),
        (("a",), "No sheet is ticked"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(typed: tuple[str, ...], said: str) -> None:
    async with session(size=(60, 18)) as app:
        await app.press("E", *typed)
        before = app.lines[:15]
        await app.press("enter")
        assert is_open(app)
        assert said in " ".join(line.strip() for line in app.lines[-4:-1])
        assert app.lines[:14] == before[:14]
        assert exports(app) == 0


async def test_only_the_second_enter_writes_over_a_file() -> None:
    Path("mine.xlsx").touch()
    async with session() as app:
        await app.press(*TO_FILE, "ctrl+u")
        await app.type("mine.xlsx")
        await app.press("enter")
        assert "mine.xlsx is there already; Enter again writes over it" in app.text
        await app.press("up", "down", "enter")
        assert exports(app) == 0
        await app.press("enter")
        assert asked(app)[0] == Path("mine.xlsx")
        assert asked(app)[1]["force"]


async def test_tab_completes_a_path_and_names_the_ways_it_could_go_on() -> None:
    Path("reports").mkdir()
    Path("report.xlsx").touch()
    async with session() as app:
        await app.press(*TO_FILE, "ctrl+u")
        await app.type("re")
        await app.press("tab")
        assert "report.xlsx  reports/" in app.text
        await app.type("s")
        await app.press("tab", "enter")
        assert asked(app)[0] == Path("reports") / NAME


async def test_esc_closes_it_and_nothing_is_written() -> None:
    async with session() as app:
        before = app.text
        await app.press("E", "space", "tab", "1", "escape")
        assert app.text == before
        assert exports(app) == 0


async def test_the_range_ends_with_the_session_that_was_gone_to() -> None:
    async with session() as app:
        await app.press("[", "[", "E", "enter")
        assert asked(app)[1]["end"] == VIEW.sessions[-3]
        await app.press(">", "E", "enter")
        assert asked(app)[1]["end"] == LAST


async def test_the_last_choice_is_remembered(tmp_path: Path) -> None:
    save_snapshot(tmp_path, VIEW)
    path = tmp_path / "state" / "app.json"
    async with session(folder=tmp_path, memory=Memory.load(path)) as app:
        await app.press("[", "E", "space", "tab")
        await app.type("ytd")
        await app.press("enter", "2", "q")
    async with session(folder=tmp_path, memory=Memory.load(path)) as app:
        assert app.app.spec.id == "composition"
        await app.press("E", "enter")
        request = asked(app)[1]
        assert request["sheets"] == tuple(SHEETS)[1:]
        assert (str(request["start"]), request["end"]) == ("2022-01-03", LAST)


async def test_while_a_file_is_written_the_page_is_not_opened() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("e", "E")
        await app.shown("An export is under way; X stops it")
        assert not is_open(app)


async def test_the_work_that_was_chosen_can_be_stopped() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("E", "enter")
        await app.shown(f"Writing {len(SHEETS)} sheets, 2021-01-29 … 2022-03-24")
        await app.pilot.press("X")
        app.engine.work_gate.set()
        await app.settled()
        assert app.status.strip() == "Stopped: no file was written"


async def test_what_is_pasted_is_put_into_the_field() -> None:
    async with session() as app:
        await app.press(*TO_FILE, "ctrl+u")
        app.app.screen._forward_event(paste("a b.xlsx\nrest"))
        await app.settled()
        assert "File   a b.xlsx" in app.text


def paste(text: str) -> Any:
    from textual.events import Paste

    return Paste(text)


async def test_the_cursor_moves_within_a_text() -> None:
    async with session() as app:
        await app.press(*TO_FILE, "home")
        await app.type("my-")
        await app.press("right", "end", "left", "backspace")
        assert f"File   my-{NAME[:-2]}x" in app.text


async def test_help_says_what_can_be_typed_and_leads_back() -> None:
    async with session() as app:
        await app.press("E")
        before = app.text
        await app.press("f1")
        assert "ytd, first, latest" in " ".join(app.text.split())
        assert "Space" in app.text
        await app.press("escape")
        assert app.text == before


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
async def test_all_of_it_is_seen_at_every_size(size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press("E")
        for name in (*SHEETS, "From", "To", "File", f"{len(SHEETS)} sheets", "Enter write", "Esc close", "F1 help"):
            assert name in app.text
