"""A vendor in memory: it knows a market up to the present of a clock that tests move, and fails as they script it."""

from __future__ import annotations

import math
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from engine.calendar import close_time, last_closed_session, previous_session
from engine.fetching.asks import (
    BENCHMARK,
    DONE,
    EMPTY,
    FX,
    GONE,
    PRICES,
    PROFILE,
    SCREEN,
    SECTORS,
    SHARES,
    Answer,
    Ask,
)
from engine.frames.schemas import RAW_SCHEMAS
from engine.providers.vendor import LIMITED, UNREACHABLE, UNUSABLE, VendorFault, Wanted
from tests.fake_market import FakeMarket, fake_market

NEW_YORK: Final = ZoneInfo("America/New_York")
OPEN: Final = timedelta(hours=9, minutes=30)
PAGE: Final = 250
LIVE: Final = 1.01
"""How far from its close a price is while the session goes on."""

HALTED: Final = timedelta(days=10)
"""For so long a stock without prices stays on the list with its last cap."""


@dataclass(frozen=True)
class Script:
    """A fault for the questions of a kind or symbol that it fits; of those, the ``nth`` ones, None for all."""

    fault: str
    kind: str | None
    symbol: str | None
    nth: frozenset[int] | None

    def fits(self, ask: Ask, nth: int) -> bool:
        """Whether it befalls the ``nth`` time (from 0) that a question is asked."""
        return (
            self.kind in (None, ask.kind)
            and self.symbol in (None, ask.symbol)
            and (self.nth is None or nth in self.nth)
        )


@dataclass
class Feed:
    """What is behind the vendor; one lives through all fetches of a test.

    Give ``feed.vendor`` to ``open_engine(vendor=...)`` and ``feed.clock`` to ``clock=...``.

    Attributes:
        market: The truth, of which nothing after ``now`` is known.
        now: The present.
        behind: Sessions that the feed is late.
        gone: Symbols that the vendor says it never heard of; so are all without any price.
        capless: Names that are listed without a market cap.
        delay_s: Real time that a question takes.
        on_ask: Called with each question before it is answered, in the thread that asks.
        asked: Every question in the order of asking, failed ones too.
        prepared: The symbols of each ``prepare``.
    """

    market: FakeMarket = field(default_factory=fake_market)
    now: datetime = datetime(2024, 1, 2, 22, tzinfo=UTC)
    behind: int = 0
    gone: set[str] = field(default_factory=set)
    capless: set[str] = field(default_factory=set)
    delay_s: float = 0.0
    on_ask: Callable[[Ask], None] = lambda _: None
    asked: list[Ask] = field(default_factory=list)
    prepared: list[tuple[str, ...]] = field(default_factory=list)
    _scripts: list[Script] = field(default_factory=list)
    _chance: Callable[[Ask, int], str | None] = lambda *_: None
    _times: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def vendor(self, wanted: Wanted) -> FakeVendor:
        """The factory for ``open_engine``."""
        return FakeVendor(self, wanted)

    def clock(self) -> datetime:
        """The clock for ``open_engine``."""
        return self.now

    def evening(self, session: date) -> datetime:
        """Set the clock to an hour after a session's prices are final."""
        self.now = (close_time(session) + timedelta(hours=1)).astimezone(UTC)
        return self.now

    def midday(self, session: date) -> datetime:
        """Set the clock to 12:30 in New York, with a session under way."""
        self.now = datetime.combine(session, datetime.min.time(), NEW_YORK).replace(hour=12, minute=30).astimezone(UTC)
        return self.now

    def fail(
        self,
        fault: str = UNREACHABLE,
        *,
        kind: str | None = None,
        symbol: str | None = None,
        nth: Iterable[int] | None = None,
    ) -> None:
        """Script a fault, by its kind in ``engine.providers.vendor``; without ``nth`` it stays until ``heal``."""
        self._scripts.append(Script(fault, kind, symbol, None if nth is None else frozenset(nth)))

    def fail_at_random(
        self, seed: int, share: float = 0.1, faults: tuple[str, ...] = (UNREACHABLE, UNUSABLE, LIMITED)
    ) -> None:
        """Let a share of all requests fail: the same ones for a seed, in whatever order they are asked."""

        def chance(ask: Ask, nth: int) -> str | None:
            draw = random.Random(f"{seed} {ask.kind} {ask.symbol} {nth}")
            return draw.choice(faults) if draw.random() < share else None

        self._chance = chance

    def heal(self) -> None:
        """No more faults, and the counting for ``nth`` begins anew."""
        self._scripts.clear()
        self._chance = lambda *_: None
        self._times.clear()

    def asked_for(self, kind: str) -> list[str]:
        """Symbols of the questions of a kind, in the order of asking."""
        return [ask.symbol for ask in self.asked if ask.kind == kind]

    def note(self, ask: Ask) -> None:
        """Write a question down, and raise the fault that befalls it."""
        with self._lock:
            self.asked.append(ask)
            nth = self._times[ask.kind, ask.symbol]
            self._times[ask.kind, ask.symbol] += 1
        self.on_ask(ask)
        time.sleep(self.delay_s)
        scripted = next((script.fault for script in self._scripts if script.fits(ask, nth)), None)
        fault = scripted or self._chance(ask, nth)
        if fault is not None:
            raise VendorFault(fault, f"{fault} as scripted")

    def known(self) -> date:
        """The last session of which the feed has final prices."""
        last = last_closed_session(self.now)
        for _ in range(self.behind):
            last = previous_session(last - timedelta(days=1))
        return last


class FakeVendor:
    """The vendor of one fetch."""

    name = "yahoo"

    def __init__(self, feed: Feed, wanted: Wanted) -> None:
        self.feed = feed
        self.wanted = wanted

    def prepare(self, symbols: tuple[str, ...]) -> None:
        """Keep the symbols for the test to see."""
        self.feed.prepared.append(symbols)

    def ask(self, ask: Ask) -> Answer:
        """Answer from the truth, or fail as scripted."""
        self.feed.note(ask)
        answers = {
            SCREEN: self._screen,
            SECTORS: self._sectors,
            PRICES: self._prices,
            SHARES: self._shares,
            PROFILE: self._profile,
            BENCHMARK: self._series,
            FX: self._series,
        }
        return answers[ask.kind](ask)

    def _screen(self, ask: Ask) -> Answer:
        session = self._quoted()
        quotes = self._quotes(session)
        is_final = session <= self.wanted.final
        names = quotes.join(self.feed.market.frames["security"].select("ticker", "name", "exchange"), on="ticker")
        snapshot = names.with_columns(
            pl.lit(session).alias("session"),
            pl.col("close") * (1 if is_final else LIVE),
            pl.col("market_cap_usd") * (1 if is_final else LIVE),
            is_final=is_final,
        )
        caps = quotes.filter(is_final & (pl.col("session") == session)).drop_nulls("market_cap_usd")
        frames = {
            "universe_snapshot": _on_schema("universe_snapshot", snapshot),
            "security": self._securities(quotes["ticker"], known=("name", "exchange", "issuer", "security_type")),
            "market_cap": _on_schema("market_cap", caps),
        }
        return Answer(ask, DONE, frames, requests=max(math.ceil(quotes.height / PAGE), 1))

    def _sectors(self, ask: Ask) -> Answer:
        tickers = self._quotes(self._quoted())["ticker"]
        return Answer(ask, DONE, {"security": self._securities(tickers, known=("name", "sector"))}, requests=11)

    def _profile(self, ask: Ask) -> Answer:
        found = self._securities(pl.Series([ask.symbol]), known=("name", "sector", "industry", "country"))
        if found.is_empty() or self._is_gone(ask.symbol):
            return Answer(ask, GONE, reason="unknown symbol")
        return Answer(ask, DONE, {"security": found})

    def _prices(self, ask: Ask) -> Answer:
        if self._is_gone(ask.symbol):
            return Answer(ask, GONE, reason="No data found, symbol may be delisted")
        frames = {table: self._window(table, ask.symbol, ask) for table in ("price", "split", "dividend")}
        through = frames["price"]["session"].max()
        if not isinstance(through, date):
            return Answer(ask, EMPTY, reason=f"no prices since {ask.since}")
        return Answer(ask, DONE, frames, through=through)

    def _shares(self, ask: Ask) -> Answer:
        found = self._window("shares", ask.symbol, ask)
        if found.is_empty():
            return Answer(ask, EMPTY, reason="no reports of shares")
        return Answer(ask, DONE, {"shares": found})

    def _series(self, ask: Ask) -> Answer:
        table = {BENCHMARK: "benchmark", FX: "fx"}[ask.kind]
        symbol = ask.symbol.removesuffix("=X") if ask.kind == FX else ask.symbol
        if self.feed.market.of(table, symbol).is_empty() or ask.symbol in self.feed.gone:
            return Answer(ask, GONE, reason="No data found, symbol may be delisted")
        found = self._window(table, symbol, ask)
        through = found["session"].max()
        if not isinstance(through, date):
            return Answer(ask, EMPTY, reason=f"no prices since {ask.since}")
        return Answer(ask, DONE, {table: found}, through=through)

    def _window(self, table: str, symbol: str, ask: Ask) -> pl.DataFrame:
        """What is known of a symbol from the first day wanted on."""
        last = min(self.feed.known(), self.wanted.final)
        return self.feed.market.of(table, symbol).filter(pl.col("session").is_between(ask.since or date.min, last))

    def _is_gone(self, ticker: str) -> bool:
        prices = self.feed.market.of("price", ticker)
        return ticker in self.feed.gone or prices.filter(pl.col("session") <= self.feed.known()).is_empty()

    def _quoted(self) -> date:
        """The session of the quotes: the present one from its open on."""
        now = self.feed.now.astimezone(NEW_YORK)
        today = datetime.combine(now.date(), datetime.min.time(), NEW_YORK)
        latest = previous_session(now.date() if now - today >= OPEN else now.date() - timedelta(days=1))
        return latest if latest > last_closed_session(self.feed.now) else self.feed.known()

    def _quotes(self, session: date) -> pl.DataFrame:
        """Listed names with cap and price of their last session, the largest first."""
        market = self.feed.market
        recent = pl.col("session").is_between(session - HALTED, session)
        caps = market.frames["market_cap"].filter(recent)
        closes = market.frames["price"].select("session", "ticker", "close")
        last = closes.group_by("ticker").agg(pl.col("session").max().alias("last"))
        quotes = (
            caps.sort("session")
            .group_by("ticker", maintain_order=True)
            .last()
            .join(closes, on=["session", "ticker"], how="left")
            .join(last, on="ticker")
            .filter((pl.col("last") >= session) | (pl.col("last") == market.sessions[-1]))
            .filter((pl.col("market_cap_usd") >= self.wanted.min_cap_usd) & ~pl.col("ticker").is_in(self.feed.gone))
            .sort(["market_cap_usd", "ticker"], descending=[True, False])
            .head(self.wanted.universe_size)
        )
        capless = pl.col("ticker").is_in(self.feed.capless)
        return quotes.with_columns(market_cap_usd=pl.when(~capless).then(pl.col("market_cap_usd")))

    def _securities(self, tickers: pl.Series, *, known: tuple[str, ...]) -> pl.DataFrame:
        """Rows about companies in which only some columns are filled."""
        columns = RAW_SCHEMAS["security"].columns
        unknown = [pl.lit(None, pl.String).alias(name) for name in columns if name not in ("ticker", *known)]
        found = self.feed.market.frames["security"].filter(pl.col("ticker").is_in(tickers.to_list()))
        return _on_schema("security", found.with_columns(unknown))


def feed_at(session: date, market: FakeMarket | None = None) -> Feed:
    """A feed on the evening of a session."""
    feed = Feed(market or fake_market())
    feed.evening(session)
    return feed


def _on_schema(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = RAW_SCHEMAS[table]
    return frame.select([pl.col(name).cast(kind) for name, kind in schema.columns.items()]).sort(schema.key)
