"""What the store knows that a plan is made from. Moments are UTC without a zone, as the store keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The last time that a vendor was asked something.

    Attributes:
        kind: One of ``asks.KINDS``.
        symbol: Symbol, empty for a screen and for sectors.
        asked_at: When.
        since: Earliest first day of all the ranges that were answered, None where a question has no range.
        outcome: One of ``asks.OUTCOMES``.
        reason: One short phrase, empty when it was answered.
        through: Last session of what was answered, None without.
    """

    kind: str
    symbol: str
    asked_at: datetime
    since: date | None
    outcome: str
    reason: str
    through: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of one symbol.

    Attributes:
        first: First session.
        last: Last session.
        gap: Earliest session without a price in the last 63 sessions up to ``last``, None for none.
    """

    first: date
    last: date
    gap: date | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One name of a snapshot of the universe.

    Attributes:
        symbol: As the vendor writes it.
        name: Name of the company.
        market_cap_usd: Market cap of the whole company, None where it was listed without one.
        price: Price that the cap was made with, USD.
        common: Whether it is common stock.
    """

    symbol: str
    name: str
    market_cap_usd: float | None
    price: float | None
    common: bool = True


@dataclass(frozen=True, slots=True)
class FetchState:
    """Everything a plan is made from.

    Attributes:
        asked: The last question of each kind and symbol.
        prices: What is stored of each ticker with prices.
        benchmarks: Likewise of each benchmark.
        fx: Likewise of each pair.
        universe: The latest snapshot, the largest cap first.
        snapshot: Its session, None before the first one.
        tracked: Names that are followed though the snapshot may not have them any more: members of the index now, and
            names of snapshots of the last 63 sessions.
        without_sector: Names of the universe of which no sector is known.
        without_country: Likewise of the country.
        renamed: Tickers that go on under another one.
        delisted: Tickers that are gone by the vendor's word.
    """

    asked: Mapping[tuple[str, str], Asked] = field(default_factory=dict)
    prices: Mapping[str, Held] = field(default_factory=dict)
    benchmarks: Mapping[str, Held] = field(default_factory=dict)
    fx: Mapping[str, Held] = field(default_factory=dict)
    universe: tuple[Listed, ...] = ()
    snapshot: date | None = None
    tracked: tuple[str, ...] = ()
    without_sector: tuple[str, ...] = ()
    without_country: tuple[str, ...] = ()
    renamed: frozenset[str] = frozenset()
    delisted: frozenset[str] = frozenset()
