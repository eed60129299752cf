"""One company at a session, as the composition has it, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from engine.errors import DataError
from engine.store.database import Session
from engine.views.assembly import Reader
from engine.views.explain.caps import Company, company_of
from engine.views.explain.catalog import OF_THE_INDEX
from engine.views.explain.ground import Ground, HeldRow, Listing
from engine.views.explain.parts import Asked
from engine.views.explain.prices import Prices, prices_of

FAR: Final = "It ranked more than 10 below the cut, or was not eligible: nothing else is kept of it."


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the composition, as ``reads/composition`` gives it."""

    rank: int | None
    rank_before: int | None
    ticker: str
    name: str
    sector: str
    market_cap_usd: float | None
    cap_source: str
    weight: float
    close: float
    return_pr: float | None
    since: date | None
    began: int | None
    contribution: float | None
    stale: int
    listing: int
    member: bool


class Standing:
    """One company at a published session, read as far as it is asked for.

    Args:
        session: An open session of the store.
        asked: What is asked.
    """

    def __init__(self, session: Session, asked: Asked) -> None:
        self.ground = Ground(session, asked.index)
        self.question = asked.at(Reader(session, asked.index).status(asked.subject.session))
        self.at = self.question.session
        self.now, self.before = self.ground.published(self.at)
        self.rows = [Row(*row) for row in self.ground.composition(self.at, self.last)]
        self.listing = self._listing(asked.ticker)

    @property
    def last(self) -> date:
        """The published session before, or the session itself on the first."""
        return self.before.session if self.before else self.at

    def _listing(self, symbol: str) -> Listing:
        """The listing asked about; of a number that is the index's own, the company at the cut."""
        if not symbol and self.question.key in OF_THE_INDEX:
            ranked = [row for row in self.rows if row.rank and row.rank <= self.question.status.size]
            symbol = max(ranked, key=lambda row: row.rank or 0).ticker if ranked else ""
        if not symbol:
            known = ", ".join(row.ticker for row in self.rows[:3])
            raise DataError(f"{self.question.field.label} is a company's: say which.", hint=f"such as {known}")
        return self.ground.listing(symbol, self.at)

    @cached_property
    def row(self) -> Row | None:
        """What the composition says of the company, None where it is too far down."""
        return next((row for row in self.rows if row.listing == self.listing.number), None)

    @cached_property
    def held(self) -> HeldRow | None:
        """Its weight and returns if it was held into the session."""
        return next((row for row in self.ground.held(self.at) if row.listing == self.listing.number), None)

    @cached_property
    def prices(self) -> Prices:
        """Its closes up to the session."""
        return prices_of(self.ground, self.listing, self.last, self.at)

    @cached_property
    def company(self) -> Company:
        """Its market cap, line by line."""
        return company_of(self.ground, self.listing, self.at, self.question.rules)

    def named(self, label: str) -> str:
        """The number in words."""
        return f"{label} of {self.listing.ticker}"

    def far(self) -> tuple[str, ...]:
        """Why there is nothing where the composition has no row."""
        symbol = self.question.ticker
        other = f"{symbol} is the stock that went by {self.listing.ticker} then."
        renamed = (other,) if symbol and symbol != self.listing.ticker else ()
        return renamed if self.row else (*renamed, FAR)
