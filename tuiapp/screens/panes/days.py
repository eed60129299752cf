"""The best and the worst days of the range, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import ClassVar, Final

from engine.views.analysis import DayReturn
from tuiapp import format as text
from tuiapp.screens.panes.base import PENDING, Labelled, Pane, Scene
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part
from tuiapp.widgets.row_table import Group, RowTable

WORST: Final = ("worst", "worst_return")
"""Columns of the worst day."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The day of one place from either end; None where there are not so many days."""

    place: int
    best: DayReturn | None
    worst: DayReturn | None


class DaysPane(Pane):
    """A table of days."""

    SHEETS: ClassVar[tuple[str, ...]] = ("days",)
    WANTS: ClassVar[str] = "range"
    OF_SESSIONS: ClassVar[bool] = True

    def __init__(self) -> None:
        self.widget: RowTable[Pair] = RowTable(COLUMNS, lambda pair: pair.place, _searched)
        self.table = self.widget
        self.widget.say_when_empty("There is no day yet: the first session has no return")

    def show(self, scene: Scene) -> list[Part]:
        """Draw the table; above it stands which range it is of."""
        if scene.tables is None:
            return PENDING
        both = zip_longest(scene.tables.best, scene.tables.worst)
        self.widget.show([Group([Pair(place, *pair) for place, pair in enumerate(both, start=1)])])
        return [
            (f" Best and worst days {scene.series}", "strong"),
            (f" since {text.iso(scene.history.sessions[scene.start])}", "muted"),
        ]

    def session(self, scene: Scene) -> date | None:  # noqa: ARG002
        """The day under the column cursor, the best one beside both."""
        pair, column = self.widget.current, self.widget.current_column
        if pair is None:
            return None
        of = _worst if column is not None and column.key in WORST else _best
        return _of_session(of(pair) or pair.best or pair.worst)

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The two days of the row under the cursor."""
        from tuiapp.screens.panes.subjects import of_return

        pair = self.widget.current
        days = [("Best", pair.best), ("Worst", pair.worst)] if pair else []
        return [(f"{name} {day.session}", of_return(scene, day.session)) for name, day in days if day]

    def number_at(self, subjects: Sequence[Labelled]) -> int:
        """Place of the day in the column at the cursor."""
        column = self.widget.current_column
        return len(subjects) - 1 if column and column.key in WORST else 0


def _searched(pair: Pair) -> str:
    return " ".join(text.weekday(day.session) for day in (pair.best, pair.worst) if day)


def _session(of: Callable[[Pair], DayReturn | None]) -> Callable[[Pair], Part]:
    def cell(pair: Pair) -> Part:
        day = of(pair)
        return (text.weekday(day.session) if day else text.NONE), ""

    return cell


def _change(of: Callable[[Pair], DayReturn | None]) -> Callable[[Pair], Part]:
    def cell(pair: Pair) -> Part:
        day = of(pair)
        return (f"{text.arrow(day.value)}{text.percent(day.value)}", text.tone(day.value)) if day else (text.NONE, "")

    return cell


def _of_session(day: DayReturn | None) -> date | None:
    return day.session if day else None


def _of_value(day: DayReturn | None) -> float | None:
    return day.value if day else None


def _best(pair: Pair) -> DayReturn | None:
    return pair.best


def _worst(pair: Pair) -> DayReturn | None:
    return pair.worst


COLUMNS: Final[tuple[Column[Pair], ...]] = (
    Column("place", "#", 2, lambda p: (str(p.place), "muted"), lambda p: p.place, need=0, down=False, unit="number"),
    Column("best", "Best day", 14, _session(_best), lambda p: _of_session(p.best), need=2, unit="date"),
    Column("best_return", "Return", 9, _change(_best), lambda p: _of_value(p.best), need=3, unit="percent"),
    Column("worst", "Worst day", 14, _session(_worst), lambda p: _of_session(p.worst), need=4, unit="date"),
    Column("worst_return", "Return", 9, _change(_worst), lambda p: _of_value(p.worst), need=5, unit="percent"),
)
