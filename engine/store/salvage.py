"""What can still be read of a store that is damaged, put into a fresh one; a copy fills what cannot.

A block that is damaged takes with it some rows of one column: rows are read in ranges, and ranges that fail in
smaller ones. The keys of a row that is lost are most often in another block: they say which row that was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeVar

from engine.store.catalogue import Columns, catalogue, made_by
from engine.store.database import Database, Session, connect
from engine.store.migrate import needs_migration, version_of
from engine.store.statements import migrations

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

LARGEST: Final = 1 << 20
"""Rows that are read at once."""

SMALLEST: Final = 1 << 11
"""Rows of which not one is read where one cannot be: DuckDB reads no fewer."""

_NAMED: Final = ("session", "ticker")

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "ingest": ("ingest_id",),
    "price": _NAMED,
    "shares": _NAMED,
    "market_cap": _NAMED,
    "split": _NAMED,
    "dividend": _NAMED,
    "security": ("ticker",),
    "rename": ("session", "old_ticker"),
    "benchmark": ("session", "symbol"),
    "fx": ("session", "pair"),
    "universe_snapshot": _NAMED,
    "accepted_cap": _NAMED,
    "final_price": _NAMED,
    "delisting": _NAMED,
    "share_scale": ("ticker",),
    "refused_row": ("file", "kind", "reason", "ticker", "first"),
    "fetch_state": ("kind", "symbol"),
    "fetch_run": ("run_id",),
    "fetch_note": ("run_id", "kind", "ticker", "session", "text"),
    "audit": ("audit_id",),
}
"""Tables that cannot be computed, and what tells their rows apart; batches first, for all others name them."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of a table of which not every row could be read.

    Attributes:
        table: Its name.
        filled: Rows that the copy had.
        lost: Rows that nobody has; None where not even their number is known.
        sessions: Sessions of rows that are lost, as far as their keys could be read.
        first: The first of them.
        last: The last of them.
        column: The column that is missing; what is counted are its values then.
    """

    table: str
    filled: int
    lost: int | None
    sessions: int = 0
    first: date | None = None
    last: date | None = None
    column: str = ""


Rows = tuple[range, "pl.DataFrame | None"]
"""A range of rows; without a frame where it cannot be read."""


class Wreck:
    """A store of which any part may be unreadable; it is only read.

    Args:
        path: Its file, which nobody else uses.

    Raises:
        StoreError: It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path, read_only=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def refuse_other(self) -> None:
        """Raise ``StoreError`` where the schema is none of ours; one that cannot be read is no reason."""
        self._tried(lambda: needs_migration(self._connection))

    def names(self, statement: str) -> tuple[str, ...]:
        """The first column of a statement, nothing where it cannot be read."""
        return tuple(row[0] for row in self._tried(lambda: Session(self._connection).rows(statement)) or ())

    def version(self) -> int:
        """The version of its data, 0 where it cannot be read."""
        found = self._tried(lambda: Session(self._connection).rows("reads/version"))
        return int(found[0][0]) if found else 0

    def columns(self, table: str, known: Columns) -> list[str]:
        """The columns of a table, of those that we know; none where there is no such table."""
        found = (self._tried(lambda: catalogue(self._connection)) or {}).get(table, {})
        return [column for column in known if column in found and found[column][0] == known[column][0]]

    def made(self, table: str) -> Columns:
        """The columns that a table had when it was made; none where there was no such table yet."""
        number: int | None = self._tried(lambda: version_of(self._connection))
        return made_by(number or migrations()[-1][0]).get(table, {})

    def ranges(self, table: str) -> list[range] | None:
        """Where the rows of a table are; None where that cannot be read."""
        statement = f"select max(rowid) from {table}"  # noqa: S608 - the names of tables and columns are ours
        found = self._tried(lambda: self._connection.execute(statement).fetchall())
        if not found:
            return None
        end = 0 if found[0][0] is None else found[0][0] + 1
        return [range(low, min(low + LARGEST, end)) for low in range(0, end, LARGEST)]

    def counted(self, table: str, rows: range) -> int:
        """Rows that there are in a range, whatever is in them."""
        statement = f"select count(*) from {table} where rowid between {rows.start} and {rows.stop - 1}"  # noqa: S608
        found = self._tried(lambda: self._connection.execute(statement).fetchall())
        return int(found[0][0]) if found else len(rows)

    def read(self, table: str, columns: Sequence[str], rows: range) -> Iterator[Rows]:
        """The rows of a range, in smaller ones where it cannot be read as a whole."""
        frame = self._tried(lambda: self._frame(table, columns, rows))
        if frame is not None or len(rows) <= SMALLEST:
            yield rows, frame
            return
        half = max(len(rows) // 2 // SMALLEST, 1) * SMALLEST
        yield from self.read(table, columns, rows[:half])
        yield from self.read(table, columns, rows[half:])

    def _frame(self, table: str, columns: Sequence[str], rows: range) -> pl.DataFrame:
        import polars as pl

        within = f"from {table} where rowid >= {rows.start} and rowid < {rows.stop}"
        # Damage that shows while a frame is handed over would be a failure of Polars.
        hashes = ", ".join(f"bit_xor(hash({column}))" for column in columns)
        self._connection.execute(f"select {hashes} {within}").fetchall()
        return pl.DataFrame(self._connection.sql(f"select {', '.join(columns)} {within} order by rowid"))

    def _tried(self, work: Callable[[], T]) -> T | None:
        """What the work gives, None where the file is damaged."""
        import duckdb

        try:
            return work()
        except duckdb.FatalException:
            # It has given the file up, and must open it anew for the rest.
            self._connection.close()
            self._connection = connect(self._path, read_only=True)
        except duckdb.Error:
            pass
        return None


def salvage(database: Database, wreck: Wreck, copy: Wreck | None, fresh: Path) -> tuple[Salvaged, ...]:
    """Make a store of every row that can be read; what is missing is filled from the copy. Nothing is computed.

    Args:
        database: The store that is damaged.
        wreck: Its file.
        copy: A sound copy.
        fresh: Name of the file to make.

    Returns:
        Every table that has lost a row, or got it from the copy.
    """
    database.fill(fresh)
    connection = connect(fresh)
    try:
        session = Session(connection, database.run, database.clock)
        session.run("repair/clear_audit")
        found = [one for table in KEYS for one in _table(session, wreck, copy, table)]
        at = database.clock().astimezone(UTC).replace(tzinfo=None)
        session.run("repair/missing_batches", {"at": at})
        version = max(wreck.version(), copy.version() if copy else 0) + 1
        session.run("repair/set_version", {"version": version})
        connection.execute("checkpoint")
    finally:
        connection.close()
    return tuple(found)


def _table(session: Session, wreck: Wreck, copy: Wreck | None, table: str) -> Iterator[Salvaged]:
    """Move a table; gives what was missing."""
    made, columns = wreck.made(table), wreck.columns(table, _columns(session, table))
    gone = [column for column in made if column not in columns]
    if any(not made[column][1] for column in gone):  # rows without a value that they must have are none
        yield Salvaged(table, _fill(session, copy, table, None), None)
        return
    if columns:
        yield from _rows(session, wreck, copy, table, columns)
    for column in gone:
        yield _values(session, copy, table, column)


def _rows(session: Session, wreck: Wreck, copy: Wreck | None, table: str, columns: Sequence[str]) -> Iterator[Salvaged]:
    ranges = wreck.ranges(table)
    if ranges is None:
        yield Salvaged(table, _fill(session, copy, table, None), None)
        return
    missing: list[range] = []
    for rows, frame in _pieces(wreck, table, columns, ranges):
        if frame is None:
            missing.append(rows)
        else:
            _insert(session, table, frame)
    if missing and (replaced := _replaced(session, wreck, copy, table, missing)):
        yield replaced


def _values(session: Session, copy: Wreck | None, table: str, column: str) -> Salvaged:
    """Fill a column that is missing from the copy, row by row."""
    filled = 0
    if copy is not None and column in copy.columns(table, _columns(session, table)):
        for frame in _frames(copy, table, (*KEYS[table], column)):
            filled += _set(session, table, column, frame.drop_nulls(column))
    return Salvaged(table, filled, None, column=column)


def _set(session: Session, table: str, column: str, frame: pl.DataFrame) -> int:
    """Put the values of a frame into a column, by the keys of its rows; gives how many they were."""
    same = " and ".join(f"{table}.{key} is not distinct from staged.{key}" for key in KEYS[table])
    session.stage(frame)
    try:
        statement = f"update {table} set {column} = staged.{column} from staged where {same}"  # noqa: S608
        return int(session.connection.execute(statement).fetchall()[0][0])
    finally:
        session.unstage()


def _columns(session: Session, table: str) -> Columns:
    return catalogue(session.connection)[table]


def _frames(wreck: Wreck, table: str, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    pieces = _pieces(wreck, table, columns, wreck.ranges(table) or ())
    return (frame for _, frame in pieces if frame is not None)


def _pieces(wreck: Wreck, table: str, columns: Sequence[str], ranges: Iterable[range]) -> Iterator[Rows]:
    for each in ranges:
        yield from wreck.read(table, columns, each)


def _replaced(
    session: Session, wreck: Wreck, copy: Wreck | None, table: str, missing: Sequence[range]
) -> Salvaged | None:
    """Fill the rows that cannot be read; only those, where all of their keys can."""
    pieces = list(_pieces(wreck, table, KEYS[table], missing))
    unknown = sum(wreck.counted(table, rows) for rows, frame in pieces if frame is None)
    frames = [frame for _, frame in pieces if frame is not None]
    known = sum(frame.height for frame in frames)
    filled = _fill(session, copy, table, None if unknown else frames)
    left = [_without(session, table, frame) for frame in frames]
    lost = max(known + unknown - filled, 0) if unknown else sum(frame.height for frame in left)
    if not lost and not filled:
        return None  # the range had no row any more
    days = sorted({day for frame in left if "session" in frame.columns for day in frame["session"].to_list()})
    return Salvaged(table, filled, lost, len(days), *((days[0], days[-1]) if days else (None, None)))


def _fill(session: Session, copy: Wreck | None, table: str, keys: Sequence[pl.DataFrame] | None) -> int:
    """Put the copy's rows in that are not there yet, of these keys or of all; gives how many they were."""
    if copy is None:
        return 0
    columns = copy.columns(table, _columns(session, table))
    filled = 0
    for frame in _frames(copy, table, columns) if columns else ():
        asked = frame if keys is None else _of_keys(frame, keys, KEYS[table])
        filled += _insert(session, table, _without(session, table, asked))
    return filled


def _of_keys(frame: pl.DataFrame, keys: Sequence[pl.DataFrame], by: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    return frame.join(pl.concat(keys), on=list(by), how="semi", nulls_equal=True)


def _without(session: Session, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a frame whose keys are not in the fresh table."""
    import polars as pl

    same = " and ".join(f"there.{key} is not distinct from staged.{key}" for key in KEYS[table])
    session.stage(frame)
    try:
        statement = f"select * from staged where not exists (select 1 from {table} there where {same})"  # noqa: S608
        return pl.DataFrame(session.connection.sql(statement))
    finally:
        session.unstage()


def _insert(session: Session, table: str, frame: pl.DataFrame) -> int:
    if not frame.height:
        return 0
    session.stage(frame)
    try:
        session.connection.execute(f"insert into {table} by name select * from staged").fetchall()  # noqa: S608
    finally:
        session.unstage()
    return frame.height
