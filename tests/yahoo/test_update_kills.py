"""A fetch that is killed or stopped at any moment, and the next one that goes on from there: the same tables."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.yahoo.forks import Forks, Running
from tests.yahoo.harness import loopback
from tests.yahoo.house import House, Tables, assert_same, small_market
from tests.yahoo.market import Market, evening

TODAY: Final = -20
SIGKILL: Final = -9
COLD_KILLS: Final = 8
LATER_KILLS: Final = 4


def eventful_market() -> Market:
    """Tomorrow a split, a rename, a delisting, a dividend, a correction and a lost session come to light."""
    market = small_market()
    today, day, past = market.sessions[TODAY], market.sessions[TODAY + 1], market.sessions[TODAY - 4]
    market.split("ZAC", day, 4)
    market.rename("ZAD", day, "NEWD")
    market.delist("ZAE", today)
    market.dividend("ZAF", day, 2.5)
    market.correct("ZAH", past, round(market.close("ZAH", past) * 1.03, 2), evening(day))
    market.lose(past, evening(day), symbols=["ZAI"])
    return market


@pytest.fixture(scope="module")
def whole(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tables, Path, Tables]]:
    """The tables of the first evening and of the next one when nothing is killed, and the store between the two."""
    market = eventful_market()
    with loopback(market, evening(market.sessions[TODAY])) as server:
        house = House(server, tmp_path_factory.mktemp("whole"), forks)
        house.update()
        first, between = house.tables(), tmp_path_factory.mktemp("between") / "store"
        house.store.rename(between)
        house.copy_of(between)
        house.next_evening()
        house.update()
        house.assert_true()
        yield first, between, house.tables()


@pytest.fixture
def market() -> Market:
    return eventful_market()


def kill_at(house: House, running: Running, requests: int, seconds: float) -> bool:
    """Kill a command so long after so many requests; False when it had ended by itself before."""
    ends = time.monotonic() + 60
    while house.server.count() < requests and time.monotonic() < ends and running.alive():
        time.sleep(0.002)
    time.sleep(seconds)
    running.kill()
    return running.wait().code == SIGKILL


def kill_and_go_on(house: House, draw: random.Random, kills: int, requests: int) -> int:
    """Kill so many updates at random, then let one end; gives how many were really killed."""
    killed = 0
    for _ in range(kills):
        killed += kill_at(house, house.start("update"), draw.randrange(requests), draw.uniform(0, 0.1))
    house.update()
    return killed


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_a_first_update_that_is_killed_again_and_again_ends_in_the_same_tables(
    empty: House, whole: tuple[Tables, Path, Tables], seed: int
) -> None:
    assert kill_and_go_on(empty, random.Random(seed), COLD_KILLS, 30) >= COLD_KILLS - 1
    assert_same(empty.tables(), whole[0])


@pytest.mark.parametrize("seed", [4, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (5, 6))])
def test_the_next_update_that_is_killed_again_and_again_ends_in_the_same_tables(
    empty: House, whole: tuple[Tables, Path, Tables], seed: int
) -> None:
    empty.copy_of(whole[1])
    empty.next_evening()
    assert kill_and_go_on(empty, random.Random(seed), LATER_KILLS, 20) >= LATER_KILLS - 1
    assert_same(empty.tables(), whole[2])


@pytest.mark.parametrize("seconds", [0.3, 0.6])
def test_a_build_that_is_killed_ends_in_the_same_tables(
    empty: House, whole: tuple[Tables, Path, Tables], seconds: float
) -> None:
    empty.copy_of(whole[1])
    kill_at(empty, empty.start("build", "--full"), 0, seconds)
    assert empty.run("build").code == 0
    assert_same(empty.tables(), whole[0])


def test_ctrl_c_keeps_what_came_and_the_next_update_goes_on(empty: House, whole: tuple[Tables, Path, Tables]) -> None:
    empty.server.latency = 0.03
    running = empty.start("update")
    while empty.server.count("chart") < 8:
        time.sleep(0.005)
    running.interrupt()
    ended = running.wait()
    asked = {each.symbol for each in empty.server.log if each.endpoint == "chart"}
    assert (ended.code, ended.out) == (130, "")
    assert "what has arrived is stored; run it again to go on" in ended.err
    kept = {row[0] for row in empty.rows("select distinct ticker from price")}
    assert len(kept) >= 5
    [run] = [row for row in empty.log() if row["record"] == "run"]
    assert run["outcome"] == "stopped"
    empty.server.latency = 0.0
    empty.update()
    assert {each.symbol for each in empty.server.log if each.endpoint == "chart"}.isdisjoint(kept)
    assert kept <= asked
    assert_same(empty.tables(), whole[0])
