"""Short-lived connections to the store's file, under the locks of ``locks.py``.

``read(fn)`` and ``write(fn)`` run ``fn`` on a connection that is gone when they return, so nothing lazy may leave
``fn``. A write is one transaction: all of it, or nothing.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.errors import NoData, StoreDamaged, StoreError
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
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / STORE_NAME

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
        with locks.shared(self.folder):
            connection = self._connect(read_only=True)
            try:
                stale = needs_migration(connection)
                if not stale:
                    return work(Session(connection))
            finally:
                connection.close()
        self.write(lambda _: None)
        return self.read(work)

    def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` alone, in one transaction; makes the store when there is none."""
        self._make_folder()
        with locks.exclusive(self.folder):
            if not self.exists():
                self._create()
            connection = self._connect()
            try:
                migrate(connection)
                return _transaction(connection, work)
            finally:
                connection.close()

    def _make_folder(self) -> None:
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
            migrate(connection)
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

    def _connect(self, *, read_only: bool = False) -> Connection:
        """Open the file: readers of several processes share it, and a program that knows no locks is waited for."""
        import duckdb

        if not stat.S_ISREG(self.path.stat().st_mode):
            raise StoreDamaged(f"{self.path} is not a file.", hint="move it away, or choose another --data-dir")
        deadline = time.monotonic() + locks.WAIT_S
        umask = os.umask(0o077)
        try:
            while True:
                try:
                    return duckdb.connect(str(self.path), read_only=read_only, config=CONFIG)
                except duckdb.IOException as error:
                    if "Conflicting lock" not in str(error) or time.monotonic() > deadline:
                        raise
                time.sleep(RETRY_S)
        except duckdb.Error as error:
            raise _named(error, self.path) from error
        finally:
            os.umask(umask)


class Session:
    """Statements on one connection; every one is a file of ``sql``, every value a parameter."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

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


def _transaction(connection: Connection, work: Callable[[Session], T]) -> T:
    connection.begin()
    try:
        answer = work(Session(connection))
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
    return answer


def _named(error: Exception, path: Path) -> StoreError:
    """A failure of DuckDB's as one of ours, with a next step."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "lock" in text.lower():
        return StoreError(f"{path} is held by another program: {text}", hint="end that program and try again")
    return StoreDamaged(
        f"{path} is not a store that can be read: {text}",
        hint="put a copy of it back, or move it away and fetch or import again: its snapshots of the universe "
        "cannot be fetched again",
    )
