"""A script that reads our stdout never sees anything but data, whatever happens."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

ROOT = Path(__file__).parents[2]
FLATCAP = f'{shlex.quote(sys.executable)} -c "from tuiapp.start import entry; entry()"'
TOOL = f"{shlex.quote(sys.executable)} -m json.tool"
VIEWS = (
    *("performance", "metrics", "months", "drawdowns", "days", "composition"),
    *("bubble", "changes", "contributions", "coverage", "indices"),
)


def shell(line: str, folder: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell, in which ``flatcap`` is ours."""
    program = ["bash", "-o", "pipefail", "-c", line.replace("flatcap ", f"{FLATCAP} ")]
    paths = {"PYTHONPATH": str(ROOT), "FLATCAP_DATA_DIR": str(folder)}
    return subprocess.run(
        program, capture_output=True, check=False, stdin=subprocess.DEVNULL, env={**os.environ, **paths, **env}
    )


def test_json_goes_straight_into_a_program_that_reads_it(market: Path) -> None:
    done = shell(f"flatcap --provider demo show composition --format json | {TOOL}", market)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(json.loads(done.stdout)) == 100


@pytest.mark.parametrize(
    "argv",
    [
        "show composition --format json",
        "show performance --from -1y --format jsonl",
        "show stock NOSUCH --format csv",
        "show composition --as-of never --format json",
        "show composition --format xml",
        "--index NO show composition --format json",
        "export nothing.csv",
        "build --index nowhere",
    ],
)
def test_a_failure_leaves_stdout_empty(tmp_path: Path, argv: str) -> None:
    done = shell(f"flatcap {argv}", tmp_path / "empty")
    assert done.returncode in (2, 5)
    assert done.stdout == b""
    assert done.stderr.startswith(b"flatcap: ")
    assert b"\x1b" not in done.stderr
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_the_same_data_in_every_format(
    market: Path, view: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {}
    for form in ("json", "jsonl", "csv"):
        argv = ["--data-dir", str(market), "--provider", "demo", "show", view, "--format", form]
        assert main(argv, World(interactive=lambda: False)) == 0
        said[form], err = capsys.readouterr()
        assert err == ""
    rows = json.loads(said["json"])
    assert [json.loads(line) for line in said["jsonl"].splitlines()] == rows
    head, *cells = csv.reader(io.StringIO(said["csv"]))
    assert len(cells) == len(rows) > 0
    assert all(list(row) == head for row in rows)


def test_data_are_utf_8_without_colours_whatever_the_environment_says(market: Path) -> None:
    line = "flatcap --provider demo show performance --explain level_pr --format jsonl"
    done = shell(line, market, PYTHONIOENCODING="latin-1", CLICOLOR_FORCE="1", FORCE_COLOR="1", TERM="xterm")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert "×" in json.loads(done.stdout.decode("utf-8"))["formula"]


def test_nothing_is_valid_too(market: Path) -> None:
    # The first session has no return, so there is no fall.
    argv = "--provider demo show drawdowns --to first"
    whole = shell(f"flatcap {argv} --format json", market)
    assert (whole.returncode, json.loads(whole.stdout)) == (0, [])
    assert shell(f"flatcap {argv} --format jsonl", market).stdout == b""
    assert shell(f"flatcap {argv} --format csv", market).stdout.count(b"\n") == 1


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_head_takes_what_it_wants_and_all_is_quiet(market: Path, form: str) -> None:
    done = shell(
        f"flatcap --provider demo show performance --format {form} | head -n 1; exit ${{PIPESTATUS[0]}}", market
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
