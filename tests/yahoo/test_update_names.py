"""Stocks that change their tickers and tickers that change their stocks, through the real command and library."""

from __future__ import annotations

from datetime import date

import pytest

from tests.yahoo.house import House
from tests.yahoo.market import evening

OWNER, HEIR, OTHER = "ZAC", "ZAE", "ZAD"
"""Members of the index."""

NOTES = (
    "select * from fetch_note where kind in ('correction', 'rename', 'reused', 'delisting', 'restated') order by all"
)


def told(house: House) -> set[tuple[str, str]]:
    """What the last fetch found out, but for who came into the universe."""
    return {(kind, ticker) for kind, ticker, _ in house.notes() if kind != "universe"}


def renames(house: House) -> list[tuple[date, str, str]]:
    return [
        (row[0], row[1], row[2])
        for row in house.rows("select session, old_ticker, new_ticker from rename order by all")
    ]


def assert_quiet(house: House, sessions: int = 1) -> None:
    """The next evening is right, and changes nothing of what is stored."""
    for _ in range(sessions):
        before, notes = house.tables()["price"], house.rows(NOTES)
        day = house.next_evening()
        house.update()
        assert [row for row in house.tables()["price"] if row[0] != day] == before
        assert house.rows(NOTES) == notes
        house.assert_true()


def test_a_ticker_that_was_left_and_is_taken_later_stands_for_both_in_turn(filled: House) -> None:
    left = filled.next_evening()
    filled.market.rename(OWNER, left, "NEWX")
    filled.update()
    for _ in range(2):
        filled.next_evening()
        filled.update()
    taken = filled.next_evening()
    filled.market.rename(HEIR, taken, OWNER)
    filled.update()
    assert told(filled) == {("rename", OWNER), ("reused", OWNER)}
    assert renames(filled) == [(left, OWNER, "NEWX"), (taken, HEIR, OWNER)]
    filled.assert_true()
    assert_quiet(filled)


def test_a_ticker_that_is_left_and_taken_on_one_day_stands_for_both_in_turn(filled: House) -> None:
    day = filled.next_evening()
    filled.market.rename(OWNER, day, "NEWX")
    filled.market.rename(HEIR, day, OWNER)
    filled.update()
    assert renames(filled) == [(day, OWNER, "NEWX"), (day, HEIR, OWNER)]
    filled.assert_true()
    assert_quiet(filled)


def test_two_stocks_that_exchange_their_tickers_keep_their_own_returns(filled: House) -> None:
    day = filled.next_evening()
    one, other = filled.market.line(OWNER), filled.market.line(OTHER)
    one.symbols.append((day, OTHER))
    other.symbols.append((day, OWNER))
    filled.market.version += 1
    filled.update()
    assert renames(filled) == [(day, OWNER, OTHER), (day, OTHER, OWNER)]
    filled.assert_true()
    assert_quiet(filled)


def test_a_buyer_that_takes_the_ticker_of_what_it_bought_goes_on_as_itself(filled: House) -> None:
    last, day = filled.day(20), filled.next_evening()
    filled.market.delist(OWNER, last)
    filled.market.rename(HEIR, day, OWNER)
    filled.update()
    assert told(filled) == {("rename", OWNER), ("reused", OWNER)}
    assert filled.rows("select count(*) from delisting") == [(0,)]
    filled.assert_true()
    assert_quiet(filled)


@pytest.mark.parametrize("sessions", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_a_stock_that_has_its_ticker_back_was_always_one(filled: House, sessions: int) -> None:
    left = filled.next_evening()
    filled.market.rename(OWNER, left, "NEWX")
    filled.update()
    for _ in range(sessions - 1):
        filled.next_evening()
        filled.update()
    back = filled.next_evening()
    filled.market.rename("NEWX", back, OWNER)
    filled.update()
    assert told(filled) == {("rename", OWNER)}
    assert renames(filled) == [(left, OWNER, "NEWX"), (back, "NEWX", OWNER)]
    filled.assert_true()
    assert_quiet(filled)


@pytest.mark.parametrize("ratio", [(5, 1), pytest.param((1, 8), marks=pytest.mark.slow)])
def test_a_split_that_is_listed_and_adjusted_late_is_never_a_return(filled: House, ratio: tuple[int, int]) -> None:
    day, later = filled.day(19), evening(filled.day(18))
    filled.market.split(OWNER, day, *ratio, listed_at=later, adjusted_at=later)
    filled.next_evening()
    ended = filled.run("update")
    assert ended.code == 3
    assert told(filled) == {("restated", OWNER)}
    assert filled.rows(f"select count(*) from price where ticker = '{OWNER}' and session = '{day}'") == [(0,)]
    filled.next_evening()
    filled.update()
    assert told(filled) == {("split", OWNER)}
    filled.assert_true()
    assert_quiet(filled)


def test_a_crash_is_taken_at_once(filled: House) -> None:
    day = filled.next_evening()
    filled.market.line(OWNER).value[filled.market.number(day) :] *= 0.2
    filled.market.version += 1
    filled.update()
    assert ("restated", OWNER) not in told(filled)
    filled.assert_true()
    assert_quiet(filled, 1)
