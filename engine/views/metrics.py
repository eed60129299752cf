"""Metrics by period, from the levels of the index and the closes of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from engine.domain.fields import ANNUAL_TURNOVER, Field
from engine.metrics import (
    HOLDING_METRICS,
    METRICS,
    PERIODS,
    RELATIVE_METRICS,
    Definition,
    PeriodStart,
    Series,
    compute,
    compute_relative,
    custom_start,
    period_start,
)
from engine.views.types import MetricsView, PerformanceView, PeriodMetrics, RelativeMetrics

CUSTOM = "custom"
TURNOVER = HOLDING_METRICS[ANNUAL_TURNOVER.key]


def metric_definitions() -> dict[str, Definition]:
    """Every metric that a metrics view may show, by key: those of a period, then those against a benchmark."""
    return {**METRICS, ANNUAL_TURNOVER.key: TURNOVER, **RELATIVE_METRICS}


def metric_fields() -> tuple[Field, ...]:
    """Fields of the metrics of a period, in display order."""
    return (*(definition.field for definition in METRICS.values()), ANNUAL_TURNOVER)


def relative_fields() -> tuple[Field, ...]:
    """Fields of the metrics of a period against a benchmark, in display order."""
    return tuple(definition.field for definition in RELATIVE_METRICS.values())


def metrics_view(view: PerformanceView, start: date | None, risk_free: float = 0.0) -> MetricsView:
    """Metrics of the standard periods that end with the view, or of the one that begins at ``start``.

    Args:
        view: Every session up to the end of the periods.
        start: First session whose return counts, or None for the standard periods.
        risk_free: Yearly risk-free rate, a fraction.
    """
    moves = {symbol: _moves(closes) for symbol, closes in sorted(view.benchmarks.items())}
    periods = (_period(view, name, place, moves, risk_free) for name, place in _starts(view.sessions, start))
    return MetricsView(view.status, tuple(periods))


def _starts(sessions: Sequence[date], start: date | None) -> Iterator[tuple[str, PeriodStart]]:
    if start is not None:
        yield CUSTOM, custom_start(sessions, start)
        return
    for period in PERIODS:
        yield period, period_start(sessions, len(sessions) - 1, period)


def _moves(closes: Sequence[float | None]) -> list[float | None]:
    """Returns between consecutive sessions that both have a close, None for all other sessions."""
    pairs = pairwise(closes)
    return [None, *(close / before - 1 if before and close is not None else None for before, close in pairs)]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The sessions of a period that have a return, and both series of returns."""

    sessions: Sequence[date]
    price: Series
    total: Series

    def against(self, symbol: str, moves: Sequence[float | None], risk_free: float) -> RelativeMetrics:
        """Metrics against a benchmark on the sessions for which it has a return too."""
        common, other = self._common(moves)
        return RelativeMetrics(
            benchmark=symbol,
            observations=len(other),
            first=common.sessions[0] if other else None,
            last=common.sessions[-1] if other else None,
            price=compute_relative(common.price, other, risk_free),
            total=compute_relative(common.total, other, risk_free),
        )

    def _common(self, moves: Sequence[float | None]) -> tuple[_Stretch, Series]:
        other = Series.of([move for move in moves if move is not None])
        if len(other) == len(moves):
            return self, other
        kept = [place for place, move in enumerate(moves) if move is not None]
        price, total = (Series.of([each[place] for place in kept]) for each in (self.price, self.total))
        return _Stretch([self.sessions[place] for place in kept], price, total), other


def _period(
    view: PerformanceView, name: str, start: PeriodStart, moves: dict[str, list[float | None]], risk_free: float
) -> PeriodMetrics:
    first = start.index + 1
    price, total = (Series.of(returns_from(values, first)) for values in (view.return_pr, view.return_tr))
    stretch = _Stretch(view.sessions[first:], price, total)
    turnover = TURNOVER.of(returns_from(view.turnover, first))
    return PeriodMetrics(
        period=name,
        first=view.sessions[start.index],
        last=view.sessions[-1],
        complete=start.complete,
        observations=len(price),
        price=(*compute(price, risk_free), turnover),
        total=(*compute(total, risk_free), turnover),
        relative=tuple(stretch.against(symbol, found[first:], risk_free) for symbol, found in moves.items()),
    )


def returns_from(values: Sequence[float | None], first: int) -> list[float]:
    """Values of the sessions from number ``first`` on; only the first session of an index has none."""
    return [value for value in values[first:] if value is not None]
