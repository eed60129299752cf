"""Help for one screen: what it shows and every key that means something on it."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tuiapp import keys
from tuiapp.screens import ScreenSpec
from tuiapp.widgets.line import Part, fit
from tuiapp.widgets.page import Page, wrapped

TITLES: Final = {
    keys.TABLE: "In the table",
    keys.EVERYWHERE: "Everywhere",
    keys.FIRST_RUN: "As long as there is no index",
    **dict.fromkeys((keys.MEMBERS, keys.CONTRIBUTIONS, keys.FINDINGS, keys.DECISIONS, keys.FETCHES), "In this view"),
}
KEY_WIDTH: Final = 10
WIDEST: Final = 100
MARKS: Final = {
    "composition": (
        "Cap: ~ carried from an earlier session, ! held back by the plausibility band. Move: ranks won or lost since "
        "the session before. To cut: how far the cap is from that of the last place. Bp: contribution to the day.",
        "Contrib: what it added to the return of the range, all of them sum to it; by cap: with weights by market cap.",
    ),
    "changes": (
        "To cut: how far the cap is from that of the last place, at the later date. Effect: what the change did to the "
        "price return of the next session, TR: to the total return. Turnover: its share of the session's one-way "
        "turnover. Contrib: what the company added between the two dates.",
    ),
    "data": (
        "High: levels are missing, or may well be wrong. Medium: a person should look. Low: nothing came of it. "
        "Count: sessions, or rows of a file. A decision can be taken back; the index follows it at once.",
        "Fetches: fresh is the last fetch that succeeded, by the source's own sessions, and how many sessions of the "
        "NYSE have closed since. Back-filled (survivorship-biased): sessions before the first list of names that was "
        "fetched, computed from names that were only listed later.",
    ),
    "performance": (
        "* marks a figure from a short history, or of a range longer than all there is. Benchmarks are rebased at the "
        "start of the range.",
        "Drawdown, Falls and Days are of the range; Vol counts returns before it; Months has all months, and those "
        "that moved by 5 % or more stand out. Falls: sessions down to the trough, sessions back, days in all.",
    ),
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
        self._page = HelpPage(spec, scopes)

    def compose(self) -> ComposeResult:
        """The page."""
        yield self._page

    def action_scroll(self, lines: int) -> None:
        """Some lines up or down."""
        self._page.scroll_lines(lines)

    def action_page(self, pages: int) -> None:
        """A page up or down."""
        self._page.scroll_pages(pages)


class HelpPage(Page):
    """What the screen shows, its marks, and its keys."""

    def __init__(self, spec: ScreenSpec, scopes: tuple[str, ...]) -> None:
        super().__init__("help-page")
        self._spec = spec
        self._scopes = scopes

    def made(self, width: int) -> list[list[Part]]:
        """All lines at this width."""
        spec = self._spec
        lines: list[list[Part]] = [[(f" {spec.key} {spec.title}", "strong")]]
        for sentence in (spec.about, *MARKS.get(spec.id, ())):
            lines += wrapped(sentence, "", min(width, WIDEST))
        for scope in (*self._scopes, keys.EVERYWHERE):
            lines += _keys_of(scope)
        return lines

    def foot(self, *, more: bool) -> list[Part]:
        """The way out."""
        return [(" Esc ", "accent"), ("close ", "muted"), (" ↓ ", "accent"), ("more" if more else "", "muted")]


def _keys_of(scope: str) -> list[list[Part]]:
    found: list[list[Part]] = [
        [("  ", ""), (fit(key.shown, KEY_WIDTH), "accent"), (key.text, "")] for key in keys.in_scopes(scope)
    ]
    return [[], [(f" {TITLES.get(scope, 'On this screen')}", "head")], *found] if found else []
