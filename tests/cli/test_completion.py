"""What a shell offers after Tab: quickly, silently, and without touching anything."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.domain.sheets import SHEETS
from engine.store import locks
from tests.cli.conftest import Desk
from tuiapp.cli import completing
from tuiapp.cli.completion import SHELLS, VARIABLE
from tuiapp.cli.options import PERIODS
from tuiapp.cli.show import VIEWS
from tuiapp.cli.verbs import VERBS

ROOT = Path(__file__).parents[2]
ENTRY = "from tuiapp.cli import completing; completing.LONGEST_S = {seconds}; from tuiapp.start import entry; entry()"
PATIENT_S = 60.0
"""A machine that is busy needs longer than a person waits."""


def offered(line: str, seconds: float = PATIENT_S, /, **env: str) -> list[str]:
    """The words that the shell is given for the end of a line; nothing may be said besides."""
    words = line.split(" ")
    done = subprocess.run(
        [sys.executable, "-c", ENTRY.format(seconds=seconds)],
        capture_output=True,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            VARIABLE: "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
            **env,
        },
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [each.partition(",")[2] for each in done.stdout.splitlines() if each]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_a_shell_asks_the_program_in_the_way_that_it_answers(desk: Desk, shell: str) -> None:
    answer = desk.run("completion", shell)
    assert (answer.code, answer.err) == (0, "")
    assert f"{VARIABLE}={shell}_complete" in answer.out
    assert "flatcap" in answer.out


@pytest.mark.parametrize(("shell", "check"), [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")])
def test_the_script_is_one_that_its_shell_can_read(desk: Desk, tmp_path: Path, shell: str, check: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell}")
    script = tmp_path / "script"
    script.write_text(desk.run("completion", shell).out, encoding="utf-8")
    done = subprocess.run([program, check, str(script)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_shell_that_is_not_known_is_a_usage_error(desk: Desk) -> None:
    answer = desk.run("completion", "csh")
    assert (answer.code, answer.out) == (2, "")


def test_verbs_views_options_and_choices_are_offered() -> None:
    assert offered("flatcap ") == list(VERBS)
    assert offered("flatcap show ") == list(VIEWS)
    assert offered("flatcap show composition --as") == ["--as-of"]
    assert offered("flatcap show composition --format j") == ["json", "jsonl"]


def test_periods_and_sources_are_offered_as_they_are_written() -> None:
    assert offered("flatcap show metrics --period ") == list(PERIODS)
    assert offered("flatcap show metrics --period y") == ["YTD"]
    for line in ("flatcap --provider ", "flatcap show composition --provider ", "flatcap show --provider "):
        assert offered(line) == ["yahoo", "import", "demo"]
    assert offered("flatcap --provider i") == ["import"]


def test_sheets_are_offered_one_after_the_other() -> None:
    assert offered("flatcap export --sheets ") == list(SHEETS)
    others = [f"provenance,{name}" for name in SHEETS if name.startswith("d")]
    assert offered("flatcap export --sheets provenance,d") == others
    assert offered("flatcap export --sheets drawdowns,dr") == []


def test_indices_are_offered_wherever_one_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "indices.toml"
    file.write_text("[top50]\nsize = 50\n[tech]\nsize = 20\n", encoding="utf-8")
    for line in ("flatcap --index t", "flatcap show composition --index t", "flatcap build --full --index t"):
        assert offered(line, FLATCAP_INDICES=str(file)) == ["top100", "top50", "tech"]


def test_tickers_are_offered_from_the_store_that_is_meant(market: Path) -> None:
    found = offered(f"flatcap --data-dir {market} --provider demo show stock dps")
    assert found == ["DPSL"]
    assert offered(f"flatcap show stock --provider demo --data-dir {market} DPS") == ["DPSL"]


@pytest.mark.parametrize("line", ["flatcap show stock A", "flatcap --index t", "flatcap export --sheets x"])
@pytest.mark.parametrize("setting", [{}, {"FLATCAP_INDEX_SIZE": "many"}, {"FLATCAP_INDICES": "/nowhere.toml"}])
def test_what_is_not_there_or_wrong_is_silence_and_leaves_nothing_behind(
    tmp_path: Path, line: str, setting: dict[str, str]
) -> None:
    folder = tmp_path / "data"
    found = offered(line, FLATCAP_DATA_DIR=str(folder), HOME=str(tmp_path / "home"), **setting)
    assert found == (["top100"] if "--index" in line and not setting else [])
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_being_written_is_not_waited_for(market: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(market / "demo", folder)
    with (folder / "flatcap.lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        began = time.monotonic()
        assert offered(f"flatcap --data-dir {folder} show stock DPS", completing.LONGEST_S) == []
    assert time.monotonic() - began < locks.WAIT_S
