"""A line chart of braille dots with round ticks and dates, built once for each size and series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf, isclose, nan
from typing import Final

from tuiapp.format import MONTHS
from tuiapp.widgets.braille import EMPTY, plot, ticks
from tuiapp.widgets.line import LineWidget, Part

ROWS_A_TICK: Final = 3
CLOSEST: Final = 5
MOST_DECIMALS: Final = 4
GRID: Final = "┈"


Form = Callable[[float, Sequence[float]], str]
"""Writes a tick, given all of them."""


def rounded(mark: float, marks: Sequence[float]) -> str:
    """A tick with as many decimals as the distance to the next one needs."""
    step = marks[1] - marks[0] if len(marks) > 1 else abs(mark) or 1.0
    decimals = next((count for count in range(MOST_DECIMALS) if isclose(step, round(step, count))), MOST_DECIMALS)
    return f"{mark:,.{decimals}f}"


def in_percent(mark: float, marks: Sequence[float]) -> str:
    """A fraction as percent likewise."""
    return rounded(round(100 * mark, 6), [round(100 * each, 6) for each in marks]) + "%"


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of the chart.

    Attributes:
        values: Its values, one for each date of the chart; NaN where it has none.
        tone: Name of its tone.
        dotted: Whether it is drawn with gaps, so that it is told apart without colour.
        base: What it is filled from, NaN for a bare line.
    """

    values: tuple[float, ...]
    tone: str
    dotted: bool = False
    base: float = nan


class LineChart(LineWidget, can_focus=True):
    """Curves over the same dates. The first one lies on top."""

    def __init__(self) -> None:
        super().__init__(classes="chart")
        self._dates: Sequence[date] = ()
        self._curves: tuple[Curve, ...] = ()
        self._form: Form = rounded
        self._most = inf
        self._lines: list[list[Part]] = []
        self._built_for: object = None

    def show(
        self, dates: Sequence[date], curves: tuple[Curve, ...], form: Form = rounded, *, most: float = inf
    ) -> None:
        """Draw these curves, with the ticks written by ``form``; the axis ends at ``most``."""
        self._most = most
        self._dates, self._curves, self._form, self._built_for = dates, curves, form, None
        self.refresh()

    def parts_at(self, y: int) -> list[Part]:
        """Line ``y``, from lines that are kept until size or curves change."""
        if self._built_for != self.size:
            self._lines, self._built_for = self._build(self.size.width, self.size.height), self.size
        return self._lines[y] if y < len(self._lines) else []

    def _build(self, width: int, height: int) -> list[list[Part]]:
        rows = height - 2
        if len(self._dates) < 2 or rows < 2 or not any(map(_known, self._curves)):
            return [[], [("  A line needs two sessions.", "muted")]] if rows >= 2 else []
        low, high = _bounds(self._curves, self._most)
        marks = ticks(low, high, max(2, rows // ROWS_A_TICK))
        labels = {round((high - mark) / (high - low) * (rows - 1)): self._form(mark, marks) for mark in marks}
        gutter = max(map(len, labels.values()), default=4) + 2
        columns = width - gutter - 1
        cells = [(_dots(c, columns, rows, low, high), c.tone) for c in self._curves]
        lines = [
            [
                (labels.get(y, "").rjust(gutter - 1) + " ", "muted"),
                ("┤" if y in labels else "│", "faint"),
                *_row([(layer[y], tone) for layer, tone in cells], columns, GRID if y in labels else " "),
            ]
            for y in range(rows)
        ]
        return lines + _date_axis(self._dates, gutter, columns)


def _known(curve: Curve) -> list[float]:
    """The values that it has, and what it is filled from."""
    values = [value for value in curve.values if value == value]
    return [*values, curve.base] if values and curve.base == curve.base else values


def _dots(curve: Curve, columns: int, rows: int, low: float, high: float) -> list[list[int]]:
    return plot(curve.values, columns, rows, low, high, every=2 if curve.dotted else 1, base=curve.base)


def _bounds(curves: Sequence[Curve], most: float) -> tuple[float, float]:
    known = [value for curve in curves for value in _known(curve)]
    low, high = min(known), max(known)
    margin = (high - low) * 0.02 or abs(high) * 0.01 or 0.01
    return low - margin, min(high + margin, most)


def _row(layers: list[tuple[list[int], str]], columns: int, blank: str) -> list[Part]:
    """The cells of one row; where curves meet, the first one gives the tone."""
    parts: list[Part] = []
    for x in range(columns):
        char, tone = _cell(layers, x, blank)
        if parts and parts[-1][1] == tone:
            parts[-1] = (parts[-1][0] + char, tone)
        else:
            parts.append((char, tone))
    return parts


def _cell(layers: list[tuple[list[int], str]], x: int, blank: str) -> Part:
    dots, found = 0, ""
    for cells, tone in layers:
        if cells[x]:
            dots, found = dots | cells[x], found or tone
    return (chr(EMPTY + dots), found) if dots else (blank, "faint")


def _date_axis(dates: Sequence[date], gutter: int, columns: int) -> list[list[Part]]:
    """The axis and its dates: years, quarters, months, weeks or sessions, as close as labels allow."""
    marks = next(_fitting(dates, columns), [])
    axis, labels = ["─"] * columns, [" "] * (columns + 1)
    for x, label in marks:
        axis[x] = "┬"
        labels[x : x + len(label)] = label
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
            (round(place * (columns - 1) / (len(dates) - 1)), label(now))
            for place, (before, now) in enumerate(pairwise(dates), start=1)
            if period(before) != period(now)
        ]
        marks = [(x, text) for x, text in marks if x + len(text) <= columns]
        if marks and all(b[0] - a[0] >= len(a[1]) + 2 for a, b in pairwise(marks)):
            yield marks


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
