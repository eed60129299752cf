"""What stands there first: data if there are any, else what is missing and what to press."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.errors import StoreLocked
from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import session


async def test_the_last_view_is_drawn_before_the_engine_answers(tmp_path: Path) -> None:
    save_snapshot(tmp_path, performance_view())
    engine = FakeEngine(performance_view())
    engine.gate.clear()
    async with session(engine, folder=tmp_path, settle=False) as app:
        await app.pilot.pause()
        assert "top100 PR 1,366.16" in app.header
        assert any("⠛" in line for line in app.lines)
        assert "…" in app.lines[-3]


async def test_the_engine_is_opened_once() -> None:
    async with session() as app:
        await app.press("2", "3", "1")
        assert app.engine.opened == 1


async def test_a_snapshot_of_another_index_is_not_drawn(tmp_path: Path) -> None:
    view = performance_view()
    save_snapshot(tmp_path, replace(view, status=replace(view.status, index="mine")))
    engine = FakeEngine(performance_view())
    engine.gate.clear()
    async with session(engine, folder=tmp_path, settle=False) as app:
        await app.pilot.pause()
        assert "Loading" in app.text


async def test_without_data_the_screen_names_the_commands_that_bring_some() -> None:
    async with session(FakeEngine(stored=False)) as app:
        assert "There are no data yet" in app.text
        for command in ("flatcap demo", "flatcap import PATH"):
            assert command in app.text


async def test_data_without_an_index_are_built_by_one_key() -> None:
    async with session(FakeEngine(stored=True)) as app:
        assert "no index has been built" in app.text
        await app.press("r")
        assert ("build", False) in app.engine.asked
        assert "1,366.16" in app.header


async def test_a_failure_says_what_to_do_and_can_be_tried_again() -> None:
    engine = FakeEngine(performance_view())
    engine.failure = StoreLocked("The store is being written.", hint="wait a moment")
    async with session(engine) as app:
        assert "The store is being written." in app.text
        assert "Next: wait a moment" in app.text
        engine.failure = None
        await app.press("r")
        assert "1,366.16" in app.header


async def test_a_bug_is_shown_and_not_a_screen_that_loads_for_ever() -> None:
    engine = FakeEngine(performance_view())
    engine.failure = ZeroDivisionError("of all things")
    async with session(engine) as app:
        assert "This is a bug in flatcap." in app.text
        assert "ZeroDivisionError: of all things" in app.text


async def test_a_failure_after_the_first_view_leaves_the_view_and_says_so(tmp_path: Path) -> None:
    save_snapshot(tmp_path, performance_view())
    engine = FakeEngine(performance_view())
    engine.failure = StoreLocked("The store is being written.", hint="wait a moment")
    async with session(engine, folder=tmp_path) as app:
        assert "1,366.16" in app.header
        assert "The store is being written." in app.text


async def test_the_demo_says_what_it_makes_and_then_that_it_is_synthetic() -> None:
    engine = FakeEngine()
    engine.gate.clear()
    async with session(engine, demo=True, settle=False) as app:
        await app.pilot.pause()
        assert "Making the synthetic market" in app.text
        engine.gate.set()
        await app.settled()
        assert app.engine.asked[0] == ("load_demo",)
        assert app.lines[0].endswith("SYNTHETIC")


async def test_the_header_says_how_far_the_data_can_be_trusted() -> None:
    async with session() as app:
        for word in ("top100", "PR 1,366.16", "▲ +0.83%", "100/100 priced", "import", "2 sessions behind"):
            assert word in app.header
        assert "as of Thu 2022-03-24" in app.header


async def test_a_terminal_with_hardly_any_room_still_says_what_is_needed() -> None:
    async with session(size=(20, 5)) as app:
        assert [line.strip() for line in app.lines if line] == ["have 20x5, need", "60x18"]


async def test_below_the_least_size_it_says_what_is_needed() -> None:
    async with session(size=(59, 17)) as app:
        assert "have 59x17, need 60x18" in app.text
        await app.pilot.resize_terminal(80, 24)
        await app.settled()
        assert "need" not in app.text
        assert "q quit" in app.footer
