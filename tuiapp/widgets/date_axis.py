"""The axis of dates below a chart: years, quarters, months, weeks or sessions, as close as their labels allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from tuiapp.format import MONTHS
from tuiapp.widgets.line import Part

CLOSEST: Final = 5
"""Least cells from one label to the next."""


def column_of(place: int, count: int, columns: int) -> int:
    """The column of cells in which value ``place`` of ``count`` evenly spaced ones is drawn."""
    return min(columns - 1, place * columns // max(1, count - 1))


def date_axis(dates: Sequence[date], gutter: int, columns: int) -> list[list[Part]]:
    """The axis, and below it the dates."""
    marks = next(_fitting(dates, columns), None) or _ends(dates, columns)
    axis, labels = ["─"] * columns, [" "] * (columns + 1)
    for x, label in marks:
        axis[x] = "┬"
        begin = min(x, columns + 1 - len(label))
        labels[begin : begin + len(label)] = label
    return [
        [(" " * gutter + "└" + "".join(axis), "faint")],
        [(" " * (gutter + 1) + "".join(labels), "muted")],
    ]


def _fitting(dates: Sequence[date], columns: int) -> Iterator[list[tuple[int, str]]]:
    span = (dates[-1] - dates[0]).days
    for days, period, label in _CALENDAR:
        if span / days * CLOSEST > columns:
            continue
        marks = [
            (column_of(place, len(dates), columns), label(now))
            for place, (before, now) in enumerate(pairwise(dates), start=1)
            if period(before) != period(now)
        ]
        marks = [(x, text) for x, text in marks if x + len(text) <= columns]
        if marks and all(b[0] - a[0] >= len(a[1]) + 2 for a, b in pairwise(marks)):
            yield marks


def _ends(dates: Sequence[date], columns: int) -> list[tuple[int, str]]:
    """First and last date, where no period of the calendar has its beginnings far enough apart."""
    ends = [(0, dates[0].isoformat()), (columns - 1, dates[-1].isoformat())]
    return ends if columns >= sum(len(label) for _, label in ends) + 2 else ends[:1]


def _month(day: date) -> str:
    return MONTHS[day.month - 1] if day.month > 1 else str(day.year)


def _year(day: date) -> str:
    return str(day.year)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


_Period = Callable[[date], object]
# Days of a period or so, what is the same throughout it, and the label of its first session.
_CALENDAR: Final[tuple[tuple[int, _Period, Callable[[date], str]], ...]] = (
    (1, lambda day: day, _day),
    (7, lambda day: day.isocalendar()[:2], _day),
    (30, lambda day: (day.year, day.month), _month),
    (90, lambda day: (day.year, (day.month - 1) // 3), _month),
    (180, lambda day: (day.year, (day.month - 1) // 6), _month),
    (365, lambda day: day.year, _year),
    (730, lambda day: day.year // 2, _year),
    (1825, lambda day: day.year // 5, _year),
    (3650, lambda day: day.year // 10, _year),
)
