"""A market of two dozen names, and a house that has fetched it once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fake_vendor import feed_at
from tests.fetching.house import House, small_market

EVENING = 99
"""Number of the session after which the first fetch is made."""


@pytest.fixture
def empty(tmp_path: Path) -> House:
    """Nothing is stored yet; it is the evening of session 99."""
    market = small_market()
    return House(tmp_path / "store", feed_at(market.sessions[EVENING], market))


@pytest.fixture(scope="session")
def _fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    market = small_market()
    house = House(tmp_path_factory.mktemp("fetched") / "store", feed_at(market.sessions[EVENING], market))
    house.update()
    return house.folder


@pytest.fixture
def fetched(tmp_path: Path, _fetched: Path) -> House:
    """All was fetched and built on the evening of session 99, and it is still that evening."""
    market = small_market()
    shutil.copytree(_fetched, tmp_path / "store")
    return House(tmp_path / "store", feed_at(market.sessions[EVENING], market))
