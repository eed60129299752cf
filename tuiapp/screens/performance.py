"""Performance: the level as a line, what is behind it pane by pane, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from engine.views.types import MetricsView, PeriodMetrics
from tuiapp import format as text
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import HintsChanged, Place, Say
from tuiapp.screens.backfill import marked
from tuiapp.screens.paned import ASIDE, Line, no_line
from tuiapp.screens.panes import PANES
from tuiapp.screens.panes.base import WHOLE, Pane, Scene
from tuiapp.screens.panes.chart import ChartPane
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.line import LineWidget, Part, spread, width_of
from tuiapp.widgets.tabs import choice, tabs
from tuiapp.widgets.tiles import Tile, Tiles

if TYPE_CHECKING:
    from engine.views.analysis import ReturnsView
    from engine.views.explanation import Subject
    from tuiapp.widgets.row_table import RowTable

# The standard periods, as the engine has them: its arithmetic is loaded only when one of them is cut out.
RANGES: Final = ("1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all")
FIGURES: Final = (
    ("total_return", "Return", "Return", "percent"),
    ("cagr", "CAGR", "CAGR", "percent"),
    ("volatility", "Volatility", "Vol", "share"),
    ("sharpe", "Sharpe", "Sharpe", "ratio"),
    ("max_drawdown", "Max drawdown", "Max DD", "percent"),
    ("turnover", "Turnover pa", "Turn pa", "share"),
    ("sortino", "Sortino", "Sortino", "ratio"),
    ("calmar", "Calmar", "Calmar", "ratio"),
    ("best_day", "Best day", "Best", "percent"),
    ("worst_day", "Worst day", "Worst", "percent"),
    ("var_95", "VaR 95", "VaR 95", "percent"),
    ("positive_days", "Days up", "Days up", "share"),
)
COLOURED: Final = ("total_return", "cagr")
TITLES: Final = [spec.title for spec in PANES]


class Performance(TableScreen):
    """A legend, one of the panes, and the figures of the range."""

    SCOPES: ClassVar[tuple[str, ...]] = (keys.PERFORMANCE,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.PERFORMANCE)]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self.total = False
        self.period = RANGES[-1]
        self.benchmark = ""
        self._legend = Legend()
        self._tiles = Tiles()
        self._place = 0
        self._panes: dict[int, Pane] = {0: ChartPane()}
        self._metrics: MetricsView | None = None
        self._returns: dict[str, ReturnsView] = {}
        self._awaited = ""

    def body(self) -> ComposeResult:
        """Legend, pane and figures."""
        yield self._legend
        yield self.pane.widget
        yield self._tiles

    @property
    def pane(self) -> Pane:
        """The pane that is looked at."""
        return self._panes[self._place]

    @property
    def table(self) -> RowTable[Any]:
        """The table of a pane that is one."""
        assert self.pane.table is not None, "a chart has no rows"
        return self.pane.table

    @property
    def scopes(self) -> tuple[str, ...]:
        """In a table its keys, too."""
        return self.SCOPES if self.pane.table is None else (*self.SCOPES, keys.TABLE)

    @property
    def narrowed(self) -> str:
        """The filter of a table."""
        return super().narrowed if self.pane.table is not None else ""

    def focus_first(self) -> None:
        """The pane takes the keys."""
        if self.pane.table is not None:
            super().focus_first()
            return
        self.pane.widget.take_keys()
        self.post_message(Place(""))

    def follow_market(self) -> None:
        """Draw the line from the history at once, and ask for the figures."""
        self.show_notice(None)
        self._metrics = None
        self._returns.clear()
        self._awaited = ""
        self._draw()
        session = self._market.session
        self.ask("metrics", lambda engine: engine.metrics(end=session))

    def answered(self, answer: Any) -> None:
        """Figures of all ranges, or the returns of one, are there."""
        if isinstance(answer, MetricsView):
            self._metrics = answer
        else:
            self._returns.update([answer])
            self._awaited = ""
        self._draw()

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """The numbers at the cursor of the pane."""
        return self.pane.subjects(self._scene()) if self._market.known else ()

    # -- keys

    async def action_pane(self, steps: int) -> None:
        """Another pane; after the last one comes the first."""
        await self._show_pane((self._place + steps) % len(PANES))

    async def _show_pane(self, place: int) -> None:
        if not self._market.known or self.has_notice:
            return
        before, self._place = self.pane.widget, place
        before.add_class(ASIDE)
        if place not in self._panes:
            self._panes[place] = PANES[place].make()
            await self.mount(self.pane.widget, after=self._legend)
        self.pane.widget.remove_class(ASIDE)
        self._tiles.set_class(self.pane.ALONE, ASIDE)
        self._draw()
        self.focus_first()
        self.post_message(Say(""))
        self.post_message(HintsChanged())

    def step_back(self) -> bool:
        """Take back the filter of a table, then show the chart again."""
        if self.pane.table is not None and super().step_back():
            return True
        if not self._place:
            return False
        self.call_next(self._show_pane, 0)
        return True

    def action_step_range(self, steps: int) -> None:
        """The next shorter or longer range."""
        at = RANGES.index(self.period) + steps
        self.period = RANGES[max(0, min(len(RANGES) - 1, at))]
        self._draw()

    def action_basis(self) -> None:
        """Price return or total return."""
        self.total = not self.total
        self._draw()
        self.post_message(HintsChanged())

    def action_benchmark(self) -> None:
        """The next benchmark, and after the last one none."""
        if not self._market.known:
            return
        choices = ["", *sorted(self._market.history.benchmarks)]
        if len(choices) == 1:
            self.post_message(Say("No benchmark is loaded: import a file of date,symbol,close", "warn"))
            return
        at = choices.index(self.benchmark) if self.benchmark in choices else 0
        self.benchmark = choices[(at + 1) % len(choices)]
        if not self.pane.BENCHMARK:
            where = ", ".join(spec.title for spec in PANES if spec.id in ("chart", "drawdown", "periods"))
            self.post_message(Say(f"Benchmark: {self.benchmark or 'none'}, shown in {where}"))
        self._draw()

    # -- drawing

    def _draw(self) -> None:
        if not self._market.known:
            return
        self._ask_for_returns()
        scene, view = self._scene(), self._market.history
        first = view.sessions[0] if self.pane.WANTS == WHOLE else view.sessions[scene.start]
        line = partial(marked, self.pane.show(scene), view.status, first)
        self._legend.show(line, TITLES[self._place], self.period)
        self._tiles.show(_tiles(scene.figures, total=self.total))

    def _scene(self) -> Scene:
        view, end = self._market.history, self._market.place
        start, complete = _start(view.sessions, end, self.period)
        return Scene(
            history=view,
            start=start,
            end=end,
            period=self.period,
            complete=complete,
            total=self.total,
            benchmark=self.benchmark if self.benchmark in view.benchmarks else "",
            metrics=self._metrics,
            returns=self._returns.get(self._wanted_period),
        )

    @property
    def _wanted_period(self) -> str:
        return self.period if self.pane.WANTS == "range" else self.pane.WANTS

    def _ask_for_returns(self) -> None:
        """Ask for what the pane draws from, unless it is there or on its way."""
        period, view, end = self._wanted_period, self._market.history, self._market.place
        if not period or period in self._returns or period == self._awaited:
            return
        self._awaited = period
        place, _ = _start(view.sessions, end, period)
        start = None if period == WHOLE else view.sessions[min(place + 1, end)]
        last = view.sessions[end]
        self.ask("returns", lambda engine: (period, engine.returns(start, last)))


def _start(sessions: Sequence[date], end: int, period: str) -> tuple[int, bool]:
    """Number of the session that a range starts from, and whether history reaches back so far."""
    if period == WHOLE:
        return 0, True
    from engine.metrics.periods import period_start

    start = period_start(sessions, end, period)
    return start.index, start.complete


def _tiles(period: PeriodMetrics | None, *, total: bool) -> list[Tile]:
    if period is None:
        return [Tile(label, short, "…", "muted") for _, label, short, _ in FIGURES]
    metrics = {metric.key: metric for metric in (period.total if total else period.price)}
    tiles = []
    for key, label, short, form in FIGURES:
        if (metric := metrics.get(key)) is not None:
            tone = text.tone(metric.value) if key in COLOURED else ""
            mark = "*" if metric.short_history else ""
            tiles.append(Tile(label, short, _figure(metric.value, form) + mark, tone))
    return tiles


def _figure(value: float | None, form: str) -> str:
    if form == "ratio":
        return text.ratio(value)
    return text.percent(value, signed=form == "percent")


class Legend(LineWidget):
    """The panes and ranges there are, and what the pane shows."""

    def __init__(self) -> None:
        super().__init__(classes="legend")
        self._said: tuple[Line, str, str] = (no_line, "", "")

    def show(self, line: Line, pane: str, period: str) -> None:
        """Show the line of a pane, and mark the pane and a range."""
        before, self._said = self.lines(), (line, pane, period)
        # Out of sight there is no width, and without one all lines are the same.
        if not self.size.width or self.lines() != before:
            self.refresh()

    def lines(self) -> list[list[Part]]:
        """Panes and ranges, then the line of the pane."""
        line, pane, period = self._said
        left: list[Part] = [(" ", ""), *tabs(TITLES, pane)]
        right = choice(RANGES, period, "{ }", self.size.width - width_of(left))
        return [spread(left, right, self.size.width), line(self.size.width)]
