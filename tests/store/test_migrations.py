"""Stores of every version that was ever written: brought up to date whole, once, after a copy, or not at all."""

from __future__ import annotations

import errno
import gzip
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StoreDamaged, StoreError, StoreTooNew
from engine.facade import Engine
from engine.settings import Settings
from engine.store import files, migrate
from engine.store.database import STORE_NAME, Database, connect
from engine.store.derived import DERIVED
from engine.store.salvage import KEYS
from engine.store.statements import migrations
from tests.data.schemas.make import VERSIONS, fill, fixture

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
OLDER = VERSIONS[:-1]
Tables = dict[str, list[tuple[Any, ...]]]


def at(folder: Path) -> Engine:
    """An engine over a store of three names, two places."""
    return Engine(Settings(data_dir=folder, index_size=2), Database(folder, clock=lambda: NOW), clock=lambda: NOW)


def shipped(folder: Path, number: int) -> Path:
    """The data folder with the store as a version wrote it."""
    folder.mkdir(mode=0o700)
    (folder / STORE_NAME).write_bytes(gzip.decompress(fixture(number).read_bytes()))
    return folder


def rows(folder: Path, tables: tuple[str, ...]) -> Tables:
    """Everything in some tables."""
    return Database(folder).read(
        lambda session: {
            table: session.connection.execute(f"select * from {table} order by all").fetchall() for table in tables
        }
    )


def schema(path: Path) -> list[tuple[Any, ...]]:
    """Every table, view, column and key of a file, as it is."""
    connection = connect(path, read_only=True)
    try:
        columns = "select table_name, column_name, data_type, is_nullable, column_default from duckdb_columns()"
        keys = "select table_name, constraint_type, constraint_column_names::varchar from duckdb_constraints()"
        views = "select view_name, sql from duckdb_views()"
        statements = (f"{statement} where not internal" for statement in (columns, views))
        found = [connection.execute(f"{statement} order by all").fetchall() for statement in (*statements, keys)]
        ran = connection.execute("select number, checksum from schema_migration order by number").fetchall()
    finally:
        connection.close()
    return [*ran, *(row for each in found for row in each)]


COMPUTED_OR_RECORDED = {"audit", "fetch_run"}
RAW = tuple(table for table in KEYS if table not in COMPUTED_OR_RECORDED)


def fresh(folder: Path, number: int) -> Path:
    """A store of this version with the rows that the fixture of an older one has."""
    Database(folder, clock=lambda: NOW).write(lambda session: fill(session.connection, number))
    return folder


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("flatcap-before-*"))


@pytest.mark.parametrize("number", VERSIONS)
def test_a_store_of_every_version_is_what_a_fresh_one_with_its_rows_is(tmp_path: Path, number: int) -> None:
    old, new = shipped(tmp_path / "old", number), fresh(tmp_path / "new", number)
    for folder in (old, new):
        at(folder).build(full=True)
    assert schema(old / STORE_NAME) == schema(new / STORE_NAME)
    assert rows(old, RAW) == rows(new, RAW)
    assert rows(old, DERIVED) == rows(new, DERIVED)
    assert at(old).performance().sessions[-1].isoformat() == "2024-01-05"


@pytest.mark.parametrize("number", OLDER)
def test_the_store_as_it_was_is_kept_and_can_be_put_back(tmp_path: Path, number: int) -> None:
    folder = shipped(tmp_path / "data", number)
    before = schema(folder / STORE_NAME)
    at(folder).audit()
    kept = folder / f"flatcap-before-schema-{number}-20240301T123000Z.duckdb"
    assert copies(folder) == [kept.name]
    assert schema(kept) == before
    assert kept.stat().st_mode & 0o777 == 0o600
    after = rows(folder, RAW)
    assert at(folder).restore(kept).sessions == 4
    assert rows(folder, RAW) == after


@pytest.mark.parametrize("number", VERSIONS)
def test_twice_is_once(tmp_path: Path, number: int) -> None:
    folder = shipped(tmp_path / "data", number)
    once = at(folder).audit()
    known = (schema(folder / STORE_NAME), rows(folder, RAW), copies(folder))
    Database(folder).write(lambda _: None)
    assert at(folder).audit() == once
    assert (schema(folder / STORE_NAME), rows(folder, RAW), copies(folder)) == known
    assert len(copies(folder)) == (number != VERSIONS[-1])


@pytest.mark.parametrize(
    "failure", ["select error('no')", "select * from nowhere", "insert into data_version values (x)"]
)
def test_a_failing_migration_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: str) -> None:
    import duckdb

    folder = shipped(tmp_path / "data", VERSIONS[-1])
    at(folder).audit()
    there = {path.name for path in folder.iterdir()}
    known = (schema(folder / STORE_NAME), rows(folder, tuple(KEYS)))
    text = f"create table extra (a integer); delete from price; {failure}"
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda: (*migrations(), (VERSIONS[-1] + 1, "bad", text)))
        for _ in range(2):
            with pytest.raises((duckdb.Error, StoreError)):
                at(folder).audit()
    assert (schema(folder / STORE_NAME), rows(folder, tuple(KEYS))) == known
    assert {path.name for path in folder.iterdir()} == there | {"flatcap.lock", "flatcap.turn"}


def test_without_room_for_the_copy_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = shipped(tmp_path / "data", 1)
    before = schema(folder / STORE_NAME)
    with monkeypatch.context() as patch:
        patch.setattr(files, "clone", full)
        with pytest.raises(StoreError, match="space left") as failed:
            at(folder).audit()
    assert "room" in failed.value.hint
    assert schema(folder / STORE_NAME) == before
    assert not [path for path in folder.iterdir() if path.suffix == ".part" or "before" in path.name]
    assert at(folder).build().sessions_total == 4


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    newer = (*migrations(), (VERSIONS[-1] + 1, "new", "create table extra (a integer)"))
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda: newer)
        fresh(folder, VERSIONS[-1])
    before = (folder / STORE_NAME).read_bytes()
    for work in (at(folder).audit, at(folder).build, at(folder).repair):
        with pytest.raises(StoreTooNew, match="newer flatcap"):
            work()
    assert (folder / STORE_NAME).read_bytes() == before
    assert copies(folder) == []


def test_nothing_of_ours_is_put_into_the_database_of_another_program(tmp_path: Path) -> None:
    import duckdb

    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    with duckdb.connect(str(folder / STORE_NAME)) as connection:
        connection.execute("create table mine (a integer)")
    before = (folder / STORE_NAME).read_bytes()
    for work in (at(folder).audit, at(folder).build, at(folder).repair):
        with pytest.raises(StoreDamaged, match="another program"):
            work()
    assert (folder / STORE_NAME).read_bytes() == before


def test_of_copies_before_the_same_thing_the_two_newest_stay_and_those_of_a_person_too(tmp_path: Path) -> None:
    names = [f"flatcap-before-restore-2024010{day}T000000Z.duckdb" for day in (1, 2, 3)]
    others = [
        "flatcap-before-repair-20230101T000000Z.duckdb",
        "flatcap-before-restore-mine.duckdb",
        "flatcap-before-restore-.backup",
    ]
    for name in (*names, *others, f"{names[0]}.wal"):
        (tmp_path / name).touch()
    files.forget_old(tmp_path / names[2])
    assert {path.name for path in tmp_path.iterdir()} == {names[1], names[2], *others}
    shutil.copy(tmp_path / names[1], tmp_path / names[0])
    files.forget_old(tmp_path / names[0])  # the clock was put back: what was just made stays
    assert {path.name for path in tmp_path.iterdir()} == {names[0], names[2], *others}


def test_every_table_that_is_not_computed_can_be_salvaged(tmp_path: Path) -> None:
    fresh(tmp_path / "data", VERSIONS[-1])
    tables = Database(tmp_path / "data").read(lambda session: {table for table, _ in session.rows("repair/columns")})
    assert tables - {"schema_migration", "data_version", "index_build"} == {*KEYS, *DERIVED}
