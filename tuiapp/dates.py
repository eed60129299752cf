"""Dates as people type them to go there: whole, in part, in words, or as a distance."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from tuiapp import format as text

WORDS: Final = ("latest", "today", "first", "ytd")
MONTHS: Final = {"y": 12, "m": 1}
DAYS: Final = {"w": 7, "d": 1}
FARTHEST: Final = 4_000
"""Longest distance that means anything, in its unit."""

HOW_TO_TYPE: Final = "A date is 2024-03-15, 2024-03, 2024, -1y, -10d, ytd, first or latest"

_DISTANCE: Final = re.compile(r"([+-])(\d{1,4})([ymwd])", re.ASCII)


def meant(typed: str, sessions: Sequence[date], session: date) -> date | None:
    """The day that a text means, None if it means none.

    Args:
        typed: ``2024-03-15``, ``2024-03`` and ``2024`` (their last days), ``latest`` or ``today`` (the last session),
            ``first``, ``ytd`` (the last session of the year before) or a distance such as ``-1y``, ``-3m``, ``+2w``.
        sessions: All sessions.
        session: The session that a distance counts from.
    """
    word = typed.strip().lower()
    if word in WORDS:
        ends = {"first": sessions[0], "ytd": date(session.year - 1, 12, 31)}
        return ends.get(word, sessions[-1])
    found = _DISTANCE.fullmatch(word)
    if found is None:
        return text.typed_date(word)
    number = int(found[1] + found[2])
    return _moved(session, number, found[3]) if abs(number) <= FARTHEST else None


def no_date(typed: str) -> str:
    """What to say of a text that means no day."""
    return f"“{text.plain(typed)}” is no date. {HOW_TO_TYPE}"


def _moved(day: date, number: int, unit: str) -> date | None:
    try:
        if unit in DAYS:
            return day + timedelta(days=number * DAYS[unit])
        months = day.year * 12 + day.month - 1 + number * MONTHS[unit]
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None
