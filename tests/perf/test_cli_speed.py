"""What the command line takes of a person's time, against the least that Python and DuckDB take."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.facade import open_engine
from engine.settings import Settings, demo_settings

pytestmark = pytest.mark.slow

ROUNDS = 11
ENTRY = (sys.executable, "-c", "from tuiapp.start import entry; entry()")
PYTHON = (sys.executable, "-c", "pass")
DUCKDB = (sys.executable, "-c", "import duckdb")
HELP_TIMES = 3.0
VIEW_TIMES = 4.0
ROOT = Path(__file__).parents[2]


def seconds(argv: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        argv,
        check=True,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return time.perf_counter() - began


def ratio(ours: Sequence[str], floor: Sequence[str]) -> float:
    """How many times as long as the floor: both in turn, so that a busy moment slows both."""
    for argv in (ours, floor):
        seconds(argv)
    found = [(seconds(ours), seconds(floor)) for _ in range(ROUNDS)]
    return statistics.median(mine for mine, _ in found) / statistics.median(least for _, least in found)


@pytest.mark.parametrize("argv", [("--help",), ("show", "composition", "--help"), ("--version",)])
def test_help_takes_little_more_than_python_itself(argv: tuple[str, ...]) -> None:
    found = ratio((*ENTRY, *argv), PYTHON)
    print(f"\nflatcap {' '.join(argv)}: {found:.2f} times bare Python")
    assert found < HELP_TIMES


def test_a_view_takes_little_more_than_duckdb_itself(tmp_path: Path) -> None:
    open_engine(demo_settings(Settings(tmp_path))).load_demo()
    argv = ("--data-dir", str(tmp_path), "--provider", "demo", "show", "performance", "--format", "csv")
    found = ratio((*ENTRY, *argv), DUCKDB)
    print(f"\nflatcap show performance: {found:.2f} times the import of DuckDB")
    assert found < VIEW_TIMES
