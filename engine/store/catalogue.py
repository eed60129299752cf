"""Whether a store has the tables that the migrations make: somebody may have changed them with another program."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.errors import StoreDamaged
from engine.store.database import CONFIG
from engine.store.failures import MEND, UNREADABLE
from engine.store.migrate import migrate, version_of
from engine.store.statements import statement

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

OTHERS: Final = "its tables are not those of schema {number} ({missing} missing)."

LISTED: Final = 3
"""So many that are missing are named."""

Columns = dict[str, tuple[str, bool]]
"""The type of each column of a table, and whether it may be null; a view has one without a name."""


def catalogue(connection: Connection) -> dict[str, Columns]:
    """The columns of every table, and the views."""
    found: dict[str, Columns] = {}
    for table, column, kind, nullable in connection.execute(statement("repair/catalogue")).fetchall():
        found.setdefault(table, {})[column] = (kind, nullable)
    return found


@cache
def made_by(number: int) -> dict[str, Columns]:
    """The same of a store that is made by the migrations up to one."""
    import duckdb

    with closing(duckdb.connect(":memory:", config=CONFIG)) as connection:
        migrate(connection, last=number)
        return catalogue(connection)


def require_tables(connection: Connection, path: Path) -> None:
    """Raise ``StoreDamaged`` where a table, a column or a view is missing, or is of another type."""
    number = version_of(connection)
    if missing := _missing(made_by(number), catalogue(connection)):
        listed = ", ".join(missing[:LISTED]) + (" and others" if len(missing) > LISTED else "")
        told = OTHERS.format(number=number, missing=listed)
        raise StoreDamaged(UNREADABLE.format(path=path) + told, hint=MEND)


def _missing(made: dict[str, Columns], found: dict[str, Columns]) -> list[str]:
    """Tables, and columns of those that are there."""
    return [
        f"{table}.{column}" if table in found else table
        for table, columns in made.items()
        for column, kind in (columns if table in found else {"": None}).items()
        if table not in found or found[table].get(column) != kind
    ]
