"""Whatever way the same data come in, the derived tables are the same."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.builder import Builder
from engine.events import CancelToken, silent
from engine.index.rows import CHECKPOINT_EVERY
from engine.index.rules import Rules
from engine.store.database import Database
from engine.store.ingest import merge_batch
from tests.markets import random_market

DERIVED = (
    "index_session",
    "constituent",
    "index_change",
    "contribution",
    "listing_spell",
    "market_state",
    "finding",
)
MOMENT = datetime(2026, 1, 1)
RULES = Rules(size=4)

Frames = Mapping[str, pl.DataFrame]


def store(database: Database, frames: Frames) -> None:
    database.write(lambda session: merge_batch(session, frames, at=MOMENT, source="import", detail="test"))


def build(database: Database, *, full: bool = False, rules: Rules = RULES, chunk: int = 2000) -> None:
    Builder(database, "top100", rules, silent, chunk).build(full=full, cancel=CancelToken())


def derived(database: Database) -> dict[str, list[str]]:
    def read(session: Any) -> dict[str, list[str]]:
        execute = session.connection.execute
        return {table: sorted(repr(row) for row in execute(f"select * from {table}").fetchall()) for table in DERIVED}

    return database.read(read)


def in_days(frames: Frames) -> Iterable[dict[str, pl.DataFrame]]:
    """The same rows in batches of a session each; what has no session comes first."""
    yield {table: frame for table, frame in frames.items() if "session" not in frame.columns}
    dated = {table: frame for table, frame in frames.items() if "session" in frame.columns}
    days = sorted({day for frame in dated.values() for day in frame["session"]})
    for day in days:
        batch = {table: frame.filter(pl.col("session") == day) for table, frame in dated.items()}
        yield {table: frame for table, frame in batch.items() if frame.height}


@pytest.mark.parametrize("seed", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_day_by_day_with_incremental_builds_gives_the_tables_of_a_full_build(tmp_path: Path, seed: int) -> None:
    frames = random_market(seed, sessions=96, lines=6).frames()
    whole, grown = Database(tmp_path / "whole"), Database(tmp_path / "grown")
    store(whole, frames)
    build(whole)
    for number, batch in enumerate(in_days(frames)):
        store(grown, batch)
        if "price" in batch and number % 8 == 0:
            build(grown)
    build(grown)
    assert derived(grown) == derived(whole)


def test_the_order_of_batches_and_importing_twice_change_nothing(tmp_path: Path) -> None:
    frames = random_market(11).frames()
    whole, shuffled = Database(tmp_path / "whole"), Database(tmp_path / "shuffled")
    store(whole, frames)
    build(whole)
    batches = [{table: frame} for table, frame in frames.items()] * 2
    random.Random(5).shuffle(batches)
    for batch in batches:
        store(shuffled, batch)
    build(shuffled)
    assert derived(shuffled) == derived(whole)


def test_blocks_of_any_length_give_the_same_tables(tmp_path: Path) -> None:
    database = Database(tmp_path)
    store(database, random_market(4, sessions=230).frames())
    build(database)
    once = derived(database)
    build(database, full=True, chunk=50)
    assert derived(database) == once


def test_a_stock_that_ends_on_a_checkpoint_does_not_come_back(tmp_path: Path) -> None:
    market = random_market(4, sessions=190)
    last = market.sessions[2 * CHECKPOINT_EVERY - 1]
    priced = sorted(row[1] for row in market.prices if row[0] == last)
    market.finals = [(last, ticker, 0.0) for ticker in priced[:3]]
    market.prices = [row for row in market.prices if row[1] not in priced[:3] or row[0] <= last]
    database = Database(tmp_path)
    store(database, market.frames())
    build(database)
    once = derived(database)
    assert sum("delisted at a final price" in row for row in once["index_change"]) > 0
    assert not any(repr(last) in row and repr(ticker) in row for row in once["market_state"] for ticker in priced[:3])
    build(database, full=True, chunk=60)
    assert derived(database) == once


@pytest.mark.parametrize(
    "table",
    ["price", "market_cap", "split", "dividend", "shares", "rename", "security", "accepted_cap", "final_price"],
)
def test_a_late_correction_ends_in_the_tables_of_a_fresh_store(tmp_path: Path, table: str) -> None:
    market = random_market(7, sessions=150)
    market.finals.append((market.sessions[90], "T3", 0.0))
    frames = market.frames()
    late = frames[table].slice(frames[table].height // 2, 1)
    early = {name: frame if name != table else frame.join(late, on=frame.columns, how="anti", nulls_equal=True)
             for name, frame in frames.items()}  # fmt: skip
    fresh, corrected = Database(tmp_path / "fresh"), Database(tmp_path / "corrected")
    store(fresh, frames)
    build(fresh)
    store(corrected, early)
    build(corrected)
    store(corrected, {table: late})
    build(corrected)
    assert derived(corrected) == derived(fresh)


def test_a_changed_value_is_rebuilt_from_its_session_on(tmp_path: Path) -> None:
    frames = random_market(9, sessions=150).frames()
    database = Database(tmp_path)
    store(database, frames)
    build(database)
    row = frames["price"].slice(frames["price"].height * 3 // 4, 1)
    changed = row.with_columns(pl.col("close") * 1.01)
    store(database, {"price": changed})
    report = Builder(database, "top100", RULES, silent).build(full=False, cancel=CancelToken())
    assert 0 < report.sessions_built < report.sessions_total
    once = derived(database)
    build(database, full=True)
    assert derived(database) == once


def test_nothing_new_builds_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path)
    store(database, random_market(2).frames())
    build(database)
    report = Builder(database, "top100", RULES, silent).build(full=False, cancel=CancelToken())
    assert report.sessions_built == 0
    assert report.first is None
    assert report.last is not None


def test_other_rules_rebuild_everything(tmp_path: Path) -> None:
    database = Database(tmp_path)
    store(database, random_market(2).frames())
    build(database)
    report = Builder(database, "top100", Rules(size=3), silent).build(full=False, cancel=CancelToken())
    assert report.full


def test_a_name_or_a_sector_changes_no_level_and_rebuilds_nothing(tmp_path: Path) -> None:
    frames = random_market(2).frames()
    database = Database(tmp_path)
    store(database, frames)
    build(database)
    store(database, {"security": frames["security"].with_columns(sector=pl.lit("Energy"))})
    report = Builder(database, "top100", RULES, silent).build(full=False, cancel=CancelToken())
    assert report.sessions_built == 0


def test_importing_twice_stores_once(tmp_path: Path) -> None:
    frames = random_market(2).frames()
    database = Database(tmp_path)
    store(database, frames)
    again = database.write(lambda session: merge_batch(session, frames, at=MOMENT, source="import", detail="again"))
    assert all(one.rows_new == one.rows_changed == 0 for one in again.values())
    assert all(one.rows_unchanged == frames[table].height for table, one in again.items())


def test_a_row_without_an_optional_value_keeps_the_stored_one(tmp_path: Path) -> None:
    day = date(2024, 1, 2)
    schema = random_market(1).frames()["price"].schema
    full = pl.DataFrame([(day, "AA", 1.0, 3.0, 1.0, 2.0, 500.0)], schema=schema, orient="row")
    bare = pl.DataFrame([(day, "AA", None, None, None, 2.5, None)], schema=schema, orient="row")
    database = Database(tmp_path)
    store(database, {"price": full})
    store(database, {"price": bare})
    rows = database.read(lambda session: session.connection.execute("select high, close, volume from price").fetchall())
    assert rows == [(3.0, 2.5, 500.0)]
