"""What stands in the line above the footer: how long it stays, and the room that it has."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session


async def test_a_message_about_a_key_goes_with_the_next_one() -> None:
    async with session() as app:
        await app.press("2", "space")
        assert "Pinned" in app.status
        await app.press("j")
        assert "Pinned" not in app.status


async def test_the_same_message_is_there_again_when_it_is_said_again() -> None:
    async with session() as app:
        await app.press("]", "]")
        assert "There is no session later" in app.status


async def test_a_refused_date_is_forgotten_when_the_next_one_is_taken() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("nonsense")
        await app.press("enter")
        assert "“nonsense” is no date" in app.text
        await app.press("ctrl+u")
        await app.type("2021-06-15")
        await app.press("enter")
        assert "is no date" not in app.text
        assert "Compared" in app.text


async def test_what_cannot_be_withdrawn_is_forgotten_with_the_next_key() -> None:
    async with session() as app:
        await app.press("7", "c", "c", "w")
        assert "takes back the decision" in app.text
        await app.press("j")
        assert "takes back the decision" not in app.text


async def test_a_message_about_longer_work_stays() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        await app.press("2", "e", "j")
        assert "Wrote " in app.text


async def test_while_a_filter_is_typed_the_message_before_it_is_not_missed() -> None:
    async with session() as app:
        await app.press("2", "space", "/")
        await app.type("rank<9")
        await app.press("enter")
        assert "Filter: rank<9" in app.status


async def say(app: Session, length: int) -> list[str]:
    app.app.say("x" * (length - 4) + " end")
    await app.settled()
    return app.lines[-4:-1]


async def test_a_message_has_all_the_room_that_the_place_leaves() -> None:
    async with session() as app:
        await app.press("1")
        *_, before, line = await say(app, 78)
        assert line.endswith("x end")
        assert "x" not in before
        await app.press("2")
        *_, before, line = await say(app, 65)
        assert line.endswith("x end row 1 of 110")
        assert "x" not in before


async def test_a_message_that_takes_two_lines_uses_both() -> None:
    async with session() as app:
        await app.press("2")
        *_, before, line = await say(app, 80)
        assert before.endswith("x row 1 of 110")
        assert line.endswith("x end")
        await app.press("j")
        app.app.say("")
        await app.settled()
        assert app.status.strip() == "row 2 of 110"


async def test_a_shorter_message_gives_the_place_its_room_back() -> None:
    async with session() as app:
        await app.press("2")
        await say(app, 64)
        app.app.say("done")
        await app.settled()
        assert app.status.startswith(" done")
        assert app.status.endswith("row 1 of 110")
        await app.press("G")
        assert app.status.endswith("row 110 of 110")


async def test_another_size_of_the_terminal_divides_the_line_anew() -> None:
    async with session(size=(120, 24)) as app:
        await say(app, 90)
        await app.pilot.resize_terminal(80, 24)
        await app.settled()
        assert app.lines[-3].endswith("x")
        assert app.lines[-2].endswith("x end")


async def test_what_is_said_of_a_copy_is_short() -> None:
    async with session() as app:
        await app.press("y")
        said = app.app._status.text
        assert said.startswith("Copied the values of 2022-03-24, ")
        assert cell_len(said) <= 60


@pytest.mark.parametrize("key", ["enter", "x"])
async def test_a_key_for_a_row_says_that_there_is_none(key: str) -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("zzzz")
        await app.press("enter", key)
        assert {"enter": "There is no company at the cursor", "x": "No member is left above the cut"}[key] in app.status


async def test_the_ends_of_the_ranges_are_said_on_every_screen() -> None:
    async with session() as app:
        await app.press("2", "c", "{")
        assert "This is the shortest range" in app.status


@pytest.mark.parametrize("key", ["[", ">", "e", "a"])
async def test_without_an_index_its_keys_say_so(key: str) -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press(key)
        assert "There is no index yet" in app.status


async def test_a_message_that_something_goes_on_stays_as_long_as_that() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        engine.work_gate.clear()
        await app.pilot.press("e", "j")
        await app.shown("Writing Chart")
        assert app.status.split("  ")[0].endswith("…")
