"""Everything that writes, killed at every kind of moment: what was committed is whole, and doing it again ends well."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.faults.kill_checks import WHOLE
from tests.faults.kill_operations import OPERATIONS
from tests.faults.kills import NEVER, Ended, Kills, Moment, moments

KILLS: Final = 4
MANY: Final = 20


@dataclass
class Bench:
    """Stores to begin with, each made once, and the process that kills.

    Attributes:
        kills: Starts and kills processes.
        folder: Everything is in it.
        cpu: Seconds of the processor that were used.
        killed: How many processes were killed.
        opened: Seconds until the first answer after each kill.
    """

    kills: Kills
    folder: Path
    cpu: float = 0.0
    killed: int = 0
    opened: list[float] = field(default_factory=list)

    @property
    def mine(self) -> Path:
        """Files of the person."""
        return self.folder / "mine"

    def do(self, what: str, *args: str | Path, moment: Moment = NEVER) -> Ended:
        """Let a process do something."""
        ended = self.kills.do(what, *args, moment=moment)
        self.cpu += ended.cpu
        return ended

    def start(self, name: str) -> Path:
        """A store to begin with."""
        folder = self.folder / name
        if not folder.exists():
            self.do("begin", name, folder, self.mine)
        return folder

    def place(self, operation: str, name: str) -> Path:
        """A fresh place to work in."""
        folder = self.folder / f"of {operation}" / name
        shutil.copytree(self.start(OPERATIONS[operation].start), folder)
        return folder


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    kills = Kills()
    bench = Bench(kills, tmp_path_factory.mktemp("kills"))
    bench.do("files", bench.mine)
    yield bench
    kills.close()
    if bench.opened:
        slowest = sorted(bench.opened)
        median, late = (slowest[int(len(slowest) * share)] for share in (0.5, 0.95))
        figures = f"{median:.2f} s, {late:.2f} of one in twenty, at most {slowest[-1]:.2f}"
        print(f"{bench.killed} killed, {bench.cpu:.0f} s of the processor; answers after {figures}")


def possible(start: str, others: list[str], ended: Ended) -> set[str]:
    """What may be in the store: what was last committed for certain, or the commit that was under way.

    Args:
        start: What was in it at the beginning.
        others: What is in files that may take its place.
        ended: What is known of the process that was killed.
    """
    certain = {start, ended.fresh or start, *others} if ended.done is None else {ended.done}
    return certain | ({ended.pending} if ended.pending else set())


class Killing:
    """One operation that is killed again and again.

    Args:
        bench: Where it is done.
        name: The operation.
    """

    def __init__(self, bench: Bench, name: str) -> None:
        self._bench = bench
        self._name = name
        self._operation = OPERATIONS[name]
        self._start, copies = bench.do("state", bench.start(self._operation.start), bench.mine).answer
        self._others = copies if self._operation.swaps else []
        self._sound: set[str] = set()
        self._runs = 0
        whole = bench.place(name, WHOLE)
        self.clean = bench.do("operate", name, whole, bench.mine)
        self._results = bench.do("results", name, whole, bench.mine).answer
        assert self._results[-1] == [], "a run that is not killed breaks something"

    def kill_in_turn(self, moments: Iterable[Moment]) -> int:
        """Kill it at each of the moments, going on from what the one before has left, and let it end at last.

        One that ends before its moment must have done everything, and the next one begins anew.
        """
        folder, state, killed = self._begin(), self._start, 0
        for moment in moments:
            ended = self._operate(folder, moment)
            state = self._look(folder, state, moment, ended)
            killed += ended.killed
            if not ended.killed:
                self._require_results(folder, moment)
                folder, state = self._begin(), self._start
        self._operate(folder, NEVER)
        self._require_results(folder, NEVER)
        self._bench.killed += killed
        return killed

    def _begin(self) -> Path:
        self._runs = 0
        return self._bench.place(self._name, "killed")

    def _operate(self, folder: Path, moment: Moment) -> Ended:
        self._runs += 1
        again = "again" if self._runs > 1 else ""
        return self._bench.do("operate", self._name, folder, self._bench.mine, again, moment=moment)

    def _require_results(self, folder: Path, moment: Moment) -> None:
        """All is as if nothing had been killed; then everything goes."""
        found = self._bench.do("results", self._name, folder, self._bench.mine).answer
        assert found == self._results, moment
        shutil.rmtree(folder)

    def _look(self, folder: Path, before: str, moment: Moment, ended: Ended) -> str:
        """Look at what a kill has left; gives the state of the store."""
        found = self._bench.do("look", self._name, folder, self._bench.mine, *self._sound).answer
        at = (moment, ended.points[-1:])
        assert found["state"] in possible(before, self._others, ended), at
        assert not found["broken"] or self._operation.mends, (at, found["broken"])
        assert (found["halves"], found["strays"]) == ([], []), at
        if not found["broken"]:
            self._sound.add(found["state"])
        self._bench.opened.append(found["opened_s"])
        left: str = found["left"]
        return left


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_killed_again_and_again_is_whole_and_ends_as_if_it_had_not_been(bench: Bench, name: str) -> None:
    killing = Killing(bench, name)
    assert killing.kill_in_turn(moments(killing.clean, KILLS, random.Random(f"1 {name}"))) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_killed_once_at_any_moment_ends_as_if_it_had_not_been(bench: Bench, name: str) -> None:
    killing = Killing(bench, name)
    drawn = moments(killing.clean, MANY, random.Random(f"2 {name}"))
    assert sum(killing.kill_in_turn([moment]) for moment in drawn) >= MANY / 2
