"""Small markets for tests: made from plain rows, or drawn at random with every accident that real ones have."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from engine.calendar import next_session, sessions_between
from engine.frames.schemas import RAW_SCHEMAS
from engine.index.build import Outcome, build_block
from engine.index.grid import Calendar
from engine.index.inputs import RawData
from engine.index.rules import Rules
from engine.store.database import Session

Row = tuple[Any, ...]

SECTORS = ("Energy", "Technology", " energy", None, "Technology")
"""Sectors of the names of a random market, in turn."""


@dataclass
class SmallMarket:
    """Rows of the raw tables; columns that a row leaves out are null."""

    sessions: list[date]
    prices: list[Row] = field(default_factory=list)  # session, ticker, close, volume
    caps: list[Row] = field(default_factory=list)
    splits: list[Row] = field(default_factory=list)
    dividends: list[Row] = field(default_factory=list)
    shares: list[Row] = field(default_factory=list)
    securities: list[Row] = field(default_factory=list)  # ticker, exchange, issuer, sector
    renames: list[Row] = field(default_factory=list)
    accepted: list[Row] = field(default_factory=list)  # session, ticker
    finals: list[Row] = field(default_factory=list)  # session, ticker, price

    def frames(self) -> dict[str, pl.DataFrame]:
        """The raw tables as a provider gives them."""
        return {
            "security": _frame("security", _security_rows(self.securities)),
            "rename": _frame("rename", self.renames),
            "price": _frame("price", [(row[0], row[1], None, None, None, row[2], row[3]) for row in self.prices]),
            "split": _frame("split", self.splits),
            "dividend": _frame("dividend", self.dividends),
            "shares": _frame("shares", self.shares),
            "market_cap": _frame("market_cap", self.caps),
            "accepted_cap": _frame("accepted_cap", self.accepted),
            "final_price": _frame("final_price", self.finals),
        }

    def raw(self, first: date = date.min, last: date = date.max) -> RawData:
        """What a build of the sessions ``first`` to ``last`` reads."""
        frames = self.frames()
        within = pl.col("session").is_between(first, last)
        issuers = {row[0]: row[2].strip().lower() for row in self.securities if row[2]}
        for _, old, new in sorted(self.renames, reverse=True):
            if new in issuers and old not in {row[0] for row in self.securities}:
                issuers[old] = issuers[new]
        names = list(issuers.values())
        several = {ticker for ticker, name in issuers.items() if names.count(name) > 1}
        traded = [(row[0], row[1], row[2] * row[3]) for row in self.prices if row[1] in several and row[3] is not None]
        return RawData(
            prices=frames["price"].select("session", "ticker", "close").filter(within),
            caps=frames["market_cap"].filter(within),
            splits=frames["split"],
            dividends=frames["dividend"],
            shares=frames["shares"],
            traded=pl.DataFrame(
                traded,
                schema={"session": pl.Date, "ticker": pl.String, "traded_usd": pl.Float64},
                orient="row",
            ),
            securities=frames["security"].select("ticker", "exchange", "issuer", "country", "security_type", "sector"),
            renames=frames["rename"],
            accepted=frames["accepted_cap"],
            finals=frames["final_price"],
        )

    def calendar(self) -> Calendar:
        """The sessions by number, with one more at the end."""
        return Calendar([*self.sessions, next_session(self.sessions[-1] + timedelta(days=1))])

    def build(self, rules: Rules) -> Outcome:
        """The whole index by the shipped path."""
        return build_block(self.raw(), self.calendar(), 0, len(self.sessions), rules)


def _security_rows(securities: Iterable[Row]) -> list[Row]:
    return [(row[0], row[0], row[3] if len(row) > 3 else None, None, row[1], row[2]) for row in securities]


def sessions_from(first: date, count: int) -> list[date]:
    """So many NYSE sessions from a day on."""
    return sessions_between(first, first + timedelta(days=2 * count + 10))[:count]


def _frame(table: str, rows: Iterable[Row]) -> pl.DataFrame:
    schema = RAW_SCHEMAS[table]
    width = len(schema.columns)
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    frame = pl.DataFrame(padded, schema=schema.columns, orient="row")
    return frame.unique(list(schema.key), keep="last", maintain_order=True).sort(schema.key)


def random_market(seed: int, sessions: int = 110, lines: int = 9) -> SmallMarket:
    """A market with splits, dividends, halts, reuse, renames, share classes, ties, bad and missing caps, decisions."""
    draw = random.Random(seed)
    market = SmallMarket(sessions_from(date(2023, 11, 1), sessions))
    lost = set(draw.sample(range(1, sessions), k=draw.choice([0, 0, 1, 2])))
    for number in range(lines):
        _add_line(market, draw, f"T{number}", lost)
    _add_classes(market, draw, lines)
    _add_decisions(market, draw)
    return market


def _add_line(market: SmallMarket, draw: random.Random, ticker: str, lost: set[int]) -> None:
    sessions = market.sessions
    begins = draw.choice([0, 0, 0, draw.randrange(len(sessions))])
    ends = draw.choice([len(sessions), len(sessions), draw.randrange(begins, len(sessions) + 1)])
    renamed = draw.choice([None, None, draw.randrange(len(sessions))])
    close, shares = draw.uniform(5, 300), float(draw.randint(2, 12))
    wrong = 1.0
    source = draw.choice(["given", "given", "given", "shares", "both"])
    gap = 0
    if source != "given":
        market.shares.append((sessions[begins] - timedelta(days=draw.randint(0, 3)), ticker, shares))
    for t in range(begins, ends):
        close *= 1 + draw.gauss(0, 0.03)
        day = sessions[t]
        if renamed == t:
            market.renames.append((day, ticker, f"{ticker}X"))
            ticker = f"{ticker}X"
        if draw.random() < 0.02 and close > 1:
            ratio = draw.choice([2.0, 3.0, 1.5, 0.1, 1.281])
            market.splits.append((day, ticker, ratio))
            close, shares = close / ratio, shares * ratio
        if draw.random() < 0.04:
            market.dividends.append((day - timedelta(days=draw.choice([0, 0, 1])), ticker, round(close * 0.01, 4)))
        gap = draw.choice([1, 2, 5, 6, 9]) if gap == 0 and draw.random() < 0.015 else max(gap - 1, 0)
        wrong = draw.choice([1.0, 7.0, 0.2]) if draw.random() < 0.02 else wrong
        if gap == 0 and t not in lost:
            volume = draw.choice([None, 0.0, float(draw.randint(1, 9))])
            market.prices.append((day, ticker, close, volume))
        if source != "shares" and draw.random() > 0.03 and t not in lost:
            market.caps.append((day, ticker, round(close * shares * wrong, -1) or 10.0))
        elif source != "given" and draw.random() < 0.05:
            market.shares.append((day, ticker, shares))


def _add_classes(market: SmallMarket, draw: random.Random, lines: int) -> None:
    """Two companies with two lines each, one line on an exchange that does not count; sectors, some of them unknown."""
    names = [f"T{number}" for number in range(lines)]
    draw.shuffle(names)
    issuers = {names[0]: "Alpha", names[1]: "alpha ", names[2]: "Beta", names[3]: "Beta"}
    for ticker in names:
        sector = SECTORS[int(ticker[1:]) % len(SECTORS)]
        exchange = "OTC" if ticker == names[4] else draw.choice(["NYSE", "NASDAQ", None])
        if draw.random() < 0.7:
            market.securities.append((ticker, exchange, issuers.get(ticker), sector))
        market.securities.append((f"{ticker}X", exchange, issuers.get(ticker), sector))


def _add_decisions(market: SmallMarket, draw: random.Random) -> None:
    """Accepted caps, and final prices: on a session with a price or a few after one, worthless or not, or of nobody."""
    market.accepted += [(day, ticker) for day, ticker, _ in draw.sample(market.caps, k=min(len(market.caps), 15))]
    market.accepted.append((draw.choice(market.sessions), "NONE"))
    for day, ticker, close, _ in draw.sample(market.prices, k=draw.choice([0, 1, 2, 3])):
        at = min(market.sessions.index(day) + draw.choice([0, 0, 1, 3, 5, 7]), len(market.sessions) - 1)
        market.finals.append((market.sessions[at], ticker, draw.choice([0.0, round(close * 0.4, 2), close * 1.1])))
    if draw.random() < 0.3:
        market.finals.append((draw.choice(market.sessions), "NONE", 1.0))


def member_rows(outcome: Outcome) -> dict[date, list[Row]]:
    """Members by session: ticker, rank, cap, weight, since."""
    found: dict[date, list[Row]] = {}
    for row in outcome.constituents.filter(pl.col("member")).iter_rows(named=True):
        found.setdefault(row["session"], []).append(
            (row["ticker"], row["rank"] or 0, row["market_cap_usd"], row["weight"], row["since"])
        )
    return found


def tickers(rows: Sequence[Row]) -> list[str]:
    """First values of rows."""
    return [row[0] for row in rows]


def member_rows_of(session: Session) -> dict[date, list[Row]]:
    """The same from a store, in the order of ``ReferenceSession.members``."""
    found: dict[date, list[Row]] = {}
    execute = session.connection.execute
    statement = "select session, ticker, rank, market_cap_usd, weight, since from constituent where member"
    for day, *row in execute(f"{statement} order by session, rank, ticker").fetchall():
        found.setdefault(day, []).append(tuple(row))
    return found
