"""A first run: what digits, help and the palette say there, and what the last run has left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import session
from tuiapp.memory import FILE_NAME, Memory


async def test_a_screen_without_anything_to_show_says_so_when_it_is_gone_to() -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press("2")
        assert app.status.strip() == "Composition: nothing to show yet"


async def test_help_of_a_first_run_begins_with_the_keys_that_bring_data() -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press("?")
        assert app.lines[1].strip().startswith("There is no index yet")
        assert "As long as there is no index" in app.text
        assert "In the chart" not in app.text
        assert app.text.index("demo market") < app.text.index("Everywhere")


async def test_the_palette_of_a_first_run_imports() -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press(":")
        await app.type("import")
        assert app.lines[2].split()[:2] == ["command", "import"]
        await app.press("enter")
        assert "import the file or folder:" in app.text


async def test_a_prompt_shows_only_keys_that_are_not_text() -> None:
    async with session() as app:
        await app.press("a")
        assert app.footer.split() == ["Enter", "done", "Esc", "cancel", "ctrl+u", "clear", "ctrl+c", "quit"]
        await app.press("escape")
        assert app.footer.endswith("? help  q quit")


async def test_the_demo_market_begins_on_the_first_view_of_a_screen() -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press("7")
        app.app.active.restore({"pane": "fetches"})
        app.app.action_demo()
        await app.settled()
        assert app.app.active.state()["pane"] == "findings"


async def test_a_bug_of_the_last_run_is_told_of_once(tmp_path: Path) -> None:
    details = tmp_path / "crash-20260828-120000-000000.txt"
    details.write_text("Traceback")
    memory = Memory.load(tmp_path / FILE_NAME)
    async with session(memory=memory) as app:
        said = f"The last run ended by a bug: {details}"
        assert said in " ".join(event.text for event in app.app.events)
        assert "The last run ended by a bug" in app.text
    memory.save()
    async with session(memory=Memory.load(tmp_path / FILE_NAME)) as app:
        assert "The last run ended by a bug" not in app.text


async def test_what_was_remembered_and_cannot_be_read_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("{")
    async with session(memory=Memory.load(tmp_path / FILE_NAME)) as app:
        assert "What was remembered of earlier runs could not be read" in app.text


async def test_a_date_before_the_first_session_says_where_the_index_begins() -> None:
    async with session() as app:
        await app.press("a")
        await app.type("2010")
        await app.press("enter")
        assert "The index begins on Fri 2021-01-29" in app.status
        assert "0/0" not in app.header


@pytest.mark.parametrize(("pane", "key", "said"), [(2, "v", "v works in Findings"), (0, "w", "w works in Decisions")])
async def test_a_key_of_another_view_says_where_it_works(pane: int, key: str, said: str) -> None:
    async with session(FakeEngine(performance_view())) as app:
        await app.press("7", *["c"] * pane, key)
        assert f"{said}; c goes there" in app.status
