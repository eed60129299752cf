"""Makes ``schema-N.duckdb.gz``, a small store of each version of the schema: ``python -m tests.data.schemas.make``.

A migration that was ever shipped is never changed, so the first N of them make what the program wrote then. To be run
once for every new migration; a fixture that is there is not made again.
"""

from __future__ import annotations

import gzip
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

import duckdb

from engine.run import Run
from engine.store import migrate
from engine.store.database import CONFIG
from engine.store.statements import migrations

if TYPE_CHECKING:
    Connection = duckdb.DuckDBPyConnection

HERE: Final = Path(__file__).parent
VERSIONS: Final = tuple(number for number, _, _ in migrations())
MADE: Final = datetime(2024, 3, 1, 12, tzinfo=UTC)

ROWS: Final = {
    1: """
        insert into ingest (ingest_id, fetched_at, source, detail, rows_new, rows_changed, earliest)
        values (1, timestamp '2024-01-05 12:00:00', 'import', 'test', 31, 0, date '2024-01-02');
        update data_version set version = 1;
        insert into price (session, ticker, close, ingest_id)
        select day, ticker, round(base * (1 + 0.01 * step * sign), 2), 1
        from (values (date '2024-01-02', 0), (date '2024-01-03', 1), (date '2024-01-04', 2), (date '2024-01-05', 3))
            d (day, step), (values ('AA', 10, 1), ('BB', 20, -1), ('CC', 5, 2)) n (ticker, base, sign);
        insert into market_cap select session, ticker, close * 1e7, 1 from price;
        insert into security (ticker, name, sector, ingest_id)
        values ('AA', 'Alpha', 'Energy', 1), ('BB', 'Beta', null, 1), ('CC', 'Gamma', 'Utilities', 1);
        insert into dividend values (date '2024-01-04', 'BB', 0.25, 1);
        insert into benchmark values (date '2024-01-02', '^GSPC', 4742.83, 1), (date '2024-01-03', '^GSPC', 4704.81, 1);
        insert into fx values (date '2024-01-02', 'EURUSD', 1.0956, 1);
        insert into index_build values ('top100', 'rules of then', 1, 0);
        insert into finding (index_name, kind, ticker, since, session)
        values ('top100', 'stale', 'AA', date '2024-01-02', date '2024-01-02');
    """,
    2: """
        insert into accepted_cap values (date '2024-01-04', 'AA', 1);
        insert into refused_row values ('x.csv', 'price', 'no number', 'AA', 1, null, null, '?', '2024-01-05 12:00:00');
    """,
    3: """
        insert into universe_snapshot (session, ticker, name, market_cap_usd, close, ingest_id, is_final)
        values (date '2024-01-04', 'AA', 'Alpha', 1e8, 10, 1, true);
        insert into fetch_state values ('prices', 'AA', '2024-01-05 12:00:00', null, 'answered', '', '2024-01-05');
    """,
    4: "update ingest set earliest_sector = date '2024-01-02'",
}
"""What each version puts into a store that has the rows of those before it."""


def fill(connection: Connection, last: int) -> None:
    """Put the rows of all versions up to one into a store of that version or a later one."""
    for number in VERSIONS:
        if number <= last:
            connection.execute(ROWS[number])


def make(path: Path, last: int) -> None:
    """Make a store of one version."""
    first = tuple(item for item in migrations() if item[0] <= last)
    connection = duckdb.connect(str(path), config={"storage_compatibility_version": "v1.5.0", **CONFIG})
    with mock.patch.object(migrate, "migrations", return_value=first):
        migrate.migrate(connection, Run("0", "fixture"), lambda: MADE)
    fill(connection, last)
    connection.execute("checkpoint")
    connection.close()


def fixture(number: int) -> Path:
    """Where the store of a version is."""
    return HERE / f"schema-{number}.duckdb.gz"


def main() -> None:
    """Make those that are not there."""
    for number in VERSIONS:
        if not fixture(number).exists():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "flatcap.duckdb"
                make(path, number)
                fixture(number).write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
