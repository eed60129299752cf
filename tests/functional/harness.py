"""The app with an engine of ours, at a size, driven by keys; and what stands on its screen then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from engine.settings import Settings
from tests.functional.fake_engine import FakeEngine, performance_view
from tuiapp.app import FlatcapApp
from tuiapp.memory import Memory
from tuiapp.themes import Terminal

NOWHERE = Path("/nonexistent/flatcap")
ROUNDS = 3
"""A message may lead to another, which leads to a question."""


class Session:
    """A running app under test."""

    def __init__(self, app: FlatcapApp, pilot: Pilot[int], engine: FakeEngine) -> None:
        self.app = app
        self.pilot = pilot
        self.engine = engine

    async def press(self, *keys: str) -> None:
        """Press keys and wait until all answers are drawn."""
        for key in keys:
            await self.pilot.press(key)
            await self.settled()

    async def type(self, text: str) -> None:
        """Type characters."""
        await self.pilot.press(*({" ": "space"}.get(char, char) for char in text))
        await self.settled()

    async def settled(self) -> None:
        """Wait until no worker works, no message waits and everything is drawn."""
        await self.pilot.pause()
        while await self._has_worked():
            await self.pilot.pause()

    async def _has_worked(self) -> bool:
        """Whether there was anything to do still: a process that is given no time by the machine only looks idle."""
        if [worker for worker in self.app.workers if not worker.is_finished]:
            await self.app.workers.wait_for_complete()
            return True
        for _ in range(ROUNDS):
            if not self.app.is_running or not await self.pilot._wait_for_screen():
                return False
            pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
            if self.app._desk.topics or any(pump.message_queue_size for pump in pumps):
                return True
        return False

    async def shown(self, text: str) -> None:
        """Wait until a text stands on the screen, whatever work goes on."""
        for _ in range(200):
            await self.pilot.pause()
            if text in self.text:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{text!r} was not shown:\n{self.text}")

    @property
    def lines(self) -> list[str]:
        """The text on the screen."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The text on the screen as one."""
        return "\n".join(self.lines)

    @property
    def header(self) -> str:
        """The two lines at the top."""
        return "\n".join(self.lines[:2])

    @property
    def status(self) -> str:
        """The line above the footer, and above the strip where there is one."""
        return self.lines[-3 if self.app._strip.display else -2]

    @property
    def strip(self) -> str:
        """The line that says how far long work is, empty where there is none."""
        return self.lines[-2] if self.app._strip.display else ""

    @property
    def footer(self) -> str:
        """The last line."""
        return self.lines[-1]

    def row(self, ticker: str) -> str:
        """The line of the table with this ticker."""
        return next(line for line in self.lines if ticker in line.split())


@asynccontextmanager
async def session(
    engine: FakeEngine | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    folder: Path = NOWHERE,
    demo: bool = False,
    terminal: Terminal | None = None,
    settle: bool = True,
    provider: str = "yahoo",
    memory: Memory | None = None,
) -> AsyncIterator[Session]:
    """Run the app; the market has 300 sessions unless an engine is given."""
    engine = engine or FakeEngine(performance_view())
    settings = Settings(data_dir=folder, provider=provider)
    app = FlatcapApp(settings, demo=demo, terminal=terminal, factory=engine.open, memory=memory)
    async with app.run_test(size=size) as pilot:
        running = Session(app, pilot, engine)
        if settle:
            await running.settled()
        yield running
        engine.gate.set()
        engine.work_gate.set()
        await running.settled()
