"""Performance: the level as a line, what is behind it pane by pane, and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import GoTo, HintsChanged, Say
from tuiapp.screens.backfill import marked
from tuiapp.screens.base import ASIDE
from tuiapp.screens.charting import ChartScreen
from tuiapp.screens.figures import tiles_of
from tuiapp.screens.legend import Legend
from tuiapp.screens.panes import PANES, PaneSpec
from tuiapp.screens.panes.base import WHOLE, Pane, Scene
from tuiapp.widgets.line import Part, fitting
from tuiapp.widgets.tiles import Tiles

if TYPE_CHECKING:
    from engine.views.analysis import ReturnsView
    from engine.views.explanation import Subject
    from engine.views.types import MetricsView
    from tuiapp.screens.exporting.request import ExportRequest
    from tuiapp.widgets.row_table import RowTable

# The standard periods, as the engine has them: its arithmetic is loaded only when one of them is cut out.
RANGES: Final = ("1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all")
UNTOUCHED: Final = {"sort": "", "down": False, "filter": "", "column": ""}
"""State of a table that was not looked at yet."""
TITLES: Final = [spec.title for spec in PANES]


class Performance(ChartScreen):
    """A legend, one of the panes, and the figures of the range."""

    SCOPES: ClassVar[tuple[str, ...]] = (keys.PERFORMANCE,)
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(keys.PERFORMANCE),
        *keys.bindings(keys.CHART),
        *keys.bindings(keys.SESSIONS),
    ]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self.total = False
        self.period = RANGES[-1]
        self._legend = Legend(TITLES, RANGES)
        self._heading: list[Part] = []
        self._tiles = Tiles()
        self._place = 0
        self._panes: dict[int, Pane] = {}
        self._unmade: dict[str, Mapping[str, Any]] = {}
        self._metrics: MetricsView | None = None
        self._returns: dict[str, ReturnsView] = {}
        self._awaited = ""

    def body(self) -> ComposeResult:
        """Legend, pane and figures."""
        self._tiles.set_class(self.pane.ALONE, ASIDE)
        yield self._legend
        yield self.pane.widget
        yield self._tiles

    @property
    def pane(self) -> Pane:
        """The pane that is looked at."""
        return self._panes.get(self._place) or self._made()

    def _made(self) -> Pane:
        """The pane that is looked at for the first time, as it is remembered."""
        spec = PANES[self._place]
        made = self._panes[self._place] = spec.make()
        if made.table is not None:
            made.table.restore(self._unmade.pop(spec.id, {}))
        return made

    @property
    def table(self) -> RowTable[Any]:
        """The table of a pane that is one."""
        assert self.pane.table is not None, "a chart has no rows"
        return self.pane.table

    @property
    def scopes(self) -> tuple[str, ...]:
        """Those of a chart or of a table, too."""
        of_rows = (keys.SESSIONS,) if self.pane.OF_SESSIONS else ()
        return (*of_rows, *self.SCOPES, keys.CHART if self.pane.table is None else keys.TABLE)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A row is taken only where it stands for a session."""
        if action == "take_row" and (not self.pane.OF_SESSIONS or self.has_notice or not self._market.known):
            return False
        return super().check_action(action, parameters)

    @property
    def narrowed(self) -> str:
        """The filter of a table."""
        return super().narrowed if self.pane.table is not None else ""

    @property
    def is_sorted(self) -> bool:
        """Likewise."""
        return self.pane.table is not None and super().is_sorted

    @property
    def is_awaited(self) -> bool:
        """Likewise a chart without a line."""
        if self.pane.table is not None or self.has_notice:
            return super().is_awaited
        return bool(self._unanswered and self.chart and not self.chart.curves)

    def pass_over(self, pressed: str) -> None:
        """Say why there is no filter on a chart."""
        if self.pane.table is None and keys.answers("table.filter", pressed):
            self.post_message(Say("There are no rows to filter here", "warn"))

    def focus_first(self) -> None:
        """The pane takes the keys."""
        if self.pane.table is not None:
            super().focus_first()
            return
        self.pane.widget.take_keys()
        self.tell_session()

    def follow_market(self) -> None:
        """Draw the line from the history at once, and ask for the figures."""
        self.show_notice(None)
        self._metrics = None
        self._returns.clear()
        self._awaited = ""
        self.draw()
        session = self._market.session
        self.ask("metrics", lambda engine: engine.metrics(end=session))

    def answered(self, answer: Any) -> None:
        """Figures of all ranges, or the returns of one, are there."""
        from engine.views.types import MetricsView

        if isinstance(answer, MetricsView):
            self._metrics = answer
        else:
            self._returns.update([answer])
            self._awaited = ""
        self.draw()

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """The numbers at the crosshair or the cursor of the pane."""
        return self.of_crosshair() or self.pane.subjects(self.scene()) if self._market.known else ()

    def number_at(self, subjects: Sequence[tuple[str, Subject]]) -> int:
        """Place of the one that the cursor of the pane is on."""
        return self.pane.number_at(subjects)

    def export_request(self) -> ExportRequest:
        """The range of the pane."""
        from tuiapp.screens.panes.exported import of_pane

        return of_pane(PANES[self._place], self.pane, self.scene())

    # -- keys

    def action_take_row(self) -> None:
        """All screens as of the session that the row under the cursor stands for."""
        session = self.pane.session(self.scene())
        if session is None:
            self.post_message(Say("There is no session at the cursor to go to", "warn"))
        elif session == self._market.session:
            self.post_message(Say("All screens are as of this session"))
        else:
            self.post_message(GoTo(session))

    async def action_pane(self, steps: int) -> None:
        """Another pane; after the last one comes the first."""
        await self._show_pane((self._place + steps) % len(PANES))

    async def _show_pane(self, place: int) -> None:
        if self.has_notice:
            return
        self._turn_to(place)
        self.draw()
        self.focus_first()
        self.post_message(Say(""))
        self.post_message(HintsChanged())

    def step_back(self) -> bool:
        """Take back the filter of a table or how closely a chart is looked at, then show the first chart again."""
        if super().step_back():
            return True
        if not self._place:
            return False
        self.call_next(self._show_pane, 0)
        return True

    def action_step_range(self, steps: int) -> None:
        """The next shorter or longer range, shown whole."""
        at = max(0, min(len(RANGES) - 1, RANGES.index(self.period) + steps))
        if RANGES[at] == self.period:
            self.post_message(Say(f"This is the {'shortest' if steps < 0 else 'longest'} range"))
            return
        self.period = RANGES[at]
        self.viewport.whole()
        self.draw()

    def action_basis(self) -> None:
        """Price return or total return."""
        self.total = not self.total
        self.draw()
        self.post_message(HintsChanged())

    def where_benchmarks_are(self, symbols: str) -> str:
        """Which benchmarks are chosen, and in which panes they are seen."""
        where = ", ".join(spec.title for spec in PANES if spec.id in ("chart", "drawdown", "periods"))
        return f"Benchmark: {symbols}, shown in {where}"

    # -- what is remembered and taken back

    def state(self) -> dict[str, Any]:
        """Pane, range, basis, benchmarks and scale, the window of the charts, and how each table is looked at."""
        tables = {spec.id: self._table_state(place, spec) for place, spec in enumerate(PANES) if spec.table}
        chosen = {"pane": PANES[self._place].id, "period": self.period, "total": self.total}
        return {**chosen, **self.chart_state(), "tables": tables}

    def _table_state(self, place: int, spec: PaneSpec) -> dict[str, Any]:
        made = self._panes.get(place)
        return made.table.state() if made and made.table else {**UNTOUCHED, **self._unmade.get(spec.id, {})}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at it like that again."""
        self.period = state["period"] if state.get("period") in RANGES else self.period
        self.total = state.get("total", self.total) is True
        self._restore_tables(state.get("tables"))
        places = {spec.id: place for place, spec in enumerate(PANES)}
        self._turn_to(places.get(str(state.get("pane")), self._place))
        if self._market.known:
            self._frame()
        self.restore_chart(state)
        if self.is_mounted and not self.has_notice:
            self.draw()
            self.post_message(HintsChanged())

    def _restore_tables(self, states: object) -> None:
        for place, spec in enumerate(PANES):
            state = states.get(spec.id) if spec.table and isinstance(states, Mapping) else None
            if not isinstance(state, Mapping):
                continue
            if (made := self._panes.get(place)) and made.table:
                made.table.restore(state)
            else:
                self._unmade[spec.id] = state

    def _turn_to(self, place: int) -> None:
        """Put another pane into sight."""
        if self.is_mounted:
            self.pane.widget.add_class(ASIDE)
        self._place = place
        if self.is_mounted:
            if self.pane.widget.parent is None:
                self.mount(self.pane.widget, after=self._legend)
            self.pane.widget.remove_class(ASIDE)
            self._tiles.set_class(self.pane.ALONE, ASIDE)

    # -- drawing

    def draw(self) -> None:
        """Draw the pane, its legend and the figures of the range."""
        if not self._market.known:
            return
        self._ask_for_returns()
        self._frame()
        scene = self.scene()
        self._heading = self.pane.show(scene)
        self.draw_legend()
        if self.chart:
            self.tell_session()
        self._tiles.show(tiles_of(scene.figures, total=self.total), self.period if scene.window and self.chart else "")

    def draw_legend(self) -> None:
        """Draw the line above the pane: what the crosshair reads, or what the pane has to say."""
        scene, view = self.scene(), self._market.history
        first = view.sessions[{WHOLE: 0, "range": scene.start}.get(self.pane.WANTS, scene.first)]
        forms = [[*self._heading, *self.pane.tail(scene)], self._heading, *self.pane.briefer(scene)]

        def line(width: int) -> list[Part]:
            return marked(fitting(forms, width), view.status, first, width)

        if self.chart and self.chart.curves and scene.crosshair is not None:
            forms = self.chart.readout(scene, scene.crosshair)
        self._legend.show(line, TITLES[self._place], self.period)

    def scene(self) -> Scene:
        """What is looked at."""
        view, end = self._market.history, self._market.place
        start, complete = _start(view.sessions, end, self.period)
        return Scene(
            history=view,
            start=start,
            end=end,
            period=self.period,
            complete=complete,
            total=self.total,
            benchmarks=tuple(symbol for symbol in self.benchmarks if symbol in view.benchmarks),
            metrics=self._metrics,
            returns=self._returns.get(self._wanted_period),
            window=self.viewport.window,
            crosshair=self.viewport.crosshair,
            log=self.log_scale,
        )

    def _frame(self) -> None:
        """Have the charts show the range as it is now."""
        end = self._market.place
        self.viewport.take(_start(self._market.history.sessions, end, self.period)[0], end)

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
