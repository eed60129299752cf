"""What changed the view is taken back, change by change."""

from __future__ import annotations

import pytest

from tests.functional.harness import Session, session
from tuiapp.undo import ViewState

DRAWN = (120, 40)


def looked_at(app: Session) -> ViewState:
    """The view."""
    return app.app.view_state()


def drawn(app: Session) -> list[str]:
    """What stands above the status line."""
    return app.lines[:-2]


CHANGES = [
    ("1", ["c"]),
    ("1", ["C"]),
    ("1", ["{"]),
    ("1", ["t"]),
    ("1", ["b"]),
    ("1", ["B"]),
    ("1", ["v"]),
    ("1", ["z"]),
    ("1z", ["("]),
    ("1z", ["0"]),
    ("1z", ["["]),
    ("1z{", ["}"]),
    ("1", ["x", "H", "H", "enter"]),
    ("1ccc", ["S"]),
    ("1ccccc", ["/", "2", "0", "2", "1", "enter"]),
    ("1", ["["]),
    ("1", ["<"]),
    ("1", ["2"]),
    ("2", ["c"]),
    ("2", ["C"]),
    ("2", ["s"]),
    ("2", ["S"]),
    ("2", ["/", "e", "n", "enter"]),
    ("2", ["/", "!", "e", "n", "enter"]),
    ("2", ["["]),
    ("2", ["-"]),
    ("2c", ["}"]),
    ("2c", ["t"]),
    ("2c", ["s"]),
    ("2c", ["escape"]),
    ("2cc", ["S"]),
    ("2cc", ["enter"]),
    ("2", ["a", *"2022-02", "enter"]),
    ("3", ["s"]),
    ("3", ["/", *"rail", "enter"]),
    ("3", ["d", *"2022-02", "enter"]),
    ("3", ["escape"]),
    ("7", ["c"]),
    ("7", ["C"]),
    ("7", ["S"]),
    ("7c", ["S"]),
    ("7ccc", ["c"]),
    ("7", ["1"]),
]


@pytest.mark.parametrize(("way", "keys"), CHANGES, ids=["".join([way, " ", *keys]) for way, keys in CHANGES])
async def test_what_a_key_changes_is_taken_back_exactly(way: str, keys: list[str]) -> None:
    async with session(size=DRAWN) as app:
        await app.press(*way)
        before, picture = looked_at(app), drawn(app)
        await app.press(*keys)
        assert looked_at(app) != before
        assert drawn(app) != picture
        await app.press("u")
        after = looked_at(app)
        assert (after.screen, after.session) == (before.screen, before.session)
        assert before.screens.items() <= after.screens.items()
        assert drawn(app) == picture
        assert "Back to: " in app.status


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("2", "Back to: Performance"),
        ("2c", "Back to: Members"),
        ("2cc", "Back to: Contributions"),
        ("2[", "Back to: the latest session"),
        ("2[1[", "Back to: as of 2022-03-23"),
        ("2SS", "Back to: sorted by ticker ▼"),
        ("2S", "Back to: the order of the screen"),
        ("t", "Back to: price return"),
        ("{", "Back to: range all"),
        ("b", "Back to: no benchmark"),
    ],
)
async def test_it_is_said_what_was_gone_back_to(keys: str, said: str) -> None:
    async with session() as app:
        await app.press(*keys, "u")
        assert said in app.status


async def test_with_nothing_to_take_back_it_says_so() -> None:
    async with session() as app:
        await app.press("u")
        assert "There is nothing to take back" in app.status
        await app.press("2", "j", "u", "u")
        assert "There is nothing to take back" in app.status


async def test_a_walk_is_taken_back_as_one_and_the_whole_way_is_found_again() -> None:
    async with session() as app:
        start = looked_at(app)
        keys = ["[", "[", "[", "2", "c", "s", "s", "/", "e", "n", "enter", "escape", "}", "}", "3", "<"]
        await app.press(*keys)
        # Three steps back, screen, view, two orders, filter, no filter, two ranges, screen, first session.
        for _ in range(10):
            assert looked_at(app).session is not None
            await app.press("u")
        now = looked_at(app)
        assert (now.screen, now.session) == ("performance", None)
        assert now.screens["performance"] == start.screens["performance"]
        await app.press("u")
        assert "There is nothing to take back" in app.status


async def test_where_a_cursor_stands_is_no_change_of_the_view() -> None:
    async with session() as app:
        await app.press("2", "S", "j", "j", "l", "u")
        assert "Back to: the order of the screen" in app.status


async def test_a_click_is_taken_back_too() -> None:
    async with session() as app:
        await app.press("2", "c")
        await app.pilot.click("RowTable", offset=(5, 3))
        await app.press("u")
        assert "Back to: Members" in app.status


async def test_the_keys_go_on_where_they_were() -> None:
    async with session() as app:
        await app.press("2", "c", "2", "u", "j")
        assert "row 2 of" in app.status
        await app.press("1", "u", "j")
        assert "row 3 of" in app.status
