"""Everything about one finding, on a page above the Data screen, with the keys that help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.binding import BindingType

from engine.domain.decisions import DECISIONS
from engine.domain.findings import FINDINGS
from engine.views.quality import Finding
from tuiapp import format as text
from tuiapp import keys
from tuiapp.screens.finding_columns import TONES
from tuiapp.screens.pages import PageScreen
from tuiapp.widgets.line import Part
from tuiapp.widgets.page import Page, wrapped

LABEL: Final = 12
DECIDING: Final = {
    action.removeprefix("app."): key.id
    for key in keys.KEYS
    if key.scope in (keys.FINDINGS, keys.DATA) and (action := key.action).startswith("app.prompt")
}
"""Ids of the keys that decide, by the action of the app."""


class Found(PageScreen[str]):
    """A page that gives back the action of the app that a person chose on it, or nothing.

    Args:
        finding: What to show.
        explainable: Whether there is a number behind it that can be explained.
    """

    TITLE_OF_COPY: ClassVar[str] = "the finding"
    ABOUT: ClassVar[str] = "One finding about the data. The keys that decide are those of the list of findings."
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.binding("findings.open", "close"),
        *(keys.binding(name, f'choose("{action}")') for action, name in DECIDING.items()),
        keys.binding("app.explain", "choose('explain')"),
    ]

    def __init__(self, finding: Finding, *, explainable: bool) -> None:
        super().__init__(FoundPage(finding, explainable=explainable))

    def action_choose(self, action: str) -> None:
        """Close the page, and do this below it."""
        self.dismiss(action)


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
        for label, said in self._told(kind.text if kind else "", kind.next_step if kind else ""):
            lines += wrapped(text.plain(said), "", width, first=f" {label:<{LABEL}}", rest=" " * (LABEL + 1))
        return lines

    def _told(self, about: str, next_step: str) -> Iterator[tuple[str, str]]:
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
        hints = [keys.hint(decides, keys.text(decides))] if decides else []
        hints += [keys.hint("app.explain")] if self._explainable else []
        hints += [keys.hint("page.close")]
        hints += [keys.hint("page.down", "more")] if more else []
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _severity(found: Finding) -> Part:
    return f"{found.severity} severity", TONES.get(found.severity, "")


def _span(found: Finding) -> str:
    """From when to when, and how many sessions or rows."""
    if found.first is None:
        return text.counted(found.sessions, "row")
    span = text.iso(found.first) if found.last in (None, found.first) else f"{found.first} to {found.last}"
    return f"{span}, {found.sessions:,} in all"
