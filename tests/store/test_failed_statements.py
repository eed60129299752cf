"""A statement that fails in the middle of a write is what is told, whatever has to be put in order after it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from engine.errors import StoreError
from engine.frames.schemas import RAW_SCHEMAS
from engine.store.database import Database, Session
from engine.store.ingest import merge_batch
from tests.faults.test_states_disk import largest
from tests.store.engines import MOMENT

ROWS = 130_000
"""So many that DuckDB writes them before the end of the transaction."""


def test_a_staged_frame_does_not_hide_the_statement_that_failed(tmp_path: Path) -> None:
    def work(session: Session) -> None:
        session.stage(pl.DataFrame([("2024-01-02", "EURUSD", 1.1, 1)], orient="row"))
        try:
            session.connection.execute("insert into fx select * from staged union all select * from staged")
        finally:
            session.unstage()

    with pytest.raises(duckdb.ConstraintException):
        Database(tmp_path).write(work)


def crowded(rows: int) -> dict[str, pl.DataFrame]:
    """Prices that do not compress."""
    close = np.random.default_rng(7).random(rows)
    frame = pl.DataFrame({"ticker": [f"T{number:06}" for number in range(rows)], "close": close})
    filled = frame.with_columns(session=pl.date(2024, 1, 5), open="close", high="close", low="close", volume="close")
    return {"price": filled.select(list(RAW_SCHEMAS["price"].columns))}


@pytest.mark.parametrize("again", [False, True])
def test_a_disk_that_is_full_in_the_middle_of_a_statement_is_told(tmp_path: Path, again: bool) -> None:
    frames = crowded(ROWS)
    database = Database(tmp_path)
    if again:
        first = {"price": frames["price"].head(1)}
        database.write(lambda session: merge_batch(session, first, at=MOMENT, source="import", detail="test"))
    else:
        database.write(lambda _: None)
    before = database.path.read_bytes()
    with largest(len(before) + 100_000), pytest.raises(StoreError, match="larger than the system allows"):
        database.write(lambda session: merge_batch(session, frames, at=MOMENT, source="import", detail="test"))
    assert database.read(lambda session: session.connection.execute("select count(*) from price").fetchall()) == [
        (int(again),)
    ]
