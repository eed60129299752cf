"""However the app is left, the next one begins where it was."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.terminal import PseudoTerminal, fake_app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_snapshot(tmp_path, performance_view(1397))
    return tmp_path


def opened(folder: Path) -> PseudoTerminal:
    return PseudoTerminal(fake_app(folder), env={"XDG_STATE_HOME": str(folder / "state")})


def sectors_are_shown(terminal: PseudoTerminal) -> None:
    terminal.wait_for("q quit")
    terminal.send("2cc")
    terminal.wait_for("row 1 of 4")
    terminal.rest()


def begins_with_sectors(folder: Path) -> bool:
    with opened(folder) as terminal:
        terminal.wait_for("q quit")
        terminal.wait_for("row 1 of")
        return "row 1 of 4" in terminal.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_loses_no_view(folder: Path, number: signal.Signals) -> None:
    with opened(folder) as terminal:
        sectors_are_shown(terminal)
        terminal.process.send_signal(number)
        terminal.leave()
    assert begins_with_sectors(folder)


def test_a_connection_that_drops_loses_no_view(folder: Path) -> None:
    with opened(folder) as terminal:
        sectors_are_shown(terminal)
        terminal.hang_up()
        assert terminal.process.wait(10) == 129
    assert begins_with_sectors(folder)


@pytest.mark.parametrize("key", ["q", "\x03"])
def test_leaving_by_key_loses_no_view(folder: Path, key: str) -> None:
    with opened(folder) as terminal:
        sectors_are_shown(terminal)
        terminal.send(key)
        assert terminal.leave() == 0
    assert begins_with_sectors(folder)


def test_what_kills_the_app_loses_the_last_seconds_only(folder: Path) -> None:
    kept = folder / "state" / "flatcap" / "app.json"
    with opened(folder) as terminal:
        sectors_are_shown(terminal)
        while not (kept.exists() and '"sectors"' in kept.read_text()):
            terminal.rest(0.1)
        terminal.process.kill()
        terminal.process.wait()
    assert begins_with_sectors(folder)


def test_a_state_folder_that_cannot_be_made_holds_nothing_up(folder: Path) -> None:
    (folder / "state").write_text("a file, not a folder")
    with opened(folder) as terminal:
        sectors_are_shown(terminal)
        terminal.send("q")
        assert terminal.leave() == 0
        assert not terminal.modes_left_on
