"""Copying from the app: what is said, and what a terminal is sent."""

from __future__ import annotations

import os
import re
import stat
from base64 import b64decode
from pathlib import Path

import pytest

from engine.settings import default_state_dir
from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.harness import Session, session
from tests.functional.terminal import PseudoTerminal, fake_app
from tuiapp.messages import Copy
from tuiapp.themes import Terminal

OSC_52 = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


async def copy(app: Session, text: str, what: str = "the cell") -> str:
    """Copy a text, and give the whole message."""
    app.app.post_message(Copy(text, what))
    await app.settled()
    return app.app._status.text


async def test_it_says_what_was_sent_and_that_the_terminal_may_refuse() -> None:
    async with session() as app:
        said = await copy(app, "NVDA")
        assert said == "Copied the cell, 4 bytes; may be refused"
        assert said in app.status


async def test_too_much_for_a_terminal_goes_to_a_private_file_whose_path_is_said() -> None:
    async with session(size=(120, 40)) as app:
        text = "NVDA\té\n" * 20_000
        said = await copy(app, text, "the table of 20,000 rows")
        path = default_state_dir() / "copied.txt"
        assert f"Wrote the table of 20,000 rows (160.0 kB) to {path}" in said
        assert path.read_text(encoding="utf-8") == text
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_terminal_without_clipboard_gets_a_file() -> None:
    async with session(terminal=Terminal(through="file")) as app:
        assert str(default_state_dir() / "copied.txt") in await copy(app, "NVDA")


async def test_a_file_that_cannot_be_written_is_said() -> None:
    default_state_dir().parent.mkdir(parents=True, exist_ok=True)
    default_state_dir().write_text("no folder")
    async with session(terminal=Terminal(through="file")) as app:
        assert "cannot be written" in await copy(app, "NVDA")


def tmux_in(folder: Path, monkeypatch: pytest.MonkeyPatch, *, works: bool) -> Path:
    """A command of the name of tmux that keeps what it is given."""
    tmux = folder / "tmux"
    tmux.write_text(f'#!/bin/sh\necho "$@" > {folder}/words\ncat > {folder}/buffer\nexit {0 if works else 1}\n')
    tmux.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "buffer"


async def test_tmux_keeps_a_text_of_any_length_in_its_own_buffer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = tmux_in(tmp_path, monkeypatch, works=True)
    async with session(terminal=Terminal(through="tmux")) as app:
        said = await copy(app, "NVDA é\n" * 20_000, "the table")
        assert said == "Copied the table, 160.0 kB, to tmux; may be refused"
        assert buffer.read_text(encoding="utf-8") == "NVDA é\n" * 20_000
        assert (tmp_path / "words").read_text() == "load-buffer -w -\n"


async def test_a_tmux_that_cannot_be_reached_is_sent_the_sequences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmux_in(tmp_path, monkeypatch, works=False)
    async with session(terminal=Terminal(through="tmux")) as app:
        assert "may be refused" in await copy(app, "NVDA")


def test_a_terminal_is_sent_the_cell_at_the_cursor(tmp_path: Path) -> None:
    save_snapshot(tmp_path, performance_view(1397))
    with PseudoTerminal(fake_app(tmp_path)) as terminal:
        terminal.wait_for("q quit")
        terminal.send("2")
        terminal.wait_for("row 1 of 110")
        terminal.send("y")
        terminal.wait_for("Copied the cell")
        (found,) = OSC_52.findall(terminal.raw)
        assert b64decode(found).decode() in terminal.text
        terminal.send("q")
        assert terminal.leave() == 0
