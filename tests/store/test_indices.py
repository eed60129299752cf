"""Several indices of one store: built together, each by itself, and rebuilt only where it is touched."""

from __future__ import annotations

from datetime import date
from math import fsum
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.builder import Builder
from engine.errors import DataError
from engine.events import CancelToken, silent
from engine.facade import Engine
from engine.index.rules import Rules
from engine.indices import of_index
from engine.settings import load_settings
from engine.store.database import Database, Session
from engine.store.ingest import merge_batch
from engine.views.explanation import Subject
from engine.views.snapshot import load_snapshot
from tests.markets import SmallMarket, random_market
from tests.store.engines import CLOSES, DAYS, MOMENT, stored, three_names

DEFINITIONS = """
[top100]
size = 2
[by-cap]
title = "By market cap"
size = 2
weighting = "cap"
[energy]
sectors = ["Energy"]
base_level = 100
base_date = 2024-01-03
"""
SECTORS = {"AA": "Energy", "BB": "Technology", "CC": "energy"}
TABLES = ("index_session", "constituent", "index_change", "contribution", "listing_spell", "market_state", "finding")


def securities(sectors: dict[str, str]) -> list[tuple[Any, ...]]:
    return [(ticker, None, None, sector) for ticker, sector in sectors.items()]


def merge(folder: Path, market: SmallMarket) -> None:
    filled = {name: frame for name, frame in market.frames().items() if frame.height}
    Database(folder).write(lambda session: merge_batch(session, filled, at=MOMENT, source="import", detail="test"))


def opened(folder: Path, definitions: str = DEFINITIONS, index: str | None = None) -> Engine:
    path = folder / "indices.toml"
    path.write_text(definitions, encoding="utf-8")
    settings = load_settings({"data_dir": str(folder), "index": index}, {"FLATCAP_INDICES": str(path)})
    return Engine(settings, Database(folder))


def at(engine: Engine, index: str) -> Engine:
    return Engine(of_index(engine.settings, index), Database(engine.settings.data_dir))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    market = three_names()
    market.securities = securities(SECTORS)
    merge(tmp_path, market)
    return opened(tmp_path)


def derived(database: Database) -> dict[str, list[str]]:
    def read(session: Session) -> dict[str, list[str]]:
        execute = session.connection.execute
        return {table: sorted(repr(row) for row in execute(f"select * from {table}").fetchall()) for table in TABLES}

    return database.read(read)


def rows_of(engine: Engine, index: str) -> dict[str, list[str]]:
    return {
        table: sorted(repr(row[1:]) for row in stored(engine, f"select * from {table} where index_name = '{index}'"))
        for table in TABLES
    }


def test_all_indices_are_built_together_the_chosen_one_first(engine: Engine) -> None:
    reports = at(engine, "energy").build_all()
    assert [report.index for report in reports] == ["energy", "top100", "by-cap"]
    assert [report.sessions_total for report in reports] == [2, 3, 3]
    assert [report.sessions_built for report in engine.build_all()] == [0, 0, 0]


def test_indices_stand_side_by_side_before_and_after_the_first_build(tmp_path: Path, engine: Engine) -> None:
    before = engine.indices()
    assert [(row.index, row.origin, row.last_session, row.outdated) for row in before] == [
        ("top100", "indices.toml", None, ""),
        ("by-cap", "indices.toml", None, ""),
        ("energy", "indices.toml", None, ""),
    ]
    engine.build_all()
    top, by_cap, energy = engine.indices()
    assert (by_cap.title, by_cap.weighting, by_cap.size) == ("By market cap", "cap", 2)
    assert (energy.sectors, energy.base_date, energy.first_session) == (("Energy",), DAYS[1], DAYS[1])
    assert energy.level_pr == pytest.approx(100 * (1 - 0.1 / 2 + 0.05 / 2))  # AA -10 %, CC +5 %
    assert {row.last_session for row in (top, by_cap, energy)} == {DAYS[2]}
    assert (tmp_path / "last-view.json").exists()
    assert load_snapshot(tmp_path, "energy") == at(engine, "energy").performance()


def test_indices_are_told_without_a_store(tmp_path: Path) -> None:
    assert [row.index for row in opened(tmp_path).indices()] == ["top100", "by-cap", "energy"]
    assert not (tmp_path / "flatcap.duckdb").exists()


def test_built_together_they_are_what_each_is_alone(tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    market = random_market(5, sessions=130)
    for folder in (tmp_path, tmp_path / "alone"):
        merge(folder, market)
    together, alone = opened(tmp_path), opened(tmp_path / "alone")
    together.build_all()
    for name in ("energy", "by-cap", "top100"):
        at(alone, name).build()
        assert rows_of(together, name) == rows_of(alone, name), name


def test_another_sector_touches_only_the_indices_of_sectors(tmp_path: Path, engine: Engine) -> None:
    engine.build_all()
    merge(tmp_path, SmallMarket(DAYS, securities=securities(SECTORS | {"CC": "Technology"})))
    assert [row.outdated for row in engine.indices()] == ["", "", "data"]
    reports = {report.index: report.sessions_built for report in engine.build_all()}
    assert reports == {"top100": 0, "by-cap": 0, "energy": 2}
    assert [row.ticker for row in at(engine, "energy").composition().rows] == ["AA"]
    assert [row.outdated for row in engine.indices()] == ["", "", ""]


def test_a_new_name_alone_touches_no_index(tmp_path: Path, engine: Engine) -> None:
    engine.build_all()
    facts = (
        SmallMarket(DAYS, securities=securities(SECTORS)).frames()["security"].with_columns(pl.lit("New").alias("name"))
    )
    Database(tmp_path).write(
        lambda session: merge_batch(session, {"security": facts}, at=MOMENT, source="import", detail="test")
    )
    assert [row.outdated for row in engine.indices()] == ["", "", ""]


def test_a_sector_that_nobody_has_is_refused_with_those_there_are_and_the_others_are_built(
    tmp_path: Path, engine: Engine
) -> None:
    wrong = opened(tmp_path, DEFINITIONS + '[tech]\nsectors = ["Tecnology"]\n')
    reports = wrong.build_all()
    assert [(report.index, report.sessions_built) for report in reports if not report.problem] == [
        ("top100", 3),
        ("by-cap", 3),
        ("energy", 2),
    ]
    assert (reports[3].index, reports[3].last) == ("tech", None)
    assert reports[3].problem == "The index tech takes the sector 'Tecnology', and no company in the store is of it."
    assert reports[3].hint == "did you mean Technology? there are: Energy, Technology, energy"
    assert [row.index for row in wrong.indices() if row.last_session] == ["top100", "by-cap", "energy"]


def test_an_index_without_a_session_says_why(tmp_path: Path, engine: Engine) -> None:
    late = f"Its first session is to be 2030-01-02 or later (base_date), and the last one with prices is {DAYS[-1]}."
    none = "No company that its rules let in has a price and a market cap."
    wanted = "[late]\nbase_date = 2030-01-02\n[amex]\nexchanges = ['AMEX']\n"
    reports = {report.index: report for report in opened(tmp_path, DEFINITIONS + wanted).build_all()}
    assert (reports["late"].problem, reports["amex"].problem, reports["top100"].problem) == (late, none, "")
    alone = at(opened(tmp_path, DEFINITIONS + wanted), "late").build()
    assert (alone.problem, alone.last) == (late, None)
    assert at(opened(tmp_path, DEFINITIONS + wanted), "late").build().problem == late


def test_the_index_that_is_chosen_fails_by_name_and_the_others_are_built(tmp_path: Path, engine: Engine) -> None:
    wrong = at(opened(tmp_path, DEFINITIONS + '[tech]\nsectors = ["Tecnology"]\n'), "tech")
    with pytest.raises(DataError, match="takes the sector 'Tecnology'"):
        wrong.build_all()
    assert [row.index for row in wrong.indices() if row.last_session] == ["top100", "by-cap", "energy"]


def test_a_definition_that_changes_rebuilds_that_index_alone(tmp_path: Path, engine: Engine) -> None:
    engine.build_all()
    other = opened(tmp_path, DEFINITIONS.replace('weighting = "cap"', "buffer = 1"))
    assert [row.outdated for row in other.indices()] == ["", "settings", ""]
    assert {report.index: report.full for report in other.build_all()} == {
        "top100": False,
        "by-cap": True,
        "energy": False,
    }


def test_a_weight_by_cap_is_explained_to_the_last_bit(engine: Engine) -> None:
    engine.build_all()
    by_cap = at(engine, "by-cap")
    caps = [row.market_cap_usd for row in by_cap.composition().rows]
    told = by_cap.explain(Subject("composition", "weight", ticker="AA"))
    assert told.value == caps[0] / fsum(caps) == 675.0 / 937.5
    assert told.formula == "market cap / market cap of all members decided at the close"
    assert {one.field.label: one.value for one in told.inputs}["Market cap of all members decided"] == 937.5


def test_what_a_deletion_would_have_added_goes_by_its_cap(engine: Engine) -> None:
    engine.build_all()
    by_cap = at(engine, "by-cap")
    gone = next(row for row in by_cap.changes().rows if row.kind == "removed")
    closes = CLOSES["BB"]
    expected = -(closes[2] / closes[1] - 1) * 200 / (750 + 250)
    assert (gone.ticker, gone.session) == ("BB", DAYS[1])
    assert gone.effect_pr == pytest.approx(expected, rel=1e-12)
    told = by_cap.explain(Subject("changes", "effect_pr", ticker="BB", session=DAYS[1]))
    assert told.value == gone.effect_pr
    assert told.formula == "- market cap / that of all members × return at the next session"


def test_day_by_day_a_narrowed_index_by_cap_is_that_of_a_full_build(tmp_path: Path) -> None:
    rules = Rules(size=3, weighting="cap", sectors=frozenset({"energy", "technology"}), base_date=date(2023, 12, 4))
    market = random_market(12, sessions=96)
    frames = market.frames()
    grown, whole = Database(tmp_path / "grown"), Database(tmp_path / "whole")

    def build(database: Database) -> None:
        Builder(database, "top100", rules, silent).build(full=False, cancel=CancelToken())

    def take(database: Database, batch: dict[str, pl.DataFrame]) -> None:
        found = {table: frame for table, frame in batch.items() if frame.height}
        database.write(lambda session: merge_batch(session, found, at=MOMENT, source="import", detail="test"))

    take(whole, frames)
    build(whole)
    early = market.sessions[59]
    parts = {name: frame for name, frame in frames.items() if "session" in frame.columns}
    take(grown, {name: frame for name, frame in frames.items() if name not in parts})
    take(grown, {name: frame.filter(pl.col("session") <= early) for name, frame in parts.items()})
    build(grown)
    for first in range(60, 96, 6):
        days = market.sessions[first : first + 6]
        low = market.sessions[first - 1]
        take(
            grown,
            {n: f.filter((pl.col("session") > low) & (pl.col("session") <= days[-1])) for n, f in parts.items()},
        )
        build(grown)
    assert derived(grown) == derived(whole)
