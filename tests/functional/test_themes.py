"""Themes while the app runs: a key takes the next one, and everything is drawn in it at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.style import Style

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.harness import Session, session
from tests.functional.terminal import PseudoTerminal, fake_app
from tuiapp.colours import THEMES
from tuiapp.themes import NAMES, ON_DARK, Terminal, is_ansi, take

RICH = re.compile(rb"\x1b\[[0-9;]*[34]8;[25];")


def styles(app: Session) -> list[Style | None]:
    """The styles of everything that stands on the screen."""
    return [style for strip in app.app.screen._compositor.render_strips() for _, style, _ in strip]


async def test_a_key_goes_through_all_themes_and_remembers_the_last() -> None:
    async with session() as app:
        for name in (*ON_DARK[1:], ON_DARK[0]):
            await app.press("T")
            assert f"Theme {name}" in app.status
            assert app.app.memory.theme == name


@pytest.mark.parametrize("name", NAMES)
async def test_a_theme_taken_by_name_looks_as_if_it_had_always_been_there(name: str) -> None:
    async with session(terminal=Terminal(theme=name)) as app:
        await app.press("2", "j")
        at_once = styles(app)
    async with session() as app:
        await app.press("2", "j")
        assert take(app.app, name) == f"Theme {name}"
        await app.settled()
        assert styles(app) == at_once
        assert app.app.native_ansi_color is is_ansi(name)


async def test_two_themes_that_differ_in_their_tones_alone_are_drawn_again() -> None:
    async with session(terminal=Terminal(theme="ansi-dark", rich=False)) as app:
        before = styles(app)
        await app.press("T")
        assert "Theme ansi-light" in app.status
        assert styles(app) != before


async def test_sixteen_colours_are_offered_what_they_show() -> None:
    async with session(terminal=Terminal(theme="ansi-dark", rich=False)) as app:
        assert "sixteen colours" in take(app.app, "light")
        await app.press("T", "T")
        assert "Theme high-contrast" in app.status
        assert app.app.theme == "high-contrast-16"


async def test_no_color_has_no_themes_to_choose_from() -> None:
    async with session(terminal=Terminal(theme="plain", colour=False)) as app:
        await app.press("T")
        assert "NO_COLOR" in app.status
        assert not app.app.memory.theme


async def test_a_setting_that_comes_back_is_told_of() -> None:
    async with session(terminal=Terminal(theme_is_set=True), size=(120, 40)) as app:
        await app.press("T")
        assert "FLATCAP_THEME" in app.status


async def test_a_theme_that_is_not_shown_is_told_of_in_the_log() -> None:
    async with session(terminal=Terminal(remark="The theme light is not shown: NO_COLOR is set")) as app:
        assert any("theme light" in event.text for event in app.app.events)


def test_the_themes_that_are_registered_are_those_that_are_declared() -> None:
    assert {theme.name for theme in THEMES} >= set(NAMES)


def test_a_terminal_is_written_to_in_the_colours_of_the_theme(tmp_path: Path) -> None:
    save_snapshot(tmp_path, performance_view(1397))
    with PseudoTerminal(fake_app(tmp_path)) as terminal:
        terminal.wait_for("q quit")
        terminal.send("TT")
        terminal.wait_for("Theme ansi-dark")
        terminal.rest()
        before = len(terminal.raw)
        terminal.send("2jj?")
        terminal.wait_for("close")
        assert not RICH.search(terminal.raw[before:])
        terminal.send("\x1b")
        terminal.rest()
        terminal.send("TTT")
        terminal.wait_for("Theme dark")
        assert RICH.search(terminal.raw[before:])
