"""Metrics of a return series, each a small function in a registry; definitions as in METHODOLOGY.md."""

from __future__ import annotations

from engine.metrics.calendar_returns import month_returns, year_returns
from engine.metrics.drawdown import Drawdown, drawdowns, worst_drawdown
from engine.metrics.holdings import annualised_turnover, effective_constituents
from engine.metrics.performance import METRICS, compute
from engine.metrics.periods import PERIODS, PeriodStart, period_start
from engine.metrics.registry import Definition
from engine.metrics.relative import RELATIVE_METRICS, compute_relative

__all__ = [
    "METRICS",
    "PERIODS",
    "RELATIVE_METRICS",
    "Definition",
    "Drawdown",
    "PeriodStart",
    "annualised_turnover",
    "compute",
    "compute_relative",
    "drawdowns",
    "effective_constituents",
    "month_returns",
    "period_start",
    "worst_drawdown",
    "year_returns",
]
