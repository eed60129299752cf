"""How long a workbook of a long history takes, against openpyxl's own write-only mode, and what memory files need."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from engine.export.cells import Formula, Shown
from engine.export.content import Book, Rows
from engine.export.sheets import SHEETS
from engine.export.workbook import write_workbook
from tests.unit.export_content import composition, content, sessions

pytestmark = pytest.mark.slow

SESSIONS, MEMBERS = 5 * 252, 100
MOST_TIMES_BARE = 1.5
PEAK_MEMORY_MIB = 250

MEASURE_MEMORY = """
import sys
from pathlib import Path
from engine.export.files import write_file
from tests.unit.export_content import content
path = Path(sys.argv[1])
write_file(path, content(int(sys.argv[2]), 100), sheets=None if path.suffix == ".xlsx" else ["daily_composition"])
# Unlike ru_maxrss, which begins with what the parent had, this is of this program alone.
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024)
"""


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def write_bare(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    # openpyxl refuses control characters.
    members = composition(sessions(SESSIONS), MEMBERS, ("A name without any control characters",))
    given = replace(content(SESSIONS, MEMBERS), composition=Rows(SESSIONS * MEMBERS, members))
    for name, sheet in SHEETS.items():
        page = book.create_sheet(name)
        for row in sheet.in_workbook(given, Book(list(SHEETS), {})).rows.source:
            page.append([_bare(value) for value in row])
    book.save(path)


def _bare(value: object) -> object:
    """The cell as openpyxl takes it."""
    if isinstance(value, Formula):
        return f"={value.text}"
    return value.value if isinstance(value, Shown) else value


def test_five_years_of_all_sheets_take_at_most_half_as_long_again_as_bare_openpyxl(tmp_path: Path) -> None:
    ours = seconds(lambda: write_workbook(tmp_path / "ours.xlsx", content(SESSIONS, MEMBERS)))
    bare = seconds(lambda: write_bare(tmp_path / "bare.xlsx"))
    sys.stderr.write(f"workbook {ours:.2f} s, bare openpyxl {bare:.2f} s, ratio {ours / bare:.2f}\n")
    assert ours <= MOST_TIMES_BARE * bare


def peak(path: Path, count: int) -> float:
    """Memory of a process that writes so many sessions of 100 members, in MiB."""
    command = [sys.executable, "-c", MEASURE_MEMORY, str(path), str(count)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    sys.stderr.write(f"peak memory of {count:,} sessions in {path.suffix} {float(done.stdout):.0f} MiB\n")
    return float(done.stdout)


def test_five_years_of_all_sheets_need_little_memory(tmp_path: Path) -> None:
    assert peak(tmp_path / "index.xlsx", SESSIONS) < PEAK_MEMORY_MIB


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_five_times_the_history_needs_hardly_more_memory(tmp_path: Path, suffix: str) -> None:
    short, long = (peak(tmp_path / f"{count}{suffix}", count) for count in (SESSIONS, 5 * SESSIONS))
    assert long - short < 20
