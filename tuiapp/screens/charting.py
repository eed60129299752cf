"""What a screen with charts does: a crosshair, a window to look through, several benchmarks, and what is copied."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tuiapp.messages import Copy, GoTo, Place, Say
from tuiapp.screens.panes.viewport import CLOSEST, Viewport
from tuiapp.screens.tables import TableScreen

if TYPE_CHECKING:
    from engine.views.explanation import Subject
    from tuiapp.market import Market
    from tuiapp.screens.panes.base import Pane, Scene
    from tuiapp.screens.panes.plotted import PlottedPane

MOST_BENCHMARKS: Final = 3
"""Benchmarks drawn at once: with the index four curves, as many as can be told apart."""
ON_CHARTS: Final = frozenset(
    ("crosshair", "step", "step_to", "take_session", "zoom", "pan", "whole", "log", "copy", "copy_table")
)
"""Actions that mean something only while a chart is shown."""


class ChartScreen(TableScreen):
    """A screen whose panes are charts or tables."""

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self.benchmarks: tuple[str, ...] = ()
        self.log_scale = False
        self.viewport = Viewport()

    @property
    @abstractmethod
    def pane(self) -> Pane:
        """The pane that is looked at."""

    @abstractmethod
    def scene(self) -> Scene:
        """What is looked at."""

    @abstractmethod
    def draw(self) -> None:
        """Draw the pane, its legend and the figures."""

    @abstractmethod
    def draw_legend(self) -> None:
        """Draw the line above the pane."""

    @property
    def chart(self) -> PlottedPane | None:
        """The pane where it is a chart."""
        from tuiapp.screens.panes.plotted import PlottedPane

        return self.pane if isinstance(self.pane, PlottedPane) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of a chart mean nothing beside a table, or where there is none."""
        if action in ON_CHARTS and (self.pane.table is not None or self.has_notice or not self._market.known):
            return False
        return super().check_action(action, parameters)

    def step_back(self) -> bool:
        """Take the crosshair away, then the window."""
        if self.viewport.crosshair is not None and self.chart:
            self._cross(None)
            return True
        if self.viewport.window and self.chart:
            self.action_whole()
            return True
        return False

    def of_crosshair(self) -> Sequence[tuple[str, Subject]]:
        """The numbers of the session under the crosshair."""
        if self.viewport.crosshair is None or not self.chart:
            return ()
        from tuiapp.screens.panes.subjects import of_day

        scene = self.scene()
        return of_day(scene, scene.history.sessions[self.viewport.crosshair])

    # -- crosshair

    def action_crosshair(self) -> None:
        """A crosshair on the last session that is shown, or none."""
        if self.viewport.crosshair is not None:
            self._cross(None)
        elif self._is_drawn():
            self._cross(self.viewport.last)
            self.post_message(Say("← → one, H L ten, Enter as of, Esc ends"))

    async def action_step(self, sessions: int) -> None:
        """The crosshair some sessions on; without one all screens."""
        if self.viewport.crosshair is None:
            await self.app.run_action(f"walk({sessions})")
        else:
            self._step(sessions)

    async def action_step_to(self, end: str) -> None:
        """The crosshair to an end of the picture; without one all screens to an end of the history."""
        if self.viewport.crosshair is None:
            await self.app.run_action(f"walk_to('{end}')")
        else:
            to = self.viewport.first if end == "first" else self.viewport.last
            self._step(to - self.viewport.crosshair)

    def _step(self, sessions: int) -> None:
        window = self.viewport.window
        if not self.viewport.step(sessions):
            is_first = sessions < 0 or (not sessions and self.viewport.crosshair == self.viewport.first)
            self.post_message(Say(f"This is the {'first' if is_first else 'last'} session of the range"))
        elif self.viewport.window != window:
            self.draw()
        else:
            self._cross(self.viewport.crosshair)

    def _cross(self, place: int | None) -> None:
        """Put the crosshair somewhere, and say what it reads."""
        self.viewport.crosshair = place
        if self.chart:
            self.chart.cross(self.scene())
        self.draw_legend()
        self.tell_session()
        self.post_message(Say(""))

    def tell_session(self) -> None:
        """Say on which session the crosshair stands."""
        at = self.viewport.crosshair if self.chart else None
        day = "" if at is None else f"cross {self._market.history.sessions[at]}"
        self.post_message(Place(day).set_sender(self))

    def action_take_session(self) -> None:
        """All screens as of the session under the crosshair."""
        if self.viewport.crosshair is None:
            self.post_message(Say("x sets the crosshair whose session Enter takes"))
        else:
            self.post_message(GoTo(self._market.history.sessions[self.viewport.crosshair]))

    # -- window and scale

    def action_zoom(self, steps: int) -> None:
        """Half as many sessions, or twice as many."""
        if not self._is_drawn():
            return
        if self.viewport.zoom(steps):
            self._look()
        else:
            at_end = f"{CLOSEST} sessions are the closest look" if steps > 0 else "This is the whole range; } is longer"
            self.post_message(Say(at_end))

    def action_pan(self, halves: int) -> None:
        """Half a picture back or forward."""
        if self.viewport.window is None:
            self.post_message(Say("The whole range is shown; z looks closer, { } change the range"))
        elif self.viewport.pan(halves):
            self._look()
        else:
            self.post_message(Say(f"The range {'begins' if halves < 0 else 'ends'} here"))

    def action_whole(self) -> None:
        """The whole range again."""
        if self.viewport.whole():
            self._look()
        else:
            self.post_message(Say("The whole range is shown"))

    def _look(self) -> None:
        self.draw()
        self.post_message(Say(""))

    def action_log(self) -> None:
        """A logarithmic scale, or a linear one."""
        if self.pane.LOG:
            self.log_scale = not self.log_scale
            self._look()
        else:
            self.post_message(Say("Only the level has a logarithmic scale", "warn"))

    def _is_drawn(self) -> bool:
        """Whether there is a line to look at; says so where there is none."""
        if self.chart is None or not self.chart.curves:
            self.post_message(Say("Still loading …", "warn"))
            return False
        if self.viewport.count < 2:
            self.post_message(Say("There is one session here; } or > shows more", "warn"))
            return False
        return True

    # -- benchmarks

    @property
    def known_benchmarks(self) -> list[str]:
        """Symbols of the benchmarks there are; says how to get some where there are none."""
        found = sorted(self._market.history.benchmarks) if self._market.known else []
        if self._market.known and not found:
            self.post_message(Say("No benchmark is loaded: import a file of date,symbol,close", "warn"))
        return found

    def action_benchmark(self) -> None:
        """The next benchmark, and after the last one none."""
        if known := self.known_benchmarks:
            choices = ["", *known]
            shown = self.benchmarks[0] if self.benchmarks else ""
            at = choices.index(shown) if shown in choices else 0
            following = choices[(at + 1) % len(choices)]
            self._take_benchmarks((following,) if following else ())

    def action_all_benchmarks(self) -> None:
        """All benchmarks at once, or none."""
        if known := self.known_benchmarks:
            drawn = tuple(known[:MOST_BENCHMARKS])
            self._take_benchmarks(() if self.benchmarks == drawn else drawn)
            if self.benchmarks and len(known) > len(drawn):
                self.post_message(Say(f"{len(drawn)} of {len(known)} benchmarks are drawn; b shows one at a time"))

    def _take_benchmarks(self, symbols: tuple[str, ...]) -> None:
        self.benchmarks = symbols
        self.post_message(Say("" if self.pane.BENCHMARK else self.where_benchmarks_are(", ".join(symbols) or "none")))
        self.draw()

    @abstractmethod
    def where_benchmarks_are(self, symbols: str) -> str:
        """Which benchmarks are chosen, and in which panes they are seen, for a pane where they are not."""

    # -- what is copied

    def action_copy(self) -> None:
        """Copy date and values at the crosshair, or of the last session that is shown."""
        if self.chart and self.chart.curves:
            at = self.viewport.crosshair
            place = self.viewport.last if at is None else at
            day = self._market.history.sessions[place]
            self.post_message(Copy(self.chart.session_text(self.scene(), place), f"the values of {day}"))

    def action_copy_table(self) -> None:
        """Copy all values that are drawn."""
        if self.chart and self.chart.curves:
            what = f"{self.viewport.count:,} sessions with {len(self.chart.curves)} series"
            self.post_message(Copy(self.chart.table_text(self.scene()), what))

    # -- what is remembered and taken back

    def chart_state(self) -> dict[str, Any]:
        """How the charts are looked at."""
        state: dict[str, Any] = {"benchmarks": list(self.benchmarks), "log": self.log_scale}
        if self.viewport.window:
            state["window"] = [self._market.history.sessions[place].isoformat() for place in self.viewport.window]
        return state

    def restore_chart(self, state: Mapping[str, Any]) -> None:
        """Look at the charts like that again, once the range is known."""
        symbols = state.get("benchmarks", self.benchmarks)
        named = [symbol for symbol in symbols if isinstance(symbol, str)] if isinstance(symbols, list | tuple) else ()
        self.benchmarks = tuple(named[:MOST_BENCHMARKS])
        self.log_scale = state.get("log", self.log_scale) is True
        self.viewport.whole()
        places = self._places(state.get("window"))
        if len(places) == 2:
            self.viewport.look_at(*places)

    def _places(self, days: object) -> list[int]:
        """Places of dates, none for those that are no sessions."""
        if not isinstance(days, list) or not self._market.known:
            return []
        sessions = self._market.history.sessions
        return [place for place, session in enumerate(sessions) if session.isoformat() in days]
