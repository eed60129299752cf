"""From screen to screen and from session to session."""

from __future__ import annotations

import pytest

from tests.functional.harness import session


async def test_digits_show_the_screens() -> None:
    async with session() as app:
        await app.press("2")
        assert "Rank" in app.lines[4]
        await app.press("3")
        assert "Day by day" in app.lines[2]
        await app.press("1")
        assert "Price return" in app.lines[3]


async def test_minus_goes_to_the_screen_before() -> None:
    async with session() as app:
        await app.press("3", "2", "-")
        assert "Day by day" in app.text
        await app.press("-")
        assert "Rank" in app.lines[4]


async def test_escape_on_a_plain_screen_goes_to_the_first_one() -> None:
    async with session() as app:
        await app.press("2", "escape")
        assert "Price return" in app.text


async def test_a_session_back_counts_on_every_screen() -> None:
    async with session() as app:
        await app.press("2", "[", "3")
        assert "as of Wed 2022-03-23 ◂1" in app.header
        assert "→ 2022-03-23" in app.lines[2]
        asked = [question for question in app.engine.asked if question[0] in ("composition", "changes")]
        assert {str(question[-1]) for question in asked[1:]} == {"2022-03-23"}


async def test_the_header_shows_the_level_of_the_as_of_session() -> None:
    async with session() as app:
        await app.press("[")
        assert f"PR {app.app.market.history.level_pr[-2]:,.2f}" in app.header
        await app.press("]")
        assert "PR 1,366.16" in app.header
        assert "◂" not in app.header


async def test_there_is_no_session_after_the_last() -> None:
    async with session() as app:
        await app.press("]")
        assert "There is no session later" in app.status


async def test_first_and_latest_session_have_a_key() -> None:
    async with session() as app:
        await app.press("<")
        assert "as of Fri 2021-01-29" in app.header
        await app.press(">")
        assert "as of Thu 2022-03-24" in app.header


@pytest.mark.parametrize(
    ("typed", "session_shown"),
    [("2021-06-15", "Tue 2021-06-15"), ("20210615", "Tue 2021-06-15"), ("2021-06", "Wed 2021-06-30")],
)
async def test_the_as_of_date_can_be_typed(typed: str, session_shown: str) -> None:
    async with session() as app:
        await app.press("a")
        await app.type(typed)
        await app.press("enter")
        assert f"as of {session_shown}" in app.header


async def test_a_date_without_a_session_is_the_one_before_and_says_so() -> None:
    async with session() as app:
        await app.press("a")
        await app.type("2021-06-19")
        await app.press("enter")
        assert "as of Fri 2021-06-18" in app.header
        assert "2021-06-19 has no level" in app.status


async def test_what_is_no_date_moves_nothing() -> None:
    async with session() as app:
        await app.press("a")
        await app.type("yesterday")
        await app.press("enter")
        assert "“yesterday” is no date" in app.text
        assert "as of Thu 2022-03-24" in app.header


async def test_keys_type_while_a_text_is_asked_for() -> None:
    async with session() as app:
        await app.press("a")
        await app.type("q1-")
        assert app.app.is_running
        assert "as of: q1-" in app.text
        await app.press("escape")
        assert "as of:" not in app.text
        await app.press("2")
        assert "Rank" in app.lines[4]


async def test_the_same_session_is_not_asked_for_twice() -> None:
    async with session() as app:
        await app.press("2", "1", "2", "1", "2")
        assert len([question for question in app.engine.asked if question[0] == "composition"]) == 1


async def test_reload_asks_again_and_keeps_the_as_of_session() -> None:
    async with session() as app:
        await app.press("2", "[", "r")
        assert "◂1" in app.header
        assert len([question for question in app.engine.asked if question[0] == "composition"]) == 3


async def test_help_covers_the_screen_and_closes_again() -> None:
    async with session() as app:
        await app.press("2", "?")
        assert "2 Composition" in app.lines[0]
        assert "one row down" in app.text
        await app.press("escape")
        assert "Rank" in app.lines[4]


async def test_help_can_be_scrolled_where_it_does_not_fit() -> None:
    async with session(size=(60, 18)) as app:
        await app.press("2", "f1")
        assert "quit" not in app.text
        await app.press("G")
        assert "q ctrl+c  quit" in app.text


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting_takes_one_key(key: str) -> None:
    async with session() as app:
        await app.pilot.press(key)
        await app.pilot.pause()
        assert not app.app.is_running
        assert app.app.return_code == 0


async def test_ctrl_c_quits_from_the_help_too() -> None:
    async with session() as app:
        await app.press("?")
        await app.pilot.press("ctrl+c")
        await app.pilot.pause()
        assert not app.app.is_running


async def test_every_screen_draws_at_the_least_size_without_losing_help_and_quit() -> None:
    async with session(size=(60, 18)) as app:
        for key in "123":
            await app.press(key)
            assert app.footer.endswith("? help  q quit")
            assert all(len(line) <= 60 for line in app.lines)
