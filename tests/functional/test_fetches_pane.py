"""The fetches on the Data screen: runs, failures, notes, and what the next one would do."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import SettingsError
from engine.events import Progress
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view
from tests.functional.fake_fetching import VIEW
from tests.functional.harness import session

RUNNING = replace(VIEW.runs[0], outcome="running", ended_at=None, asked=0)


async def test_fetches_have_a_pane_of_their_own() -> None:
    async with session() as app:
        await app.press("7", "C")
        assert "next: 254 requests, about 3 min" in app.lines[2]
        assert "fresh: 2026-11-20 21:31 UTC, through 2026-11-20, 0 behind" in app.lines[3]
        assert app.row("partial").split()[:2] == ["2026-11-20", "21:29"]
        assert "no answer in 30 seconds" in app.row("BRK-B")
        assert "\x1b" not in app.text
        assert "close 267.44" in app.row("AAPL")


async def test_a_fetch_that_has_not_ended_is_no_fetch_of_nothing() -> None:
    engine = FakeEngine(performance_view())
    engine.fetch_view = replace(VIEW, runs=(RUNNING,))
    async with session(engine) as app:
        await app.press("7", "C")
        assert app.row("running").split("running")[1].strip() == "it has not ended"


async def test_while_a_fetch_runs_no_next_one_is_planned() -> None:
    engine = FakeEngine(performance_view())
    engine.fetch_view = replace(VIEW, runs=(RUNNING,))
    async with session(engine) as app:
        await app.press("7", "C")
        assert "a fetch is under way" in app.lines[2]
        assert "next:" not in app.lines[2]


async def test_the_pane_sees_a_fetch_of_our_own_begin() -> None:
    engine = FakeEngine(fetched_view())
    engine.fetch_progress = (Progress("ask Yahoo for the universe"),)
    engine.work_gate.clear()
    async with session(engine) as app:
        await app.press("7", "C")
        assert "next: 254 requests" in app.lines[2]
        engine.fetch_view = replace(VIEW, runs=(RUNNING,))
        await app.pilot.press("r")
        await app.shown("a fetch is under way")


async def test_the_end_of_a_fetch_elsewhere_is_seen() -> None:
    engine = FakeEngine(performance_view())
    engine.fetch_view = replace(VIEW, runs=(RUNNING,))
    async with session(engine) as app:
        await app.press("7", "C")
        engine.fetch_view, engine.history = VIEW, fetched_view(sessions_behind=0)
        await app.meanwhile()
        assert "next: 254 requests" in app.text
        assert "yahoo" in app.header
        assert "running" not in app.text


async def test_a_pane_that_comes_back_shows_what_was_fetched_meanwhile() -> None:
    async with session() as app:
        await app.press("7", "C", "1")
        app.engine.fetch_view = replace(VIEW, failures=())
        await app.press("7")
        assert "BRK-B" not in app.text


async def test_what_failed_stands_first() -> None:
    async with session() as app:
        await app.press("7", "C")
        order = [app.text.index(word) for word in ("BRK-B", "AAPL", "interrupted")]
        assert order == sorted(order)


async def test_what_was_fetched_is_asked_for_again_after_a_fetch() -> None:
    async with session(FakeEngine(fetched_view())) as app:
        await app.press("7", "C")
        app.engine.fetch_view = replace(VIEW, runs=(), failures=(), notes=())
        await app.press("r")
        assert "BRK-B" not in app.text


async def test_before_the_first_fetch_the_pane_says_so() -> None:
    engine = FakeEngine(performance_view())
    engine.fetch_view = replace(VIEW, runs=(), failures=(), notes=(), fresh_at=None, through=None, behind=None)
    async with session(engine) as app:
        await app.press("7", "C")
        assert "Nothing was fetched yet" in app.lines[3]


async def test_where_nothing_is_fetched_the_pane_says_why() -> None:
    engine = FakeEngine(performance_view())
    engine.plan_failure = SettingsError("Nothing is fetched with provider import.")
    async with session(engine) as app:
        await app.press("7", "C")
        assert "Nothing is fetched with provider import." in app.text
        await app.press("c")
        assert "13 findings" in app.lines[3]


async def test_a_line_that_is_too_long_can_be_read_whole() -> None:
    async with session(size=(60, 18)) as app:
        await app.press("7", "C", "G", "k")
        assert "through 2026-11-19" not in app.text
        await app.press("enter")
        assert "through 2026-11-19, 131 requests in 8 min" in " ".join(app.text.split())
