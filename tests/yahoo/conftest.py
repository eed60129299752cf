"""What the tests of whole commands share: the processes that run them, and a store that was filled once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.yahoo.forks import Forks
from tests.yahoo.harness import loopback
from tests.yahoo.house import House, small_market
from tests.yahoo.market import Market, evening
from tests.yahoo.server import LoopbackServer

TODAY = -20
"""Number of the session on whose evening the first fetch is made."""


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    running = Forks()
    yield running
    running.close()


@pytest.fixture
def market() -> Market:
    return small_market()


@pytest.fixture
def vendor(market: Market) -> Iterator[LoopbackServer]:
    with loopback(market, evening(market.sessions[TODAY])) as server:
        yield server


@pytest.fixture
def empty(vendor: LoopbackServer, tmp_path: Path, forks: Forks) -> House:
    """Nothing is stored yet."""
    return House(vendor, tmp_path, forks)


@pytest.fixture(scope="session")
def filled_store(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    market = small_market()
    with loopback(market, evening(market.sessions[TODAY])) as server:
        house = House(server, tmp_path_factory.mktemp("filled"), forks)
        house.update()
        return house.store


@pytest.fixture
def filled(empty: House, filled_store: Path) -> House:
    """All was fetched and built on the evening of ``TODAY``, and it is still that evening."""
    empty.copy_of(filled_store)
    return empty
