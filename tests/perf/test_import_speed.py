"""How many rows a second are read and checked, before they are stored.

The market is made here; ``MARKET_DATA`` may name a folder of real files to measure as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.calendar import is_session, sessions_between
from engine.providers.files import FileImport

pytestmark = pytest.mark.slow

STOCKS = 892
ROWS_A_SECOND = 600_000
ROWS_A_SECOND_OF_TEXT = 400_000
PEAK_MEMORY_MIB = 350

# VmHWM and not ru_maxrss, which a process inherits from the one that started it.
MEASURE_MEMORY = """
import re, sys
from pathlib import Path
from engine.calendar import is_session
from engine.providers.files import FileImport
for batch in FileImport([Path(sys.argv[1])], is_session=is_session).batches():
    pass
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def market() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Prices and market caps of 892 stocks over 1,397 sessions, in the order of most files."""
    draw = np.random.default_rng(7)
    sessions = pl.DataFrame({"date": sessions_between(date(2021, 1, 29), date(2026, 8, 21))})
    keys = sessions.join(pl.DataFrame({"ticker": [f"T{number:03}" for number in range(STOCKS)]}), how="cross")
    close = draw.lognormal(4, 1, keys.height).round(2) + 0.01
    volume = draw.integers(0, 10_000_000, keys.height)
    split = np.where(draw.random(keys.height) < 0.0002, 2.0, np.nan)
    prices = keys.with_columns(close=close, volume=volume, split=pl.Series(split).fill_nan(None))
    return prices, keys.with_columns(market_cap=close * 1e9)


def measure(folder: Path, label: str) -> float:
    start = time.perf_counter()
    rows = sum(batch.rows_read for batch in FileImport([folder], is_session=is_session).batches())
    seconds = time.perf_counter() - start
    sys.stderr.write(f"{label}: {rows:,} rows in {seconds:.2f} s, {rows / seconds:,.0f} a second\n")
    return rows / seconds


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    names = ("parquet", "by_ticker", "csv")
    made = {name: tmp_path_factory.mktemp(name) for name in names}
    for name, frame in zip(("prices", "market_caps"), market(), strict=True):
        frame.write_parquet(made["parquet"] / f"{name}.parquet")
        frame.sort("ticker", "date").write_parquet(made["by_ticker"] / f"{name}.parquet")
        frame.write_csv(made["csv"] / f"{name}.csv")
    return made


@pytest.mark.parametrize(
    ("name", "least"),
    [("parquet", ROWS_A_SECOND), ("by_ticker", ROWS_A_SECOND), ("csv", ROWS_A_SECOND_OF_TEXT)],
)
def test_two_million_rows_are_read_and_checked_fast(folders: dict[str, Path], name: str, least: int) -> None:
    assert measure(folders[name], name) > least


def test_two_million_rows_of_parquet_are_read_in_modest_memory(folders: dict[str, Path]) -> None:
    command = [sys.executable, "-c", MEASURE_MEMORY, str(folders["parquet"])]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    peak = int(done.stdout) / 1024
    sys.stderr.write(f"peak memory {peak:.0f} MiB\n")
    assert peak < PEAK_MEMORY_MIB


def test_real_files_are_read_and_checked_fast() -> None:
    folder = os.environ.get("MARKET_DATA", "")
    if not folder:
        pytest.skip("MARKET_DATA names no folder of real files")
    assert measure(Path(folder), "real files") > ROWS_A_SECOND
