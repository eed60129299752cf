"""One line above the footer: what just happened, and where one stands."""

from __future__ import annotations

from rich.cells import cell_len
from textual.geometry import Region

from tuiapp.widgets.line import LineWidget, Part, fit

PLACE_WIDTH = 18


class StatusLine(LineWidget):
    """A message at the left and a place (``row 12 of 100``) at the right."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._text = ""
        self._tone = ""
        self._place = ""

    @property
    def text(self) -> str:
        """The message that stands there."""
        return self._text

    def say(self, text: str, tone: str = "") -> None:
        """Put a message there; an empty one clears the line."""
        if (text, tone) != (self._text, self._tone):
            self._text, self._tone = text, tone
            self.refresh()

    def put_place(self, place: str) -> None:
        """Say where one stands. Only these cells are drawn again: it changes with every row."""
        if place != self._place:
            self._place = place
            width = self.size.width
            self.refresh(Region(max(0, width - PLACE_WIDTH - 1), 0, PLACE_WIDTH + 1, 1))

    def parts_at(self, y: int) -> list[Part]:
        """The message is cut before the place is, unless it needs the whole line."""
        width = self.size.width
        if cell_len(self._text) + 1 > width - PLACE_WIDTH:
            return [(fit(f" {self._text}", width), self._tone)]
        place = fit(self._place, PLACE_WIDTH - 1, right=True) + " "
        return [(fit(f" {self._text}", width - PLACE_WIDTH), self._tone), (place, "muted")]
