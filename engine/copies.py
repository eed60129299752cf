"""Copies of a store: made and looked at, put in its place, and found beside it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from engine.errors import ExportError, NoData, StoreDamaged, StoreError, StoreTooNew
from engine.export.atomic import absolute, replacing
from engine.reports import BackupReport, RestoreReport
from engine.store import locks
from engine.store.audit import STORE, DataChange, note
from engine.store.backup import Contents, contents, copy_to, log_of, look_at, put_in_place, sessions_after
from engine.store.database import Database, Session

SUFFIX: Final = ".backup"
BESIDE: Final = ("flatcap-before-*.duckdb", f"*{SUFFIX}")
"""Names of copies in the data folder."""

CHOOSE: Final = "choose a file that flatcap backup wrote"

SNAPSHOTS: Final = "last-view*.json"
"""What the app shows first: it is of the store that was."""


def back_up(database: Database, path: Path | None, now: datetime, *, force: bool = False) -> BackupReport:
    """Write a whole copy and look at it before it gets its name.

    Raises:
        ExportError: It cannot be written, or the name is taken and ``force`` is not set.
        NoData: There is no store.
    """
    if not database.exists():
        database.read(lambda _: None)  # says what there is not
    target = path or _free(Path.cwd() / f"flatcap-{now:%Y-%m-%d}{SUFFIX}")
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
    with locks.fetching(database.folder), _taken_in(database.folder, path) as fresh:
        found = _fit(fresh, absolute(path))
        lost = _lost(database, found)
        there = put_in_place(database, fresh, kept)
        was = DataChange(STORE, f"restored from {absolute(path)}", last=found.last)
        database.write(lambda session: note(session, was))
    for snapshot in database.folder.glob(SNAPSHOTS):
        snapshot.unlink(missing_ok=True)
    return RestoreReport(absolute(path), kept if there else None, found.sessions, found.last, lost)


def kept_as(folder: Path, why: str, now: datetime) -> Path:
    """A free name beside the store for the one that was there before something."""
    return _free(folder / f"flatcap-before-{why}-{now:%Y%m%dT%H%M%SZ}.duckdb")


def newest_beside(folder: Path) -> Path | None:
    """The newest copy in the data folder that can be put in the place of the store."""
    found = {copy for pattern in BESIDE for copy in folder.glob(pattern) if copy.is_file()}
    newest_first = sorted(found, key=lambda copy: (-copy.stat().st_mtime_ns, copy.name))
    return next(filter(_is_sound, newest_first), None)


def _is_sound(copy: Path) -> bool:
    """A store that was damaged when it was replaced is kept, too, and helps nobody."""
    try:
        look_at(copy)
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
        return look_at(part)
    except StoreTooNew as error:
        raise StoreTooNew(
            f"{origin} was written by a newer flatcap.", hint="upgrade flatcap, and restore it then"
        ) from error
    except StoreDamaged as error:
        told = error.message.replace(str(part), str(origin)).replace("The store's schema", f"The schema of {origin}")
        raise StoreDamaged(told, hint=CHOOSE) from error


def _free(path: Path) -> Path:
    """The path, or the first with a number after its name that is not taken."""
    number = 1
    found = path
    while found.exists() or log_of(found).exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


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
        handle, name = tempfile.mkstemp(dir=folder, prefix=".flatcap-", suffix=".part")
        fresh = Path(name)
        with os.fdopen(handle, "wb") as file, path.open("rb") as source:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    except OSError as error:
        raise StoreError(
            f"{absolute(path)} cannot be put into {folder}: {error.strerror}.",
            hint="check the permissions of both, and the room on the disk",
        ) from error
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
