"""What the terminal is sent, and how it is left, whatever happens."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.terminal import PseudoTerminal, fake_app
from tuiapp.driver import FRAME, LARGE, PLACE, TerminalDriver


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_snapshot(tmp_path, performance_view(1397))
    return tmp_path


def opened(folder: Path) -> PseudoTerminal:
    terminal = PseudoTerminal(fake_app(folder))
    terminal.wait_for("q quit")
    terminal.wait_for("+18.17%")
    terminal.rest()
    return terminal


def cost(terminal: PseudoTerminal, key: str) -> int:
    before = len(terminal.raw)
    terminal.send(key)
    terminal.rest()
    return len(terminal.raw) - before


def test_a_page_is_drawn_once_when_it_opens_and_once_when_it_closes(folder: Path) -> None:
    with opened(folder) as terminal:
        terminal.send("2")
        terminal.wait_for("row 1 of 110")
        terminal.rest()
        assert 500 < cost(terminal, "?") < 4500
        assert 500 < cost(terminal, "\x1b") < 6000


def test_a_redraw_is_never_saved(folder: Path) -> None:
    with opened(folder) as terminal:
        once = cost(terminal, "\x0c")
        assert once > 2000
        assert cost(terminal, "\x0c") == once


def test_what_stands_on_the_terminal_already_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr("textual.drivers.linux_driver.LinuxDriver.write", lambda _, data: sent.append(data))
    driver = TerminalDriver.__new__(TerminalDriver)
    drawing, other, copied = PLACE + "a" * LARGE, PLACE + "b" * LARGE, "\x1b]52;c;" + "c" * LARGE
    begin, end = FRAME
    for data in (drawing, drawing, begin, drawing, end, other, drawing, "x", drawing, copied, copied, drawing):
        driver.write(data)
    assert sent == [drawing, begin, end, other, drawing, "x", drawing, copied, copied, drawing]
    driver.forget_drawn()
    driver.write(drawing)
    assert sent[-2:] == [drawing, drawing]


@pytest.mark.parametrize(
    ("seen", "number"),
    [(b"\x1b[?1049h", signal.SIGTERM), (b"\x1b[?25l", signal.SIGHUP), (b"\x1b[?2004h", signal.SIGINT)],
)
def test_a_signal_before_the_first_paint_leaves_the_terminal_as_it_was(
    folder: Path, seen: bytes, number: signal.Signals
) -> None:
    with PseudoTerminal(fake_app(folder)) as terminal:
        while seen not in terminal.raw:
            terminal.read(0.01)
        terminal.process.send_signal(number)
        assert terminal.leave() == 128 + number
        assert not terminal.modes_left_on
        assert b"Traceback" not in terminal.raw


def test_fifty_sizes_in_a_second_end_in_the_last_one(folder: Path) -> None:
    with opened(folder) as terminal:
        for step in range(50):
            terminal.resize(60 + step, 18 + step % 20)
            terminal.read(0.01)
        terminal.resize(80, 24)
        terminal.rest(1.0)
        lines = terminal.text.splitlines()
        assert lines[0].startswith(" top100")
        assert "q quit" in lines[-1]
        terminal.send("q")
        assert terminal.leave() == 0


def test_a_suspended_app_gives_the_terminal_back_and_draws_again(folder: Path) -> None:
    with opened(folder) as terminal:
        terminal.send("\x1a")
        terminal.rest()
        assert not terminal.modes_left_on
        before = len(terminal.raw)
        terminal.process.send_signal(signal.SIGCONT)
        terminal.rest(1.0)
        assert len(terminal.raw) - before > 2000
        assert "q quit" in terminal.text
        terminal.send("q")
        assert terminal.leave() == 0
        assert not terminal.modes_left_on


def test_a_suspended_app_that_is_told_to_end_leaves_the_terminal_as_it_was(folder: Path) -> None:
    with opened(folder) as terminal:
        terminal.send("\x1a")
        terminal.rest()
        terminal.process.send_signal(signal.SIGHUP)
        terminal.process.send_signal(signal.SIGCONT)
        assert terminal.leave() == 129
        assert not terminal.modes_left_on
