"""Numbered, checksummed, forward-only changes of the schema, each in a transaction with its record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from engine.errors import StoreDamaged, StoreTooNew
from engine.run import NO_RUN, Run, utc_now
from engine.store.audit import SCHEMA, DataChange, enter
from engine.store.statements import migrations

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection


def needs_migration(connection: Connection) -> bool:
    """Whether a known migration has not run here.

    Raises:
        StoreTooNew: A newer version of the program wrote the store.
        StoreDamaged: Somebody else wrote it, or its schema is not the one that we wrote.
    """
    applied = _applied(connection)
    _refuse_unknown(applied)
    if not applied:
        _refuse_foreign(connection)
    return any(number not in applied for number, _, _ in migrations())


def version_of(connection: Connection) -> int:
    """Number of the last migration that has run, 0 for none."""
    return max(_applied(connection), default=0)


RECORDED: Final = 4
"""The migration that makes the record of changes; those before it cannot be in it."""


def migrate(
    connection: Connection, by: Run = NO_RUN, now: Callable[[], datetime] = utc_now, *, last: int | None = None
) -> int:
    """Run what has not run; gives how many migrations ran.

    Args:
        connection: A connection that may write.
        by: The run of the program, which the record of changes names.
        now: Gives the present.
        last: The last one to run; None runs all.
    """
    applied = _applied(connection)
    _refuse_unknown(applied)
    waiting = [item for item in migrations() if item[0] not in applied and (last is None or item[0] <= last)]
    for number, name, text in waiting:
        connection.begin()
        try:
            connection.execute(_RECORDS)
            connection.execute(text)
            connection.execute(
                "insert into schema_migration values ($number, $name, $checksum)",
                {"number": number, "name": name, "checksum": checksum(text)},
            )
            if number >= RECORDED:
                enter(connection, DataChange(SCHEMA, _made(number, applied)), by, now())
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    if waiting:
        connection.execute("checkpoint")
    return len(waiting)


def _made(number: int, applied: dict[int, str]) -> str:
    """What a migration did, in words."""
    before = number - 1 if number - 1 >= RECORDED else max(applied, default=0)
    return f"from version {before} to version {number}" if applied else f"made with version {number}"


def checksum(text: str) -> str:
    """Fingerprint of a migration's text."""
    return hashlib.sha256(text.encode()).hexdigest()


_RECORDS = "create table if not exists schema_migration (number integer primary key, name varchar, checksum varchar)"


def _applied(connection: Connection) -> dict[int, str]:
    import duckdb

    try:
        return dict(connection.execute("select number, checksum from schema_migration").fetchall())
    except duckdb.CatalogException:  # a fresh file; asking the catalogue first would cost every opening 10 ms
        return {}


def _refuse_foreign(connection: Connection) -> None:
    """A database that has tables and no record of ours is somebody's own: nothing of ours is put into it."""
    if connection.execute("select 1 from duckdb_tables() where not internal limit 1").fetchall():
        raise StoreDamaged(
            "The file in the store's place is a database of another program.",
            hint="move it away, or choose another --data-dir",
        )


def _refuse_unknown(applied: dict[int, str]) -> None:
    known = {number: checksum(text) for number, _, text in migrations()}
    if any(number not in known for number in applied):
        raise StoreTooNew(
            "The store was written by a newer flatcap.", hint="upgrade flatcap, or choose another --data-dir"
        )
    if any(known[number] != found for number, found in applied.items()):
        raise StoreDamaged(
            "The store's schema is not the one that this flatcap wrote.",
            hint="use the version that wrote it, or move it away and fetch or import again: its snapshots of the "
            "universe cannot be fetched again",
        )
