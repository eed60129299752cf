"""What a metric is measured on, and the inputs that several metrics share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Final

from engine.metrics import Series
from engine.metrics.registry import SESSIONS_A_YEAR
from engine.metrics.sample import deviation, distances, mean, per_session
from engine.views.explain.parts import computed, fraction, number, setting
from engine.views.explanation import Input

YEAR: Final = SESSIONS_A_YEAR
LARGEST: Final = 10
"""So many of the returns in a tail are listed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a metric is measured on.

    Attributes:
        published: Published sessions of the period, the one that it starts from included.
        sessions: Sessions of the returns.
        returns: The returns.
        first: Session whose close the period starts from.
        last: Last session of the period.
        level_first: Level at the close of ``first``.
        level_last: Level at the close of ``last``.
        levels: Levels of the period, that of ``first`` included.
        turnover: One-way turnover of the sessions.
        risk_free: Yearly risk-free rate.
        other: Returns of the benchmark on the same sessions.
        benchmark: Its symbol, empty for none.
        missing: Sessions of the period without a return of the benchmark.
    """

    published: Sequence[date]
    sessions: Sequence[date]
    returns: Series
    first: date
    last: date
    level_first: float
    level_last: float
    levels: Sequence[float]
    turnover: Sequence[float]
    risk_free: float
    other: Sequence[float] = ()
    benchmark: str = ""
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Worked:
    """The formula with its numbers, and those numbers."""

    text: str
    inputs: tuple[Input, ...] = ()


Work = Callable[[Sample, float], Worked]
"""Works a metric out: the sample and its value."""


def mean_input(sample: Sample) -> Input:
    """The mean of the returns."""
    return averaged(sample.returns, "r")


def averaged(values: Sequence[float], of: str) -> Input:
    """A mean, with its sum."""
    note = f"their sum {number(fsum(values))} / {len(values)}"
    return computed(fraction(f"Mean of {of}"), mean(values), note=note)


def spread_input(values: Sequence[float], of: str = "r") -> Input:
    """A sample deviation, with its sum of squares."""
    squares = fsum(each * each for each in distances(values))
    note = f"√({number(squares)}, the sum of squares of {of} less its mean, / {len(values) - 1})"
    return computed(fraction(f"Sample deviation (n-1) of {of}", signed=False), deviation(values), note=note)


def risk_free_input(sample: Sample) -> tuple[Input, ...]:
    """The rate, and what of it is one session's; nothing where it is 0."""
    if not sample.risk_free:
        return ()
    rate = per_session(sample.risk_free)
    return (
        setting("Risk-free rate by year", sample.risk_free),
        computed(fraction("Risk-free rate of a session (rf)"), rate, note="(1 + rate) to the power of 1/252, less 1"),
    )
