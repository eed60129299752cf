"""The real command through the unmodified library, from a vendor on this machine to the right index, day by day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

import pytest

from engine.index.rules import Rules
from tests.yahoo.harness import run_flatcap
from tests.yahoo.house import SETTINGS, House
from tests.yahoo.market import evening, moment

STORED: Final = 91
"""Sessions up to that of the first fetch."""

NAMES: Final = 20
BENCHMARKS: Final = 4
PAIRS: Final = 1
HELD: Final = "ZAC"
"""A member of the index on every session."""


def closes_of(house: House, ticker: str) -> dict[object, float]:
    rows = house.rows(f"select session, close from price where ticker = '{ticker}' order by session")
    return {row[0]: row[1] for row in rows}


# -- the first day and the next one


def test_a_first_update_builds_the_right_index_and_says_so_in_one_line(empty: House) -> None:
    ended = run_flatcap(empty.server, empty.home, "update", settings=SETTINGS)
    assert (ended.returncode, ended.stderr) == (0, "")
    [line] = ended.stdout.splitlines()
    assert line.startswith(f"top100: {NAMES} names and {BENCHMARKS + PAIRS} series asked, ")
    assert line.endswith(f"; {STORED} sessions built, {STORED} sessions to {empty.day(20)}.")
    empty.assert_true()


def test_benchmarks_rates_and_sectors_are_those_of_the_truth(filled: House) -> None:
    true = filled.market.truth(filled.server.clock)
    for table, key, value in (("benchmark", "symbol", "close"), ("fx", "pair", "rate")):
        closes = {row[:2]: row[2] for row in true[table].select("session", key, value).rows()}
        found = {row[:2]: row[2] for row in filled.rows(f"select session, {key}, {value} from {table}")}
        assert found == pytest.approx(closes, rel=1e-6)
    sectors = dict(true["security"].select("ticker", "sector").rows())
    stored = filled.rows("select ticker, sector from security where ticker in (select ticker from price)")
    assert len(stored) == NAMES
    assert {row[0]: row[1] for row in stored} == {row[0]: sectors[row[0]] for row in stored}


def test_an_index_of_domestic_companies_asks_where_each_is_at_home(empty: House) -> None:
    empty.rules = Rules(size=10, domicile="us")
    empty.update()
    assert empty.rows("select distinct country from security where ticker = 'ZAF'") == [("Ireland",)]
    assert ("ZAF",) not in empty.rows("select distinct ticker from constituent where member")
    empty.assert_true()


def test_the_next_day_costs_one_request_a_name_and_the_screen(filled: House) -> None:
    day = filled.next_evening()
    ended = filled.update()
    asked = filled.server.counts()
    assert (asked["screen"], asked["chart"], asked["shares"]) == (1, NAMES + BENCHMARKS + PAIRS, 0)
    assert {each.status for each in filled.server.log} == {200}
    assert max(filled.server.count("chart", line.symbols[-1][1]) for line in filled.market.listings) == 1
    assert ended.out.endswith(f"; 1 session built, {STORED + 1} sessions to {day}.\n")
    filled.assert_true()


def test_the_same_evening_nothing_is_asked(filled: House) -> None:
    before = filled.tables()
    assert filled.update().out.startswith("top100: nothing to fetch, ")
    assert filled.server.counts() == {}
    assert filled.tables() == before


def test_a_week_without_an_update_is_made_up_for(filled: House) -> None:
    filled.go_to(filled.day(6))
    filled.update()
    filled.assert_true()


def test_an_update_during_a_session_takes_no_live_price(filled: House) -> None:
    day, before = filled.day(19), filled.day(20)
    filled.server.clock = moment(day, 13)
    filled.update()
    assert filled.rows("select max(session) from price") == [(before,)]
    assert filled.rows(f"select count(*) from market_cap where session = '{day}'") == [(0,)]
    filled.assert_true()
    filled.go_to(day)
    filled.update()
    filled.assert_true()


# -- what a vendor changes overnight


def test_splits_overnight_change_nothing_that_is_stored(filled: House) -> None:
    splits = {"ZAC": (4, 1), "ZAD": (3, 2), "ZAF": (1, 8)}
    past = {ticker: closes_of(filled, ticker) for ticker in splits}
    day = filled.next_evening()
    for ticker, (numerator, denominator) in splits.items():
        filled.market.split(ticker, day, numerator, denominator)
    filled.update()
    for ticker, before in past.items():
        assert {session: close for session, close in closes_of(filled, ticker).items() if session != day} == before
    stored = filled.rows(f"select ticker, ratio from split where session = '{day}' order by ticker")
    assert stored == [("ZAC", 4.0), ("ZAD", 1.5), ("ZAF", 0.125)]
    assert filled.notes() == {("split", ticker, f"{day}") for ticker in splits}
    filled.assert_true()


def test_a_split_that_is_listed_before_its_prices_are_adjusted_is_right_on_both_evenings(filled: House) -> None:
    day = filled.next_evening()
    filled.market.split(HELD, day, 4, listed_at=moment(day), adjusted_at=evening(filled.day(18)))
    filled.update()
    assert filled.notes() == {("split", HELD, f"{day}")}
    filled.assert_true()
    filled.next_evening()
    assert "noted" not in filled.update().out
    filled.assert_true()


def test_prices_adjusted_for_a_split_that_is_not_listed_yet_wait_for_it(filled: House) -> None:
    past = closes_of(filled, HELD)
    day = filled.next_evening()
    filled.market.split(HELD, day, 10, listed_at=evening(filled.day(18)), adjusted_at=moment(day))
    ended = filled.run("update")
    assert ended.code == 3
    assert f"1 of {NAMES} names failed: {HELD} (prices on another basis than the stored ones" in ended.err
    assert filled.notes() == {("restated", HELD, f"{day}")}
    assert closes_of(filled, HELD) == past
    filled.next_evening()
    filled.update()
    assert filled.notes() == {("split", HELD, f"{day}")}
    filled.assert_true()


def test_a_corrected_close_is_taken_and_the_index_built_again_from_there(filled: House) -> None:
    day, past = filled.next_evening(), filled.day(24)
    close = round(filled.market.close(HELD, past) * 1.07, 2)
    filled.market.correct(HELD, past, close, evening(day))
    ended = filled.update()
    assert ", 1 changed, " in ended.out
    assert f"; 6 sessions built, {STORED + 1} sessions to " in ended.out
    assert closes_of(filled, HELD)[past] == pytest.approx(close, rel=1e-6)
    assert filled.notes() == {("correction", HELD, f"{past}")}
    filled.assert_true()


def test_a_dividend_is_in_the_total_return(filled: House) -> None:
    day = filled.next_evening()
    filled.market.dividend(HELD, day, 7.5)
    filled.update()
    assert filled.rows(f"select amount from dividend where ticker = '{HELD}' and session = '{day}'") == [(7.5,)]
    filled.assert_true()


def test_sessions_that_the_vendor_loses_are_kept_and_told_once(filled: House) -> None:
    before = filled.tables()["price"]
    day, gone, empty_rows = filled.next_evening(), filled.day(23), filled.day(25)
    filled.market.lose(gone, evening(day))
    filled.market.lose(empty_rows, evening(day), blank=True)
    filled.update()
    assert filled.notes() == {("lost-session", "", f"{gone}"), ("lost-session", "", f"{empty_rows}")}
    assert [row for row in filled.tables()["price"] if row[0] != day] == before
    filled.assert_true()


def test_a_session_that_one_name_loses_is_kept_and_told_of_it(filled: House) -> None:
    day, past = filled.next_evening(), filled.day(23)
    filled.market.lose(past, evening(day), symbols=[HELD])
    filled.update()
    assert filled.notes() == {("lost-session", HELD, f"{past}")}
    filled.assert_true()


def test_a_session_that_is_missing_has_no_level_until_it_comes(empty: House) -> None:
    past, back = empty.day(23), evening(empty.day(18))
    empty.market.lose(past, moment(past), until=back)
    assert f"; {STORED - 1} sessions built, {STORED - 1} sessions to " in empty.update().out
    empty.next_evening()
    assert f"; 1 session built, {STORED} sessions to " in empty.update().out
    empty.next_evening()
    assert f"; 6 sessions built, {STORED + 2} sessions to " in empty.update().out
    assert empty.notes() == {("late-session", "", f"{past}")}
    empty.assert_true()


def test_a_session_that_one_name_misses_is_made_up_for_however_old(empty: House) -> None:
    past, back = empty.day(60), evening(empty.day(19))
    empty.market.lose(past, moment(past), until=back, symbols=[HELD])
    empty.update()
    empty.assert_true(shown=True)
    empty.next_evening()
    empty.update()
    assert empty.notes() == {("late-session", HELD, f"{past}")}
    empty.assert_true()


def test_a_renamed_stock_goes_on_under_its_new_ticker(filled: House) -> None:
    day = filled.next_evening()
    filled.market.rename(HELD, day, "NEWC")
    filled.update()
    assert filled.rows("select * exclude ingest_id from rename") == [(day, HELD, "NEWC")]
    assert ("rename", "NEWC", f"{day}") in filled.notes()
    filled.assert_true()
    for _ in range(2):
        filled.next_evening()
        filled.update()
        assert filled.server.count("chart", HELD) == 0
        filled.assert_true()


def test_a_delisted_stock_leaves_at_its_last_close(filled: House) -> None:
    last, day = filled.day(20), filled.next_evening()
    filled.market.delist(HELD, last)
    filled.update()
    assert filled.rows("select * exclude ingest_id from delisting") == [(day, HELD)]
    assert filled.notes() == {("delisting", HELD, f"{day}"), ("universe", "", f"{day}")}
    filled.assert_true()
    filled.next_evening()
    filled.update()
    assert filled.server.count("chart", HELD) == 0
    filled.assert_true()


def test_a_delayed_feed_is_no_failure_and_is_made_up_for(filled: House) -> None:
    before, day = filled.day(20), filled.next_evening()
    late = evening(day) + timedelta(hours=3)
    filled.market.delay(day, late)
    assert f"prices to {before} (1 session behind)" in filled.update().out
    assert filled.notes() == {("delayed", "", f"{day}")}
    filled.assert_true(last=before)
    filled.server.clock = late
    assert f"prices to {day}, " in filled.update().out
    filled.assert_true()


def test_a_delisting_while_the_feed_is_delayed_is_recorded_when_it_is_sure(filled: House) -> None:
    last, day = filled.day(20), filled.next_evening()
    late = evening(day) + timedelta(hours=3)
    filled.market.delist(HELD, last)
    filled.market.delay(day, late)
    filled.update()
    assert filled.rows("select count(*) from delisting") == [(0,)]
    filled.server.clock = late
    filled.update()
    filled.assert_true()
    filled.next_evening()
    filled.update()
    filled.assert_true()


def test_a_newcomer_to_the_exchange_comes_into_the_index(empty: House) -> None:
    first = empty.market.line("ZAG").first
    empty.go_to(empty.market.sessions[first - 1])
    empty.update()
    empty.assert_true()
    day = empty.next_evening()
    empty.update()
    assert empty.notes() == {("universe", "", f"{day}")}
    assert empty.rows("select kind, ticker from index_change where kind = 'added' order by session")[-1][1] == "ZAG"
    empty.assert_true()


# -- what is in the index, and what is said of it


def test_classes_count_once_and_what_is_no_stock_or_has_no_cap_not_at_all(filled: House) -> None:
    members = {row[0] for row in filled.rows("select distinct ticker from constituent where member")}
    assert len(members & {"ALFA", "ALFC"}) == 1
    assert len(members & {"OMAH-A", "OMAH-B"}) == 1
    assert members.isdisjoint({"ZAB-PL", "ZAC-WT", "NOCAP", "ZOTCF"})
    scales = {row[0]: row[1] for row in filled.rows("select ticker, scale from share_scale where scale <> 1")}
    assert scales == pytest.approx({"ALFC": 1 / 0.46, "OMAH-B": 1 / 0.6, "OMAH-A": 1 / 0.4}, rel=1e-6)
    issuers = {row[0]: row[1] for row in filled.rows("select ticker, issuer from security")}
    assert issuers["ALFA"] == issuers["ALFC"] != issuers["OMAH-A"] == issuers["OMAH-B"]
    listed = {row[0] for row in filled.rows("select ticker from universe_snapshot")}
    assert listed >= {"ZAB-PL", "NOCAP", "OMAH-B"}
    priced = {row[0] for row in filled.rows("select distinct ticker from price")}
    assert priced.isdisjoint({"ZAB-PL", "ZAC-WT", "NOCAP"})


def test_sessions_before_the_first_snapshot_are_said_to_be_back_filled(filled: House) -> None:
    filled.next_evening()
    filled.update()
    ended = filled.run("show", "performance", "--format", "json")
    rows = json.loads(ended.out)
    assert {row["session"] for row in rows if not row["backfilled"]} == {f"{filled.day(20)}", f"{filled.day(19)}"}
    assert ended.err == f"back-filled (survivorship-biased) before {filled.day(20)}\n"


def test_symbols_confine_a_fetch_and_are_taken_as_people_write_them(empty: House) -> None:
    ended = empty.run("fetch", "--symbols", "zac,omah.b")
    assert ended.code == 0
    assert empty.server.count("screen") == 0
    assert {row[0] for row in empty.rows("select distinct ticker from price")} == {"ZAC", "OMAH-B"}
    assert closes_of(empty, "ZAC") == pytest.approx(
        {day: empty.market.close("ZAC", day) for day in empty.market.sessions[:-19]}, rel=1e-6
    )


def test_an_earlier_day_makes_the_history_longer(empty: House) -> None:
    since = empty.day(80)
    empty.update("--since", f"{since}")
    empty.assert_true(since=since)
    empty.next_evening()
    empty.update()
    empty.assert_true()


def test_a_symbol_that_does_not_exist_is_named_and_harms_no_other(empty: House) -> None:
    ended = empty.run("fetch", "--symbols", "ZAC,NOSUCH")
    assert ended.code == 3
    assert "1 of 2 names failed: NOSUCH (No data found, symbol may be delisted)." in ended.err
    assert empty.rows("select distinct ticker from price") == [("ZAC",)]
