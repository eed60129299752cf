"""Renames by equal prices, delistings by the vendor's own word, and neither on a doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.calendar import sessions_between
from engine.fetching.identity import Rename, delistings, find_rename, is_another, is_near
from engine.fetching.state import FetchState, Held
from engine.frames.schemas import RAW_SCHEMAS
from tests.vendor_replies import price_frame

DAYS = sessions_between(date(2024, 3, 1), date(2024, 4, 30))
PRICES = price_frame({day: 50.0 + place for place, day in enumerate(DAYS)})
LAST = DAYS[20]


def test_a_ticker_with_ten_equal_closes_goes_on_under_the_new_name() -> None:
    assert find_rename("NEW", PRICES, [("OLD", 10, 10, LAST)]) == Rename(DAYS[21], "OLD", "NEW")


@pytest.mark.parametrize(
    "match",
    [
        ("OLD", 9, 9, LAST),
        ("OLD", 20, 19, LAST),
        ("OLD", 1000, 600, LAST),
        ("OLD", 30, 30, date(2024, 5, 1)),
        ("NEW", 30, 30, LAST),
    ],
)
def test_nine_sessions_or_closes_that_differ_make_no_rename(match: tuple[str, int, int, date]) -> None:
    assert find_rename("NEW", PRICES, [match]) is None


def test_a_close_that_was_corrected_since_does_not_hide_a_rename() -> None:
    assert find_rename("NEW", PRICES, [("OLD", 1200, 1198, LAST)]) == Rename(DAYS[21], "OLD", "NEW")


def test_of_a_chain_of_tickers_the_one_that_went_on_longest_is_renamed() -> None:
    matches = [("FIRST", 900, 900, DAYS[3]), ("SECOND", 40, 40, LAST)]
    assert find_rename("THIRD", PRICES, matches) == Rename(DAYS[21], "SECOND", "THIRD")


# -- delistings

STATE = FetchState(
    prices={name: Held(DAYS[0], DAYS[-1]) for name in ("A", "B", "C", "D", "E")} | {"OLD": Held(DAYS[0], LAST)},
    tracked=("A", "B", "C", "D", "E"),
)


def test_a_name_that_is_gone_is_delisted_at_the_session_after_its_last_price() -> None:
    frame, notes = delistings(STATE, {"A": DAYS[-3]}, 100, {"B"})
    assert frame is not None
    assert frame.rows() == [(DAYS[-2], "A")]
    assert frame.schema == RAW_SCHEMAS["delisting"].columns
    assert [(note.kind, note.ticker, note.session) for note in notes] == [("delisting", "A", DAYS[-2])]
    assert notes[0].text == f"A is gone by the vendor's word; its last price is of {DAYS[-3]}."


def test_a_last_price_on_a_friday_ends_on_the_monday() -> None:
    frame, _ = delistings(STATE, {"A": date(2024, 4, 26)}, 100, ())
    assert frame is not None
    assert frame["session"].to_list() == [date(2024, 4, 29)]


def test_names_that_are_listed_renamed_delisted_or_never_had_a_price_are_not_delisted() -> None:
    state = replace(STATE, renamed=frozenset({"B"}), delisted=frozenset({"C"}))
    gone = {"A": DAYS[-1], "B": DAYS[-1], "C": DAYS[-1], "TYPO": DAYS[-1]}
    assert delistings(state, gone, 100, {"A"}) == (None, ())


def test_a_name_that_nobody_follows_and_that_ended_long_ago_is_no_news() -> None:
    assert delistings(STATE, {"OLD": LAST}, 100, ()) == (None, ())
    recent = replace(STATE, prices={**STATE.prices, "OLD": Held(DAYS[0], DAYS[-6])})
    frame, _ = delistings(recent, {"OLD": DAYS[-6]}, 100, ())
    assert frame is not None
    assert frame.rows() == [(DAYS[-5], "OLD")]


def test_many_names_gone_at_once_are_not_believed() -> None:
    frame, notes = delistings(STATE, dict.fromkeys(("A", "B", "C", "D"), DAYS[-1]), 79, ())
    assert frame is None
    assert [note.kind for note in notes] == ["mass-failure"]
    assert notes[0].text == "4 of 79 names are gone at once by the vendor's word; none of it is believed."


@pytest.mark.parametrize(("names", "asked"), [("ABC", 3), ("ABCD", 80), ("ABCDE", 100)])
def test_three_names_or_five_percent_may_be_gone_at_once(names: str, asked: int) -> None:
    frame, notes = delistings(STATE, dict.fromkeys(names, DAYS[-1]), asked, ())
    assert frame is not None
    assert frame["ticker"].to_list() == list(names)
    assert len(notes) == len(names)


# -- replies of another stock


def test_a_reply_is_of_another_stock_when_most_closes_differ() -> None:
    assert is_another([1.0, 1.3, 0.7, 1.2])
    assert not is_another([1.0, 1.0, 0.7, 1.2])
    assert not is_another([1.3, 0.7])
    assert not is_another([1 + 5e-7] * 10)


def test_closes_that_differ_by_a_little_may_be_corrected() -> None:
    assert is_near([1.002, 0.995, 1.5])
    assert not is_near([1.02, 0.97, 1.0])


def test_few_equal_sessions_do_where_the_prices_are_known_to_be_of_another_stock() -> None:
    assert find_rename("USED", PRICES, [("OLD", 5, 5, LAST)]) is None
    assert find_rename("USED", PRICES, [("OLD", 5, 5, LAST)], 5) == Rename(DAYS[21], "OLD", "USED")
