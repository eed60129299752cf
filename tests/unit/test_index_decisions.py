"""What a person has decided about the data: final prices and accepted caps, computed by hand."""

from __future__ import annotations

import math
from datetime import date

import polars as pl
import pytest

from engine.index.build import Outcome
from engine.index.rules import Rules
from tests.markets import SmallMarket, member_rows, tickers
from tests.unit.test_index_by_hand import column, halted, many_names, with_wrong_caps

AT = 4
RULES = Rules(size=25)


def kinds(outcome: Outcome) -> list[tuple[str, str, date]]:
    return outcome.findings.select("kind", "ticker", "session").rows()


def delisted(price: float, sessions: int = 10) -> SmallMarket:
    """Thirty names at 10.00; N03 has a final price and nothing after it."""
    market = many_names(sessions)
    halted(market, "N03", AT + 1, sessions - 1)
    market.finals.append((market.sessions[AT], "N03", price))
    return market


# -- final prices


def test_a_final_price_of_nothing_loses_the_weight_of_the_stock() -> None:
    market = delisted(0.0)
    outcome = market.build(RULES)
    # day 4: 0 / 10 - 1 = -100 % on 1/25 of the index: -4 %, 1000 -> 960; every other stock stands still
    assert column(outcome, "return_pr")[AT] == pytest.approx(-0.04, abs=1e-15)
    assert column(outcome, "level_pr") == pytest.approx([1000.0] * AT + [960.0] * 6)
    # day 4: 24 stocks have drifted to .04 / .96 = 1/24, N03 to nothing; N25 comes in:
    #        (24 x (1/24 - 1/25) + 1/25) / 2 = 1/25
    assert column(outcome, "turnover")[AT] == pytest.approx(1 / 25)


def test_the_stock_leaves_at_the_close_of_its_final_price() -> None:
    market = delisted(0.0)
    outcome = market.build(RULES)
    changes = outcome.changes.select("session", "kind", "ticker", "rank_after", "reason", "days", "turnover").rows()
    assert changes == [
        (market.sessions[AT], "added", "N25", 25, "rank", 0, pytest.approx(1 / 50)),
        (market.sessions[AT], "removed", "N03", None, "delisted at a final price", AT, 0.0),
    ]
    assert outcome.spells.filter(pl.col("ticker") == "N03")["last_session"].to_list() == [market.sessions[AT]]


def test_a_final_price_takes_the_place_of_a_price() -> None:
    outcome = delisted(12.0).build(RULES)
    # 12 / 10 - 1 = 20 % on 1/25, although the data say that it closed at 10
    assert column(outcome, "return_pr")[AT] == pytest.approx(0.2 / 25, abs=1e-15)
    row = outcome.contributions.filter((pl.col("ticker") == "N03") & (pl.col("return_pr") > 0)).row(0, named=True)
    assert (row["weight"], row["contribution_pr"]) == (0.04, pytest.approx(0.008))


def test_a_final_price_may_come_up_to_five_sessions_after_the_last_price() -> None:
    market = delisted(12.0, sessions=14)
    market.finals = [(market.sessions[AT + 5], "N03", 5.0)]
    outcome = market.build(RULES)
    # held at its last price for four sessions, then 5 / 10 - 1 = -50 % on 1/25
    assert column(outcome, "return_pr")[AT : AT + 7] == pytest.approx([0, 0, 0, 0, 0, -0.02, 0], abs=1e-15)
    assert column(outcome, "priced")[AT : AT + 7] == [25, 24, 24, 24, 24, 25, 25]
    assert {kind for kind, _, _ in kinds(outcome)} == {"stale-price"}


def test_a_split_and_a_dividend_of_the_final_session_count() -> None:
    market = delisted(6.0)
    market.splits.append((market.sessions[AT], "N03", 2.0))
    market.dividends.append((market.sessions[AT], "N03", 0.25))
    outcome = market.build(RULES)
    # 6 x 2 / 10 - 1 = 20 %; with the dividend (6 + .25) x 2 / 10 - 1 = 25 %
    assert column(outcome, "return_pr")[AT] == pytest.approx(0.2 / 25, abs=1e-15)
    assert column(outcome, "return_tr")[AT] == pytest.approx(0.25 / 25, abs=1e-15)


def test_a_later_price_under_the_ticker_is_of_another_stock() -> None:
    market = many_names(10)
    market.finals.append((market.sessions[AT], "N03", 0.0))
    outcome = market.build(RULES)
    assert column(outcome, "return_pr")[AT:] == pytest.approx([-0.04, 0, 0, 0, 0, 0], abs=1e-15)
    spells = outcome.spells.filter(pl.col("ticker") == "N03").select("first_session", "last_session").rows()
    assert spells == [(market.sessions[0], market.sessions[AT]), (market.sessions[AT + 1], market.sessions[9])]
    assert outcome.changes.filter(pl.col("ticker") == "N03")["kind"].to_list() == ["removed", "added"]


def test_what_a_person_has_said_is_no_jump() -> None:
    assert kinds(delisted(0.0).build(RULES)) == []


@pytest.mark.parametrize(("ticker", "after"), [("N03", 7), ("ZZZ", 0)])
def test_a_final_price_without_a_stock_changes_nothing_and_is_listed(ticker: str, after: int) -> None:
    market = delisted(0.0, sessions=14)
    market.finals = []
    plain = market.build(RULES)
    market.finals = [(market.sessions[AT + after], ticker, 0.0)]
    outcome = market.build(RULES)
    assert outcome.sessions.equals(plain.sessions)
    assert ("unmatched-decision", ticker, market.sessions[AT + after]) in kinds(outcome)


def test_between_rebalances_the_weight_of_a_delisted_stock_goes_to_the_others() -> None:
    market = delisted(5.0, sessions=6)
    outcome = market.build(Rules(size=25, rebalance="quarterly"))
    decided = outcome.constituents.filter(pl.col("member") & (pl.col("session") == market.sessions[AT]))
    # -50 % on 1/25; the other 24 share all of it equally, because they have drifted equally
    assert column(outcome, "return_pr")[AT] == pytest.approx(-0.02, abs=1e-15)
    assert decided["weight"].to_list() == pytest.approx([1 / 24] * 24)
    assert "N03" not in decided["ticker"].to_list()


def test_an_index_that_loses_everything_stands_at_nothing() -> None:
    market = many_names(8)
    market.finals.append((market.sessions[AT], "N00", 0.0))
    outcome = market.build(Rules(size=1))
    assert column(outcome, "level_pr") == [1000.0] * AT + [0.0] * 4
    assert not any(math.isnan(value) for value in column(outcome, "turnover")[1:])
    assert tickers(member_rows(outcome)[market.sessions[AT]]) == ["N01"]


def test_a_session_without_a_level_does_not_lose_a_final_price() -> None:
    market = delisted(0.0)
    market.prices = [row for row in market.prices if row[0] != market.sessions[AT] or row[1] == "N03"]
    outcome = market.build(RULES)
    assert market.sessions[AT] not in outcome.sessions["session"].to_list()
    assert column(outcome, "return_pr")[AT] == pytest.approx(-0.04, abs=1e-15)  # of the session after
    removed = outcome.changes.filter(pl.col("kind") == "removed").select("ticker", "session", "reason").row(0)
    assert removed == ("N03", market.sessions[AT + 1], "delisted at a final price")


# -- accepted caps


def test_an_accepted_cap_is_taken_at_once_and_carried_from_there() -> None:
    market = many_names(12)
    with_wrong_caps(market, "N29", 24.0, 5, 11)
    market.accepted.append((market.sessions[7], "N29"))
    outcome = market.build(RULES)
    # 971 x 24 = 23304 is 24 times the cap before: held back on days 5 and 6, taken on day 7 and in the band after it
    assert [row[:2] for row in kinds(outcome)] == [("quarantined-cap", "N29")] * 2
    rows = outcome.constituents.filter((pl.col("ticker") == "N29") & pl.col("member"))
    assert rows["session"].to_list() == market.sessions[7:]
    assert set(rows["rank"]) == {1}
    assert set(rows["market_cap_usd"]) == {971.0 * 24}


@pytest.mark.parametrize("ticker", ["N29", "ZZZ"])
def test_an_accepted_cap_that_is_not_given_is_listed(ticker: str) -> None:
    market = many_names(6)
    market.caps = [row for row in market.caps if row[:2] != (market.sessions[3], "N29")]
    market.accepted.append((market.sessions[3], ticker))
    assert kinds(market.build(RULES)) == [("unmatched-decision", ticker, market.sessions[3])]


def test_a_step_that_a_person_has_accepted_is_not_listed() -> None:
    market = many_names(6)
    with_wrong_caps(market, "N29", 1.5, 3, 5)
    assert next(row[:2] for row in kinds(market.build(RULES))) == ("cap-step", "N29")
    market.accepted.append((market.sessions[3], "N29"))
    assert kinds(market.build(RULES)) == []
