"""What holds for every table: nothing is said of a sound store, and everything that is planted is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.facade import Engine
from engine.store.database import Database, Session
from engine.store.invariants import INVARIANTS, breaches, read_every_block
from tests.store.engines import built, three_names

SQL = Path(__file__).parents[2] / "engine" / "store" / "sql" / "invariants"

DAY = "date '2024-01-03'"
SPELL = "'top100', 77, 'AA'"
STATE = f"'top100', {DAY}, 1, 'AA', {DAY}, {{close}}, 0, 1.0, 'given', 0, null"

PLANTED = {
    "price_keys": "insert into price select * from price where ticker = 'AA'",
    "price_values": f"update price set close = -1 where ticker = 'AA' and session = {DAY}",
    "shares_keys": f"insert into shares values ({DAY}, 'AA', 1, 1), ({DAY}, 'AA', 2, 1)",
    "shares_values": f"insert into shares values ({DAY}, 'AA', 0, 1)",
    "market_cap_keys": "insert into market_cap select * from market_cap where ticker = 'AA'",
    "market_cap_values": "update market_cap set market_cap_usd = 'inf'::double where ticker = 'AA'",
    "raw_keys": "drop table rename cascade; create table rename (session date, old_ticker varchar, new_ticker varchar,"
    f" ingest_id integer); insert into rename values ({DAY}, 'AA', 'X', 1), ({DAY}, 'AA', 'Y', 1)",
    "raw_references": f"insert into fx values ({DAY}, 'EURUSD', 1.1, 99)",
    "split_values": f"insert into split values ({DAY}, 'AA', -2, 1)",
    "dividend_values": "update dividend set amount = 0",
    "benchmark_values": f"insert into benchmark values ({DAY}, 'RSP', 'nan'::double, 1)",
    "fx_values": f"insert into fx values ({DAY}, 'EURUSD', 0, 1)",
    "final_price_values": f"insert into final_price values ({DAY}, 'AA', -0.01, 1)",
    "share_scale_values": f"insert into share_scale values ('AA', {DAY}, 0, 1)",
    "universe_snapshot_values": f"insert into universe_snapshot values ({DAY}, 'AA', 'A', 'NYSE', -1, 1, 1, true)",
    "tickers": f"insert into delisting values ({DAY}, ' ', 1)",
    "rename_values": f"insert into rename values ({DAY}, 'AA', 'AA', 1)",
    "ingest_values": "update ingest set rows_new = -1",
    "refused_row_values": "insert into refused_row values ('f', 'prices', 'r', 'AA', 0, null, null, '', '2024-01-01')",
    "data_version_values": "insert into data_version values (7)",
    "schema_migration_values": "delete from schema_migration where number = 2",
    "audit_values": "insert into audit values (9, now()::timestamp, 'x', 'build', 'prices', '', 0, -1, 0, null, null)",
    "fetch_state_values": "insert into fetch_state values ('prices', 'AA', now()::timestamp, null, 'odd', '', null)",
    "fetch_run_values": "insert into fetch_run values (1, '2024-01-02', '2024-01-01', 'done', 1, 0, 0, 1, null, '')",
    "fetch_note_references": "insert into fetch_note values (5, 'jump', 'AA', null, '')",
    "index_build_values": "update index_build set ingest_id = 99",
    "index_session_keys": "update index_session set ordinal = 7 where ordinal = 2",
    "index_session_dates": "update index_session set session = date '2024-01-06' where ordinal = 2",
    "index_session_levels": "update index_session set level_tr = level_tr * 1.000001 where ordinal = 1",
    "index_session_members": "update index_session set members = 3 where ordinal = 1",
    "index_session_changes": "update index_session set additions = 2 where ordinal = 1",
    "constituent_keys": "insert into constituent select * from constituent where rank = 3",
    "constituent_sessions": "insert into constituent select * replace (date '2024-01-10' as session) from constituent",
    "constituent_weights": f"update constituent set weight = 0.6 where ticker = 'AA' and session = {DAY}",
    "constituent_ranks": f"update constituent set rank = 4 where rank = 3 and session = {DAY}",
    "constituent_caps": f"update constituent set market_cap_usd = 1e9 where rank = 3 and session = {DAY}",
    "constituent_values": f"update constituent set since = null where ticker = 'AA' and session = {DAY}",
    "contribution_keys": "insert into contribution select * from contribution where ticker = 'AA'",
    "contribution_sessions": "insert into contribution select * replace (date '2024-01-10' as session)"
    " from contribution",
    "contribution_sums": "update contribution set contribution_tr = contribution_tr + 1e-6 where ticker = 'AA'",
    "index_change_keys": "insert into index_change select * from index_change where kind = 'added'",
    "index_change_sessions": "update index_change set session = date '2024-01-10'",
    "index_change_members": "update index_change set kind = if(kind = 'added', 'removed', 'added')",
    "listing_spell_values": f"insert into listing_spell values ({SPELL}, {DAY}, {DAY})",
    "market_state_keys": f"insert into market_state values ({STATE.format(close=1)}), ({STATE.format(close=1)})",
    "market_state_values": f"insert into market_state values ({STATE.format(close=0)})",
    "finding_keys": f"insert into finding values ('top100', 'jump', 'AA', {DAY}, date '2024-01-02', 1, 1, '')",
}
"""A statement that breaks each of them."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A store of three names and two places."""
    return built(tmp_path_factory.mktemp("sound"), three_names(), index_size=2)


class Undone(Exception):
    """Takes back what was planted."""


def found_after(database: Database, statement: str) -> dict[str, tuple[int, str]]:
    """What does not hold once a statement has run; the store stays as it is."""
    found: dict[str, tuple[int, str]] = {}

    def plant(session: Session) -> None:
        session.connection.execute(statement)
        found.update({one.invariant.name: (one.rows, one.example) for one in breaches(session)})
        raise Undone

    with pytest.raises(Undone):
        database.write(plant)
    return found


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_what_is_planted_is_found_with_an_example(sound: Engine, name: str) -> None:
    rows, example = found_after(Database(sound.settings.data_dir), PLANTED[name])[name]
    assert rows > 0
    assert example


def test_everything_that_holds_has_something_planted_against_it() -> None:
    assert sorted(one.name for one in INVARIANTS) == sorted(PLANTED)


def test_every_statement_is_of_one_thing_that_holds_and_none_is_left_over() -> None:
    assert sorted(path.stem for path in SQL.glob("*.sql")) == sorted(one.name for one in INVARIANTS)


def test_every_table_is_looked_at(sound: Engine) -> None:
    tables = Database(sound.settings.data_dir).read(read_every_block)
    assert set(tables) == {table for one in INVARIANTS for table in one.tables}


def test_texts_of_breaches_are_told_apart() -> None:
    texts = [one.text for one in INVARIANTS]
    assert len(set(texts)) == len(texts)
    assert all(text[0].isupper() and not text.endswith(".") for text in texts)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"index_size": 1},
        {"index_size": 2, "weighting": "cap"},
        {"index_size": 2, "buffer": 1, "rebalance": "monthly"},
        {"cap_band": 0.0},
    ],
)
def test_a_sound_store_breaks_nothing(tmp_path: Path, settings: dict[str, Any]) -> None:
    engine = built(tmp_path, three_names(), **settings)
    assert Database(engine.settings.data_dir).read(breaches) == ()


@pytest.mark.parametrize("settings", [{"index_size": 20}, {"index_size": 30, "buffer": 5, "rebalance": "monthly"}])
def test_the_demo_market_with_all_that_happens_in_it_breaks_nothing(tmp_path: Path, settings: dict[str, Any]) -> None:
    from engine.settings import Settings

    engine = Engine(Settings(data_dir=tmp_path, **settings), Database(tmp_path))
    engine.load_demo()
    assert Database(tmp_path).read(breaches) == ()


def test_a_store_without_an_index_breaks_nothing(tmp_path: Path) -> None:
    Database(tmp_path).write(lambda _: None)
    assert Database(tmp_path).read(breaches) == ()
