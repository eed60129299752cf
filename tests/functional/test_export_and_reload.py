"""An export under way, and what another process has changed meanwhile."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest

from engine.errors import Cancelled
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view
from tests.functional.harness import session


def exports(engine: FakeEngine) -> int:
    return sum(question[0] == "export" for question in engine.asked)


async def test_one_export_at_a_time() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("e", "e")
        await app.shown("An export is under way; X stops it")
        app.engine.work_gate.set()
        await app.settled()
        assert exports(app.engine) == 1
        await app.press("e")
        assert exports(app.engine) == 2


async def test_an_export_that_is_stopped_has_written_nothing_and_says_so() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("e", "X")
        await app.shown("Stopping")
        app.engine.work_gate.set()
        await app.settled()
        assert app.status.strip() == "Stopped: no file was written"
        await app.press("e")
        assert exports(app.engine) == 2


async def test_an_export_says_what_it_is_of() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("[", "e")
        await app.shown(f"Writing Chart as of {app.app.market.session} …")
        app.engine.work_gate.set()
        await app.settled()
        assert "Wrote /" in app.text


async def test_work_that_was_begun_can_be_stopped_although_more_was_asked_for() -> None:
    async with session() as app:
        desk = app.app._desk
        first, second = desk.token("build"), desk.token("build")
        desk.stop("build")
        for token in (first, second):
            with pytest.raises(Cancelled):
                token.check()


async def test_work_that_is_over_leaves_no_token() -> None:
    async with session() as app:
        assert app.app._desk.token("build") is not None
        gc.collect()
        assert not app.app._desk.can_stop("build")


@pytest.mark.parametrize("provider", ["import", "yahoo"])
async def test_one_press_builds_what_another_process_has_made_outdated(provider: str) -> None:
    async with session(FakeEngine(fetched_view()), provider=provider) as app:
        view = app.engine.history
        assert view is not None
        assert not view.status.outdated
        app.engine.history = replace(view, status=replace(view.status, outdated="data"))
        await app.press("r")
        assert ("build", False) in app.engine.asked


async def test_one_press_draws_what_another_process_has_built() -> None:
    async with session(provider="import") as app:
        app.engine.history = performance_view(200)
        await app.press("r")
        assert len(app.app.market.history.sessions) == 200
        assert "read again from the store" in app.status
