"""What the engine does to the data is on record with the figures that a person would count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.views.quality import Decision
from tests.fake_market import FakeMarket
from tests.fake_vendor import Feed, feed_at
from tests.fetching.house import House, small_market
from tests.store.engines import DAYS, built, three_names

Told = tuple[str, str, int, int, int, date | None, date | None]


def told(engine: Engine, after: int = 0) -> list[Told]:
    """What is recorded from the ``after``-th record on, the oldest first, without moment, run and command."""
    rows = list(reversed(engine.audit()))[after:]
    return [(r.what, r.detail, r.rows_new, r.rows_changed, r.rows_removed, r.first, r.last) for r in rows]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Three names, three sessions, two places, built."""
    return built(tmp_path / "data", three_names(), index_size=2, provider="import")


def take_in(engine: Engine, folder: Path, name: str, lines: Sequence[str]) -> None:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    engine.import_files([path])


def test_the_first_build_is_all_new(engine: Engine) -> None:
    assert told(engine)[-1] == ("index top100", "3 sessions computed", 3, 0, 0, DAYS[0], DAYS[-1])


def test_a_build_that_has_nothing_to_do_is_not_recorded(engine: Engine) -> None:
    before = engine.audit()
    engine.build()
    assert engine.audit() == before


def test_a_build_from_the_start_changes_every_session(engine: Engine) -> None:
    before = len(engine.audit())
    engine.build(full=True)
    assert told(engine, before) == [("index top100", "3 sessions computed", 0, 3, 0, DAYS[0], DAYS[-1])]


def test_an_import_and_the_build_after_it_are_recorded_one_after_the_other(engine: Engine, tmp_path: Path) -> None:
    before = len(engine.audit())
    take_in(engine, tmp_path, "prices.csv", ["date,ticker,close", f"{DAYS[1]},AA,11.00", f"{DAYS[2]},AA,9.95"])
    engine.build()
    price, index = told(engine, before)
    assert price == ("price", "prices.csv", 0, 1, 0, DAYS[2], DAYS[2])
    assert index[0] == "index top100"
    assert (index[3] > 0, index[6]) == (True, DAYS[2])


def test_a_decision_and_its_withdrawal_are_recorded(engine: Engine) -> None:
    before = len(engine.audit())
    issuer = Decision("issuer", "CC", text="Alpha Holding")
    engine.decide(issuer)
    engine.decide(issuer)
    engine.withdraw(issuer)
    made, back = [row for row in told(engine, before) if not row[0].startswith("index")]
    assert made[0] == back[0] == "decision"
    assert made[2] + made[3] == 1
    assert sum(back[2:5]) == 1
    assert back[1] == f"withdrew {made[1]}"


@pytest.fixture(scope="module")
def market() -> FakeMarket:
    return small_market()


@pytest.fixture(scope="module")
def house(market: FakeMarket, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A store that was filled by one update."""
    house = House(tmp_path_factory.mktemp("audited"), Feed(market))
    house.update()
    return house


@pytest.mark.parametrize("table", ["price", "split", "dividend", "shares", "benchmark", "security"])
def test_a_fetch_is_recorded_with_as_many_rows_as_the_store_has(house: House, table: str) -> None:
    records = [row for row in told(house.engine()) if row[0] == table]
    assert sum(row[2] - row[4] for row in records) == house.rows(f"select count(*) from {table}")[0][0]
    assert [row[3] for row in records if table == "price"] in ([], [0])


def test_the_index_of_an_update_is_recorded_after_its_data(house: House) -> None:
    last = told(house.engine())[-1]
    sessions, first, end = house.rows("select count(*), min(session), max(session) from index_session")[0]
    assert last[0] == "index top100"
    assert (last[5], last[6]) == (first, end)
    assert sum(row[2] for row in told(house.engine()) if row[0] == "index top100") == sessions


def test_a_fetch_that_brings_nothing_is_not_recorded(house: House) -> None:
    before = house.engine().audit()
    house.fetch()
    assert house.engine().audit() == before


def test_what_a_vendor_has_corrected_is_recorded_as_changed(tmp_path: Path) -> None:
    market = small_market()
    house = House(tmp_path, feed_at(market.sessions[-3], market))
    house.fetch()
    before, held = len(house.engine().audit()), _prices(house)
    market.correct(market.tickers()[1], market.sessions[-9], 1.02)
    house.feed.evening(market.sessions[-2])
    house.fetch()
    (record,) = [row for row in told(house.engine(), before) if row[0] == "price"]
    assert record[2:] == (_prices(house) - held, 1, 0, market.sessions[-9], market.sessions[-2])


def _prices(house: House) -> int:
    return int(house.rows("select count(*) from price")[0][0])
