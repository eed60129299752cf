"""The crosshair of a chart: an upright line through one session, drawn over lines that stay as they are.

A terminal is sent a line from the beginning of its widget on. While there is a crosshair, narrow bands lie over the
chart and show the same: a step of the crosshair writes a few cells of one or two of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tuiapp.widgets.line import LineWidget

UPRIGHT: Final = ("┊", ":")
"""The line, and how plain characters show it."""
MARK: Final = ("●", "X")
"""Where it crosses the first curve."""
EMPTY: Final = " ┈."
"""Characters of a chart on which nothing is drawn."""
BAND_WIDTH: Final = 8
"""Cells of a band."""


def crossed(strip: Strip, column: int, *, marked: bool, plain: bool, tone: Callable[[str], Style]) -> Strip:
    """A line of a chart with the crosshair in one column: the mark, or the line where nothing else is."""
    before, cell, after = strip.divide([column, column + 1, strip.cell_length])
    if marked:
        cell = Strip([Segment(MARK[plain], tone("strong"))], 1)
    elif cell.text in EMPTY:
        cell = Strip([Segment(UPRIGHT[plain], tone("accent"))], 1)
    return Strip.join([before, cell, after])


class Band(LineWidget):
    """A part of a chart over that chart.

    Args:
        first: Its first column.
        source: Draws a line of the chart.
    """

    def __init__(self, first: int, source: Callable[[int], Strip]) -> None:
        super().__init__(classes="chart-band")
        self.first = first
        self._source = source

    def render_line(self, y: int) -> Strip:
        """Draw its part of one line."""
        return self._source(y).crop(self.first, self.first + self.size.width)
