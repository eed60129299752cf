"""Columns of a table: what a cell says, and which columns there is room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from tuiapp.widgets.line import Part

R = TypeVar("R", contravariant=True)
GAP: Final = 1
ESSENTIAL: Final = 6
"""Columns of a greater need come only after the first one has grown to its full width."""


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


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A column and the cells it got."""

    column: Column[R]
    width: int


def place(columns: Sequence[Column[R]], width: int, skip: int = 0) -> list[Placed[R]]:
    """The columns that fit, in their order, by need; with ``skip`` the first movable ones are passed over."""
    movable = [column for column in columns if column.need]
    passed = movable[:skip]
    order = [c for c in columns if not c.need] + (
        movable[skip:] if skip else sorted(movable, key=lambda column: column.need)
    )
    widths: dict[str, int] = {}
    room = width - 1
    for column in order:
        if column.need > ESSENTIAL:
            room = _grow([first for first in columns if first.need == 1], widths, room)
        if column.width + GAP > room:
            if skip:
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


def hidden(columns: Sequence[Column[R]], width: int, skip: int) -> bool:
    """Whether passing over one more column would show another one."""
    shown = {placed.column.key for placed in place(columns, width, skip)}
    passed = {column.key for column in [c for c in columns if c.need][:skip]}
    return any(column.key not in shown | passed for column in columns)


def in_order(rows: Iterable[R], column: Column[R], *, down: bool) -> list[R]:
    """Rows sorted by a column, those without a value last; equal ones keep their order."""
    keyed = [(column.order(row), row) for row in rows]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=down)
    return [row for _, row in known] + [row for value, row in keyed if value is None]
