"""Returns of calendar months and years, compounded from daily ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def month_returns(sessions: Sequence[date], returns: Sequence[float]) -> dict[tuple[int, int], float]:
    """Return by (year, month), oldest first; ``returns`` are those of ``sessions``, one each."""
    growths: dict[tuple[int, int], float] = {}
    for session, change in zip(sessions, returns, strict=True):
        month = (session.year, session.month)
        growths[month] = growths.get(month, 1.0) * (1 + change)
    return {month: growth - 1 for month, growth in growths.items()}


def year_returns(sessions: Sequence[date], returns: Sequence[float]) -> dict[int, float]:
    """Return by year, oldest first; ``returns`` are those of ``sessions``, one each."""
    growths: dict[int, float] = {}
    for session, change in zip(sessions, returns, strict=True):
        growths[session.year] = growths.get(session.year, 1.0) * (1 + change)
    return {year: growth - 1 for year, growth in growths.items()}
