"""The return of every month, a year a row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, Final

from engine.views.analysis import ReturnsView, YearReturns
from tuiapp import format as text
from tuiapp.screens.panes.base import PENDING, WHOLE, Labelled, Pane, Scene
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part
from tuiapp.widgets.row_table import Group, RowTable

DEEP: Final = 0.05
"""A month that moved as much stands on a ground of its own."""

# Least width of the screen, and what it has room for: cells of a month, cells of the year, decimals.
FORMS: Final = ((104, 6, 8, 2), (76, 4, 8, 1), (0, 3, 5, 0))


class MonthsPane(Pane):
    """A table of months, as wide as it is precise."""

    SHEETS: ClassVar[tuple[str, ...]] = ("monthly_returns",)
    EXPORTS_RANGE: ClassVar[bool] = False
    WANTS: ClassVar[str] = WHOLE
    OF_SESSIONS: ClassVar[bool] = True

    def __init__(self) -> None:
        self.widget: MonthTable = MonthTable()
        self.table = self.widget
        self.widget.say_when_empty("There is no month yet: the first session has no return")

    def show(self, scene: Scene) -> list[Part]:
        """Draw the table, the latest year first."""
        if scene.tables is None:
            return PENDING
        years = scene.tables.years
        self.widget.show([Group(years[::-1])])
        return [_title(scene), ("  up to the as-of session, whatever the range", "muted"), *_legend(scene)]

    def briefer(self, scene: Scene) -> list[list[Part]]:
        """What the mark means goes last."""
        title = _title(scene)
        return [[title, ("  up to the as-of session", "muted"), *_legend(scene)], [title, *_legend(scene)]]

    def session(self, scene: Scene) -> date | None:
        """The last session of the month under the column cursor, or of the year."""
        row, column = self.widget.current, self.widget.current_column
        if row is None or scene.returns is None:
            return None
        keys = [f"m{month}" for month in range(1, 13)]
        of_month = column is not None and column.key in keys
        month = keys.index(column.key) + 1 if column is not None and of_month else 12
        after = date(row.year + month // 12, month % 12 + 1, 1)
        last = scene.returns.sessions[max(0, bisect_left(scene.returns.sessions, after) - 1)]
        return last if last.year == row.year and (last.month == month or not of_month) else None

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The year under the cursor and its months."""
        row = self.widget.current
        return list(_subjects(scene, scene.returns, row)) if row and scene.returns else ()

    def number_at(self, subjects: Sequence[Labelled]) -> int:
        """Place of the month in the column at the cursor; of the year where it has no return."""
        row, column = self.widget.current, self.widget.current_column
        label = f"{row.year} {column.label}" if row and column else ""
        return next((place for place, (each, _) in enumerate(subjects) if each == label), 0)


def _title(scene: Scene) -> Part:
    return f" Months {scene.series} in %", "strong"


def _legend(scene: Scene) -> list[Part]:
    years = scene.tables.years if scene.tables else ()
    return [("  * part of a year", "warn")] if any(year.partial for year in years) else []


def _subjects(scene: Scene, view: ReturnsView, row: YearReturns) -> Iterator[Labelled]:
    from tuiapp.screens.panes.subjects import of_stretch

    counted = view.sessions[1:]
    stretches = [(str(row.year), 1, 12)]
    stretches += [(f"{row.year} {text.MONTHS[m - 1]}", m, m) for m in range(1, 13) if row.months[m - 1] is not None]
    for label, month, to in stretches:
        first = counted[bisect_left(counted, date(row.year, month, 1))]
        after = date(row.year + to // 12, to % 12 + 1, 1)
        yield label, of_stretch(scene, "total_return", first, counted[bisect_left(counted, after) - 1])


class MonthTable(RowTable[YearReturns]):
    """The widest form of the table that has room."""

    def __init__(self) -> None:
        super().__init__(_columns(*FORMS[-1][1:]), lambda row: row.year, lambda row: str(row.year))

    def on_resize(self) -> None:
        """Another form may have room now."""
        form = next(form for form in FORMS if self.size.width >= form[0])
        self.take_columns(_columns(*form[1:]))
        super().on_resize()


def _columns(month: int, year: int, decimals: int) -> list[Column[YearReturns]]:
    months = [_month(number, width=month, decimals=decimals) for number in range(12)]
    head: Column[YearReturns] = Column(
        "year", "Year", 4, lambda row: (str(row.year), ""), lambda row: row.year, need=0, unit="number"
    )
    total: Column[YearReturns] = Column(
        "total", "Whole", year, lambda row: _total(row, year, decimals), lambda row: row.total, need=0, unit="percent"
    )
    return [head, *months, total]


def _month(number: int, *, width: int, decimals: int) -> Column[YearReturns]:
    return Column(
        f"m{number + 1}",
        text.MONTHS[number],
        width,
        lambda row: _cell(row.months[number], width, decimals),
        lambda row: row.months[number],
        need=number + 1,
        unit="percent",
    )


def _total(row: YearReturns, width: int, decimals: int) -> Part:
    mark = "*" if row.partial else ""
    shown = _figure(row.total, width - len(mark), decimals)
    return shown + mark, _tone(shown)


def _figure(value: float | None, width: int, decimals: int) -> str:
    """A signed percent without its sign of percent, with as many decimals as have room."""
    for fewer in range(decimals, -1, -1):
        shown = text.percent(value, fewer).removesuffix("%")
        if len(shown) <= width:
            break
    return shown


def _cell(value: float | None, width: int, decimals: int) -> Part:
    shown = _figure(value, width, decimals)
    deep = value is not None and abs(value) >= DEEP
    return shown, _tone(shown) + "-deep" * deep


def _tone(shown: str) -> str:
    """The tone that goes with the sign that is shown."""
    return {"+": "gain", "-": "loss"}.get(shown[:1], "")
