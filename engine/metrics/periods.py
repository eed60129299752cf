"""Where a period such as 3M or YTD starts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

MONTHS: Final = {"1M": 1, "3M": 3, "6M": 6, "1Y": 12, "3Y": 36, "5Y": 60}
PERIODS: Final = ("1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all")
"""The standard periods, in display order."""


@dataclass(frozen=True, slots=True)
class PeriodStart:
    """Place of the session whose close a period starts from, and whether history reaches back so far."""

    index: int
    complete: bool


def period_start(sessions: Sequence[date], end_index: int, period: str) -> PeriodStart:
    """Where the period that ends with ``sessions[end_index]`` starts.

    A period of months starts from the last session on or before the same day so many months earlier, YTD from
    the last session of the year before, ``all`` from the first session.

    Raises:
        ValueError: If there is no such period.
    """
    if period == "all":
        return PeriodStart(0, True)
    index = bisect_right(sessions, _anchor(sessions[end_index], period)) - 1
    return PeriodStart(max(index, 0), index >= 0)


def custom_start(sessions: Sequence[date], first: date) -> PeriodStart:
    """Where a period starts whose first return is that of the first session on or after ``first``."""
    return PeriodStart(max(bisect_left(sessions, first) - 1, 0), first >= sessions[0])


def _anchor(end: date, period: str) -> date:
    if period == "YTD":
        return date(end.year - 1, 12, 31)
    if period not in MONTHS:
        raise ValueError(f"no period {period!r}, only {', '.join(PERIODS)}")
    return _months_earlier(end, MONTHS[period])


def _months_earlier(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
