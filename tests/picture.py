"""The picture in the README: the first screen of the demo market, as the app itself draws it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from engine.settings import Settings
from tuiapp.app import FlatcapApp
from tuiapp.screens.troubles import BUG

SIZE = (80, 24)


def picture() -> str:
    """The first screen, in a fenced block."""
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(_screen(Path(folder)))
    return "\n".join(["```text", *healthy(lines), "```"])


def healthy(lines: list[str]) -> list[str]:
    """The lines of a screen. Raises ``RuntimeError`` for one that shows a bug: that is no picture."""
    if any(BUG in line for line in lines):
        raise RuntimeError("\n".join(["the first screen shows a bug:", *lines]))
    return lines


async def _screen(folder: Path) -> list[str]:
    app = FlatcapApp(Settings(data_dir=folder), demo=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        while [worker for worker in app.workers if not worker.is_finished]:
            await app.workers.wait_for_complete()
            await pilot.pause()
        return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
