"""Copies of a store: made and looked at, put in its place, and found beside it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from engine.errors import ExportError, NoData, StoreDamaged, StoreError, StoreTooNew
from engine.export.atomic import absolute, replacing
from engine.parts import new_part
from engine.reports import BackupReport, RestoreReport
from engine.store.audit import STORE, DataChange, note
from engine.store.backup import Contents, contents, copy_to, held_by, look_at, put_in_place, sessions_after
from engine.store.database import STORE_NAME, Database, Session
from engine.store.failures import of_system
from engine.store.files import clone_to_disk, copies_in, forget_old, free_name, kept_as, log_of
from engine.views.copies import CopyRow

SUFFIX: Final = ".backup"
CHOOSE: Final = "choose a file that flatcap backup wrote"

SNAPSHOTS: Final = "last-view*.json"
"""What the app shows first: it is of the store that was."""


def back_up(database: Database, path: Path | None, now: datetime, *, force: bool = False) -> BackupReport:
    """Write a whole copy and look at it before it gets its name.

    Raises:
        ExportError: It cannot be written, or the name is taken and ``force`` is not set.
        NoData: There is no store.
    """
    database.read(lambda _: None)  # says that there is none, or what is wrong with it
    target = path or free_name(Path.cwd() / f"flatcap-{now:%Y-%m-%d}{SUFFIX}")
    if Path(os.path.realpath(target)) in _own_files(Path(os.path.realpath(database.path))):
        raise ExportError(f"{absolute(target)} belongs to the store itself.", hint="choose another name for the copy")
    with replacing(target, force=force) as file:
        copy_to(database, file)
        file.flush()
        found = _looked_at(Path(file.name), database.path)
        size = file.tell()
    return BackupReport(absolute(target), size, found.sessions, found.last)


def restore(database: Database, path: Path, now: datetime) -> RestoreReport:
    """Put a copy in the place of the store; what was there is kept beside it.

    Raises:
        StoreError: The file is no store, is damaged or too new; nothing was changed.
    """
    _refuse_unfit(database, path)
    database.make_folder()
    kept = kept_as(database.folder, "restore", now)
    with database.fetching(), _taken_in(database.folder, path) as fresh:
        found = _fit(fresh, absolute(path))
        lost = _lost(database, found)
        there = put_in_place(database, fresh, kept)
        was = DataChange(STORE, f"restored from {absolute(path)}", last=found.last)
        database.despite_clock().write(lambda session: note(session, was))
    forget_old(kept)
    for snapshot in database.folder.glob(SNAPSHOTS):
        snapshot.unlink(missing_ok=True)
    return RestoreReport(absolute(path), kept if there else None, found.sessions, found.last, lost)


def newest_beside(folder: Path) -> Path | None:
    """The newest copy in the data folder that can be put in the place of the store."""
    return next(filter(_is_sound, copies_in(folder)), None)


def copies_beside(folder: Path) -> tuple[CopyRow, ...]:
    """The copies in the data folder, the newest first; not every block of them is looked at."""
    return tuple(_row(copy) for copy in copies_in(folder))


def _row(copy: Path) -> CopyRow:
    found = copy.stat()
    at = datetime.fromtimestamp(found.st_mtime, UTC)
    try:
        held = held_by(copy)
    except StoreError:
        return CopyRow(copy, at, found.st_size, sound=False)
    return CopyRow(copy, at, found.st_size, not log_of(copy).exists(), held.sessions, held.last)


def _is_sound(copy: Path) -> bool:
    """A store that was damaged when it was replaced is kept, too, and helps nobody."""
    try:
        look_at(copy, tables=True)
    except StoreError:
        return False
    return not log_of(copy).exists()


def _own_files(store: Path) -> tuple[Path, ...]:
    """The store, and what lies beside it while it is used."""
    return store, log_of(store), *(store.with_name(f"flatcap.{name}") for name in ("lock", "turn", "fetch", "new"))


def _looked_at(part: Path, origin: Path) -> Contents:
    """What a copy holds; damage is told of the file that it was made of."""
    try:
        return look_at(part)
    except StoreDamaged as error:
        raise StoreDamaged(error.message.replace(str(part), str(origin)), hint=error.hint) from error


def _fit(part: Path, origin: Path) -> Contents:
    """What a file holds that is to be the store; what is wrong is told of the file, not of the store that is there."""
    try:
        return look_at(part, tables=True)
    except StoreTooNew as error:
        raise StoreTooNew(
            f"{origin} was written by a newer flatcap.", hint="upgrade flatcap, and restore it then"
        ) from error
    except StoreDamaged as error:
        told = error.message.replace(str(part), str(origin)).replace("The store's schema", f"The schema of {origin}")
        raise StoreDamaged(told, hint=CHOOSE) from error


def _refuse_unfit(database: Database, path: Path) -> None:
    if not path.is_file():
        raise StoreError(f"{absolute(path)} is not a file.", hint=CHOOSE)
    if os.path.realpath(path) == os.path.realpath(database.path):
        raise StoreError(f"{absolute(path)} is the store itself.", hint=CHOOSE)
    if path.stat().st_size == 0:
        raise StoreDamaged(f"{absolute(path)} is empty: there is no store in it.", hint=CHOOSE)
    if log_of(path).exists():
        raise StoreError(
            f"{absolute(path)} has a log beside it, {log_of(path).name}: it is in use, or its program was killed.",
            hint="make a copy of that store with flatcap backup, and restore the copy",
        )


@contextmanager
def _taken_in(folder: Path, path: Path) -> Iterator[Path]:
    """A private copy of the file in the data folder, gone at the end if it is still there."""
    fresh: Path | None = None
    try:
        handle, fresh = new_part(folder)
        with os.fdopen(handle, "wb") as file:
            clone_to_disk(path, file)
        yield fresh
    except OSError as error:
        raise of_system(error, folder / STORE_NAME) from error
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)


def _lost(database: Database, found: Contents) -> int:
    """Sessions that the store has after the last one of the copy; a store that cannot be read has none to lose."""
    with contextlib.suppress(StoreError, NoData):
        return database.read(lambda session: _after(session, found))
    return 0


def _after(session: Session, found: Contents) -> int:
    last = contents(session).last
    return sessions_after(session, found.last) if last else 0
