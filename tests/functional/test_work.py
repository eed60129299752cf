"""Workers ask, handlers draw: what is superseded is dropped, and work can be stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.errors import Cancelled, ExportError
from engine.events import Progress
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import session
from tuiapp.messages import Answered
from tuiapp.screens.base import BEFORE_LOADING


async def test_an_answer_to_a_superseded_question_is_dropped() -> None:
    async with session() as app:
        await app.press("2")
        screen = app.app.active
        before = app.text
        stale = app.engine.composition(app.app.market.history.sessions[10])
        screen.post_message(Answered("composition", 0, stale))
        await app.settled()
        assert app.text == before


async def test_a_key_held_down_leaves_no_queue_of_questions() -> None:
    async with session() as app:
        await app.press("2")
        app.engine.gate.clear()
        asked = len(app.engine.asked)
        await app.pilot.press(*["["] * 20)
        app.engine.gate.set()
        await app.settled()
        assert len(app.engine.asked) - asked <= 2
        assert app.engine.asked[-1] == ("composition", app.app.market.session)


async def test_keys_are_obeyed_while_the_engine_is_slow() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        engine.gate.clear()
        await app.pilot.press("2", "3", "1", "t")
        await app.pilot.pause()
        assert "Total return" in app.text


async def test_a_slow_screen_says_that_it_is_loading() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        engine.gate.clear()
        await app.pilot.press("2")
        await app.pilot.pause(0.4)
        assert "Loading" in app.text
        engine.gate.set()
        await app.settled()
        assert "Rank" in app.lines[4]


async def test_the_export_says_the_full_path() -> None:
    async with session() as app:
        await app.press("e")
        said = "".join(line.strip() for line in app.lines[-6:-1])
        assert str(Path.cwd() / "flatcap-top100-2022-03-24.xlsx") in said


async def test_an_export_that_fails_says_why_and_what_next() -> None:
    async with session() as app:
        app.engine.export_failure = ExportError("The file is there already.", hint="move it away")
        await app.press("e")
        assert "The file is there already. Next: move it away" in app.status
        assert "1,366.16" in app.header


async def test_long_work_is_told_of_above_the_footer_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuiapp.desk.SHORT", 0.0)
    async with session() as app:
        app.engine.export_progress = Progress("write daily_composition", 500, 2000, "rows")
        app.engine.work_gate.clear()
        await app.pilot.press("e")
        await app.shown("write daily_composition")
        assert "500/2,000 rows" in app.strip
        assert app.strip.endswith("X stop")
        app.engine.work_gate.set()
        await app.settled()
        assert not app.strip


async def test_short_work_is_done_without_a_word() -> None:
    async with session() as app:
        app.engine.export_progress = Progress("write daily_composition", 500, 2000, "rows")
        app.engine.work_gate.clear()
        await app.pilot.press("e")
        await app.shown("Writing Chart")
        assert not app.strip
        app.engine.work_gate.set()


async def test_long_work_can_be_stopped() -> None:
    async with session() as app:
        app.engine.work_gate.clear()
        await app.pilot.press("e", "X")
        await app.shown("Stopping")
        app.engine.work_gate.set()
        await app.settled()
        assert app.app._status.text.startswith("Stopped: no file was written")
        await app.press("X")
        assert "There is nothing to stop" in app.status


async def test_quitting_asks_long_work_to_stop() -> None:
    engine = FakeEngine(stored=True)
    async with session(engine) as app:
        await app.press("r")
        assert engine.cancel is not None
        engine.cancel.check()
        await app.pilot.press("q")
        await app.pilot.pause()
        with pytest.raises(Cancelled):
            engine.cancel.check()


async def test_loading_is_not_said_any_more_when_a_question_that_was_asked_twice_is_answered() -> None:
    async with session() as app:
        await app.press("7")
        app.engine.gate.clear()
        await app.pilot.press("C")
        app.app.active.look_again()
        app.engine.gate.set()
        await app.settled()
        page = app.text
        assert "fresh: 2026-11-20" in page
        await asyncio.sleep(2 * BEFORE_LOADING)
        assert app.text == page
