"""Completing the path to import, with Tab."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.fake_engine import FakeEngine
from tests.functional.harness import Session, session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("prices-2024.csv", "prices-2025.csv", "shares.csv"):
        (tmp_path / name).touch()
    return tmp_path


def typed(app: Session) -> str:
    assert app.app._prompt is not None
    return app.app._prompt.field.value


async def asked_for(app: Session, path: str) -> None:
    await app.press("i")
    await app.type(path)
    await app.press("tab")


async def test_tab_completes_a_path_and_lists_how_it_could_go_on(folder: Path) -> None:
    async with session(FakeEngine(stored=False)) as app:
        await asked_for(app, f"{folder}/p")
        assert typed(app) == f"{folder}/prices-202"
        assert "prices-2024.csv  prices-2025.csv" in app.text
        await app.type("5")
        await app.press("tab")
        assert typed(app) == f"{folder}/prices-2025.csv"
        assert "prices-2024.csv" not in app.text
        assert "Tab" in app.footer


async def test_typing_goes_on_behind_what_was_completed(folder: Path) -> None:
    async with session(FakeEngine(stored=False)) as app:
        await asked_for(app, f"{folder}/s")
        await app.type("x")
        assert typed(app) == f"{folder}/shares.csvx"
        await app.press("escape")
        assert app.app._prompt is None
        assert "shares.csv" not in app.text


async def test_more_names_than_there_is_room_for_are_counted(folder: Path) -> None:
    for number in range(200):
        (folder / f"day-{number:03}.csv").touch()
    async with session(FakeEngine(stored=False), size=(60, 18)) as app:
        await asked_for(app, f"{folder}/d")
        lines = [line for line in app.lines if "day-" in line and "import" not in line]
        assert len(lines) == 3
        shown = sum(line.count(".csv") for line in lines)
        assert lines[-1].endswith(f"and {200 - shown} more")
        assert "Esc cancel" in app.footer


async def test_a_prompt_that_completes_nothing_keeps_the_keys() -> None:
    async with session() as app:
        await app.press("a")
        await app.type("2024")
        await app.press("tab", "shift+tab")
        await app.type("-03")
        assert typed(app) == "2024-03"
        assert "Tab" not in app.footer
