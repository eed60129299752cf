"""Ten minutes of three people and an update loop, all of them killed at random; and an hour of one session.

Run by hand: ``pytest -s -m slow tests/faults/test_long.py``. ``FLATCAP_TEST_MINUTES`` makes the first one shorter, and
``FLATCAP_TEST_ROUNDS`` the second one.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from engine.store.database import Database
from engine.store.invariants import breaches
from tests.functional.terminal import PseudoTerminal
from tests.yahoo.command import NOW
from tests.yahoo.forks import Forks, Running
from tests.yahoo.harness import environment, loopback
from tests.yahoo.house import SETTINGS, House, assert_same, small_market
from tests.yahoo.market import Market, evening

pytestmark = pytest.mark.slow

MINUTES: Final = float(os.environ.get("FLATCAP_TEST_MINUTES", "10"))
ROUNDS: Final = int(os.environ.get("FLATCAP_TEST_ROUNDS", "360"))
"""One every ten seconds for an hour."""

ROOT: Final = Path(__file__).parents[2]
FIRST: Final = -30
"""Number of the session on whose evening it begins."""

INDEX: Final = {"index_name": "top100"}
KILLED: Final = -9
BUSY: Final = 4
NO_DATA: Final = 5
OUTCOMES: Final = {0: "ended", KILLED: "killed", BUSY: "refused", NO_DATA: "without data"}

PEOPLE: Final = 3
KEYS: Final = "1234567jkjkjkJKgG[]?\x1b/n\x1b"
"""What people press: screens, rows, sessions, help, a filter; nothing that fetches or leaves."""

ASIDE: Final = (
    ("build",),
    ("build", "--full"),
    ("export", "index.xlsx", "--force"),
    ("export", "index.parquet", "--force"),
    ("backup", "copy.backup", "--force"),
    ("show", "composition"),
)
"""What is done beside the updates."""


@dataclass
class Load:
    """What is going on, and what it cost.

    Attributes:
        house: The store, and the vendor.
        draw: All chance.
        evenings: The evenings that an update was begun on.
        counts: What was done how often.
        reads: Seconds of each read.
        writes: Seconds of each write.
    """

    house: House
    draw: random.Random
    evenings: list[date] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)

    def sample(self) -> None:
        """Read and write as another session would."""
        database = Database(self.house.store)
        if database.exists():
            self.reads.append(_seconds(lambda: database.read(lambda session: session.rows("reads/totals", INDEX))))
            if self.draw.random() < 0.3:
                self.writes.append(_seconds(lambda: database.write(lambda _: None)))

    def end_or_kill(self, what: str, running: Running, on_wait: Callable[[], None]) -> bool:
        """Wait for the end of a command, or kill it at any moment; gives whether it came to its end."""
        dies = time.monotonic() + self.draw.uniform(0.1, 3.0) if self.draw.random() < 0.6 else float("inf")
        while running.alive() and time.monotonic() < dies:
            on_wait()
        if running.alive():
            running.kill()
        ended = running.wait()
        empty = ended.code == NO_DATA and not self.counts["update ended"]
        assert ended.code in (0, KILLED, BUSY) or empty, ended
        self.counts[f"{what} {OUTCOMES[ended.code]}"] += 1
        return ended.code == 0


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _app(house: House) -> PseudoTerminal:
    own = {
        "FLATCAP_INDEX_SIZE": str(house.rules.size),
        "FLATCAP_DATA_DIR": str(house.store),
        NOW: house.server.clock.isoformat(),
    }
    env = environment(house.server, house.home, **SETTINGS | own, TERM="xterm-256color", TEXTUAL_ANIMATIONS="none")
    return PseudoTerminal([sys.executable, "-m", "tests.yahoo.command"], size=(100, 30), env=env)


class People:
    """Three sessions of the app; one that was killed begins anew."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._sessions = [_app(load.house) for _ in range(PEOPLE)]

    def act(self) -> None:
        """Somebody presses a key, or is thrown out; all screens are read."""
        draw, n = self._load.draw, self._load.draw.randrange(PEOPLE)
        session = self._sessions[n]
        if draw.random() < 0.004:
            session.process.kill()
            self._load.counts["app killed"] += 1
        if session.process.poll() is not None:
            assert session.process.returncode == KILLED, session.text
            session.__exit__(None, None, None)
            self._sessions[n] = _app(self._load.house)
        else:
            session.send(draw.choice(KEYS))
        for each in self._sessions:
            each.read(0.03)
            assert b"Traceback" not in each.raw[-20_000:], each.text

    def leave(self) -> None:
        """All go."""
        for session in self._sessions:
            session.__exit__(None, None, None)


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    running = Forks()
    yield running
    running.close()


def long_market() -> Market:
    """Things happen on the way."""
    market = small_market()
    days = market.sessions
    market.split("ZAC", days[FIRST + 5], 4)
    market.rename("ZAD", days[FIRST + 7], "NEWD")
    market.delist("ZAE", days[FIRST + 9])
    market.dividend("ZAF", days[FIRST + 11], 2.5)
    market.correct(
        "ZAH", days[FIRST + 3], round(market.close("ZAH", days[FIRST + 3]) * 1.03, 2), evening(days[FIRST + 10])
    )
    return market


def figures(seconds: list[float]) -> str:
    """Median, 95th percentile and longest."""
    ordered = sorted(seconds)
    median, late = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
    return f"{len(ordered)} of {median * 1000:.0f} ms, p95 {late * 1000:.0f}, at most {ordered[-1] * 1000:.0f}"


def test_ten_minutes_of_everybody_with_kills_end_in_the_tables_of_a_quiet_house(forks: Forks, tmp_path: Path) -> None:
    with loopback(long_market(), evening(long_market().sessions[FIRST])) as server:
        load = Load(House(server, tmp_path / "loud", forks), random.Random(1))
        _be_loud(load)
        print(f"\n{dict(sorted(load.counts.items()))}\nreads {figures(load.reads)}\nwrites {figures(load.writes)}")
        loud = load.house.tables()
        load.house.assert_true()
        assert Database(load.house.store).read(breaches) == ()
        quiet = House(server, tmp_path / "quiet", forks)
        for day in load.evenings:
            quiet.go_to(day)
            quiet.update()
        assert_same(loud, quiet.tables())
        assert load.house.run("build", "--full").code == 0
        assert_same(load.house.tables(), loud)


def _be_loud(load: Load) -> None:
    """Updates on one evening after the other, something else in between, people at their screens all the time."""
    house = load.house
    house.home.mkdir()
    people, ends = People(load), time.monotonic() + 60 * MINUTES
    load.evenings.append(house.day(-FIRST))
    pace = 60 * MINUTES / (-FIRST - 2)
    due = time.monotonic() + pace

    def meanwhile() -> None:
        people.act()
        if load.draw.random() < 0.1:
            load.sample()

    try:
        while time.monotonic() < ends:
            done = load.end_or_kill("update", house.start("update"), meanwhile)
            if done and time.monotonic() > due:
                load.evenings.append(house.next_evening())
                due += pace
            else:
                aside = load.draw.choice(ASIDE)
                load.end_or_kill(aside[0], house.start(*_in(house.home, aside)), meanwhile)
        house.update()
    finally:
        people.leave()


def _in(home: Path, argv: tuple[str, ...]) -> list[str]:
    """Files are written at home."""
    return [str(home / word) if "." in word else word for word in argv]


def test_an_hour_of_one_session_leaves_memory_and_store_as_they_were(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tests.faults.soak", str(tmp_path), str(ROUNDS)]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    quarter = len(told) // 4
    early, late = told[quarter : 2 * quarter], told[-quarter:]
    for name in ("rss", "store"):
        before, after = (statistics.median(each[name] for each in part) for part in (early, late))
        print(f"\n{name}: {before / 1e6:.1f} MB in the second quarter, {after / 1e6:.1f} in the last one")
        assert after <= 1.1 * before
