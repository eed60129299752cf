"""Where a market cap came from: given, shares times close, carried with the price, or held back and carried.

The stored number is not computed again from stored numbers of the index but looked up in the raw data, by the rules
of the methodology: what is found here is a second road to the number that ranked the company.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from engine.calendar import sessions_between
from engine.index.rules import MAX_STALE, TRADED_WINDOW, Rules, refusal
from engine.views.explain.ground import Fact, Ground, Listing, Noted, between, last_up_to, product
from engine.views.explain.parts import (
    amount,
    number,
)
from engine.views.explain.prices import Move, Prices, close_input, prices_of, report_input, split_input
from engine.views.explanation import Input

REACH: Final = timedelta(days=130)
"""A quarantine of 63 sessions and the five that may be missing, in days."""

QUARANTINED: Final = "quarantined-cap"
GIVEN, SHARES, CARRIED = "given", "shares", "carried"


@dataclass(frozen=True, slots=True)
class Counted:
    """A market cap from shares: a close, a report, and the splits since the report."""

    close: Fact
    carried_splits: list[Fact]
    report: Fact
    splits: list[Fact]

    @property
    def value(self) -> float:
        """Close on the split basis of the session × shares on the same basis."""
        return self.close.value / product(self.carried_splits) * self.report.value * product(self.splits)

    @property
    def text(self) -> str:
        """The same with its numbers."""
        divided = "".join(f" / {number(fact.value)}" for fact in self.carried_splits)
        ratios = "".join(f" × {number(fact.value)}" for fact in self.splits)
        return f"{number(self.close.value)}{divided} × {amount(self.report.value)}{ratios}"

    def inputs(self, at: date) -> Iterator[Input]:
        """Close, report and splits."""
        yield close_input("Close (U)", self.close, at)
        yield report_input(self.report)
        yield from map(split_input, self.splits)


@dataclass(frozen=True, slots=True)
class Cap:
    """The market cap of one line at a session.

    Attributes:
        listing: The line.
        at: The session.
        value: The cap in use, None for none.
        source: ``given``, ``shares``, ``carried``, ``quarantined`` or ``none``.
        given: The cap given for the session, taken or not.
        base: Session of the cap that was carried; ``at`` where none was.
        base_given: The given cap of ``base``, if it is one.
        counted: The cap of ``base`` from shares, if it is one.
        move: The price return since ``base``.
        missed: Sessions since ``base`` without a given cap.
        held_back: The finding about the given cap that was not taken.
        findings: All that was found about the line at the session.
    """

    listing: Listing
    at: date
    value: float | None
    source: str
    given: Fact | None
    base: date | None
    base_given: Fact | None
    counted: Counted | None
    move: Move | None
    missed: int
    held_back: Noted | None
    findings: list[Noted]


class Line:
    """Everything stored that a line's market cap may come from.

    Args:
        ground: The store.
        listing: The line.
        at: The session.
    """

    def __init__(self, ground: Ground, listing: Listing, at: date) -> None:
        first = at - REACH
        self.listing, self.at = listing, at
        self.prices: Prices = prices_of(ground, listing, first, at)
        self._given = ground.given(listing, first, at)
        tickers = sorted({spell.ticker for spell in listing.spells if spell.covers_some(first, at)})
        self._reports = {ticker: ground.reports(ticker, at) for ticker in tickers}
        self._noted = [one for ticker in tickers for one in ground.findings(ticker, first, at)]

    def cap(self) -> Cap:
        """The market cap at the session, traced back to the day on which it was last known."""
        held_back = {one.session: one for one in self._noted if one.kind == QUARANTINED}
        missed = 0 if self.prices.live(self.at) else MAX_STALE + 1
        for day in reversed(sessions_between(self.at - REACH, self.at)):
            if missed > MAX_STALE:
                break
            given = None if day in held_back else self._given.get(day)
            found = self.counted(day) if day not in held_back and given is None else None
            if given or found:
                return self._made(day, given, found, missed, held_back.get(self.at))
            missed += day not in held_back
        return self._made(None, None, None, missed, held_back.get(self.at))

    def counted(self, day: date) -> Counted | None:
        """The market cap from shares on a day, None without a close or a report under the ticker of that day."""
        close, reports = self.prices.last(day), self._reports.get(self.listing.name_on(day), [])
        report = last_up_to(reports, day)
        if close is None or report is None or not self.prices.live(day):
            return None
        own = [fact for fact in self.prices.splits if fact.ticker == report.ticker]
        return Counted(close, self.prices.split_between(close.session, day), report, between(own, report.session, day))

    def _made(
        self, base: date | None, given: Fact | None, found: Counted | None, missed: int, held_back: Noted | None
    ) -> Cap:
        move = self.prices.move(base, self.at) if base and base < self.at else None
        start = given.value if given else found.value if found else None
        value = start if start is None else start * (move.factor if move else 1.0)
        source = "none" if value is None else GIVEN if given else SHARES
        if value is not None and base != self.at:
            source = "quarantined" if held_back else CARRIED
        return Cap(
            listing=self.listing,
            at=self.at,
            value=value,
            source=source,
            given=self._given.get(self.at),
            base=base,
            base_given=given,
            counted=found,
            move=move,
            missed=missed,
            held_back=held_back,
            findings=[one for one in self._noted if one.session == self.at],
        )


@dataclass(frozen=True, slots=True)
class Company:
    """The caps of all lines of a company at a session: ``own`` is that of the line asked about.

    Attributes:
        own: The line asked about.
        lines: Every line with why it is not eligible (empty if it is), mean traded value and its sessions.
        refused: Why the line asked about is never eligible, empty if it may be.
    """

    own: Cap
    lines: list[tuple[Cap, str, float, int]]
    refused: str = ""

    @property
    def largest(self) -> Cap:
        """The eligible line whose cap is the company's: the own one of equals."""
        caps = [cap for cap, refused, *_ in self.lines if not refused and cap.value is not None]
        best = max(caps, key=lambda cap: cap.value or 0.0, default=self.own)
        if self.refused or (self.own.value is not None and (best.value or 0.0) <= self.own.value):
            return self.own
        return best


def company_of(ground: Ground, listing: Listing, at: date, rules: Rules) -> Company:
    """The market caps of a company at a session, line by line."""
    own = Line(ground, listing, at).cap()
    lines = []
    for number_, ticker, facts in ground.lines(listing.ticker, at):
        line = listing if number_ == listing.number else _numbered(ground, number_, ticker, at)
        if line.ticker == ticker:
            cap = own if line is listing else Line(ground, line, at).cap()
            window = sessions_between(at - REACH, at)[-TRADED_WINDOW:]
            traded = ground.traded(number_, window[0], at)
            lines.append((cap, refusal(facts, rules) or "", *traded))
    refused = next((why for cap, why, *_ in lines if cap is own), "")
    return Company(own, lines, refused)


def _numbered(ground: Ground, number_: int, ticker: str, at: date) -> Listing:
    return next(one for one in ground.listings(ticker, at) if one.number == number_)
