"""Native line charts beside a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

_COLOURS: Final = ("1F77B4", "E08214")
_WIDTH_CM: Final = 26
_HEIGHT_CM: Final = 10
_LINE_WIDTH_EMU: Final = 15_875


def add_line_chart(
    sheet: Any,
    *,
    title: str,
    anchor: str,
    columns: Sequence[int],
    rows: int,
    number_format: str,
    lowest: float | None = None,
) -> None:
    """Draw columns of a sheet over the dates in its first column.

    Args:
        sheet: A worksheet whose header is in row 1.
        title: Title of the chart.
        anchor: Cell of its upper left corner.
        columns: Column numbers, from 1.
        rows: Rows below the header.
        number_format: Format of the vertical axis.
        lowest: Smallest value shown; the axis starts at a round number below it instead of at zero.
    """
    from openpyxl.chart import LineChart, Reference

    chart = LineChart()
    chart.title, chart.width, chart.height = title, _WIDTH_CM, _HEIGHT_CM
    chart.title.overlay = False
    for column in columns:
        chart.add_data(Reference(sheet, min_col=column, min_row=1, max_row=rows + 1), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=rows + 1))
    _set_axes(chart, number_format, lowest)
    _set_lines(chart)
    sheet.add_chart(chart, anchor)


def round_below(lowest: float) -> float:
    """The largest multiple of a tenth of its own magnitude that is at most ``lowest``: 934.2 gives 930."""
    if lowest <= 0:
        return lowest
    step = 10.0 ** (math.floor(math.log10(lowest)) - 1)
    return math.floor(lowest / step) * step


def _set_axes(chart: Any, number_format: str, lowest: float | None) -> None:
    from openpyxl.chart.axis import DateAxis

    chart.x_axis = DateAxis(crossAx=100, baseTimeUnit="days")
    chart.x_axis.axPos = "b"
    chart.x_axis.number_format = "yyyy-mm"
    chart.y_axis.crossAx = 500
    chart.y_axis.number_format = number_format
    chart.y_axis.scaling.min = None if lowest is None else round_below(lowest)
    # Negative values would otherwise be written over by the dates.
    chart.x_axis.tickLblPos = "low"
    # Without this, newer versions of Excel show no axes at all.
    chart.x_axis.delete = chart.y_axis.delete = False


def _set_lines(chart: Any) -> None:
    chart.legend.position = "b"
    for series, colour in zip(chart.series, _COLOURS, strict=False):
        series.smooth = False
        series.marker.symbol = "none"
        series.graphicalProperties.line.solidFill = colour
        series.graphicalProperties.line.width = _LINE_WIDTH_EMU
