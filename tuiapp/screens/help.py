"""Help for one screen: what it shows and every key that means something on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tuiapp import keys
from tuiapp.screens import ScreenSpec
from tuiapp.widgets.line import LineWidget, Part, fit

TITLES: Final = {keys.TABLE: "In the table", keys.EVERYWHERE: "Everywhere"}
KEY_WIDTH: Final = 10
MARKS: Final = {
    "composition": (
        "Cap: ~ carried from an earlier session, ! held back by the plausibility band.",
        "Move: ranks won or lost since the session before. Bp: contribution to the day's return.",
    ),
    "changes": ("To cut: how far the cap is from that of the last place, at the later date.",),
    "performance": ("* marks a figure from a short history. Benchmarks are rebased at the start of the range.",),
}


class Help(ModalScreen[None]):
    """An opaque page above the screen; Esc, ? or q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss", "close"),
        Binding("down,j", "scroll(1)", "down"),
        Binding("up,k", "scroll(-1)", "up"),
        Binding("pagedown,ctrl+d,space", "page(1)", "a page down"),
        Binding("pageup,ctrl+u", "page(-1)", "a page up"),
        Binding("ctrl+c", "app.quit", "quit"),
        Binding("ctrl+l", "app.redraw", "draw everything again"),
        Binding("ctrl+z", "app.suspend_process", "leave to the shell"),
    ]

    def __init__(self, spec: ScreenSpec, scopes: tuple[str, ...]) -> None:
        super().__init__()
        self._page = HelpPage(list(_lines(spec, scopes)))

    def compose(self) -> ComposeResult:
        """The page."""
        yield self._page

    def action_scroll(self, lines: int) -> None:
        """Some lines up or down."""
        self._page.scroll_by(lines)

    def action_page(self, pages: int) -> None:
        """A page up or down."""
        self._page.scroll_by(pages * max(1, self.size.height - 2))


class HelpPage(LineWidget):
    """Lines that can be scrolled, and one at the bottom that says how to leave."""

    def __init__(self, lines: list[list[Part]]) -> None:
        super().__init__(id="help-page")
        self._lines = lines
        self._first = 0

    def scroll_by(self, lines: int) -> None:
        """Move the page, not beyond its ends."""
        last = max(0, len(self._lines) - self.size.height + 1)
        first = max(0, min(self._first + lines, last))
        if first != self._first:
            self._first = first
            self.refresh()

    def parts_at(self, y: int) -> list[Part]:
        """A line of the page, or the way out."""
        at = self._first + y
        if y == self.size.height - 1:
            more = len(self._lines) - self._first > self.size.height - 1
            return [(" Esc ", "accent"), ("close ", "muted"), (" ↓ ", "accent"), ("more" if more else "", "muted")]
        return self._lines[at] if at < len(self._lines) else []


def _lines(spec: ScreenSpec, scopes: tuple[str, ...]) -> Iterator[list[Part]]:
    yield [(f" {spec.key} {spec.title}", "strong")]
    for sentence in (spec.about, *MARKS.get(spec.id, ())):
        yield from ([(f" {line}", "")] for line in _wrapped(sentence, 58))
    for scope in (*scopes, keys.EVERYWHERE):
        found = list(keys.in_scopes(scope))
        if found:
            yield []
            yield [(f" {TITLES.get(scope, 'On this screen')}", "head")]
            yield from ([("  ", ""), (fit(key.shown, KEY_WIDTH), "accent"), (key.text, "")] for key in found)


def _wrapped(sentence: str, width: int) -> list[str]:
    from textwrap import wrap

    return wrap(sentence, width)
