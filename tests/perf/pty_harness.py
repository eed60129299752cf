"""What a person feels, measured from outside: a program in a pseudo-terminal, its clock, its bytes, its memory."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.functional.terminal import PseudoTerminal

PEERS: Final = Path(__file__).parent / "peers"
FLOOR: Final = [sys.executable, str(PEERS / "one_label.py")]
FLOOR_SHOWS: Final = "one label and nothing else"
QUIET: Final = 0.12


@dataclass(frozen=True, slots=True)
class Cost:
    """What one key cost: seconds until the first and the last byte, and how many there were."""

    first: float
    last: float
    size: int


@dataclass(frozen=True, slots=True)
class Start:
    """How long it took until a program showed something: on the clock, and of the machine's own time."""

    clock: float
    machine: float


def start_of(argv: Sequence[str], text: str) -> Start:
    """Start a program, and measure until a text stands on its screen."""
    start = time.perf_counter()
    with PseudoTerminal(argv) as terminal:
        terminal.wait_for(text)
        return Start(time.perf_counter() - start, machine_seconds(terminal.process.pid))


def machine_seconds(process: int) -> float:
    """What all threads of a process have had of the processors: waiting for others is not in it."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def cost_of(terminal: PseudoTerminal, key: str) -> Cost:
    """Send a key, and read until nothing is written any more."""
    start = time.perf_counter()
    terminal.send(key)
    first = last = 0.0
    size = 0
    while data := terminal.read(QUIET):
        last = time.perf_counter() - start
        first = first or last
        size += len(data)
    return Cost(first, last, size)


def costs_of(terminal: PseudoTerminal, keys: Sequence[str], rounds: int) -> list[Cost]:
    """The same for keys in their order, again and again; a key that draws nothing is left out."""
    costs = [cost_of(terminal, key) for _ in range(rounds) for key in keys]
    return [cost for cost in costs if cost.size]


def in_ms(seconds: Sequence[float]) -> str:
    """Median and ninety-fifth percentile for people."""
    ordered = sorted(seconds)
    return f"{1e3 * statistics.median(ordered):.1f} / {1e3 * ordered[int(0.95 * (len(ordered) - 1))]:.1f} ms"


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How many times theirs ours take."""
    return statistics.median(ours) / statistics.median(theirs)


def resident_mb(process: int) -> float:
    """Memory of a process that is in the machine now."""
    return _megabytes(Path(f"/proc/{process}/status"), "VmRSS:")


def share_mb(process: int) -> float:
    """The same, where memory that several processes share counts for each in part."""
    return _megabytes(Path(f"/proc/{process}/smaps_rollup"), "Pss:")


def _megabytes(path: Path, name: str) -> float:
    found = next(line for line in path.read_text().splitlines() if line.startswith(name))
    return int(found.split()[1]) / 1024


def maps(process: int, library: str) -> bool:
    """Whether a process has a library of this name in its memory."""
    return library in Path(f"/proc/{process}/maps").read_text()
