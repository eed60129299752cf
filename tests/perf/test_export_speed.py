"""How long a workbook of a long history takes, against openpyxl's own write-only mode."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from engine.export.workbook import write_workbook
from tests.unit.export_content import composition, content, sessions

pytestmark = pytest.mark.slow

SESSIONS, MEMBERS = 1_400, 100
PEAK_MEMORY_MIB = 120

MEASURE_MEMORY = """
import resource, sys
from pathlib import Path
from engine.export.workbook import write_workbook
from tests.unit.export_content import content
write_workbook(Path(sys.argv[1]), content(1_400, 100))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def write_bare(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("daily_composition")
    for row in composition(sessions(SESSIONS), MEMBERS, ("A name without any control characters",)):
        sheet.append(row)
    book.save(path)


def test_a_workbook_of_140000_rows_takes_less_than_half_the_time_of_bare_openpyxl(tmp_path: Path) -> None:
    ours = seconds(lambda: write_workbook(tmp_path / "ours.xlsx", content(SESSIONS, MEMBERS)))
    bare = seconds(lambda: write_bare(tmp_path / "bare.xlsx"))
    sys.stderr.write(f"workbook {ours:.2f} s, bare openpyxl {bare:.2f} s, ratio {ours / bare:.2f}\n")
    assert ours < bare / 2


def test_a_workbook_of_140000_rows_needs_no_more_memory_than_a_batch(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURE_MEMORY, str(tmp_path / "index.xlsx")]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    peak = float(done.stdout)
    sys.stderr.write(f"peak memory {peak:.0f} MiB\n")
    assert peak < PEAK_MEMORY_MIB
