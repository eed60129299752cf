"""An invented market that a vendor could have, and what happens to it between two fetches."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from engine.frames.schemas import RAW_SCHEMAS
from tests.markets import sessions_from

FIRST: Final = date(2024, 1, 2)
FIELDS: Final = ("Technology", "Healthcare", "Energy", "Utilities", "Industrials")
CLASSES: Final = ("OMGA", "OMGB")
"""Two share classes of one company: their reported shares are of the class, their caps of the whole company."""

QUARTER: Final = 63
Rows = list[tuple[Any, ...]]


@dataclass
class FakeMarket:
    """The whole truth, as traded, by table; the methods are what can happen to it.

    Caps are of whole companies and are always close x shares, the last report carried over splits.
    """

    sessions: list[date]
    frames: dict[str, pl.DataFrame]
    _parts: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)

    def of(self, table: str, symbol: str) -> pl.DataFrame:
        """The rows of one symbol."""
        if table not in self._parts:
            column = key_of(table)
            parts = self.frames[table].partition_by(column, as_dict=True)
            self._parts[table] = {str(name[0]): part for name, part in parts.items()}
        return self._parts[table].get(symbol, self.frames[table].clear())

    def put(self, table: str, frame: pl.DataFrame) -> None:
        """Exchange a whole table; of equal keys the last row counts."""
        schema = RAW_SCHEMAS[table]
        kept = frame.cast(pl.Schema(schema.columns)).unique(list(schema.key), keep="last", maintain_order=True)
        self.frames[table] = kept.sort(schema.key)
        self._parts.pop(table, None)

    def add(self, table: str, rows: Rows) -> None:
        """Add rows, or put them in the place of those with the same key."""
        new = pl.DataFrame(rows, schema=RAW_SCHEMAS[table].columns, orient="row")
        self.put(table, pl.concat([self.frames[table], new]))

    def tickers(self) -> list[str]:
        """Every ticker with a price."""
        return sorted(self.frames["price"]["ticker"].unique())

    def split(self, ticker: str, session: date, ratio: float) -> None:
        """New shares for old from a session on; the company is worth what it was."""
        self.scale("price", ticker, 1 / ratio, start=session)
        self.scale("dividend", ticker, 1 / ratio, start=session)
        self.scale("shares", ticker, ratio, start=session)
        self.add("split", [(session, ticker, ratio)])

    def correct(self, ticker: str, session: date, factor: float) -> None:
        """Another close for one session; the cap goes with it."""
        self.scale("price", ticker, factor, start=session, end=session)
        self.scale("market_cap", ticker, factor, start=session, end=session)

    def restate(self, ticker: str, before: date, factor: float) -> None:
        """All earlier prices on another basis, without a word of why."""
        self.scale("price", ticker, factor, end=self.sessions[self.sessions.index(before) - 1])

    def lose(self, session: date, tickers: Iterable[str] | None = None) -> pl.DataFrame:
        """Take the prices of a session away, of all tickers or of some, and give them for ``bring_back``."""
        price = self.frames["price"]
        lost = pl.col("session") == session
        if tickers is not None:
            lost &= pl.col("ticker").is_in(list(tickers))
        self.put("price", price.filter(~lost))
        return price.filter(lost)

    def bring_back(self, prices: pl.DataFrame) -> None:
        """Lost prices are there again."""
        self.put("price", pl.concat([self.frames["price"], prices]))

    def delist(self, ticker: str, last: date) -> None:
        """Nothing more of a ticker after a session."""
        for table in ("price", "market_cap", "split", "dividend", "shares"):
            frame = self.frames[table]
            self.put(table, frame.filter((pl.col("ticker") != ticker) | (pl.col("session") <= last)))

    def rename(self, old: str, new: str) -> None:
        """A vendor's way to rename: all of history goes under the new ticker, and the old one never was."""
        for table in ("price", "market_cap", "split", "dividend", "shares", "security"):
            ticker = pl.when(pl.col("ticker") == old).then(pl.lit(new)).otherwise(pl.col("ticker"))
            self.put(table, self.frames[table].with_columns(ticker=ticker))

    def swap(self, one: str, other: str) -> None:
        """Two stocks exchange their tickers, in the same way."""
        for old, new in ((one, "SWAP"), (other, one), ("SWAP", other)):
            self.rename(old, new)

    def forget(self, ticker: str) -> None:
        """A ticker that never was, by the vendor's word: another stock can have it."""
        for table in ("price", "market_cap", "split", "dividend", "shares", "security"):
            self.put(table, self.frames[table].filter(pl.col("ticker") != ticker))

    def scale(self, table: str, ticker: str, factor: float, *, start: date = date.min, end: date = date.max) -> None:
        """Multiply what a ticker has in a span of sessions; volumes go the other way, so that turnover stays."""
        hit = (pl.col("ticker") == ticker) & pl.col("session").is_between(start, end)
        columns = [name for name, kind in RAW_SCHEMAS[table].columns.items() if kind == pl.Float64]
        factors = {name: 1 / factor if name == "volume" else factor for name in columns}
        scaled = [
            pl.when(hit).then(pl.col(name) * by).otherwise(pl.col(name)).alias(name) for name, by in factors.items()
        ]
        self.put(table, self.frames[table].with_columns(scaled))


def key_of(table: str) -> str:
    """The column that names the symbol."""
    return {"benchmark": "symbol", "fx": "pair"}.get(table, "ticker")


def fake_market(names: int = 24, sessions: int = 300, *, first: date = FIRST, seed: int = 1) -> FakeMarket:
    """A market of so many lines of stock, two of them classes of one company.

    Among them are a forward split and a reverse one, dividends, new reports of shares every quarter, four
    benchmarks (one is a rate) and a currency pair.
    """
    draw = random.Random(seed)
    days = sessions_from(first, sessions)
    tables: dict[str, Rows] = {table: [] for table in RAW_SCHEMAS}
    tickers = ["B" + "".join(letters) for letters in itertools.product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", repeat=2)]
    for rank, ticker in enumerate(tickers[: names - len(CLASSES)]):
        _add_company(tables, draw, days, rank, (ticker,))
    _add_company(tables, draw, days, 4, CLASSES)
    _add_series(tables, draw, days)
    empty = {table: pl.DataFrame(schema=schema.columns) for table, schema in RAW_SCHEMAS.items()}
    market = FakeMarket(days, empty)
    for table, rows in tables.items():
        market.add(table, rows)
    return market


def _add_company(
    tables: dict[str, Rows], draw: random.Random, days: list[date], rank: int, lines: tuple[str, ...]
) -> None:
    """A company with one line of stock, or with a second one at half the price and with two shares for three."""
    close, splits = draw.uniform(40, 400), _splits(rank, len(days))
    shares, phase = 4e12 / (rank + 2) ** 0.9 / close, draw.randrange(QUARTER)
    for t, day in enumerate(days):
        ratio = splits.get(t, 1.0)
        close, shares = close * (1 + draw.gauss(0.0003, 0.015)) / ratio, shares * ratio
        if t == 0 or (t % QUARTER == phase and t not in splits):
            shares = float(round(shares * draw.uniform(0.985, 1.005)))
            for n, ticker in enumerate(lines):
                tables["shares"].append((day, ticker, shares * (2 / 3 if n else 1)))
        pays = rank % 3 != 0 and t % QUARTER == (phase + 7) % QUARTER
        volume, turn = float(draw.randint(10**6, 10**7)), draw.uniform(0.99, 1.01)
        for n, ticker in enumerate(lines):
            price = close / (n + 1)
            bar = (price * turn, price * max(turn, 1) * 1.002, price * min(turn, 1) * 0.998, price)
            tables["price"].append((day, ticker, *bar, volume / (n + 1)))
            tables["market_cap"].append((day, ticker, close * shares * (4 / 3 if len(lines) > 1 else 1)))
            if ratio != 1:
                tables["split"].append((day, ticker, ratio))
            if pays:
                tables["dividend"].append((day, ticker, round(price * 0.005, 4)))
    for n, ticker in enumerate(lines):
        company = f"Company {lines[0]} Inc."
        name = f"{company} Class {'AB'[n]}" if len(lines) > 1 else company
        issuer = f"company {lines[0].lower()}" if len(lines) > 1 else None
        exchange = ("NASDAQ", "NYSE")[rank % 2]
        sector = FIELDS[rank % len(FIELDS)]
        tables["security"].append((ticker, name, sector, f"{sector} works", exchange, issuer, "US", "common stock"))


def _splits(rank: int, sessions: int) -> dict[int, float]:
    """The fourth company splits four for one in the middle, the seventh one for eight at two thirds."""
    return {3: {sessions // 2: 4.0}, 6: {sessions * 2 // 3: 0.125}}.get(rank, {})


def _add_series(tables: dict[str, Rows], draw: random.Random, days: list[date]) -> None:
    """Benchmarks, one of them a rate in percent, and a currency pair."""
    levels = {"^GSPC": 4800.0, "^SP500TR": 10_000.0, "RSP": 160.0, "^IRX": 5.0}
    rate = 1.1
    for day in days:
        step = draw.gauss(0.0004, 0.008)
        for symbol in levels:
            levels[symbol] *= 1 + (step if symbol != "^IRX" else draw.gauss(0, 0.002))
            tables["benchmark"].append((day, symbol, levels[symbol]))
        rate *= 1 + draw.gauss(0, 0.004)
        tables["fx"].append((day, "EURUSD", rate))
