"""A price that moves like that of a split which the vendor does not list yet: the market cap tells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import polars as pl

from engine.calendar import sessions_between
from engine.fetching.basis import TELLING
from engine.fetching.state import Listed

AGREES: Final = 0.25
"""Shares have moved against the price when the two, in logarithms, miss each other by less than this part of them."""

PATIENCE: Final = 3
"""Sessions after which no split will be listed any more, and what has happened is taken as it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """The largest move of a price from one session to the next one that it has, splits undone, in logarithms."""

    session: date
    size: float


@dataclass(frozen=True, slots=True)
class Jump:
    """A move of a price that its market cap has not made.

    Attributes:
        session: The first one after it.
        factor: Price after it by price before.
    """

    session: date
    factor: float

    def is_stale(self, closed: date) -> bool:
        """Whether it is so old that no split will be listed any more."""
        return len(sessions_between(self.session + timedelta(days=1), closed)) >= PATIENCE

    def text(self, ticker: str) -> str:
        """What a person should know of it."""
        moved = f"fell to {self.factor:.3g} times" if self.factor < 1 else f"rose to {self.factor:.3g} times"
        return (
            f"The price of {ticker} {moved} that before on {self.session}, its market cap did not; no split is listed."
        )


def find_step(stored: pl.DataFrame, fresh: pl.DataFrame, splits: pl.DataFrame) -> Step | None:
    """The largest move of new closes that is too large for a day; None for none, and without a stored price.

    Args:
        stored: Prices that are stored.
        fresh: Prices that are new.
        splits: Splits that are listed.
    """
    if stored.is_empty() or fresh.is_empty():
        return None
    last = stored["session"][-1]
    path = [(last, stored["close"][-1]), *fresh.filter(pl.col("session") > last).select("session", "close").rows()]
    ratios = dict(splits.select("session", "ratio").rows())
    steps = [
        Step(day, math.log(now / then) + _split(ratios, before, day)) for (before, then), (day, now) in pairwise(path)
    ]
    largest = max(steps, key=lambda step: abs(step.size), default=None)
    return largest if largest and abs(largest.size) > TELLING else None


def jump_of(step: Step, before: tuple[date, float], listed: Listed, splits: pl.DataFrame) -> Jump | None:
    """The move as one that the market cap has not made; None if it has.

    Args:
        step: The move.
        before: Shares of the company before it, and their day.
        listed: What the snapshot after it says.
        splits: Splits that are listed.
    """
    if not listed.market_cap_usd or not listed.price:
        return None
    day, shares = before
    ratios = dict(splits.select("session", "ratio").rows())
    change = math.log(listed.market_cap_usd / listed.price / shares) - _split(ratios, day, step.session)
    if abs(change + step.size) > AGREES * abs(step.size):
        return None
    return Jump(step.session, math.exp(step.size))


def _split(ratios: dict[date, float], before: date, until: date) -> float:
    """Logarithm of the splits after a day, up to another."""
    return sum(math.log(ratio) for day, ratio in ratios.items() if before < day <= until)
