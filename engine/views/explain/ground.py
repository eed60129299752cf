"""The stored rows behind a number, each with the batch that it came with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from engine.errors import DataError
from engine.index.rules import Facts
from engine.store.database import Session
from engine.views.explain.parts import Origin

CARRY: Final = timedelta(days=9)
"""Five sessions after the last one with a price, holidays included: so long a listing may live on."""

LONG_AGO: Final = timedelta(days=30)
"""Far enough back for the last close of a listing that is live."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One stored row: a close, a market cap, a report of shares, a split or a dividend.

    Attributes:
        session: Its date.
        ticker: The ticker it came under.
        value: Its value.
        origin: The batch it came with.
        decided: Whether it is the final price of a delisting, or a market cap that a person has accepted.
    """

    session: date
    ticker: str
    value: float
    origin: Origin
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of sessions through which a listing went by one ticker."""

    ticker: str
    first: date
    last: date

    def covers_some(self, first: date, last: date) -> bool:
        """Whether the listing may have been live under this ticker on one of some days."""
        return self.first <= last and first <= self.last + CARRY

    def covers(self, day: date) -> bool:
        """Whether the listing may have been live under this ticker."""
        return self.first <= day <= self.last + CARRY


@dataclass(frozen=True, slots=True)
class Listing:
    """A line of stock through time; ``ticker`` is the one of the session asked about."""

    number: int
    ticker: str
    spells: tuple[Spell, ...]

    def goes_by(self, ticker: str, day: date) -> bool:
        """Whether this is its ticker on a day."""
        return self.name_on(day) == ticker

    def name_on(self, day: date) -> str:
        """Its ticker on a day, empty for none."""
        return _name_on(self.spells, day)


@dataclass(frozen=True, slots=True)
class Published:
    """One row of index_session."""

    session: date
    ordinal: int
    level_pr: float
    level_tr: float
    return_pr: float | None
    return_tr: float | None
    members: int
    held: int
    priced: int
    turnover: float | None
    additions: int
    deletions: int
    cut_cap_usd: float | None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One member held into a session: weights decided before, returns since, and what they added."""

    listing: int
    ticker: str
    weight: float
    weight_tr: float
    return_pr: float
    return_tr: float
    contribution_pr: float
    contribution_tr: float
    priced: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """One row of finding."""

    kind: str
    since: date
    session: date
    value: float | None
    used: float | None


@dataclass(frozen=True, slots=True)
class Known:
    """One row of security."""

    ticker: str
    name: str
    sector: str | None
    exchange: str | None
    issuer: str | None
    origin: Origin


class Ground:
    """Rows of one index on one open session of the store.

    Args:
        session: An open session.
        index_name: Name of the index.
    """

    def __init__(self, session: Session, index_name: str) -> None:
        self._session = session
        self._index = {"index_name": index_name}

    def published(self, day: date) -> tuple[Published, Published | None]:
        """The published session ``day`` and the one before it, None on the first."""
        rows = [Published(*row) for row in self.rows("reads/explain_sessions", session=day)]
        return rows[0], rows[1] if len(rows) > 1 else None

    def sessions(self, last: date) -> list[date]:
        """Published sessions up to a day."""
        return [row[0] for row in self.rows("reads/explain_published", last=last)]

    def held(self, day: date, *, removed: bool = False) -> list[HeldRow]:
        """What was held into a published session, largest contribution first; ``removed``: and what had just left."""
        return [HeldRow(*row) for row in self.rows("reads/explain_held", session=day, removed=removed)]

    def targets(self, day: date) -> list[tuple[Any, ...]]:
        """Members decided at a session: listing, ticker, weights, sessions since the last price, cap."""
        return self.rows("reads/explain_targets", session=day)

    def batches(self, day: date) -> list[tuple[int, Origin]]:
        """How many closes of a session each batch brought, the largest first."""
        return [(row[0], Origin(*row[1:])) for row in self._session.rows("reads/explain_batches", {"session": day})]

    def listing(self, ticker: str, day: date) -> Listing:
        """The listing that goes by a ticker on a day, or that goes by another then.

        Raises:
            DataError: When no stock of that ticker was live on that day.
        """
        found = self.listings(ticker, day)
        live = [one for one in found if any(spell.covers(day) for spell in one.spells)]
        if not live:
            raise _unknown(ticker, day, [spell for one in found for spell in one.spells])
        return max(live, key=lambda one: (one.ticker == ticker, one.number))

    def listings(self, ticker: str, day: date) -> list[Listing]:
        """Every listing that ever went by a ticker, each under its ticker of ``day``."""
        found: dict[int, list[Spell]] = {}
        for number, name, first, last in self.rows("reads/explain_spells", ticker=ticker):
            found.setdefault(number, []).append(Spell(name, first, last))
        return [Listing(number, _name_on(spells, day) or ticker, tuple(spells)) for number, spells in found.items()]

    def closes(self, listing: Listing, first: date, last: date) -> list[Fact]:
        """Closes of a listing, oldest first; a final price takes the place of a close."""
        found: dict[date, Fact] = {}
        for row in self.rows("reads/explain_closes", listing_id=listing.number, first=first, last=last):
            found[row[0]] = _fact(row, row[6] == "final") if row[0] not in found or row[6] == "final" else found[row[0]]
        return [found[day] for day in sorted(found)]

    def given(self, listing: Listing, first: date, last: date) -> dict[date, Fact]:
        """Given market caps by session."""
        rows = self.rows("reads/explain_given", listing_id=listing.number, first=first, last=last)
        return {row[0]: _fact(row, row[6]) for row in rows if listing.goes_by(row[1], row[0])}

    def reports(self, ticker: str, last: date) -> list[Fact]:
        """Reports of shares outstanding, oldest first."""
        return [_fact(row) for row in self._session.rows("reads/explain_shares", {"ticker": ticker, "last": last})]

    def splits(self, listing: Listing, last: date) -> list[Fact]:
        """Splits under any ticker of a listing, oldest first."""
        rows = self.rows("reads/explain_splits", listing_id=listing.number, last=last)
        return [_fact(row) for row in rows]

    def dividends(self, listing: Listing, first: date, last: date) -> list[Fact]:
        """Dividends after ``first``, oldest first."""
        rows = self.rows("reads/explain_dividends", listing_id=listing.number, first=first, last=last)
        return [_fact(row) for row in rows if listing.goes_by(row[1], row[0])]

    def benchmark(self, symbol: str, first: date, last: date) -> list[Fact]:
        """Closes of a benchmark on two sessions."""
        values = {"symbol": symbol, "first": first, "last": last}
        return [_fact(row) for row in self._session.rows("reads/explain_benchmark", values)]

    def findings(self, ticker: str, first: date, last: date) -> list[Noted]:
        """What was found in the data of a ticker, or of the whole market with an empty one."""
        return [Noted(*row) for row in self.rows("reads/explain_findings", ticker=ticker, first=first, last=last)]

    def security(self, listing: Listing) -> Known | None:
        """What is stored about a listing's ticker, or its latest one."""
        rows = self.rows("reads/explain_security", ticker=listing.ticker, listing_id=listing.number)
        if not rows:
            return None
        name, company, sector, exchange, issuer, *origin = rows[0]
        return Known(name, company, sector, exchange, issuer, Origin(*origin))

    def lines(self, ticker: str, day: date) -> list[tuple[int, str, Facts]]:
        """Lines of the company of a ticker: listing, ticker, what is known of it; none if it has only one."""
        rows = self.rows("reads/explain_lines", ticker=ticker, session=day)
        return [(row[0], row[1], Facts(*row[2:])) for row in rows] if len({row[0] for row in rows}) > 1 else []

    def traded(self, listing: int, first: date, last: date) -> tuple[float, int]:
        """Mean traded value of a listing and the sessions that have one."""
        mean, sessions = self.rows("reads/explain_traded", listing_id=listing, first=first, last=last)[0]
        return (mean or 0.0, sessions)

    def composition(self, day: date, before: date) -> list[tuple[Any, ...]]:
        """Members and bubble of a session as the composition shows them."""
        return self.rows("reads/composition", session=day, before=before)

    def rows(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of another statement about this index."""
        return self._session.rows(name, {**self._index, **values})


def _fact(row: Sequence[Any], decided: bool = False) -> Fact:
    return Fact(row[0], row[1], row[2], Origin(*row[3:6]), decided)


def _name_on(spells: Sequence[Spell], day: date) -> str:
    """The latest of the tickers that a listing may have had on a day, empty for none."""
    return next((spell.ticker for spell in reversed(spells) if spell.covers(day)), "")


def _unknown(ticker: str, day: date, spells: Sequence[Spell]) -> DataError:
    if not spells:
        return DataError(f"{ticker} has no prices in the store.", hint="see flatcap show coverage for what is there")
    first, last = min(spell.first for spell in spells), max(spell.last for spell in spells)
    return DataError(f"{ticker} had no price about {day}.", hint=f"its prices run from {first} to {last}")


def last_up_to(facts: Sequence[Fact], day: date) -> Fact | None:
    """The latest of some facts, oldest first, that is of ``day`` or earlier."""
    place = bisect_right([fact.session for fact in facts], day)
    return facts[place - 1] if place else None


def between(facts: Sequence[Fact], after: date, up_to: date) -> list[Fact]:
    """Facts later than one day, up to another."""
    return [fact for fact in facts if after < fact.session <= up_to]


def product(facts: Sequence[Fact]) -> float:
    """Product of the values, 1 of none."""
    total = 1.0
    for fact in facts:
        total *= fact.value
    return total
