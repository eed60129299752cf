"""Every fault of a vendor at a tenth of all requests: the right index, or an end that names what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from engine.index.rules import Rules
from tests.yahoo import faults
from tests.yahoo.forks import Ended, Forks
from tests.yahoo.harness import loopback
from tests.yahoo.house import House, Tables, assert_same
from tests.yahoo.market import Market, evening

TODAY: Final = -10
RATE: Final = 0.1
SMALL: Final = Rules(size=6)

WITHOUT_TRY: Final = (faults.GONE, faults.NO_WINDOW, faults.NO_ZONE)
"""Faults that no second try is made for: what they strike is named, and asked for by the next update."""

INCOMPLETE: Final = (faults.NULL_CLOSE, faults.NULL_ROW, faults.STALE)
"""Answers that look good and lack a session or more of a name."""

ONE_OF_EACH: Final = (
    faults.RATE_LIMITED,
    faults.UNAUTHORIZED,
    faults.ERROR_503,
    faults.ERROR_500_HTML,
    faults.RIGHT_BACK,
    faults.TRUNCATED,
    faults.SHORT_BODY,
    faults.NULL_CLOSE,
    faults.STALE,
    *WITHOUT_TRY,
)
"""Faults that surface in ways of their own."""

OF_A_SCREEN: Final = (faults.NO_CAPS, faults.NO_QUOTES)


def faulty_market() -> Market:
    return Market.make(12, 70, seed=9)


@pytest.fixture
def market() -> Market:
    return faulty_market()


@pytest.fixture
def house(market: Market, tmp_path: Path, forks: Forks) -> Iterator[House]:
    with loopback(market, evening(market.sessions[TODAY])) as server:
        yield House(server, tmp_path, forks, SMALL)


@pytest.fixture(scope="module")
def clean(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables after an update without a fault."""
    market = faulty_market()
    with loopback(market, evening(market.sessions[TODAY])) as server:
        house = House(server, tmp_path_factory.mktemp("clean"), forks, SMALL)
        house.update()
        house.assert_true()
        return house.tables()


def assert_right_or_honest(house: House, ended: Ended, clean: Tables) -> None:
    """The right tables and one line; or exit 3, with what failed by name, and the right tables after another update."""
    if ended.code == 0:
        assert (ended.err, ended.out.count("\n")) == ("", 1)
        assert_same(house.tables(), clean)
        return
    assert ended.code == 3
    assert_named(house, ended)
    house.server.faults.clear()
    house.update()
    assert_same(house.tables(), clean)


def assert_named(house: House, ended: Ended) -> None:
    """What failed is there by name: all of it in the log, and up to five of it in the error, with the next step."""
    assert re.fullmatch(r"flatcap: .+[^.]\.\n  hint: .+\n", ended.err), ended
    if ended.err.startswith("flatcap: Yahoo "):
        return
    failed = {row["symbol"] or row["kind"] for row in house.log() if row["record"] == "failure"}
    assert sum(name in ended.err for name in failed) >= min(len(failed), 5) > 0, ended


def of_each_sort(*kinds: str) -> list[Any]:
    """Each kind as a parameter; those that surface just as another one does only among the slow tests."""
    return [kind if kind in ONE_OF_EACH else pytest.param(kind, marks=pytest.mark.slow) for kind in kinds]


@pytest.mark.parametrize(
    "kind",
    of_each_sort(*faults.PASSING, faults.RATE_LIMITED_UNTIL, faults.REFUSED, faults.NO_BARS, *WITHOUT_TRY),
)
def test_a_fault_at_a_tenth_of_all_requests_harms_nothing_that_is_not_named(
    house: House, clean: Tables, kind: str
) -> None:
    house.server.faults.plant(kind, rate=RATE, seed=1)
    ended = house.run("update")
    assert house.server.faults.struck[kind] > 0
    assert_right_or_honest(house, ended, clean)


@pytest.mark.parametrize("seed", [2, 3, pytest.param(4, marks=pytest.mark.slow)])
def test_faults_of_every_kind_at_once_harm_nothing_that_is_not_named(house: House, clean: Tables, seed: int) -> None:
    every = [*faults.PASSING, *WITHOUT_TRY, *OF_A_SCREEN]
    for number, kind in enumerate(every):
        house.server.faults.plant(kind, rate=RATE * 2 / len(every), seed=100 * seed + number)
    ended = house.run("update")
    assert len(house.server.faults.struck) > 3
    assert_right_or_honest(house, ended, clean)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
@pytest.mark.parametrize("kind", [*faults.PASSING, faults.REFUSED, *WITHOUT_TRY])
def test_a_fault_on_the_next_evening_harms_nothing_that_is_not_named(house: House, kind: str, seed: int) -> None:
    house.update()
    house.next_evening()
    house.server.faults.plant(kind, rate=RATE, seed=seed)
    if house.run("update").code != 0:
        house.server.faults.clear()
        house.update()
    house.assert_true()


@pytest.mark.parametrize("kind", of_each_sort(*INCOMPLETE))
def test_sessions_that_answers_lack_are_made_up_for(house: House, clean: Tables, kind: str) -> None:
    house.server.faults.plant(kind, "chart", rate=3 * RATE, seed=1)
    assert house.run("update").code == 0
    assert house.server.faults.struck[kind] > 0
    house.server.faults.clear()
    house.update("--full")
    assert_same(house.tables(), clean)


@pytest.mark.parametrize("kind", of_each_sort(*INCOMPLETE))
def test_sessions_that_answers_lack_on_the_next_evening_are_kept(house: House, kind: str) -> None:
    house.update()
    house.next_evening()
    house.server.faults.plant(kind, "chart", rate=3 * RATE, seed=1)
    assert house.run("update").code == 0
    assert house.server.faults.struck[kind] > 0
    house.server.faults.clear()
    house.update()
    house.assert_true()


@pytest.mark.parametrize("kind", [*OF_A_SCREEN, faults.GARBAGE_CRUMB])
def test_a_list_of_the_universe_that_cannot_be_used_is_asked_for_again(house: House, clean: Tables, kind: str) -> None:
    endpoint = "crumb" if kind == faults.GARBAGE_CRUMB else "screen"
    house.server.faults.plant(kind, endpoint, times=1)
    house.update()
    assert house.server.faults.struck[kind] == 1
    assert_same(house.tables(), clean)


@pytest.mark.parametrize("kind", of_each_sort(faults.ERROR_503, faults.HTML, faults.REFUSED))
def test_a_vendor_that_is_down_ends_an_update_that_says_so(house: House, clean: Tables, kind: str) -> None:
    house.server.faults.plant(kind)
    ended = house.run("update")
    assert (ended.code, ended.out) == (3, "")
    assert re.match("flatcap: Yahoo (gives no list of the universe|cannot be reached): ", ended.err)
    house.server.faults.clear()
    house.update()
    assert_same(house.tables(), clean)


def test_without_a_new_list_of_the_universe_the_last_one_does(house: House) -> None:
    house.update()
    house.next_evening()
    house.server.faults.plant(faults.ERROR_503, "screen")
    ended = house.run("update")
    assert ended.code == 3
    assert "The universe's screen failed (" in ended.err
    house.assert_true()


def test_a_limit_that_lasts_ends_an_update_that_the_next_one_goes_on_with(house: House, clean: Tables) -> None:
    house.server.faults.plant(faults.RATE_LIMITED, "chart", symbol="ZAH")
    ended = house.run("update")
    assert ended.code == 3
    assert re.search(r"too many requests; \d+ names? not asked for", ended.err)
    [run] = [row for row in house.log() if row["record"] == "run"]
    assert (run["outcome"], run["text"]) == ("stopped", "too many requests")
    kept = {row[0] for row in house.rows("select distinct ticker from price")}
    assert kept
    house.server.faults.clear()
    house.update()
    assert {each.symbol for each in house.server.log if each.endpoint == "chart"}.isdisjoint(kept)
    assert_same(house.tables(), clean)


@pytest.mark.slow
def test_two_hosts_of_three_are_not_enough_for_a_list_and_enough_for_prices(house: House) -> None:
    house.update()
    house.next_evening()
    house.server.faults.plant(faults.REFUSED, "connect", "query1.finance.yahoo.com")
    assert house.run("update").code == 3
    house.assert_true()


@pytest.mark.slow
def test_an_answer_that_never_comes_is_given_up(house: House, clean: Tables) -> None:
    house.server.faults.plant(faults.HANG, "chart", "ZAC", times=1)
    house.update()
    assert_same(house.tables(), clean)
