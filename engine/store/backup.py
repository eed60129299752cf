"""Whole copies of the store's file: taken of it, looked at, and put in its place.

The file is only ever copied under the exclusive lock and while no connection of this process is open: DuckDB would
lose its own lock without a word.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from engine.errors import StoreDamaged
from engine.store.catalogue import require_tables
from engine.store.database import Database, Session, connect
from engine.store.failures import damage_named, refuse_unfit
from engine.store.files import clone, log_of
from engine.store.invariants import read_every_block
from engine.store.migrate import needs_migration


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
    with database.exclusive():
        _settle(database.path)
        with database.path.open("rb") as source:
            clone(source, file)


def look_at(path: Path, *, tables: bool = False) -> Contents:
    """Read every block of a store that nobody else uses.

    Args:
        path: Its file.
        tables: Whether to see, too, that no table is missing: a tenth of a second.

    Raises:
        StoreDamaged: It is no store, or cannot be read.
        StoreTooNew: It was written by a newer version of the program.
    """
    with damage_named(path):
        connection = connect(path, read_only=True)
        try:
            session = Session(connection)
            if "schema_migration" not in read_every_block(session):
                raise StoreDamaged(f"{path} is no store of flatcap.", hint="choose a file that flatcap backup wrote")
            needs_migration(connection)
            if tables:
                require_tables(connection, path)
            return contents(session)
        finally:
            connection.close()


def held_by(path: Path) -> Contents:
    """The same, of which only what says so is read."""
    with damage_named(path):
        connection = connect(path, read_only=True)
        try:
            needs_migration(connection)
            return contents(Session(connection))
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
    with database.exclusive():
        there = database.exists()
        if there:
            _settle_if_sound(database.path)
        swap(database, fresh, kept)
    return there


def swap(database: Database, fresh: Path, kept: Path) -> None:
    """The same for who holds the store alone; its log is kept with it."""
    if database.exists():
        _keep(database.path, kept)
    log_of(database.path).unlink(missing_ok=True)
    fresh.replace(database.path)


def _settle(path: Path) -> None:
    """Take what is in the log into the file; a store that was closed well has no log."""
    with damage_named(path):
        refuse_unfit(path)
        if log_of(path).exists():
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
    """Give the store another name; it has its old one until another takes it, where the file system has links.

    Its log moves last: a kill before leaves it where it was, and one after leaves two names, which the next opening
    undoes.
    """
    try:
        kept.hardlink_to(path)
    except OSError:
        _move(path, kept)
    else:
        if log_of(path).exists():
            log_of(path).replace(log_of(kept))


def _move(path: Path, kept: Path) -> None:
    """The same without links: no store is there until another takes the name, never one that lacks its log."""
    log = log_of(path)
    if log.is_file():
        shutil.copyfile(log, log_of(kept))
    path.replace(kept)
    if log.is_dir():
        log.replace(log_of(kept))
