"""Tables: moving, filtering, sorting, and which columns have room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.harness import Session, session
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.row_table import RowTable


def table(app: Session) -> RowTable[Any]:
    active = app.app.active
    assert isinstance(active, TableScreen)
    return active.table


def current(app: Session) -> int:
    row = table(app).current
    assert row is not None
    return int(row.rank)


@pytest.mark.parametrize(
    ("keys", "rank"),
    [
        (["j"], 2),
        (["down", "down", "k"], 2),
        (["G"], 110),
        (["end", "g"], 1),
        (["pagedown"], 17),
        (["pagedown", "pageup"], 1),
        (["ctrl+d"], 9),
        (["ctrl+d", "ctrl+u"], 1),
        (["up"], 1),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], rank: int) -> None:
    async with session() as app:
        await app.press("2", *keys)
        assert current(app) == rank
        assert f"row {rank} of 110" in app.status


async def test_the_row_under_the_cursor_is_always_in_view() -> None:
    async with session() as app:
        await app.press("2", "G", *["k"] * 30)
        assert current(app) == 80
        assert any(line.split()[:1] == ["80"] for line in app.lines)


async def test_the_cut_line_stands_between_members_and_those_outside() -> None:
    async with session() as app:
        await app.press("2", "G")
        at = next(number for number, line in enumerate(app.lines) if "cut at rank 100" in line)
        assert app.lines[at - 1].split()[0] == "100"
        assert app.lines[at + 1].split()[0] == "101"


async def test_the_cursor_steps_over_the_cut_line() -> None:
    async with session() as app:
        await app.press("2", "G", *["k"] * 10)
        assert current(app) == 100
        await app.press("j")
        assert current(app) == 101


async def test_the_filter_narrows_while_it_is_typed() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("TECHNO")
        assert {row.sector for row in table(app).rows} == {"Technology"}
        await app.press("enter")
        assert "Filter: TECHNO" in app.status


async def test_an_exclamation_mark_hides_what_matches() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("!technology")
        assert table(app).rows
        assert "Technology" not in {row.sector for row in table(app).rows}


async def test_escape_takes_the_filter_back_before_it_leaves_the_screen() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("rail")
        await app.press("enter", "escape")
        assert len(table(app).rows) == 110
        assert "Rank" in app.lines[4]


async def test_a_filter_that_finds_nothing_says_how_to_undo_it() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("zzzz")
        assert "Esc shows all" in app.text


async def test_sorting_goes_through_the_columns_and_marks_the_heading() -> None:
    async with session() as app:
        await app.press("2", "s", "s", "s")
        members = [row.ticker for row in table(app).rows[:100]]
        assert members == sorted(members)
        assert "Ticke▲" in app.lines[4]


async def test_reversing_turns_the_order_round() -> None:
    async with session() as app:
        await app.press("2", "S")
        assert [row.rank for row in table(app).rows[:3]] == [100, 99, 98]
        assert "Ran▼" in app.lines[4]
        await app.press("S")
        assert [row.rank for row in table(app).rows[:3]] == [1, 2, 3]


async def test_rows_without_a_value_come_last_either_way() -> None:
    async with session(size=(120, 40)) as app:
        await app.press("2")
        table(app).action_sort()
        while "Day▼" not in app.text:
            await app.press("s")
        assert table(app).rows[99].return_pr is None
        await app.press("S")
        assert table(app).rows[99].return_pr is None


async def test_the_cursor_stays_on_its_company_when_the_order_changes() -> None:
    async with session() as app:
        await app.press("2", "j", "j")
        before = table(app).current
        await app.press("S")
        assert table(app).current == before


async def test_width_decides_the_columns_and_the_rest_is_one_key_away() -> None:
    async with session() as app:
        await app.press("2")
        assert "sector" not in table(app).shown_columns
        for _ in range(6):
            await app.press("l")
        assert {"rank", "ticker", "days"} <= set(table(app).shown_columns)
        for _ in range(9):
            await app.press("h")
        assert "name" in table(app).shown_columns


async def test_a_wide_terminal_shows_every_column() -> None:
    async with session(size=(180, 40)) as app:
        await app.press("2")
        assert len(table(app).shown_columns) == 14


async def test_a_click_takes_the_cursor_to_a_row_and_the_wheel_moves_the_view() -> None:
    async with session() as app:
        await app.press("2")
        await app.pilot.click(table(app), offset=(5, 4))
        assert current(app) == 4


async def test_names_from_data_are_neither_markup_nor_escape_codes() -> None:
    async with session(size=(120, 40)) as app:
        await app.press("2")
        assert "Foo [/b] [@click=" in app.row("EVIL")
        assert "\x1b" not in app.text


async def test_caps_and_prices_that_are_not_fresh_are_marked() -> None:
    async with session() as app:
        await app.press("2")
        assert "~" in app.lines[4 + 9]
        assert "2d old" in app.lines[4 + 11]
