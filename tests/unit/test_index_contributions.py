"""Contributions by hand: what every member added to the return of its session."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from engine.index.build import Outcome
from engine.index.rules import Rules
from tests.unit.test_index_by_hand import DAYS, five_names, halted, many_names


def parts(outcome: Outcome, row: int, *names: str) -> dict[str, tuple[Any, ...]]:
    found = outcome.contributions.filter(pl.col("session") == DAYS[row]).select("ticker", *names).rows()
    return {ticker: tuple(values) for ticker, *values in found}


def test_a_member_adds_its_weight_times_its_return() -> None:
    outcome = five_names().build(Rules(size=2))
    # day 1: AA 1/2 x +10 %, BB 1/2 x 0 %
    found = parts(outcome, 1, "weight", "return_pr", "contribution_pr")
    assert found == {"AA": (0.5, pytest.approx(0.1), pytest.approx(0.05)), "BB": (0.5, 0.0, 0.0)}
    # day 2: AA 1/2 x 0 %, with its dividend 1/2 x .55 / 11 = 2.5 %; CC 1/2 x (6 / 5.5 - 1) = 1/22
    added = parts(outcome, 2, "contribution_pr", "contribution_tr")
    assert added["AA"] == (0.0, pytest.approx(0.025))
    assert added["CC"] == (pytest.approx(1 / 22), pytest.approx(1 / 22))


def test_the_first_session_has_no_contributions() -> None:
    assert parts(five_names().build(Rules(size=2)), 0) == {}


def test_contributions_sum_to_the_return_to_the_last_bit() -> None:
    outcome = five_names().build(Rules(size=3))
    for row in outcome.sessions.slice(1).iter_rows(named=True):
        found = outcome.contributions.filter(pl.col("session") == row["session"])
        assert math.fsum(found["contribution_pr"]) == row["return_pr"]
        assert math.fsum(found["contribution_tr"]) == row["return_tr"]


def test_a_listing_just_removed_is_followed_for_one_session_without_a_weight() -> None:
    outcome = five_names().build(Rules(size=2))
    # BB is removed at the close of day 1; on day 2 it splits 2 for 1, 10 x 2 / 20 - 1 = 0 %.
    # CC is removed at the close of day 2; on day 3 it stands still, BB is held again: 10.5 / 10 - 1 = 5 %.
    names = ("weight", "weight_tr", "return_pr", "contribution_pr")
    assert parts(outcome, 2, *names)["BB"] == (0.0, 0.0, 0.0, 0.0)
    third = parts(outcome, 3, *names)
    assert third["CC"] == (0.0, 0.0, 0.0, 0.0)
    assert third["BB"] == (0.5, 0.5, pytest.approx(0.05), pytest.approx(0.025))
    assert set(third) == {"AA", "BB", "CC"}


def test_a_listing_that_is_gone_is_not_followed() -> None:
    market = many_names(12)
    halted(market, "N03", 2, 11)
    found = market.build(Rules(size=25)).contributions.filter(pl.col("ticker") == "N03")
    # held into sessions 1 to 7: at the close of 7 it is gone, six sessions after its last price
    assert found["session"].to_list() == market.sessions[1:8]
    assert set(found["weight"]) == {0.04}


def test_returns_over_a_session_without_a_level_are_compounded() -> None:
    market = five_names()
    market.prices = [row for row in market.prices if row[:2] != (DAYS[1], "EE")]
    found = parts(market.build(Rules(size=5)), 2, "return_pr", "contribution_pr")
    # CC 5 -> 5.5 -> 6 over days 1 and 2: 20 %, of a fifth of the index
    assert found["CC"] == (pytest.approx(0.2), pytest.approx(0.04))


def test_between_rebalances_the_two_series_have_weights_of_their_own() -> None:
    outcome = five_names().build(Rules(size=2, rebalance="monthly"))
    # AA 10 -> 11 and BB 20 -> 10 x 2: by price 11/21 of the index into day 2 and 11/21 again into day 3;
    # with the dividend of day 2, AA is worth .5 x 1.1 x 1.05 = .5775 of 1.0775
    found = parts(outcome, 3, "weight", "weight_tr")
    assert found["AA"] == (pytest.approx(11 / 21), pytest.approx(0.5775 / 1.0775))


def test_a_change_has_its_part_of_the_turnover() -> None:
    outcome = five_names().build(Rules(size=2))
    first = outcome.changes.filter(pl.col("session") == DAYS[1]).select("ticker", "turnover").rows()
    # day 1: CC comes in from nothing to 1/2: 1/4. BB goes from .5 / 1.05 = 10/21 to nothing: 5/21.
    # AA drifts to 11/21 and is cut to 1/2: (1/42) / 2 = 1/84. Together 21/84 + 20/84 + 1/84 = 1/2, the turnover.
    assert first == [("CC", pytest.approx(0.25)), ("BB", pytest.approx(5 / 21))]
    assert outcome.sessions["turnover"][1] == pytest.approx(0.25 + 5 / 21 + 1 / 84)
