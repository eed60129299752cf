"""The invented market: what is true of it, and what its vendor shows when."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from engine.index.rules import Rules
from tests.yahoo.feed import Feed, Rows
from tests.yahoo.market import Market, close_of, evening, moment
from tests.yahoo.truth import true_levels

NAMES = 12
RULES = Rules(size=5)


@pytest.fixture
def market() -> Market:
    return Market.make(NAMES, 60, date(2024, 6, 28), seed=3)


def day(market: Market, back: int) -> date:
    return market.sessions[-back]


def rows_of(market: Market, symbol: str, now: datetime) -> Rows:
    found = Feed(market).rows(symbol, now)
    assert found is not None
    return found


def closes(market: Market, symbol: str, now: datetime) -> dict[date, float]:
    rows = rows_of(market, symbol, now)
    return dict(zip(rows.days, rows.columns["close"].tolist(), strict=True))


def test_a_market_is_the_same_every_time() -> None:
    now = evening(date(2024, 6, 28))
    once, again = (Market.make(NAMES, 60, seed=5).truth(now) for _ in range(2))
    assert all(once[table].equals(again[table]) for table in once)
    assert not once["price"].equals(Market.make(NAMES, 60, seed=6).truth(now)["price"])


def test_truth_ends_with_the_last_closed_session(market: Market) -> None:
    session = day(market, 3)
    assert market.truth(evening(session))["price"]["session"].max() == session
    assert market.truth(moment(session, 15))["price"]["session"].max() == day(market, 4)


def test_every_cap_is_close_times_shares_of_the_whole_company(market: Market) -> None:
    tables = market.truth(evening(day(market, 1)))
    caps = tables["market_cap"].filter(session=day(market, 1)).select("ticker", "market_cap_usd")
    alpha, class_c = (caps.filter(ticker=ticker)["market_cap_usd"].item() for ticker in ("ALFA", "ALFC"))
    assert alpha == pytest.approx(class_c, rel=0.01)
    reported = tables["shares"].filter(ticker="ZAC").tail(1)["shares_outstanding"].item()
    assert caps.filter(ticker="ZAC")["market_cap_usd"].item() == market.close("ZAC", day(market, 1)) * reported


def test_the_truth_has_an_index(market: Market) -> None:
    levels = true_levels(market.truth(evening(day(market, 1))), RULES)
    assert list(levels) == market.sessions
    assert all(math.isfinite(level) for pair in levels.values() for level in pair)
    assert levels[market.sessions[-1]][1] > levels[market.sessions[-1]][0]


def test_a_split_changes_what_is_shown_and_no_return(market: Market) -> None:
    session, before = day(market, 5), day(market, 6)
    level = true_levels(market.truth(evening(session)), RULES)[session][0]
    shown = closes(market, "ZAC", evening(before))[before]
    market.split("ZAC", session, 4)
    assert closes(market, "ZAC", evening(before))[before] == shown
    assert closes(market, "ZAC", evening(session))[before] == shown / 4
    assert market.close("ZAC", before) == shown
    # Cents are rounded after the split, so that the return is not quite the same.
    assert true_levels(market.truth(evening(session)), RULES)[session][0] == pytest.approx(level, rel=1e-4)


@pytest.mark.parametrize("listed_first", [True, False])
def test_listing_and_adjusting_a_split_can_fall_apart(market: Market, listed_first: bool) -> None:
    session, before = day(market, 5), day(market, 6)
    late = evening(session) + timedelta(hours=2)
    listed, adjusted = (moment(session), late) if listed_first else (late, moment(session))
    plain = closes(market, "ZAC", evening(before))[before]
    market.split("ZAC", session, 2, listed_at=listed, adjusted_at=adjusted)
    rows = rows_of(market, "ZAC", evening(session))
    assert bool(rows.splits) is listed_first
    assert rows.columns["close"][rows.days.index(before)] == (plain if listed_first else plain / 2)
    assert rows.columns["close"][-1] == market.close("ZAC", session)
    rows = rows_of(market, "ZAC", late)
    assert rows.splits
    assert rows.columns["close"][rows.days.index(before)] == plain / 2


def test_adjusted_rows_lead_back_to_what_was_traded(market: Market) -> None:
    market.split("ZAC", day(market, 20), 1, 8)
    market.split("ZAC", day(market, 9), 3, 2)
    market.dividend("ZAC", day(market, 30), 0.25)
    rows = rows_of(market, "ZAC", evening(day(market, 1)))
    later = {at: np.prod([up / down for split, up, down in rows.splits if split > at]) for at in rows.stamps.tolist()}
    true = market.truth(evening(day(market, 1)))
    traded = true["price"].filter(ticker="ZAC")["close"].to_list()
    found = [close * later[at] for at, close in zip(later, rows.columns["close"].tolist(), strict=True)]
    assert found == pytest.approx(traded, rel=1e-12)
    paid = [amount * later[at] for at, amount in rows.dividends]
    assert paid == pytest.approx(true["dividend"].filter(ticker="ZAC")["amount"].to_list(), rel=1e-12)


def test_a_renamed_line_takes_its_history_along(market: Market) -> None:
    session, before = day(market, 5), day(market, 6)
    market.rename("ZAC", session, "NEWC")
    feed = Feed(market)
    assert feed.rows("NEWC", evening(before)) is None
    assert feed.rows("ZAC", evening(session)) is None
    assert rows_of(market, "NEWC", evening(session)).days[0] == market.sessions[0]
    true = market.truth(evening(session))
    assert true["rename"].rows() == [(session, "ZAC", "NEWC")]
    assert true["price"].filter(ticker="ZAC")["session"].max() == before
    assert true["price"].filter(ticker="NEWC")["session"].min() == session


def test_a_delisted_line_is_there_until_it_is_gone(market: Market) -> None:
    last, after = day(market, 6), day(market, 5)
    market.delist("ZAC", last)
    assert rows_of(market, "ZAC", evening(last)).days[-1] == last
    assert Feed(market).rows("ZAC", evening(after)) is None
    true = market.truth(evening(after))
    assert true["delisting"].rows() == [(after, "ZAC")]
    assert true["final_price"].rows() == [(after, "ZAC", market.close("ZAC", last))]


def test_a_halted_line_has_no_bars(market: Market) -> None:
    market.halt("ZAC", [day(market, 4), day(market, 3)])
    shown = rows_of(market, "ZAC", evening(day(market, 2))).days
    assert shown[-2:] == [day(market, 5), day(market, 2)]
    assert market.truth(evening(day(market, 2)))["price"].filter(ticker="ZAC", session=day(market, 3)).is_empty()


def test_a_corrected_close_reads_otherwise_from_then_on(market: Market) -> None:
    session, at = day(market, 5), evening(day(market, 3))
    was = market.close("ZAC", session)
    market.correct("ZAC", session, was + 1, at)
    early, late = at - timedelta(minutes=1), at
    assert closes(market, "ZAC", early)[session] == was
    assert closes(market, "ZAC", late)[session] == was + 1
    read = [market.truth(now)["price"].filter(ticker="ZAC", session=session)["close"].item() for now in (early, late)]
    assert read == [was, was + 1]


def test_a_lost_session_is_away_for_its_time_and_stays_true(market: Market) -> None:
    session, at, back = day(market, 6), evening(day(market, 4)), evening(day(market, 2))
    market.lose(session, at, until=back, symbols=["ZAC"])
    there = [session in rows_of(market, "ZAC", now).days for now in (at - timedelta(minutes=1), at, back)]
    assert there == [True, False, True]
    assert session in rows_of(market, "ZAD", at).days
    assert not market.truth(at)["price"].filter(ticker="ZAC", session=session).is_empty()
    assert market.truth(at, shown=True)["price"].filter(ticker="ZAC", session=session).is_empty()


def test_a_blank_session_is_an_empty_row(market: Market) -> None:
    session = day(market, 6)
    market.lose(session, moment(session), blank=True)
    assert math.isnan(closes(market, "ZAC", evening(day(market, 2)))[session])


def test_a_delayed_session_is_neither_charted_nor_quoted(market: Market) -> None:
    session, late = day(market, 5), moment(day(market, 5), 22)
    market.delay(session, late)
    feed = Feed(market)
    assert rows_of(market, "ZAC", evening(session)).days[-1] == day(market, 6)
    quoted = feed.quote(market.line("ZAC"), evening(session))
    assert quoted is not None
    assert quoted.at == int(close_of(day(market, 6)).timestamp()) + 2
    assert rows_of(market, "ZAC", late).days[-1] == session


def test_a_bar_is_live_until_the_close(market: Market) -> None:
    session = day(market, 5)
    now = moment(session, 14)
    rows = rows_of(market, "ZAC", now)
    assert (rows.days[-1], rows.stamps[-1]) == (session, int(now.timestamp()))
    assert rows.columns["close"][-1] != market.close("ZAC", session)
    assert closes(market, "ZAC", moment(session, 16))[session] == market.close("ZAC", session)
    assert rows_of(market, "ZAC", moment(session, 9)).days[-1] == day(market, 6)


def test_an_ipo_has_nothing_before_its_first_day() -> None:
    market = Market.make(NAMES, 60)
    line = market.line("ZAG")
    first = market.sessions[line.first]
    feed = Feed(market)
    assert line.first == 30
    assert feed.quote(line, evening(market.sessions[29])) is None
    assert rows_of(market, "ZAG", evening(first)).days == [first]
    assert line.reports[0][0] == first


def test_truth_can_be_confined_to_names_and_days(market: Market) -> None:
    true = market.truth(evening(day(market, 1)), since=day(market, 10), names=["ZAA", "ZAB"])
    assert true["price"]["ticker"].unique().sort().to_list() == ["ZAA", "ZAB"]
    assert true["price"]["session"].min() == day(market, 10)
    assert true["shares"]["session"].min() == market.sessions[0]


def test_what_no_index_may_hold_is_not_in_the_truth(market: Market) -> None:
    held = set(market.truth(evening(day(market, 1)))["price"]["ticker"])
    assert held.isdisjoint({"ZAB-PL", "ZAC-WT", "ZOTCF", "NOCAP", "RSP", "^GSPC"})


def test_rates_and_benchmarks_are_of_sessions(market: Market) -> None:
    true = market.truth(evening(day(market, 1)))
    assert set(true["benchmark"]["symbol"]) == {"^GSPC", "^SP500TR", "RSP", "^IRX"}
    assert true["fx"].filter(pl.col("session").is_in(market.sessions)).height == true["fx"].height == 60
