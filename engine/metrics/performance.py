"""Metrics of one series of simple daily returns, without the first date, which has none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import fsum, sqrt
from typing import Final

from engine.domain.fields import Direction, Field, Unit
from engine.metrics.drawdown import drawdowns
from engine.metrics.registry import SESSIONS_A_YEAR, SHORT_HISTORY, Registry
from engine.metrics.sample import above, annual, deviation, growth, mean, mean_up_to, ordered, quantile
from engine.metrics.series import Series, once
from engine.views.types import Metric

TAIL: Final = 0.05
ROOT_YEAR: Final = sqrt(SESSIONS_A_YEAR)
NO_DEVIATION: Final = "the returns do not vary"
NO_SHORTFALL: Final = "no session below the minimum"

METRICS: Final = Registry()
"""Every metric of one series, in display order."""


def compute(returns: Sequence[float], risk_free: float = 0.0) -> tuple[Metric, ...]:
    """Every metric of ``METRICS`` for a series of simple daily returns, over an annual risk-free rate."""
    series = Series.of(returns)
    return tuple(definition.of(series, risk_free=risk_free) for definition in METRICS.values())


@METRICS.metric(
    Field(
        "total_return",
        "Return",
        Unit.FRACTION,
        2,
        Direction.UP,
        "What was gained over the whole period.",
        signed=True,
    ),
    formula="product of (1 + r), less 1",
    source="empyrical: cum_returns_final",
)
def total_return(returns: Sequence[float]) -> float:
    """Gain over the whole period."""
    return growth(returns) - 1


@METRICS.metric(
    Field(
        "cagr",
        "CAGR",
        Unit.FRACTION,
        2,
        Direction.UP,
        "The steady yearly return that gives the same gain.",
        signed=True,
    ),
    formula="(product of (1 + r)) to the power of 252/n, less 1",
    source="empyrical: cagr; years are sessions / 252, not days of the calendar",
    undefined="too large to be stated",
)
@once
def cagr(returns: Sequence[float]) -> float | None:
    """Compound annual growth rate, by 252 sessions a year."""
    return annual(growth(returns), len(returns))


@METRICS.metric(
    Field("volatility", "Volatility", Unit.FRACTION, 2, Direction.DOWN, "How much returns vary, by year."),
    formula="sample deviation (n-1) of r × √252",
    source="empyrical: annual_volatility",
    undefined=NO_DEVIATION,
)
@once
def volatility(returns: Sequence[float]) -> float | None:
    """Annualised sample deviation."""
    return deviation(returns) * ROOT_YEAR or None


@METRICS.metric(
    Field(
        "sharpe",
        "Sharpe",
        Unit.RATIO,
        2,
        Direction.UP,
        "Return above the risk-free rate for each unit of volatility.",
        signed=True,
    ),
    formula="mean of (r - rf) / deviation of (r - rf) × √252; rf is 0 unless set",
    source="empyrical: sharpe_ratio",
    undefined=NO_DEVIATION,
    short_under=SHORT_HISTORY,
    over_risk_free=True,
)
def sharpe(returns: Sequence[float], risk_free: float = 0.0) -> float | None:
    """Annualised Sharpe ratio over an annual risk-free rate."""
    excess = above(returns, risk_free)
    spread = deviation(excess)
    return mean(excess) / spread * ROOT_YEAR if spread else None


@METRICS.metric(
    Field(
        "sortino",
        "Sortino",
        Unit.RATIO,
        2,
        Direction.UP,
        "Return above the minimum for each unit of downside deviation.",
        signed=True,
    ),
    formula="mean of (r - minimum) × 252 / downside deviation; the minimum is 0",
    source="empyrical: sortino_ratio",
    undefined=NO_SHORTFALL,
    short_under=SHORT_HISTORY,
)
def sortino(returns: Sequence[float], minimum: float = 0.0) -> float | None:
    """Annualised Sortino ratio over an annual minimum return."""
    spread = downside_deviation(returns, minimum)
    return mean(above(returns, minimum)) * SESSIONS_A_YEAR / spread if spread else None


@METRICS.metric(
    Field(
        "downside_deviation",
        "Downside dev.",
        Unit.FRACTION,
        2,
        Direction.DOWN,
        "How far returns fall short of the minimum, by year.",
    ),
    formula="√(mean of min(r - minimum, 0)²) × √252, over all n sessions",
    source="empyrical: downside_risk",
    undefined=NO_SHORTFALL,
)
@once
def downside_deviation(returns: Sequence[float], minimum: float = 0.0) -> float | None:
    """Annualised deviation below an annual minimum return, over all observations."""
    shortfalls = [each * each for each in above(returns, minimum) if each < 0]
    return sqrt(fsum(shortfalls) / len(returns)) * ROOT_YEAR or None


@METRICS.metric(
    Field(
        "max_drawdown",
        "Max drawdown",
        Unit.FRACTION,
        2,
        Direction.UP,
        "The deepest fall from a level reached before.",
        signed=True,
    ),
    formula="smallest of level / highest level so far, less 1; the level is 1 before the first return",
    source="empyrical: max_drawdown",
)
@once
def max_drawdown(returns: Sequence[float]) -> float:
    """Deepest fall from the highest level so far; 0 when nothing fell."""
    return min(drawdowns(returns), default=0.0)


@METRICS.metric(
    Field(
        "calmar",
        "Calmar",
        Unit.RATIO,
        2,
        Direction.UP,
        "Yearly growth for each unit of the deepest fall.",
        signed=True,
    ),
    formula="CAGR / absolute value of the max drawdown",
    source="empyrical: calmar_ratio",
    undefined="nothing fell, or the CAGR is too large to be stated",
)
def calmar(returns: Sequence[float]) -> float | None:
    """CAGR over the depth of the deepest fall."""
    depth, yearly = max_drawdown(returns), cagr(returns)
    return yearly / abs(depth) if depth and yearly is not None else None


@METRICS.metric(
    Field(
        "var_95",
        "VaR 95",
        Unit.FRACTION,
        2,
        Direction.UP,
        "The daily return that one session in twenty falls below.",
        signed=True,
    ),
    formula="historical 5 % quantile of r, interpolated linearly",
    source="empyrical: value_at_risk",
    short_under=SHORT_HISTORY,
)
@once
def var_95(returns: Sequence[float]) -> float:
    """Historical value at risk as a daily return."""
    return quantile(returns, TAIL)


@METRICS.metric(
    Field(
        "cvar_95",
        "CVaR 95",
        Unit.FRACTION,
        2,
        Direction.UP,
        "The mean daily return of the worst sessions, one in twenty.",
        signed=True,
    ),
    formula="mean of r at or below VaR 95",
    source="empyrical: conditional_value_at_risk; all of r that tie with the last one count",
    short_under=SHORT_HISTORY,
)
def cvar_95(returns: Sequence[float]) -> float:
    """Mean of the returns at or below the value at risk."""
    return mean_up_to(returns, var_95(returns))


@METRICS.metric(
    Field("best_day", "Best day", Unit.FRACTION, 2, Direction.UP, "The largest daily return.", signed=True),
    formula="largest r",
    source="by definition",
)
def best_day(returns: Sequence[float]) -> float:
    """Largest daily return."""
    return ordered(returns)[-1]


@METRICS.metric(
    Field("worst_day", "Worst day", Unit.FRACTION, 2, Direction.UP, "The smallest daily return.", signed=True),
    formula="smallest r",
    source="by definition",
)
def worst_day(returns: Sequence[float]) -> float:
    """Smallest daily return."""
    return ordered(returns)[0]


@METRICS.metric(
    Field("positive_days", "Days up", Unit.FRACTION, 1, Direction.UP, "Share of the sessions with a gain."),
    formula="number of r above 0 / n",
    source="by definition",
)
def positive_days(returns: Sequence[float]) -> float:
    """Fraction of the sessions with a gain."""
    return (len(returns) - bisect_right(ordered(returns), 0.0)) / len(returns)
