"""Back-filled sessions and names that are still missing, wherever they are shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import FakeEngine, fetched_view
from tests.functional.harness import session


def backfilled_until(before: date) -> FakeEngine:
    return FakeEngine(fetched_view(backfilled_before=before))


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_back_filled_sessions_are_marked_on_every_screen(size: tuple[int, int]) -> None:
    async with session(backfilled_until(date(2022, 3, 24)), size=size) as app:
        assert "back-filled" not in app.header
        assert "back-filled" in app.lines[3]
        await app.press("[")
        for key in ("1", "2", "3", "7"):
            await app.press(key)
            assert "back-filled" in app.lines[1]


async def test_ranges_say_whether_they_reach_into_back_filled_sessions() -> None:
    async with session(backfilled_until(date(2022, 1, 3)), size=(120, 40)) as app:
        assert "back-filled before 2022-01-03" in app.lines[3]
        await app.press("{", "{", "{", "{", "{", "{", "{")
        assert "back-filled" not in app.text
        await app.press("3")
        assert "back-filled" in app.lines[2]
        await app.press("2", "c")
        assert "back-filled" not in app.text
        await app.press(*["}"] * 8)
        assert "back-filled" in app.lines[3]


async def test_an_explanation_says_what_back_filled_means() -> None:
    async with session(backfilled_until(date(2022, 3, 24)), size=(120, 40)) as app:
        await app.press("[", "i")
        assert "back-filled (survivorship-biased): names listed on 2022-03-24, used for earlier sessions" in app.text


async def test_the_last_view_says_so_before_the_engine_answers(tmp_path: Path) -> None:
    view = fetched_view(backfilled_before=date(2022, 4, 1), names_have=120)
    save_snapshot(tmp_path, view)
    engine = FakeEngine(view)
    engine.gate.clear()
    async with session(engine, folder=tmp_path, settle=False) as app:
        await app.pilot.pause()
        assert "120/250 names" in app.header
        assert " back-filled " in app.header
