"""A stock under the tickers it has had: a vendor gives its whole history under the last one, the store keeps each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import prod

import polars as pl

from engine.fetching.asks import Answer
from engine.frames.schemas import RAW_SCHEMAS

Frames = Mapping[str, pl.DataFrame]
Renaming = tuple[date, str, str]
"""Session, old ticker, new ticker."""
Ending = tuple[date, str]
"""Session of the final price, ticker: a later price is of another stock."""
Stretch = tuple[str, date, date]
"""Ticker, first day, day after the last one."""


class Lines:
    """Which ticker a stock had when.

    Args:
        renames: Every rename that is known, in any order.
        endings: Every end of a stock, likewise.
    """

    def __init__(self, renames: Iterable[Renaming], endings: Iterable[Ending] = ()) -> None:
        self._renames = sorted(renames)
        self._endings = sorted(endings)

    def with_rename(self, renaming: Renaming) -> Lines:
        """The same with one more."""
        return Lines([*self._renames, renaming], self._endings)

    def with_ending(self, ending: Ending) -> Lines:
        """The same with one more."""
        return Lines(self._renames, [*self._endings, ending])

    def without_endings(self, ticker: str, after: date) -> Lines:
        """The same, if a ticker had not ended after a session."""
        return Lines(self._renames, [one for one in self._endings if one[1] != ticker or one[0] <= after])

    def ends_after(self, ticker: str, session: date) -> bool:
        """Whether what had a ticker on a session is known to have ended since."""
        return any(name == ticker and day > session for day, name in self._endings)

    def leaves(self, ticker: str, session: date) -> bool:
        """Whether what had a ticker goes on under another one from a session on."""
        return any(old == ticker and day == session for day, old, _ in self._renames)

    def stretches(self, ticker: str) -> list[Stretch]:
        """The tickers of a stock that is ``ticker`` now, the latest first, with first day and day after.

        A ticker begins anew when the stock that had it goes on under another one, and after an end.
        """
        found: list[Stretch] = []
        end = date.max
        while True:
            begin = self._begin(ticker, end)
            into = [(since, old) for since, old, new in self._renames if new == ticker and begin <= since < end]
            if not into:
                return [*found, (ticker, begin, end)]
            since, old = max(into)
            found.append((ticker, since, end))
            ticker, end = old, since

    def _begin(self, ticker: str, end: date) -> date:
        left = [since for since, old, _ in self._renames if old == ticker and since < end]
        ended = [day + timedelta(days=1) for day, name in self._endings if name == ticker and day < end]
        return max([*left, *ended], default=date.min)

    def parts(self, answer: Answer) -> list[tuple[str, Answer, date]]:
        """An answer by the ticker that each stretch of it is stored under, with the day after it, the latest first."""
        stretches = self.stretches(answer.ask.symbol)
        if stretches == [(answer.ask.symbol, date.min, date.max)]:
            return [(answer.ask.symbol, answer, date.max)]
        return [(ticker, _stretch(answer, ticker, first, end), end) for ticker, first, end in stretches]


def _stretch(answer: Answer, ticker: str, first: date, end: date) -> Answer:
    """The part of an answer in which a stock had a ticker; ``end`` is not of it."""
    within = (pl.col("session") >= first) & (pl.col("session") < end)
    frames = {
        table: frame.filter(within).with_columns(pl.lit(ticker).alias("ticker"))
        for table, frame in answer.frames.items()
    }
    since = max(answer.ask.since or date.min, first)
    return replace(answer, ask=replace(answer.ask, symbol=ticker, since=since), frames=frames)


def own_reports(reports: pl.DataFrame, splits: pl.DataFrame, first: date) -> pl.DataFrame:
    """Reports of shares from the day on that a stock has its ticker, and the one before, carried to that day.

    The reports before are stored under the old ticker; ``splits`` are those of all its tickers.
    """
    early, late = reports.filter(pl.col("session") < first).tail(1), reports.filter(pl.col("session") >= first)
    if early.is_empty() or first in late["session"]:
        return late
    since = splits.filter(pl.col("session").is_between(early["session"][0], first, closed="right"))
    carried = pl.col("shares_outstanding") * prod(since["ratio"])
    return pl.concat([early.with_columns(carried, session=pl.lit(first)), late])


def joined(frames: Sequence[Frames]) -> dict[str, pl.DataFrame]:
    """Tables of several arrivals or stretches as one set, unique and sorted by key; without those that are empty."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for one in frames:
        for table, frame in one.items():
            if frame.height:
                parts.setdefault(table, []).append(frame)
    return {table: found[0] if len(found) == 1 else _as_one(table, found) for table, found in sorted(parts.items())}


def _as_one(table: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    key = list(RAW_SCHEMAS[table].key)
    return pl.concat(frames).unique(key, keep="last", maintain_order=True).sort(key)
