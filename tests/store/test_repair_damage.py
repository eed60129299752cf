"""Repair of a store with damaged blocks, a damaged log or a missing end: what can be read is kept, the rest is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StoreError
from engine.facade import Engine
from engine.health import rescue
from engine.reports import RepairReport
from engine.settings import Settings
from engine.store.database import STORE_NAME, Database, Session, connect
from engine.store.derived import DERIVED
from tests.store.engines import built, three_names, write

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
KEPT = "flatcap-before-repair-20240301T123000Z.duckdb"
HEADER, BLOCK = 3 * 4096, 1 << 18

MANY = """
    insert into shares (session, ticker, shares_outstanding, ingest_id)
    select date '2010-01-04' + (i // 500)::integer, 'T' || (i % 500), 1 + (hash(i) % 1000000007) / 1e6, 1
    from range(150000) r (i)
"""
COMPUTED = """
    insert into contribution
    select 'top100', date '2024-01-03', i::integer, 'X', 0, 0, hash(i) / 1e19, 0, 0, 0 from range(50000) r (i)
"""
"""Rows enough for blocks that hold one column each."""

Shares = set[tuple[date, str, float]]


@pytest.fixture(scope="module")
def _large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    engine = built(tmp_path_factory.mktemp("large"), three_names(), index_size=2)
    write(engine, MANY)
    write(engine, "update audit set changed_at = timestamp '2024-01-06 12:00:00'")
    return engine.settings.data_dir


@pytest.fixture
def folder(tmp_path: Path, _large: Path) -> Path:
    """A store with 150,000 reports of shares."""
    return Path(shutil.copytree(_large, tmp_path / "data"))


def at(folder: Path) -> Engine:
    settings = Settings(data_dir=folder, index_size=2, provider="import")
    return Engine(settings, Database(folder, clock=lambda: NOW), clock=lambda: NOW)


def blocks(path: Path, table: str, column: str) -> list[int]:
    """Where a column is, in the order of its rows."""
    statement = f"""
        select block_id from pragma_storage_info('{table}')
        where column_name = '{column}' and segment_type <> 'VALIDITY' and block_id >= 0
        order by row_group_id, segment_id"""
    connection = connect(path, read_only=True)
    try:
        return [row[0] for row in connection.execute(statement).fetchall()]
    finally:
        connection.close()


def damage(path: Path, table: str, column: str, number: int = 0) -> None:
    """Change a byte of one of a column's blocks."""
    body = bytearray(path.read_bytes())
    body[HEADER + blocks(path, table, column)[number] * BLOCK + 1000] ^= 0xFF
    path.write_bytes(body)


def rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    return Database(folder).read(lambda session: session.connection.execute(statement).fetchall())


def shares(folder: Path) -> Shares:
    return set(rows(folder, "select session, ticker, shares_outstanding from shares"))


def derived(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(folder, f"select * from {table} order by all") for table in DERIVED}


def repaired(folder: Path) -> RepairReport:
    """The report of a repair that leaves nothing bad and keeps the file as it was."""
    before = (folder / STORE_NAME).read_bytes()
    report = at(folder).repair()
    assert report.left == ()
    assert report.backup == folder / KEPT
    assert report.backup.read_bytes() == before
    assert not list(folder.glob(".flatcap-*"))
    return report


def test_damage_of_what_is_computed_loses_nothing(folder: Path) -> None:
    before = shares(folder)
    clean = derived(folder)
    write(at(folder), COMPUTED)
    damage(folder / STORE_NAME, "contribution", "return_pr")
    report = repaired(folder)
    assert report.lost == ()
    assert report.done == (
        "Every row that was stored could be read; a fresh store has them all.",
        "The index top100 was built again from its start.",
    )
    assert shares(folder) == before
    assert derived(folder) == clean


def test_rows_that_nobody_has_are_counted_and_their_sessions_told(folder: Path) -> None:
    before = shares(folder)
    damage(folder / STORE_NAME, "shares", "shares_outstanding", 1)
    report = repaired(folder)
    gone = before - shares(folder)
    assert shares(folder) < before
    assert 0 < len(gone) < 123_000
    days = sorted({day for day, _, _ in gone})
    assert report.lost == (
        f"{len(gone):,} rows of shares are lost, of {len(days)} sessions from {days[0]} to {days[-1]}: "
        "flatcap import PATH takes in files of your own.",
    )
    assert at(folder).performance().level_pr[0] == 1000


def test_a_copy_fills_what_cannot_be_read_and_brings_nothing_back_that_was_taken_out(folder: Path) -> None:
    write(at(folder), "delete from shares where ticker = 'T7' and session < '2010-02-01'")
    shutil.copy(folder / STORE_NAME, folder / "flatcap-last-good.duckdb")
    write(at(folder), "delete from shares where ticker = 'T5'")
    write(at(folder), "insert into shares values ('2024-01-05', 'T1', 12, 1)")
    before = shares(folder)
    damage(folder / STORE_NAME, "shares", "shares_outstanding", 1)
    report = repaired(folder)
    assert shares(folder) == before
    assert report.lost == ()
    assert report.done[1].endswith("rows of shares that could not be read came from flatcap-last-good.duckdb.")


def test_what_the_copy_has_not_either_is_lost(folder: Path) -> None:
    write(at(folder), "delete from shares where ticker in ('T3', 'T4')")
    shutil.copy(folder / STORE_NAME, folder / "old.backup")
    write(at(folder), f"delete from shares; {MANY}")
    before = shares(folder)
    damage(folder / STORE_NAME, "shares", "shares_outstanding", 1)
    report = repaired(folder)
    gone = before - shares(folder)
    assert {ticker for _, ticker, _ in gone} == {"T3", "T4"}
    assert report.lost[0].startswith(f"{len(gone):,} rows of shares are lost")


def test_where_not_even_the_keys_can_be_read_the_number_is_told(folder: Path) -> None:
    before = shares(folder)
    damage(folder / STORE_NAME, "shares", "ticker")
    report = repaired(folder)
    gone = before - shares(folder)
    assert report.lost == (f"{len(gone):,} rows of shares are lost: flatcap import PATH takes in files of your own.",)


KILLED = """
import os, sys
from pathlib import Path
from engine.store.database import Database
def work(session):
    session.connection.execute("update data_version set version = version + 1")
    session.connection.execute("insert into fx values (date '2024-01-02', 'EURUSD', 1.1, 1)")
    session.connection.commit()
    os._exit(9)
Database(Path(sys.argv[1])).write(work)
"""


def damaged_log(folder: Path) -> Path:
    """The log of a writer that was killed, with another beginning."""
    assert subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False).returncode == 9
    log = folder / f"{STORE_NAME}.wal"
    log.write_bytes(b"garbage!" + log.read_bytes()[8:])
    return log


def test_without_its_log_the_store_is_that_of_the_last_checkpoint(folder: Path) -> None:
    before = shares(folder)
    last = rows(folder, "select max(changed_at) from audit")[0][0]
    log = damaged_log(folder)
    size, body = log.stat().st_size, log.read_bytes()
    report = repaired(folder)
    assert report.lost == (
        f"What was stored after {last:%Y-%m-%d %H:%M:%S} UTC, the last change on record, is lost: "
        f"{log.name}, the log of {size:,} bytes, cannot be read.",
    )
    assert shares(folder) == before
    assert (folder / f"{KEPT}.wal").read_bytes() == body
    assert not log.exists()


def test_a_copy_that_is_newer_than_the_last_checkpoint_comes_back_instead(folder: Path) -> None:
    (folder.parent / "newer").mkdir(mode=0o700)
    shutil.copy(folder / STORE_NAME, folder.parent / "newer" / STORE_NAME)

    def more(session: Session) -> None:
        session.run("ingest/bump")
        session.connection.execute("insert into fx values (date '2024-01-02', 'EURUSD', 1.1, 1)")

    Database(folder.parent / "newer").write(more)
    shutil.copy(folder.parent / "newer" / STORE_NAME, folder / "flatcap-last-good.duckdb")
    damaged_log(folder)
    report = repaired(folder)
    assert rows(folder, "select rate from fx") == [(1.1,)]
    assert "flatcap-last-good.duckdb is the store now" in report.done[-1]


def test_of_half_a_file_the_copy_makes_up_for_the_rest(folder: Path) -> None:
    before = shares(folder)
    shutil.copy(folder / STORE_NAME, folder / "flatcap-last-good.duckdb")
    os.truncate(folder / STORE_NAME, (folder / STORE_NAME).stat().st_size // 2)
    report = repaired(folder)
    assert shares(folder) == before
    assert report.done


def test_a_repair_that_fails_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    damage(folder / STORE_NAME, "shares", "shares_outstanding", 1)
    before = (folder / STORE_NAME).read_bytes()
    monkeypatch.setattr(rescue, "swap", full)
    with pytest.raises(StoreError, match="space left"):
        at(folder).repair()
    assert (folder / STORE_NAME).read_bytes() == before
    assert not list(folder.glob("*before*"))
    assert not list(folder.glob(".flatcap-*"))


def test_a_repair_is_on_record(folder: Path) -> None:
    damage(folder / STORE_NAME, "shares", "shares_outstanding", 1)
    repaired(folder)
    record = next(row for row in at(folder).audit() if row.what == "store")
    assert record.detail.startswith("repaired: ")
    assert at(folder).diagnose()[0].state != "bad"
