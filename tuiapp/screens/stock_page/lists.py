"""Lists on the page of a company: when it was in the index, what changed, its last sessions, what was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tuiapp import format as text
from tuiapp.screens import change_columns
from tuiapp.screens.finding_columns import TONES
from tuiapp.widgets.columns import GAP, Column, place
from tuiapp.widgets.line import Part, fit
from tuiapp.widgets.page import wrapped

if TYPE_CHECKING:
    from engine.views.types import StockRow
    from tuiapp.screens.stock_page.asking import Company, Known

R = TypeVar("R")
Line = list[Part]
LAST_SESSIONS: Final = 10
MOST_SPELLS: Final = 6
OF_ITSELF: Final = ("ticker", "name", "sector")
"""Columns that would say the same in every row."""


def spells(company: Company, sessions: Sequence[date], session: date) -> list[Line]:
    """When it was in the index, as it was known at a session, and for how long; the last spells first."""
    found = [_Spell.of(first, last, sessions, session) for first, last in company.view.spells if first <= session]
    if not found:
        return [*_titled("Membership"), [(f" never a member up to {session}", "muted")]]
    whole = f" {sum(spell.sessions for spell in found):,} of {text.counted(bisect_right(sessions, session), 'session')}"
    title = [[], [(" Membership", "strong"), (whole, "muted")]]
    earlier = len(found) - MOST_SPELLS
    more = [[(f" and {text.counted(earlier, 'spell')} before, told by the changes", "muted")]] if earlier > 0 else []
    return [*title, *(spell.line for spell in found[::-1][:MOST_SPELLS]), *more]


@dataclass(frozen=True, slots=True)
class _Spell:
    """One unbroken membership, ``until`` None while it lasts."""

    first: date
    until: date | None
    sessions: int

    @classmethod
    def of(cls, first: date, last: date | None, sessions: Sequence[date], session: date) -> _Spell:
        until = None if last is None or last > session else last
        return cls(first, until, bisect_left(sessions, until or session) - bisect_left(sessions, first) + 1)

    @property
    def line(self) -> Line:
        until = f"{self.until}" if self.until else "still in  "
        return [(f" {self.first} → {until}", ""), (f" {text.counted(self.sessions, 'session'):>15}", "muted")]


def changes(company: Company, session: date, width: int) -> list[Line]:
    """Additions and deletions up to a session, the last one first."""
    rows = sorted((r for r in company.view.changes if r.session <= session), key=lambda r: r.session, reverse=True)
    columns = [column for column in change_columns.columns(compared=False) if column.key not in OF_ITSELF]
    return [*_titled("Changes"), *table(columns, rows, width)] if rows else []


def last_sessions(company: Company, session: date, width: int) -> list[Line]:
    """The last sessions with a price."""
    rows = company.until(session)[-LAST_SESSIONS:][::-1]
    if not rows:
        return []
    return [*_titled("Last sessions"), *table(_session_columns(company.returns.get), rows, width)]


def _session_columns(gained: Callable[[date], float | None]) -> list[Column[StockRow]]:
    def day(row: StockRow) -> Part:
        value = gained(row.session)
        return f"{text.arrow(value)}{text.percent(value)}" if value is not None else text.NONE, text.tone(value)

    return [
        _column("Session", 10, lambda r: text.iso(r.session), 0, right=False),
        _column("Close", 10, lambda r: text.price(r.close), 1),
        Column("day", "Day", 9, day, _unsorted, need=2),
        _column("Cap", 8, lambda r: text.cap(r.market_cap_usd), 3),
        _column("Rank", 5, lambda r: text.count(r.rank), 4),
        _column("Volume", 8, lambda r: text.cap(r.volume), 5),
        _column("Dividend", 8, lambda r: f"{r.dividend:,.4g}" if r.dividend else "", 6),
        _column("Split", 7, lambda r: f"{r.split:,.5g} : 1" if r.split else "", 6),
        _column("Ticker", 6, lambda r: text.plain(r.ticker), 7, right=False),
        _column("Cap from", 11, lambda r: r.cap_source or "", 8, right=False),
    ]


def _column(label: str, width: int, shown: Callable[[Any], str], need: int, *, right: bool = True) -> Column[Any]:
    return Column(label.lower(), label, width, lambda r: (shown(r), ""), _unsorted, need=need, right=right)


def _unsorted(row: object) -> None:
    """These lists stay in their order."""


def known(found: Known, width: int) -> Iterator[Line]:
    """Findings and decisions about it, in sentences."""
    if found.findings:
        yield from _titled("Findings")
    for each in found.findings:
        span = f"{each.first} to {each.last}" if each.last not in (None, each.first) else text.iso(each.first)
        said = f"{each.severity} · {each.kind} · {span}: {each.detail}"
        yield from wrapped(text.plain(said), TONES.get(each.severity, ""), width, rest="   ")
    if found.decisions:
        yield from _titled("Decisions")
    for made in found.decisions:
        words = (text.iso(made.session) if made.session else "", made.kind, made.ticker, made.text, _price(made.price))
        yield from wrapped(text.plain(" ".join(filter(None, words))), "", width, rest="   ")


def _price(value: float | None) -> str:
    return "" if value is None else text.price(value)


def _titled(title: str) -> list[Line]:
    return [[], [(f" {title}", "strong")]]


def table(columns: Sequence[Column[R]], rows: Sequence[R], width: int) -> Iterator[Line]:
    """Rows below the headings of the columns that have room."""
    placed = place(columns, width)
    heads = (fit(each.column.label, each.width, right=each.column.right) + " " * GAP for each in placed)
    yield [(" ", "head"), ("".join(heads), "head")]
    for row in rows:
        cells = [(each, *each.column.cell(row)) for each in placed]
        yield [
            (" ", ""),
            *((fit(said, each.width, right=each.column.right) + " " * GAP, tone) for each, said, tone in cells),
        ]
