"""A performance view from returns, without a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate

from engine.views.types import IndexStatus, PerformanceView

BASE = 1000.0


def view_of(
    sessions: Sequence[date],
    price: Sequence[float],
    total: Sequence[float] | None = None,
    benchmarks: Mapping[str, Sequence[float | None]] | None = None,
    turnover: float = 0.01,
) -> PerformanceView:
    """One return for every session but the first; the total return is the price return unless given."""
    series = (price, price if total is None else total)
    level_pr, level_tr = (
        tuple(accumulate(returns, lambda level, change: level * (1 + change), initial=BASE)) for returns in series
    )
    count = len(sessions)
    return PerformanceView(
        status=_status(sessions, level_pr[-1], level_tr[-1]),
        sessions=tuple(sessions),
        level_pr=level_pr,
        level_tr=level_tr,
        return_pr=(None, *series[0]),
        return_tr=(None, *series[1]),
        members=(100,) * count,
        priced=(100,) * count,
        turnover=(None, *[turnover] * (count - 1)),
        benchmarks={symbol: tuple(closes) for symbol, closes in (benchmarks or {}).items()},
    )


def _status(sessions: Sequence[date], level_pr: float, level_tr: float) -> IndexStatus:
    return IndexStatus(
        index="top100",
        size=100,
        session=sessions[-1],
        level_pr=level_pr,
        level_tr=level_tr,
        return_pr=None,
        return_tr=None,
        members=100,
        held=100,
        priced=100,
        source="import",
        synthetic=False,
        first_session=sessions[0],
        last_session=sessions[-1],
        sessions_behind=0,
        data_version=1,
    )
