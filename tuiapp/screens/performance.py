"""Performance: the level as a line, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import nan
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from engine.views.types import MetricsView, PeriodMetrics
from tuiapp import format as text
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import HintsChanged, Place, Say
from tuiapp.screens.base import DataScreen
from tuiapp.widgets.line import LineWidget, Part, spread
from tuiapp.widgets.line_chart import Curve, LineChart
from tuiapp.widgets.tiles import Tile, Tiles

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


class Performance(DataScreen):
    """A chart of the range, its legend and its figures."""

    SCOPES: ClassVar[tuple[str, ...]] = (keys.PERFORMANCE,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.PERFORMANCE)]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self.total = False
        self.period = RANGES[-1]
        self.benchmark = ""
        self._legend = Legend()
        self._chart = LineChart()
        self._tiles = Tiles()
        self._metrics: MetricsView | None = None

    def body(self) -> ComposeResult:
        """Legend, chart and figures."""
        yield self._legend
        yield self._chart
        yield self._tiles

    def focus_first(self) -> None:
        """The chart takes the keys."""
        self._chart.take_keys()
        self.post_message(Place(""))

    def follow_market(self) -> None:
        """Draw the line from the history at once, and ask for the figures."""
        self.show_notice(None)
        self._metrics = None
        self._draw()
        session = self._market.session
        self.ask("metrics", lambda engine: engine.metrics(end=session))

    def answered(self, answer: Any) -> None:
        """The figures of all ranges are there."""
        self._metrics = answer
        self._draw_tiles()

    # -- keys

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
        self._draw()

    # -- drawing

    def _draw(self) -> None:
        if not self._market.known:
            return
        view, end = self._market.history, self._market.place
        start, complete = _start(view.sessions, end, self.period)
        levels = (view.level_tr if self.total else view.level_pr)[start : end + 1]
        curves = [Curve(levels, "gain"), *self._rebased(start, end, levels)]
        self._chart.show(view.sessions[start : end + 1], tuple(curves))
        self._legend.show(self._summary(start, complete, levels, curves), self.period)
        self._draw_tiles()

    def _rebased(self, first: int, end: int, levels: tuple[float, ...]) -> list[Curve]:
        """The chosen benchmark, from its first close in the range, at the level of the index there, to its last."""
        closes = self._market.history.benchmarks.get(self.benchmark, ())[first : end + 1]
        known = [place for place, close in enumerate(closes) if close]
        if not known:
            return []
        scale = levels[known[0]] / (closes[known[0]] or 1.0)
        values, last = [], nan
        for place, close in enumerate(closes[: known[-1] + 1]):
            last = close or last
            values.append(last * scale if place >= known[0] else nan)
        return [Curve((*values, *[nan] * (len(closes) - len(values))), "second", dotted=True)]

    def _summary(self, first: int, complete: bool, levels: tuple[float, ...], curves: list[Curve]) -> list[Part]:
        view = self._market.history
        change = levels[-1] / levels[0] - 1
        parts: list[Part] = [
            (" Total return " if self.total else " Price return ", "strong"),
            (f"{text.arrow(change)} {text.percent(change)}", text.tone(change)),
            (f" since {text.iso(view.sessions[first])}", "muted"),
            ("" if complete else " (all there is)", "warn"),
        ]
        net = (view.net_tr if self.total else view.net_pr)[first : first + len(levels)]
        if net:
            parts.append((f"  net of cost {text.percent(net[-1] / net[0] - 1)}", ""))
        for curve in curves[1:]:
            known = [place for place, value in enumerate(curve.values) if value == value]
            rebased = curve.values[known[-1]] / curve.values[known[0]] - 1
            ends = "" if known[-1] == len(curve.values) - 1 else f" to {text.iso(view.sessions[first + known[-1]])}"
            parts.append((f"  {text.plain(self.benchmark)} {text.percent(rebased)}{ends}", curve.tone))
        return [*parts, (f"  {text.level(levels[0])} → {text.level(levels[-1])}", "")]

    def _draw_tiles(self) -> None:
        periods = self._metrics.periods if self._metrics else ()
        found = next((period for period in periods if period.period == self.period), None)
        self._tiles.show(_tiles(found, total=self.total))


def _start(sessions: Sequence[date], end: int, period: str) -> tuple[int, bool]:
    """Number of the session that a range starts from, and whether history reaches back so far."""
    if period == "all":
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
    """What the lines of the chart are, and the ranges there are."""

    def __init__(self) -> None:
        super().__init__(classes="legend")
        self._summary: list[Part] = []
        self._period = ""

    def show(self, summary: list[Part], period: str) -> None:
        """Show a summary, and mark a range."""
        self._summary, self._period = summary, period
        self.refresh()

    def lines(self) -> list[list[Part]]:
        """Ranges, then the summary."""
        ranges = [(f" {period} ", "cursor" if period == self._period else "muted") for period in RANGES]
        return [[(" ", ""), *ranges], spread(self._summary, [], self.size.width)]
