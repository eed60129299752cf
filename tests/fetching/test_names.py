"""Names that change, end, come back, or only seem to."""

from __future__ import annotations

from datetime import date

from engine.providers.vendor import UNREACHABLE
from tests.fake_market import FakeMarket
from tests.fetching.house import House, assert_true, kinds, names_asked, small_market


def go_to(house: House, number: int) -> date:
    """Evening of a session, by its number."""
    day = house.feed.market.sessions[number]
    house.feed.evening(day)
    return day


def ended(market: FakeMarket, ticker: str, last: date) -> FakeMarket:
    """The truth of a name that is removed at its last price on the session after it."""
    market.delist(ticker, last)
    after = market.sessions[market.sessions.index(last) + 1]
    market.add("final_price", [(after, ticker, market.of("price", ticker)["close"][-1])])
    return market


def test_a_rename_is_known_by_its_prices_and_changes_no_level(fetched: House) -> None:
    old = fetched.feed.market.tickers()[0]
    fetched.feed.market.rename(old, "NEWX")
    day = go_to(fetched, 100)
    report = fetched.update().fetch
    assert kinds(report) == [("rename", "NEWX"), ("universe", "")]
    assert fetched.rows("select * exclude (ingest_id) from rename") == [(day, old, "NEWX")]
    assert fetched.rows("select min(session) from price where ticker = 'NEWX'") == [(day,)]
    assert fetched.rows("select count(*) from delisting") == [(0,)]
    assert_true(fetched, small_market(), day)


def test_a_renamed_name_goes_on_under_its_new_ticker(fetched: House) -> None:
    old = fetched.feed.market.tickers()[0]
    fetched.feed.market.rename(old, "NEWX")
    go_to(fetched, 100)
    fetched.update()
    fetched.feed.market.correct("NEWX", fetched.feed.market.sessions[97], 1.01)
    day = go_to(fetched, 102)
    report = fetched.update().fetch
    assert old not in names_asked(fetched.feed)
    assert kinds(report) == [("correction", old)]
    truth = small_market()
    truth.correct(old, truth.sessions[97], 1.01)
    assert_true(fetched, truth, day)


def test_more_history_of_a_renamed_name_goes_under_its_old_ticker(empty: House) -> None:
    market = empty.feed.market
    old = market.tickers()[0]
    empty.update(since=market.sessions[40])
    market.rename(old, "NEWX")
    day = go_to(empty, 100)
    empty.update(since=market.sessions[40])
    empty.update(since=market.sessions[0])
    spans = "select ticker, min(session), max(session) from price where ticker in ('NEWX', '{}') group by 1 order by 2"
    assert empty.rows(spans.format(old)) == [(old, market.sessions[0], market.sessions[99]), ("NEWX", day, day)]
    assert_true(empty, small_market(), day)


def test_a_new_name_waits_for_the_answer_of_the_old_one(fetched: House) -> None:
    """Both tickers trade on with equal prices: they are two lines, in whatever order the answers come."""
    market, feed = fetched.feed.market, fetched.feed
    old = market.tickers()[0]
    for table in ("price", "market_cap", "shares", "security"):
        twin = market.of(table, old)
        market.add(table, [tuple("NEWX" if value == old else value for value in row) for row in twin.rows()])
    feed.gone.clear()
    go_to(fetched, 100)
    report = fetched.update().fetch
    assert report.outcome == "done"
    assert fetched.rows("select count(*) from rename") == [(0,)]


def test_a_delisting_by_the_vendors_word_ends_a_name_at_its_last_price(fetched: House) -> None:
    market = fetched.feed.market
    ticker, last = market.tickers()[0], market.sessions[99]
    market.delist(ticker, last)
    fetched.feed.gone.add(ticker)
    day = go_to(fetched, 100)
    report = fetched.update().fetch
    assert kinds(report) == [("delisting", ticker), ("universe", "")]
    assert fetched.rows("select session, ticker from delisting") == [(day, ticker)]
    assert_true(fetched, ended(small_market(), ticker, last), day)
    day = go_to(fetched, 102)
    fetched.update()
    assert ticker not in names_asked(fetched.feed)
    assert_true(fetched, ended(small_market(), ticker, last), day)


def test_a_name_that_is_back_was_never_gone(fetched: House) -> None:
    ticker = fetched.feed.market.tickers()[0]
    fetched.feed.gone.add(ticker)
    go_to(fetched, 100)
    assert ("delisting", ticker) in kinds(fetched.update().fetch)
    fetched.feed.gone.clear()
    day = go_to(fetched, 101)
    report = fetched.update().fetch
    assert ("back-again", ticker) in kinds(report)
    assert fetched.rows("select count(*) from delisting") == [(0,)]
    assert_true(fetched, fetched.feed.market, day)


def test_many_names_gone_at_once_are_not_believed(fetched: House) -> None:
    names = fetched.feed.market.tickers()[:6]
    fetched.feed.gone.update(names)
    go_to(fetched, 100)
    report = fetched.update().fetch
    assert [kind for kind, _ in kinds(report) if kind in ("mass-failure", "delisting")] == ["mass-failure"]
    assert fetched.rows("select count(*) from delisting") == [(0,)]


def test_a_network_error_never_ends_a_name(fetched: House) -> None:
    market = fetched.feed.market
    ticker = market.tickers()[0]
    market.delist(ticker, market.sessions[99])
    fetched.feed.fail(UNREACHABLE, kind="prices", symbol=ticker)
    go_to(fetched, 100)
    report = fetched.update().fetch
    assert report.outcome == "partial"
    assert [failure.symbol for failure in report.failures] == [ticker]
    assert fetched.rows("select count(*) from delisting") == [(0,)]


def test_a_listed_name_without_prices_failed_and_is_not_gone(fetched: House) -> None:
    ticker = fetched.feed.market.tickers()[0]
    fetched.feed.evening(fetched.feed.market.sessions[100])
    fetched.feed.on_ask = lambda ask: fetched.feed.gone.add(ticker) if ask.kind == "prices" else None
    report = fetched.update().fetch
    assert [(failure.symbol, failure.reason) for failure in report.failures] == [(ticker, "listed, but without prices")]
    assert fetched.rows("select count(*) from delisting") == [(0,)]


def test_a_gone_name_is_not_asked_for_twice_on_a_day(fetched: House) -> None:
    names = fetched.feed.market.tickers()[:6]
    fetched.feed.gone.update(names)
    go_to(fetched, 100)
    fetched.fetch()
    assert set(names) <= set(names_asked(fetched.feed))
    assert fetched.fetch().plan.dead == 6
    assert fetched.feed.asked == []
    go_to(fetched, 101)
    fetched.fetch()
    assert set(names) <= set(names_asked(fetched.feed))


def test_a_symbol_that_nobody_knows_is_told_and_not_asked_for_again(fetched: House) -> None:
    report = fetched.fetch(symbols=("NONE",))
    assert [(failure.symbol, failure.reason) for failure in report.failures] == [
        ("NONE", "No data found, symbol may be delisted")
    ]
    assert report.outcome == "partial"
    fetched.fetch(symbols=("NONE",))
    assert fetched.feed.asked == []
