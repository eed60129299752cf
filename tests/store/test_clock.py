"""A clock that goes backwards: data are read, and not changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import ClockBehind
from engine.facade import Engine, open_engine
from engine.settings import Settings
from engine.store.database import Database
from engine.store.ingest import merge_batch
from engine.views.quality import Decision
from tests.store.engines import DAYS, three_names

WRITTEN = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FILES = ("flatcap.duckdb", "last-view.json")
SENTENCE = "The clock of this machine says {:%Y-%m-%d %H:%M} UTC, and the data were changed at 2026-05-04 12:00 UTC."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    market = {name: frame for name, frame in three_names().frames().items() if frame.height}
    Database(tmp_path, clock=lambda: WRITTEN).write(
        lambda session: merge_batch(session, market, at=WRITTEN.replace(tzinfo=None), source="import", detail="test")
    )
    engine_at(tmp_path, timedelta()).build()
    return tmp_path


def engine_at(folder: Path, after: timedelta) -> Engine:
    return open_engine(Settings(data_dir=folder, index_size=2, copies=0), clock=lambda: WRITTEN + after)


def imports(engine: Engine) -> object:
    path = engine.settings.data_dir / "closes.csv"
    path.write_text(f"date,ticker,close\n{DAYS[2]},AA,12\n", encoding="utf-8")
    return engine.import_files([path])


WRITES: dict[str, Callable[[Engine], object]] = {
    "import": imports,
    "build": lambda engine: engine.build(),
    "full build": lambda engine: engine.build(full=True),
    "decide": lambda engine: engine.decide(Decision("issuer", "AA", None, None, "One")),
    "fetch": lambda engine: engine.fetch(),
}


@pytest.mark.parametrize("work", WRITES)
def test_data_are_not_changed_while_the_clock_is_behind_them(folder: Path, work: str) -> None:
    engine = engine_at(folder, -timedelta(days=1, minutes=1))
    before = [(folder / name).read_bytes() for name in FILES]
    with pytest.raises(ClockBehind) as caught:
        WRITES[work](engine)
    assert caught.value.message == SENTENCE.format(WRITTEN - timedelta(days=1, minutes=1))
    assert (caught.value.exit_code, caught.value.hint[:14]) == (4, "set the clock;")
    assert [(folder / name).read_bytes() for name in FILES] == before


def test_data_are_read_and_the_clock_is_told_while_it_is_behind(folder: Path) -> None:
    moment = timedelta(days=-400)
    engine = engine_at(folder, moment)
    assert engine.performance().sessions == tuple(DAYS)
    assert engine.status().clock == SENTENCE.format(WRITTEN + moment)
    check = next(check for check in engine.diagnose() if check.name == "clock")
    assert (check.state, check.text) == ("bad", SENTENCE.format(WRITTEN + moment))


@pytest.mark.parametrize("after", [timedelta(days=-1), timedelta(), timedelta(days=400)])
def test_a_clock_that_is_a_day_behind_or_ahead_is_believed(folder: Path, after: timedelta) -> None:
    engine = engine_at(folder, after)
    assert engine.build(full=True).sessions_total == len(DAYS)
    assert engine.status().clock == ""
    assert next(check.state for check in engine.diagnose() if check.name == "clock") == "good"


def test_a_copy_is_made_and_put_back_whatever_the_clock_says(folder: Path, tmp_path: Path) -> None:
    engine = engine_at(folder, timedelta(days=-400))
    copy = engine.backup(tmp_path / "mine.backup").path
    assert engine.restore(copy).sessions == len(DAYS)
    assert engine.performance().sessions == tuple(DAYS)


def test_a_store_is_mended_whatever_the_clock_says(folder: Path) -> None:
    Database(folder, clock=lambda: WRITTEN).write(
        lambda session: session.connection.execute("update constituent set weight = 7 where ticker = 'AA'")
    )
    engine = engine_at(folder, timedelta(days=-400))
    assert engine.repair().done
    assert not [check.text for check in engine.diagnose() if check.state == "bad" and check.name in ("store", "tables")]
