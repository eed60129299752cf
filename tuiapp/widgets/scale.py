"""Where a value lies on the axis of a chart, linear or logarithmic, and the round marks beside it. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf, isclose, log10
from typing import Final

STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
LOG_STEPS: Final = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0))
"""First digits of the marks of a decade, from few to many."""
MOST_DECIMALS: Final = 4
FINEST: Final = 0.01
"""Ends in percent are written as finely as this."""
DOTS: Final = 4
"""Rows of dots in a cell."""

Form = Callable[[float, Sequence[float]], str]
"""Writes a mark, given all of them."""


def rounded(mark: float, marks: Sequence[float]) -> str:
    """A mark with as many decimals as the least distance between two needs."""
    steps = [after - before for before, after in pairwise(marks)]
    step = min(steps, default=0.0) or abs(mark) or 1.0
    decimals = next((count for count in range(MOST_DECIMALS) if isclose(step, round(step, count))), MOST_DECIMALS)
    return f"{mark:,.{decimals}f}"


def in_percent(mark: float, marks: Sequence[float]) -> str:
    """A fraction as percent likewise."""
    return rounded(round(100 * mark, 6), [round(100 * each, 6) for each in marks]) + "%"


def ends_in_percent(mark: float, marks: Sequence[float]) -> str:  # noqa: ARG001 (a form is given all marks)
    """The end of an axis, which need not be round, as percent."""
    shown = round(100 * mark, 1)
    return f"{shown:.1f}%" if shown else "0%"


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between two bounds, at most so many, as many as that allows."""
    if high <= low or most < 1:
        return []
    size = float(10 ** floor(log10((high - low) / most)))
    for step in (size * factor * scale for scale in (1, 10) for factor in STEPS):
        first, last = ceil(low / step), floor(high / step)
        if last - first + 1 <= most:
            return [number * step for number in range(first, last + 1)]
    return []


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between two positive bounds, spread over decades; linear ones where less than two fit so."""
    found: list[float] = []
    for digits in LOG_STEPS:
        marks = [mark for mark in _of_decades(low, high, digits) if low <= mark <= high]
        if len(found) < len(marks) <= most:
            found = marks
    return found if len(found) >= 2 else ticks(low, high, most)


def _of_decades(low: float, high: float, digits: Sequence[float]) -> Iterator[float]:
    for decade in range(floor(log10(low)), floor(log10(high)) + 1):
        yield from (digit * 10.0**decade for digit in digits)


@dataclass(frozen=True, slots=True)
class Axis:
    """An upright axis of so many rows.

    Attributes:
        low: What is drawn at its foot, as it is drawn: on a logarithmic axis a logarithm.
        high: The same at its head.
        rows: Lines of text.
        marks: Round values on it.
        log: Whether it is logarithmic.
    """

    low: float
    high: float
    rows: int
    marks: tuple[float, ...]
    log: bool = False

    def drawn(self, values: Sequence[float]) -> Sequence[float]:
        """Values as they are drawn."""
        return [log10(value) if value > 0 else value for value in values] if self.log else values

    def row(self, value: float) -> int:
        """The line of text in which a value lies, counted from the head."""
        (place,) = self.drawn((value,))
        scale = (self.rows * DOTS - 1) / (self.high - self.low)
        return max(0, min(self.rows - 1, round((self.high - place) * scale) // DOTS))

    @property
    def labels(self) -> dict[int, float]:
        """Marks by their rows."""
        return {self.row(mark): mark for mark in self.marks}


def axis_of(values: Sequence[float], rows: int, most_marks: int, *, most: float = inf, log: bool = False) -> Axis:
    """The axis that all these values lie on; it ends at ``most``."""
    low, high = min(values), max(values)
    log = log and low > 0
    if low == high and most == inf:
        return _around(low, rows)
    if log:
        margin = (high / low) ** 0.02
        low, high = low / margin, high * margin
        return Axis(log10(low), log10(high), rows, tuple(log_ticks(low, high, most_marks)), log=True)
    margin = (high - low) * 0.02 or abs(high) * 0.01 or 0.01
    low, high = low - margin, min(high + margin, most)
    return Axis(low, high, rows, tuple(ticks(low, high, most_marks)))


def _around(value: float, rows: int) -> Axis:
    """An axis with its only value in the middle."""
    margin = abs(value) * 0.01 or 0.01
    return Axis(value - margin, value + margin, rows, (value,))


def between_ends(values: Sequence[float], rows: int) -> Axis:
    """The axis from the least to the greatest value, both marked: for a strip too low for round marks."""
    low, high = min(values), max(values)
    if high - low < FINEST / 100:
        low = high - FINEST
    return Axis(low, high, rows, (low, high))
