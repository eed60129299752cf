"""Short-lived connections to the store's file, under the locks of ``locks.py``.

``read(fn)`` and ``write(fn)`` run ``fn`` on a connection that is gone when they return, so nothing lazy may leave
``fn``. A write is one transaction: all of it, or nothing.
"""

from __future__ import annotations

import logging
import os
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.errors import NoData, StoreGone
from engine.events import EventSink, Progress, is_told_to_stop, silent, stopped
from engine.log import traced
from engine.run import NO_RUN, Run, utc_now
from engine.store import guard, locks
from engine.store.clock import require_clock
from engine.store.failures import damage_named, gone, not_a_folder, of_system, refuse_unfit, unreadable
from engine.store.files import copies_in, copy_before, forget_old, holds_nothing, remove, set_aside_last_good
from engine.store.migrate import migrate, needs_migration, version_of
from engine.store.stamp import Stamp, stamp_of
from engine.store.statements import bound, statement

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    Connection = duckdb.DuckDBPyConnection

T = TypeVar("T")
Row = tuple[Any, ...]

STORE_NAME: Final = "flatcap.duckdb"
RETRY_S: Final = 0.05

WAITING: Final = "wait for the store"

log = logging.getLogger("flatcap.store")

CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": 2,
    "memory_limit": "1GB",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
"""Everything that a person's or a provider's text could abuse is off; the size fits a shared server."""


class Database:
    """The store of one data folder.

    Args:
        folder: The data folder; made with mode 0700 at the first write.
        run: The run of the program, which the record of changes names.
        clock: Gives the present, aware of its zone.
        events: Where it is told whom the work waits for.
        wait_s: How long to wait for another process, seconds.
        judges_clock: Whether nothing is written while the clock is behind what is stored.
    """

    def __init__(
        self,
        folder: Path,
        *,
        run: Run = NO_RUN,
        clock: Callable[[], datetime] = utc_now,
        events: EventSink = silent,
        wait_s: float = locks.WAIT_S,
        judges_clock: bool = True,
    ) -> None:
        self.folder = folder
        self.path = folder / STORE_NAME
        self.run = run
        self.clock = clock
        self.events = events
        self.wait_s = wait_s
        self.judges_clock = judges_clock
        self._was_there = False

    def despite_clock(self) -> Database:
        """The same store for who puts it in order, whatever the clock says."""
        return Database(
            self.folder,
            run=self.run,
            clock=self.clock,
            events=self.events,
            wait_s=self.wait_s,
            judges_clock=False,
        )

    def exists(self) -> bool:
        """Whether there is anything in the store's place. Raises ``StoreError`` where that may not be looked at."""
        return guard.names_of(self.folder, self.path) > 0 and not holds_nothing(self.path)

    def stamp(self) -> Stamp:
        """Something else than before as soon as anybody has changed the store; no file is opened for it."""
        return stamp_of(self.folder, self.path)

    def size(self) -> int:
        """Bytes of the store's file, 0 where there is none."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def read(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` together with other readers. Raises ``NoData`` when there is no store."""
        if not self.exists():
            raise self.none_there()
        with self.shared(), damage_named(self.path):
            with traced("store", f"opened {self.path}"):
                connection = connect(self.path, read_only=True, wait_s=self.wait_s)
            try:
                self._was_there = True
                stale = needs_migration(connection)
                if not stale:
                    with traced("store", "read"):
                        return work(Session(connection, self.run, self.clock))
            finally:
                connection.close()
        self._write(lambda _: None)
        return self.read(work)

    def none_there(self) -> NoData:
        """Why there is nothing to read, and the next step."""
        if self.folder.is_dir() and (copies := copies_in(self.folder)):
            return StoreGone(
                f"The store in {self.folder} is gone; copies of it are there.",
                hint=f"flatcap restore {shlex.quote(str(copies[0]))} puts the newest back; "
                "flatcap update or flatcap import PATH begins anew and keeps them",
            )
        return NoData(
            f"There are no data in {self.folder} yet.",
            hint="flatcap update fetches data; flatcap import PATH takes your own; flatcap demo makes some up",
        )

    def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` alone, in one transaction; makes the store when there is none.

        Raises:
            ClockBehind: The clock is behind what is stored; nothing was changed.
        """

        def judged(session: Session) -> T:
            if self.judges_clock:
                require_clock(session)
            return work(session)

        return self._write(judged)

    def _write(self, work: Callable[[Session], T]) -> T:
        self._require_there()
        self.make_folder()
        with self.exclusive():
            if not self.exists():
                self._create()
            self._was_there = True
            with damage_named(self.path):
                connection = self._current()
                try:
                    answer = _transaction(connection, lambda: work(Session(connection, self.run, self.clock)))
                finally:
                    connection.close()
            self._require_there()
            return answer

    def _require_there(self) -> None:
        """Refuse a store that was here: a part of what was in it would look like the whole."""
        if self._was_there and not self.exists():
            raise gone(self.path)

    def _current(self) -> Connection:
        """A connection for writing; a store of an older schema is copied, and then brought up to date."""
        connection = connect(self.path, wait_s=self.wait_s)
        try:
            if not needs_migration(connection):
                return connection
            version = version_of(connection)
            connection.execute("checkpoint")
        except BaseException:
            connection.close()
            raise
        connection.close()
        copy = copy_before(self.path, f"schema-{version}", self.clock())
        try:
            connection = self._migrated()
        except BaseException:
            remove(copy)
            raise
        forget_old(copy)
        return connection

    def _migrated(self) -> Connection:
        connection = connect(self.path, wait_s=self.wait_s)
        try:
            migrate(connection, self.run, self.clock)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold the store's file for reading, together with others. Raises ``StoreError`` where others may change it."""
        if guard.names_of(self.folder, self.path) > 1:
            with self.exclusive():
                pass  # which undoes a restore that was cut short
        with locks.shared(self.folder, self.wait_s, self._tell_wait):
            yield

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the store's file alone. Raises ``StoreError`` where others may change it."""
        guard.names_of(self.folder, self.path)
        with locks.exclusive(self.folder, self.wait_s, self._tell_wait, self.run.command):
            if guard.names_of(self.folder, self.path) > 1:
                guard.require_one_name(self.path)
            yield

    def fetching(self) -> AbstractContextManager[None]:
        """Be the only one who fetches into the store, restores or repairs it. Raises ``StoreLocked`` at once."""
        return locks.fetching(self.folder, self.run.command)

    def _tell_wait(self, who: str) -> None:
        """Tell for whom the store is waited for, or that it is not any more."""
        if who:
            log.info("waits for %s", who)
            self.events(Progress(WAITING, waiting_for=who))
        else:
            log.info("waits no more")
            self.events(Progress(""))

    def make_folder(self) -> None:
        """Make the data folder, its owner's alone, if it is not there."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise not_a_folder(self.folder) from error
        except OSError as error:
            error.filename = str(next(above for above in self.folder.parents if above.exists()))
            raise of_system(error, self.path) from error

    def _create(self) -> None:
        """Make the file under another name first: a kill in between leaves no half-made store."""
        fresh = self.path.with_suffix(".new")
        with damage_named(self.path):
            remove(fresh)
            try:
                self.fill(fresh)
                set_aside_last_good(self.folder, self.clock())
                fresh.replace(self.path)
            except BaseException:
                remove(fresh)
                raise

    def fill(self, fresh: Path) -> None:
        """Make a store without data of a file that is not there yet."""
        import duckdb

        umask = os.umask(0o077)
        try:
            connection = duckdb.connect(str(fresh), config={"storage_compatibility_version": "v1.5.0", **CONFIG})
            try:
                migrate(connection, self.run, self.clock)
                connection.execute("checkpoint")
            finally:
                connection.close()
        finally:
            os.umask(umask)


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
        return self.connection.execute(statement(name), bound(values)).fetchall()

    def row(self, name: str, values: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of an answer, or None."""
        found = self.rows(name, values)
        return found[0] if found else None

    def frame(self, name: str, values: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """A large answer as a frame, handed over without a copy in Python."""
        import polars as pl

        return pl.DataFrame(self.connection.sql(statement(name), params=bound(values)))

    def run(self, name: str, values: Mapping[str, Any] | None = None) -> None:
        """A statement whose answer nobody reads."""
        self.connection.execute(statement(name), bound(values)).fetchall()

    def stage(self, frame: pl.DataFrame, name: str = "staged") -> None:
        """Make a frame visible to statements as the table ``name`` until ``unstage``."""
        self.connection.register(name, _Capsule(frame))

    def unstage(self, name: str = "staged") -> None:
        """Forget a staged frame; after a statement that failed, the end of the connection does."""
        import duckdb

        with suppress(duckdb.Error):  # said of an aborted transaction, in the place of what aborted it
            self.connection.unregister(name)


class _Capsule:
    """Only the Arrow stream of a frame: DuckDB asks a bare Polars frame for pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def _transaction(connection: Connection, work: Callable[[], T]) -> T:
    import duckdb

    connection.begin()
    try:
        answer = work()
    except BaseException:
        with suppress(duckdb.Error):  # of a store that was given up nothing is left to roll back
            connection.rollback()
        raise
    connection.commit()
    return answer


def connect(path: Path, *, read_only: bool = False, wait_s: float = locks.WAIT_S) -> Connection:
    """Open a store's file: readers of several processes share it, and a program that knows no locks is waited for."""
    import duckdb

    refuse_unfit(path)
    deadline = time.monotonic() + wait_s
    umask = os.umask(0o077)
    try:
        while True:
            try:
                return duckdb.connect(str(path), read_only=read_only, config=CONFIG)
            except duckdb.IOException as error:
                if "Conflicting lock" not in str(error) or time.monotonic() > deadline:
                    raise
            if is_told_to_stop():
                raise stopped()
            time.sleep(RETRY_S)
    except duckdb.Error as error:
        raise unreadable(error, path) from error
    finally:
        os.umask(umask)
