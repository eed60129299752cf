"""Falls from the highest level so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from engine.metrics.sample import levels
from engine.metrics.series import once


@dataclass(frozen=True, slots=True)
class Drawdown:
    """A fall below a level that was reached before, until that level is reached again.

    Places count levels: 0 is the close before the first return, 1 the close after it.

    Attributes:
        depth: Level of the trough over the level of the peak, less 1; negative.
        peak: Last place at the highest level before the fall.
        trough: First place at the lowest level of the fall.
        recovery: First place at which the peak was reached again, None if it was not.
    """

    depth: float
    peak: int
    trough: int
    recovery: int | None


@once
def drawdowns(returns: Sequence[float]) -> list[float]:
    """Fall from the highest level so far, after each return; levels start at 1 before the first."""
    highest, falls = 1.0, []
    for level in levels(returns)[1:]:
        highest = level if level > highest else highest
        falls.append(level / highest - 1)
    return falls


def deepest_drawdowns(returns: Sequence[float], count: int) -> list[Drawdown]:
    """The deepest falls, which never overlap; deepest first, the earlier one of equals."""
    return sorted(_falls(returns), key=lambda fall: (fall.depth, fall.peak))[:count]


def worst_drawdown(returns: Sequence[float]) -> Drawdown | None:
    """The deepest fall, the first one of equals; None when nothing fell."""
    return next(iter(deepest_drawdowns(returns, 1)), None)


def _falls(returns: Sequence[float]) -> Iterator[Drawdown]:
    """Every fall, oldest first: a run of levels below the highest one so far."""
    below = [0.0, *drawdowns(returns)]
    for under_water, places in groupby(range(len(below)), key=lambda place: below[place] < 0):
        if under_water:
            run = list(places)
            trough = min(run, key=lambda place: below[place])
            after = run[-1] + 1
            yield Drawdown(below[trough], run[0] - 1, trough, after if after < len(below) else None)
