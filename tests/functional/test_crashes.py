"""What a bug and a noisy library look like in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.functional.terminal import MODE, PseudoTerminal


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def opened(tmp_path: Path, state: Path) -> PseudoTerminal:
    argv = [sys.executable, "-m", "tests.functional.broken_app", str(tmp_path / "store")]
    terminal = PseudoTerminal(argv, env={"XDG_STATE_HOME": str(state)})
    terminal.wait_for("q quit")
    terminal.wait_for("+18.17%")
    terminal.rest()
    return terminal


def test_a_bug_ends_the_app_with_a_clean_terminal_one_sentence_and_the_details_in_a_file(
    tmp_path: Path, state: Path
) -> None:
    with opened(tmp_path, state) as terminal:
        terminal.send("3")
        assert terminal.leave() == 1
        assert not terminal.modes_left_on
        said = MODE.sub(b"", terminal.raw.rpartition(b"\x1b[?1049l")[2]).decode().splitlines()
    (path,) = (state / "flatcap").glob("crash-*.txt")
    assert [line for line in said if line] == [
        "flatcap: The app ended: an error nobody expected (AttributeError: 'str' object has no attribute 'compared').",
        f"  hint: what is stored is safe: start it again; the details are in {path}",
    ]
    assert "Traceback" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_a_library_warns_of_stands_in_the_log_and_nowhere_else(tmp_path: Path, state: Path) -> None:
    with opened(tmp_path, state) as terminal:
        assert b"noisy" not in terminal.raw
        terminal.send("@")
        terminal.wait_for("! UserWarning: a library is noisy")
        terminal.rest()
        terminal.send("\x1b")
        terminal.wait_for("q quit")
        terminal.rest()
        terminal.send("q")
        assert terminal.leave() == 0
