"""A number of a sector is explained as the sum of its companies."""

from __future__ import annotations

import pytest

from engine.errors import DataError
from engine.facade import Engine
from engine.views.explain.catalog import explainable
from engine.views.explanation import Subject
from tests.markets import random_market
from tests.store.engines import built
from tests.store.test_explain import calculated


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    market = random_market(3)
    market.securities = [(*row[:3], None) for row in market.securities]
    return built(tmp_path_factory.mktemp("sectors"), market, index_size=4)


@pytest.mark.parametrize("series", ["PR", "TR"])
@pytest.mark.parametrize("key", [field.key for field in explainable("sectors")])
def test_a_number_of_a_sector_is_the_one_shown_and_its_companies_make_it(market: Engine, key: str, series: str) -> None:
    view = market.contributions(series=series)
    (sector,) = view.sectors  # nothing is known of the companies: they are all of one sector
    found = market.explain(Subject("sectors", key, ticker=sector.sector.upper(), period="all", series=series))
    assert found.value == pytest.approx(getattr(sector, key), rel=1e-12, abs=1e-15)
    assert calculated(found.worked) == pytest.approx(getattr(sector, key), rel=1e-8, abs=1e-11)


def test_a_sector_of_which_nothing_was_held_is_refused_with_those_that_were(market: Engine) -> None:
    with pytest.raises(DataError, match="Nothing of the sector 'Energy' was held") as refused:
        market.explain(Subject("sectors", "contribution", ticker="Energy", period="all"))
    assert "Unknown" in (refused.value.hint or "")


def test_a_sector_has_to_be_named(market: Engine) -> None:
    with pytest.raises(DataError, match="Give a sector"):
        market.explain(Subject("sectors", "weight", period="all"))
