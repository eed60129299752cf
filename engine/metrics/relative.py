"""Metrics of one return series against a benchmark, on the sessions for which both have a return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.domain.fields import Direction, Field, Unit
from engine.metrics.performance import ROOT_YEAR
from engine.metrics.registry import SESSIONS_A_YEAR, SHORT_HISTORY, Registry
from engine.metrics.sample import above, annual, covariance, deviation, mean
from engine.views.types import Metric

STILL_BENCHMARK: Final = "the benchmark does not vary"

RELATIVE_METRICS: Final = Registry()
"""Every metric against a benchmark, in display order."""


def compute_relative(returns: Sequence[float | None], benchmark: Sequence[float | None]) -> tuple[Metric, ...]:
    """Every metric of ``RELATIVE_METRICS``; sessions for which either has no return are left out."""
    pairs = [(r, b) for r, b in zip(returns, benchmark, strict=True) if r is not None and b is not None]
    own, other = [r for r, _ in pairs], [b for _, b in pairs]
    return tuple(definition.of(own, other) for definition in RELATIVE_METRICS.values())


@RELATIVE_METRICS.metric(
    Field("beta", "Beta", Unit.RATIO, 2, text="How far the series moves when the benchmark moves by one."),
    formula="covariance of r and b / variance of b",
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
    undefined=STILL_BENCHMARK,
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
    undefined="one of the two does not vary",
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
    undefined="the difference does not vary",
)
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
    undefined="the difference does not vary",
)
def information_ratio(returns: Sequence[float], benchmark: Sequence[float]) -> float | None:
    """Annualised difference over the tracking error."""
    spread = tracking_error(returns, benchmark)
    return mean(_difference(returns, benchmark)) * SESSIONS_A_YEAR / spread if spread else None


def _difference(returns: Sequence[float], benchmark: Sequence[float]) -> list[float]:
    return [r - b for r, b in zip(returns, benchmark, strict=True)]
