"""Help for one screen or page: what it shows, and every key that means something on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from tuiapp import keys
from tuiapp.screens import ScreenSpec
from tuiapp.screens.pages import PageScreen
from tuiapp.widgets.line import Part, fit
from tuiapp.widgets.page import Page, wrapped

TITLES: Final = {
    keys.TABLE: "In the table",
    keys.CHART: "In the chart",
    keys.EVERYWHERE: "Everywhere",
    keys.FIRST_RUN: "As long as there is no index",
    keys.PAGE: "On every page",
    **dict.fromkeys(
        (keys.SESSIONS, keys.MEMBERS, keys.CONTRIBUTIONS, keys.FINDINGS, keys.DECISIONS, keys.AUDIT, keys.FETCHES),
        "In this view",
    ),
    **dict.fromkeys(
        (keys.EXPLANATION, keys.NAME, keys.EVENTS, keys.PALETTE, keys.EXPORT, keys.INDICES), "On this page"
    ),
}
NO_INDEX: Final = "There is no index yet: fetch, import files of your own, or take the demo."
WIDGETS: Final = (keys.TABLE, keys.CHART)
"""Scopes of what has the focus: their keys come first."""
KEY_WIDTHS: Final = (10, 16)
WIDEST: Final = 100
FILTER: Final = (
    ("tech", "rows with this text"),
    ("!tech", "rows without it"),
    ("ret<-3", "a column and a value, as the column shows it: here percent"),
    ("rank<=20", "also = != > >= and ~ (has this text in it) and !~"),
    ("cap>500b", "amounts: k m b t"),
    ("since>2024", "dates, whole or in part: after the end of 2024"),
    ('a="b c"', "the whole text, with its blanks; a=b: a word in it begins so"),
    ("x<1 !y", "all of several, with blanks between them"),
)
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
        "Audit: every change of the stored data, by whom and when; of an index, New is sessions that were computed.",
    ),
    "performance": (
        "* marks a figure from a short history, or of a range longer than all there is. Benchmarks are rebased at the "
        "start of the range.",
        "Drawdown, Falls and Days are of the range; Vol counts returns before it; Months has all months, and those "
        "that moved by 5 % or more stand out. Falls: sessions down to the trough, sessions back, days in all.",
    ),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """What help is asked for.

    Attributes:
        title: What the screen or page is called.
        about: What it shows, and what its marks mean.
        scopes: Scopes of its keys, in their order.
    """

    title: str
    about: Sequence[str]
    scopes: Sequence[str]


def of_screen(spec: ScreenSpec, scopes: Sequence[str]) -> Topic:
    """Help for a screen; the keys of what has the focus come first, those of everywhere last."""
    first = [scope for scope in scopes if scope in WIDGETS]
    others = [scope for scope in scopes if scope not in WIDGETS]
    about = (spec.about, *MARKS.get(spec.id, ()))
    return Topic(f"{keys.shown(f'screen.{spec.id}')} {spec.title}", about, (*first, *others, keys.EVERYWHERE))


def of_first_run(spec: ScreenSpec) -> Topic:
    """Help where there is nothing to look at yet: the keys that bring data come first."""
    return Topic(f"{keys.shown(f'screen.{spec.id}')} {spec.title}", (NO_INDEX,), (keys.FIRST_RUN, keys.EVERYWHERE))


def of_page(page: PageScreen[Any]) -> Topic:
    """Help for a page."""
    about = (page.ABOUT,) if page.ABOUT else ()
    return Topic(f"Keys of {page.TITLE_OF_COPY}", about, page.scopes)


class Help(PageScreen[None]):
    """The page of the help; the key that opens it closes it, too.

    Args:
        topic: What help is asked for.
    """

    TITLE_OF_COPY: ClassVar[str] = "the help"

    def __init__(self, topic: Topic) -> None:
        super().__init__(HelpPage(topic))

    def action_help(self) -> None:
        """Close it."""
        self.dismiss()


class HelpPage(Page):
    """What is shown, its marks, its keys, and in a table what its filter understands."""

    def __init__(self, topic: Topic) -> None:
        super().__init__("help-page")
        self._topic = topic

    def made(self, width: int) -> list[list[Part]]:
        """All lines at this width."""
        width = min(width, WIDEST)
        lines: list[list[Part]] = [[(f" {self._topic.title}", "strong")]]
        for sentence in self._topic.about:
            lines += wrapped(sentence, "", width)
        for scope in self._topic.scopes:
            found = [(key.shown or keys.NO_KEY, key.text) for key in keys.in_scopes(scope)]
            lines += _listed(TITLES.get(scope, "On this screen"), found, width)
            if scope == keys.TABLE:
                lines += _listed(f"In its filter, behind {keys.shown('table.filter')}", FILTER, width)
        return lines

    def foot(self, *, more: bool) -> list[Part]:
        """The way out."""
        hints = [keys.hint("page.close"), *([keys.hint("page.down", "more")] if more else [])]
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _listed(title: str, found: Sequence[tuple[str, str]], width: int) -> list[list[Part]]:
    """Keys below a title, their texts one below the other."""
    if not found:
        return []
    least, most = KEY_WIDTHS
    column = max(least, min(most, 1 + max(len(key) for key, _ in found)))
    lines: list[list[Part]] = [[], [(f" {title}", "head")]]
    for key, text in found:
        rest = " " * (column + 2)
        first, *others = wrapped(text, "", width, first=rest, rest=rest)
        lines += [[("  ", ""), (fit(key, column), "accent"), first[1]], *others]
    return lines
