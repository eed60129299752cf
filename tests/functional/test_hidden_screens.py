"""A screen that was out of sight while the market changed shows, when it comes back, what a new one would."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import NoData
from engine.views.snapshot import save_snapshot
from engine.views.types import PerformanceView
from tests.functional.fake_engine import FakeEngine, performance_view, sliced
from tests.functional.harness import Session, session
from tuiapp.messages import Answered, Refused
from tuiapp.screens import SCREENS
from tuiapp.screens.composition import Composition
from tuiapp.screens.data import Data
from tuiapp.screens.panes import PANES

STEPS_BACK = 2
PANES_OF = {"performance": len(PANES), "composition": len(Composition.TITLES), "data": len(Data.TITLES)}
VIEWS = [(spec.id, [spec.key, *["c"] * pane]) for spec in SCREENS for pane in range(PANES_OF.get(spec.id, 1))]


def another_market() -> PerformanceView:
    """The same sessions at other levels."""
    view = performance_view()
    return replace(
        view,
        level_pr=tuple(2 * level for level in view.level_pr),
        level_tr=tuple(3 * level for level in view.level_tr),
    )


async def drawn_anew(app: Session, keys: list[str]) -> list[str]:
    """What an app that never showed anything else draws at that session."""
    async with session(FakeEngine(app.engine.history)) as fresh:
        await fresh.press(*["["] * STEPS_BACK, *keys)
        return fresh.lines


@pytest.mark.parametrize(("name", "keys"), VIEWS, ids=[f"{name}-{len(keys)}" for name, keys in VIEWS])
async def test_a_screen_that_was_out_of_sight_draws_what_came_meanwhile(name: str, keys: list[str]) -> None:
    async with session(FakeEngine(sliced(performance_view(), 250))) as app:
        await app.press(*keys, "3" if name != "changes" else "2")
        app.engine.history = another_market()
        await app.press("r", *["["] * STEPS_BACK, keys[0])
        assert app.lines == await drawn_anew(app, keys)


@pytest.mark.parametrize("name", sorted(PANES_OF))
async def test_a_pane_that_was_out_of_sight_draws_what_came_meanwhile(name: str) -> None:
    key = next(spec.key for spec in SCREENS if spec.id == name)
    async with session(FakeEngine(sliced(performance_view(), 250))) as app:
        await app.press(key, "c")
        app.engine.history = another_market()
        await app.press("r", *["["] * STEPS_BACK, "C")
        assert app.lines == await drawn_anew(app, [key])


async def test_a_table_that_comes_back_has_the_same_rows_in_view() -> None:
    async with session() as app:
        await app.press("2", *["j"] * 15)
        seen = [line.split()[:1] for line in app.lines[5:20]]
        await app.press("1", "[", "2")
        assert [line.split()[:1] for line in app.lines[5:20]] == seen


async def test_what_is_new_is_in_view_unless_the_cursor_was_sent_elsewhere() -> None:
    async with session(FakeEngine(sliced(performance_view(), 250))) as app:
        await app.press("3", "1")
        app.engine.history = performance_view()
        await app.press("r", "3")
        assert "row 1 of" in app.status
        await app.press("j", "[")
        assert "row 1 of" not in app.status


async def test_what_was_asked_of_a_market_that_is_gone_does_not_stand_in_the_place_of_a_first_run(
    tmp_path: Path,
) -> None:
    save_snapshot(tmp_path, performance_view())
    async with session(FakeEngine(stored=False), folder=tmp_path) as app:
        assert "no data yet" in app.text
        app.app.active.post_message(Refused("metrics", 1, NoData("There is no index.")))
        app.app.active.post_message(Answered("metrics", 1, None))
        await app.settled()
        assert "no data yet" in app.text
