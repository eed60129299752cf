"""Which sessions of a range a chart shows, and on which one its crosshair stands. Pure arithmetic."""

from __future__ import annotations

from typing import Final

CLOSEST: Final = 5
"""Sessions of the closest look."""


class Viewport:
    """A window in a range of sessions, and a crosshair in the window. All places are those of the history."""

    def __init__(self) -> None:
        self.window: tuple[int, int] | None = None
        self.crosshair: int | None = None
        self._range = (0, 0)

    @property
    def first(self) -> int:
        """Place of the first session shown."""
        return (self.window or self._range)[0]

    @property
    def last(self) -> int:
        """Place of the last one."""
        return (self.window or self._range)[1]

    @property
    def count(self) -> int:
        """Sessions shown."""
        return self.last - self.first + 1

    def take(self, start: int, end: int) -> None:
        """Show a range; another one than before is shown whole, and one with another end without a crosshair."""
        if (start, end) != self._range:
            if end != self._range[1]:
                self.crosshair = None
            self._range, self.window = (start, end), None
        if self.crosshair is not None and self.crosshair < start:
            self.crosshair = None

    def zoom(self, steps: int) -> bool:
        """Show half as many sessions around the crosshair, or up to the last one shown; with -1 twice as many."""
        start, end = self._range
        wanted = max(CLOSEST, self.count // 2) if steps > 0 else self.count * 2
        centre = self.crosshair
        first = self.last - wanted + 1 if centre is None else centre - wanted // 2
        return self._show(first, min(wanted, end - start + 1))

    def pan(self, halves: int) -> bool:
        """Show what lies half a picture before or after."""
        moved = self._show(self.first + halves * max(1, self.count // 2), self.count)
        if self.crosshair is not None:
            self.crosshair = max(self.first, min(self.last, self.crosshair))
        return moved

    def whole(self) -> bool:
        """Show the whole range."""
        before, self.window = self.window, None
        return before is not None

    def look_at(self, first: int, last: int) -> bool:
        """Show these sessions, as far as they are in the range."""
        return self._show(first, max(CLOSEST, last - first + 1))

    def step(self, sessions: int) -> bool:
        """The crosshair some sessions on, not beyond the range; the window follows it. False when nothing moved."""
        if self.crosshair is None:
            return False
        start, end = self._range
        before, self.crosshair = self.crosshair, max(start, min(end, self.crosshair + sessions))
        if self.crosshair < self.first:
            self._show(self.crosshair, self.count)
        elif self.crosshair > self.last:
            self._show(self.crosshair - self.count + 1, self.count)
        return self.crosshair != before

    def _show(self, first: int, count: int) -> bool:
        """Show so many sessions from ``first`` on, moved into the range; all of it is no window."""
        start, end = self._range
        before = (self.first, self.last)
        if count > end - start:
            self.window = None
        else:
            first = max(start, min(end - count + 1, first))
            self.window = (first, first + count - 1)
        return (self.first, self.last) != before
