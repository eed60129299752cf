"""Whole copies of the store's file: taken of it, looked at, and put in its place.

The file is only ever copied under the exclusive lock and while no connection of this process is open: DuckDB would
lose its own lock without a word.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from engine.errors import StoreDamaged
from engine.store import locks
from engine.store.database import Database, Session, connect, damage_named
from engine.store.invariants import read_every_block
from engine.store.migrate import needs_migration

CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds.

    Attributes:
        sessions: Sessions with a price.
        last: The last of them, None without any.
    """

    sessions: int
    last: date | None


def copy_to(database: Database, file: BinaryIO) -> None:
    """Write everything that is committed; what a killed writer left in its log is taken in first."""
    with locks.exclusive(database.folder):
        _settle(database.path)
        with database.path.open("rb") as source:
            shutil.copyfileobj(source, file, CHUNK)


def look_at(path: Path) -> Contents:
    """Read every block of a store that nobody else uses.

    Raises:
        StoreDamaged: It is no store, or cannot be read.
        StoreTooNew: It was written by a newer version of the program.
    """
    with damage_named(path):
        connection = connect(path, read_only=True)
        try:
            needs_migration(connection)
            session = Session(connection)
            if "schema_migration" not in read_every_block(session):
                raise StoreDamaged(f"{path} is no store of flatcap.", hint="choose a file that flatcap backup wrote")
            return contents(session)
        finally:
            connection.close()


def contents(session: Session) -> Contents:
    """What the store of a session holds."""
    return Contents(*session.rows("repair/contents")[0])


def sessions_after(session: Session, last: date | None) -> int:
    """Sessions with a price after one, all of them for None."""
    return int(session.rows("repair/sessions_after", {"last": last})[0][0])


def put_in_place(database: Database, fresh: Path, kept: Path) -> bool:
    """Make ``fresh`` the store and keep the one that was there as ``kept``; False where there was none."""
    with locks.exclusive(database.folder):
        there = database.exists()
        if there:
            _settle_if_sound(database.path)
            _keep(database.path, kept)
        log_of(database.path).unlink(missing_ok=True)
        fresh.replace(database.path)
    return there


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what is committed and not in the file yet."""
    return path.with_name(f"{path.name}.wal")


def _settle(path: Path) -> None:
    """Take what is in the log into the file; a store that was closed well has no log."""
    if log_of(path).exists():
        with damage_named(path):
            connection = connect(path)
            try:
                connection.execute("checkpoint")
            finally:
                connection.close()


def _settle_if_sound(path: Path) -> None:
    """The same; a damaged store is kept as it is, its log beside it."""
    try:
        _settle(path)
    except StoreDamaged:
        return


def _keep(path: Path, kept: Path) -> None:
    """Give the store another name; it has its old one until another takes it, where the file system has links."""
    if log_of(path).exists():
        log_of(path).replace(log_of(kept))
    try:
        kept.hardlink_to(path)
    except OSError:
        path.replace(kept)
