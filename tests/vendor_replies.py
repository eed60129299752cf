"""Replies of a vendor about the prices of one stock: its true history, put on the basis of the day of the question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import prod

import numpy as np
import polars as pl

from engine.fetching.asks import DONE, PRICES, Answer, Ask
from engine.fetching.reconcile import Reconciled, Stored
from engine.frames.schemas import RAW_SCHEMAS

TICKER = "ACME"
TABLES = ("price", "split", "dividend")


@dataclass
class History:
    """What really happened: closes, splits and dividends as traded, by session."""

    closes: dict[date, float]
    splits: dict[date, float] = field(default_factory=dict)
    dividends: dict[date, float] = field(default_factory=dict)
    volume: float = 1_000_000.0

    def frames(self, since: date, until: date) -> dict[str, pl.DataFrame]:
        """The true rows of a range of sessions."""
        closes = {day: close for day, close in self.closes.items() if since <= day <= until}
        return {
            "price": price_frame(closes, dict.fromkeys(closes, self.volume)),
            "split": event_frame("split", _within(self.splits, since, until)),
            "dividend": event_frame("dividend", _within(self.dividends, since, until)),
        }

    def reply(
        self,
        since: date,
        asked_on: date,
        *,
        unlisted: Collection[date] = (),
        unreflected: Collection[date] = (),
        without: Collection[date] = (),
    ) -> Answer:
        """What the vendor answers at the close of ``asked_on``, as traded by what it lists.

        Args:
            since: First day asked for.
            asked_on: Splits up to this day are in its prices.
            unlisted: Splits that it does not list yet.
            unreflected: Splits that its prices do not reflect yet.
            without: Sessions that it has lost.
        """
        reflected = {day: ratio for day, ratio in self.splits.items() if day <= asked_on and day not in unreflected}
        listed = {day: ratio for day, ratio in self.splits.items() if since <= day <= asked_on and day not in unlisted}
        days = [day for day in self.closes if since <= day <= asked_on and day not in without]
        off = {day: _later(listed, day) / _later(reflected, day) for day in self.closes}
        closes = {day: single(self.closes[day] / _later(reflected, day)) * _later(listed, day) for day in days}
        paid = _within(self.dividends, since, asked_on)
        frames = {
            "price": price_frame(closes, {day: self.volume / off[day] for day in days}),
            "split": event_frame("split", listed),
            "dividend": event_frame("dividend", {day: amount * off[day] for day, amount in paid.items()}),
        }
        return Answer(Ask(PRICES, TICKER, since), DONE, frames, through=max(days))


def single(value: float) -> float:
    """A number as it comes through single precision."""
    return float(np.float32(value))


def price_frame(closes: Mapping[date, float], volumes: Mapping[date, float] | None = None) -> pl.DataFrame:
    """Prices of the ticker, on their schema; open, high and low follow the close."""
    traded = volumes or {}
    rows = [
        (day, TICKER, close * 0.99, close * 1.02, close * 0.98, close, traded.get(day))
        for day, close in sorted(closes.items())
    ]
    return pl.DataFrame(rows, schema=RAW_SCHEMAS["price"].columns, orient="row")


def event_frame(table: str, values: Mapping[date, float]) -> pl.DataFrame:
    """Splits or dividends of the ticker, on their schema."""
    rows = [(day, TICKER, value) for day, value in sorted(values.items())]
    return pl.DataFrame(rows, schema=RAW_SCHEMAS[table].columns, orient="row")


def stored_from(frames: Mapping[str, pl.DataFrame], since: date) -> Stored:
    """What a store that holds these tables gives for a question."""
    price, split, dividend = (frames[table].filter(pl.col("session") >= since) for table in TABLES)
    return Stored(price, split, dividend)


def merged(stored: Mapping[str, pl.DataFrame], found: Reconciled) -> dict[str, pl.DataFrame]:
    """The store after it has taken what was found."""
    after = dict(stored)
    for table, rows in found.frames.items():
        kept = stored[table].join(rows.select("session"), on="session", how="anti")
        after[table] = pl.concat([kept, rows]).sort("session")
    return after


def closes_of(frame: pl.DataFrame) -> dict[date, float]:
    """Closes by session."""
    return dict(zip(frame["session"].to_list(), frame["close"].to_list(), strict=True))


def kinds(found: Reconciled) -> list[str]:
    """Kinds of the notes, in their order."""
    return [note.kind for note in found.notes]


def _within(values: Mapping[date, float], since: date, until: date) -> dict[date, float]:
    return {day: value for day, value in values.items() if since <= day <= until}


def _later(splits: Mapping[date, float], day: date) -> float:
    return prod(_ratios(splits, day))


def _ratios(splits: Mapping[date, float], day: date) -> Iterable[float]:
    return (ratio for on, ratio in splits.items() if on > day)
