"""The record of every change of the data, written in the transaction of the change: both are there, or neither."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from engine.domain.texts import bounded, storable, without_secrets
from engine.store.statements import statement
from engine.views.audit import AuditRow

if TYPE_CHECKING:
    import duckdb

    from engine.run import Run
    from engine.store.database import Session

KEPT: Final = 10_000
"""So many records are kept, the newest ones."""

INDEX: Final = "index"
"""What a build changes, before the name of the index."""

DECISION: Final = "decision"
SCHEMA: Final = "schema"
STORE: Final = "store"


@dataclass(frozen=True, slots=True)
class DataChange:
    """One change of the data.

    Attributes:
        what: What was changed: a table, ``index NAME``, ``decision``, ``schema``, ``store``.
        detail: Where it came from, or what was done.
        rows_new: Rows that were not there.
        rows_changed: Rows that were there and have changed.
        rows_removed: Rows that are not there any more.
        first: First session concerned, None where it is none.
        last: Last session concerned, None where it is none.
    """

    what: str
    detail: str
    rows_new: int = 0
    rows_changed: int = 0
    rows_removed: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def touches_rows(self) -> bool:
        """Whether a row is another one than before."""
        return bool(self.rows_new or self.rows_changed or self.rows_removed)


def note(session: Session, change: DataChange) -> None:
    """Record a change that is made in the same transaction."""
    enter(session.connection, change, session.by, session.now())


def note_rows(session: Session, change: DataChange) -> None:
    """Record a change of rows, unless it has changed none."""
    if change.touches_rows:
        note(session, change)


def note_part(session: Session, change: DataChange, at: datetime) -> None:
    """Record one of the many small changes of rows of a fetch: together they are one record a table.

    Args:
        session: A write session.
        change: The change; nothing is recorded where it has changed no row.
        at: Moment of the fetch (UTC, without a zone), the same for all of its changes.
    """
    if not change.touches_rows:
        return
    values = {**asdict(change), "changed_at": at, "run_id": session.by.id, "command": session.by.command}
    if session.rows("audit/add_to", values)[0][0] == 0:
        enter(session.connection, change, session.by, at)


def enter(connection: duckdb.DuckDBPyConnection, change: DataChange, by: Run, at: datetime) -> None:
    """Write one record, and forget the oldest where there are too many."""
    detail = storable(without_secrets(bounded(change.detail)))
    values = {**asdict(change), "detail": detail, "changed_at": _utc(at), "run_id": by.id, "command": by.command}
    number = int(connection.execute(statement("audit/add"), values).fetchall()[0][0])
    if number > KEPT:
        connection.execute(statement("audit/forget"), {"through": number - KEPT})


def _utc(at: datetime) -> datetime:
    """In UTC, without a zone, as the store has it."""
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)


def read(session: Session, limit: int) -> tuple[AuditRow, ...]:
    """The last changes, the newest first."""
    return tuple(AuditRow(*row) for row in session.rows("reads/audit", {"limit": limit}))
