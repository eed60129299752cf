"""Native charts beside a table: lines over days, and columns that stack up over months."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Any, Final

PALETTE: Final = (
    "0072B2", "E08214", "009E73", "CC79A7", "56B4E9", "8C6D31",
    "999999", "F0C000", "7B3294", "D55E00", "5E6F7F", "A6DBA0",
    "B2182B", "1B3B6F", "E7B8D4", "4D7C0F",
)  # fmt: skip
"""Colours that people with any kind of colour vision tell apart, neighbours most of all."""

_COLUMNS_WIDE: Final = 16
_ROWS_HIGH: Final = 21
_WIDTH_CM: Final = 26
_HEIGHT_CM: Final = 10
_LINE_WIDTH_EMU: Final = 15_875
_LABELS_OF_MONTHS: Final = 12
_LABELS_OF_DAYS: Final = 8
_DAYS_A_MONTH: Final = 30.4
_STEPS: Final = 7
_GRID: Final = "D9D9D9"
_SHORT_DAYS: Final = 92


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart shows.

    Attributes:
        title: Its title.
        columns: Numbers of the columns that are drawn, from 1.
        sessions: Dates of the rows below the header, in the first column.
        number_format: Format of the vertical axis.
        between: Smallest and largest value shown; the axis then starts at a round number below, not at zero.
        dashed: Those of the columns that are drawn as dashes.
        most: Where the vertical axis ends, None where the data say it.
    """

    title: str
    columns: Sequence[int]
    sessions: Sequence[date]
    number_format: str
    between: tuple[float, float] | None = None
    dashed: Sequence[int] = ()
    most: float | None = None


def add_line_chart(sheet: Any, picture: Picture, anchor: str) -> None:
    """Draw columns of a sheet, whose header is in row 1, over the dates in its first, from the cell ``anchor`` on."""
    from openpyxl.chart import LineChart

    chart = _filled(LineChart(), sheet, picture)
    for series, column, colour in zip(chart.series, picture.columns, cycle(PALETTE), strict=False):
        series.smooth = False
        series.marker.symbol = "none"
        series.graphicalProperties.line.solidFill = colour
        series.graphicalProperties.line.width = _LINE_WIDTH_EMU
        series.graphicalProperties.line.dashStyle = "sysDash" if column in picture.dashed else None
    sheet.add_chart(chart, anchor)


def add_stacked_chart(sheet: Any, picture: Picture, anchor: str) -> None:
    """Draw columns of a sheet with one row a month as bars that stack up, likewise."""
    from openpyxl.chart import BarChart

    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 15
    _filled(chart, sheet, picture)
    chart.x_axis.baseTimeUnit = "months"
    _label_months(chart.x_axis, picture.sessions)
    for series, colour in zip(chart.series, cycle(PALETTE), strict=False):
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.noFill = True
    sheet.add_chart(chart, anchor)


def anchor_of(column: int, place: int) -> str:
    """The cell from which the chart of this place, from 0, is drawn in charts one below the other."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{2 + place * _ROWS_HIGH}"


def covered(column: int, place: int) -> str:
    """The cells that this chart covers."""
    from openpyxl.utils import get_column_letter

    last = get_column_letter(column + _COLUMNS_WIDE - 1)
    return f"{anchor_of(column, place)}:{last}{1 + (place + 1) * _ROWS_HIGH}"


def steps(lowest: float, highest: float) -> tuple[float, float]:
    """Where an axis of about six steps of a round length begins, and that length: 934 to 2,251 gives 800 and 200."""
    rough = (highest - lowest) / _STEPS or abs(lowest) / _STEPS or 1.0
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = magnitude * next(nice for nice in (1, 2, 2.5, 5, 10) if nice * magnitude >= rough * (1 - 1e-9))
    return math.floor(lowest / step) * step, step


def _filled(chart: Any, sheet: Any, picture: Picture) -> Any:
    """A chart with its title, its data, its dates and its axes."""
    from openpyxl.chart import Reference

    chart.title, chart.width, chart.height = picture.title, _WIDTH_CM, _HEIGHT_CM
    chart.title.overlay = False
    last = len(picture.sessions) + 1
    for column in picture.columns:
        chart.add_data(Reference(sheet, min_col=column, min_row=1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    _set_axes(chart, picture)
    if len(picture.columns) > 1:
        chart.legend.position = "b"
    else:
        chart.legend = None
    return chart


def _set_axes(chart: Any, picture: Picture) -> None:
    from openpyxl.chart.axis import DateAxis

    chart.x_axis = DateAxis(crossAx=100, baseTimeUnit="days")
    chart.x_axis.axPos = "b"
    _set_dates(chart.x_axis, picture.sessions)
    chart.y_axis.crossAx = 500
    chart.y_axis.number_format = picture.number_format
    chart.y_axis.majorGridlines.spPr = _thin_lines()
    if picture.between:
        chart.y_axis.scaling.min, chart.y_axis.majorUnit = steps(*picture.between)
    chart.y_axis.scaling.max = picture.most
    # Negative values would otherwise be written over by the dates.
    chart.x_axis.tickLblPos = "low"
    # Without this, newer versions of Excel show no axes at all.
    chart.x_axis.delete = chart.y_axis.delete = False


def _set_dates(axis: Any, sessions: Sequence[date]) -> None:
    """Labels by months, or by days where there are few of them."""
    days = (sessions[-1] - sessions[0]).days
    if days > _SHORT_DAYS:
        _label_months(axis, sessions)
        return
    axis.number_format, axis.majorTimeUnit = "yyyy-mm-dd", "days"
    axis.majorUnit = max(1, math.ceil(days / _LABELS_OF_DAYS))


def _label_months(axis: Any, sessions: Sequence[date]) -> None:
    months = (sessions[-1] - sessions[0]).days / _DAYS_A_MONTH
    axis.number_format, axis.majorTimeUnit = "yyyy-mm", "months"
    axis.majorUnit = max(1, math.ceil(months / _LABELS_OF_MONTHS))


def _thin_lines() -> Any:
    from openpyxl.chart.shapes import GraphicalProperties

    lines = GraphicalProperties()
    lines.line.solidFill = _GRID
    return lines
