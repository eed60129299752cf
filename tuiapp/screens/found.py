"""Everything about one finding, on a page above the Data screen, with the keys that help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from engine.domain.decisions import DECISIONS
from engine.domain.findings import FINDINGS
from engine.views.quality import Finding
from tuiapp import format as text
from tuiapp import keys
from tuiapp.screens.finding_columns import TONES
from tuiapp.widgets.line import Part
from tuiapp.widgets.page import Page, wrapped

LABEL: Final = 12
DECIDING: Final = {
    action.removeprefix("app."): key
    for key in keys.in_scopes(keys.FINDINGS, keys.DATA)
    if (action := key.action).startswith("app.prompt")
}
"""Keys that decide, by the action of the app."""


class Found(ModalScreen[str]):
    """A page that gives back the action of the app that a person chose on it, or nothing.

    Args:
        finding: What to show.
        explainable: Whether there is a number behind it that can be explained.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "close"),
        *(Binding(key.keys[0], f'dismiss("{action}")', key.text) for action, key in DECIDING.items()),
        Binding("i", "dismiss('explain')", "explain"),
        Binding("down,j", "scroll(1)", "down"),
        Binding("up,k", "scroll(-1)", "up"),
        Binding("pagedown,space,ctrl+d", "page(1)", "a page down"),
        Binding("pageup,ctrl+u", "page(-1)", "a page up"),
        Binding("ctrl+c", "app.quit", "quit"),
        Binding("ctrl+l", "app.redraw", "draw everything again"),
        Binding("ctrl+z", "app.suspend_process", "leave to the shell"),
    ]

    def __init__(self, finding: Finding, *, explainable: bool) -> None:
        super().__init__()
        self._page = FoundPage(finding, explainable=explainable)

    def compose(self) -> ComposeResult:
        """The page."""
        yield self._page

    def action_scroll(self, lines: int) -> None:
        """Some lines up or down."""
        self._page.scroll_lines(lines)

    def action_page(self, pages: float) -> None:
        """A page up or down."""
        self._page.scroll_pages(pages)


class FoundPage(Page):
    """The lines of the page."""

    def __init__(self, finding: Finding, *, explainable: bool) -> None:
        super().__init__("found-page")
        self._finding = finding
        self._explainable = explainable

    def made(self, width: int) -> list[list[Part]]:
        """Kind and ticker, then what there is to say."""
        found, kind = self._finding, FINDINGS.get(self._finding.kind)
        title = f"{found.kind} {text.plain(found.ticker)}".strip()
        lines: list[list[Part]] = [[(f" {title}", "strong"), ("  ", ""), _severity(found)], []]
        for label, said in self._said(kind.text if kind else "", kind.next_step if kind else ""):
            lines += wrapped(text.plain(said), "", width, first=f" {label:<{LABEL}}", rest=" " * (LABEL + 1))
        return lines

    def _said(self, about: str, next_step: str) -> Iterator[tuple[str, str]]:
        found = self._finding
        said = (
            ("what it is", about),
            ("found", found.detail),
            ("sessions", _span(found)),
            ("effect", found.effect),
            ("from", found.source),
            ("next", next_step),
            ("decision", DECISIONS[found.remedy].text if found.remedy in DECISIONS else ""),
        )
        yield from ((label, words) for label, words in said if words)

    def foot(self, *, more: bool) -> list[Part]:
        """The keys that help."""
        found = self._finding
        decides = DECIDING.get(f"prompt('{found.remedy}')")
        hints = [(decides.shown, decides.text)] if decides else []
        hints += [("i", "explain")] if self._explainable else []
        hints += [("Esc", "close")]
        hints += [("↓", "more")] if more else []
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _severity(found: Finding) -> Part:
    return f"{found.severity} severity", TONES.get(found.severity, "")


def _span(found: Finding) -> str:
    """From when to when, and how many sessions or rows."""
    if found.first is None:
        return text.counted(found.sessions, "row")
    span = text.iso(found.first) if found.last in (None, found.first) else f"{found.first} to {found.last}"
    return f"{span}, {found.sessions:,} in all"
