"""Several processes at one store: nobody starves, whoever waits is told for whom, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest

from engine.errors import StoreLocked
from engine.store import locks
from engine.store.database import Database, Session

READERS: Final = 4
WRITES: Final = 12
PATIENCE_S: Final = 60.0

EAGER: Final = """
import os, sys, time
from pathlib import Path
from engine.store import locks

folder, tally = Path(sys.argv[1]), os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
print("ready", flush=True)
while not (folder / "over").exists():
    with locks.shared(folder, 60):
        os.write(tally, b".")
        time.sleep(0.01)
"""
"""Reads again at once, so that together with others of its kind it leaves no moment in which nobody reads."""

HOLDER: Final = """
import sys
from pathlib import Path
from engine.store import locks

with getattr(locks, sys.argv[2])(Path(sys.argv[1]), command="update"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def child(program: str, *words: object) -> Iterator[subprocess.Popen[str]]:
    """Another process of ours, from the moment at which it says that it is ready; killed at the end."""
    command = [sys.executable, "-c", program, *map(str, words)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip()
            yield process
        finally:
            process.kill()


def reads(folder: Path, number: int) -> int:
    tally = folder / f"reads-{number}"
    return tally.stat().st_size if tally.exists() else 0


def test_neither_eager_readers_nor_an_eager_writer_starve_the_other(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for number in range(READERS):
            stack.enter_context(child(EAGER, tmp_path, tmp_path / f"reads-{number}"))
        written, starved = 0, set(range(READERS))
        while written < WRITES or starved:
            before = [reads(tmp_path, number) for number in range(READERS)]
            with locks.exclusive(tmp_path, PATIENCE_S):
                held = [reads(tmp_path, number) for number in range(READERS)]
                written += 1
                assert [reads(tmp_path, number) for number in range(READERS)] == held
            starved -= {number for number in range(READERS) if held[number] > before[number]}
            assert written < 1_000, f"readers {sorted(starved)} never read"
        (tmp_path / "over").touch()


@pytest.mark.parametrize("how", ["read", "write"])
def test_who_holds_the_store_is_named_to_a_session_that_waits(tmp_path: Path, how: str) -> None:
    told: list[str] = []
    database = Database(tmp_path, wait_s=1.0, events=lambda event: told.append(event.waiting_for))
    database.write(lambda _: None)
    with child(HOLDER, tmp_path, "exclusive") as holder:
        named = rf"written by flatcap update \(process {holder.pid}, .+, since \d\d:\d\d:\d\d UTC\)\.$"
        with pytest.raises(StoreLocked, match=named) as caught:
            getattr(database, how)(lambda _: None)
    assert caught.value.exit_code == 4
    assert told[0].startswith(f"flatcap update (process {holder.pid}, ")
    assert told[-1] == ""


def test_a_killed_writer_leaves_the_store_free_and_is_named_no_more(tmp_path: Path) -> None:
    with child(HOLDER, tmp_path, "exclusive") as holder:
        owner = locks.owner(tmp_path)
        assert owner is not None
        assert (owner.pid, owner.alive) == (holder.pid, True)
        holder.kill()
        holder.wait()
        assert (tmp_path / "flatcap.lock").read_bytes()
        assert locks.owner(tmp_path) is None
        with locks.shared(tmp_path, 0), locks.shared(tmp_path, 0):
            pass


def test_a_lock_that_outlives_its_process_names_one_that_has_ended(tmp_path: Path) -> None:
    """A program that the killed one had started has its files open still."""
    program = HOLDER.replace("    sys.stdin.read()", "    import os, signal\n    os.fork() and os.kill(os.getpid(), 9)")
    program += "    sys.stdin.read()\n"
    with child(program, tmp_path, "exclusive") as holder:
        holder.wait()
        owner = locks.owner(tmp_path)
        assert owner is not None
        assert (owner.pid, owner.alive) == (holder.pid, False)
        with pytest.raises(StoreLocked, match=r"since \d\d:\d\d:\d\d UTC\), which has ended\.$"):
            locks.shared(tmp_path, 0).__enter__()
        assert holder.stdin is not None
        holder.stdin.close()
        with locks.exclusive(tmp_path, PATIENCE_S):
            pass


def test_a_second_fetch_names_the_first_one(tmp_path: Path) -> None:
    with child(HOLDER, tmp_path, "fetching") as holder:
        declined = pytest.raises(StoreLocked, match=rf"is under way: flatcap update \(process {holder.pid}, ")
        with declined, locks.fetching(tmp_path):
            pass
    with locks.fetching(tmp_path):
        pass


WRITER: Final = """
import sys
from pathlib import Path
from engine.store.database import Database

database = Database(Path(sys.argv[1]), wait_s=60)
print("ready", flush=True)
for step in range(int(sys.argv[2]), int(sys.argv[2]) + 5):
    database.write(lambda session: session.connection.execute(
        "insert into fx select date '2024-01-01' + i::integer, 'EURUSD', 1.1, 1 from range($first, $last) r(i)",
        {"first": step * 10, "last": step * 10 + 10}))
print("done", flush=True)
sys.stdin.read()
"""


def count(session: Session) -> int:
    return int(session.connection.execute("select count(*) from fx").fetchall()[0][0])


def test_two_writers_and_a_reader_lose_nothing_and_see_whole_batches(tmp_path: Path) -> None:
    database = Database(tmp_path, wait_s=PATIENCE_S)
    database.write(lambda _: None)
    seen: list[int] = []
    with child(WRITER, tmp_path, 0) as first, child(WRITER, tmp_path, 5) as second:
        while not seen or seen[-1] < 100:
            seen.append(database.read(count))
            assert seen[-1] < 100 or len(seen) < 10_000
            if first.poll() is not None or second.poll() is not None:
                break
    assert database.read(count) == 100
    assert all(rows % 10 == 0 for rows in seen)
    assert seen == sorted(seen)
