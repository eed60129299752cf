"""What a fetch costs beside the library that it asks: time for the same questions, and memory by the number of names.

The vendor is a server of our own in a process of its own, so that its time counts for neither.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.yahoo.harness import PRELUDE, ROOT, ServerProcess, environment
from tests.yahoo.market import evening

pytestmark = pytest.mark.slow

NAMES = 250
SESSIONS = 1260
LAST = date(2024, 6, 28)
LATENCY_S = 0.1
WORKERS = 4
MOST = 1.5
"""A fetch ends within so many times of what the library alone takes."""

PEAK_MEMORY_GROWTH_MIB = 60

LIBRARY = """
import json, re, time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
names = json.loads(sys.argv[1]); since = sys.argv[2]; workers = int(sys.argv[3])
yf.config.network.retries = 2
for name in names:
    cache.get_tz_cache().store(name, "America/New_York")
def ask(name):
    bars = yf.Ticker(name).history(start=since, auto_adjust=False, actions=True)
    shares = yf.Ticker(name).get_shares_full(start=since)
    return len(bars)
ask(names[0])
start = time.perf_counter()
with ThreadPoolExecutor(workers) as pool:
    rows = sum(pool.map(ask, names))
print("TOLD", json.dumps({"seconds": time.perf_counter() - start, "rows": rows}))
"""

OURS = """
import json, re, sys, time
from datetime import datetime
from pathlib import Path
import yfinance, polars, duckdb
from engine.facade import open_engine
from engine.settings import Settings
folder, now, names, workers = sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
settings = Settings(data_dir=Path(folder), universe_size=names, requests_per_second=0, workers=workers, min_cap_usd=0)
start = time.perf_counter()
report = open_engine(settings, clock=lambda: now).fetch()
seconds = time.perf_counter() - start
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
told = {"seconds": seconds, "asked": report.asked, "outcome": report.outcome, "requests": report.requests, "peak": peak}
print("TOLD", json.dumps(told))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with ServerProcess(names=400, sessions=SESSIONS, latency=LATENCY_S, clock=evening(LAST)) as running:
        yield running


def run(server: ServerProcess, home: Path, code: str, *argv: str) -> dict[str, float]:
    """Run Python against the server; what it tells of itself."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *argv],
        env=environment(server, home),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, float] = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("TOLD"))[4:])
    return told


def fetched(server: ServerProcess, home: Path, names: int) -> dict[str, float]:
    """A first fetch of so many names."""
    home.mkdir()
    return run(server, home, OURS, str(home / "store"), evening(LAST).isoformat(), str(names), str(WORKERS))


def test_a_first_fetch_takes_little_more_than_the_library_alone(server: ServerProcess, tmp_path: Path) -> None:
    fetched(server, tmp_path / "first", NAMES)  # the server makes its bodies meanwhile
    names = stored_names(tmp_path / "first" / "store")
    (tmp_path / "library").mkdir()
    plain = run(server, tmp_path / "library", PRELUDE + LIBRARY, json.dumps(names), "2019-06-28", str(WORKERS))
    ours = fetched(server, tmp_path / "ours", NAMES)
    ratio = ours["seconds"] / plain["seconds"]
    sys.stderr.write(f"fetch {ours['seconds']:.1f} s, library alone {plain['seconds']:.1f} s: {ratio:.2f}\n")
    assert ours["asked"] == len(names) > NAMES * 0.95  # some of the largest are preferred stock
    assert ratio < MOST


def test_memory_does_not_grow_with_the_number_of_names(server: ServerProcess, tmp_path: Path) -> None:
    few, many = (fetched(server, tmp_path / str(names), names) for names in (100, 400))
    sys.stderr.write(f"peak memory {few['peak']:.0f} MiB for 100 names, {many['peak']:.0f} MiB for 400\n")
    assert many["asked"] > 3 * few["asked"]
    assert many["peak"] - few["peak"] < PEAK_MEMORY_GROWTH_MIB


def stored_names(folder: Path) -> list[str]:
    """Tickers with prices."""
    from engine.store.database import Database

    rows = Database(folder).read(
        lambda session: session.connection.execute("select distinct ticker from price order by 1").fetchall()
    )
    return [row[0] for row in rows]
