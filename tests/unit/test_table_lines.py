"""The lines of a table, and the columns that are seen: plain arithmetic, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuiapp.widgets.column_view import ColumnView
from tuiapp.widgets.columns import Column
from tuiapp.widgets.rows import Divider, Group, Lines

MANY = 1_000_000


class Counted(Sequence[int]):
    """So many numbers, and how often one of them was looked at."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.looks = 0

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...

    def __getitem__(self, at: int | slice) -> int | Sequence[int]:
        assert isinstance(at, int)
        self.looks += 1
        return at


groups = st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=5).map(
    lambda sizes: [
        Group([(block, number) for number in range(size)], "between" if divided else "", "muted")
        for block, (size, divided) in enumerate(sizes)
    ]
)


@given(groups)
def test_lines_are_the_groups_one_below_the_other(made: list[Group[tuple[int, int]]]) -> None:
    expected: list[tuple[int, int] | Divider] = []
    for group in made:
        if group.rows and group.divider:
            expected.append(Divider(group.divider))
        expected += group.rows
    lines = Lines(made, lambda row: row)
    rows = [line for line in expected if not isinstance(line, Divider)]
    assert [lines[at][0] for at in range(len(lines))] == expected
    assert lines.rows == rows
    assert lines.count == len(rows)
    for at, line in enumerate(expected):
        assert lines.row(at) == (None if isinstance(line, Divider) else line)
        if not isinstance(line, Divider):
            assert lines.number(at) == rows.index(line) + 1
            assert lines.find(line) == lines.find(line, at) == at
    assert lines.find((99, 99)) is None
    assert lines.row(len(lines)) is None


@given(groups, st.integers(0, 30), st.sampled_from([-1, 1]))
def test_beside_a_divider_there_is_a_row(made: list[Group[tuple[int, int]]], at: int, towards: int) -> None:
    lines = Lines(made, lambda row: row)
    if at < len(lines):
        assert lines.row(lines.beside_divider(at, towards)) is not None


def test_a_million_rows_are_taken_and_walked_without_looking_at_them() -> None:
    rows = Counted(MANY)
    lines = Lines([Group([-1], "pinned"), Group(rows, "all")], lambda row: row)
    for at in (0, 1, 2, 3, MANY // 2, MANY):
        lines.number(at)
        lines.row(at)
        lines.beside_divider(at, 1)
    assert lines.count == MANY + 1
    assert lines.find(MANY // 2, MANY // 2 + 3) == MANY // 2 + 3
    assert rows.looks < 20


def column(key: str, need: int, width: int = 9) -> Column[int]:
    return Column(key, key.upper(), width, lambda row: (str(row), ""), lambda row: row, need=need)


COLUMNS = [column("rank", 0, 4), column("move", 5), column("ticker", 0, 6), *(column(f"c{n}", n) for n in range(1, 9))]


def view(width: int) -> ColumnView[int]:
    made = ColumnView(COLUMNS)
    made.fit(width)
    return made


def current(of: ColumnView[int]) -> str:
    assert of.current is not None
    return of.current.key


def test_the_cursor_begins_on_the_ticker_or_on_the_first_column() -> None:
    assert current(view(40)) == "ticker"
    first = ColumnView(COLUMNS[:2])
    first.fit(40)
    assert current(first) == "rank"
    assert ColumnView[int]([]).current is None


@pytest.mark.parametrize("width", [23, 32, 40, 60, 80, 200])
def test_a_walk_to_the_right_comes_by_every_column_and_one_to_the_left_comes_back(width: int) -> None:
    walked = view(width)
    seen = {current(walked)}
    for _ in range(3 * len(COLUMNS)):
        walked.step(1)
        seen.add(current(walked))
    assert current(walked) == "c8"
    for _ in range(3 * len(COLUMNS)):
        walked.step(-1)
        seen.add(current(walked))
    assert current(walked) == "rank"
    assert [placed.column.key for placed in walked.placed] == [placed.column.key for placed in view(width).placed]
    assert seen == {each.key for each in COLUMNS}


def test_columns_for_which_there_is_no_room_at_all_are_not_walked_to() -> None:
    walked = view(16)
    for _ in range(9):
        walked.step(1)
    assert current(walked) == "ticker"
    assert len(walked.placed) == 2


@given(st.integers(18, 140), st.lists(st.sampled_from([-1, 1]), max_size=60))
def test_the_cursor_is_always_on_a_column_that_is_seen(width: int, steps: list[int]) -> None:
    walked = view(width)
    for step in steps:
        before = [placed.column.key for placed in walked.placed]
        moved = walked.step(step)
        assert current(walked) in [placed.column.key for placed in walked.placed]
        assert moved or before == [placed.column.key for placed in walked.placed]


def test_other_columns_leave_the_cursor_on_that_of_the_same_key() -> None:
    walked = view(80)
    walked.cursor = "c2"
    walked.take([*COLUMNS[:4], column("c2", 9), column("new", 1)])
    assert current(walked) == "c2"


def test_a_cursor_whose_column_has_no_room_is_on_the_nearest_before_it() -> None:
    walked = view(200)
    walked.cursor = "c8"
    walked.fit(40)
    assert current(walked) == "c2"
    walked.fit(200)
    assert current(walked) == "c8"


def test_all_columns_are_seen_where_all_have_room() -> None:
    walked = view(40)
    for _ in range(12):
        walked.step(1)
    walked.fit(200)
    assert len(walked.placed) == len(COLUMNS)


def test_a_cell_of_the_line_belongs_to_the_column_above_it() -> None:
    shown = view(40)
    keys = [found.key if (found := shown.at(x)) else "" for x in (1, 4, 5, 6, 12, 13, 39)]
    assert keys == ["rank", "rank", "rank", "ticker", "ticker", "c1", ""]
