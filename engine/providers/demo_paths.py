"""Prices, shares and caps of the demo market as arrays: sessions down, lines of stock across.

The same bytes on every platform: draws come from integer arithmetic, the rest uses only operations that IEEE
754 defines to the last bit (no logarithm, power, matrix product or sum of fractions); prices are whole cents.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.providers.demo_draws import Draws, Integers, Reals
from engine.providers.demo_events import DEMO_EVENTS, DEMO_SEED, DEMO_SPLITS, REGIMES

Flags = NDArray[np.bool_]

QUARTER: Final = 63
CAP_SCALE_USD: Final = 9_000_000_000_000
"""The first cap of the company of rank k is this over k + 3: real markets fall off like that."""

SHARE_LOT: Final = 1_000
"""Shares are whole lots of this size, so that every split gives a whole number of shares."""

USUAL_DRIFT: Final = 0.00075
USUAL_DEVIATION: Final = 0.0085
SECTOR_DEVIATION: Final = 0.0045
EARNINGS_MULTIPLE: Final = 4.0
LARGEST_MOVE: Final = 0.3
SECOND_CLASS_SHARES: Final = 0.3
SECOND_CLASS_VOLUME: Final = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of stock under one ticker; company and sector are positions."""

    ticker: str
    company: int
    sector: int


@dataclass(frozen=True, slots=True)
class Paths:
    """The market's arrays, a row for each session.

    Attributes:
        listed: Whether the line exists; the columns are lines, in the order given.
        traded: Whether the line has a price.
        open: Open as traded, USD; ``high``, ``low`` and ``close`` likewise.
        volume: Shares traded.
        split: New shares per old share effective on the session, 1 if none.
        dividend: USD per share with that ex-date, 0 if none.
        cap_usd: Market cap of the line's whole company, whole dollars.
        company_cap_usd: The same by company, 0 where it is not listed.
    """

    listed: Flags
    traded: Flags
    open: Reals
    high: Reals
    low: Reals
    close: Reals
    volume: Reals
    split: Reals
    dividend: Reals
    cap_usd: Integers
    company_cap_usd: Integers


def market_paths(sessions: Sequence[date], lines: Sequence[Line]) -> Paths:
    """The whole market over these sessions."""
    draws = Draws(DEMO_SEED)
    company = np.array([line.company for line in lines])
    payout = _payouts(draws, sessions, int(company.max()) + 1)
    growth = _growth(draws, sessions, lines, payout)[:, company] * _class_premium(draws, sessions, lines)
    split = _splits(sessions, lines)
    held = np.cumprod(split, axis=0)
    first_price, first_shares = _first_prices_and_shares(draws, lines)
    exact = first_price * growth / held
    shares = np.rint(first_shares * held)
    listed, traded = _presence(sessions, lines)
    company_cap = _company_caps(np.where(listed, exact, 0), shares, company)
    return Paths(
        listed=listed,
        traded=traded,
        **_bars(draws, _in_cents(exact), split),
        volume=_volumes(draws, shares, lines),
        split=split,
        dividend=_in_cents(_before(exact) / split * payout[:, company]),
        cap_usd=company_cap[:, company],
        company_cap_usd=company_cap,
    )


def row_of(sessions: Sequence[date], session: date) -> int:
    """Position of the first session on or after a date."""
    return bisect_left(sessions, session)


def rows_of(sessions: Sequence[date], first: date, last: date) -> slice:
    """Positions of the sessions between two dates, both inclusive."""
    return slice(bisect_left(sessions, first), bisect_right(sessions, last))


def column_of(lines: Sequence[Line], ticker: str) -> int:
    """Position of a line by its ticker."""
    return [line.ticker for line in lines].index(ticker)


def _presence(sessions: Sequence[date], lines: Sequence[Line]) -> tuple[Flags, Flags]:
    """Where lines are listed, and where they have a price."""
    halt, missing, delisting, ipo, rename = (
        DEMO_EVENTS[kind] for kind in ("halt", "missing-session", "delisting", "ipo", "rename")
    )
    old, new = rename.tickers
    listed = np.ones((len(sessions), len(lines)), dtype=np.bool_)
    listed[: row_of(sessions, ipo.session), column_of(lines, ipo.tickers[0])] = False
    listed[row_of(sessions, delisting.last) + 1 :, column_of(lines, delisting.tickers[0])] = False
    listed[: row_of(sessions, rename.session), column_of(lines, new)] = False
    listed[row_of(sessions, rename.session) :, column_of(lines, old)] = False
    traded = listed.copy()
    traded[rows_of(sessions, halt.session, halt.last), column_of(lines, halt.tickers[0])] = False
    traded[row_of(sessions, missing.session)] = False
    return listed, traded


def _market_returns(draws: Draws, sessions: Sequence[date]) -> Reals:
    drift = np.full(len(sessions), USUAL_DRIFT, dtype=np.float64)
    deviation = np.full(len(sessions), USUAL_DEVIATION, dtype=np.float64)
    for first, last, mean, multiple in REGIMES:
        rows = rows_of(sessions, first, last)
        drift[rows] = mean
        deviation[rows] = USUAL_DEVIATION * multiple
    return drift + deviation * draws.normal(len(sessions))


def _growth(draws: Draws, sessions: Sequence[date], lines: Sequence[Line], payout: Reals) -> Reals:
    """Price of a share relative to the first session, by company, splits left out."""
    days, companies = payout.shape
    sector = np.empty(companies, dtype=np.int64)
    sector[[line.company for line in lines]] = [line.sector for line in lines]
    market = _market_returns(draws, sessions)[:, None] * draws.uniform(0.6, 1.4, companies)
    sectors = SECTOR_DEVIATION * draws.normal(days, int(sector.max()) + 1)
    own = draws.normal(days, companies) * draws.uniform(0.008, 0.018, companies)
    reports = np.arange(days)[:, None] % QUARTER == draws.uniform(0, 25, companies).astype(np.int64) + 10
    total = market + sectors[:, sector] + own * np.where(reports, EARNINGS_MULTIPLE, 1.0)
    steps = 1 + np.clip(total, -LARGEST_MOVE, LARGEST_MOVE) - payout
    steps[0] = 1
    return np.cumprod(steps, axis=0, dtype=np.float64)


def _payouts(draws: Draws, sessions: Sequence[date], companies: int) -> Reals:
    """Dividend as a fraction of the close before, a row for each session; two companies in three pay."""
    rate = draws.uniform(0.001, 0.010, companies) * (draws.uniform(0, 3, companies) >= 1)
    ex_day = draws.uniform(0, QUARTER, companies).astype(np.int64)
    ex_dates = np.arange(len(sessions))[:, None] % QUARTER == ex_day
    ex_dates[[0, row_of(sessions, DEMO_EVENTS["missing-session"].session)]] = False
    return np.where(ex_dates, rate, 0.0)


def _class_premium(draws: Draws, sessions: Sequence[date], lines: Sequence[Line]) -> Reals:
    """How much dearer the second share class is than the first: about one percent, never quite the same."""
    premium = np.ones((len(sessions), len(lines)))
    second = column_of(lines, DEMO_EVENTS["share-classes"].tickers[1])
    premium[:, second] = 1.01 + 0.002 * draws.normal(len(sessions))
    return premium


def _splits(sessions: Sequence[date], lines: Sequence[Line]) -> Reals:
    split = np.ones((len(sessions), len(lines)))
    for session, ticker, ratio in DEMO_SPLITS:
        split[row_of(sessions, session), column_of(lines, ticker)] = ratio
    return split


def _first_prices_and_shares(draws: Draws, lines: Sequence[Line]) -> tuple[Reals, Reals]:
    """Price and shares of each line on the first session; caps fall off by rank."""
    company = [line.company for line in lines]
    companies = max(company) + 1
    rank = np.argsort(draws.words(companies), kind="stable").argsort() + 1
    cents = draws.uniform(4_000, 42_000, companies).astype(np.int64)
    lots = (CAP_SCALE_USD // (rank + 3) * 100 // cents // SHARE_LOT)[company]
    first, second = (column_of(lines, ticker) for ticker in DEMO_EVENTS["share-classes"].tickers)
    lots[second] = np.rint(lots[first] * SECOND_CLASS_SHARES)
    lots[first] -= lots[second]
    return cents[company] / 100, (lots * SHARE_LOT).astype(np.float64)


def _company_caps(price: Reals, shares: Reals, company: Integers) -> Integers:
    """Whole dollars by company: as-traded close times shares, over the lines it has on the session."""
    line_caps = np.rint(price * 100).astype(np.int64) * shares.astype(np.int64) // 100
    caps = np.zeros((int(company.max()) + 1, len(price)), dtype=np.int64)
    np.add.at(caps, company, line_caps.T)
    return caps.T


def _before(values: Reals) -> Reals:
    """Each row holds the values of the session before; the first one its own."""
    return np.concatenate([values[:1], values[:-1]])


def _in_cents(usd: Reals) -> Reals:
    return np.rint(usd * 100) / 100


def _bars(draws: Draws, close: Reals, split: Reals) -> dict[str, Reals]:
    opened = _in_cents(_before(close) / split * (1 + 0.004 * draws.normal(*close.shape)))
    high = _in_cents(np.maximum(opened, close) * (1 + draws.uniform(0, 0.008, *close.shape)))
    low = _in_cents(np.minimum(opened, close) * (1 - draws.uniform(0, 0.008, *close.shape)))
    return {"open": opened, "high": high, "low": low, "close": close}


def _volumes(draws: Draws, shares: Reals, lines: Sequence[Line]) -> Reals:
    turnover = draws.uniform(0.002, 0.008, len(lines)) * draws.uniform(0.6, 1.4, *shares.shape)
    turnover[:, column_of(lines, DEMO_EVENTS["share-classes"].tickers[1])] *= SECOND_CLASS_VOLUME
    return np.rint(shares * turnover / 100) * 100
