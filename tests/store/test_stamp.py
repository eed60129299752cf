"""Whether others have changed the store is seen without opening it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.store import locks
from engine.store.database import Database
from tests.store.engines import built, three_names, write


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return built(tmp_path, three_names(), index_size=2)


def test_a_commit_changes_the_stamp_and_reading_does_not(engine: Engine) -> None:
    before = engine.stamp()
    engine.performance()
    engine.audit(1)
    assert engine.stamp() == before
    write(engine, "update data_version set version = version + 1")
    assert engine.stamp() != before


def test_a_commit_that_was_left_in_the_log_changes_the_stamp(engine: Engine) -> None:
    before = engine.stamp()
    (engine.settings.data_dir / "flatcap.duckdb.wal").write_bytes(b"left by a process that was killed")
    assert engine.stamp() != before


def test_who_may_change_the_folder_is_part_of_the_stamp(engine: Engine) -> None:
    before = engine.stamp()
    engine.settings.data_dir.chmod(0o770)
    assert engine.stamp() != before
    engine.settings.data_dir.chmod(0o700)
    assert engine.stamp() == before


def test_files_beside_the_store_leave_the_stamp_as_it_is(engine: Engine) -> None:
    before = engine.stamp()
    (engine.settings.data_dir / "notes.txt").write_text("mine", encoding="utf-8")
    with Database(engine.settings.data_dir).fetching():
        pass
    assert engine.stamp() == before


def test_a_store_that_is_gone_or_replaced_has_another_stamp(engine: Engine) -> None:
    path = engine.settings.data_dir / "flatcap.duckdb"
    before, whole = engine.stamp(), path.read_bytes()
    path.unlink()
    gone = engine.stamp()
    path.write_bytes(whole)
    assert len({before, gone, engine.stamp()}) == 3


def test_the_stamp_of_no_folder_is_no_failure(tmp_path: Path) -> None:
    engine = Engine(built(tmp_path / "a", three_names()).settings, Database(tmp_path / "nowhere"))
    assert engine.stamp() == engine.stamp()


HOLDS = """
import sys
from pathlib import Path
from engine.store import locks
with locks.fetching(Path(sys.argv[1]), "update"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_that_fetches(folder: Path) -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder.pid


def test_who_fetches_elsewhere_is_named_and_nobody_else(engine: Engine) -> None:
    assert engine.fetching_elsewhere() == ""
    with locks.fetching(engine.settings.data_dir, "app"):
        assert engine.fetching_elsewhere() == ""
    with another_that_fetches(engine.settings.data_dir) as pid:
        assert engine.fetching_elsewhere().startswith(f"flatcap update (process {pid}, ")
    assert engine.fetching_elsewhere() == ""
