"""The few statistics that the metrics are made of; sums are exactly rounded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import floor, fsum, sqrt
from operator import mul
from typing import Final

from engine.metrics.registry import SESSIONS_A_YEAR
from engine.metrics.series import once

ROUNDING: Final = 1e-14
"""A deviation below this is what rounding leaves of none: a return, 1 less than a quotient, is right to 1e-16."""


@once
def mean(values: Sequence[float]) -> float:
    """Arithmetic mean of one value or more."""
    return fsum(values) / len(values)


@once
def distances(values: Sequence[float]) -> list[float]:
    """What each value is above the mean of all."""
    centre = mean(values)
    return [each - centre for each in values]


@once
def covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """Sample covariance (n-1) of two series of two values or more."""
    return fsum(map(mul, distances(left), distances(right))) / (len(left) - 1)


@once
def deviation(values: Sequence[float]) -> float:
    """Sample standard deviation (n-1) of two values or more; exactly 0 when they differ by rounding only."""
    apart = distances(values)
    spread = sqrt(fsum(map(mul, apart, apart)) / (len(values) - 1))
    return spread if spread > ROUNDING * (1 + abs(mean(values))) else 0.0


@once
def factors(returns: Sequence[float]) -> list[float]:
    """What one unit becomes by each return."""
    return [1 + each for each in returns]


@once
def levels(returns: Sequence[float]) -> list[float]:
    """What one unit has become: 1 before the first return, then after each."""
    return list(accumulate(factors(returns), mul, initial=1.0))


def growth(returns: Sequence[float]) -> float:
    """What one unit has become after all returns."""
    return levels(returns)[-1]


@once
def ordered(values: Sequence[float]) -> list[float]:
    """The values, smallest first."""
    return sorted(values)


def quantile(values: Sequence[float], fraction: float) -> float:
    """Quantile by linear interpolation between the two nearest values."""
    ranked = ordered(values)
    place = fraction * (len(ranked) - 1)
    below = floor(place)
    following = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[following] - ranked[below]) * (place - below)


def mean_up_to(values: Sequence[float], limit: float) -> float:
    """Mean of the values at or below a limit that at least one of them keeps."""
    ranked = ordered(values)
    return mean(ranked[: bisect_right(ranked, limit)])


def annual(factor: float, sessions: int) -> float | None:
    """Yearly return of a growth over some sessions; None when it is too large for a number."""
    try:
        return float(factor ** (SESSIONS_A_YEAR / sessions)) - 1
    except OverflowError:
        return None


def per_session(annual_rate: float) -> float:
    """The rate of one session that compounds to an annual rate."""
    return float((1 + annual_rate) ** (1 / SESSIONS_A_YEAR)) - 1


def above(returns: Sequence[float], annual_rate: float) -> Sequence[float]:
    """Returns less an annual rate, session by session."""
    rate = per_session(annual_rate)
    return [each - rate for each in returns] if rate else returns
