"""One small market computed by hand, and one rule of the methodology in each test."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from engine.index.build import Outcome
from engine.index.rules import Rules
from tests.markets import SmallMarket, member_rows, sessions_from, tickers

DAYS = sessions_from(date(2024, 1, 2), 4)

#            day 0   day 1   day 2   day 3
CLOSES = {
    "AA": (10.00, 11.00, 11.00, 12.10),
    "BB": (20.00, 20.00, 10.00, 10.50),  # splits 2 for 1 on day 2
    "CC": (5.00, 5.50, 6.00, 6.00),
    "DD": (1.00, 1.00, 1.00, 1.00),
    "EE": (7.00, 7.70, 7.00, 7.00),
}
CAPS = {
    "AA": (1000.0, 1100.0, 1100.0, 1210.0),
    "BB": (900.0, 900.0, 900.0, 945.0),
    "CC": (800.0, 950.0, 880.0, 880.0),
    "DD": (10.0, 10.0, 10.0, 10.0),
    "EE": (700.0, 770.0, 700.0, 700.0),
}


def five_names() -> SmallMarket:
    market = SmallMarket(DAYS)
    for ticker, closes in CLOSES.items():
        market.prices += [(day, ticker, close, None) for day, close in zip(DAYS, closes, strict=True)]
        market.caps += [(day, ticker, cap) for day, cap in zip(DAYS, CAPS[ticker], strict=True)]
    market.splits.append((DAYS[2], "BB", 2.0))
    market.dividends.append((DAYS[2], "AA", 0.55))
    return market


def column(outcome: Outcome, name: str) -> list[float]:
    return outcome.sessions[name].to_list()


def test_members_are_decided_at_the_close_and_earn_from_the_next_session() -> None:
    outcome = five_names().build(Rules(size=2))
    members = member_rows(outcome)
    # By cap at the close: day 0 AA 1000, BB 900; day 1 AA 1100, CC 950; day 2 AA 1100, BB 900; day 3 AA, BB.
    assert [tickers(members[day]) for day in DAYS] == [["AA", "BB"], ["AA", "CC"], ["AA", "BB"], ["AA", "BB"]]
    # day 1: AA +10 %, BB 0 %            -> +5 %
    # day 2: AA 0 %, CC 6/5.5 - 1        -> 1/22 = 4.5454... %   (BB's split is nobody's gain or loss)
    # day 3: AA +10 %, BB 10.5/10 - 1    -> +7.5 %
    assert column(outcome, "return_pr")[0] is None
    assert column(outcome, "return_pr")[1:] == pytest.approx([0.05, 1 / 22, 0.075], abs=1e-15)
    # 1000 x 1.05 = 1050; x 23/22 = 1097.727272...; x 1.075 = 1180.056818...
    assert column(outcome, "level_pr") == pytest.approx([1000.0, 1050.0, 1050 * 23 / 22, 1050 * 23 / 22 * 1.075])


def test_a_dividend_counts_on_its_ex_date_in_the_total_return_only() -> None:
    outcome = five_names().build(Rules(size=2))
    # day 2: AA (11 + 0.55) / 11 - 1 = 5 %, CC 1/11 -> mean of 0.05 and 0.0909... = 0.0704545...
    assert column(outcome, "return_tr")[1:] == pytest.approx([0.05, (0.05 + 1 / 11) / 2, 0.075], abs=1e-15)
    assert column(outcome, "level_tr")[-1] == pytest.approx(1050 * (1 + (0.05 + 1 / 11) / 2) * 1.075)


def test_turnover_is_half_of_what_moves_between_drifted_and_target_weights() -> None:
    outcome = five_names().build(Rules(size=2))
    # day 1: AA has drifted to .5 x 1.1 / 1.05 = 11/21, BB to 10/21; target AA 1/2, CC 1/2:
    #        (1/42 + 10/21 + 1/2) / 2 = 1/2
    # day 2: AA .5 / (23/22) = 11/23, CC 12/23; target AA 1/2, BB 1/2: (1/46 + 12/23 + 1/2) / 2 = 12/23
    # day 3: AA .55 / 1.075, BB .525 / 1.075; target 1/2 each: (0.025 / 1.075) / 2 each side, once counted
    assert column(outcome, "turnover")[0] is None
    expected = [0.5, 12 / 23, 0.55 / 1.075 - 0.5]
    assert column(outcome, "turnover")[1:] == pytest.approx(expected, abs=1e-15)


def test_changes_tell_ranks_before_and_after() -> None:
    rows = five_names().build(Rules(size=2)).changes
    found = rows.select("session", "kind", "ticker", "rank_before", "rank_after", "market_cap_usd", "days").rows()
    assert found == [
        (DAYS[1], "added", "CC", 3, 2, 950.0, 0),
        (DAYS[1], "removed", "BB", 2, 3, 900.0, 1),
        (DAYS[2], "added", "BB", 3, 2, 900.0, 0),
        (DAYS[2], "removed", "CC", 2, 3, 880.0, 1),
    ]


def test_a_tie_in_cap_goes_to_the_first_symbol() -> None:
    market = five_names()
    market.caps += [(DAYS[0], "EE", 900.0)]
    members = member_rows(market.build(Rules(size=2)))
    assert tickers(members[DAYS[0]]) == ["AA", "BB"]
    market.caps += [(DAYS[0], "AA", 900.0), (DAYS[0], "CC", 1000.0)]
    assert tickers(member_rows(market.build(Rules(size=2)))[DAYS[0]]) == ["CC", "AA"]


def test_without_enough_eligible_companies_there_are_fewer_members() -> None:
    outcome = five_names().build(Rules(size=7))
    assert column(outcome, "members") == [5, 5, 5, 5]
    assert outcome.constituents["weight"].to_list() == pytest.approx([0.2] * 20)


def test_an_incomplete_session_is_not_published_and_its_returns_are_not_lost() -> None:
    market = five_names()
    market.prices = [row for row in market.prices if row[:2] != (DAYS[1], "EE")]
    outcome = market.build(Rules(size=5))
    assert outcome.sessions["session"].to_list() == [DAYS[0], DAYS[2], DAYS[3]]
    # From day 0 to day 2: AA 1.1, BB 1.0, CC 1.2, DD 1.0, EE 1.0 -> mean 1.06
    assert column(outcome, "level_pr")[1] == pytest.approx(1060.0)
    assert outcome.findings["kind"].to_list() == ["incomplete-session", "stale-price"]


def many_names(sessions: int, names: int = 30) -> SmallMarket:
    """Names of one price and falling caps: N00 the largest."""
    market = SmallMarket(sessions_from(date(2024, 1, 2), sessions))
    for day in market.sessions:
        for number in range(names):
            market.prices.append((day, f"N{number:02}", 10.0, None))
            market.caps.append((day, f"N{number:02}", 1000.0 - number))
    return market


def halted(market: SmallMarket, ticker: str, first: int, last: int) -> None:
    days = set(market.sessions[first : last + 1])
    market.prices = [row for row in market.prices if not (row[1] == ticker and row[0] in days)]
    market.caps = [row for row in market.caps if not (row[1] == ticker and row[0] in days)]


def test_a_halt_of_five_sessions_keeps_the_listing_and_the_return_is_caught_up() -> None:
    market = many_names(12)
    halted(market, "N03", 2, 6)
    market.prices = [
        (*row[:2], 12.0, None) if row[1] == "N03" and row[0] > market.sessions[6] else row for row in market.prices
    ]
    outcome = market.build(Rules(size=25))
    returns = column(outcome, "return_pr")
    assert returns[2:7] == [0.0] * 5
    assert returns[7] == pytest.approx(0.2 / 25)
    assert column(outcome, "priced")[2:8] == [24] * 5 + [25]
    assert outcome.spells.filter(pl.col("ticker") == "N03").height == 1


def test_a_gap_of_six_sessions_ends_the_listing_and_no_return_crosses_it() -> None:
    market = many_names(12)
    halted(market, "N03", 2, 7)
    market.prices = [
        (*row[:2], 99.0, None) if row[1] == "N03" and row[0] > market.sessions[7] else row for row in market.prices
    ]
    outcome = market.build(Rules(size=25))
    assert column(outcome, "return_pr")[1:] == [0.0] * 11
    removed = outcome.changes.filter((pl.col("ticker") == "N03") & (pl.col("kind") == "removed"))
    assert removed["session"].to_list() == [market.sessions[7]]
    assert removed["reason"].to_list() == ["no price for more than 5 sessions"]
    assert outcome.spells.filter(pl.col("ticker") == "N03").height == 2


def test_a_dividend_during_a_halt_still_counts() -> None:
    market = many_names(8)
    halted(market, "N03", 3, 4)
    market.dividends.append((market.sessions[3], "N03", 0.5))
    outcome = market.build(Rules(size=25))
    assert column(outcome, "return_tr")[3] == pytest.approx(0.05 / 25)
    assert column(outcome, "return_pr")[3] == 0.0


def test_a_split_changes_no_level_even_during_a_halt() -> None:
    market = many_names(10)
    halted(market, "N03", 3, 4)
    market.splits.append((market.sessions[4], "N03", 4.0))
    market.splits.append((market.sessions[6], "N05", 0.1))
    market.prices = [
        (*row[:2], 2.5, None) if row[1] == "N03" and row[0] > market.sessions[4] else row for row in market.prices
    ]
    market.prices = [
        (*row[:2], 100.0, None) if row[1] == "N05" and row[0] >= market.sessions[6] else row for row in market.prices
    ]
    outcome = market.build(Rules(size=25))
    assert column(outcome, "level_pr") == pytest.approx([1000.0] * 10, abs=1e-9)
    assert set(outcome.findings["kind"]) == {"stale-price"}


def test_a_rename_is_no_change_of_the_membership() -> None:
    market = many_names(9)
    day = market.sessions[4]
    renamed = {row for row in market.prices if row[1] == "N03" and row[0] >= day}
    market.prices = [(row[0], "META", 11.0, None) if row in renamed else row for row in market.prices]
    market.caps = [(row[0], "META", row[2]) if row[1] == "N03" and row[0] >= day else row for row in market.caps]
    market.renames.append((day, "N03", "META"))
    outcome = market.build(Rules(size=25))
    assert outcome.changes.is_empty()
    assert column(outcome, "return_pr")[4] == pytest.approx(0.1 / 25)
    since = outcome.constituents.filter(pl.col("ticker") == "META")["since"].unique().to_list()
    assert since == [market.sessions[0]]


def test_a_rename_takes_a_ticker_that_another_company_had() -> None:
    market = many_names(12)
    day = market.sessions[6]
    market.prices = [row for row in market.prices if not (row[1] == "N03" and row[0] >= day)]
    market.caps = [row for row in market.caps if not (row[1] == "N03" and row[0] >= day)]
    market.renames.append((day, "N03", "N29"))
    market.prices = [(*row[:2], 13.0, None) if row[1] == "N29" and row[0] >= day else row for row in market.prices]
    market.caps = [(*row[:2], 997.0) if row[1] == "N29" and row[0] >= day else row for row in market.caps]
    outcome = market.build(Rules(size=25))
    assert outcome.changes.is_empty()
    assert column(outcome, "return_pr")[6] == pytest.approx(0.3 / 25)


def test_a_missing_cap_is_carried_with_the_price_for_five_sessions() -> None:
    market = many_names(10)
    days = set(market.sessions[2:9])
    market.caps = [row for row in market.caps if not (row[1] == "N00" and row[0] in days)]
    market.prices = [
        (*row[:2], 11.0, None) if row[1] == "N00" and row[0] >= market.sessions[2] else row for row in market.prices
    ]
    outcome = market.build(Rules(size=25))
    rows = outcome.constituents.filter(pl.col("ticker") == "N00").sort("session")
    assert rows["cap_source"].to_list() == ["given"] * 2 + ["carried"] * 5 + ["given"]
    assert rows["market_cap_usd"].to_list()[2:7] == pytest.approx([1100.0] * 5)
    removed = outcome.changes.filter(pl.col("kind") == "removed")
    assert removed.select("session", "ticker", "reason").row(0) == (
        market.sessions[7],
        "N00",
        "no market cap",
    )


def with_wrong_caps(market: SmallMarket, ticker: str, factor: float, first: int, last: int) -> None:
    days = set(market.sessions[first : last + 1])
    market.caps = [(*row[:2], row[2] * factor) if row[1] == ticker and row[0] in days else row for row in market.caps]


def test_a_cap_out_of_the_band_is_quarantined_until_it_is_plausible_again() -> None:
    market = many_names(20)
    with_wrong_caps(market, "N29", 24.0, 5, 14)
    outcome = market.build(Rules(size=25))
    assert outcome.changes.is_empty()
    found = outcome.findings.filter(pl.col("kind") == "quarantined-cap")
    assert found["session"].to_list() == market.sessions[5:15]
    assert found["since"].unique().to_list() == [market.sessions[5]]
    without = market.build(Rules(size=25, cap_band=0))
    assert "N29" in without.changes["ticker"].to_list()


def test_a_quarantine_ends_after_63_sessions() -> None:
    market = many_names(80)
    with_wrong_caps(market, "N29", 24.0, 5, 79)
    outcome = market.build(Rules(size=25))
    added = outcome.changes.filter((pl.col("ticker") == "N29") & (pl.col("kind") == "added"))
    assert added["session"].to_list() == [market.sessions[5 + 63]]


def test_shares_that_agree_confirm_a_cap_out_of_the_band() -> None:
    market = many_names(10)
    with_wrong_caps(market, "N29", 24.0, 5, 9)
    market.shares.append((market.sessions[5], "N29", 971.0 * 24 / 10 * 1.05))
    outcome = market.build(Rules(size=25))
    rows = outcome.constituents.filter((pl.col("ticker") == "N29") & pl.col("member"))
    assert rows["session"].min() == market.sessions[5]
    assert set(rows["cap_source"]) == {"given"}


def test_shares_are_carried_forward_through_splits() -> None:
    market = many_names(8)
    market.caps = [row for row in market.caps if row[1] != "N02"]
    market.shares.append((market.sessions[0], "N02", 99.8))
    market.splits.append((market.sessions[4], "N02", 2.0))
    market.prices = [
        (*row[:2], 5.0, None) if row[1] == "N02" and row[0] >= market.sessions[4] else row for row in market.prices
    ]
    outcome = market.build(Rules(size=25))
    caps = outcome.constituents.filter(pl.col("ticker") == "N02").sort("session")
    assert caps["market_cap_usd"].to_list() == pytest.approx([998.0] * 8)
    assert set(caps["cap_source"]) == {"shares"}


def test_a_report_on_the_day_of_a_split_is_on_the_new_basis() -> None:
    market = many_names(6)
    market.caps = [row for row in market.caps if row[1] != "N02"]
    market.shares += [(market.sessions[0], "N02", 99.8), (market.sessions[3], "N02", 199.6)]
    market.splits.append((market.sessions[3], "N02", 2.0))
    market.prices = [
        (*row[:2], 5.0, None) if row[1] == "N02" and row[0] >= market.sessions[3] else row for row in market.prices
    ]
    outcome = market.build(Rules(size=25))
    caps = outcome.constituents.filter(pl.col("ticker") == "N02").sort("session")["market_cap_usd"].to_list()
    assert caps == pytest.approx([998.0] * 6)


def two_classes(volume_a: float, volume_b: float) -> SmallMarket:
    market = many_names(4)
    market.securities += [("N00", "NYSE", "Alphabet Inc."), ("N01", "NASDAQ", " alphabet inc. ")]
    volumes = {"N00": volume_a, "N01": volume_b}
    market.prices = [(*row[:3], volumes.get(row[1])) for row in market.prices]
    return market


def test_a_company_takes_one_place_with_the_line_that_trades_more() -> None:
    members = member_rows(two_classes(5.0, 9.0).build(Rules(size=2)))
    # The company has the larger of its lines' caps, 1000, and stands with the line that trades more.
    assert [row[:3] for row in members[sessions_from(date(2024, 1, 2), 4)[0]]] == [
        ("N01", 1, 1000.0),
        ("N02", 2, 998.0),
    ]


def test_equal_traded_value_goes_to_the_first_symbol() -> None:
    members = member_rows(two_classes(5.0, 5.0).build(Rules(size=2)))
    assert tickers(members[sessions_from(date(2024, 1, 2), 4)[0]]) == ["N00", "N02"]


def test_a_security_on_another_exchange_is_never_a_member() -> None:
    market = many_names(3)
    market.securities.append(("N00", "OTC", None))
    assert tickers(member_rows(market.build(Rules(size=2)))[market.sessions[0]]) == ["N01", "N02"]


def test_a_buffer_keeps_a_member_until_it_has_fallen_far_enough() -> None:
    market = many_names(3)
    day = market.sessions[1]
    # N24 (rank 25) and N25 (rank 26) change places: within the buffer nothing happens.
    swapped = {"N24": 975.0, "N25": 976.0}
    market.caps = [(row[0], row[1], swapped.get(row[1], row[2])) if row[0] >= day else row for row in market.caps]
    assert market.build(Rules(size=25, buffer=2)).changes.is_empty()
    assert market.build(Rules(size=25)).changes.height == 2
    # N26 leaps to rank 1: it enters, and the last by rank leaves.
    market.caps = [(*row[:2], 1900.0) if row[1] == "N26" and row[0] >= day else row for row in market.caps]
    changes = market.build(Rules(size=25, buffer=2)).changes.select("kind", "ticker").rows()
    assert changes == [("added", "N26"), ("removed", "N24")]


def test_between_monthly_rebalances_weights_drift_with_the_returns() -> None:
    market = five_names()
    outcome = market.build(Rules(size=2, rebalance="monthly"))
    rows = outcome.constituents.filter(pl.col("member") & (pl.col("session") == DAYS[3]))
    weights = dict(rows.select("ticker", "weight").rows())
    # AA 10 -> 12.10, BB 20 -> 21 (on its first basis): units of 0.5/10 and 0.5/20
    assert weights == pytest.approx({"AA": 0.605 / 1.13, "BB": 0.525 / 1.13})
    assert column(outcome, "level_pr")[-1] == pytest.approx(1130.0)
    assert column(outcome, "turnover")[1:] == [0.0, 0.0, 0.0]


def test_a_missing_session_is_not_a_holiday() -> None:
    market = many_names(5)
    lost = market.sessions[2]
    market.prices = [row for row in market.prices if row[0] != lost]
    outcome = market.build(Rules(size=25))
    assert lost not in outcome.sessions["session"].to_list()
    assert outcome.findings.select("kind", "session").rows() == [("missing-session", lost)]


def test_a_jump_without_a_split_is_flagged_and_taken_as_it_is() -> None:
    market = many_names(4)
    market.prices = [
        (*row[:2], 15.0, None) if row[1] == "N02" and row[0] >= market.sessions[2] else row for row in market.prices
    ]
    outcome = market.build(Rules(size=25))
    jumps = outcome.findings.filter(pl.col("kind") == "jump")
    assert jumps.select("kind", "ticker", "session", "value").rows() == [
        ("jump", "N02", market.sessions[2], pytest.approx(0.5))
    ]
    assert column(outcome, "return_pr")[2] == pytest.approx(0.5 / 25)


def test_an_old_ticker_of_which_nothing_is_known_is_what_it_became() -> None:
    market = many_names(6)
    day = market.sessions[3]
    for rows in (market.prices, market.caps):
        rows[:] = [(row[0], "META", *row[2:]) if row[1] == "N01" and row[0] >= day else row for row in rows]
    market.renames.append((day, "N01", "META"))
    market.securities += [("META", "NYSE", "Meta"), ("N02", "NYSE", "Meta")]
    outcome = market.build(Rules(size=2))
    assert outcome.changes.is_empty()
    members = member_rows(outcome)
    assert [tickers(members[session]) for session in (market.sessions[0], day)] == [["N00", "N01"], ["N00", "META"]]


def test_a_split_that_meets_a_jump_is_flagged() -> None:
    market = many_names(4)
    market.splits.append((market.sessions[2], "N02", 4.0))
    found = market.build(Rules(size=25)).findings.filter(pl.col("kind") == "jump")
    # Prices that were adjusted already: 10 -> 10 on the day of a split of 4 looks like +300 %.
    assert found.select("kind", "ticker", "value", "used").rows() == [("jump", "N02", pytest.approx(3.0), 4.0)]


def test_the_weight_of_a_halted_member_is_not_given_to_the_others() -> None:
    market = many_names(6)
    halted(market, "N03", 2, 2)
    market.prices = [
        (*row[:2], 11.0, None) if row[1] == "N05" and row[0] >= market.sessions[2] else row for row in market.prices
    ]
    # N05 gains 10 % while N03 stands still: a 25th of 10 %, as on any other day, not a 24th.
    assert column(market.build(Rules(size=25)), "return_pr")[2] == pytest.approx(0.1 / 25, abs=1e-15)
