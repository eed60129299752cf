"""Keys pressed before what they are for is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.events import Hide

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp import typeahead
from tuiapp.screens.stock import Stock
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.row_table import RowTable


def table(app: Session) -> RowTable[Any]:
    active = app.app.active
    assert isinstance(active, TableScreen)
    return active.table


@asynccontextmanager
async def held(*, known: bool = True) -> AsyncIterator[Session]:
    """The app with an engine that answers nothing until the gate is opened; with a history, unless that is unknown."""
    engine = FakeEngine(performance_view())
    if not known:
        engine.gate.clear()
    async with session(engine, settle=known) as app:
        engine.gate.clear()
        yield app


async def type_at_once(app: Session, *keys: str) -> None:
    for key in keys:
        app.app.post_message(_event(app, key))
    await app.pilot.pause()


def _event(app: Session, key: str) -> Any:
    from textual.events import Key

    named = {"/": "slash", " ": "space", "<": "less_than_sign", "=": "equals_sign", "-": "minus", "?": "question_mark"}
    character = key if len(key) == 1 else None
    return Key(named.get(key, key), character).set_sender(app.app)


async def loaded(app: Session) -> None:
    app.engine.gate.set()
    await app.settled()


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("slowly", [True, False])
async def test_a_key_typed_before_the_rows_are_there_moves_the_cursor_when_they_are(known: bool, slowly: bool) -> None:
    async with held(known=known) as app:
        await type_at_once(app, "2", "G", "k")
        if slowly:
            await app.shown("Loading")
        assert table(app).current is None
        await loaded(app)
        row = table(app).current
        assert row is not None
        assert row.rank == 109
        assert "row 109 of 110" in app.status


async def test_what_is_typed_ahead_is_obeyed_in_its_order() -> None:
    async with held() as app:
        await type_at_once(app, "2", "l", "l", "s", "j", "x")
        await loaded(app)
        assert table(app).state()["sort"] == "cap"
        row = table(app).current
        assert row is not None
        assert row.rank == 100


async def test_a_page_opened_ahead_gets_the_keys_behind_it() -> None:
    async with held() as app:
        await type_at_once(app, "2", "enter", "p")
        await loaded(app)
        assert isinstance(app.app.screen, Stock)
        assert len(list(app.app.market.pins)) == 1


@pytest.mark.parametrize("known", [True, False])
async def test_a_filter_can_be_typed_before_there_are_rows(known: bool) -> None:
    async with held(known=known) as app:
        await type_at_once(app, "2", "/", *"rank<=7", "enter")
        assert not [question for question in app.engine.asked if question[0] == "export"]
        await loaded(app)
        assert [row.rank for row in table(app).rows] == list(range(1, 8))
        assert "Filter: rank<=7" in app.status


async def test_rows_that_come_while_a_filter_is_typed_leave_the_keys_to_it() -> None:
    async with held() as app:
        await type_at_once(app, "2", "/", *"rank")
        await app.shown("Loading")
        await loaded(app)
        await app.type("<=7")
        assert len(table(app).rows) == 7
        await app.press("enter", "G")
        assert "row 7 of 7" in app.status


@pytest.mark.parametrize("known", [True, False])
async def test_a_date_to_compare_with_is_never_taken_for_keys(known: bool) -> None:
    async with held(known=known) as app:
        await type_at_once(app, "3", "d", *"nonsense", "enter")
        await app.pilot.pause()
        assert len(app.app.screen_stack) == 1
        assert app.app.active.id == "changes"
        assert ("is no date" if known else "Still loading …") in app.text
        await loaded(app)
        assert len(app.app.screen_stack) == 1
        assert "Day by day" in app.text


async def test_no_news_with_the_history_leaves_what_was_said_of_a_key(tmp_path: Path) -> None:
    engine = FakeEngine(performance_view())
    save_snapshot(tmp_path, performance_view())
    engine.gate.clear()
    async with session(engine, folder=tmp_path, settle=False) as app:
        await app.shown("Price return")
        await type_at_once(app, "3", "d", *"nonsense", "enter")
        await app.shown("is no date")
        await loaded(app)
        assert "is no date" in app.text


async def test_a_date_typed_before_the_history_is_there_is_taken_when_it_is() -> None:
    async with held(known=False) as app:
        await type_at_once(app, "a", *"2021-06-15", "enter")
        assert "Still loading …" in app.text
        await loaded(app)
        await app.press("enter")
        assert "as of Tue 2021-06-15" in app.header


async def test_a_digit_shows_its_screen_at_once_and_the_keys_wait_for_theirs() -> None:
    async with held() as app:
        await type_at_once(app, "2", "G", "3", "j")
        assert app.app.active.id == "changes"
        await loaded(app)
        assert "row 2 of" in app.status
        await app.press("2")
        assert "row 110 of 110" in app.status


async def test_a_page_at_once_leaves_the_keys_before_it_for_later() -> None:
    async with held() as app:
        await type_at_once(app, "2", "G", "?")
        assert len(app.app.screen_stack) == 2
        await loaded(app)
        await app.press("escape")
        assert "row 110 of 110" in app.status


async def test_escape_lets_go_what_was_typed_ahead() -> None:
    async with held() as app:
        await type_at_once(app, "2", "G", "escape", "2")
        await loaded(app)
        assert "row 1 of 110" in app.status


async def test_quitting_waits_for_nothing() -> None:
    async with held() as app:
        await type_at_once(app, "2", "G", "q")
        await app.pilot.pause()
        assert not app.app.is_running


async def test_more_keys_than_are_kept_are_let_go_and_that_is_said() -> None:
    async with held() as app:
        await type_at_once(app, "2", *"j" * (typeahead.MOST + 5))
        assert typeahead.TOO_MANY in app.status
        await loaded(app)
        assert f"row {typeahead.MOST + 1} of 110" in app.status


async def test_keys_that_nobody_expects_any_more_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async with held() as app:
        await type_at_once(app, "2", "G")
        monkeypatch.setattr(typeahead, "LONGEST", -1.0)
        await loaded(app)
        assert "row 1 of 110" in app.status
        assert typeahead.TOO_LATE in app.status


async def test_keys_for_what_could_not_be_loaded_are_let_go() -> None:
    async with held() as app:
        app.engine.failure = OSError("the disk is gone")
        await type_at_once(app, "2", "G")
        await loaded(app)
        app.engine.failure = None
        await app.press("r")
        assert "row 1 of 110" in app.text


async def test_a_chart_says_that_it_has_no_rows_to_filter() -> None:
    async with session() as app:
        await app.press("/")
        assert "There are no rows to filter here" in app.status


async def test_without_rows_to_come_a_prompt_says_why_it_does_not_open() -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press("2", "a")
        assert "There is no index yet" in app.status


@pytest.mark.parametrize("screen", ["2", "3", "7"])
async def test_a_screen_has_the_keys_though_it_hears_late_that_it_was_hidden(screen: str) -> None:
    async with session(size=(120, 40)) as app:
        await app.press(screen)
        focused = app.app.focused
        assert focused is not None
        focused.post_message(Hide())
        await app.settled()
        await app.press("slash")
        assert app.status.startswith(" /"), app.status
