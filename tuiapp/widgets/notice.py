"""What a screen says when it has nothing to draw: what is missing, and what to press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import BindingType

from tuiapp import keys
from tuiapp.widgets.line import LineWidget, Part, fit
from tuiapp.widgets.page import wrapped

INDENT: Final = "  "


class Notice(LineWidget, can_focus=True):
    """A title and some lines; ``key  what it does`` lines have their keys set off."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.FIRST_RUN)]

    def __init__(self) -> None:
        super().__init__(classes="notice")
        self._said: tuple[Part, Sequence[Part], Sequence[tuple[str, str]]] = (("", ""), (), ())
        self._details: Sequence[str] = ()

    def say(self, title: Part, lines: Sequence[Part], keys: Sequence[tuple[str, str]], details: Sequence[str]) -> None:
        """Show a title, lines and keys, and where there is room for all of them the details, below the lines."""
        self._said, self._details = (title, lines, keys), details
        self.refresh()

    def lines(self) -> list[list[Part]]:
        """Title, lines, details and keys."""
        whole = self._made([*self._details, ""] if self._details else [])
        return whole if len(whole) <= self.size.height else self._made([])

    def _made(self, details: Sequence[str]) -> list[list[Part]]:
        (title, tone), lines, keys = self._said
        said: list[list[Part]] = [[], *self._wrapped(title, tone or "strong"), []]
        for line, tone in lines:
            said += self._wrapped(line, tone)
        if lines:
            said.append([])
        for line in details:
            said += self._wrapped(line, "muted")
        width = max((len(key) for key, _ in keys), default=0) + 2
        for key, what in keys:
            (_, *first), *others = self._wrapped(what, "", width)
            said += [[(INDENT + fit(key, width), "accent"), *first], *others]
        return said

    def _wrapped(self, text: str, tone: str, more: int = 0) -> list[list[Part]]:
        before = INDENT + " " * more
        return wrapped(text, tone, self.size.width, first=before, rest=before)
