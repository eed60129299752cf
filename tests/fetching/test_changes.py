"""What a vendor changes between two fetches, and what becomes of the index."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.fetching.asks import PRICES
from tests.fake_market import FakeMarket
from tests.fetching.house import House, assert_true, kinds, names_asked


def go_to(house: House, number: int) -> date:
    """Evening of a session, by its number."""
    day = house.feed.market.sessions[number]
    house.feed.evening(day)
    return day


def price_of(house: House, ticker: str, session: date) -> list[float]:
    """The stored close, if any."""
    return [
        row[0] for row in house.rows(f"select close from price where ticker = '{ticker}' and session = '{session}'")
    ]


@pytest.mark.parametrize("ratio", [4.0, 0.1, 1.5])
def test_a_split_overnight_restates_nothing_that_is_stored(fetched: House, ratio: float) -> None:
    day, market = go_to(fetched, 100), fetched.feed.market
    ticker = market.tickers()[0]
    past = f"select * from price where ticker = '{ticker}' and session < '{day}' order by session"
    before = fetched.rows(past)
    market.split(ticker, day, ratio)
    report = fetched.update().fetch
    assert kinds(report) == [("split", ticker)]
    assert report.rows_changed == 0
    assert report.earliest == day
    assert (
        fetched.rows(f"select * from price where ticker = '{ticker}' and session < '{day}' order by session") == before
    )
    assert fetched.rows(f"select ratio from split where session = '{day}'") == [(ratio,)]
    assert_true(fetched, market, day)


def test_a_corrected_close_is_taken_and_the_index_built_again_from_there(fetched: House) -> None:
    day, market = go_to(fetched, 100), fetched.feed.market
    ticker, corrected = market.tickers()[1], market.sessions[94]
    market.correct(ticker, corrected, 1.02)
    update = fetched.update()
    assert kinds(update.fetch) == [("correction", ticker)]
    assert (update.fetch.rows_changed, update.fetch.earliest) == (1, corrected)
    assert update.build is not None
    assert update.build.first == corrected
    assert_true(fetched, market, day)


def test_a_session_that_the_vendor_loses_is_kept_and_told_once(fetched: House) -> None:
    day, market = go_to(fetched, 100), fetched.feed.market
    lost = market.lose(market.sessions[96])
    report = fetched.update().fetch
    assert kinds(report) == [("lost-session", "")]
    assert report.rows_changed == 0
    market.bring_back(lost)
    assert_true(fetched, market, day)


def test_a_session_that_stays_lost_is_kept_on_record_and_told_no_more(fetched: House) -> None:
    market = fetched.feed.market
    ticker = market.tickers()[2]
    market.lose(market.sessions[96], [ticker])
    go_to(fetched, 100)
    assert kinds(fetched.update().fetch) == [("lost-session", ticker)]
    go_to(fetched, 101)
    assert kinds(fetched.update().fetch) == []
    assert [note.kind for note in fetched.engine().fetching().notes] == ["lost-session"]
    assert [one.ticker for one in fetched.engine().coverage().findings if one.kind == "lost-session"] == [ticker]


def test_a_session_that_one_name_loses_is_told_of_it(fetched: House) -> None:
    day, market = go_to(fetched, 100), fetched.feed.market
    ticker = market.tickers()[2]
    lost = market.lose(market.sessions[96], [ticker])
    assert kinds(fetched.update().fetch) == [("lost-session", ticker)]
    market.bring_back(lost)
    assert_true(fetched, market, day)


def test_a_session_that_comes_late_is_taken(empty: House) -> None:
    market = empty.feed.market
    missing = market.sessions[97]
    lost = market.lose(missing)
    first = empty.update()
    assert first.build is not None
    assert first.build.sessions_incomplete == 1
    day = go_to(empty, 100)
    market.bring_back(lost)
    update = empty.update()
    assert kinds(update.fetch) == [("late-session", "")]
    assert update.fetch.earliest == missing
    assert_true(empty, market, day)


def test_a_gap_further_back_than_ten_sessions_is_asked_for_again(empty: House) -> None:
    market = empty.feed.market
    missing, ticker = market.sessions[60], market.tickers()[0]
    lost = market.lose(missing, [ticker])
    empty.update()
    day = go_to(empty, 100)
    market.bring_back(lost)
    empty.update()
    since = {ask.symbol: ask.since for ask in empty.feed.asked if ask.kind == PRICES}
    assert since[ticker] == market.sessions[59]
    assert all(first == market.sessions[89] for symbol, first in since.items() if symbol != ticker)
    assert_true(empty, market, day)


def test_a_delayed_feed_is_no_failure_and_says_how_far_behind_it_is(fetched: House) -> None:
    day = go_to(fetched, 100)
    fetched.feed.behind = 1
    report = fetched.update().fetch
    assert (report.outcome, report.behind, report.through) == ("done", 1, fetched.feed.market.sessions[99])
    assert kinds(report) == [("delayed", "")]
    fetched.feed.behind = 0
    report = fetched.update().fetch
    assert (report.outcome, report.behind, report.through) == ("done", 0, day)
    assert_true(fetched, fetched.feed.market, day)


def test_prices_on_another_basis_are_not_taken_and_asked_for_again(fetched: House) -> None:
    market, ticker = fetched.feed.market, fetched.feed.market.tickers()[3]
    day = go_to(fetched, 100)
    market.restate(ticker, day, 0.5)
    report = fetched.update().fetch
    assert report.outcome == "partial"
    assert [(failure.symbol, failure.kind) for failure in report.failures] == [(ticker, PRICES)]
    assert kinds(report) == [("restated", ticker)]
    assert price_of(fetched, ticker, day) == []
    market.restate(ticker, day, 2.0)
    report = fetched.update().fetch
    assert report.outcome == "done"
    assert names_asked(fetched.feed) == [ticker]
    assert_true(fetched, market, day)


def test_what_a_person_has_imported_is_never_changed(fetched: House, tmp_path: Path) -> None:
    market = fetched.feed.market
    ticker, day = market.tickers()[4], market.sessions[98]
    file = tmp_path / "prices.csv"
    file.write_text(f"date,ticker,close\n{day},{ticker},123.5\n", encoding="utf-8")
    fetched.engine().import_files([file])
    go_to(fetched, 100)
    report = fetched.update().fetch
    assert (report.notes, report.rows_changed) == ((), 0)
    assert price_of(fetched, ticker, day) == [123.5]
    fetched.update(full=True)
    assert price_of(fetched, ticker, day) == [123.5]


def test_a_benchmark_on_another_basis_is_asked_for_whole(fetched: House) -> None:
    day, market = go_to(fetched, 100), fetched.feed.market
    halved = pl.when(pl.col("symbol") == "RSP").then(pl.col("close") / 2).otherwise(pl.col("close"))
    market.put("benchmark", market.frames["benchmark"].with_columns(close=halved))
    report = fetched.fetch()
    assert fetched.feed.asked_for("benchmark").count("RSP") == 2
    assert report.outcome == "done"
    closes = market.of("benchmark", "RSP").select("session", "close").rows()
    known = [row for row in closes if row[0] <= day]
    assert fetched.rows("select session, close from benchmark where symbol = 'RSP' order by session") == known


# -- splits that are listed late


def split_unseen(market: FakeMarket, ticker: str, day: date, ratio: float) -> None:
    """A split that nobody lists: only the price has it, and the shares behind the market cap."""
    market.split(ticker, day, ratio)
    market.put("split", market.frames["split"].filter((pl.col("session") != day) | (pl.col("ticker") != ticker)))


@pytest.mark.parametrize(
    ("ratio", "late"),
    [(5.0, 1), (0.125, 2), *(pytest.param(*case, marks=pytest.mark.slow) for case in ((5.0, 2), (0.125, 1)))],
)
def test_a_split_that_is_listed_late_is_never_a_return(fetched: House, ratio: float, late: int) -> None:
    market, ticker, day = fetched.feed.market, fetched.feed.market.tickers()[1], fetched.feed.market.sessions[100]
    split_unseen(market, ticker, day, ratio)
    for number in range(100, 100 + late):
        go_to(fetched, number)
        report = fetched.update().fetch
        assert (report.outcome, kinds(report)) == ("partial", [("restated", ticker)])
        assert [failure.symbol for failure in report.failures] == [ticker]
        assert price_of(fetched, ticker, day) == []
    market.add("split", [(day, ticker, ratio)])
    last = go_to(fetched, 100 + late)
    report = fetched.update().fetch
    assert (report.outcome, kinds(report)) == ("done", [("split", ticker)])
    assert_true(fetched, market, last)
    last = go_to(fetched, 101 + late)
    assert fetched.update().fetch.notes == ()
    assert_true(fetched, market, last)


def test_a_split_that_is_never_listed_is_taken_after_three_sessions_and_told(fetched: House) -> None:
    market, ticker, day = fetched.feed.market, fetched.feed.market.tickers()[1], fetched.feed.market.sessions[100]
    split_unseen(market, ticker, day, 5.0)
    for number in (100, 102):
        go_to(fetched, number)
        assert fetched.update().fetch.outcome == "partial"
    go_to(fetched, 103)
    report = fetched.update().fetch
    assert (report.outcome, kinds(report)) == ("done", [("restated", ticker)])
    assert price_of(fetched, ticker, day) == market.of("price", ticker).filter(session=day)["close"].to_list()
    go_to(fetched, 104)
    assert fetched.update().fetch.notes == ()


def test_a_price_that_falls_with_its_market_cap_is_taken_at_once(fetched: House) -> None:
    market, ticker, day = fetched.feed.market, fetched.feed.market.tickers()[1], go_to(fetched, 100)
    for table in ("price", "market_cap"):
        market.scale(table, ticker, 0.2, start=day)
    report = fetched.update().fetch
    assert report.outcome == "done"
    assert ("restated", ticker) not in kinds(report)
    assert_true(fetched, market, day)


def test_corrections_of_most_closes_by_a_little_are_corrections(fetched: House) -> None:
    market, ticker = fetched.feed.market, fetched.feed.market.tickers()[1]
    for number in range(90, 100):
        market.correct(ticker, market.sessions[number], 1 + 0.0003 * (number - 80))
    day = go_to(fetched, 100)
    assert kinds(fetched.update().fetch) == [("correction", ticker)]
    assert_true(fetched, market, day)
