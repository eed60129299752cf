"""The deepest falls of the range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from engine.views.analysis import DrawdownRow
from tuiapp import format as text
from tuiapp.screens.panes.base import PENDING, Labelled, Pane, Scene
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part
from tuiapp.widgets.row_table import Group, RowTable


@dataclass(frozen=True, slots=True)
class Fall:
    """A fall and its place among the deepest."""

    place: int
    row: DrawdownRow


class FallsPane(Pane):
    """A table of falls, the deepest first."""

    SHEETS: ClassVar[tuple[str, ...]] = ("drawdowns",)
    WANTS: ClassVar[str] = "range"
    OF_SESSIONS: ClassVar[bool] = True

    def __init__(self) -> None:
        self.widget: RowTable[Fall] = RowTable(COLUMNS, lambda fall: fall.row.peak, _searched)
        self.table = self.widget
        self.widget.say_when_empty("The index stood at its highest level throughout")

    def show(self, scene: Scene) -> list[Part]:
        """Draw the table; above it stands which range it is of."""
        if scene.tables is None:
            return PENDING
        falls = [Fall(place, row) for place, row in enumerate(scene.tables.drawdowns, start=1)]
        self.widget.show([Group(falls)])
        since = f" since {text.iso(scene.history.sessions[scene.start])}"
        if not falls:
            return [(f" Nothing fell{since}", "muted")]
        return [
            (f" Falls {scene.series}", "strong"),
            (since, "muted"),
            ("  sessions down to the trough and back", "muted"),
        ]

    def session(self, scene: Scene) -> date | None:  # noqa: ARG002
        """The trough of the fall under the cursor."""
        return self.widget.current.row.trough if self.widget.current else None

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The depth of the fall under the cursor, seen from where it ends: up to the trough nothing has recovered."""
        from tuiapp.screens.panes.subjects import of_stretch

        fall = self.widget.current
        if fall is None or scene.returns is None:
            return ()
        sessions = scene.returns.sessions
        first = sessions[sessions.index(fall.row.peak) + 1]
        last = fall.row.recovery or sessions[-1]
        return [(f"Fall {fall.place}", of_stretch(scene, "max_drawdown", first, last))]


def _searched(fall: Fall) -> str:
    row = fall.row
    return f"{row.peak} {row.trough} {row.recovery or 'not yet'}"


def _recovery(fall: Fall) -> Part:
    return (text.iso(fall.row.recovery), "") if fall.row.recovery else ("not yet", "warn")


def _depth(fall: Fall) -> Part:
    return f"{text.arrow(fall.row.depth)}{text.percent(fall.row.depth)}", text.tone(fall.row.depth)


COLUMNS: Final[tuple[Column[Fall], ...]] = (
    Column("place", "#", 2, lambda f: (str(f.place), "muted"), lambda f: f.place, need=0, down=False, unit="number"),
    Column("depth", "Depth", 8, _depth, lambda f: f.row.depth, need=0, down=False, unit="percent"),
    Column("peak", "Peak", 10, lambda f: (text.iso(f.row.peak), ""), lambda f: f.row.peak, need=2, unit="date"),
    Column("trough", "Trough", 10, lambda f: (text.iso(f.row.trough), ""), lambda f: f.row.trough, need=3, unit="date"),
    Column(
        "recovery",
        "Recovery",
        10,
        _recovery,
        lambda f: f.row.recovery,
        need=4,
        unit="date",
        words=("not", "not yet"),
    ),
    Column(
        "down",
        "Down",
        6,
        lambda f: (text.count(f.row.sessions_down), ""),
        lambda f: f.row.sessions_down,
        need=5,
        unit="number",
    ),
    Column(
        "back",
        "Back",
        6,
        lambda f: (text.count(f.row.sessions_back), ""),
        lambda f: f.row.sessions_back,
        need=6,
        unit="number",
    ),
    Column("days", "Days", 6, lambda f: (text.count(f.row.days), ""), lambda f: f.row.days, need=7, unit="number"),
)
