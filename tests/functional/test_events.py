"""The event log: what was said is kept, found again, copied, and followed."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import Cancelled, DataError, ExportError, ProviderError
from engine.views.types import CompositionView
from tests.functional.fake_engine import FakeEngine, fetched_view
from tests.functional.harness import Session, session
from tuiapp.memory import Memory
from tuiapp.noise import routed

NOON = datetime(2026, 8, 28, 12, 0, tzinfo=UTC)


def at(app: Session, moment: datetime) -> None:
    app.app.events.now = lambda: moment


async def test_an_empty_log_says_what_will_stand_there() -> None:
    async with session(size=(60, 18)) as app:
        await app.press("@")
        assert "Event log  0 lines" in app.text
        assert "Nothing was said yet." in app.text


async def test_lines_stand_newest_first_with_their_time_and_a_sign() -> None:
    async with session() as app:
        for second, tone in enumerate(("", "good", "warn", "bad")):
            at(app, NOON + timedelta(seconds=second))
            app.app.say(f"line {second}", tone)
        await app.press("@")
        assert app.lines[1:5] == [
            " 12:00:03 x line 3",
            " 12:00:02 ! line 2",
            " 12:00:01 + line 1",
            " 12:00:00   line 0",
        ]


async def test_lines_of_another_day_stand_below_its_date() -> None:
    async with session() as app:
        at(app, NOON - timedelta(days=1))
        app.app.say("yesterday")
        at(app, NOON)
        app.app.say("today")
        await app.press("@")
        assert app.lines[1:5] == [" 12:00:00   today", "", " Thu 2026-08-27", " 12:00:00   yesterday"]


async def test_one_cause_is_one_line_with_a_count() -> None:
    async with session() as app:
        await app.press("X", "X", "X", "@")
        assert "There is nothing to stop (3 times)" in app.lines[1]
        assert app.lines[2] == ""


async def test_a_refusal_that_the_status_line_cuts_is_kept_whole(tmp_path: Path) -> None:
    folder = "/".join(["a-rather-long-name"] * 44)
    async with session(folder=tmp_path) as app:
        app.engine.export_failure = ExportError(f"{folder} cannot be written.", hint="choose another one at the end")
        await app.press("e")
        assert "at the end" not in app.text
        await app.press("@")
        (kept,) = (event.text for event in app.app.events if event.tone == "bad")
        assert kept == f"{folder} cannot be written. Next: choose another one at the end"
        assert "Event log  2 lines" in app.lines[0]


async def test_what_a_screen_refuses_is_kept_too() -> None:
    async with session() as app:
        app.engine.failure = DataError("No ranking of that day.", hint="choose another day")
        await app.press("2", "@")
        assert "x No ranking of that day. Next: choose another day" in app.text


async def test_a_bug_in_a_worker_is_kept_as_one_with_its_details(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> CompositionView:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(FakeEngine, "composition", broken)
    async with session(memory=Memory(tmp_path / "app.json")) as app:
        await app.press("2", "@")
        assert "x A bug in flatcap: ZeroDivisionError: by nothing." in app.text
        (said,) = (event.text for event in app.app.events if event.tone == "bad")
    (path,) = tmp_path.glob("crash-*.txt")
    assert said.endswith(f"The details are in {path}.")
    assert "in broken" in path.read_text(encoding="utf-8")


async def test_a_fetch_is_kept_from_its_beginning_to_its_failure() -> None:
    engine = FakeEngine(fetched_view())
    engine.fetch_failure = ProviderError("Yahoo does not answer.", hint="try again later")
    async with session(engine) as app:
        await app.press("R", "@")
        assert "A fetch from Yahoo begins" in app.text
        assert "x Yahoo does not answer; showing data through" in app.text


async def test_lines_are_found_by_their_text_and_all_come_back() -> None:
    async with session() as app:
        for line in ("Fetched 3 names", "no network", "Network is back"):
            app.app.say(line)
        await app.press("@", "/")
        await app.type("network")
        assert "2 of 3 lines with “network”" in app.lines[0]
        assert "Fetched" not in app.text
        await app.press("enter")
        assert "Fetched" not in app.text
        await app.press("escape")
        assert "Fetched 3 names" in app.text
        await app.press("escape")
        assert "as of" in app.header


async def test_keys_typed_ahead_into_the_filter_are_text() -> None:
    async with session() as app:
        app.app.say("quick jump")
        app.app.say("other")
        await app.pilot.press("@")
        await app.settled()
        await app.pilot.press(*"/qui")
        await app.settled()
        assert "1 of 2 lines with “qui”" in app.lines[0]


async def test_work_that_was_stopped_is_no_failure() -> None:
    async with session() as app:
        app.engine.export_failure = Cancelled("Stopped as asked.")
        await app.press("e", "@")
        assert "! Stopped: no file was written" in app.lines[1]


async def test_the_foot_says_the_keys_of_the_filter_while_it_is_typed() -> None:
    async with session() as app:
        await app.press("@")
        assert "/ filter" in app.footer
        await app.press("/")
        assert "Enter done  Esc all lines" in app.lines[-2]
        await app.press("enter")
        assert "/ filter" in app.footer


async def test_what_is_said_while_the_page_is_open_appears_at_once() -> None:
    async with session() as app:
        await app.press("@")
        app.app.say("just now", "good")
        await app.settled()
        assert "+ just now" in app.lines[1]


async def test_what_is_read_stays_where_it_is_when_more_is_said() -> None:
    async with session() as app:
        for number in range(60):
            app.app.say(f"line {number}")
        await app.press("@", "pagedown")
        top = app.lines[0]
        app.app.say("one more")
        await app.settled()
        assert app.lines[0] == top
        await app.press("g")
        assert "one more" in app.lines[1]


async def test_what_a_library_says_in_a_thread_appears_and_reaches_no_stream(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async with session() as app:
        await app.press("@")
        with routed(app.app.events, app.app.keep):
            thread = threading.Thread(target=lambda: logging.getLogger("library").warning("slow"))
            thread.start()
            thread.join()
        await app.settled()
        assert "! library: slow" in app.lines[1]
        assert capfd.readouterr().err == ""


async def test_the_copy_has_the_lines_that_are_shown_each_with_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def copy(_: object, text: str, what: str) -> tuple[str, str]:
        copied.append(text)
        return f"Copied {what}", "good"

    monkeypatch.setattr("tuiapp.clipboard.copy", copy)
    async with session() as app:
        at(app, NOON)
        app.app.say("first " + "long " * 40, "warn")
        await app.press("@")
        await app.press("y")
    assert copied == [f"2026-08-28 12:00:00 ! first {'long ' * 39}long"]


async def test_text_from_outside_moves_no_cursor_and_is_no_markup() -> None:
    async with session() as app:
        app.app.events.add("Foo [/b] [@click=app.quit]Inc\x1b[31m\u202e", "warn")
        await app.press("@")
        assert "! Foo [/b] [@click=app.quit]Inc[31m" in app.lines[1]
