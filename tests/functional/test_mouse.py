"""The mouse: taken and given back with a key, and never left behind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.harness import session
from tests.functional.terminal import PseudoTerminal, fake_app
from tuiapp.themes import Terminal

MODES = {1000, 1002, 1003, 1005, 1006, 1015, 1016}
SSH = {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}
IN_BAND = "\x1b[?2048;2$y\x1b[48;24;80;480;800t"
"""What a terminal answers that tells its size in pixels too."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_snapshot(tmp_path, performance_view(1397))
    return tmp_path


def opened(folder: Path, env: Mapping[str, str] | None = None) -> PseudoTerminal:
    terminal = PseudoTerminal(fake_app(folder), env=env)
    terminal.wait_for("q quit")
    terminal.rest()
    return terminal


async def test_a_key_turns_the_mouse_off_and_on_and_says_what_that_means() -> None:
    async with session() as app:
        await app.press("%")
        assert "Mouse off: select and paste" in app.status
        assert app.app.memory.mouse is False
        await app.press("%")
        assert "Mouse on: wheel and clicks" in app.status
        assert app.app.memory.mouse is True


async def test_a_setting_that_comes_back_is_told_of() -> None:
    async with session(terminal=Terminal(mouse_is_set=True), size=(120, 40)) as app:
        await app.press("%")
        assert "the next start does as FLATCAP_MOUSE says" in app.status


def test_over_ssh_the_mouse_is_off_until_a_key_takes_it(folder: Path) -> None:
    with opened(folder, SSH) as terminal:
        assert not MODES & terminal.modes_left_on
        terminal.send("%")
        terminal.wait_for("Mouse on")
        assert {1000, 1006} == MODES & terminal.modes_left_on
        terminal.send("%")
        terminal.wait_for("Mouse off")
        assert not MODES & terminal.modes_left_on


@pytest.mark.parametrize("keys", ["", "%", "%%"])
def test_no_mouse_is_left_behind(folder: Path, keys: str) -> None:
    with opened(folder) as terminal:
        terminal.send(f"{keys}q")
        assert terminal.leave() == 0
        assert not terminal.modes_left_on


def test_moves_of_the_mouse_are_never_asked_for(folder: Path) -> None:
    with opened(folder) as terminal:
        assert 1000 in terminal.modes_left_on
        assert b"\x1b[?1003h" not in terminal.raw


def test_a_terminal_that_tells_pixels_is_understood_after_the_mouse_was_off(folder: Path) -> None:
    with opened(folder, SSH) as terminal:
        terminal.send(IN_BAND)
        terminal.rest()
        assert 1016 not in terminal.modes_left_on
        terminal.send("%")
        terminal.wait_for("Mouse on")
        assert 1016 in terminal.modes_left_on
        terminal.send("2")
        terminal.wait_for("row 1 of 110")
        # The fourth row of the table, in pixels: a cell is ten wide and twenty high.
        row = next(at for at, line in enumerate(terminal.text.splitlines()) if line.lstrip().startswith("4 "))
        terminal.send(f"\x1b[<0;105;{row * 20 + 10}M\x1b[<0;105;{row * 20 + 10}m")
        terminal.wait_for("row 4 of 110")
        terminal.send("q")
        assert terminal.leave() == 0
        assert not terminal.modes_left_on
