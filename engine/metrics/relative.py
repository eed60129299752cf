"""Metrics of one return series against a benchmark, on the sessions for which both have a return."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from math import prod
from operator import sub
from typing import Final

from engine.domain.fields import Direction, Field, Unit
from engine.metrics.performance import ROOT_YEAR
from engine.metrics.registry import FEWEST_OBSERVATIONS, SESSIONS_A_YEAR, SHORT_HISTORY, Registry
from engine.metrics.sample import above, annual, covariance, deviation, factors, mean
from engine.metrics.series import Series, once
from engine.views.types import Metric

STILL_BENCHMARK: Final = "the benchmark does not vary"
SAME_MOVES: Final = "the difference does not vary"
FEW_RISES: Final = "under two sessions on which the benchmark rose, or a growth too large to be stated"
FEW_FALLS: Final = "under two sessions on which the benchmark fell"

RELATIVE_METRICS: Final = Registry()
"""Every metric against a benchmark, in display order."""


def compute_relative(
    returns: Sequence[float], benchmark: Sequence[float], risk_free: float = 0.0
) -> tuple[Metric, ...]:
    """Every metric of ``RELATIVE_METRICS`` for returns of the same sessions, over an annual risk-free rate."""
    own, other = Series.of(returns), Series.of(benchmark)
    return tuple(definition.of(own, other, risk_free=risk_free) for definition in RELATIVE_METRICS.values())


@RELATIVE_METRICS.metric(
    Field("beta", "Beta", Unit.RATIO, 2, text="How far the series moves when the benchmark moves by one."),
    formula="covariance of r and b / variance of b",
    source="empyrical: beta",
    undefined=STILL_BENCHMARK,
    short_under=SHORT_HISTORY,
)
def beta(returns: Sequence[float], benchmark: Sequence[float]) -> float | None:
    """Slope of the returns on the benchmark's."""
    spread = deviation(benchmark)
    return covariance(returns, benchmark) / spread**2 if spread else None


@RELATIVE_METRICS.metric(
    Field(
        "alpha",
        "Alpha",
        Unit.FRACTION,
        2,
        Direction.UP,
        "Yearly return that the benchmark's moves do not explain.",
        signed=True,
    ),
    formula="(1 + mean of (r - rf - beta × (b - rf))) to the power of 252, less 1; rf is 0 unless set",
    source="empyrical: alpha, Jensen's; annualised by compounding",
    undefined=STILL_BENCHMARK,
    short_under=SHORT_HISTORY,
    over_risk_free=True,
)
def alpha(returns: Sequence[float], benchmark: Sequence[float], risk_free: float = 0.0) -> float | None:
    """Annualised intercept of the returns on the benchmark's, over an annual risk-free rate."""
    own, other = above(returns, risk_free), above(benchmark, risk_free)
    slope = beta(own, other)
    if slope is None:
        return None
    return annual(1 + mean(own) - slope * mean(other), 1)


@RELATIVE_METRICS.metric(
    Field("correlation", "Correlation", Unit.RATIO, 2, text="How closely the two move together, -1 to 1."),
    formula="covariance of r and b / (deviation of r × deviation of b)",
    source="Pearson",
    undefined="one of the two does not vary",
    short_under=SHORT_HISTORY,
)
def correlation(returns: Sequence[float], benchmark: Sequence[float]) -> float | None:
    """Pearson's correlation."""
    spread = deviation(returns) * deviation(benchmark)
    return covariance(returns, benchmark) / spread if spread else None


@RELATIVE_METRICS.metric(
    Field(
        "tracking_error",
        "Tracking error",
        Unit.FRACTION,
        2,
        text="How much the difference of the two returns varies, by year.",
    ),
    formula="sample deviation (n-1) of (r - b) × √252",
    source="empyrical: annual_volatility of the difference",
    undefined=SAME_MOVES,
)
@once
def tracking_error(returns: Sequence[float], benchmark: Sequence[float]) -> float | None:
    """Annualised deviation of the difference."""
    return deviation(_difference(returns, benchmark)) * ROOT_YEAR or None


@RELATIVE_METRICS.metric(
    Field(
        "information_ratio",
        "Information ratio",
        Unit.RATIO,
        2,
        Direction.UP,
        "Return above the benchmark for each unit of tracking error.",
        signed=True,
    ),
    formula="mean of (r - b) × 252 / tracking error",
    source="empyrical: excess_sharpe × √252",
    undefined=SAME_MOVES,
    short_under=SHORT_HISTORY,
)
def information_ratio(returns: Sequence[float], benchmark: Sequence[float]) -> float | None:
    """Annualised difference over the tracking error."""
    spread = tracking_error(returns, benchmark)
    return mean(_difference(returns, benchmark)) * SESSIONS_A_YEAR / spread if spread else None


@RELATIVE_METRICS.metric(
    Field(
        "up_capture",
        "Up capture",
        Unit.FRACTION,
        1,
        Direction.UP,
        "How much of the benchmark's rises the series took part in.",
    ),
    formula="CAGR of r over the sessions with b above 0 / CAGR of b over the same sessions",
    source="empyrical: up_capture",
    undefined=FEW_RISES,
    short_under=SHORT_HISTORY,
)
def up_capture(returns: Sequence[float], benchmark: Sequence[float]) -> float | None:
    """Annualised return while the benchmark rose, over the benchmark's own."""
    return _capture(returns, benchmark, _rises(benchmark))


@RELATIVE_METRICS.metric(
    Field(
        "down_capture",
        "Down capture",
        Unit.FRACTION,
        1,
        Direction.DOWN,
        "How much of the benchmark's falls the series took part in.",
    ),
    formula="CAGR of r over the sessions with b below 0 / CAGR of b over the same sessions",
    source="empyrical: down_capture",
    undefined=FEW_FALLS,
    short_under=SHORT_HISTORY,
)
def down_capture(returns: Sequence[float], benchmark: Sequence[float]) -> float | None:
    """Annualised return while the benchmark fell, over the benchmark's own."""
    return _capture(returns, benchmark, _falls(benchmark))


@once
def _rises(benchmark: Sequence[float]) -> list[bool]:
    return [each > 0 for each in benchmark]


@once
def _falls(benchmark: Sequence[float]) -> list[bool]:
    return [each < 0 for each in benchmark]


def _capture(returns: Sequence[float], benchmark: Sequence[float], counted: Sequence[bool]) -> float | None:
    sessions = sum(counted)
    if sessions < FEWEST_OBSERVATIONS:
        return None
    own, other = (annual(prod(compress(factors(each), counted)), sessions) for each in (returns, benchmark))
    return own / other if other and own is not None else None


@once
def _difference(returns: Sequence[float], benchmark: Sequence[float]) -> Sequence[float]:
    return Series.of(list(map(sub, returns, benchmark)))
