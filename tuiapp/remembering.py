"""How the app is looked at: remembered between two runs, and taken back change by change."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual.events import Event, Key, MouseDown

from tuiapp.frame import SPECS, Frame
from tuiapp.memory import Memory, StoreMemory
from tuiapp.screens import SCREENS
from tuiapp.undo import Undo, ViewState, in_words

if TYPE_CHECKING:
    from textual.timer import Timer

    from tuiapp.market import Market
    from tuiapp.screens.base import DataScreen
    from tuiapp.screens.troubles import Trouble
    from tuiapp.themes import Terminal

BEFORE_KEEPING: Final = 2.0
"""Seconds after which a view is written down, so that no more is lost where the app is killed."""
TO_KEEP: Final = 1.0
"""Seconds that writing may hold up leaving."""


class Remembering(Frame):
    """The frame, and what is remembered of how it is looked at.

    Args:
        market: History and as-of session.
        index: Name of the index.
        terminal: What the terminal can show.
        trouble: Why there is nothing to draw, or None.
        memory: What is remembered between runs.
    """

    def __init__(self, market: Market, index: str, terminal: Terminal, trouble: Trouble | None, memory: Memory) -> None:
        self.memory = memory
        self._undo = Undo()
        self._key = ""
        self._keeping: Timer | None = None
        market.pins.take(memory.here.pins)
        super().__init__(market, index, terminal, trouble)

    # -- what the last run looked like

    def first_screen(self) -> str:
        """The screen that was shown last, where there is something to show."""
        wanted = self.memory.here.screen
        return wanted if wanted in SPECS and self.market.known else super().first_screen()

    def remembered(self, name: str) -> Mapping[str, Any]:
        """The state in which a screen was left, empty if it was never shown."""
        return self.memory.here.screens.get(name, {})

    @property
    def is_total(self) -> bool:
        """Likewise where the screen that says so was left so and has not been shown yet."""
        first = SCREENS[0].id
        return super().is_total if first in self._shown else bool(self.remembered(first).get("total") is True)

    def _made(self, name: str) -> DataScreen:
        is_new = name not in self._shown
        screen = super()._made(name)
        if is_new:
            screen.restore(self.remembered(name))
        return screen

    def look_at_store(self, folder: Path) -> None:
        """Another store is looked at: as it was looked at before, and nothing from here is taken back."""
        self.remember()
        self.memory.look_at(folder)
        self.market.pins.take(self.memory.here.pins)
        for name, screen in self._shown.items():
            as_new = SPECS[name].load()(self.market, name).state()
            screen.restore({**as_new, **self.remembered(name)})
        self._undo.forget()

    # -- what this run looks like

    def view_state(self) -> ViewState:
        """How the market is looked at now."""
        states = {name: screen.state() for name, screen in self._shown.items()}
        return ViewState(self._active, self.market.wanted, states, self.index)

    async def on_event(self, event: Event) -> None:
        """See what the keys before this one have changed, then obey it."""
        if isinstance(event, Key | MouseDown) and not event.is_forwarded:
            self._see_view(event.key if isinstance(event, Key) else "")
            self._keep_soon()
        await super().on_event(event)

    def _see_view(self, key: str = "") -> None:
        """Take down what has changed; while a text is typed, that is not over."""
        if self._prompt is None:
            self._undo.see(self.view_state(), self._key)
        self._key = "" if self._prompt is not None else key

    async def action_undo(self) -> None:
        """Take back what changed the view last."""
        self._see_view()
        before, view = self.view_state(), self._undo.take_back()
        if view is None:
            self.say("There is nothing to take back")
            return
        await self._look_like(view)
        self.say(f"Back to: {in_words(before, view, {name: spec.title for name, spec in SPECS.items()})}")

    @property
    def indices(self) -> Mapping[str, str]:
        """The indices that can be looked at: what each is called, and its rules in words."""
        return {}

    async def go_over(self, index: str, chosen: date | None) -> None:
        """Look at another index."""

    async def _look_like(self, view: ViewState) -> None:
        if view.index != self.index:
            await self.go_over(view.index, view.session)
        await self.action_show(view.screen)
        if self.market.known:
            self.market.go(view.session or self.market.history.sessions[-1])
        # Another session may take back a part of the state of a screen: first the one, then the other.
        self.follow()
        for name, state in view.screens.items():
            if name in self._shown and self._shown[name].state() != state:
                self._shown[name].restore(state)
        self.follow()

    # -- keeping it

    def remember(self) -> None:
        """Take down how the store is looked at; without an index there is nothing to be looked at."""
        if self.market.known:
            now = self.view_state()
            pins = list(self.market.pins)
            self.memory.remember(StoreMemory(now.screen, {**self.memory.here.screens, **now.screens}, pins))

    def _keep_soon(self) -> None:
        if self._keeping is None and self.memory.path is not None:
            self._keeping = self.set_timer(BEFORE_KEEPING, self._keep)

    def _keep(self) -> None:
        self._keeping = None
        self.keep_view()

    def keep_view(self) -> threading.Thread | None:
        """Write down what is remembered, on a thread of its own: a disk may let us wait."""
        self.remember()
        if self.memory.is_kept:
            return None
        writer = threading.Thread(target=self.memory.save, daemon=True)
        writer.start()
        return writer

    def keep_at_the_end(self) -> None:
        """Write down what is remembered before the app is left, unless that takes too long."""
        if (writer := self.keep_view()) is not None:
            writer.join(TO_KEEP)

    def keep_after_crash(self) -> None:
        """Forget the screen on which the app failed, so that the next run does not begin with what it failed on."""
        if self.market.known:
            before = self.memory.here
            others = {name: state for name, state in before.screens.items() if name != self._active}
            self.memory.remember(StoreMemory("", others, before.pins))
            self.memory.save()
