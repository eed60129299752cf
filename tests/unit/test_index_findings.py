"""Findings about the data, each on a market that has just that accident, and what it did to the index."""

from __future__ import annotations

import polars as pl
import pytest

from engine.domain.findings import FINDINGS
from engine.index.build import Outcome
from engine.index.rules import Rules
from tests.markets import SmallMarket, random_market
from tests.unit.test_index_by_hand import halted, many_names, with_wrong_caps

RULES = Rules(size=25)  # N00 to N24 of thirty: rank 25 has a cap of 976, rank 26 one of 975


def found(outcome: Outcome, kind: str, *names: str) -> list[tuple[object, ...]]:
    return outcome.findings.filter(pl.col("kind") == kind).select(*names).rows()


@pytest.mark.parametrize(
    ("ticker", "factor", "effect"),
    [
        ("N29", 24.0, "kept-out"),  # 971 x 24 would be the largest; the carried 971 is the last
        ("N05", 24.0, "member"),
        ("N05", 0.1, "kept-in"),  # 995 x .1 would be the last
        ("N29", 0.1, ""),
    ],
)
def test_the_effect_compares_the_cap_that_was_used_with_the_one_that_was_not(
    ticker: str, factor: float, effect: str
) -> None:
    market = many_names(8)
    with_wrong_caps(market, ticker, factor, 5, 6)
    rows = found(market.build(RULES), "quarantined-cap", "ticker", "since", "session", "effect")
    assert rows == [(ticker, market.sessions[5], market.sessions[row], effect) for row in (5, 6)]


def test_the_effect_knows_the_buffer() -> None:
    market = many_names(8)
    with_wrong_caps(market, "N29", 24.0, 5, 5)
    with_wrong_caps(market, "N24", 0.4, 6, 6)
    # N29 would be rank 1, inside 25 - 5. N24 would fall from 25 to 30 = 25 + 5, where a member stays.
    rows = found(market.build(Rules(size=25, buffer=5)), "quarantined-cap", "ticker", "effect")
    assert rows == [("N29", "kept-out"), ("N24", "member")]


def test_a_company_is_judged_by_the_largest_cap_of_its_lines() -> None:
    market = many_names(8)
    market.securities += [("N05", "NYSE", "Alpha"), ("N29", "NYSE", "Alpha")]
    with_wrong_caps(market, "N05", 0.1, 5, 5)
    # with 99.5 for N05 the company would have N29's 971: rank 29 of 29 companies, out; N05's place is the company's
    assert found(market.build(RULES), "quarantined-cap", "ticker", "effect") == [("N05", "kept-in")]
    with_wrong_caps(market, "N29", 1.01, 0, 7)
    # 971 x 1.01 = 980.71 is rank 20: in with either cap
    assert found(market.build(RULES), "quarantined-cap", "ticker", "effect") == [("N05", "member")]


def test_a_step_inside_the_band_is_listed_for_as_long_as_it_decides() -> None:
    market = many_names(10)
    with_wrong_caps(market, "N29", 1.5, 4, 6)
    rows = found(market.build(RULES), "cap-step", "since", "session", "value", "used", "effect")
    up, down = market.sessions[4], market.sessions[7]
    # days 4 to 6: 971 x 1.5 against 971; from day 7 on the other way round, as far as anybody can know
    assert rows[:3] == [(up, day, 1456.5, 971.0, "kept-in") for day in market.sessions[4:7]]
    assert rows[3:] == [(down, day, 971.0, 1456.5, "kept-out") for day in market.sessions[7:10]]


@pytest.mark.parametrize(("factor", "listed"), [(1.24, False), (1.26, True), (0.76, False), (0.74, True)])
def test_a_step_is_more_than_a_quarter(factor: float, listed: bool) -> None:
    market = many_names(6)
    with_wrong_caps(market, "N29", factor, 4, 5)
    assert bool(found(market.build(RULES), "cap-step", "ticker")) == listed


def test_shares_that_agree_make_a_step_no_finding() -> None:
    market = many_names(6)
    with_wrong_caps(market, "N29", 1.5, 4, 5)
    market.shares.append((market.sessions[4], "N29", 971.0 * 1.5 / 10))
    assert market.build(RULES).findings.is_empty()


def test_a_cap_that_has_waited_long_enough_is_taken_and_listed() -> None:
    market = many_names(72)
    with_wrong_caps(market, "N29", 24.0, 5, 71)
    rows = found(market.build(RULES), "band-expired", "since", "session", "value", "used", "effect")
    taken = market.sessions[5 + 63]
    assert rows == [(taken, day, 971.0 * 24, 971.0, "kept-in") for day in market.sessions[68:]]


def test_sessions_without_any_cap_are_one_run() -> None:
    market = many_names(12)
    market.caps = [row for row in market.caps if row[1] != "N03" or row[0] == market.sessions[11]]
    market.caps = [row for row in market.caps if row[1] != "N07" or row[0] <= market.sessions[2]]
    rows = found(market.build(RULES), "no-cap", "ticker", "since", "session", "value")
    # N07 is carried on days 3 to 7
    days = market.sessions
    assert sorted(rows) == [("N03", days[0], days[10], 11.0), ("N07", days[8], days[11], 4.0)]


def test_a_ticker_that_is_refused_has_no_findings_of_its_own() -> None:
    market = many_names(8)
    market.securities.append(("N29", "OTC", None))
    market.caps = [row for row in market.caps if row[1] != "N29"]
    halted(market, "N29", 3, 4)
    assert market.build(RULES).findings.is_empty()


def test_a_price_that_does_not_come_is_listed_day_by_day_and_then_the_end() -> None:
    market = many_names(12)
    halted(market, "N03", 2, 11)
    outcome = market.build(RULES)
    days = market.sessions
    stale = found(outcome, "stale-price", "ticker", "since", "session", "value", "used", "effect")
    assert stale == [("N03", days[2], days[1 + count], float(count), 10.0, "member") for count in range(1, 6)]
    ended = found(outcome, "ended", "ticker", "since", "session", "value", "used", "effect")
    assert ended == [("N03", days[2], days[7], 6.0, 10.0, "member")]


def test_a_listing_that_nobody_held_ends_in_silence() -> None:
    market = many_names(12)
    halted(market, "N29", 2, 11)
    outcome = market.build(RULES)
    assert found(outcome, "ended", "ticker") == []
    assert {row[0] for row in found(outcome, "stale-price", "effect")} == {""}


def test_a_session_without_any_price_is_one_finding() -> None:
    market = many_names(6)
    market.prices = [row for row in market.prices if row[0] != market.sessions[3]]
    assert market.build(RULES).findings["kind"].to_list() == ["missing-session"]


def renamed_without_effect() -> SmallMarket:
    market = many_names(12)
    market.renames.append((market.sessions[3], "N03", "NEW"))
    return market


def test_a_rename_that_joins_nothing_is_listed_when_no_price_can_follow_any_more() -> None:
    market = renamed_without_effect()
    rows = found(market.build(RULES), "unmatched-rename", "ticker", "since", "session")
    assert rows == [("N03", market.sessions[3], market.sessions[9])]


def test_a_rename_of_stocks_that_are_not_there_is_no_finding() -> None:
    market = many_names(12)
    market.renames.append((market.sessions[3], "OLD", "NEW"))
    assert market.build(RULES).findings.is_empty()


def test_every_kind_is_declared() -> None:
    kinds = {kind for seed in range(12) for kind in random_market(seed).build(Rules(size=3)).findings["kind"]}
    assert kinds <= set(FINDINGS)
    assert {"quarantined-cap", "stale-price", "ended", "cap-step", "unmatched-decision"} <= kinds
