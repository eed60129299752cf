"""Charts as lines of parts: curves over the same dates, their axes and names, a strip below. Built without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf, nan
from typing import Final

from rich.cells import cell_len

from tuiapp.widgets import blocks, braille
from tuiapp.widgets.braille import EMPTY
from tuiapp.widgets.date_axis import date_axis
from tuiapp.widgets.line import Part, fit
from tuiapp.widgets.scale import Axis, Form, axis_of, between_ends, ends_in_percent, rounded

ROWS_A_TICK: Final = 3
GRID: Final = "┈"
STRIP_ROWS: Final = 5
"""Lines of the strip, its heading not counted."""
ROOM_FOR_STRIP: Final = 22
"""Lines of a chart that has room for a strip: a screen of thirty."""
LONGEST_NAME: Final = 6
MARKS: Final = ("", "", "o", "x", "+")
"""Character of a curve among plain characters, by how many columns apart its dots are."""
TOO_FEW: Final = "  A line needs two sessions."
PENDING: Final = "  Loading …"


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart.

    Attributes:
        values: Its values as they are drawn, one for each date of the chart; NaN where it has none.
        tone: Name of its tone.
        name: What it is called, written at its end where there are several.
        every: Columns from dot to dot, one for a solid line: curves are told apart without colour.
        base: What it is filled from, NaN for a bare line.
        exact: Its values where those that are drawn bridge sessions without one; empty if none does.
    """

    values: tuple[float, ...]
    tone: str
    name: str = ""
    every: int = 1
    base: float = nan
    exact: tuple[float, ...] = ()

    def at(self, place: int) -> float:
        """The value of a session, NaN if it has none."""
        return (self.exact or self.values)[place]

    @property
    def known(self) -> list[float]:
        """The values that it has, and what it is filled from."""
        values = [value for value in self.values if value == value]
        return [*values, self.base] if values and self.base == self.base else values


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves on one upright axis.

    Attributes:
        curves: The curves, the first one on top.
        form: Writes the marks of the axis.
        most: Where the axis ends at the latest.
        log: Whether it is logarithmic.
        title: What a strip says in its heading.
    """

    curves: tuple[Curve, ...]
    form: Form = rounded
    most: float = inf
    log: bool = False
    title: str = ""

    @property
    def known(self) -> list[float]:
        """All values there are."""
        return [value for curve in self.curves for value in curve.known]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart shows.

    Attributes:
        dates: Dates of all its curves.
        panel: The curves.
        strip: What is drawn below them where there is room.
    """

    dates: Sequence[date]
    panel: Panel
    strip: Panel | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines of a chart, and where its curves lie on them.

    Attributes:
        lines: All lines.
        left: Cells before the first column of the curves.
        columns: Columns of the curves; none where there is no line to draw.
        axis: The axis of the curves.
        depth: Lines that an upright line through the chart crosses.
    """

    lines: list[list[Part]] = field(default_factory=list)
    left: int = 0
    columns: int = 0
    axis: Axis | None = None
    depth: int = 0


def drawing_of(picture: Picture, width: int, height: int, *, plain: bool = False) -> Drawing:
    """The chart on so many cells; ``plain`` makes do with ASCII characters."""
    rows = height - 2
    if rows < 2:
        return Drawing()
    known = picture.panel.known
    if not known:
        return Drawing([[], [(TOO_FEW if picture.dates else PENDING, "muted")]])
    if len(picture.dates) < 2:
        return _one_session(picture, known[0], rows)
    strip = picture.strip if height >= ROOM_FOR_STRIP else None
    rows -= (STRIP_ROWS + 1) * (strip is not None)
    panel = picture.panel
    axis = axis_of(known, rows, max(2, rows // ROWS_A_TICK), most=panel.most, log=panel.log)
    below = between_ends(strip.known, STRIP_ROWS) if strip else None
    gutter = max(_label_width(panel.form, axis), _label_width(ends_in_percent, below)) + 2
    tags = _tags(panel, axis)
    columns = width - gutter - 1 - max((cell_len(name) + 1 for name, _ in tags.values()), default=0)
    lines = _panel_lines(panel, axis, gutter, columns, plain=plain)
    for y, (name, tone) in tags.items():
        lines[y].append((f" {name}", tone))
    if strip and below:
        lines.append(_heading(strip.title, gutter, columns))
        lines += _panel_lines(strip, below, gutter, columns, plain=plain)
    depth = len(lines)
    return Drawing(lines + date_axis(picture.dates, gutter, columns), gutter + 1, columns, axis, depth)


def _one_session(picture: Picture, value: float, rows: int) -> Drawing:
    """A single session: its value as a dot, and why there is no line."""
    lines: list[list[Part]] = [[] for _ in range(rows)]
    label = picture.panel.form(value, (value,))
    dot = ("•", picture.panel.curves[0].tone)
    lines[rows // 2] = [(f" {label} ", "muted"), ("┤", "faint"), dot, (TOO_FEW, "muted")]
    return Drawing(lines)


def _label_width(form: Form, axis: Axis | None) -> int:
    marks = axis.marks if axis else ()
    return max((len(form(mark, marks)) for mark in marks), default=4)


def _heading(title: str, gutter: int, columns: int) -> list[Part]:
    return [(" " * gutter + "┤", "faint"), (fit(f" {title} ".ljust(columns, "─"), columns), "faint")]


def _tags(panel: Panel, axis: Axis) -> dict[int, Part]:
    """Names of several curves by the row of their last value, or the nearest free one."""
    tags: dict[int, Part] = {}
    for curve in panel.curves if len(panel.curves) > 1 else ():
        last = next((value for value in reversed(curve.values) if value == value), None)
        if last is not None:
            row = axis.row(last)
            free = (y for y in sorted(range(axis.rows), key=lambda y: abs(y - row)) if y not in tags)
            name = fit(curve.name, min(LONGEST_NAME, cell_len(curve.name)))
            tags[next(free, row)] = (name, curve.tone)
    return tags


def _panel_lines(panel: Panel, axis: Axis, gutter: int, columns: int, *, plain: bool) -> list[list[Part]]:
    cells = _plain_cells(panel, axis, columns) if plain else _dot_cells(panel, axis, columns)
    labels = {y: panel.form(mark, axis.marks) for y, mark in axis.labels.items()}
    grid = " ." * columns if plain else GRID * columns
    return [
        [
            (labels.get(y, "").rjust(gutter - 1) + " ", "muted"),
            ("┤" if y in labels else "│", "faint"),
            *_joined(cells[y], grid if y in labels else " " * columns),
        ]
        for y in range(axis.rows)
    ]


def _dot_cells(panel: Panel, axis: Axis, columns: int) -> list[list[Part]]:
    """Cells of braille; where curves meet, the first one gives the tone."""
    cells: list[list[Part]] = [[("", "")] * columns for _ in range(axis.rows)]
    bits = [[0] * columns for _ in range(axis.rows)]
    for curve in panel.curves:
        drawn = axis.drawn(curve.values)
        layer = braille.plot(drawn, columns, axis.rows, axis.low, axis.high, every=curve.every, base=curve.base)
        for y, row in enumerate(layer):
            for x, dots in enumerate(row):
                if dots:
                    bits[y][x] |= dots
                    cells[y][x] = (chr(EMPTY + bits[y][x]), cells[y][x][1] or curve.tone)
    return cells


def _plain_cells(panel: Panel, axis: Axis, columns: int) -> list[list[Part]]:
    """Cells of plain characters; where curves meet, the first one is seen."""
    cells: list[list[Part]] = [[("", "")] * columns for _ in range(axis.rows)]
    for curve in reversed(panel.curves):
        drawn, mark = axis.drawn(curve.values), MARKS[curve.every]
        layer = blocks.plot(drawn, columns, axis.rows, axis.low, axis.high, mark=mark, base=curve.base)
        for y, row in enumerate(layer):
            for x, char in enumerate(row):
                if char:
                    cells[y][x] = (char, curve.tone)
    return cells


def _joined(cells: Sequence[Part], blank: str) -> list[Part]:
    """The parts of one row; empty cells show what is blank there."""
    parts: list[Part] = []
    for x, (char, tone) in enumerate(cells):
        shown, named = (char, tone) if char else (blank[x], "faint")
        if parts and parts[-1][1] == named:
            parts[-1] = (parts[-1][0] + shown, named)
        else:
            parts.append((shown, named))
    return parts
