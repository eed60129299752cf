"""What only a terminal shows: escape codes, signals, bytes."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.terminal import PseudoTerminal, fake_app

LAST = "as of Mon 2026-06-08"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_snapshot(tmp_path, performance_view(1397))
    return tmp_path


def opened(folder: Path, env: Mapping[str, str] | None = None) -> PseudoTerminal:
    terminal = PseudoTerminal(fake_app(folder), env=env)
    terminal.wait_for("q quit")
    terminal.wait_for("+18.17%")
    terminal.rest()
    return terminal


def test_the_first_paint_has_data(folder: Path) -> None:
    with PseudoTerminal(fake_app(folder)) as terminal:
        terminal.wait_for("q quit")
        assert LAST in terminal.text
        assert "Price return ▲ +78.19%" in terminal.text


def test_nothing_is_written_while_nothing_happens(folder: Path) -> None:
    with opened(folder) as terminal:
        assert terminal.read(2.0) == b""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_leaves_the_terminal_as_it_was(folder: Path, number: signal.Signals, code: int) -> None:
    with opened(folder) as terminal:
        terminal.process.send_signal(number)
        assert terminal.leave() == code
        assert not terminal.modes_left_on
        assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize("key", ["q", "\x03"])
def test_leaving_by_key_leaves_the_terminal_as_it_was(folder: Path, key: str) -> None:
    with opened(folder) as terminal:
        terminal.send(key)
        assert terminal.leave() == 0
        assert not terminal.modes_left_on


def test_no_color_means_no_colour_and_no_grey(folder: Path) -> None:
    with opened(folder, {"NO_COLOR": "1"}) as terminal:
        terminal.send("2jj/en")
        terminal.wait_for("/ en")
        terminal.send("\x1b")
        terminal.rest()
        terminal.send("?")
        terminal.wait_for("In the table")
        assert not terminal.colours


def test_colours_are_there_by_default(folder: Path) -> None:
    with opened(folder) as terminal:
        assert {b"38", b"48"} <= terminal.colours


def test_sixteen_colours_ask_for_no_more_than_sixteen(folder: Path) -> None:
    with opened(folder, {"TERM": "xterm"}) as terminal:
        terminal.send("2jj?")
        terminal.wait_for("In the table")
        assert terminal.colours
        assert not terminal.colours & {b"38", b"48"}


def test_a_locale_without_utf_8_gets_ascii(folder: Path) -> None:
    with opened(folder, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}) as terminal:
        terminal.send("2")
        terminal.wait_for("Rank")
        terminal.rest()
        assert terminal.raw.isascii()
        assert "\\u" not in terminal.text


def test_a_row_and_a_page_cost_few_bytes(folder: Path) -> None:
    with opened(folder, {"COLORTERM": "truecolor"}) as terminal:
        terminal.send("2")
        terminal.wait_for("row 1 of 110")
        terminal.rest()
        assert 0 < cost(terminal, "j") < 600
        assert 600 < cost(terminal, "\x1b[6~") < 6000


def test_a_row_of_figures_and_a_page_of_an_explanation_cost_few_bytes(folder: Path) -> None:
    with opened(folder, {"COLORTERM": "truecolor"}) as terminal:
        terminal.send("ccc")
        terminal.wait_for("row 1 of 14")
        terminal.rest()
        assert 0 < cost(terminal, "j") < 600
        terminal.send("i")
        terminal.wait_for("Provenance")
        terminal.rest()
        assert 0 < cost(terminal, "l") < 6000
        assert terminal.read(1.0) == b""


def cost(terminal: PseudoTerminal, key: str) -> int:
    before = len(terminal.raw)
    terminal.send(key)
    terminal.rest()
    return len(terminal.raw) - before


def test_over_ssh_the_mouse_is_left_to_the_terminal(folder: Path) -> None:
    with opened(folder, {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}) as terminal:
        assert not {1000, 1002, 1003, 1006} & terminal.modes_left_on
    with opened(folder) as terminal:
        assert 1000 in terminal.modes_left_on


def test_keys_typed_ahead_are_obeyed_in_their_order(folder: Path) -> None:
    with opened(folder) as terminal:
        terminal.send("2jjj/holdings\r")
        terminal.wait_for("Filter: holdings")
        terminal.wait_for("Holdings")
        terminal.send("\x1b")
        terminal.wait_for("of 110")


def test_a_prompt_is_cleared_and_typed_into_in_the_order_of_the_keys(folder: Path) -> None:
    with opened(folder) as terminal:
        for _ in range(3):
            terminal.send("7")
            terminal.wait_for("row 1 of 13")
            terminal.send("jf\x15never\x152023-10-23 0")
            terminal.wait_for("final date and price: 2023-10-23 0 ")
            terminal.send("\x1b")
            terminal.wait_for("row 2 of 13")
            terminal.send("gd1")


def test_redraw_writes_everything_again(folder: Path) -> None:
    with opened(folder) as terminal:
        assert cost(terminal, "\x0c") > 2000


def test_a_terminal_that_is_closed_takes_the_app_with_it(folder: Path) -> None:
    with opened(folder) as terminal:
        terminal.hang_up()
        assert terminal.process.wait(10) == 129
