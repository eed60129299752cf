"""The log of every run: whole lines, nothing secret, and never in the way."""

from __future__ import annotations

import fcntl
import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from engine.errors import DataError
from engine.log import timed
from engine.run import Run
from engine.settings import default_state_dir
from tests.cli.conftest import Desk
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main
from tuiapp.eventlog import EventLog
from tuiapp.logfile import KEPT, NAME, LogFile, RunLog, typed
from tuiapp.noise import routed

WRITER = """
import logging, sys
from pathlib import Path
from engine.run import Run
from tuiapp.logfile import LogFile
handler = LogFile(Path(sys.argv[1]), Run(sys.argv[2], "test"), largest=20_000)
for number in range(100):
    handler.emit(logging.LogRecord("flatcap.test", logging.INFO, "", 0, f"{number}", (), None))
"""


def lines(folder: Path | None = None) -> list[dict[str, Any]]:
    folder = folder or default_state_dir()
    files = sorted(path for path in folder.glob(f"{NAME}*") if path.suffix != ".lock")
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_run_begins_and_ends_in_the_log_under_one_id(desk: Desk) -> None:
    assert desk.run("show", "coverage").err == ""
    began, ended = lines()
    assert (began["message"], ended["message"], ended["exit_code"]) == ("began", "ended", 0)
    assert began["run"] == ended["run"]
    assert began["command"] == "show coverage"
    assert (default_state_dir() / NAME).stat().st_mode & 0o777 == 0o600


def test_a_failure_is_in_the_log_with_its_hint(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DataError("Nothing fits.", hint="look again")

    monkeypatch.setattr(desk.engine, "_answer", fail)
    answer = desk.run("show", "coverage")
    _, failed, ended = lines()
    assert (failed["level"], failed["message"], failed["hint"]) == ("error", "Nothing fits.", "look again")
    assert ended["exit_code"] == answer.code


def test_a_bug_is_in_the_log_with_its_traceback(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(desk.engine, "_answer", fail)
    with pytest.raises(ZeroDivisionError):
        desk.run("show", "coverage")
    _, failed, ended = lines()
    assert failed["message"] == "ZeroDivisionError: by nought"
    assert "test_log.py" in failed["traceback"]
    assert ended["exit_code"] == 1


def test_a_log_that_cannot_be_written_is_no_error(desk: Desk) -> None:
    folder = default_state_dir()
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    answer = desk.run("show", "coverage")
    assert (answer.code, answer.err) == (
        0,
        f"flatcap: The log {folder / 'flatcap.log'} cannot be written: File exists.\n",
    )


def test_the_command_line_is_logged_as_it_was_typed(desk: Desk) -> None:
    words = ["-v", "show", "performance", "--from", "-3d", "--format=csv"]
    assert desk.run(*words).code == 0
    assert lines()[0]["argv"] == words


def test_a_command_line_without_end_is_cut() -> None:
    assert typed(["import", "a" * 3_000, "b"]) == ["import", "a" * 1_992 + "…"]
    assert sum(map(len, typed([str(number) for number in range(5_000)]))) < 2_000


def test_what_was_read_and_how_long_it_took_is_said_when_that_is_asked_for(
    market: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data-dir", str(market), "--provider", "demo", "show", "months"]
    said = []
    for more in ([], ["-v"], ["-vv"]):
        assert main([*more, *words], World(interactive=lambda: False)) == 0
        said.append(capsys.readouterr())
    assert len({each.out for each in said}) == 1
    assert said[0].err == ""
    end = rf"flatcap: info: run: show months, index top100 in {re.escape(str(market))}/demo; \d+\.\d\d s in all\n"
    assert re.fullmatch(end, said[1].err)
    for work in (r"store: opened .*flatcap\.duckdb", "store: read", "view: made performance", "view: made returns"):
        assert re.search(rf"^flatcap: debug: {work} in \d\.\d{{3}} s$", said[2].err, re.MULTILINE), work
    assert said[2].err.splitlines()[-1].startswith("flatcap: info: run: ")


def test_control_characters_are_escaped(tmp_path: Path) -> None:
    LogFile(tmp_path, Run("0", "x")).emit(logging.LogRecord("flatcap", 20, "", 0, "a\nb\x1b[31m", (), None))
    (line,) = lines(tmp_path)
    assert line["message"] == "a\nb\x1b[31m"
    assert "\x1b" not in (tmp_path / NAME).read_text()


@pytest.mark.parametrize(("options", "said"), [((), ""), (("-v",), "flatcap: info: build: top100 252 sessions in ")])
def test_work_is_narrated_when_that_is_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    def work(*_: object) -> None:
        with timed("build") as told:
            told("top100 252 sessions", sessions=252)

    monkeypatch.setattr(desk.engine, "_answer", work)
    err = desk.run(*options, "show", "coverage").err
    assert err.startswith(said)
    assert bool(err) == bool(said)
    (line,) = [line for line in lines() if line["logger"] == "flatcap.build"]
    assert (line["sessions"], line["seconds"] >= 0) == (252, True)


def test_no_line_is_lost_or_torn_when_several_processes_write_and_rotate(tmp_path: Path) -> None:
    runs = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(number)]) for number in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    found = [(line["run"], line["message"]) for line in lines(tmp_path)]
    assert sorted(found) == sorted((str(run), str(number)) for run in range(3) for number in range(100))
    assert (tmp_path / f"{NAME}.1").exists()


def test_only_the_newest_full_files_are_kept(tmp_path: Path) -> None:
    handler = LogFile(tmp_path, Run("0", "x"), largest=1)
    for number in range(KEPT + 3):
        handler.emit(logging.LogRecord("flatcap", logging.INFO, "", 0, str(number), (), None))
    assert [line["message"] for line in lines(tmp_path)] == ["7", "6", "5", "4", "3", "2"]


def test_a_wrong_command_line_is_one_line_without_a_traceback(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise click.UsageError("Give one of both.")

    monkeypatch.setattr(desk.engine, "_answer", fail)
    answer = desk.run("show", "coverage")
    _, failed, ended = lines()
    assert (failed["level"], failed["message"], "traceback" in failed) == ("error", "Give one of both.", False)
    assert ended["exit_code"] == answer.code == 2


def test_warnings_of_libraries_are_in_the_log(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(*_: object) -> None:
        logging.getLogger("some.library").warning("slow: %s s", 3)
        logging.getLogger("some.library").info("all is well")

    monkeypatch.setattr(desk.engine, "_answer", warn)
    desk.run("show", "coverage")
    _, warned, _ = lines()
    assert (warned["logger"], warned["level"], warned["message"]) == ("some.library", "warning", "slow: 3 s")


def test_what_the_app_warns_of_is_in_the_log_once(tmp_path: Path) -> None:
    run, events = RunLog(), EventLog()
    run.begin(Run("0", "app"), "info", folder=tmp_path)
    with routed(events, lambda _: ""):
        events.add("Wrote x.xlsx", "good")
        events.add("The disk is full", "bad")
        logging.getLogger("flatcap.build").warning("our own")
        logging.getLogger("some.library").warning("slow")
    run.end(0)
    _, *said, _ = lines(tmp_path)
    assert [(line["logger"], line["level"], line["message"]) for line in said] == [
        ("flatcap.app", "error", "The disk is full"),
        ("flatcap.build", "warning", "our own"),
        ("flatcap.app", "warning", "some.library: slow"),
    ]
    assert [event.text for event in events][1:] == ["The disk is full", "flatcap.build: our own", "some.library: slow"]


def test_a_run_that_was_stopped_in_the_middle_of_a_line_holds_nobody_up(tmp_path: Path) -> None:
    file = LogFile(tmp_path, Run("00000001", "build"))
    with (tmp_path / "flatcap.log.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        file.emit(logging.LogRecord("flatcap.run", logging.INFO, "", 0, "began", None, None))
    assert json.loads((tmp_path / "flatcap.log").read_text())["message"] == "began"
