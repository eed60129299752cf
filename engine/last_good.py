"""Copies of the last good states of the store: made when a run has changed the data, once, at its end."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise
from pathlib import Path
from typing import Final

from engine.errors import EngineError, NoData, StoreError, StoreLocked
from engine.log import traced
from engine.parts import clear_abandoned, new_part
from engine.store.backup import copy_to, look_at
from engine.store.database import Database
from engine.store.files import LAST_GOOD
from engine.store.stamp import Stamp

ROOM: Final = 2
"""So many times the size of the store must be free: a copy never takes the room that the store needs to grow."""

_NUMBERED: Final = re.compile(rf"{LAST_GOOD}-(?P<number>\d+)\.duckdb")
_LOG: Final = logging.getLogger("flatcap.copies")
_under_way: ContextVar[bool] = ContextVar("_under_way", default=False)


@contextmanager
def copied_after(database: Database, count: int) -> Iterator[None]:
    """Keep a copy of the store when the work is done, if that has changed the data.

    Work within work is part of it. Work that fails has changed what it had stored by then. No copy is worth a
    failure: why there is none is told in the log.

    Args:
        database: The store.
        count: How many copies are kept, the newest ones; 0 makes none.
    """
    if _under_way.get() or not count:
        yield
        return
    before = database.stamp(), _version(database)
    token = _under_way.set(True)
    try:
        yield
    except EngineError:
        _keep_changed(database, count, before)
        raise
    finally:
        _under_way.reset(token)
    _keep_changed(database, count, before)


def places(folder: Path, count: int) -> list[Path]:
    """Names of the copies, that of the newest first."""
    return [folder / (f"{LAST_GOOD}-{number}.duckdb" if number else f"{LAST_GOOD}.duckdb") for number in range(count)]


def _keep_changed(database: Database, count: int, before: tuple[Stamp, int | None]) -> None:
    seen, version = before
    try:
        if database.stamp() != seen and _version(database) not in (version, None):
            keep(database, count)
    except (EngineError, OSError) as error:
        _LOG.warning("No copy of the store was kept: %s", _why(error))


def keep(database: Database, count: int) -> None:
    """Make a copy, look at every block of it, and give it its name; the oldest one goes.

    Raises:
        StoreError: The store is damaged, or held by somebody else.
        OSError: The copy cannot be written.
    """
    clear_abandoned(database.folder)
    size = database.size()
    free = shutil.disk_usage(database.folder).free
    if free < ROOM * size:
        _LOG.warning("No copy of the store was kept: %d MB are free, and it has %d MB.", free // 10**6, size // 10**6)
        return
    handle, part = new_part(database.folder)
    try:
        with traced("copies", "kept a copy of the store"):
            _write(database, handle)
            look_at(part)
            with database.exclusive():
                _rotate(part, database.folder, count)
    finally:
        part.unlink(missing_ok=True)


def _write(database: Database, handle: int) -> None:
    """Readers wait for the bytes alone, not for the disk."""
    with os.fdopen(handle, "wb") as file:
        copy_to(database, file)
        file.flush()
        os.fsync(handle)


def _rotate(part: Path, folder: Path, count: int) -> None:
    """Every copy takes the place of the next older one, unless another process has kept a newer one meanwhile."""
    newest_first = places(folder, count)
    newest = newest_first[0]
    if newest.exists() and newest.stat().st_mtime_ns > part.stat().st_mtime_ns:
        return
    for younger, older in reversed(list(pairwise(newest_first))):
        if younger.exists():
            younger.replace(older)
    part.replace(newest)
    for path in folder.glob(f"{LAST_GOOD}-*.duckdb"):
        if (found := _NUMBERED.fullmatch(path.name)) and int(found["number"]) >= count:
            path.unlink()


def _version(database: Database) -> int | None:
    """Number that grows with every change of the data; None where there is no store that can be read."""
    try:
        return database.read(lambda session: int(session.rows("reads/version")[0][0])) if database.exists() else None
    except StoreLocked:
        raise
    except (NoData, StoreError):
        return None


def _why(error: EngineError | OSError) -> str:
    return error.message if isinstance(error, EngineError) else f"{error.strerror}."
