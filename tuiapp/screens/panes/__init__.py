"""The panes of the Performance screen, declared once. A new one is a module and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tuiapp.screens.panes.base import Pane


@dataclass(frozen=True, slots=True)
class PaneSpec:
    """One pane.

    Attributes:
        id: Its name, and that of its module here.
        title: What its tab says.
        class_name: Its class.
        table: Whether it is a table.
    """

    id: str
    title: str
    class_name: str
    table: bool = True

    def make(self) -> Pane:
        """The pane; its module is imported when it is first shown."""
        made: Pane = getattr(import_module(f"{__name__}.{self.id}"), self.class_name)()
        return made


PANES: Final = (
    PaneSpec("chart", "Chart", "ChartPane", table=False),
    PaneSpec("drawdown", "Drawdown", "DrawdownPane", table=False),
    PaneSpec("volatility", "Vol", "VolatilityPane", table=False),
    PaneSpec("periods", "Periods", "PeriodsPane"),
    PaneSpec("months", "Months", "MonthsPane"),
    PaneSpec("falls", "Falls", "FallsPane"),
    PaneSpec("days", "Days", "DaysPane"),
)
