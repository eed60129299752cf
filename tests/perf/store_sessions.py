"""Sessions that read one store, and those that write it, as processes of their own with a stopwatch."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HEAD: Final = """
import sys, time
from datetime import datetime
from pathlib import Path
from engine.facade import open_engine
from engine.settings import Settings
from engine.store.database import Database

folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
engine = open_engine(Settings(data_dir=folder, copies=0, cache_mb=0, wait_seconds=60))
took, end = [], time.monotonic() + seconds


def timed(work):
    began = time.monotonic()
    work()
    took.append(time.monotonic() - began)
"""

_TAIL: Final = """
print(" ".join(f"{each:.6f}" for each in took))
"""

PROGRAMS: Final = {
    "person": """
engine.status()
views = [engine.composition, engine.changes, lambda: engine.stock("{ticker}"), engine.performance, engine.coverage]
while time.monotonic() < end:
    for view in views:
        timed(view)
        time.sleep(1.0)
""",
    "eager reader": """
database = Database(folder, wait_s=60)
while time.monotonic() < end:
    timed(lambda: database.read(lambda session: session.rows("reads/version")))
""",
    "writer": """
import polars as pl
from engine.frames.schemas import RAW_SCHEMAS
from engine.store.ingest import merge_batch

database, number = Database(folder, wait_s=60), 0
last = engine.status().last_session
schema = RAW_SCHEMAS["price"].columns
while time.monotonic() < end:
    number += 1
    row = dict.fromkeys(schema) | {"session": last, "ticker": f"ZZ{number % 50}", "close": 1.0 + number}
    frame = pl.DataFrame([row], schema=schema)
    timed(lambda: database.write(lambda session: merge_batch(
        session, {"price": frame}, at=datetime(2026, 1, 1), source="import", detail="load")))
    time.sleep(0.5)
""",
    "build": """
while time.monotonic() < end:
    timed(engine.build)
    time.sleep(5.0)
""",
}


@dataclass(frozen=True, slots=True)
class Waits:
    """How long everything took that sessions of one kind did, in seconds."""

    kind: str
    seconds: Sequence[float]

    @property
    def p50(self) -> float:
        """Half of them took no longer."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """Nineteen of twenty took no longer."""
        return sorted(self.seconds)[int(0.95 * len(self.seconds))]

    @property
    def longest(self) -> float:
        """The longest of all."""
        return max(self.seconds)

    @property
    def text(self) -> str:
        """All of it in one line."""
        times = f"p50 {1e3 * self.p50:,.0f} ms, p95 {1e3 * self.p95:,.0f} ms, longest {1e3 * self.longest:,.0f} ms"
        return f"{self.kind}: {len(self.seconds):,} times, {times}"


def together(folder: Path, seconds: float, kinds: Sequence[str], ticker: str = "") -> dict[str, Waits]:
    """Let a session of each kind work on one store at the same time; gives what each kind waited."""
    running = []
    for kind in kinds:
        program = _HEAD + PROGRAMS[kind].replace("{ticker}", ticker) + _TAIL
        command = [sys.executable, "-c", program, str(folder), str(seconds)]
        running.append((kind, subprocess.Popen(command, stdout=subprocess.PIPE, text=True)))
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    for kind, process in running:
        said, _ = process.communicate(timeout=seconds + 120)
        assert process.returncode == 0, kind
        found[kind] += [float(each) for each in said.split()]
    return {kind: Waits(kind, times) for kind, times in found.items()}
