"""Metrics by period, from the levels of the index."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from engine.domain.fields import ANNUAL_TURNOVER, Field
from engine.metrics import METRICS, PERIODS, annualised_turnover, compute, period_start
from engine.views.types import Metric, MetricsView, PerformanceView, PeriodMetrics

CUSTOM = "custom"


def metric_fields() -> tuple[Field, ...]:
    """Fields of the metrics of a period, in display order."""
    return (*(definition.field for definition in METRICS.values()), ANNUAL_TURNOVER)


def metrics_view(view: PerformanceView, start: date | None) -> MetricsView:
    """Metrics of the standard periods that end with the view, or of the one that begins at ``start``.

    Args:
        view: Every session up to the end of the periods.
        start: First session whose return counts, or None for the standard periods.
    """
    if start is None:
        return MetricsView(view.status, tuple(_standard(view)))
    first = max(bisect_left(view.sessions, start) - 1, 0)
    complete = start >= view.sessions[0]
    return MetricsView(view.status, (_period(view, CUSTOM, first, complete),))


def _standard(view: PerformanceView) -> Iterator[PeriodMetrics]:
    end = len(view.sessions) - 1
    for period in PERIODS:
        start = period_start(view.sessions, end, period)
        yield _period(view, period, start.index, start.complete)


def _period(view: PerformanceView, period: str, first: int, complete: bool) -> PeriodMetrics:
    """Metrics of the returns after session number ``first``."""
    price, total = _returns(view.return_pr, first), _returns(view.return_tr, first)
    turnover = Metric(ANNUAL_TURNOVER.key, annualised_turnover(_returns(view.turnover, first)))
    return PeriodMetrics(
        period=period,
        first=view.sessions[first],
        last=view.sessions[-1],
        complete=complete,
        observations=len(price),
        price=(*compute(price), turnover),
        total=(*compute(total), turnover),
    )


def _returns(values: Sequence[float | None], first: int) -> list[float]:
    return [value for value in values[first + 1 :] if value is not None]
