"""Metrics of a return series, each a small function in a registry; definitions as in METHODOLOGY.md."""

from __future__ import annotations

from engine.metrics.calendar_returns import month_returns, year_returns
from engine.metrics.drawdown import Drawdown, deepest_drawdowns, drawdowns, worst_drawdown
from engine.metrics.holdings import HOLDING_METRICS, annualised_turnover, effective_constituents
from engine.metrics.performance import METRICS, compute
from engine.metrics.periods import PERIODS, PeriodStart, custom_start, period_start
from engine.metrics.registry import Definition
from engine.metrics.relative import RELATIVE_METRICS, compute_relative
from engine.metrics.rolling import rolling_volatility
from engine.metrics.series import Series

__all__ = [
    "HOLDING_METRICS",
    "METRICS",
    "PERIODS",
    "RELATIVE_METRICS",
    "Definition",
    "Drawdown",
    "PeriodStart",
    "Series",
    "annualised_turnover",
    "compute",
    "compute_relative",
    "custom_start",
    "deepest_drawdowns",
    "drawdowns",
    "effective_constituents",
    "month_returns",
    "period_start",
    "rolling_volatility",
    "worst_drawdown",
    "year_returns",
]
