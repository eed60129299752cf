"""Dates as people type them: whole, in part, in words, or as a distance.

``meant`` is for a place where all sessions are known. Where they are not known yet, ``opening`` and ``closing``
read what was typed, and what is ``Counted`` from something is told later what it counts from.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tuiapp import format as text

WORDS: Final = ("latest", "today", "first", "ytd")
MONTHS: Final = {"y": 12, "m": 1}
DAYS: Final = {"w": 7, "d": 1}
FARTHEST: Final = 4_000
"""Longest distance that means anything, in its unit."""

HOW_TO_TYPE: Final = "A date is 2024-03-15, 2024-03, 2024, -1y, -10d, ytd, first or latest"

HOW_TO_WRITE: Final = "2024-03-15, 2024-03, 2024, -1y, -3m, -2w, -10d, ytd, first, latest or today"

_DISTANCE: Final = re.compile(r"([+-])(\d{1,4})([ymwd])", re.ASCII)
_PARTS: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Counted:
    """A date that counts from another one: a word, or a distance back.

    Attributes:
        text: ``first``, ``ytd``, ``latest``, ``today``, ``-1y``, ``-3m``, ``-2w`` or ``-10d``.
    """

    text: str

    def opens(self, end: date, first: date) -> date:
        """The first day of a range that ends with ``end``, of a history that begins with ``first``."""
        if self.text == "ytd":
            return date(end.year, 1, 1)
        return self._counted(end, first)

    def closes(self, last: date, first: date) -> date:
        """The last day of a range, of a history from ``first`` to ``last``: ``ytd`` is the end of the year before."""
        if self.text == "ytd":
            return date(last.year - 1, 12, 31)
        return self._counted(last, first)

    def _counted(self, day: date, first: date) -> date:
        if self.text in WORDS:
            return first if self.text == "first" else day
        return _back(day, self.text) or date.min


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


def opening(typed: str) -> date | Counted | None:
    """What the first day of a range means: the first day of a month or a year; None if it means none."""
    return _typed(typed, last=False)


def closing(typed: str) -> date | Counted | None:
    """What the last day of a range means: the last day of a month or a year; None if it means none."""
    return _typed(typed, last=True)


def _typed(typed: str, *, last: bool) -> date | Counted | None:
    word = typed.strip().lower()
    if word in WORDS or (word.startswith("-") and _DISTANCE.fullmatch(word)):
        return Counted(word)
    found = _PARTS.fullmatch(word)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        return _day_of(year or 0, month or (12 if last else 1), day, last=last)
    except ValueError:
        return None


def _day_of(year: int, month: int, day: int | None, *, last: bool) -> date:
    if day is not None:
        return date(year, month, day)
    begin = date(year, month, 1)
    return begin.replace(day=monthrange(year, month)[1]) if last else begin


def _back(day: date, distance: str) -> date | None:
    found = _DISTANCE.fullmatch(distance)
    return None if found is None else _moved(day, int(found[1] + found[2]), found[3])


def _moved(day: date, number: int, unit: str) -> date | None:
    try:
        if unit in DAYS:
            return day + timedelta(days=number * DAYS[unit])
        months = day.year * 12 + day.month - 1 + number * MONTHS[unit]
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None
