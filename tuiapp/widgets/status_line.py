"""One line above the footer: what just happened, and where one stands."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widget import Widget

from tuiapp.widgets.line import LineWidget, Part, fit

PLACE_WIDTHS: Final = (18, 22)
"""Cells of the place where there is room for them; most need no more than the first."""
MOST_LINES: Final = 8
"""Of the smallest terminal it leaves a third: what is to be done next must not be cut off."""
_PATH: Final = re.compile(r"(?<= )/\S+")


def is_over(said: str) -> bool:
    """Whether a message tells of something that is done: an ellipsis at the end says that it goes on."""
    return bool(said) and not said.endswith("…")


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

    def fits_beside(self, width: int) -> bool:
        """Whether the message takes one line beside so many cells."""
        return cell_len(self.text) <= self._room(width)

    def _room(self, beside: int) -> int:
        return max(20, self.app.size.width - beside - 1)

    def _wrapped(self) -> list[str]:
        room = self._room(self.beside)
        if self.fits_beside(self.beside):
            return [self.text]
        lines = _cut(self.text, room)
        if len(lines) > MOST_LINES:
            # The event log has all of it.
            lines[MOST_LINES - 1 :] = [f"{lines[MOST_LINES - 1][: room - 1]}…"]
        return lines

    def lines(self) -> list[list[Part]]:
        """The message, cut into lines."""
        return [[(f" {line}", self.text_tone)] for line in self._wrapped()]


def _cut(text: str, room: int) -> list[str]:
    """The lines of a message. A path ends its line, and one that is long has lines of its own, to be taken by mouse."""
    from textwrap import wrap

    path = _PATH.search(text)
    if path is None:
        return wrap(text, room, break_on_hyphens=False)
    before, behind = text[: path.end()], text[path.end() :].lstrip()
    parts = [before, behind] if cell_len(before) <= room else [text[: path.start()], path[0], behind]
    return [line for part in parts for line in wrap(part, room, break_on_hyphens=False)]


class StatusPlace(LineWidget):
    """Where one stands. A widget of its own, so that a row up or down draws no more than this."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    @property
    def width(self) -> int:
        """Cells that it takes: a row more or less does not move what stands beside it."""
        return PLACE_WIDTHS[cell_len(self.text) >= PLACE_WIDTHS[0]]

    @property
    def least_width(self) -> int:
        """Cells that it takes beside a message that needs the others."""
        return min(self.width, cell_len(self.text) + 2) if self.text else 0

    def lines(self) -> list[list[Part]]:
        """The place, at the right end."""
        return [[(fit(self.text, max(0, self.size.width - 1), right=True), "muted")]]


class StatusLine(Widget):
    """A message at the left and a place (``row 12 of 100``) at the right."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._message = StatusText()
        self._place = StatusPlace()
        self._height = 1

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
            self._message.refresh()
            self._divide()

    def put_place(self, place: str) -> None:
        """Say where one stands."""
        if place != self._place.text:
            self._place.text = place
            self._place.refresh()
            self._divide()

    def on_resize(self) -> None:
        """Another width has room for more of the message, or less."""
        self._divide()

    def _divide(self) -> None:
        """Give the message the room that the place leaves, and the lines that it takes there."""
        width = self._place.width
        if not self._message.fits_beside(width):
            width = self._place.least_width
        if width != self._message.beside:
            self._place.styles.width = self._message.beside = width
            self._message.refresh()
        height = self._message.height
        if height != self._height:
            self.styles.height = self._height = height
