"""The app with an engine of ours, at a size, driven by keys; and what stands on its screen then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from unittest import mock

from textual.pilot import Pilot
from textual.worker import WorkerError

from engine.settings import Settings
from tests.functional.fake_engine import FakeEngine, performance_view
from tuiapp.app import FlatcapApp
from tuiapp.memory import Memory
from tuiapp.themes import Terminal

NOWHERE = Path("/nonexistent/flatcap")
ROUNDS = 3
A_MOMENT_S = 0.002
SOON_S = 0.1
PATIENCE_S = 30.0
NEVER_S = 86_400.0


async def nothing_to_run(min_sleep: float = 0.0, max_sleep: float = 0.0) -> None:
    """Wait until every task of the loop waits for somebody else: what a test does next changes what comes next.

    Textual's pilot waits until the process uses no time, which is long where nothing happens, and too short where the
    machine gives the process none.
    """
    loop = asyncio.get_running_loop()
    quiet, end = 0, time.monotonic() + PATIENCE_S
    while quiet < ROUNDS:
        assert time.monotonic() < end, "there is always something to run"
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1  # type: ignore[attr-defined]


def due_soon() -> float | None:
    """Seconds until the next timer, if the app set it to wait for a moment only."""
    loop = asyncio.get_running_loop()
    waits = [call.when() - loop.time() for call in loop._scheduled if not call.cancelled()]  # type: ignore[attr-defined]
    soonest = min(waits, default=SOON_S)
    return max(soonest, 0.0) if soonest < SOON_S else None


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

    async def meanwhile(self) -> None:
        """Let the app see that others have changed the store, and wait until what comes of it is drawn."""
        self.engine.stamped += 1
        self.app.look_around()
        await self.settled()

    async def type(self, text: str) -> None:
        """Type characters."""
        await self.pilot.press(*({" ": "space"}.get(char, char) for char in text))
        await self.settled()

    async def settled(self) -> None:
        """Wait until no worker works, no message waits and everything is drawn."""
        end = time.monotonic() + PATIENCE_S
        await self.pilot.pause()
        while await self._has_worked():
            assert time.monotonic() < end, f"it never rests:\n{self.text}"
            await self.pilot.pause()

    async def _has_worked(self) -> bool:
        """Whether there was anything to do still."""
        if not self.app.is_running:
            return False
        if [worker for worker in self.app.workers if not worker.is_finished]:
            # What a worker failed with is handed back to the app, whose matter it is.
            with suppress(WorkerError):
                await self.app.workers.wait_for_complete()
            return True
        pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
        soon = due_soon()
        if soon is not None or self.app._desk.topics or any(pump.message_queue_size for pump in pumps):
            await asyncio.sleep(A_MOMENT_S if soon is None else soon)
            return True
        screen = self.app.screen
        return bool(screen._dirty_widgets or screen._layout_required or screen._callbacks)

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
async def without_waits() -> AsyncIterator[None]:
    """Let Textual's pilot wait for what is left to run, and for nothing else; nobody looks at a store by the clock."""
    with ExitStack() as stack:
        for module in ("app", "pilot"):
            stack.enter_context(mock.patch(f"textual.{module}.wait_for_idle", nothing_to_run))
        stack.enter_context(mock.patch("tuiapp.watching.EVERY_S", NEVER_S))
        yield


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
    async with without_waits(), app.run_test(size=size) as pilot:
        running = Session(app, pilot, engine)
        if settle:
            await running.settled()
        yield running
        engine.gate.set()
        engine.work_gate.set()
        await running.settled()
