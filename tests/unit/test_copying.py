"""Copies of cells, rows and tables: nothing is rounded, and no text gets out of its cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest

from tuiapp.widgets.columns import Column
from tuiapp.widgets.copying import cell_text, row_text, table_text


@dataclass(frozen=True)
class Row:
    name: str = "Alpha"
    cap: float | None = 812_345_678_901.25
    day: float | None = 0.1 + 0.2
    since: date | None = date(2024, 3, 15)
    before: int | None = 12
    after: int | None = None


COLUMNS: Final[tuple[Column[Row], ...]] = (
    Column("name", "Company", 5, lambda r: (r.name, ""), lambda r: r.name.lower(), value=lambda r: r.name),
    Column("cap", "Cap", 5, lambda r: ("812.3B", ""), lambda r: r.cap),
    Column("day", "Day", 5, lambda r: ("+30.00%", ""), lambda r: r.day),
    Column("bar", "", 5, lambda r: ("▇▇▇", ""), lambda r: r.day, copied=()),
    Column("since", "Since", 5, lambda r: ("2024-…", ""), lambda r: r.since),
    Column(
        "ranks",
        "Rank",
        5,
        lambda r: ("12 → –", ""),
        lambda r: r.after,
        copied=(("rank_before", lambda r: r.before), ("rank_after", lambda r: r.after)),
    ),
)


@pytest.mark.parametrize(
    ("key", "copied"),
    [
        ("name", "Alpha"),
        ("cap", "812345678901.25"),
        ("day", "0.30000000000000004"),
        ("bar", "0.30000000000000004"),
        ("since", "2024-03-15"),
        ("ranks", "12\t"),
    ],
)
def test_a_cell_is_copied_as_it_is_held_and_not_as_it_is_shown(key: str, copied: str) -> None:
    column = next(column for column in COLUMNS if column.key == key)
    assert cell_text(column, Row()) == copied


def test_a_row_has_all_values_once() -> None:
    assert row_text(COLUMNS, Row()) == "Alpha\t812345678901.25\t0.30000000000000004\t2024-03-15\t12\t"


def test_a_table_has_a_name_for_every_value() -> None:
    head, *rows = table_text(COLUMNS, [Row(), Row(day=None, cap=None)]).split("\n")
    assert head.split("\t") == ["name", "cap", "day", "since", "rank_before", "rank_after"]
    assert [len(row.split("\t")) for row in rows] == [6, 6]
    assert rows[1] == "Alpha\t\t\t2024-03-15\t12\t"


def test_numbers_come_back_as_the_same_double() -> None:
    for value in (1 / 3, 1e300, -5e-324, 123456789.123456789):
        assert float(cell_text(COLUMNS[2], Row(day=value))) == value


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "a\r\nb", "a\x0bb", "a\u2028b", "a\x85b"])
def test_what_would_end_a_cell_is_a_blank_in_it(name: str) -> None:
    assert cell_text(COLUMNS[0], Row(name=name)) == "a b"


@pytest.mark.parametrize("char", ["\x1b", "\x00", "\x07", "\x9b", "\u202e", "\u200b"])
def test_a_name_is_copied_without_what_moves_cursors_or_turns_texts(char: str) -> None:
    copied = table_text(COLUMNS, [Row(name=f"a{char}]52;c;b")])
    assert char not in copied
    assert "a]52;c;b" in copied


@pytest.mark.parametrize("name", ["=1+2", "+1", "-1", "@sum"])
def test_a_name_is_no_formula_in_a_spreadsheet(name: str) -> None:
    assert row_text(COLUMNS, Row(name=name)).startswith(f"'{name}\t")
    assert cell_text(COLUMNS[0], Row(name=name)) == name


def test_a_negative_number_stays_a_number() -> None:
    values: list[Any] = row_text(COLUMNS, Row(cap=-2.5)).split("\t")
    assert values[1] == "-2.5"
