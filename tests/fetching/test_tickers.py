"""Stocks that change their tickers and tickers that change their stocks: no return ever joins two of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.reports import FetchReport
from tests.fake_market import FakeMarket
from tests.fake_vendor import feed_at
from tests.fetching.house import House, Row, assert_true, kinds, small_market
from tests.fetching.test_names import ended, go_to

OWNER, HEIR, OTHER, SMALL = "BAA", "BAC", "BAE", "BAT"
"""Three members of the index, and a company that is too small for it."""


def told(report: FetchReport) -> set[tuple[str, str]]:
    """Notes but for those about who came into the universe."""
    return {note for note in kinds(report) if note[0] != "universe"}


def renames(house: House) -> list[tuple[date, str, str]]:
    return [
        (row[0], row[1], row[2])
        for row in house.rows("select session, old_ticker, new_ticker from rename order by all")
    ]


def assert_quiet(house: House, truth: FakeMarket, number: int, sessions: int = 1) -> None:
    """The next evening brings its session, and nothing else."""
    for later in range(number + 1, number + 1 + sessions):
        day = go_to(house, later)
        report = house.update().fetch
        assert (report.outcome, told(report), report.rows_changed) == ("done", set(), 0)
        assert_true(house, truth, day)


# -- a ticker that another stock has got


@pytest.mark.parametrize("heir", [HEIR, pytest.param(SMALL, marks=pytest.mark.slow)])
def test_a_ticker_that_was_left_and_is_taken_later_stands_for_both_in_turn(fetched: House, heir: str) -> None:
    market = fetched.feed.market
    market.rename(OWNER, "NEWX")
    left = go_to(fetched, 100)
    fetched.update()
    for number in (101, 102):
        go_to(fetched, number)
        fetched.update()
    market.rename(heir, OWNER)
    taken = go_to(fetched, 103)
    report = fetched.update().fetch
    assert told(report) == {("rename", OWNER), ("reused", OWNER)}
    assert renames(fetched) == [(left, OWNER, "NEWX"), (taken, heir, OWNER)]
    assert report.outcome == "done"
    assert_true(fetched, small_market(), taken)
    assert_quiet(fetched, small_market(), 103)


def test_a_ticker_that_is_left_and_taken_on_one_day_stands_for_both_in_turn(fetched: House) -> None:
    market = fetched.feed.market
    market.rename(OWNER, "NEWX")
    market.rename(HEIR, OWNER)
    day = go_to(fetched, 100)
    report = fetched.update().fetch
    assert told(report) == {("rename", "NEWX"), ("rename", OWNER), ("reused", OWNER)}
    assert renames(fetched) == [(day, OWNER, "NEWX"), (day, HEIR, OWNER)]
    assert_true(fetched, small_market(), day)
    assert_quiet(fetched, small_market(), 100)


def test_two_stocks_that_exchange_their_tickers_keep_their_own_returns(fetched: House) -> None:
    fetched.feed.market.swap(OWNER, OTHER)
    day = go_to(fetched, 100)
    report = fetched.update().fetch
    assert {note for note in told(report) if note[0] == "rename"} == {("rename", OWNER), ("rename", OTHER)}
    assert renames(fetched) == [(day, OWNER, OTHER), (day, OTHER, OWNER)]
    assert_true(fetched, small_market(), day)
    assert_quiet(fetched, small_market(), 100)


def test_a_chain_that_nobody_looked_at_for_a_week_is_the_same_index(fetched: House) -> None:
    market = fetched.feed.market
    market.rename(OWNER, "NEWX")
    market.rename(HEIR, OWNER)
    market.rename(OTHER, HEIR)
    day = go_to(fetched, 104)
    fetched.update()
    assert_true(fetched, small_market(), day)
    assert_quiet(fetched, small_market(), 104)


def test_a_buyer_that_takes_the_ticker_of_what_it_bought_goes_on_as_itself(fetched: House) -> None:
    market = fetched.feed.market
    last = market.sessions[99]
    market.forget(OWNER)
    market.rename(HEIR, OWNER)
    day = go_to(fetched, 100)
    report = fetched.update().fetch
    assert told(report) == {("rename", OWNER), ("reused", OWNER)}
    assert fetched.rows("select count(*) from delisting") == [(0,)]
    truth = ended(small_market(), OWNER, last)
    assert_true(fetched, truth, day)
    assert_quiet(fetched, truth, 100)


def test_a_ticker_that_an_unknown_stock_has_got_ends_what_had_it(fetched: House) -> None:
    """The new stock is too small for the index: its first session, which is left out, changes no level."""
    market, truth = fetched.feed.market, ended(small_market(), OWNER, small_market().sessions[99])
    history = market.of("price", SMALL).rows()
    market.forget(OWNER)
    add_stranger(market, history)
    day = go_to(fetched, 100)
    report = fetched.update().fetch
    assert (report.outcome, told(report)) == ("done", {("reused", OWNER)})
    assert fetched.rows("select session, ticker from delisting") == [(day, OWNER)]
    assert_true(fetched, truth, day)
    assert_quiet(fetched, truth, 100)
    firsts = fetched.rows(f"select min(session) from price where ticker = '{OWNER}' and session >= '{day}'")
    assert firsts == [(market.sessions[101],)]
    shares = fetched.rows(f"select min(shares_outstanding) from shares where ticker = '{OWNER}' and session < '{day}'")
    assert shares[0][0] > 2e10, "those of the old company stay"


def add_stranger(market: FakeMarket, history: list[Row]) -> None:
    """A company that nobody has followed, with the ticker of the owner."""
    rows = [(day, OWNER, *(value * 0.37 for value in bar[:4]), bar[4]) for day, _, *bar in history]
    market.add("price", rows)
    market.add("market_cap", [(row[0], OWNER, 1e9 * row[5]) for row in rows])
    market.add("shares", [(rows[0][0], OWNER, 1e9)])
    market.add("security", [(OWNER, "Stranger Inc.", "Energy", "Oil", "NYSE", None, "US", "common stock")])


def test_many_tickers_with_other_prices_at_once_are_not_believed(fetched: House) -> None:
    market = fetched.feed.market
    names = market.tickers()[:8]
    prices = market.frames["price"]
    number = pl.col("ticker").replace_strict(names, range(8), default=None)
    wrong = 1 + 0.1 * (1 + number + pl.col("session").dt.day() % 5)
    market.put(
        "price",
        prices.with_columns(close=pl.when(number.is_not_null()).then(pl.col("close") * wrong).otherwise("close")),
    )
    go_to(fetched, 100)
    report = fetched.update().fetch
    assert report.outcome == "partial"
    assert {failure.symbol for failure in report.failures} == set(names)
    assert fetched.rows("select count(*) from delisting") == [(0,)]
    market.put("price", prices)
    assert fetched.update().fetch.outcome == "done"
    assert_true(fetched, small_market(), market.sessions[100])


# -- back again


@pytest.mark.parametrize("back", [101, pytest.param(103, marks=pytest.mark.slow)])
def test_a_stock_that_has_its_ticker_back_was_always_one(fetched: House, back: int) -> None:
    market = fetched.feed.market
    market.rename(OWNER, "NEWX")
    left = go_to(fetched, 100)
    fetched.update()
    for number in range(101, back):
        go_to(fetched, number)
        fetched.update()
    market.rename("NEWX", OWNER)
    day = go_to(fetched, back)
    report = fetched.update().fetch
    assert told(report) == {("rename", OWNER)}
    assert renames(fetched) == [(left, OWNER, "NEWX"), (day, "NEWX", OWNER)]
    assert_true(fetched, small_market(), day)
    assert_quiet(fetched, small_market(), back)


def test_a_stock_that_has_its_ticker_back_after_a_month_was_always_one(empty: House, tmp_path: Path) -> None:
    market = empty.feed.market
    plain = House(tmp_path / "plain", feed_at(market.sessions[80], small_market()))
    for number in (80, 81, 95, 110, 111, 112):
        if number in (81, 111):
            market.rename(*((OWNER, "NEWX") if number == 81 else ("NEWX", OWNER)))
        go_to(empty, number)
        go_to(plain, number)
        more = told(empty.update().fetch) - told(plain.update().fetch)
        assert more == {81: {("rename", "NEWX")}, 111: {("rename", OWNER)}}.get(number, set())
        assert empty.levels() == plain.levels()


def test_a_stock_that_is_listed_under_another_symbol_for_a_day_is_not_taken_twice(fetched: House) -> None:
    """The old symbol has its prices all the while: nothing has changed its name."""
    market = fetched.feed.market
    for table in ("price", "market_cap", "shares", "security"):
        twin = market.of(table, OWNER)
        market.add(table, [tuple("GLITCH" if value == OWNER else value for value in row) for row in twin.rows()])
    caps = market.frames["market_cap"]
    market.put("market_cap", caps.filter(pl.col("ticker") != OWNER))
    day = go_to(fetched, 100)
    report = fetched.update().fetch
    assert report.outcome == "partial"
    assert [(one.symbol, one.reason) for one in report.failures] == [
        ("GLITCH", f"its prices are those of {OWNER}, which trades on")
    ]
    assert renames(fetched) == []
    assert_true(fetched, small_market(), day)
    market.forget("GLITCH")
    market.put("market_cap", caps.filter(pl.col("ticker") != "GLITCH"))
    assert_quiet(fetched, small_market(), 100)
