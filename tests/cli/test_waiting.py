"""A command that waits for another session says for whom, where somebody can see it."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path

import pytest

from engine.errors import StoreLocked
from engine.events import Progress
from engine.store import locks
from engine.store.database import Database
from tuiapp.cli import diagnostics

WHO = "flatcap update (process 123, ann, since 12:03:11 UTC)"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_told_for_whom_the_command_waits_until_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    line = diagnostics.ProgressLine()
    line(Progress("wait for the store", waiting_for=WHO))
    line(Progress("wait for the store", waiting_for="sessions that are reading it"))
    line(Progress(""))
    first, second = f"Waiting for {WHO}", "Waiting for sessions that are reading it"
    assert screen.getvalue() == f"\r{first}\r{second.ljust(len(first))}\r{' ' * len(second)}\r"


def test_the_end_of_a_wait_alone_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    diagnostics.ProgressLine()(Progress(""))
    assert screen.getvalue() == ""


@pytest.mark.parametrize("level", [logging.WARNING, logging.INFO])
def test_a_pipe_is_told_where_more_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, level: int
) -> None:
    monkeypatch.setattr(locks, "PATIENCE_S", 0.0)
    database = Database(tmp_path, wait_s=0.1)
    database.write(lambda _: None)
    diagnostics.start_log(level, diagnostics.ProgressLine())
    try:
        with locks.exclusive(tmp_path, command="import"):
            file = tmp_path / "flatcap.lock"
            file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), "pid": 1, "started": None}))
            with pytest.raises(StoreLocked, match="is being written by flatcap import"):
                database.read(lambda _: None)
    finally:
        diagnostics.hush_log()
    told = capsys.readouterr().err.splitlines()
    assert len(told) == (2 if level == logging.INFO else 0)
    assert not told or told[0].startswith("flatcap: info: store: waits for flatcap import (process 1, ")
