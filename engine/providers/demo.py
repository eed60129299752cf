"""The demo market: 160 invented companies over five years, always the same, from no network and no clock.

A market factor and sector factors with noise of each company's own, caps spread like a real market's so that
the hundredth place changes hands a few times a week, and the special events of ``demo_events``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.calendar import sessions_between
from engine.frames.schemas import RAW_SCHEMAS
from engine.providers.demo_draws import Integers
from engine.providers.demo_events import (
    BAD_CAP_FACTOR,
    DEMO_BENCHMARK,
    DEMO_EVENTS,
    DEMO_FIRST_SESSION,
    DEMO_LAST_SESSION,
    DEMO_SEED,
    DEMO_SPLITS,
    DemoEvent,
)
from engine.providers.demo_names import COMPANIES, DOMICILES, FORMER_NAMES, SHARE_CLASSES
from engine.providers.demo_paths import Flags, Line, Paths, column_of, market_paths, row_of, rows_of

__all__ = [
    "DEMO_BENCHMARK",
    "DEMO_EVENTS",
    "DEMO_FIRST_SESSION",
    "DEMO_LAST_SESSION",
    "DEMO_SEED",
    "DEMO_SPLITS",
    "DemoEvent",
    "DemoMarket",
    "DemoProvider",
    "demo_frames",
]

FIRST_BENCHMARK_LEVEL: Final = 4_000.0
NASDAQ_SECTORS: Final = ("Information Technology", "Communication Services", "Health Care")

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Security:
    """One line of stock; ``company`` is the ticker under which its company stands in the list of names."""

    ticker: str
    company: str
    name: str
    issuer: str
    sector: str
    industry: str


def demo_frames() -> dict[str, pl.DataFrame]:
    """The whole market as raw frames by table, each exactly of its schema and sorted by its key."""
    sessions = sessions_between(DEMO_FIRST_SESSION, DEMO_LAST_SESSION)
    securities = _securities()
    lines = _lines(securities)
    paths = market_paths(sessions, lines)
    tables: dict[str, Columns] = {
        **_line_tables(sessions, lines, paths),
        "security": _security_table(securities),
        "rename": _rename_table(),
        "benchmark": _benchmark_table(sessions, paths),
    }
    return {table: pl.DataFrame(data, schema=RAW_SCHEMAS[table].columns) for table, data in tables.items()}


@dataclass(frozen=True, slots=True)
class DemoMarket:
    """The whole market as one batch."""

    frames: Mapping[str, pl.DataFrame] = field(default_factory=demo_frames)
    detail: str = "demo market"


class DemoProvider:
    """The demo market as a provider."""

    name = "synthetic"

    def batches(self) -> Iterator[DemoMarket]:
        """One batch, always the same."""
        yield DemoMarket()


def _securities() -> list[_Security]:
    """Every line by ticker: one of each company, a second class of one, a former ticker of another."""
    securities = [
        _Security(ticker, ticker, name, name.removesuffix(" Class A").lower(), sector, industry)
        for sector, industries in COMPANIES.items()
        for industry, members in industries.items()
        for ticker, name in members
    ]
    by_company = {each.company: each for each in securities}
    for ticker, (company, name) in {**SHARE_CLASSES, **FORMER_NAMES}.items():
        by_company[ticker] = replace(by_company[company], ticker=ticker, name=name)
    return sorted(by_company.values(), key=lambda each: each.ticker)


def _lines(securities: Sequence[_Security]) -> list[Line]:
    companies = sorted({each.company for each in securities})
    sectors = list(COMPANIES)
    return [Line(each.ticker, companies.index(each.company), sectors.index(each.sector)) for each in securities]


def _line_tables(sessions: Sequence[date], lines: Sequence[Line], paths: Paths) -> dict[str, Columns]:
    """The tables that have a row for each session and line, or for some of them."""
    days = np.array(sessions, dtype="datetime64[D]")
    tickers = pl.Series([line.ticker for line in lines])

    def rows(where: Flags, **columns: NDArray[Any]) -> Columns:
        day, line = np.nonzero(where)
        values = {name: column[where].astype(np.float64) for name, column in columns.items()}
        return {"session": days[day], "ticker": tickers[line], **values}

    bars = {name: getattr(paths, name) for name in ("open", "high", "low", "close", "volume")}
    return {
        "price": rows(paths.traded, **bars),
        "market_cap": rows(paths.traded, market_cap_usd=_published_caps(sessions, lines, paths)),
        "split": rows(paths.listed & (paths.split != 1), ratio=paths.split),
        "dividend": rows(paths.listed & (paths.dividend > 0), amount=paths.dividend),
    }


def _published_caps(sessions: Sequence[date], lines: Sequence[Line], paths: Paths) -> Integers:
    """Caps as the feed gives them: true, but for one tie and one error of a whole factor."""
    caps = paths.cap_usd.copy()
    bad, tie = DEMO_EVENTS["bad-cap"], DEMO_EVENTS["tie"]
    caps[rows_of(sessions, bad.session, bad.last), column_of(lines, bad.tickers[0])] *= BAD_CAP_FACTOR
    first, second = (column_of(lines, ticker) for ticker in tie.tickers)
    tied = caps[row_of(sessions, tie.session)]
    tied[second] = tied[first]
    return caps


def _security_table(securities: Sequence[_Security]) -> Columns:
    return {
        "ticker": [each.ticker for each in securities],
        "name": [each.name for each in securities],
        "sector": [each.sector for each in securities],
        "industry": [each.industry for each in securities],
        "exchange": ["NASDAQ" if each.sector in NASDAQ_SECTORS else "NYSE" for each in securities],
        "issuer": [each.issuer for each in securities],
        "country": [DOMICILES.get(each.ticker, "US") for each in securities],
        "security_type": ["common stock"] * len(securities),
    }


def _rename_table() -> Columns:
    rename = DEMO_EVENTS["rename"]
    old, new = rename.tickers
    return {"session": [rename.session], "old_ticker": [old], "new_ticker": [new]}


def _benchmark_table(sessions: Sequence[date], paths: Paths) -> Columns:
    """Cap-weighted price index over the companies that were listed on both sessions of each step."""
    cap = paths.company_cap_usd
    both = (cap[1:] > 0) & (cap[:-1] > 0)
    growth = np.where(both, cap[1:], 0).sum(axis=1) / np.where(both, cap[:-1], 0).sum(axis=1)
    level = FIRST_BENCHMARK_LEVEL * np.cumprod(np.concatenate([[1.0], growth]))
    priced = paths.traded.any(axis=1)
    return {
        "session": np.array(sessions, dtype="datetime64[D]")[priced],
        "symbol": [DEMO_BENCHMARK] * int(priced.sum()),
        "close": np.rint(level[priced] * 100) / 100,
    }
