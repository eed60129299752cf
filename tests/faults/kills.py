"""Kills: an operation in a process that ends at one moment, and another process that looks at what is left.

A server that has all libraries forks one process for each. Polars is imported in it and never used: its pool of
threads, which would not survive the fork, begins with its first use.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

ROOT: Final = Path(__file__).parents[2]
TOO_LONG: Final = 120.0
"""Seconds after which a process hangs."""

HEAVY: Final = (
    "engine.copies",
    "engine.decisions",
    "engine.exporter",
    "engine.fetchwork.run",
    "engine.health.diagnosis",
    "engine.health.repair",
    "engine.importer",
    "engine.index.build",
    "engine.last_good",
    "engine.views.assembly",
    "tests.faults.kill_checks",
)
"""Modules that the operations need, and those that these import."""

KEPT: Final = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "HOME", "LANG", "TZ", "COVERAGE_PROCESS_START")


Tell = Callable[[str, Any], None]


@dataclass(frozen=True)
class Moment:
    """When to kill: at one of the moments of ``kill_points``, or so long after the beginning."""

    point: int | None = None
    seconds: float | None = None


NEVER: Final = Moment()


@dataclass
class Ended:
    """What a process has told until its end.

    Attributes:
        code: How it ended: a negative code is the number of the signal that killed it.
        seconds: From the beginning of the operation to the end.
        cpu: Seconds of the processor, those of the process itself.
        points: Names of the moments that it came by.
        done: State of the store after the last commit that it knows of, None before the first one.
        pending: State that would be in the store after a commit that had begun and not ended, likewise.
        fresh: State of a store that was made under another name, likewise.
        answer: What it found.
        error: How it failed.
    """

    code: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    points: list[str] = field(default_factory=list)
    done: str | None = None
    pending: str | None = None
    fresh: str | None = None
    answer: Any = None
    error: str = ""

    @property
    def killed(self) -> bool:
        """Whether it was killed before it was through."""
        return self.code == -signal.SIGKILL

    def hear(self, what: str, value: Any) -> None:
        """Take in one line of it."""
        if what == "point":
            self.points.append(value)
        elif what in ("pending", "done"):
            self._hear_of_commit(what, *value.split(" "))
        else:
            setattr(self, what, value)

    def _hear_of_commit(self, what: str, file: str, state: str) -> None:
        if file.endswith((".new", ".part")):
            self.fresh = state
        elif file == "flatcap.duckdb":
            self.done, self.pending = (state, None) if what == "done" else (self.done, state)


def moments(ended: Ended, number: int, draw: random.Random) -> list[Moment]:
    """So many moments of an operation that was measured: half at points, commits first, half at any time."""
    commits = [n for n, name in enumerate(ended.points) if name.startswith(("commit", "os.rename", "os.link"))]
    others = [n for n in range(len(ended.points)) if n not in commits]
    exact = draw.sample(commits, min(len(commits), (number + 2) // 3))
    exact += draw.sample(others, min(len(others), (number + 1) // 2 - len(exact)))
    times = [ended.seconds * (n + draw.random()) / (number - len(exact)) for n in range(number - len(exact))]
    return [*(Moment(point=point) for point in sorted(exact)), *(Moment(seconds=seconds) for seconds in times)]


class Kills:
    """Runs operations, one at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.kills"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT if name in os.environ},
        )

    def do(self, what: str, *args: str | Path, moment: Moment = NEVER) -> Ended:
        """Let a process do something (``TASKS``), and end it at a moment."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"what": what, "args": list(map(str, args)), "point": moment.point, "seconds": moment.seconds}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        ended = Ended(**json.loads(self._process.stdout.readline()))
        assert not ended.error, ended.error
        return ended

    def close(self) -> None:
        """Start no more."""
        self._process.communicate(timeout=30)


# -- in the server


def serve() -> None:
    """Fork a process for every line of the standard input."""
    _import_everything()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(vars(_run(json.loads(line)))) + "\n")
        sys.stdout.flush()


def _import_everything() -> None:
    """What a process would spend most of its time with."""
    for name in HEAVY:
        import_module(name)
    assert not [name for name in _threads() if name.startswith("polars-") and name[7:].isdigit()]


def _threads() -> list[str]:
    return [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]


def _run(order: dict[str, Any]) -> Ended:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _become(order, writer)
    os.close(writer)
    ended = _hear_out(reader, pid, order["seconds"])
    os.close(reader)
    _, status, used = os.wait4(pid, 0)
    ended.code, ended.cpu = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
    return ended


def _hear_out(reader: int, pid: int, seconds: float | None) -> Ended:
    """Hear a process to its end, which comes so long after it began."""
    ended, began, rest = Ended(), time.perf_counter(), b""
    deadline = began + TOO_LONG
    while True:
        left = max(deadline - time.perf_counter(), 0)
        if not select.select([reader], [], [], left)[0]:
            os.kill(pid, signal.SIGKILL)
            ended.error = "" if deadline < began + TOO_LONG else "it hangs"
            deadline = time.perf_counter() + TOO_LONG
            continue
        heard = os.read(reader, 65536)
        if not heard:
            ended.seconds = time.perf_counter() - began
            return ended
        *lines, rest = (rest + heard).split(b"\n")
        for line in lines:
            what, value = json.loads(line)
            if what == "begin":
                began = time.perf_counter()
                deadline = began + (TOO_LONG if seconds is None else seconds)
            else:
                ended.hear(what, value)


# -- in a process that the server has forked


def _become(order: dict[str, Any], writer: int) -> NoReturn:
    """Do one task and be gone, without what an interpreter does at its end."""
    lost = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(lost, handle)

    def tell(what: str, value: Any) -> None:
        os.write(writer, json.dumps([what, value]).encode() + b"\n")

    try:
        TASKS[order["what"]](tell, order["point"], *order["args"])
    except BaseException:  # noqa: BLE001 - whatever it is, the test has to hear of it
        tell("error", traceback.format_exc())
        os._exit(1)
    os._exit(0)


def _write_files(tell: Tell, _: int | None, folder: str) -> None:
    """What the person has: files, and a copy of a store."""
    from tests.faults.kill_operations import keep_copy, write_files

    write_files(Path(folder))
    keep_copy(Path(folder))


def _begin(tell: Tell, _: int | None, start: str, folder: str, mine: str) -> None:
    from tests.faults.kill_operations import Place, begin

    begin(start, Place(Path(folder), Path(mine)))


def _operate(tell: Tell, point: int | None, name: str, folder: str, mine: str, again: str = "") -> None:
    """The operation itself, with its moments."""
    from tests.faults.kill_operations import OPERATIONS, Place
    from tests.faults.kill_points import Points

    operation = OPERATIONS[name]
    place = Place(Path(folder), Path(mine), operation.copies)
    place.engine()
    Points(Path(folder), point, tell).watch()
    tell("begin", None)
    work = operation.again if again and operation.again else operation.run
    work(place)


def _look(tell: Tell, _: int | None, name: str, folder: str, mine: str, *sound: str) -> None:
    """What a kill has left."""
    from tests.faults.kill_checks import look
    from tests.faults.kill_operations import Place

    tell("answer", look(Place(Path(folder), Path(mine)), name, sound).told())


def _state(tell: Tell, _: int | None, folder: str, mine: str) -> None:
    """What is in a store, and what in the copies of it."""
    from tests.faults.kill_checks import state_now, states_of_copies
    from tests.faults.kill_operations import Place

    place = Place(Path(folder), Path(mine))
    tell("answer", [state_now(place), states_of_copies(place)])


def _results(tell: Tell, _: int | None, name: str, folder: str, mine: str) -> None:
    """What an operation that was not killed has brought: tables, files, and what is broken."""
    from tests.faults.kill_checks import broken_in, made, tables_of
    from tests.faults.kill_operations import OPERATIONS, Place

    place, operation = Place(Path(folder), Path(mine)), OPERATIONS[name]
    tell("answer", [tables_of(place, operation), made(place, operation), broken_in(place)])


TASKS: Final[dict[str, Callable[..., None]]] = {
    "files": _write_files,
    "begin": _begin,
    "operate": _operate,
    "look": _look,
    "state": _state,
    "results": _results,
}


def total(all_ended: Sequence[Ended]) -> float:
    """Seconds of the processor of all of them."""
    return sum(ended.cpu for ended in all_ended)


if __name__ == "__main__":
    serve()
