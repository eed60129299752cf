"""What a vendor shows of a market at a moment: split-adjusted bars, live bars, quotes, reports."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from tests.yahoo.listing import Floats, Listing
from tests.yahoo.market import NEW_YORK, Market, close_of, moment

LONDON = ZoneInfo("Europe/London")
CLOSED_AT = 2
"""Seconds after the close that the vendor stamps the last trade of a day with."""


@dataclass(frozen=True)
class Rows:
    """Rows of a chart, oldest first; NaN where the vendor has nothing."""

    days: list[date]
    stamps: npt.NDArray[np.int64]
    columns: dict[str, Floats]
    dividends: list[tuple[int, float]]
    splits: list[tuple[int, int, int]]


@dataclass(frozen=True)
class Quote:
    """The last trade of a line."""

    line: Listing
    symbol: str
    at: int
    price: float
    previous: float
    open: float
    high: float
    low: float
    volume: float
    market_cap: float
    shares: float


class Feed:
    """A market as a vendor has it. Charts and quotes of a moment are kept until the market changes."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.opens = np.array([int(moment(day, 9, 30).timestamp()) for day in market.sessions], dtype=np.int64)
        self._rows = lru_cache(maxsize=4_096)(self._make_rows)
        self._quotes = lru_cache(maxsize=8)(self._make_quotes)

    def forget(self) -> None:
        """Drop what is kept."""
        self._rows.cache_clear()
        self._quotes.cache_clear()

    def rows(self, symbol: str, now: datetime) -> Rows | None:
        """All rows of a symbol at a moment, None when the vendor knows no such symbol."""
        return self._rows(symbol, now, self.market.version)

    def _make_rows(self, symbol: str, now: datetime, version: int) -> Rows | None:
        if symbol.endswith("=X"):
            return self._rate_rows(symbol.removesuffix("=X"), now)
        line = self.market.find(symbol, now)
        return None if line is None else self._line_rows(line, now)

    def _line_rows(self, line: Listing, now: datetime) -> Rows:
        numbers, blank = self.market.shown(line, now)
        bars = line.bars(now)
        columns = {name: getattr(bars, name)[numbers] for name in ("open", "high", "low", "close", "volume")}
        stamps = self.opens[numbers].copy()
        days = [self.market.sessions[number] for number in numbers]
        if days and days[-1] == now.astimezone(NEW_YORK).date():
            _make_live(columns, stamps, days[-1], now)
        after = np.ones(len(line.value))
        for split in line.splits:
            if split.adjusted_at <= now:
                after[: split.number] *= split.ratio
        for name in ("open", "high", "low", "close"):
            columns[name] = columns[name] / after[numbers]
        columns["volume"] = np.round(columns["volume"] * after[numbers])
        for place in [place for place, number in enumerate(numbers) if number in blank]:
            for values in columns.values():
                values[place] = np.nan
        return Rows(days, stamps, columns, self._dividends(line, now, after), self._splits(line, now))

    def _dividends(self, line: Listing, now: datetime, after: Floats) -> list[tuple[int, float]]:
        begun = self.market.open_sessions(now)
        paid = line.paid().items()
        return [(int(self.opens[number]), amount / float(after[number])) for number, amount in paid if number < begun]

    def _splits(self, line: Listing, now: datetime) -> list[tuple[int, int, int]]:
        listed = [split for split in line.splits if split.listed_at <= now]
        return [(int(self.opens[split.number]), split.numerator, split.denominator) for split in listed]

    def _rate_rows(self, pair: str, now: datetime) -> Rows | None:
        """A rate has a row on every weekday, stamped with midnight in London."""
        if pair not in self.market.rates:
            return None
        today = now.astimezone(LONDON).date()
        days = [day for day in self.market.rates[pair] if day <= today]
        rates = np.array([self.market.rates[pair][day] for day in days])
        if days and days[-1] == today and now.astimezone(NEW_YORK).time() < time(16):
            rates[-1] *= 1.001
        stamps = [int(datetime.combine(day, time(), LONDON).timestamp()) for day in days]
        columns = {"open": rates, "high": rates * 1.002, "low": rates * 0.998, "close": rates, "volume": rates * 0}
        return Rows(days, np.array(stamps, dtype=np.int64), columns, [], [])

    def quotes(self, now: datetime) -> list[Quote]:
        """The last trade of every line that can be screened."""
        return list(self._quotes(now, self.market.version))

    def _make_quotes(self, now: datetime, version: int) -> list[Quote]:
        lines = [line for line in self.market.listings if line.kind not in ("index", "etf")]
        found = (self.quote(line, now) for line in lines)
        return [quote for quote in found if quote is not None]

    def quote(self, line: Listing, now: datetime) -> Quote | None:
        """The last trade of a line, None before its first and after its end."""
        symbol = line.symbol(now.astimezone(NEW_YORK).date())
        rows = self.rows(symbol, now)
        if rows is None or self.market.find(symbol, now) is not line:
            return None
        close = rows.columns["close"]
        traded = np.flatnonzero(~np.isnan(close))
        if not len(traded):
            return None
        last = int(traded[-1])
        number = self.market.number(rows.days[last])
        shares = line.whole_shares(self.market.sessions, number) * self._basis(line, number, now)
        stamp = max(int(rows.stamps[last]), self._closing(rows.days[last]) if self._over(rows.days[last], now) else 0)
        opened, high, low, volume = (float(rows.columns[name][last]) for name in ("open", "high", "low", "volume"))
        price = round(float(close[last]), 4)
        previous = float(close[traded[-2]]) if len(traded) > 1 else price
        return Quote(
            line, symbol, stamp, price, previous, opened, high, low, volume, price * shares, shares * line.fraction
        )

    def reports(self, line: Listing, now: datetime) -> list[tuple[int, int]]:
        """Moments and counts of the reports of shares, each on the basis of its own day."""
        today = now.astimezone(NEW_YORK).date()
        rows = line.reported(self.market.sessions, whole=False)
        return [(_utc_midnight(day), round(shares)) for day, shares in rows if day <= today]

    def _basis(self, line: Listing, number: int, now: datetime) -> float:
        """Splits after a session that its price is divided by already."""
        later = [split.ratio for split in line.splits if split.number > number and split.adjusted_at <= now]
        return float(np.prod(later))

    def _over(self, day: date, now: datetime) -> bool:
        return now >= close_of(day)

    def _closing(self, day: date) -> int:
        return int(close_of(day).timestamp()) + CLOSED_AT


def _make_live(columns: dict[str, Floats], stamps: npt.NDArray[np.int64], day: date, now: datetime) -> None:
    """Turn the last row into the bar of the day so far; after the close it is final, stamped with the last trade."""
    ends = close_of(day)
    if now >= ends:
        stamps[-1] = int(ends.timestamp()) + CLOSED_AT
        return
    begins = moment(day, 9, 30)
    part = (now - begins) / (ends - begins)
    opened, close = columns["open"][-1], columns["close"][-1]
    so_far = round(float(opened + (close - opened) * 0.8 * part), 2)
    live = so_far if so_far != close else round(so_far * 1.01, 2)
    columns["close"][-1] = live
    columns["high"][-1] = max(opened, live)
    columns["low"][-1] = min(opened, live)
    columns["volume"][-1] = np.round(columns["volume"][-1] * part)
    stamps[-1] = int(now.timestamp())


def first_at(rows: Rows, since: int) -> int:
    """Place of the first row from a moment on."""
    return int(np.searchsorted(rows.stamps, since, side="left"))


def last_at(rows: Rows, until: int) -> int:
    """Place after the last row before a moment."""
    return bisect_right(rows.stamps.tolist(), until - 1)


def _utc_midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
