"""A page of text that is wrapped to the width and scrolled."""

from __future__ import annotations

from abc import abstractmethod
from textwrap import wrap

from textual import events

from tuiapp.widgets.line import LineWidget, Part, fit

WHEEL = 3
FOOT = 1
NARROWEST = 10


def wrapped(text: str, tone: str, width: int, *, first: str = " ", rest: str = " ") -> list[list[Part]]:
    """A text in lines, the first and the others each behind their own beginning. No number is broken in two."""
    room = max(NARROWEST, width - len(rest) - 1)
    return [[(rest if at else first, tone), (line, tone)] for at, line in enumerate(_lines(text, room))]


def _lines(text: str, room: int) -> list[str]:
    return wrap(text, room, break_on_hyphens=False) or [""]


class Page(LineWidget):
    """Lines that are made for the width, with a line at the bottom that stays."""

    def __init__(self, page_id: str) -> None:
        super().__init__(id=page_id)
        self._first = 0
        self._lines: list[list[Part]] = []
        self._made_for: int | None = None
        self._message: Part = ("", "")

    @abstractmethod
    def made(self, width: int) -> list[list[Part]]:
        """All lines at this width."""

    @abstractmethod
    def foot(self, *, more: bool) -> list[Part]:
        """The line at the bottom; ``more``: there are lines below those that are seen."""

    def turn_over(self) -> None:
        """Something else is to be read: from its beginning."""
        self._first, self._made_for = 0, None
        self.refresh()

    def draw_again(self) -> None:
        """What is to be read has changed: from where it was read, as far as there are lines."""
        self._made_for = None
        self._first = max(0, min(self._first, len(self._all) - self._height))
        self.refresh()

    def say(self, text: str, tone: str) -> None:
        """Put a message into the line at the bottom, in the place of what stays there; an empty one takes it away."""
        if (text, tone) != self._message:
            self._message = (text, tone)
            self.refresh()

    @property
    def said(self) -> str:
        """The message that stands there, empty for none."""
        return self._message[0]

    @property
    def _height(self) -> int:
        return max(1, self.size.height - FOOT)

    @property
    def _all(self) -> list[list[Part]]:
        if self._made_for != self.size.width:
            self._lines, self._made_for = self.made(self.size.width), self.size.width
        return self._lines

    def text_of_all(self) -> str:
        """The whole page as text."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._all)

    def scroll_lines(self, lines: int) -> None:
        """Move the page, not beyond its ends."""
        self.say("", "")
        first = max(0, min(self._first + lines, len(self._all) - self._height))
        if first != self._first:
            self._first = first
            self.refresh()

    def scroll_pages(self, pages: float) -> None:
        """Move it by as many pages."""
        self.scroll_lines(round(pages * max(1, self._height - 1)))

    def parts_at(self, y: int) -> list[Part]:
        """A line of the page, or that at the bottom."""
        if y == self.size.height - FOOT:
            return self._foot()
        at = self._first + y
        return self._all[at] if at < len(self._all) else []

    def _foot(self) -> list[Part]:
        said, tone = self._message
        if said:
            return [(fit(f" {said}", self.size.width), tone)]
        return self.foot(more=len(self._all) - self._first > self._height)

    def on_resize(self) -> None:
        """There may be fewer lines now than there were above."""
        self._first = max(0, min(self._first, len(self._all) - self._height))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the page."""
        event.stop()
        self.scroll_lines(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the page."""
        event.stop()
        self.scroll_lines(-WHEEL)
