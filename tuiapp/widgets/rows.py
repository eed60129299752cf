"""The lines of a table: rows in groups, and what divides them. A line is found at once, however many there are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two groups of rows."""

    text: str


@dataclass(frozen=True, slots=True)
class Group(Generic[R]):
    """Rows that stay together however they are sorted, below a line of their own if there is one."""

    rows: Sequence[R]
    divider: str = ""
    tone: str = ""


class Lines(Generic[R]):
    """Groups one below the other; one without rows has no line either.

    Args:
        groups: The groups.
        identity: What makes a row the same row among others.
    """

    def __init__(self, groups: Sequence[Group[R]], identity: Callable[[R], Hashable]) -> None:
        self._groups = [group for group in groups if group.rows]
        self._identity = identity
        self._starts: list[int] = []
        self._dividers: list[int] = []
        self._size = dividers = 0
        for group in self._groups:
            dividers += bool(group.divider)
            self._starts.append(self._size)
            self._dividers.append(dividers)
            self._size += len(group.rows) + bool(group.divider)
        self.count = self._size - dividers
        self._rows: list[R] | None = None
        self._places: dict[Hashable, int] | None = None

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, at: int) -> tuple[R | Divider, str]:
        """A line, and its tone."""
        block = bisect_right(self._starts, at) - 1
        group = self._groups[block]
        number = at - self._starts[block] - bool(group.divider)
        return (Divider(group.divider), "") if number < 0 else (group.rows[number], group.tone)

    @property
    def rows(self) -> list[R]:
        """All rows."""
        if self._rows is None:
            self._rows = [row for group in self._groups for row in group.rows]
        return self._rows

    def row(self, at: int) -> R | None:
        """The row of a line, None for a divider or beyond the end."""
        line = self[at][0] if 0 <= at < self._size else None
        return None if isinstance(line, Divider) else line

    def number(self, at: int) -> int:
        """How many rows there are up to a line, with that."""
        return at + 1 - self._dividers[bisect_right(self._starts, at) - 1] if self._size else 0

    def find(self, row: R, near: int = 0) -> int | None:
        """The line of a row, looked for first at ``near``."""
        same, there = self._identity(row), self.row(near)
        if there is not None and self._identity(there) == same:
            return near
        return self._all_places().get(same)

    def beside_divider(self, at: int, towards: int) -> int:
        """The line itself, or if it is a divider the one next to it."""
        if 0 <= at < self._size and isinstance(self[at][0], Divider):
            return at + towards if 0 <= at + towards < self._size else at - towards
        return at

    def _all_places(self) -> dict[Hashable, int]:
        """The lines of all rows by identity, made when a row is first looked for; the first of equal ones counts."""
        if self._places is None:
            self._places = {}
            for start, group in zip(self._starts, self._groups, strict=True):
                for at, row in enumerate(group.rows, start + bool(group.divider)):
                    self._places.setdefault(self._identity(row), at)
        return self._places
