"""Lines of plain characters, one in every cell, for terminals that cannot show braille. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Final

from tuiapp.widgets.braille import stretch

THIRDS: Final = 3
UPRIGHT: Final = "|"
FILL: Final = ":"
# A line within one cell by its least and greatest third, counted from the top.
WITHIN: Final = {(0, 0): "'", (1, 1): "-", (2, 2): ".", (0, 1): "'", (1, 2): ".", (0, 2): UPRIGHT}


def plot(
    values: Sequence[float],
    columns: int,
    rows: int,
    low: float,
    high: float,
    *,
    mark: str = "",
    base: float = nan,
) -> list[list[str]]:
    """Characters of a line through evenly spaced values, an empty one where it is not, row by row from the top.

    A line without a ``mark`` of its own shows by its character where in the cell it lies. As with dots, no extreme
    is lost, and NaN is no value. With a ``base``, all between it and the line is filled.
    """
    cells = [[""] * columns for _ in range(rows)]
    if not values or high <= low:
        return cells
    scale = (rows * THIRDS - 1) / (high - low)
    for x in range(columns):
        reach = stretch(values, x, columns, base)
        if reach is not None:
            least, most = reach
            top = max(0, round((high - most) * scale))
            bottom = min(rows * THIRDS - 1, round((high - least) * scale))
            _draw(cells, x, top, bottom, mark, filled=base == base)
    return cells


def _draw(cells: list[list[str]], x: int, top: int, bottom: int, mark: str, *, filled: bool) -> None:
    for y in range(top // THIRDS, bottom // THIRDS + 1):
        within = (max(top - y * THIRDS, 0), min(bottom - y * THIRDS, THIRDS - 1))
        shape = WITHIN[within]
        cells[y][x] = mark or (FILL if filled and shape == UPRIGHT else shape)
