"""A file of what is shown: which sheets, of which sessions, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.domain.sheets import SHEETS
from engine.errors import ExportError
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view
from tests.functional.harness import Session, session
from tests.functional.places import VIEWS, Place
from tuiapp import keys
from tuiapp.keys_in_force import put_in_force

VIEW = performance_view()
FIRST, LAST = VIEW.sessions[0], VIEW.sessions[-1]
COPIES = " · y copies the path"


def asked(app: Session) -> tuple[Any, ...]:
    """What the engine was asked to write last: sheets, first and last session, word in the name."""
    _, path, request = [question for question in app.engine.asked if question[0] == "export"][-1]
    assert path is None
    assert not request["force"]
    return request["sheets"], request["start"], request["end"], request["about"]


@pytest.mark.parametrize("place", VIEWS, ids=str)
async def test_every_view_is_written_with_its_provenance_up_to_the_session_that_is_shown(place: Place) -> None:
    async with session() as app:
        await app.press("[", "[", *place.keys, "e")
        sheets, start, end, about = asked(app)
        assert set(sheets) <= set(SHEETS)
        assert "provenance" in sheets
        assert len(sheets) > 1
        assert about == about.lower() != ""
        if place.keys[0] != "7":
            assert end == VIEW.sessions[-3]
            assert start is None or FIRST < start <= end


@pytest.mark.parametrize(
    ("way", "sheets", "start", "about"),
    [
        ("1", ("index_performance", "summary_metrics"), None, "chart-all"),
        ("1{{{", ("index_performance", "summary_metrics"), VIEW.sessions[-262 + 1], "chart-1y"),
        ("1{{{c", ("index_performance", "drawdowns"), VIEW.sessions[-262 + 1], "drawdown-1y"),
        ("1{{{ccc", ("summary_metrics",), None, "periods"),
        ("1{{{cccc", ("monthly_returns",), None, "months"),
        ("1{{{ccccc", ("drawdowns",), VIEW.sessions[-262 + 1], "falls-1y"),
        ("2", ("daily_composition",), LAST, "members"),
        ("2c", ("contributions",), LAST, "contributions-day"),
        ("2c}", ("contributions",), VIEW.sessions[-20], "contributions-1m"),
        ("2cc}", ("sector_contributions", "sector_weights"), VIEW.sessions[-20], "sectors-1m"),
        ("3", ("composition_changes",), None, "changes"),
        ("3d2022-03-20\r", ("composition_changes",), VIEW.sessions[-4], "changes-since-2022-03-20"),
        ("7c", ("data_quality",), None, "data"),
    ],
)
async def test_a_view_is_written_for_the_sessions_whose_returns_it_shows(
    way: str, sheets: tuple[str, ...], start: object, about: str
) -> None:
    async with session() as app:
        await app.press(*({"\r": "enter"}.get(key, key) for key in way), "e")
        assert asked(app) == ((*sheets, "provenance"), start, None if about == "data" else LAST, about)


@pytest.mark.parametrize(
    ("way", "remark"),
    [
        ("2/tech\r", "all rows, whatever the filter"),
        ("1z", "the whole range, not only what is zoomed to"),
        ("3d2022-02\r", "every change day by day, not only what is left of them"),
    ],
)
async def test_it_says_what_the_file_holds_beyond_what_is_seen(way: str, remark: str) -> None:
    async with session(size=(160, 40)) as app:
        await app.press(*({"\r": "enter"}.get(key, key) for key in way), "e")
        assert f".xlsx ({remark}){COPIES}" in app.status


async def test_the_path_is_copied_as_long_as_it_is_said() -> None:
    async with session() as app:
        await app.press("2", "e")
        path = str(Path.cwd() / "flatcap-top100-2022-03-24.xlsx")
        assert app.app._status.text == f"Wrote {path}{COPIES}"
        await app.press("j", "y")
        assert app.app._status.text.startswith(f"Copied the path, {len(path.encode())} bytes")
        await app.press("y")
        assert app.app._status.text.startswith("Copied the cell")


async def test_another_message_gives_the_key_back() -> None:
    async with session() as app:
        await app.press("2", "e", "1", "2", "y")
        assert app.app._status.text.startswith("Copied the cell")


async def test_on_a_page_the_path_is_copied_only_where_the_page_says_it() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("e")
        await app.shown("Writing Chart")
        await app.pilot.press("?")
        app.engine.work_gate.set()
        await app.settled()
        assert "Wrote /" in app.footer
        await app.press("down", "y")
        assert "Copied the help" in app.footer
        await app.press("escape", "e", "?", "y")
        assert "Copied the help" in app.footer


async def test_new_data_meanwhile_leave_the_line_that_says_what_is_written() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("e")
        await app.shown("Writing Chart")
        app.engine.history = fetched_view(sessions_behind=0)
        app.engine.stamped += 1
        app.app.look_around()
        await app.shown("yahoo")
        assert app.app._status.text.startswith("Writing Chart")
        app.engine.work_gate.set()
        await app.settled()
        assert "Wrote /" in app.text


async def test_where_text_is_typed_the_key_is_text() -> None:
    async with session() as app:
        await app.press("2", "e", ":", "y")
        assert app.lines[0].strip() == "> y"


async def test_the_key_that_copies_the_path_can_be_another_one() -> None:
    put_in_force({"written.copy": ("f4",)})
    try:
        async with session() as app:
            await app.press("2", "e")
            assert app.app._status.text.endswith(" · F4 copies the path")
            await app.press("f4")
            assert app.app._status.text.startswith("Copied the path")
    finally:
        put_in_force({})


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
async def test_of_a_long_path_the_name_is_seen_and_the_log_has_all(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 20)
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    async with session(size=size) as app:
        await app.press("e")
        said = " ".join(line.strip() for line in app.lines[-6:])
        assert "…" in said
        assert said.replace(" ", "").count("flatcap-top100-2022-03-24.xlsx·ycopiesthepath") == 1
        assert any(str(deep / "flatcap-top100-2022-03-24.xlsx") in event.text for event in app.app.events)


async def test_what_fails_is_said_and_the_next_export_may_begin() -> None:
    engine = FakeEngine(performance_view())
    engine.export_failure = ExportError("Cannot write x.xlsx: No space left on device.", hint="make room")
    async with session(engine) as app:
        await app.press("e")
        assert "No space left on device" in app.text
        assert "make room" in app.text
        engine.export_failure = None
        await app.press("e")
        assert "Wrote /" in app.text


@pytest.mark.parametrize("key", ["e", "E"])
async def test_without_an_index_there_is_nothing_to_write(key: str) -> None:
    async with session(FakeEngine()) as app:
        await app.press(key)
        assert "There is no index yet" in app.status
        assert len(app.app.screen_stack) == 1


def test_the_key_for_the_path_is_listed() -> None:
    assert ("y", "a file just written", keys.text("written.copy")) in keys.key_table()
