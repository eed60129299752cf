"""The few statistics that the metrics are made of; sums are exactly rounded."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, fsum, prod, sqrt
from operator import mul

from engine.metrics.registry import SESSIONS_A_YEAR


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean of one value or more."""
    return fsum(values) / len(values)


def covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """Sample covariance (n-1) of two series of two values or more."""
    left_mean, right_mean = mean(left), mean(right)
    products = map(mul, [each - left_mean for each in left], [each - right_mean for each in right])
    return fsum(products) / (len(left) - 1)


def deviation(values: Sequence[float]) -> float:
    """Sample standard deviation (n-1) of two values or more; exactly 0 when all are equal."""
    if min(values) == max(values):
        return 0.0
    centre = mean(values)
    distances = [value - centre for value in values]
    return sqrt(fsum(map(mul, distances, distances)) / (len(values) - 1))


def growth(returns: Sequence[float]) -> float:
    """What one unit has become after all returns."""
    return prod([1 + each for each in returns])


def quantile(values: Sequence[float], fraction: float) -> float:
    """Quantile by linear interpolation between the two nearest values."""
    ordered = sorted(values)
    place = fraction * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


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
