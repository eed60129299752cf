"""What the returns of a stretch of sessions were: by month, falls, extreme days, rolling volatility."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from engine.calendar import previous_session
from engine.metrics import (
    Drawdown,
    Series,
    custom_start,
    deepest_drawdowns,
    drawdowns,
    month_returns,
    rolling_volatility,
    year_returns,
)
from engine.views.analysis import DayReturn, DrawdownRow, ReturnsView, SeriesTables, YearReturns
from engine.views.metrics import returns_from
from engine.views.types import PerformanceView

WINDOW: Final = 63
"""Returns in the rolling volatility: a quarter of a year."""

FALLS: Final = 10
EXTREMES: Final = 10


def returns_view(view: PerformanceView, start: date | None) -> ReturnsView:
    """Tables of both series over the whole view, or from ``start`` on.

    Args:
        view: Every session up to the end.
        start: First session whose return counts, or None for all.
    """
    base = 0 if start is None else custom_start(view.sessions, start).index
    sessions = view.sessions[base:]
    price, total = (
        _tables(sessions, Series.of(returns_from(values, base + 1))) for values in (view.return_pr, view.return_tr)
    )
    return ReturnsView(view.status, sessions, WINDOW, price, total)


def _tables(sessions: Sequence[date], returns: Series) -> SeriesTables:
    """Tables of the returns of all ``sessions`` but the first, whose close they start from."""
    days = [DayReturn(session, value) for session, value in zip(sessions[1:], returns, strict=True)]
    return SeriesTables(
        years=tuple(_years(sessions, returns)),
        drawdowns=tuple(_dated(fall, sessions) for fall in deepest_drawdowns(returns, FALLS)),
        best=tuple(sorted(days, key=lambda day: (-day.value, day.session))[:EXTREMES]),
        worst=tuple(sorted(days, key=lambda day: (day.value, day.session))[:EXTREMES]),
        drawdown=(0.0, *drawdowns(returns)),
        volatility=(None, *rolling_volatility(returns, WINDOW)),
    )


def _years(sessions: Sequence[date], returns: Sequence[float]) -> list[YearReturns]:
    months = month_returns(sessions[1:], returns)
    return [
        YearReturns(year, tuple(months.get((year, month)) for month in range(1, 13)), total, _partial(year, sessions))
        for year, total in year_returns(sessions[1:], returns).items()
    ]


def _partial(year: int, sessions: Sequence[date]) -> bool:
    """Whether a session of the year has no return: the first of an index is one such."""
    return sessions[0].year == year or sessions[-1] < previous_session(date(year, 12, 31))


def _dated(fall: Drawdown, sessions: Sequence[date]) -> DrawdownRow:
    recovery = None if fall.recovery is None else sessions[fall.recovery]
    return DrawdownRow(
        depth=fall.depth,
        peak=sessions[fall.peak],
        trough=sessions[fall.trough],
        recovery=recovery,
        sessions_down=fall.trough - fall.peak,
        sessions_back=None if fall.recovery is None else fall.recovery - fall.trough,
        days=((recovery or sessions[-1]) - sessions[fall.peak]).days,
    )
