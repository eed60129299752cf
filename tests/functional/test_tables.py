"""Tables: moving, filtering, sorting, and which columns have room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from textual.message import Message

from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp import format as text
from tuiapp.messages import Copy
from tuiapp.screens import change_columns
from tuiapp.screens.composed import contributions, members
from tuiapp.screens.name_columns import name_columns
from tuiapp.screens.panes import days, falls
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part
from tuiapp.widgets.row_table import Group, RowTable


def table(app: Session) -> RowTable[Any]:
    active = app.app.active
    assert isinstance(active, TableScreen)
    return active.table


def current_column(app: Session) -> str:
    column = table(app).current_column
    assert column is not None
    return column.key


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


async def test_sorting_takes_the_column_at_the_cursor_then_turns_round_then_ends() -> None:
    async with session() as app:
        await app.press("2", "s")
        members = [row.ticker for row in table(app).rows[:100]]
        assert members == sorted(members)
        assert "Ticker▲" in app.lines[4]
        await app.press("s")
        assert [row.ticker for row in table(app).rows[:100]] == sorted(members, reverse=True)
        assert "Ticker▼" in app.lines[4]
        await app.press("s")
        assert [row.rank for row in table(app).rows] == list(range(1, 111))
        assert "Ticker " in app.lines[4]


async def test_a_number_is_sorted_from_the_greatest_first() -> None:
    async with session() as app:
        await app.press("2", "l", "l", "s")
        caps = [row.market_cap_usd for row in table(app).rows[:100]]
        assert caps == sorted(caps, reverse=True)
        assert "Cap▼" in app.lines[4]


async def test_another_column_is_sorted_by_at_once() -> None:
    async with session() as app:
        await app.press("2", "s", "l", "s")
        names = [row.name.lower() for row in table(app).rows[:100]]
        assert names == sorted(names)
        assert "Company▲" in app.lines[4]
        assert "Ticker " in app.lines[4]


async def test_reversing_turns_the_order_round() -> None:
    async with session() as app:
        await app.press("2", "h", "h", "S")
        assert [row.rank for row in table(app).rows[:3]] == [100, 99, 98]
        assert "Rank▼" in app.lines[4]
        await app.press("S")
        assert [row.rank for row in table(app).rows[:3]] == [1, 2, 3]
        assert "Rank▲" in app.lines[4]


async def test_reversing_turns_the_order_there_is_wherever_the_cursor_stands() -> None:
    async with session() as app:
        await app.press("2", "s", "l", "S")
        tickers = [row.ticker for row in table(app).rows[:100]]
        assert tickers == sorted(tickers, reverse=True)


async def test_rows_without_a_value_come_last_either_way() -> None:
    async with session(size=(180, 40)) as app:
        await app.press("2")
        table(app).restore({"column": "day"})
        await app.press("s")
        assert "Day▼" in app.text
        assert table(app).rows[99].return_pr is None
        await app.press("S")
        assert table(app).rows[99].return_pr is None


async def test_the_cursor_stays_on_its_company_when_the_order_changes() -> None:
    async with session() as app:
        await app.press("2", "j", "j")
        before = table(app).current
        await app.press("S")
        assert table(app).current == before


async def test_width_decides_the_columns_and_the_rest_is_a_few_keys_away() -> None:
    async with session() as app:
        await app.press("2")
        assert "sector" not in table(app).shown_columns
        seen = set(table(app).shown_columns)
        for _ in range(16):
            await app.press("l")
            seen |= set(table(app).shown_columns)
        assert {"rank", "ticker", "days"} <= set(table(app).shown_columns)
        assert seen == {column.key for column in members.columns(None)}
        for _ in range(20):
            await app.press("h")
        assert "name" in table(app).shown_columns
        assert current_column(app) == "rank"


async def test_the_cursor_walks_over_the_columns_and_is_seen_without_colour() -> None:
    async with session() as app:
        await app.press("2", "l")
        assert current_column(app) == "name"
        heading = next(part for part in table(app).parts_at(0) if part[1] == "heading")
        cell = next(part for part in table(app).parts_at(1) if part[1] == "cell")
        assert heading[0].strip() == "Company"
        assert text.plain(table(app).rows[0].name).startswith(cell[0].strip(" …"))
        assert table(app).tone("heading").reverse
        assert table(app).tone("cell").underline
        assert not any(tone in ("heading", "cell") for _, tone in table(app).parts_at(2))


async def test_a_step_of_a_cursor_draws_two_lines_and_no_more() -> None:
    async with session() as app:
        await app.press("2", "j")
        drawn: list[int] = []
        parts_at = table(app).parts_at

        def noted(y: int) -> list[Part]:
            drawn.append(y)
            return parts_at(y)

        table(app).parts_at = noted  # type: ignore[method-assign]
        await app.press("l")
        assert sorted(set(drawn)) == [0, 2]
        drawn.clear()
        await app.press("j")
        assert sorted(set(drawn)) == [2, 3]


async def test_a_wide_terminal_shows_every_column() -> None:
    async with session(size=(180, 40)) as app:
        await app.press("2")
        assert len(table(app).shown_columns) == 14


async def test_a_click_takes_both_cursors_to_a_cell() -> None:
    async with session() as app:
        await app.press("2")
        await app.pilot.click(table(app), offset=(22, 4))
        assert current(app) == 4
        assert current_column(app) == "name"


async def test_a_click_on_a_heading_sorts() -> None:
    async with session() as app:
        await app.press("2")
        await app.pilot.click(table(app), offset=(22, 0))
        await app.settled()
        assert "Company▲" in app.lines[4]
        await app.pilot.click(table(app), offset=(22, 0))
        await app.settled()
        assert "Company▼" in app.lines[4]


# -- expressions


async def narrowed(app: Session, typed: str) -> list[Any]:
    """The rows of the ranking that pass a filter as it is typed."""
    await app.press("2", "/")
    await app.type(typed)
    return table(app).rows


async def test_a_filter_compares_columns() -> None:
    async with session() as app:
        rows = await narrowed(app, "rank<=20 sector=tech")
        assert rows
        assert all(row.rank <= 20 and row.sector.lower().startswith("tech") for row in rows)
        await app.press("enter")
        assert "Filter: rank<=20 sector=tech" in app.status


async def test_percent_are_typed_as_they_are_shown() -> None:
    async with session() as app:
        rows = await narrowed(app, "ret<0")
        assert rows
        assert all(row.return_pr < 0 for row in rows)
        everything = FakeEngine(performance_view()).composition(app.app.market.session)
        assert len(rows) == sum((row.return_pr or 0) < 0 for row in (*everything.rows, *everything.outside))


async def test_an_unknown_column_is_answered_with_those_there_are_while_it_is_typed() -> None:
    async with session() as app:
        await narrowed(app, "foo=1")
        said = " ".join(line.strip() for line in app.lines)
        assert "There is no column “foo”; there are rank, move, ticker, company, sector, cap" in said
        assert "since, days" in said
        await app.press(*["backspace"] * 5)
        assert "no column" not in app.text
        assert len(table(app).rows) == 110


async def test_a_value_that_is_none_leaves_the_rows_as_they_are() -> None:
    async with session() as app:
        await narrowed(app, "rank<=20 ret<")
        rows = list(table(app).rows)
        assert len(rows) == 20
        await app.type("x")
        assert "“x” is no number of percent" in app.text
        assert table(app).rows == rows


async def test_a_wrong_filter_is_said_and_stays_to_be_mended() -> None:
    async with session() as app:
        await narrowed(app, "rank<=10 foo=1")
        await app.press("enter")
        assert app.text.count("There is no column “foo”") == 1
        assert app.app._prompt is not None
        assert app.app._prompt.field.value == "rank<=10 foo=1"
        await app.press(*["backspace"] * 5)
        assert "There is no column" not in app.text
        await app.press("enter")
        assert "Filter: rank<=10" in app.status
        assert len(table(app).rows) == 10


async def test_escape_leaves_a_wrong_filter_and_shows_all() -> None:
    async with session() as app:
        await narrowed(app, "foo=1")
        await app.press("enter", "escape")
        assert "There is no column" not in app.text
        assert app.app._prompt is None
        assert len(table(app).rows) == 110


async def test_typing_a_filter_leaves_the_cursor_on_its_row_whenever_that_passes() -> None:
    async with session() as app:
        await app.press("2", *"j" * 30, "/")
        for typed, rank in (("ra", None), ("nk", None), (">", 31), ("40", None)):
            await app.type(typed)
            assert rank is None or current(app) == rank
        await app.press("backspace", "backspace")
        assert current(app) == 31
        await app.press("enter", "j", "escape")
        assert current(app) == 32


@pytest.mark.parametrize("typed", ['"To cut">0', "to_cut>0", "tocut>0", "TOC>0", '"To c">0'])
async def test_a_heading_names_its_column_as_it_is_printed(typed: str) -> None:
    async with session(size=(180, 40)) as app:
        rows = await narrowed(app, typed)
        assert [row.rank for row in rows] == list(range(1, 100))


async def test_a_word_in_the_place_of_a_value_can_be_asked_for() -> None:
    async with session(size=(180, 40)) as app:
        rows = await narrowed(app, "move=new")
        assert rows
        assert {row.rank_before for row in rows} == {None}


async def test_the_cursor_is_on_its_row_again_after_a_text_that_no_row_has() -> None:
    async with session() as app:
        await app.press("2", "j", "j")
        table(app).narrow("zzzz")
        assert not table(app).rows
        table(app).narrow("")
        assert current(app) == 3


async def test_a_filter_follows_the_columns_to_another_session() -> None:
    async with session() as app:
        await narrowed(app, "cut<0")
        await app.press("enter")
        assert {row.since for row in table(app).rows} == {None}
        await app.press("[")
        assert table(app).rows
        assert {row.since for row in table(app).rows} == {None}


async def test_a_filter_whose_column_has_gone_is_taken_away_and_said() -> None:
    async with session() as app:
        await app.press("2")
        shown = table(app)
        shown.narrow("rank<5")
        shown.take_columns([column for column in members.columns(None) if column.key != "rank"])
        shown.show([Group(list(shown.rows))])
        await app.settled()
        assert shown.filter_text == ""
        assert "The filter is gone" in app.text


# -- copies


@asynccontextmanager
async def copying() -> AsyncIterator[tuple[Session, list[tuple[str, str]]]]:
    taken: list[tuple[str, str]] = []
    async with session() as app:
        await app.press("2")
        post = table(app).post_message

        def post_message(message: Message) -> bool:
            if isinstance(message, Copy):
                taken.append((message.text, message.what))
                return True
            return post(message)

        table(app).post_message = post_message  # type: ignore[method-assign]
        yield app, taken


async def test_a_cell_is_copied_and_the_second_time_its_row() -> None:
    async with copying() as (app, taken):
        await app.press("l", "l", "y", "y", "y")
        row = table(app).current
        assert row is not None
        assert [what for _, what in taken] == ["the cell", "the row", "the cell"]
        assert taken[0][0] == taken[2][0] == repr(row.market_cap_usd)
        values = taken[1][0].split("\t")
        assert values[:3] == [str(row.rank), str(row.rank_before - row.rank), row.ticker]
        assert repr(row.return_pr) in values


@pytest.mark.parametrize("between", [["j", "k"], ["l", "h"], ["["]])
async def test_after_a_move_the_cell_is_copied_again(between: list[str]) -> None:
    async with copying() as (app, taken):
        await app.press("y", *between, "y")
        assert [what for _, what in taken] == ["the cell", "the cell"]


async def test_a_table_is_copied_with_all_columns_of_the_rows_that_are_left_in_their_order() -> None:
    async with copying() as (app, taken):
        table(app).narrow("rank<=20")
        await app.press("s", "Y")
        copied, what = taken[0]
        head, *rows = [line.split("\t") for line in copied.split("\n")]
        assert what == "the table of 20 rows"
        assert head == [column.key for column in members.columns(None)]
        assert [row[head.index("ticker")] for row in rows] == sorted(row.ticker for row in table(app).rows)
        assert [float(row[head.index("cap")]) for row in rows] == [row.market_cap_usd for row in table(app).rows]


async def test_a_table_without_rows_has_nothing_to_copy() -> None:
    async with copying() as (app, taken):
        table(app).narrow("rank>1000")
        await app.press("y")
        assert not taken
        assert "There is no row to copy" in app.status


# -- what is remembered


async def test_a_view_of_a_table_is_taken_again() -> None:
    async with session() as app:
        await app.press("2", "l", "l", "s", "s")
        table(app).narrow("rank<=20")
        kept, shown = table(app).state(), list(table(app).rows)
        assert kept == {"sort": "cap", "down": False, "filter": "rank<=20", "column": "cap"}
        table(app).restore({})
        assert len(table(app).rows) == 110
        table(app).restore(kept)
        assert table(app).rows == shown
        assert table(app).state() == kept
        await app.settled()
        assert "Cap▲" in app.lines[4]


@pytest.mark.parametrize(
    "kept",
    [
        {"sort": "nothing", "filter": "foo=1", "column": "none", "down": "yes"},
        {"sort": 3, "filter": ["x"], "column": None, "down": 1},
        {"sort": None, "filter": {"a": 1}},
    ],
)
async def test_a_view_that_makes_no_sense_is_passed_over(kept: dict[str, object]) -> None:
    async with session() as app:
        await app.press("2")
        table(app).restore(kept)
        await app.settled()
        assert [row.rank for row in table(app).rows] == list(range(1, 111))
        assert current_column(app) in table(app).shown_columns


async def test_a_view_waits_for_rows_and_columns_that_are_still_on_their_way() -> None:
    waiting: RowTable[Any] = RowTable([members.columns(None)[0]], lambda r: r.ticker, members.searched)
    waiting.restore({"sort": "cap", "down": True, "filter": "cap>=0", "column": "cap"})
    view = FakeEngine(performance_view()).composition(date(2022, 3, 24))
    waiting.take_columns(members.columns(view.cut_cap_usd))
    waiting.show([Group(view.rows[::-1])])
    assert [row.rank for row in waiting.rows] == list(range(1, 101))
    assert waiting.filter_text == "cap>=0"


# -- pins


def test_a_pinned_company_is_marked_beside_its_ticker() -> None:
    row = FakeEngine(performance_view()).composition(date(2022, 3, 24)).rows[0]
    marked, plain = (
        name_columns(name_width=9, name_most=9, sector_need=1, pins=pins)[0] for pins in ({row.ticker}, {"OTHER"})
    )
    assert marked.cell(row) == (f"{row.ticker}•", "")
    assert plain.cell(row) == (row.ticker, "")
    assert marked.held(row) == row.ticker


async def test_groups_stay_together_when_they_are_sorted_and_one_without_rows_has_no_line() -> None:
    async with session() as app:
        await app.press("2")
        shown, rows = table(app), list(table(app).rows)
        shown.show([Group(rows[7:9], "pinned"), Group(rows[:7], "all"), Group((), "none")])
        await app.press("h", "h", "S")
        assert [row.rank for row in shown.rows] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
        assert "── pinned ─" in app.lines[5]
        assert "── all ─" in app.lines[8]
        assert "none" not in app.text


# -- any number of rows


async def test_a_million_rows_are_walked_without_looking_at_those_that_are_not_seen() -> None:
    looks: list[int] = []
    many = range(1_000_000)

    def identity(row: int) -> int:
        looks.append(row)
        return row

    column: Column[int] = Column("number", "Number", 9, lambda row: (str(row), ""), lambda row: row, unit="number")
    shown: RowTable[int] = RowTable([column], identity, str)
    shown.show([Group(many[:2], "pinned"), Group(many)])
    async with session() as app:
        await app.app.active.mount(shown)
        shown.take_keys()
        await app.press("j", "pagedown", "G", "k", "pageup", "g", "ctrl+d")
        assert app.app.focused is shown
        await app.press("G")
    assert shown.current == 999_999
    shown.show([Group(many[:2], "pinned"), Group(many)])
    assert shown.current == 999_999
    assert len(looks) < 10


# -- columns of all screens


def test_every_column_holds_what_its_unit_says() -> None:
    engine = FakeEngine(performance_view())
    day = date(2022, 3, 24)
    ranked, added, changed = engine.composition(day), engine.contributions(day, day), engine.changes(None, day)
    tables: list[tuple[Sequence[Column[Any]], Sequence[Any]]] = [
        (members.columns(ranked.cut_cap_usd), (*ranked.rows, *ranked.outside)),
        (contributions.company_columns(day=True), added.rows),
        (contributions.sector_columns(added.sectors, day=False), added.sectors),
        (change_columns.columns(compared=False), changed.rows),
        (change_columns.columns(compared=True), changed.rows),
        (falls.COLUMNS, ()),
        (days.COLUMNS, ()),
    ]
    kinds = {"text": str, "ticker": str, "date": date}
    for columns, rows in tables:
        assert len({column.key for column in columns}) == len(columns)
        for column in columns:
            for row in rows:
                value = column.held(row) if column.unit in kinds else column.order(row)
                if column.unit and value is not None:
                    assert isinstance(value, kinds.get(column.unit, (int, float))), (column.key, value)


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
