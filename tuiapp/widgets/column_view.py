"""The columns that are seen, and the one at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from tuiapp.widgets.columns import GAP, Column, Placed, hidden, place

R = TypeVar("R")
BEGIN: Final = "ticker"


class ColumnView(Generic[R]):
    """Which columns have room at a width, from which one on; and a cursor that stays on its column.

    Args:
        columns: All columns, in the order in which they are shown.
    """

    def __init__(self, columns: Sequence[Column[R]]) -> None:
        self.columns = columns
        self.cursor = next((column.key for column in columns if column.key == BEGIN), "")
        self._width = self._start = 0
        self._placed: list[Placed[R]] | None = None

    def take(self, columns: Sequence[Column[R]]) -> None:
        """Take other columns; the cursor stays on that of the same key."""
        self.columns, self._placed = columns, None

    def fit(self, width: int) -> None:
        """Another width; where there is room for all columns all are seen."""
        if width == self._width:
            return
        self._width, self._placed = width, None
        if self._start and not hidden(self.columns, width, 0):
            self._start = 0

    def by_key(self, key: str) -> Column[R] | None:
        """The column of a key, shown or not."""
        return next((column for column in self.columns if column.key == key), None)

    @property
    def placed(self) -> list[Placed[R]]:
        """The columns that have room, found anew only when something has changed."""
        if self._placed is None:
            self._placed = place(self.columns, self._width, self._start)
        return self._placed

    @property
    def current(self) -> Column[R] | None:
        """The column at the cursor, or if that has no room the nearest before it, else the first one."""
        shown = [placed.column for placed in self.placed]
        keys = [column.key for column in self.columns]
        at = keys.index(self.cursor) if self.cursor in keys else 0
        before = [column for column in shown if keys.index(column.key) <= at]
        return before[-1] if before else next(iter(shown), None)

    def at(self, x: int) -> Column[R] | None:
        """The column at a cell of the line."""
        end = 1
        for placed in self.placed:
            end += placed.width + GAP
            if x < end:
                return placed.column
        return None

    def step(self, way: int) -> bool:
        """The cursor one column on (1) or back (-1); whether other columns are seen now."""
        shown, current = self._shown, self.current
        if current is None:
            return False
        if self._leaves(shown, current, way) and (self._forward() if way > 0 else self._backward(current)):
            return True
        at = max(0, min(len(shown) - 1, shown.index(current) + way))
        self.cursor = shown[at].key
        return False

    @property
    def _shown(self) -> list[Column[R]]:
        return [placed.column for placed in self.placed]

    def _leaves(self, shown: list[Column[R]], current: Column[R], way: int) -> bool:
        """Whether a step goes beyond the columns that move, or from the last one of all."""
        end = -1 if way > 0 else 0
        movable = [column for column in shown if column.need]
        return current in (shown[end], *movable[end:][:1])

    def _start_at(self, start: int) -> list[Column[R]]:
        """Show the columns from there on; those that were not seen before."""
        before = {column.key for column in self._shown}
        self._start, self._placed = start, None
        return [column for column in self._shown if column.key not in before]

    def _forward(self) -> bool:
        """The first column that had no room."""
        start = self._start
        while hidden(self.columns, self._width, self._start):
            if new := self._start_at(self._start + 1):
                self.cursor = new[0].key
                return True
        self._start_at(start)
        return False

    def _backward(self, current: Column[R]) -> bool:
        """The column before, which was passed over."""
        if not self._start:
            return False
        keys = [column.key for column in self.columns]
        self._start_at(self._start - 1)
        before = [column.key for column in self._shown if keys.index(column.key) < keys.index(current.key)]
        self.cursor = before[-1] if before else self._shown[0].key
        return True
