"""One line above the footer: what just happened, and where one stands."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widget import Widget

from tuiapp.widgets.line import LineWidget, Part, fit

PLACE_WIDTHS: Final = (18, 22)
"""Cells of the place; most need no more than the first."""
MOST_LINES: Final = 4


class StatusText(LineWidget):
    """What just happened. A long message takes more lines: a path is never cut."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.text_tone = ""
        self.beside = PLACE_WIDTHS[0]

    @property
    def height(self) -> int:
        """Lines that the message takes."""
        return len(self._wrapped())

    def _wrapped(self) -> list[str]:
        room = max(20, self.app.size.width - self.beside - 1)
        if cell_len(self.text) <= room:
            return [self.text]
        from textwrap import wrap

        return wrap(self.text, room, break_on_hyphens=False)[:MOST_LINES]

    def lines(self) -> list[list[Part]]:
        """The message, cut into lines."""
        return [[(f" {line}", self.text_tone)] for line in self._wrapped()]


class StatusPlace(LineWidget):
    """Where one stands. A widget of its own, so that a row up or down draws no more than this."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return PLACE_WIDTHS[cell_len(self.text) >= PLACE_WIDTHS[0]]

    def lines(self) -> list[list[Part]]:
        """The place, at the right end."""
        return [[(fit(self.text, self.width - 1, right=True), "muted")]]


class StatusLine(Widget):
    """A message at the left and a place (``row 12 of 100``) at the right."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._message = StatusText()
        self._place = StatusPlace()

    def compose(self) -> ComposeResult:
        """Message and place."""
        yield self._message
        yield self._place

    @property
    def text(self) -> str:
        """The message that stands there."""
        return self._message.text

    def say(self, text: str, tone: str = "") -> None:
        """Put a message there; an empty one clears the line."""
        if (text, tone) != (self._message.text, self._message.text_tone):
            self._message.text, self._message.text_tone = text, tone
            self.styles.height = self._message.height
            self._message.refresh()

    def put_place(self, place: str) -> None:
        """Say where one stands."""
        if place != self._place.text:
            self._place.text = place
            self._place.refresh()
            if self._place.width != self._message.beside:
                self._place.styles.width = self._message.beside = self._place.width
                self.styles.height = self._message.height
