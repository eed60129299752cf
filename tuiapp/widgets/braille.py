"""Lines of dots: two columns and four rows of them in every cell. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, nan
from typing import Final

EMPTY: Final = 0x2800
# Bit of a dot in its cell, by column and row from the top.
BITS: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


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
        reach = stretch(values, x, columns * 2, base)
        if reach is None:
            continue
        least, most = reach
        top, bottom = round((high - most) * scale), round((high - least) * scale)
        for y in range(max(0, top), min(rows * 4 - 1, bottom) + 1):
            cells[y // 4][x // 2] |= BITS[x % 2][y % 4]
    return cells


def stretch(values: Sequence[float], x: int, width: int, base: float = nan) -> tuple[float, float] | None:
    """Least and greatest value between the ends of column ``x``, and the base; the ends are interpolated and shared."""
    span = len(values) - 1
    first, last = x * span / width, (x + 1) * span / width
    reach = (*values[ceil(first) : floor(last) + 1], _between(values, first), _between(values, last))
    total = sum(reach)
    if total != total:
        reach = tuple(value for value in reach if value == value)
    if not reach:
        return None
    least, most = min(reach), max(reach)
    return (min(least, base), max(most, base)) if base == base else (least, most)


def _between(values: Sequence[float], place: float) -> float:
    before = floor(place)
    after = min(before + 1, len(values) - 1)
    return values[before] + (values[after] - values[before]) * (place - before)
