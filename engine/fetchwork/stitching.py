"""Frames of a stock cut where it got another ticker, and joined again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import prod

import polars as pl

from engine.fetching.asks import Answer
from engine.frames.schemas import RAW_SCHEMAS

Frames = Mapping[str, pl.DataFrame]


def stretch_of(answer: Answer, ticker: str, first: date, end: date) -> Answer:
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
