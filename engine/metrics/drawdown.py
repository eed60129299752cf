"""Falls from the highest level so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest fall of a series.

    Places count levels: 0 is the close before the first return, 1 the close after it.

    Attributes:
        depth: Level of the trough over the level of the peak, less 1; negative, or 0 when nothing fell.
        peak: Place of the highest level before the fall.
        trough: Place of the lowest level of the fall.
        recovery: First place at which the peak was reached again, None if it was not.
    """

    depth: float
    peak: int
    trough: int
    recovery: int | None


def drawdowns(returns: Sequence[float]) -> list[float]:
    """Fall from the highest level so far, after each return; levels start at 1 before the first."""
    level = highest = 1.0
    falls = []
    for each in returns:
        level *= 1 + each
        highest = level if level > highest else highest
        falls.append(level / highest - 1)
    return falls


def worst_drawdown(returns: Sequence[float]) -> Drawdown | None:
    """The deepest fall, the first one of equals; None when nothing fell."""
    falls = drawdowns(returns)
    depth = min(falls, default=0.0)
    if depth >= 0:
        return None
    levels = _levels(returns)
    trough = falls.index(depth) + 1
    peak_level = max(levels[:trough])
    peak = max(place for place in range(trough) if levels[place] == peak_level)
    return Drawdown(depth, peak, trough, next(_reaching(levels, peak_level, trough), None))


def _levels(returns: Sequence[float]) -> list[float]:
    return list(accumulate([1.0, *(1 + each for each in returns)], mul))


def _reaching(levels: Sequence[float], level: float, start: int) -> Iterator[int]:
    return (place for place in range(start, len(levels)) if levels[place] >= level)
