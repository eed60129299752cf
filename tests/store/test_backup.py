"""Whole copies of a store: what is in them, what is refused, and what is left when something fails."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import ExportError, NoData, StoreDamaged, StoreError, StoreLocked, StoreTooNew
from engine.facade import Engine
from engine.settings import Settings
from engine.store import locks
from engine.store.database import STORE_NAME, Database, Session
from tests.store.engines import DAYS, built, stored, three_names, write

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
LAST = DAYS[-1]


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("built"), three_names(), index_size=2).settings.data_dir


@pytest.fixture
def engine(tmp_path: Path, _built: Path) -> Engine:
    """Three names, three sessions, two places."""
    shutil.copytree(_built, tmp_path / "data")
    return at(Settings(data_dir=tmp_path / "data", index_size=2))


def at(settings: Settings) -> Engine:
    """An engine as another process would have it."""
    return Engine(settings, Database(settings.data_dir), clock=lambda: NOW)


def engine_of(folder: Path, source: Path) -> Engine:
    """An engine over a copy as the store of a folder of its own."""
    folder.mkdir()
    shutil.copy(source, folder / STORE_NAME)
    return at(Settings(data_dir=folder, index_size=2))


def levels(engine: Engine) -> tuple[float, ...]:
    return engine.performance().level_tr


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# -- backup


def test_a_copy_opens_on_its_own_and_says_the_same(engine: Engine, tmp_path: Path) -> None:
    report = engine.backup(tmp_path / "x.backup")
    assert (report.path, report.sessions, report.last) == (tmp_path / "x.backup", 3, LAST)
    assert report.size == report.path.stat().st_size == engine.coverage().store_bytes
    assert stat.S_IMODE(report.path.stat().st_mode) == 0o600
    assert report.path.read_bytes() == (engine.settings.data_dir / STORE_NAME).read_bytes()
    assert levels(engine_of(tmp_path / "other", report.path)) == levels(engine)


def test_without_a_name_a_copy_is_dated_and_numbered(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [engine.backup().path.name for _ in range(2)] == ["flatcap-2024-03-01.backup", "flatcap-2024-03-01-2.backup"]


def test_a_copy_is_written_over_only_by_force(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.backup"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match="exists already and was not touched"):
        engine.backup(path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert engine.backup(path, force=True).size == path.stat().st_size


@pytest.mark.parametrize("name", [STORE_NAME, "flatcap.lock", f"{STORE_NAME}.wal"])
def test_no_copy_takes_the_place_of_the_store(engine: Engine, name: str) -> None:
    folder = engine.settings.data_dir
    with pytest.raises(ExportError, match="belongs to the store itself"):
        engine.backup(folder / "." / name, force=True)
    assert engine.backup(folder / "flatcap.duckdb.old").sessions == 3


def test_where_there_is_no_store_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(NoData):
        at(Settings(data_dir=tmp_path / "none")).backup(tmp_path / "x.backup")
    assert left_in(tmp_path) == set()


def test_a_full_disk_leaves_nothing(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("engine.store.backup.clone", full)
    with pytest.raises(ExportError, match="no space left"):
        engine.backup(tmp_path / "x.backup")
    assert left_in(tmp_path) == {"data"}


def test_no_copy_is_made_of_a_store_that_is_damaged(engine: Engine, tmp_path: Path) -> None:
    damage(engine.settings.data_dir / STORE_NAME)
    with pytest.raises(StoreDamaged, match=STORE_NAME):
        engine.backup(tmp_path / "x.backup")
    assert left_in(tmp_path) == {"data"}


KILLED = """
import os, sys
from pathlib import Path
from engine.store.database import Database
def work(session):
    session.connection.execute("insert into fx values (date '2024-01-02', 'EURUSD', 1.1, 1)")
    session.connection.commit()
    os._exit(9)
Database(Path(sys.argv[1])).write(work)
"""


def killed_writer(folder: Path) -> None:
    """A process that has committed, and is gone before its log is in the file."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert done.returncode == 9
    assert (folder / f"{STORE_NAME}.wal").stat().st_size


def test_what_a_killed_writer_has_committed_is_in_the_copy(engine: Engine, tmp_path: Path) -> None:
    killed_writer(engine.settings.data_dir)
    report = engine.backup(tmp_path / "x.backup")
    assert stored(engine_of(tmp_path / "other", report.path), "select count(*) from fx") == [(1,)]


def test_copies_taken_while_others_write_are_of_one_moment(engine: Engine, tmp_path: Path) -> None:
    def both(session: Session, number: int) -> None:
        for table in ("fx", "benchmark"):
            session.connection.execute(
                f"insert into {table} values (date '2020-01-01' + $day::integer, 'EURUSD', 1, 1)", {"day": number}
            )

    def writer() -> None:
        for number in range(12):
            Database(engine.settings.data_dir).write(lambda session, n=number: both(session, n))  # type: ignore[misc]

    thread = threading.Thread(target=writer)
    thread.start()
    copies = [engine.backup(tmp_path / f"{number}.backup").path for number in range(4)]
    thread.join()
    for number, path in enumerate(copies):
        counts = stored(
            engine_of(tmp_path / f"of-{number}", path),
            "select (select count(*) from fx), (select count(*) from benchmark)",
        )
        assert counts[0][0] == counts[0][1]
    assert stored(engine, "select count(*) from fx") == [(12,)]


# -- restore


def test_a_copy_comes_back_and_the_store_that_was_there_is_kept(engine: Engine, tmp_path: Path) -> None:
    before = levels(engine)
    copy = engine.backup(tmp_path / "x.backup").path
    write(engine, "update index_session set level_tr = 1")
    write(
        engine, f"insert into price select * replace (date '{LAST}' + 1 as session) from price where session = '{LAST}'"
    )
    other = at(engine.settings)
    assert other.performance().level_tr[-1] == 1
    report = engine.restore(copy)
    assert (report.path, report.sessions, report.last, report.lost) == (copy, 3, LAST, 1)
    assert report.kept == engine.settings.data_dir / "flatcap-before-restore-20240301T123000Z.duckdb"
    assert levels(other) == before == levels(engine)
    again = at(engine.settings).restore(report.kept)
    assert (again.sessions, again.lost) == (4, 0)
    assert levels(other)[-1] == 1


def test_what_is_restored_is_its_owners_alone_and_nothing_else_is_left(engine: Engine, tmp_path: Path) -> None:
    copy = engine.backup(tmp_path / "x.backup").path
    copy.chmod(0o644)
    (engine.settings.data_dir / "last-view-top50.json").touch()
    engine.restore(copy)
    folder = engine.settings.data_dir
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    kept = "flatcap-before-restore-20240301T123000Z.duckdb"
    assert left_in(folder) == {STORE_NAME, kept, "flatcap.lock", "flatcap.turn", "flatcap.fetch"}
    assert (folder / STORE_NAME).stat().st_nlink == 1


def test_a_copy_can_be_restored_where_there_is_no_store(engine: Engine, tmp_path: Path) -> None:
    copy = engine.backup(tmp_path / "x.backup").path
    fresh = at(Settings(data_dir=tmp_path / "new" / "place", index_size=2))
    assert fresh.restore(copy).kept is None
    assert levels(fresh) == levels(engine)
    assert stat.S_IMODE((tmp_path / "new" / "place").stat().st_mode) == 0o700


def test_a_copy_comes_back_in_the_place_of_a_damaged_store_which_is_kept(engine: Engine, tmp_path: Path) -> None:
    before = levels(engine)
    copy = engine.backup(tmp_path / "x.backup").path
    damage(engine.settings.data_dir / STORE_NAME)
    damaged = (engine.settings.data_dir / STORE_NAME).read_bytes()
    report = engine.restore(copy)
    assert report.kept is not None
    assert report.kept.read_bytes() == damaged
    assert levels(engine) == before


def test_the_log_of_a_killed_writer_is_kept_with_its_store_and_not_with_the_copy(
    engine: Engine, tmp_path: Path
) -> None:
    copy = engine.backup(tmp_path / "x.backup").path
    killed_writer(engine.settings.data_dir)
    kept = engine.restore(copy).kept
    assert kept is not None
    assert stored(engine, "select count(*) from fx") == [(0,)]
    assert stored(engine_of(tmp_path / "other", kept), "select count(*) from fx") == [(1,)]


def damage(path: Path) -> None:
    """Change bytes in every block of a store but the headers."""
    body = bytearray(path.read_bytes())
    for place in range(3 * 4096 + 50_000, len(body), 100_000):
        body[place] ^= 0xFF
    path.write_bytes(body)


def foreign(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def somebody_elses(path: Path) -> None:
    import duckdb

    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table mine (a integer)")


@pytest.mark.parametrize("harm", [damage, foreign, empty, truncated, somebody_elses])
def test_what_is_no_sound_store_is_refused_and_nothing_is_changed(engine: Engine, tmp_path: Path, harm: Any) -> None:
    copy = engine.backup(tmp_path / "x.backup").path
    harm(copy)
    before, files = levels(engine), left_in(engine.settings.data_dir)
    with pytest.raises(StoreDamaged) as refused:
        engine.restore(copy)
    assert str(copy) in refused.value.message
    assert refused.value.hint == "choose a file that flatcap backup wrote"
    assert left_in(engine.settings.data_dir) - {"flatcap.fetch"} == files
    assert levels(engine) == before


def test_a_store_of_a_newer_program_is_not_restored(engine: Engine, tmp_path: Path) -> None:
    write(engine, "insert into schema_migration values (9999, 'x', 'y')")
    newer = tmp_path / "x.backup"
    shutil.copy(engine.settings.data_dir / STORE_NAME, newer)
    with pytest.raises(StoreTooNew, match=re.escape(f"{newer} was written by a newer flatcap")):
        at(Settings(data_dir=tmp_path / "other")).restore(newer)
    assert not (tmp_path / "other" / STORE_NAME).exists()


def test_a_store_that_is_in_use_is_no_copy(engine: Engine, tmp_path: Path) -> None:
    killed_writer(engine.settings.data_dir)
    with pytest.raises(StoreError, match="has a log beside it"):
        at(Settings(data_dir=tmp_path / "other")).restore(engine.settings.data_dir / STORE_NAME)


@pytest.mark.parametrize(("name", "said"), [(STORE_NAME, "is the store itself"), ("none", "is not a file")])
def test_what_is_no_copy_is_refused(engine: Engine, name: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        engine.restore(engine.settings.data_dir / name)


def test_nothing_is_restored_while_a_fetch_is_under_way(engine: Engine, tmp_path: Path) -> None:
    copy = engine.backup(tmp_path / "x.backup").path
    with locks.fetching(engine.settings.data_dir), pytest.raises(StoreLocked, match="A fetch into"):
        engine.restore(copy)
    assert levels(engine)[0] == 1000


def test_a_full_disk_changes_nothing(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = engine.backup(tmp_path / "x.backup").path
    before = levels(engine)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("engine.copies.clone_to_disk", full)
    with pytest.raises(StoreError, match="There is no space left on the disk of"):
        engine.restore(copy)
    assert not [name for name in left_in(engine.settings.data_dir) if name.endswith(".part") or "before" in name]
    assert levels(engine) == before


def test_a_restore_is_on_record_in_the_store_that_is_there_now(engine: Engine, tmp_path: Path) -> None:
    copy = engine.backup(tmp_path / "x.backup").path
    engine.restore(copy)
    assert stored(engine, "select what, detail, last from audit where what = 'store'") == [
        ("store", f"restored from {copy}", LAST)
    ]
