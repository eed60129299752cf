"""The store as a file among others: its log, copies of its bytes, and the names of copies that are kept beside it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from engine.errors import StoreError
from engine.parts import new_part

CHUNK: Final = 1 << 20
LAST_GOOD: Final = "flatcap-last-good"
"""Name of the copies that are kept of a store when its data have changed."""

COPIES: Final = (f"{LAST_GOOD}*.duckdb", "flatcap-before-*.duckdb", "*.backup")
"""Names of copies in the data folder."""

KEPT: Final = 2
"""So many copies are kept of those that are made before something, of each kind."""

_SHARE_BLOCKS: Final = 0x40049409
"""FICLONE of Linux: both files have the same blocks until one of them is written."""

_NAME: Final = re.compile(
    r"flatcap-before-(?P<kind>[a-z]+)(?:-\d+)?-(?P<moment>\d{8}T\d{6}Z)(?:-(?P<number>\d+))?\.duckdb"
)


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what is committed and not in the file yet."""
    return path.with_name(f"{path.name}.wal")


def remove(path: Path) -> None:
    """Remove a store's file and its log, if they are there."""
    path.unlink(missing_ok=True)
    log_of(path).unlink(missing_ok=True)


def holds_nothing(path: Path) -> bool:
    """Whether a file in the store's place is an interrupted creation: no bytes, and neither a log nor a copy beside."""
    found = path.stat()
    empty = stat.S_ISREG(found.st_mode) and not found.st_size
    return empty and not log_of(path).exists() and not copies_in(path.parent)


def copies_in(folder: Path) -> list[Path]:
    """Every copy of a store that lies in a folder, the newest first."""
    found = {path for pattern in COPIES for path in folder.glob(pattern) if path.is_file()}
    return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def set_aside_last_good(folder: Path, now: datetime) -> None:
    """Give the last good copies of a store that is gone names that those of a new one do not take."""
    for copy in reversed(copies_in(folder)):
        if copy.name.startswith(LAST_GOOD):
            copy.replace(kept_as(folder, "new", now))


def clone(source: BinaryIO, target: BinaryIO) -> None:
    """Put all bytes of a file into an empty one; none is copied where the file system can share them."""
    try:
        fcntl.ioctl(target.fileno(), _SHARE_BLOCKS, source.fileno())
    except OSError:
        shutil.copyfileobj(source, target, CHUNK)
    target.seek(0, os.SEEK_END)


def clone_to_disk(path: Path, target: BinaryIO) -> None:
    """Put all bytes of a file into an empty one, and wait until the disk has them."""
    with path.open("rb") as source:
        clone(source, target)
    target.flush()
    os.fsync(target.fileno())


def free_name(path: Path) -> Path:
    """The path, or the first with a number after its name that is not taken."""
    number = 1
    found = path
    while found.exists() or log_of(found).exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def kept_as(folder: Path, why: str, now: datetime) -> Path:
    """A free name beside the store for the one that was there before something."""
    return free_name(folder / f"flatcap-before-{why}-{now:%Y%m%dT%H%M%SZ}.duckdb")


def copy_before(path: Path, why: str, now: datetime) -> Path:
    """Copy a store that nobody has open and that has no log, before something is done to it.

    Raises:
        StoreError: There is no room for it, or the folder cannot be written; nothing was changed.
    """
    kept = kept_as(path.parent, why, now)
    part: Path | None = None
    try:
        handle, part = new_part(path.parent)
        with os.fdopen(handle, "wb") as file:
            clone_to_disk(path, file)
        part.replace(kept)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise StoreError(
            f"{path} cannot be copied before it is changed: {error.strerror}.",
            hint="make room on the disk, or check the folder's permissions; nothing was changed",
        ) from error
    return kept


def forget_old(newest: Path) -> None:
    """Remove the oldest of the copies that were made before the same thing; a name that a person gave is not ours."""
    kind = kind_of(newest)
    others = [path for path in newest.parent.glob("flatcap-before-*.duckdb") if path != newest]
    of_kind = sorted((path for path in others if kind and kind_of(path) == kind), key=_moment)
    for old in of_kind[: 1 - KEPT]:
        remove(old)


def kind_of(copy: Path) -> str:
    """What a copy was made before: ``schema``, ``repair``, ``restore``; empty where its name is not one of ours."""
    found = _NAME.fullmatch(copy.name)
    return found["kind"] if found else ""


def _moment(copy: Path) -> tuple[str, int]:
    found = _NAME.fullmatch(copy.name)
    return (found["moment"], int(found["number"] or 1)) if found else ("", 0)
