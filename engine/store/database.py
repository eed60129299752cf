"""Short-lived connections to the store's file, under the locks of ``locks.py``.

``read(fn)`` and ``write(fn)`` run ``fn`` on a connection that is gone when they return, so nothing lazy may leave
``fn``. A write is one transaction: all of it, or nothing.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.errors import NoData, StoreDamaged, StoreError
from engine.log import traced
from engine.run import NO_RUN, Run, utc_now
from engine.store import locks
from engine.store.migrate import migrate, needs_migration
from engine.store.statements import statement

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    Connection = duckdb.DuckDBPyConnection

T = TypeVar("T")
Row = tuple[Any, ...]

STORE_NAME: Final = "flatcap.duckdb"
RETRY_S: Final = 0.05

CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": 2,
    "memory_limit": "1GB",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "lock_configuration": True,
}
"""Everything that a person's or a provider's text could abuse is off; the size fits a shared server."""


class Database:
    """The store of one data folder.

    Args:
        folder: The data folder; made with mode 0700 at the first write.
        run: The run of the program, which the record of changes names.
        clock: Gives the present, aware of its zone.
    """

    def __init__(self, folder: Path, *, run: Run = NO_RUN, clock: Callable[[], datetime] = utc_now) -> None:
        self.folder = folder
        self.path = folder / STORE_NAME
        self.run = run
        self.clock = clock

    def exists(self) -> bool:
        """Whether there is a store. A file of no bytes is a creation that was interrupted: absent."""
        try:
            return self.path.stat().st_size > 0
        except OSError:
            return False

    def stamp(self) -> tuple[int, int, int]:
        """Cheap fingerprint of the file: another process's commit changes it."""
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def read(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` together with other readers. Raises ``NoData`` when there is no store."""
        if not self.exists():
            if self.folder.exists() and not self.folder.is_dir():
                raise StoreError(f"{self.folder} is not a folder.", hint="choose another with --data-dir")
            raise NoData(
                f"There are no data in {self.folder} yet.",
                hint="flatcap update fetches data; flatcap import PATH takes your own; flatcap demo makes some up",
            )
        with locks.shared(self.folder), damage_named(self.path):
            with traced("store", f"opened {self.path}"):
                connection = connect(self.path, read_only=True)
            try:
                stale = needs_migration(connection)
                if not stale:
                    with traced("store", "read"):
                        return work(Session(connection, self.run, self.clock))
            finally:
                connection.close()
        self.write(lambda _: None)
        return self.read(work)

    def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` alone, in one transaction; makes the store when there is none."""
        self.make_folder()
        with locks.exclusive(self.folder):
            if not self.exists():
                self._create()
            with damage_named(self.path):
                connection = connect(self.path)
                try:
                    migrate(connection, self.run, self.clock)
                    return _transaction(connection, lambda: work(Session(connection, self.run, self.clock)))
                finally:
                    connection.close()

    def make_folder(self) -> None:
        """Make the data folder, its owner's alone, if it is not there."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The data folder {self.folder} cannot be made: {error.strerror}.",
                hint="choose another with --data-dir",
            ) from error

    def _create(self) -> None:
        """Make the file under another name first: a kill in between leaves no half-made store."""
        import duckdb

        fresh = self.path.with_suffix(".new")
        self._clear(fresh, fresh.with_name(fresh.name + ".wal"), self.path)
        umask = os.umask(0o077)
        try:
            connection = duckdb.connect(str(fresh), config={"storage_compatibility_version": "v1.5.0", **CONFIG})
            migrate(connection, self.run, self.clock)
            connection.execute("checkpoint")
            connection.close()
        except duckdb.Error as error:
            raise _named(error, self.path) from error
        finally:
            os.umask(umask)
        fresh.replace(self.path)

    def _clear(self, *leftovers: Path) -> None:
        """Remove what an interrupted creation left; a store that cannot be looked at stays where it is."""
        try:
            for leftover in leftovers:
                if leftover.exists() and (leftover != self.path or leftover.stat().st_size == 0):
                    leftover.unlink()
        except OSError as error:
            raise StoreError(
                f"{error.filename or self.path} cannot be used: {error.strerror}.",
                hint="check the folder's owner and permissions, or choose another --data-dir",
            ) from error


class Session:
    """Statements on one connection; every one is a file of ``sql``, every value a parameter.

    Args:
        connection: The connection.
        by: The run of the program, which the record of changes names.
        now: Gives the present, aware of its zone.
    """

    def __init__(self, connection: Connection, by: Run = NO_RUN, now: Callable[[], datetime] = utc_now) -> None:
        self.connection = connection
        self.by = by
        self.now = now

    def rows(self, name: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a small answer."""
        return self.connection.execute(statement(name), dict(values or {})).fetchall()

    def row(self, name: str, values: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of an answer, or None."""
        found = self.rows(name, values)
        return found[0] if found else None

    def frame(self, name: str, values: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """A large answer as a frame, handed over without a copy in Python."""
        import polars as pl

        return pl.DataFrame(self.connection.sql(statement(name), params=dict(values or {})))

    def run(self, name: str, values: Mapping[str, Any] | None = None) -> None:
        """A statement whose answer nobody reads."""
        self.connection.execute(statement(name), dict(values or {})).fetchall()

    def stage(self, frame: pl.DataFrame, name: str = "staged") -> None:
        """Make a frame visible to statements as the table ``name`` until ``unstage``."""
        self.connection.register(name, _Capsule(frame))

    def unstage(self, name: str = "staged") -> None:
        """Forget a staged frame."""
        self.connection.unregister(name)


class _Capsule:
    """Only the Arrow stream of a frame: DuckDB asks a bare Polars frame for pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def _transaction(connection: Connection, work: Callable[[], T]) -> T:
    connection.begin()
    try:
        answer = work()
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
    return answer


def connect(path: Path, *, read_only: bool = False) -> Connection:
    """Open a store's file: readers of several processes share it, and a program that knows no locks is waited for."""
    import duckdb

    if not stat.S_ISREG(path.stat().st_mode):
        raise StoreDamaged(f"{path} is not a file.", hint="move it away, or choose another --data-dir")
    deadline = time.monotonic() + locks.WAIT_S
    umask = os.umask(0o077)
    try:
        while True:
            try:
                return duckdb.connect(str(path), read_only=read_only, config=CONFIG)
            except duckdb.IOException as error:
                if "Conflicting lock" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(RETRY_S)
    except duckdb.Error as error:
        raise _named(error, path) from error
    finally:
        os.umask(umask)


DAMAGE: Final = ("Corrupt database file", "Could not read enough bytes", "Failed to deserialize", "Serialization Error")
"""What DuckDB says where the file is not what it wrote; each is a failure of another kind to it."""


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Blocks are looked at when they are read: damage shows in the middle of the work."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.FatalException) or any(words in str(error) for words in DAMAGE):
            raise _named(error, path) from error
        raise


def _named(error: Exception, path: Path) -> StoreError:
    """A failure of DuckDB's as one of ours, with a next step."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "Could not set lock" in text:
        return StoreError(f"{path} is held by another program: {text}", hint="end that program and try again")
    return StoreDamaged(
        f"{path} is not a store that can be read: {text}",
        hint="put a copy of it back, or move it away and fetch or import again: its snapshots of the universe "
        "cannot be fetched again",
    )
