"""Tickers that are left, exchanged and taken over: an index goes by the stocks, on either road."""

from __future__ import annotations

import polars as pl
import pytest

from engine.index.reference import Reference
from engine.index.rules import Rules
from tests.fake_market import FakeMarket, fake_market
from tests.markets import SmallMarket

RULES = Rules(size=10)
CHANGES = {
    "exchanged": {"BAA": "BAB", "BAB": "BAA"},
    "left and taken": {"BAA": "ZZZ", "BAC": "BAA"},
    "handed on": {"BAB": "AAA", "BAC": "BAB"},
    "round": {"BAA": "BAB", "BAB": "BAC", "BAC": "BAA"},
    "handed round": {"BAA": "BAD", "BAD": "BAB", "BAB": "ZZZ"},
}


def levels_of(market: FakeMarket, changes: dict[str, str], number: int = 40) -> tuple[list[float], list[float]]:
    """Levels by the shipped road and by the plain one, with other tickers from a session on."""
    day = market.sessions[number]

    def rows(table: str, *columns: str) -> list[tuple[object, ...]]:
        ticker = pl.when(pl.col("session") >= day).then(pl.col("ticker").replace(changes)).otherwise(pl.col("ticker"))
        return market.frames[table].with_columns(ticker=ticker).select(columns).rows()

    small = SmallMarket(
        market.sessions,
        prices=rows("price", "session", "ticker", "close", "volume"),
        caps=rows("market_cap", "session", "ticker", "market_cap_usd"),
        splits=rows("split", "session", "ticker", "ratio"),
        dividends=rows("dividend", "session", "ticker", "amount"),
        renames=[(day, old, new) for old, new in changes.items()],
    )
    plain = Reference(small.raw(), small.calendar().sessions, RULES).run()
    return small.build(RULES).sessions["level_tr"].to_list(), [one.level_tr for one in plain]


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_tickers_that_change_on_one_day_change_no_level(changes: dict[str, str]) -> None:
    wanted, _ = levels_of(fake_market(sessions=60), {})
    shipped, plain = levels_of(fake_market(sessions=60), changes)
    assert shipped == pytest.approx(wanted, rel=1e-12)
    assert plain == pytest.approx(wanted, rel=1e-12)


def test_a_stock_whose_ticker_another_one_takes_over_leaves_and_keeps_no_session_from_its_level() -> None:
    market = fake_market(sessions=60)
    market.delist("BAA", market.sessions[39])
    shipped, plain = levels_of(market, {"BAC": "BAA"})
    assert len(shipped) == 60
    assert plain == pytest.approx(shipped, rel=1e-12)
