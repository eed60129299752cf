"""The store's file: who may read it, what may stand in its place, and that a write is all or nothing."""

from __future__ import annotations

import multiprocessing
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import NoData, StoreDamaged, StoreError, StoreLocked, StoreTooNew
from engine.store import locks
from engine.store.database import STORE_NAME, Database, Session
from engine.store.migrate import migrate
from engine.store.statements import migrations, statement

SQL = Path(__file__).parents[2] / "engine" / "store" / "sql"


def count(session: Session) -> int:
    return int(session.connection.execute("select count(*) from fx").fetchall()[0][0])


def add(session: Session, number: int = 1) -> None:
    session.connection.execute(
        "insert into fx select date '2024-01-01' + i::integer, 'EURUSD', 1.1, 1 from range($first, $last) r(i)",
        {"first": number * 10, "last": number * 10 + 10},
    )


def test_a_store_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    before = os.umask(0o000)
    try:
        Database(folder).write(add)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_reading_where_there_is_nothing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoData) as caught:
        Database(tmp_path / "none").read(count)
    assert "flatcap demo" in caught.value.hint
    assert not (tmp_path / "none").exists()


def test_a_file_of_no_bytes_is_no_store(tmp_path: Path) -> None:
    (tmp_path / STORE_NAME).touch()
    database = Database(tmp_path)
    assert not database.exists()
    database.write(add)
    assert database.read(count) == 10


@pytest.mark.parametrize("beside", ["flatcap-last-good.duckdb", f"{STORE_NAME}.wal"])
def test_a_file_of_no_bytes_beside_a_copy_or_a_log_has_lost_what_was_in_it(tmp_path: Path, beside: str) -> None:
    (tmp_path / STORE_NAME).touch()
    (tmp_path / beside).write_bytes(b"something")
    for use in (Database(tmp_path).read, Database(tmp_path).write):
        with pytest.raises(StoreDamaged, match="it is empty, and what was in it is lost"):
            use(count)
    assert (tmp_path / STORE_NAME).read_bytes() == b""


def test_where_the_store_is_gone_its_newest_copy_is_named_and_outlives_a_new_store(tmp_path: Path) -> None:
    for number, name in enumerate(("flatcap-last-good-1.duckdb", "flatcap-last-good.duckdb")):
        (tmp_path / name).write_bytes(name.encode())
        os.utime(tmp_path / name, (number, number))
    database = Database(tmp_path, clock=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    with pytest.raises(NoData, match="is gone; copies of it are there") as told:
        database.read(count)
    assert "flatcap-last-good.duckdb puts the newest back" in told.value.hint
    database.write(add)
    kept = [tmp_path / f"flatcap-before-new-20260102T000000Z{number}.duckdb" for number in ("", "-2")]
    assert [path.read_bytes() for path in kept] == [b"flatcap-last-good-1.duckdb", b"flatcap-last-good.duckdb"]


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + bytes(4096)])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STORE_NAME).write_bytes(content)
    for use in (Database(tmp_path).read, Database(tmp_path).write):
        with pytest.raises(StoreDamaged, match="is not a store"):
            use(count)
    assert (tmp_path / STORE_NAME).read_bytes() == content


def test_a_folder_in_the_stores_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / STORE_NAME).mkdir()
    with pytest.raises(StoreDamaged, match="is not a file"):
        Database(tmp_path).write(add)


def test_a_store_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    database = Database(tmp_path)
    database.write(lambda session: session.connection.execute("insert into schema_migration values (9999, 'x', 'y')"))
    with pytest.raises(StoreTooNew):
        database.read(count)


def test_a_failed_write_leaves_no_trace(tmp_path: Path) -> None:
    database = Database(tmp_path)
    database.write(add)

    def half(session: Session) -> None:
        add(session, 5)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        database.write(half)
    assert database.read(count) == 10


def test_migrating_twice_is_once(tmp_path: Path) -> None:
    database = Database(tmp_path)
    database.write(add)
    assert database.read(lambda session: migrate(session.connection)) == 0


def test_nothing_but_the_store_can_be_read_or_written_from_sql(tmp_path: Path) -> None:
    import duckdb

    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    database = Database(tmp_path / "data")
    for text in (
        f"select * from read_csv('{secret}')",
        f"copy fx to '{tmp_path / 'out.csv'}'",
        f"attach '{tmp_path / 'other.duckdb'}'",
        "set enable_external_access = true",
        "install httpfs",
    ):
        with pytest.raises(duckdb.Error):
            database.write(lambda session, sql=text: session.connection.execute(sql))  # type: ignore[misc]
    assert not (tmp_path / "out.csv").exists()


def _write_many(folder: str, number: int) -> None:
    for step in range(5):
        Database(Path(folder)).write(lambda session, n=number * 5 + step: add(session, n))  # type: ignore[misc]


def test_several_processes_write_and_nothing_is_lost(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers: list[Any] = [context.Process(target=_write_many, args=(str(tmp_path), number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert Database(tmp_path).read(count) == 150


def _read_many(folder: str, answers: Any) -> None:
    answers.put([Database(Path(folder)).read(count) for _ in range(20)])


def test_several_processes_read_at_once(tmp_path: Path) -> None:
    Database(tmp_path).write(add)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    readers = [context.Process(target=_read_many, args=(str(tmp_path), answers)) for _ in range(3)]
    for reader in readers:
        reader.start()
    Database(tmp_path).write(lambda session: add(session, 7))
    found = [answers.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join(60)
    assert all(set(counts) <= {10, 20} and len(counts) == 20 for counts in found)


def test_threads_of_one_process_read_and_write(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    database = Database(tmp_path)
    database.write(add)
    with ThreadPoolExecutor(6) as pool:
        reads = [pool.submit(database.read, count) for _ in range(30)]
        writes = [pool.submit(database.write, lambda session, n=number: add(session, n)) for number in range(5, 9)]
        assert all(10 <= read.result() <= 50 for read in reads)
        assert all(write.result() is None for write in writes)
    assert database.read(count) == 50


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StoreError, match="is not a folder"):
        Database(tmp_path / "data").read(count)


def test_a_held_store_is_named_after_a_while(tmp_path: Path) -> None:
    held = pytest.raises(StoreLocked, match=f"process {os.getpid()}")
    with locks.exclusive(tmp_path), held, locks.shared(tmp_path, wait_s=0.05):
        pass


def test_readers_share(tmp_path: Path) -> None:
    with locks.shared(tmp_path), locks.shared(tmp_path, wait_s=0.05):
        assert (tmp_path / "flatcap.lock").exists()


STATEMENTS = sorted(
    str(path.relative_to(SQL).with_suffix("")) for path in SQL.rglob("*.sql") if path.parent.name != "migrations"
)


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_says_what_it_is_and_somebody_uses_it(name: str) -> None:
    assert statement(name).startswith("-- ")
    users = "".join(path.read_text(encoding="utf-8") for path in (SQL.parents[1]).rglob("*.py"))
    table = name.rpartition("_")[2] if name.startswith(("build/clear_", "build/add_")) else name
    assert table in users


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_fits_the_schema(tmp_path: Path, name: str) -> None:
    import re

    text = statement(name)
    names = sorted(set(re.findall(r"\$(\w+)", re.sub(r"--.*", "", text))))
    staged = re.search(r"build/(?:add|clear)_(\w+)", name)

    def prepare(session: Session) -> None:
        source = f"select * exclude index_name from {staged.group(1)}" if staged else "select 'A' as ticker, 0 as code"
        if "staged" in text:
            session.connection.execute(f"create temp table staged as {source}")
        session.connection.execute(f"explain {text}", dict.fromkeys(names)).fetchall()

    Database(tmp_path).write(prepare)


def test_migrations_are_numbered_from_one_without_a_gap() -> None:
    assert [number for number, _, _ in migrations()] == list(range(1, len(migrations()) + 1))
