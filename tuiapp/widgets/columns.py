"""Columns of a table: what a cell says, what it holds, and which columns there is room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar

from tuiapp.widgets.line import Part

R = TypeVar("R", contravariant=True)
GAP: Final = 1
ESSENTIAL: Final = 6
"""Columns of a greater need come only after the first one has grown to its full width."""

Unit = Literal["", "text", "ticker", "date", "number", "usd", "percent", "bp"]


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column.

    Attributes:
        key: Its stable name.
        label: Heading.
        width: Cells.
        cell: Text and tone of a row's cell.
        order: What rows are sorted by; None goes last either way.
        need: The smaller, the sooner it gets room; 0 never leaves.
        right: Whether it is aligned to the right.
        down: Whether sorting starts with the greatest.
        most: Cells it may grow to where there is room left; 0 for a fixed width.
        unit: What its values are, for a filter to compare them: ``percent`` and ``bp`` are fractions that are typed as
            they are shown, a ``ticker`` is equal only as a whole. Empty for a column that cannot be compared.
        aliases: Other names by which a filter knows it.
        words: Words that its cells may show in the place of a value, for a filter to ask for.
        value: What a cell holds, for the filter and for copies; None for what rows are sorted by.
        numbers: Keys of the numbers that it shows, for an explanation to begin with the first that there is; its own
            key if empty.
        copied: Names and values of a copy where a cell shows several, none where it only draws another column's.
    """

    key: str
    label: str
    width: int
    cell: Callable[[R], Part]
    order: Callable[[R], Any]
    need: int = 1
    right: bool = True
    down: bool = True
    most: int = 0
    unit: Unit = ""
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    value: Callable[[R], Any] | None = None
    copied: tuple[tuple[str, Callable[[R], Any]], ...] | None = None
    numbers: tuple[str, ...] = ()

    def held(self, row: R) -> Any:
        """What the cell of a row holds."""
        return (self.value or self.order)(row)


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A column and the cells it got."""

    column: Column[R]
    width: int


def place(columns: Sequence[Column[R]], width: int, start: int = 0) -> list[Placed[R]]:
    """The columns that fit, in their order: by need, or with ``start`` one after the other from that movable one on."""
    movable = [column for column in columns if column.need]
    passed = movable[: max(0, start - 1)]
    order = [c for c in columns if not c.need] + (
        movable[start - 1 :] if start else sorted(movable, key=lambda column: column.need)
    )
    widths: dict[str, int] = {}
    room = width - 1
    for column in order:
        if column.need > ESSENTIAL:
            room = _grow([first for first in columns if first.need == 1], widths, room)
        if column.width + GAP > room:
            if start:
                break
            continue
        room -= column.width + GAP
        widths[column.key] = column.width
    _grow(columns, widths, room)
    return [Placed(c, widths[c.key]) for c in columns if c.key in widths and c not in passed]


def _grow(columns: Iterable[Column[R]], widths: dict[str, int], room: int) -> int:
    """Give room to the chosen columns that may grow, and say how much is left."""
    for column in columns:
        if column.key in widths and widths[column.key] < column.most:
            extra = min(room, column.most - widths[column.key])
            widths[column.key] += extra
            room -= extra
    return room


def hidden(columns: Sequence[Column[R]], width: int, start: int) -> bool:
    """Whether starting further on would show a column that has no room now."""
    shown = {placed.column.key for placed in place(columns, width, start)}
    passed = {column.key for column in [c for c in columns if c.need][: max(0, start - 1)]}
    return any(column.key not in shown | passed for column in columns)


def in_order(rows: Iterable[R], column: Column[R], *, down: bool) -> list[R]:
    """Rows sorted by a column, those without a value last; equal ones keep their order."""
    keyed = [(column.order(row), row) for row in rows]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=down)
    return [row for _, row in known] + [row for value, row in keyed if value is None]
