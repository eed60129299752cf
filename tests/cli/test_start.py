"""Help and version come from a file, before anything is loaded; all else goes on to the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine import __version__
from tests import docs
from tests.cli.conftest import Desk
from tests.functional.terminal import PseudoTerminal
from tuiapp import start

ROOT = docs.ROOT
ENTRY = "from tuiapp.start import entry; entry()"
HELP = docs.HELP_FILE.read_text(encoding="utf-8")
VERBS = re.findall(rf"^{start.HEAD}flatcap ?(.*)$", HELP, re.MULTILINE)


def flatcap(*argv: str, code: str = ENTRY, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *argv],
        capture_output=True,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
    )


@pytest.mark.parametrize("verb", VERBS)
def test_the_file_has_the_same_words_as_the_command_line(desk: Desk, verb: str) -> None:
    answer = desk.run(*verb.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    assert start.known_text([*verb.split(), "-h"]) == answer.out


def test_help_fits_80_columns_and_any_locale() -> None:
    assert max(map(len, HELP.splitlines())) <= 80
    assert HELP.isascii()


def test_help_and_version_load_nothing_that_is_not_loaded_already() -> None:
    bare = set(flatcap(code="import sys, os, __future__; print(*sys.modules)").stdout.split())
    say = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
    for argv in (["--help"], ["show", "composition", "-h"]):
        done = flatcap(*argv, code=say + ENTRY)
        assert done.stdout.startswith("Usage: flatcap")
        assert set(done.stderr.split()) - bare == {"tuiapp", "tuiapp.start", "atexit"} - bare
    loaded = set(flatcap("--version", code=say + ENTRY).stderr.split())
    assert "engine" in loaded
    assert not loaded & {"click", "pathlib", "dataclasses", "textual", "duckdb", "polars"}


@pytest.mark.parametrize("argv", [["show", "performance", "--explain"], ["show", "stock", "A", "--form"]], ids=" ".join)
def test_an_option_that_is_wrong_leads_to_the_help_of_its_verb(argv: list[str]) -> None:
    done = flatcap(*argv)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"  hint: flatcap show {argv[1]} --help\n")


def test_the_version_is_that_of_the_package() -> None:
    assert flatcap("--version").stdout == f"flatcap {__version__}\n"


def test_what_is_not_known_goes_on_to_the_command_line(tmp_path: Path) -> None:
    done = flatcap("nonsense", "--help")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'nonsense'" in done.stderr
    assert flatcap("--data-dir", str(tmp_path), "show", "--help").stdout == flatcap("show", "--help").stdout
    assert not any(tmp_path.iterdir())


def test_without_its_file_help_comes_from_the_command_line() -> None:
    code = "import tuiapp.start as start; start.HELP_FILE = 'nothing.txt'; start.entry()"
    done = flatcap("show", "--help", code=code)
    assert (done.returncode, done.stdout) == (0, flatcap("show", "--help").stdout)


@pytest.mark.parametrize(("columns", "known"), [(60, False), (70, False), (80, True), (120, True)])
def test_help_in_a_narrow_terminal_is_folded_for_it(columns: int, known: bool) -> None:
    argv = [sys.executable, "-c", ENTRY, "show", "performance", "--help"]
    with PseudoTerminal(argv, size=(columns, 60)) as terminal:
        assert terminal.leave() == 0
    text = terminal.raw.decode().replace("\r\n", "\n")
    assert (text == start.known_text(argv[3:])) is known
    assert text.startswith("Usage: flatcap show performance")
    for line in text.splitlines():
        assert len(line) <= columns or line.startswith("  flatcap")


def test_a_reader_that_leaves_before_the_help_is_no_failure() -> None:
    other = (["--version"], ["-v", "--version"])
    for argv in (["--help"], ["show", "--help"], ["--data-dir", "x", "show", "--help"], *other):
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-c", ENTRY, *argv], stdout=write, stderr=subprocess.PIPE, check=False, cwd=ROOT
        )
        os.close(write)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["-v", "--version"]], ids=" ".join)
def test_help_onto_a_full_disk_is_a_failure_that_is_said(argv: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", ENTRY, *argv], stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT
        )
    assert done.returncode == 1
    assert done.stderr.count(b"The output could not be written: No space left on device.") == 1
    assert b"Traceback" not in done.stderr


def test_help_with_stdout_closed_is_no_failure() -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" --help >&-', sys.executable, ENTRY], capture_output=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_program_is_that_entry() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'flatcap = "tuiapp.start:entry"' in text
