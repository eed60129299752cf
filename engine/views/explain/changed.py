"""One addition or deletion, and what is stored about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.errors import DataError
from engine.index.rules import CAP
from engine.views.explain.caps import Company, company_of
from engine.views.explain.ground import Ground, Listing, Published
from engine.views.explain.parts import (
    Question,
)
from engine.views.types import ChangeRow, ChangesView

LISTED: Final = 8
"""So many changes are named where another one was asked about."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and what is stored about it."""

    question: Question
    ground: Ground
    view: ChangesView
    row: ChangeRow
    listing: Listing
    now: Published
    before: date

    @property
    def added(self) -> bool:
        """Whether the company came in."""
        return self.row.kind == "added"

    @property
    def by_cap(self) -> bool:
        """Whether members are weighted by market cap."""
        return self.question.status.weighting == CAP

    def named(self, label: str) -> str:
        """The number in words."""
        return f"{label} of {self.row.ticker}, {self.row.kind}"

    def company(self, day: date) -> Company:
        """Its market cap at a session, line by line."""
        return company_of(self.ground, self.listing, day, self.question.rules)


def change_of(question: Question, view: ChangesView, ground: Ground) -> Change:
    """The change asked about. Raises ``DataError`` where the company neither came nor went."""
    row, at = _row(question, view), question.session
    now, last = ground.published(at)
    before = view.first if view.compared else last.session if last else at
    return Change(question, ground, view, row, _listing(ground, row, at, before), now, before)


def _row(question: Question, view: ChangesView) -> ChangeRow:
    symbol = question.ticker
    found = next((row for row in view.rows if row.ticker == symbol), None)
    if found:
        return found
    known = ", ".join(row.ticker for row in view.rows[:LISTED]) + (" ..." if len(view.rows) > LISTED else "")
    said = f"{symbol} neither came nor went at {question.session}." if symbol else "Say whose change: give a ticker."
    raise DataError(said, hint=f"changes there: {known}" if known else "there was no change")


def _listing(ground: Ground, row: ChangeRow, at: date, before: date) -> Listing:
    """The listing of a change: one that is gone had its last price some sessions before."""
    begun = [one for one in ground.listings(row.ticker, at) if one.spells[0].first <= at]
    if row.kind == "removed":
        begun = [one for one in begun if one.spells[0].first <= before]
    live = [one for one in begun if one.goes_by(row.ticker, at if row.kind == "added" else before)]
    return max(live or begun, key=lambda one: one.number)
