"""Prices that move like those of a split that nobody lists: the shares behind the market cap tell."""

from __future__ import annotations

from datetime import date

import pytest

from engine.calendar import sessions_between
from engine.fetching.jumps import Jump, Step, find_step, jump_of
from engine.fetching.state import Listed
from tests.vendor_replies import event_frame, price_frame

DAYS = sessions_between(date(2024, 3, 1), date(2024, 3, 29))
STORED = price_frame({DAYS[0]: 100.0, DAYS[1]: 102.0})
NONE = event_frame("split", {})


def listed(price: float, shares: float) -> Listed:
    return Listed("ACME", "Acme", price * shares, price)


def test_the_largest_move_of_new_closes_is_found() -> None:
    fresh = price_frame({DAYS[1]: 102.0, DAYS[2]: 101.0, DAYS[3]: 20.2, DAYS[4]: 21.0})
    step = find_step(STORED, fresh, NONE)
    assert step is not None
    assert step.session == DAYS[3]
    assert step.size == pytest.approx(-1.609, abs=1e-3)


@pytest.mark.parametrize(
    ("closes", "splits"),
    [({DAYS[2]: 82.0}, {}), ({DAYS[2]: 25.5}, {DAYS[2]: 4.0}), ({DAYS[0]: 20.0}, {}), ({}, {})],
    ids=["a fifth less", "a listed split", "no new close", "nothing"],
)
def test_a_day_a_listed_split_or_no_new_close_is_no_such_move(
    closes: dict[date, float], splits: dict[date, float]
) -> None:
    assert find_step(STORED, price_frame(closes), event_frame("split", splits)) is None


def test_a_name_without_a_stored_price_has_no_move() -> None:
    assert find_step(STORED.clear(), price_frame({DAYS[2]: 1.0, DAYS[3]: 9.0}), NONE) is None


@pytest.mark.parametrize("ratio", [5.0, 0.125, 1.5])
def test_shares_that_move_against_the_price_are_those_of_a_split(ratio: float) -> None:
    step = find_step(STORED, price_frame({DAYS[2]: 102.0 / ratio * 1.02}), NONE)
    assert step is not None
    found = jump_of(step, (DAYS[1], 1e9), listed(104.04 / ratio, 1e9 * ratio), NONE)
    assert found is not None
    assert found.session == DAYS[2]
    assert found.factor == pytest.approx(1.02 / ratio)


@pytest.mark.parametrize("shares", [1e9, 1.1e9, 2e9])
def test_shares_that_stay_or_move_otherwise_are_those_of_a_crash(shares: float) -> None:
    assert jump_of(Step(DAYS[2], -1.6), (DAYS[1], 1e9), listed(20.0, shares), NONE) is None


def test_without_a_market_cap_nothing_is_known() -> None:
    assert jump_of(Step(DAYS[2], -1.6), (DAYS[1], 1e9), Listed("ACME", "Acme", None, 20.0), NONE) is None


def test_after_three_sessions_nobody_waits_any_more() -> None:
    jump = Jump(DAYS[2], 0.2)
    assert [jump.is_stale(day) for day in DAYS[2:7]] == [False, False, False, True, True]
    assert "fell to 0.2 times" in jump.text("ACME")
    assert "rose to 8 times" in Jump(DAYS[2], 8.0).text("ACME")
