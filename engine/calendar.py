"""NYSE sessions: which days the exchange trades, and when a session's prices are final.

Sessions are vouched for from 1971 on, close times from 1995 on (older half days had other hours). Both come
from the ``holidays`` package: by a table for the years that matter, by the package itself for others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from engine import closed_days

FINAL_AT: Final = time(16, 15)
"""New York time from which the prices of a full session are final."""

FINAL_AT_HALF_DAY: Final = time(13, 15)
"""The same on a day that closes at 13:00."""

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


def is_session(day: date) -> bool:
    """Whether the NYSE trades on this day."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def sessions_between(start: date, end: date) -> list[date]:
    """Sessions from ``start`` to ``end``, both inclusive; empty when ``end`` is earlier."""
    days = (start + timedelta(days=offset) for offset in range((end - start).days + 1))
    return [day for day in days if is_session(day)]


def next_session(day: date) -> date:
    """The first session on or after ``day``."""
    return next(candidate for candidate in _days_from(day, ONE_DAY) if is_session(candidate))


def previous_session(day: date) -> date:
    """The last session on or before ``day``."""
    return next(candidate for candidate in _days_from(day, -ONE_DAY) if is_session(candidate))


def is_half_day(day: date) -> bool:
    """Whether ``day`` is a session that closes early."""
    return is_session(day) and day in _half_days(day.year)


def close_time(session: date) -> datetime:
    """When the prices of ``session`` are final, in New York time.

    Raises:
        ValueError: If ``session`` is not a day the NYSE trades.
    """
    if not is_session(session):
        raise ValueError(f"{session} is not a NYSE session")
    return datetime.combine(session, FINAL_AT_HALF_DAY if is_half_day(session) else FINAL_AT, _new_york())


def last_closed_session(now: datetime) -> date:
    """The last session whose prices are final at ``now``.

    Raises:
        ValueError: If ``now`` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be placed in New York")
    session = previous_session(now.astimezone(_new_york()).date())
    return session if close_time(session) <= now else previous_session(session - ONE_DAY)


def sessions_behind(last: date, now: datetime) -> int:
    """How many sessions have closed since ``last``, seen at ``now``; never negative."""
    return len(sessions_between(last + ONE_DAY, last_closed_session(now)))


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step


@cache
def _new_york() -> ZoneInfo:
    return ZoneInfo("America/New_York")


def _holidays(year: int) -> frozenset[date]:
    return _tabled(closed_days.CLOSED).get(year) or library_days(year, "public")


def _half_days(year: int) -> frozenset[date]:
    found = _tabled(closed_days.HALF_DAYS).get(year)
    return library_days(year, "half_day") if found is None else found


@cache
def _tabled(table: str) -> dict[int, frozenset[date]]:
    """Days by year, from lines such as ``2026 01-01 01-19``."""
    found = {}
    for line in table.split("\n"):
        year, *days = line.split() or [""]
        if days or year:
            found[int(year)] = frozenset(date.fromisoformat(f"{year}-{day}") for day in days)
    return found


@cache
def library_days(year: int, category: str) -> frozenset[date]:
    """Days of one year as the ``holidays`` package gives them; ``public`` or ``half_day``."""
    import holidays

    return frozenset(holidays.financial_holidays("NYSE", years=year, categories=(category,)))
