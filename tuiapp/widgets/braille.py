"""Lines of dots: two columns and four rows of them in every cell. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10, nan
from typing import Final

EMPTY: Final = 0x2800
# Bit of a dot in its cell, by column and row from the top.
BITS: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


def plot(
    values: Sequence[float],
    columns: int,
    rows: int,
    low: float,
    high: float,
    *,
    every: int = 1,
    base: float = nan,
) -> list[list[int]]:
    """Dots of a line through evenly spaced values, as bits of each cell, row by row from the top.

    Every column of dots reaches from the least to the greatest value of its stretch, so that no day is lost
    where there are more days than dots. ``every=2`` draws every second column: a dotted line. NaN is no value:
    nothing is drawn there. With a ``base``, all between it and the line is filled.
    """
    cells = [[0] * columns for _ in range(rows)]
    if not values or high <= low:
        return cells
    scale = (rows * 4 - 1) / (high - low)
    for x in range(0, columns * 2, every):
        stretch = _stretch(values, x, columns * 2)
        if stretch is None:
            continue
        least, most = _from_base(*stretch, base)
        top, bottom = round((high - most) * scale), round((high - least) * scale)
        for y in range(max(0, top), min(rows * 4 - 1, bottom) + 1):
            cells[y // 4][x // 2] |= BITS[x % 2][y % 4]
    return cells


def _from_base(least: float, most: float, base: float) -> tuple[float, float]:
    return (min(least, base), max(most, base)) if base == base else (least, most)


def _stretch(values: Sequence[float], x: int, width: int) -> tuple[float, float] | None:
    """Least and greatest value between the ends of column ``x``; the ends are interpolated and shared."""
    span = len(values) - 1
    first, last = x * span / width, (x + 1) * span / width
    inside = values[ceil(first) : floor(last) + 1]
    ends = (_between(values, first), _between(values, last))
    known = [value for value in (*inside, *ends) if value == value]
    return (min(known), max(known)) if known else None


def _between(values: Sequence[float], place: float) -> float:
    before = floor(place)
    after = min(before + 1, len(values) - 1)
    return values[before] + (values[after] - values[before]) * (place - before)


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
