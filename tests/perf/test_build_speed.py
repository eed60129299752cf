"""How long a build takes beside what DuckDB needs to read the columns it uses: ``pytest -m slow -s``.

``MARKET_DATA`` may name a folder of real files; the made market is measured always.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from statistics import median

import polars as pl
import pytest

from engine.builder import Builder
from engine.calendar import sessions_between
from engine.events import CancelToken, silent
from engine.frames.schemas import MARKET_CAP, PRICE
from engine.index.rules import Rules
from engine.store.database import Database, Session
from engine.store.ingest import merge_batch
from tests.real_market import market_folder

pytestmark = pytest.mark.slow

COLUMNS = """select p.session, p.close, m.market_cap_usd
    from price p join market_cap m on m.session = p.session and m.ticker = p.ticker"""
MOMENT = datetime(2026, 1, 1)


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Median of a few runs, after one that does not count."""
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return median(found)


def read_columns(session: Session) -> int:
    return pl.DataFrame(session.connection.sql(COLUMNS)).height


def made_market(lines: int, first: date, last: date) -> dict[str, pl.DataFrame]:
    """Prices that wander by a fixed rule, caps in proportion; as large as asked for."""
    sessions = pl.DataFrame({"session": sessions_between(first, last)}).with_row_index("t")
    names = pl.DataFrame({"ticker": [f"N{number:04}" for number in range(lines)]}).with_row_index("i")
    grid = sessions.join(names, how="cross").with_columns(
        close=20 + 5 * ((pl.col("t") * 0.013 + pl.col("i")).sin() + (pl.col("t") * 0.31 * pl.col("i")).sin() * 0.05)
    )
    frame = grid.with_columns(market_cap_usd=pl.col("close") * (pl.col("i") + 1) * 1e8, volume=pl.lit(1e6))
    blank = [pl.lit(None, pl.Float64).alias(name) for name in ("open", "high", "low")]
    return {
        "price": frame.with_columns(blank).select(list(PRICE.columns)),
        "market_cap": frame.select(list(MARKET_CAP.columns)),
    }


def store(database: Database, frames: dict[str, pl.DataFrame]) -> None:
    database.write(lambda session: merge_batch(session, frames, at=MOMENT, source="import", detail=""))


def report(name: str, database: Database) -> tuple[float, float]:
    builder = Builder(database, "top100", Rules(), silent)
    floor = seconds(lambda: database.read(read_columns))
    full = seconds(lambda: builder.build(full=True, cancel=CancelToken()))
    print(f"\n{name}: read {floor * 1e3:.0f} ms, full build {full * 1e3:.0f} ms, ratio {full / floor:.1f}")
    return floor, full


def append_one(database: Database, frames: dict[str, pl.DataFrame]) -> float:
    """Seconds to build one session more, again and again with other prices for it."""
    builder = Builder(database, "top100", Rules(), silent)
    found = []
    for number in range(1, 7):
        changed = {
            table: frame.with_columns(pl.col(value) * (1 + number / 1000))
            for (table, frame), value in zip(frames.items(), ("close", "market_cap_usd"), strict=True)
        }
        store(database, changed)
        start = time.perf_counter()
        assert builder.build(full=False, cancel=CancelToken()).sessions_built == 1
        found.append(time.perf_counter() - start)
    return median(found[1:])


def test_a_made_market_of_five_years(tmp_path: Path) -> None:
    frames = made_market(500, date(2021, 1, 4), date(2025, 12, 31))
    last = pl.col("session") == date(2025, 12, 31)
    database = Database(tmp_path)
    store(database, frames)
    _, full = report("500 lines x 5 years", database)
    one = append_one(database, {table: frame.filter(last) for table, frame in frames.items()})
    print(f"one more session {one * 1e3:.0f} ms, {full / one:.0f} times less than all")
    assert one < full


def test_a_real_market(tmp_path: Path) -> None:
    from engine.facade import open_engine
    from engine.settings import Settings

    folder = market_folder()
    engine = open_engine(Settings(data_dir=tmp_path))
    start = time.perf_counter()
    rows = sum(file.rows_read for file in engine.import_files([folder]).files)
    spent = time.perf_counter() - start
    print(f"\nimport {rows:,} rows, {rows / spent:,.0f} a second, validation included")
    database = Database(tmp_path)
    report("real market", database)
    prices = database.read(
        lambda session: pl.DataFrame(session.connection.sql("select * exclude ingest_id from price"))
    )
    caps = database.read(
        lambda session: pl.DataFrame(session.connection.sql("select * exclude ingest_id from market_cap"))
    )
    last = pl.col("session") == prices["session"].max()
    one = append_one(database, {"price": prices.filter(last), "market_cap": caps.filter(last)})
    print(f"one more session {one * 1e3:.0f} ms")
    assert rows > 0
