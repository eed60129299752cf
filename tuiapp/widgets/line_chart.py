"""A line chart, built once for each size and picture, with a crosshair that writes little more than its own cells."""

from __future__ import annotations

from math import ceil
from typing import Final

from textual.geometry import Region
from textual.strip import Strip

from tuiapp.widgets.crosshair import BAND_WIDTH, Band, crossed
from tuiapp.widgets.date_axis import column_of
from tuiapp.widgets.line import LineWidget, Part
from tuiapp.widgets.plotting import Drawing, Panel, Picture, drawing_of

NOTHING: Final = Picture((), Panel(()))


class LineChart(LineWidget, can_focus=True):
    """Curves over the same dates."""

    def __init__(self) -> None:
        super().__init__(classes="chart")
        self._picture = NOTHING
        self._drawing = Drawing()
        self._built_for: object = None
        self._place: int | None = None
        self._bands: list[Band] = []

    def show(self, picture: Picture, place: int | None = None) -> None:
        """Draw a picture, with the crosshair at a place of it if there is one. The same again writes nothing."""
        if (picture, place) == (self._picture, self._place):
            return
        self._picture, self._built_for, self._place = picture, None, place
        self._lay_bands()
        for widget in (self, *self._bands):
            widget.refresh()

    def cross(self, place: int | None) -> None:
        """Move the crosshair to a place of the picture, or take it away; only cells at it are written."""
        before = (self._column, self._marked_row)
        self._place = place
        now = (self._column, self._marked_row)
        self._lay_bands()
        if now != before:
            self._write_column(before[0])
            self._write_column(now[0])

    def on_resize(self) -> None:
        """As many bands as the new width takes."""
        self._lay_bands()

    def _lay_bands(self) -> None:
        """Bands over the whole chart while there is a crosshair."""
        wanted = ceil(self.size.width / BAND_WIDTH) if self._column >= 0 else 0
        if wanted != len(self._bands):
            for band in self._bands:
                band.remove()
            self._bands = [Band(number * BAND_WIDTH, self.render_line) for number in range(wanted)]
            self.mount_all(self._bands)

    def _write_column(self, column: int) -> None:
        """Have one column of the chart drawn again, and of the band that lies over it."""
        if column < 0:
            return
        if self._bands:
            self._bands[column // BAND_WIDTH].refresh(Region(column % BAND_WIDTH, 0, 1, self._drawn.depth))
        else:
            self.refresh(Region(column, 0, 1, self._drawn.depth))

    @property
    def _drawn(self) -> Drawing:
        """The lines, from those that are kept until size or picture change."""
        if self._built_for != self.size:
            self._drawing = drawing_of(self._picture, *self.size, plain=self._plain)
            self._built_for = self.size
        return self._drawing

    @property
    def _plain(self) -> bool:
        """Whether the terminal makes do with ASCII characters."""
        terminal = getattr(self.app, "terminal", None)
        return terminal is not None and not terminal.unicode

    @property
    def _column(self) -> int:
        """The column of the crosshair, -1 for none."""
        if self._place is None or not self._drawn.columns:
            return -1
        return self._drawn.left + column_of(self._place, len(self._picture.dates), self._drawn.columns)

    @property
    def _marked_row(self) -> int:
        """The line in which the crosshair crosses the first curve, -1 for none."""
        axis = self._drawn.axis
        if self._place is None or axis is None:
            return -1
        value = self._picture.panel.curves[0].values[self._place]
        return axis.row(value) if value == value else -1

    def parts_at(self, y: int) -> list[Part]:
        """Line ``y``."""
        lines = self._drawn.lines
        return lines[y] if y < len(lines) else []

    def render_line(self, y: int) -> Strip:
        """Draw one line, the crosshair over it."""
        strip, column = super().render_line(y), self._column
        if column < 0 or y >= self._drawn.depth:
            return strip
        return crossed(strip, column, marked=y == self._marked_row, plain=self._plain, tone=self.tone)
