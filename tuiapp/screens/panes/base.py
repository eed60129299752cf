"""What all panes have in common: what they draw from, and what they are asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from tuiapp.widgets.line import LineWidget, Part

if TYPE_CHECKING:
    from engine.views.analysis import ReturnsView, SeriesTables
    from engine.views.explanation import Subject
    from engine.views.types import MetricsView, PerformanceView, PeriodMetrics
    from tuiapp.widgets.row_table import RowTable

WHOLE = "all"
Labelled = tuple[str, "Subject"]
PENDING: list[Part] = [(" …", "muted")]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at.

    Attributes:
        history: All sessions.
        start: Place of the session whose close the range starts from.
        end: Place of the as-of session.
        period: Name of the range, ``1M`` ... ``all``.
        complete: Whether history reaches back as far as the range.
        total: Total return in place of price return.
        benchmarks: Symbols of the benchmarks beside it.
        metrics: Figures of all ranges, None while they are on their way.
        returns: Months, falls and days of the pane's own range, None while they are on their way.
        window: Places of the first and the last session that a chart shows, None for the whole range.
        crosshair: Place of the session under the crosshair, None without one.
        log: Whether the level is drawn on a logarithmic scale.
    """

    history: PerformanceView
    start: int
    end: int
    period: str
    complete: bool
    total: bool
    benchmarks: tuple[str, ...]
    metrics: MetricsView | None = None
    returns: ReturnsView | None = None
    window: tuple[int, int] | None = None
    crosshair: int | None = None
    log: bool = False

    @property
    def first(self) -> int:
        """Place of the first session that a chart shows."""
        return self.window[0] if self.window else self.start

    @property
    def last(self) -> int:
        """Place of the last one."""
        return self.window[1] if self.window else self.end

    @property
    def drawn(self) -> slice:
        """What a chart shows of all sessions."""
        return slice(self.first, self.last + 1)

    @property
    def in_range(self) -> slice:
        """What it shows of the sessions of the range."""
        return slice(self.first - self.start, self.last - self.start + 1)

    @property
    def session(self) -> date:
        """The as-of session."""
        return self.history.sessions[self.end]

    @property
    def series(self) -> str:
        """Which series, as the engine names it."""
        return "TR" if self.total else "PR"

    @property
    def levels(self) -> tuple[float, ...]:
        """Levels of all sessions."""
        return self.history.level_tr if self.total else self.history.level_pr

    @property
    def tables(self) -> SeriesTables | None:
        """What the series was made of."""
        if self.returns is None:
            return None
        return self.returns.total if self.total else self.returns.price

    @property
    def figures(self) -> PeriodMetrics | None:
        """Figures of the range."""
        periods = self.metrics.periods if self.metrics else ()
        return next((each for each in periods if each.period == self.period), None)


class Pane(ABC):
    """One pane: a widget, what stands above it, and what its numbers are.

    Attributes:
        widget: What it draws on.
        table: The same where it is a table.
    """

    WANTS: ClassVar[str] = ""
    """The range of the returns it needs: ``all``, ``range`` for the chosen one, empty for none."""
    ALONE: ClassVar[bool] = False
    """Whether it says itself what the tiles say."""
    BENCHMARK: ClassVar[bool] = False
    """Whether a benchmark is drawn in it."""
    LOG: ClassVar[bool] = False
    """Whether its axis may be logarithmic."""
    OF_SESSIONS: ClassVar[bool] = False
    """Whether its rows stand for sessions."""

    SHEETS: ClassVar[tuple[str, ...]] = ()
    """Sheets of an export that stand for what it shows."""
    EXPORTS_RANGE: ClassVar[bool] = True
    """Whether those are of the chosen range alone."""

    widget: LineWidget
    table: RowTable[Any] | None = None

    @abstractmethod
    def show(self, scene: Scene) -> list[Part]:
        """Draw, and give the line that stands above."""

    def briefer(self, scene: Scene) -> list[list[Part]]:  # noqa: ARG002 (most panes have one line only)
        """Shorter forms of the line above, for where it has no room."""
        return []

    def tail(self, scene: Scene) -> list[Part]:  # noqa: ARG002 (most panes have nothing to add)
        """What is added to that line where there is room."""
        return []

    def session(self, scene: Scene) -> date | None:  # noqa: ARG002 (rows of most panes stand for none)
        """The session that the row under the cursor stands for."""
        return None

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The numbers at the cursor: of the as-of session and the range, where there is no cursor."""
        from tuiapp.screens.panes.subjects import of_range

        return of_range(scene)

    def number_at(self, subjects: Sequence[Labelled]) -> int:  # noqa: ARG002 (a chart has no cursor among them)
        """Place of the number that the cursor is on."""
        return 0
