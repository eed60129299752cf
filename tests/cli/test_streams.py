"""What happens at the edges of the process: pipes, encodings, full disks, bugs."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import ExportError
from engine.events import Progress
from tuiapp.cli import diagnostics, output

ROOT = Path(__file__).parents[2]
ENTRY = "from tuiapp.cli.main import entry; entry()"


def flatcap(*argv: str, code: str = ENTRY, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code, *argv],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
    )


def test_the_process_ends_with_the_code_of_the_command() -> None:
    done = flatcap("nonsense")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"flatcap: No such command 'nonsense'.\n  hint: flatcap --help\n"


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tuiapp", "--version"], capture_output=True, check=True, cwd=ROOT, text=True
    )
    assert done.stdout.startswith("flatcap ")


def test_a_bug_is_shown_whole_and_ends_with_one() -> None:
    code = "import tuiapp.cli.main as m; m.main = lambda argv: 1 / 0; m.entry()"
    done = flatcap(code=code)
    assert done.returncode == 1
    assert done.stderr.startswith(b"Traceback")
    assert b"ZeroDivisionError" in done.stderr


def test_files_that_the_process_makes_are_private() -> None:
    code = "import os, tuiapp.cli.main as m; m.main = lambda argv: os.umask(0); m.entry()"
    assert flatcap(code=code).returncode == 0o077


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "config", "template"],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        cwd=ROOT,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_failure(tmp_path: Path, closed: str) -> None:
    line = f'exec "$0" -c "$1" --data-dir "$2" --provider demo config path {closed}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, ENTRY, str(tmp_path)], capture_output=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert bool(done.stdout) is (">&-" not in closed.replace("2>&-", ""))


def test_no_file_of_ours_takes_the_place_of_a_closed_stream() -> None:
    code = "import os, tuiapp.cli.main as m; m.main = lambda argv: os.open(os.devnull, os.O_RDONLY); m.entry()"
    done = subprocess.run(["sh", "-c", 'exec "$0" -c "$1" >&-', sys.executable, code], check=False, cwd=ROOT)
    assert done.returncode > 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_a_failure_that_is_said() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", ENTRY, "config", "template"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
        )
    assert done.returncode == 1
    assert b"The output could not be written: No space left on device." in done.stderr


def test_a_full_disk_is_an_expected_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(ExportError, match="No space left on device"):
        output.lines(["text"])


def narrow(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)


def written(stream: io.TextIOWrapper) -> bytes:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue()


def test_text_for_people_falls_back_to_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = narrow("ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    output.lines(["rank – → 2 · Béta…"])
    assert written(stream) == b"rank - > 2 | B?ta~\n"


def test_data_are_utf_8_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.cli.fakes import COMPOSITION
    from tuiapp.cli.tables import composition_table

    for form in ("csv", "json"):
        stream = narrow("latin-1")
        monkeypatch.setattr(sys, "stdout", stream)
        output.emit(composition_table(COMPOSITION), form)
        assert "Béta".encode() in written(stream)


def test_json_has_no_room_for_what_is_not_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.cli.fakes import PERFORMANCE
    from tuiapp.cli.tables import performance_table

    table = performance_table(PERFORMANCE)
    broken = output.Table(table.fields, [(None, float("nan"), *[None] * 6)])
    with pytest.raises(ValueError, match="not JSON compliant"):
        output.emit(broken, "json")


def test_no_rows_are_an_empty_array_and_a_lonely_head(capsys: pytest.CaptureFixture[str]) -> None:
    from engine.domain.fields import CHANGE_FIELDS

    for form in ("json", "csv", "table"):
        output.emit(output.Table(CHANGE_FIELDS, ()), form)
    assert capsys.readouterr().out.splitlines() == [
        "[]",
        "session,kind,ticker,rank_before,rank_after,market_cap_usd",
        "Session  Change  Ticker  Rank before  Rank after  Market cap",
    ]


def test_wide_characters_keep_the_columns_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    from engine.domain.fields import CHANGE_FIELDS

    rows = [(None, "任天堂", "N", 1, 2, 3e9), (None, "plain", "P", 1, 2, 3e9)]
    output.emit(output.Table(CHANGE_FIELDS, rows), "table")
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].index("N") + 3 == lines[2].index("P")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_rewrites_one_line_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    line = diagnostics.ProgressLine()
    line(Progress("read prices.csv", 1_000, 4_000, "rows"))
    line(Progress("build"))
    line.clear()
    shown = "read prices.csv 1,000/4,000 rows (25%)"
    assert screen.getvalue() == f"\r{shown}\r{'build'.ljust(len(shown))}\r{' ' * 5}\r"


def test_progress_says_nothing_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    line = diagnostics.ProgressLine()
    line(Progress("build", 1, 2, "sessions"))
    line.clear()
    assert capsys.readouterr().err == ""


def test_no_control_character_reaches_the_terminal_through_a_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    diagnostics.note("file \x1b]0;owned\x07.csv\r")
    assert capsys.readouterr().err == "file ]0;owned.csv\n"


@pytest.mark.parametrize(("term", "expected"), [("xterm-256color", True), ("dumb", False), ("", False)])
def test_the_app_needs_a_terminal_that_can_draw(monkeypatch: pytest.MonkeyPatch, term: str, expected: bool) -> None:
    for name in ("__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, Screen())
    monkeypatch.setenv("TERM", term)
    assert diagnostics.interactive() is expected


@pytest.mark.parametrize("name", ["__stdin__", "__stdout__", "__stderr__"])
def test_the_app_needs_all_three_streams_to_be_a_terminal(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for stream in ("__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, stream, io.StringIO() if stream == name else Screen())
    assert diagnostics.interactive() is False
