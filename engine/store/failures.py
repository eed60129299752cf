"""What DuckDB and the system say about the file of a store, as one sentence of ours with a next step."""

from __future__ import annotations

import errno
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.errors import StoreDamaged, StoreError, StoreTooNew
from engine.store.files import copies_in, log_of

if TYPE_CHECKING:
    import duckdb

UNREADABLE: Final = "{path} is not a store that can be read: "

ANOTHER_KIND: Final = "it is a file of another kind."
EMPTY: Final = "it is empty, and what was in it is lost."
DAMAGED_LOG: Final = "its log, {log}, is damaged or of another store."

MEND: Final = "flatcap doctor --repair brings back what can be, and keeps the file; or choose another --data-dir"
MOVE: Final = "move it away, or choose another --data-dir"
OR_COPY: Final = f"{MOVE}; flatcap doctor --repair keeps it and puts the newest copy in its place"
"""The same where there is a copy beside."""

EMPTIED: Final = "remove it and what begins with its name to begin anew"
OR_FILLED: Final = "flatcap doctor --repair puts the newest copy in its place; or remove it to begin anew"
"""The same where there is a copy beside."""

LOG_BEGINS: Final = b"d\0b"
"""The first bytes of every log that DuckDB has written."""

_DAMAGE: Final = (
    (("replaying WAL file", "Corrupt WAL file"), DAMAGED_LOG, MEND),
    (("not a valid DuckDB database file", "Loading external extensions"), ANOTHER_KIND, ""),
    (("Could not read enough bytes", "exceeds the file size"), "part of it is missing.", MEND),
    (("Corrupt database file", "Failed to deserialize", "Serialization Error"), "part of it is damaged.", MEND),
)
"""What DuckDB says where the file is not what it wrote, and the step where that does not depend on the copies.

The log comes first, for it is said of that, too.
"""

_OTHER_VERSION: Final = ("storage version", "Unsupported Storage Version")

ROOM: Final = "make room and run it again; everything that was stored is kept"
RIGHTS: Final = "check its owner and permissions, or choose another --data-dir"

_OF_SYSTEM: Final = {
    errno.ENOSPC: ("There is no space left on the disk of {folder}.", ROOM),
    errno.EDQUOT: ("Your disk quota is used up: nothing more can be stored in {folder}.", ROOM),
    errno.EFBIG: (
        "A file in {folder} would be larger than the system allows.",
        "raise the limit (ulimit -f) and run it again; everything that was stored is kept",
    ),
    errno.EROFS: (
        "{folder} is on a read-only file system.",
        "make it writable, or choose another --data-dir",
    ),
    errno.EACCES: ("You have no permission to use {path}.", RIGHTS),
    errno.EPERM: ("You have no permission to use {path}.", RIGHTS),
    errno.EISDIR: ("{path} is a folder.", "move it away, or choose another --data-dir"),
    errno.ELOOP: ("{path} is a link to another file.", "remove it"),
    errno.EIO: (
        "The disk of {folder} cannot be read or written.",
        "look at the log of the system, and keep a copy of the store on another disk",
    ),
    errno.ENOENT: (
        "{path} is gone: the folder was deleted or moved while it was used.",
        "put the folder back, or run it again to begin anew",
    ),
}

log = logging.getLogger("flatcap.store")


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Name what goes wrong with a store in the middle of the work: blocks are looked at when they are read."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        failure = _told(error, path) or _of_tables(error, path)
        if failure is None and not isinstance(error, duckdb.FatalException):
            raise
        raise failure or unreadable(error, path) from error
    except OSError as error:
        raise of_system(error, path) from error


def unreadable(error: duckdb.Error, path: Path) -> StoreError:
    """Why a store could not be opened, or was given up."""
    return _told(error, path) or StoreDamaged(f"{UNREADABLE.format(path=path)}{_first_line(error)}", hint=MEND)


def not_a_folder(folder: Path) -> StoreError:
    """What is to be the data folder, or lies above it, is a file."""
    return StoreError(f"{folder} is not a folder.", hint="choose another with --data-dir")


def refuse_unfit(path: Path) -> None:
    """Refuse what DuckDB would wait for, or take for nothing.

    Raises:
        StoreDamaged: It is no file, there is nothing in it, or its log is none of DuckDB's.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise StoreDamaged(f"{path} is not a file.", hint=_by_copy(path, OR_COPY, MOVE))
    if not found.st_size:
        raise StoreDamaged(UNREADABLE.format(path=path) + EMPTY, hint=_by_copy(path, OR_FILLED, EMPTIED))
    if not _is_log(log_of(path)):
        raise StoreDamaged(UNREADABLE.format(path=path) + DAMAGED_LOG.format(log=log_of(path).name), hint=MEND)


def _by_copy(path: Path, with_one: str, without: str) -> str:
    """The step that there is: a copy is promised only where one lies beside the store."""
    return with_one if copies_in(path.parent) else without


def _is_log(path: Path) -> bool:
    """Whether a log can be DuckDB's: it passes over any other without a word, and over what was committed in it."""
    try:
        with path.open("rb") as file:
            head = file.read(len(LOG_BEGINS))
    except FileNotFoundError:
        return True
    except IsADirectoryError:
        return False
    return LOG_BEGINS.startswith(head) or not head.strip(b"\0")


def gone(path: Path) -> StoreError:
    """The store was there before, and is not any more."""
    return of_system(FileNotFoundError(errno.ENOENT, "", str(path)), path)


def of_system(error: OSError, path: Path) -> StoreError:
    """What the system refused to do with the files of a store."""
    where = Path(error.filename) if isinstance(error.filename, str) else path
    return _refused(error.errno or 0, where, path.parent) or StoreError(
        f"{where} cannot be used: {error.strerror or error}.", hint=RIGHTS
    )


def _told(error: duckdb.Error, path: Path) -> StoreError | None:
    """A failure that we know: of the system first, for DuckDB gives the store up after it."""
    text = str(error)
    number = next((number for number in _OF_SYSTEM if os.strerror(number) in text), 0)
    known = _refused(number, path, path.parent) or _of_file(text, path)
    if known is not None:
        log.info("DuckDB: %s", _first_line(error))
    return known


def _of_file(text: str, path: Path) -> StoreError | None:
    if "Could not set lock" in text:
        return StoreError(f"{path} is held by another program.", hint="end that program and try again")
    if any(words in text for words in _OTHER_VERSION):
        return StoreTooNew(
            f"{path} was written by a version of DuckDB that this flatcap cannot read.",
            hint="upgrade flatcap, or choose another --data-dir",
        )
    for words, why, hint in _DAMAGE:
        if any(each in text for each in words):
            told = why.format(log=log_of(path).name)
            return StoreDamaged(UNREADABLE.format(path=path) + told, hint=hint or _by_copy(path, OR_COPY, MOVE))
    return None


def _of_tables(error: duckdb.Error, path: Path) -> StoreError | None:
    """A statement of ours found no such table: the store's are not those that we make, else it is a fault of ours."""
    import duckdb

    if not isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return None
    from engine.store.catalogue import require_tables
    from engine.store.database import connect

    try:
        with closing(connect(path, read_only=True)) as connection:
            require_tables(connection, path)
    except StoreError as failure:
        log.info("DuckDB: %s", _first_line(error))
        return failure
    return None


def _refused(number: int, path: Path, folder: Path) -> StoreError | None:
    if number not in _OF_SYSTEM:
        return None
    sentence, hint = _OF_SYSTEM[number]
    return StoreError(sentence.format(path=path, folder=folder), hint=hint)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
