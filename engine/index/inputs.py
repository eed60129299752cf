"""What a build reads: frames of raw data over a range of sessions, and where it goes on from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


def _none_accepted() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={"session": pl.Date, "ticker": pl.String})


def _no_finals() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={"session": pl.Date, "ticker": pl.String, "price": pl.Float64})


@dataclass(frozen=True, slots=True)
class RawData:
    """Raw rows of the sessions of one build. Tickers of prices and caps may be text or an ``Enum`` of all of them.

    Attributes:
        prices: session, ticker, close (as traded, USD).
        caps: session, ticker, market_cap_usd.
        splits: session, ticker, ratio: every split up to the last session.
        dividends: session, ticker, amount (as traded, USD per share).
        shares: session, ticker, shares_outstanding: reports of the range and the last one before it.
        traded: session, ticker, traded_usd: for tickers of issuers with several lines.
        securities: ticker, exchange, issuer, country, security_type, sector.
        renames: session, old_ticker, new_ticker.
        accepted: session, ticker: given caps that a person has accepted.
        finals: session, ticker, price: last prices of listings that end (USD, 0 included).
    """

    prices: pl.DataFrame
    caps: pl.DataFrame
    splits: pl.DataFrame
    dividends: pl.DataFrame
    shares: pl.DataFrame
    traded: pl.DataFrame
    securities: pl.DataFrame
    renames: pl.DataFrame
    accepted: pl.DataFrame = field(default_factory=_none_accepted)
    finals: pl.DataFrame = field(default_factory=_no_finals)


@dataclass(frozen=True, slots=True)
class LiveListing:
    """State of one listing at the close of a session.

    Attributes:
        listing_id: Number of the line of stock.
        ticker: Ticker it has now.
        spell_first: First session under this ticker.
        close: Last close, on the split basis of the session of the state.
        stale: Sessions since that close.
        cap: Market cap in use, NaN for none.
        cap_source: Index into ``rules.CAP_SOURCES``.
        cap_missed: Sessions for which the cap was carried; negative: sessions without any cap.
        quarantined_since: First session of the present quarantine.
    """

    listing_id: int
    ticker: str
    spell_first: date
    close: float
    stale: int
    cap: float
    cap_source: int
    cap_missed: int
    quarantined_since: date | None


@dataclass(frozen=True, slots=True)
class MarketState:
    """Every live listing at the close of ``session``, and the next free listing number."""

    session: date
    listings: tuple[LiveListing, ...]
    next_id: int


@dataclass(frozen=True, slots=True)
class Held:
    """One member as decided at the last published session."""

    listing_id: int
    weight: float
    weight_tr: float
    since: date


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index at the close of its last published session.

    Attributes:
        session: That session.
        ordinal: Its position among the published sessions, from 0.
        level_pr: Price-return level.
        level_tr: Total-return level.
        held: Members decided, by rank.
        ordinals: Position of each ``since`` that occurs in ``held``.
        removed: Listings removed at its close: what they do next is told once more.
    """

    session: date
    ordinal: int
    level_pr: float
    level_tr: float
    held: tuple[Held, ...]
    ordinals: dict[date, int] = field(default_factory=dict)
    removed: tuple[int, ...] = ()
