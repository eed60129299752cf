"""Every change of the data is recorded with it, once and with true figures; what changes nothing is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from engine.run import Run
from engine.store import audit
from engine.store.audit import DataChange, note, note_part, read
from engine.store.database import Database, Session
from engine.store.ingest import merge_batch
from engine.store.statements import migrations
from engine.views.audit import AuditRow

NOW = datetime(2024, 1, 5, 22, 0, tzinfo=UTC)
AT = NOW.replace(tzinfo=None)
BY = Run("0a1b2c3d", "import")
FIRST, SECOND, THIRD = date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 4)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "store", run=BY, clock=lambda: NOW)


def shares(*rows: tuple[date, str, float]) -> dict[str, pl.DataFrame]:
    schema = {"session": pl.Date, "ticker": pl.String, "shares_outstanding": pl.Float64}
    return {"shares": pl.DataFrame(list(rows), schema=schema, orient="row")}


def merge(database: Database, frames: dict[str, pl.DataFrame], source: str = "import") -> None:
    database.write(lambda session: merge_batch(session, frames, at=AT, source=source, detail="shares.csv"))


def recorded(database: Database) -> list[AuditRow]:
    """What is recorded besides the making of the store, the oldest first."""
    return [row for row in reversed(database.read(lambda session: read(session, 100))) if row.what != "schema"]


def test_an_import_is_recorded_with_the_rows_that_it_changed_and_their_sessions(database: Database) -> None:
    merge(database, shares((FIRST, "AAA", 1.0), (SECOND, "AAA", 2.0), (THIRD, "AAA", 3.0)))
    merge(database, shares((FIRST, "AAA", 1.0), (SECOND, "AAA", 9.0), (THIRD, "AAA", 3.0), (THIRD, "BBB", 4.0)))
    told = ("0a1b2c3d", "import", "shares", "shares.csv")
    assert recorded(database) == [
        AuditRow(AT, *told, 3, 0, 0, FIRST, THIRD),
        AuditRow(AT, *told, 1, 1, 0, SECOND, THIRD),
    ]


def test_what_changes_nothing_is_not_recorded(database: Database) -> None:
    frames = shares((FIRST, "AAA", 1.0))
    merge(database, frames)
    merge(database, frames)
    assert len(recorded(database)) == 1


def test_a_change_that_fails_leaves_no_record(database: Database) -> None:
    def failing(session: Session) -> None:
        merge_batch(session, shares((FIRST, "AAA", 1.0)), at=AT, source="import", detail="shares.csv")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.write(failing)
    assert recorded(database) == []


def test_the_batches_of_one_fetch_are_one_record_a_table(database: Database) -> None:
    merge(database, shares((SECOND, "AAA", 1.0)), "yahoo")
    merge(database, shares((FIRST, "BBB", 2.0), (SECOND, "BBB", 2.0)), "yahoo")
    merge(database, shares((FIRST, "BBB", 3.0)), "yahoo")
    assert recorded(database) == [AuditRow(AT, "0a1b2c3d", "import", "shares", "yahoo", 3, 1, 0, FIRST, SECOND)]


def test_another_fetch_of_the_same_run_has_a_record_of_its_own(database: Database) -> None:
    change = DataChange("price", "yahoo", rows_new=1)
    database.write(lambda session: note_part(session, change, AT))
    database.write(lambda session: note_part(session, change, AT.replace(hour=23)))
    assert [row.rows_new for row in recorded(database)] == [1, 1]


def test_the_making_of_a_store_is_recorded(database: Database) -> None:
    database.write(lambda _: None)
    made = f"made with version {migrations()[-1][0]}"
    assert database.read(lambda session: read(session, 9)) == (
        AuditRow(AT, "0a1b2c3d", "import", "schema", made, 0, 0, 0, None, None),
    )


def test_a_store_brought_up_to_date_says_from_where(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = [item for item in migrations() if item[0] <= 3]
    with monkeypatch.context() as before:
        before.setattr("engine.store.migrate.migrations", lambda: earlier)
        database.despite_clock().write(lambda _: None)
    assert database.read(lambda session: read(session, 9))[-1].detail == "from version 3 to version 4"


def test_only_the_newest_records_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "KEPT", 3)
    for number in range(5):
        database.write(lambda session, number=number: note(session, DataChange("store", str(number))))  # type: ignore[misc]
    assert [row.detail for row in database.read(lambda session: read(session, 9))] == ["4", "3", "2"]
