"""A store whose tables somebody has changed with another program: it is told, and what is left is brought back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from engine.copies import newest_beside
from engine.errors import StoreDamaged
from engine.facade import Engine
from engine.settings import Settings
from engine.store.database import STORE_NAME, Database, Session
from tests.store.engines import built, stored, three_names, write

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
LEVELS = "select session, level_tr from index_session order by all"
PRICES = "select ticker, session, close, volume from price order by all"
NEXT = "What the copy does not have of {0} is lost: flatcap import PATH takes in files of your own."


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    engine = built(tmp_path_factory.mktemp("built"), three_names(), index_size=2)
    write(engine, "update audit set changed_at = timestamp '2024-01-06 12:00:00'")
    write(engine, "update price set volume = 100 * close")
    return engine.settings.data_dir


@pytest.fixture
def engine(tmp_path: Path, _built: Path) -> Engine:
    folder = Path(shutil.copytree(_built, tmp_path / "data"))
    settings = Settings(data_dir=folder, index_size=2, provider="import")
    return Engine(settings, Database(folder, clock=lambda: NOW), clock=lambda: NOW)


def changed(engine: Engine, statement: str) -> None:
    """By another program, which knows no rule of ours."""
    with duckdb.connect(str(engine.settings.data_dir / STORE_NAME)) as connection:
        connection.execute(statement)


def copied(engine: Engine) -> Path:
    return engine.backup(engine.settings.data_dir / "good.backup").path


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("drop table price", "price"),
        ("alter table price drop column volume", "price.volume"),
        ("drop view known_shares", "known_shares"),
    ],
)
def test_a_table_that_is_missing_is_told_by_doctor(engine: Engine, statement: str, missing: str) -> None:
    changed(engine, statement)
    worst = engine.diagnose()[0]
    assert (worst.name, worst.state) == ("store", "bad")
    assert worst.text.endswith(f"its tables are not those of schema 4 ({missing} missing).")
    assert "doctor --repair" in worst.hint


def test_what_finds_no_such_table_says_that_the_store_is_damaged(engine: Engine) -> None:
    changed(engine, "drop table price")
    for work in (lambda: engine.build(full=True), engine.composition):
        with pytest.raises(StoreDamaged, match=r"its tables are not those of schema 4 \(price missing\)") as failed:
            work()
        assert "doctor --repair" in failed.value.hint


def test_a_statement_that_is_wrong_itself_is_no_damage(engine: Engine) -> None:
    def wrong(session: Session) -> None:
        session.connection.execute("select nothing from nowhere").fetchall()

    with pytest.raises(duckdb.CatalogException):
        Database(engine.settings.data_dir).read(wrong)


def test_what_can_be_computed_comes_back_whole(engine: Engine) -> None:
    before = stored(engine, LEVELS)
    changed(engine, "drop view known_shares; drop table listing_spell")
    report = engine.repair()
    assert (report.lost, report.left) == ((), ())
    assert stored(engine, LEVELS) == before


def test_a_table_without_a_column_that_it_must_have_is_filled_from_the_copy(engine: Engine) -> None:
    before, prices = stored(engine, LEVELS), stored(engine, PRICES)
    copy = copied(engine)
    changed(engine, "alter table price drop column close")
    report = engine.repair()
    assert f"9 rows of price that could not be read came from {copy.name}." in report.done
    assert report.lost == (NEXT.format("price"),)
    assert (stored(engine, LEVELS), stored(engine, PRICES)) == (before, prices)


def test_without_a_copy_the_rows_of_a_table_that_is_missing_are_lost(engine: Engine) -> None:
    changed(engine, "drop table price")
    report = engine.repair()
    assert report.backup is not None
    assert report.lost == ("The rows of price are lost: flatcap import PATH takes in files of your own.",)
    assert stored(engine, "select (select count(*) from price), (select count(*) from market_cap) > 0") == [(0, True)]


def test_a_column_that_is_missing_is_filled_row_by_row(engine: Engine) -> None:
    prices = stored(engine, PRICES)
    copy = copied(engine)
    changed(engine, "alter table price drop column volume")
    report = engine.repair()
    assert f"9 values of price.volume that could not be read came from {copy.name}." in report.done
    assert report.lost == (NEXT.format("price.volume"),)
    assert stored(engine, PRICES) == prices


def test_a_copy_that_lacks_a_table_is_no_copy(engine: Engine) -> None:
    copy = copied(engine)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("drop table price")
    with pytest.raises(StoreDamaged, match=r"good.backup.*\(price missing\)"):
        engine.restore(copy)
    assert newest_beside(engine.settings.data_dir) is None
