"""Weights by market cap, sectors, exchanges and a base date, with the arithmetic written out."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from engine.index.build import Outcome
from engine.index.rules import Facts, Rules, refusal
from tests.markets import SmallMarket, member_rows, sessions_from, tickers

DAYS = sessions_from(date(2024, 1, 2), 4)  # Tuesday to Friday

#            day 0   day 1   day 2   day 3
CLOSES = {
    "AA": (10.00, 11.00, 11.00, 12.10),
    "BB": (20.00, 20.00, 20.00, 21.00),
    "CC": (5.00, 5.50, 6.00, 6.00),
    "DD": (4.00, 4.00, 5.00, 5.00),
}
CAPS = {
    "AA": (1000.0, 1100.0, 1100.0, 1210.0),
    "BB": (900.0, 900.0, 900.0, 945.0),
    "CC": (800.0, 950.0, 880.0, 880.0),
    "DD": (100.0, 100.0, 125.0, 125.0),
}
KNOWN = [  # ticker, exchange, issuer, sector
    ("AA", "NYSE", None, "Energy"),
    ("BB", "NMS", None, "Technology"),
    ("CC", "AMEX", None, " energy"),
    ("DD", None, None, None),
]
BY_CAP = Rules(size=2, weighting="cap")


def four_names() -> SmallMarket:
    market = SmallMarket(DAYS, securities=list(KNOWN))
    for ticker, closes in CLOSES.items():
        market.prices += [(day, ticker, close, None) for day, close in zip(DAYS, closes, strict=True)]
        market.caps += [(day, ticker, cap) for day, cap in zip(DAYS, CAPS[ticker], strict=True)]
    market.dividends.append((DAYS[2], "AA", 0.55))
    return market


def column(outcome: Outcome, name: str) -> list[Any]:
    return outcome.sessions[name].to_list()


def members(outcome: Outcome) -> list[list[str]]:
    return [tickers(rows) for rows in member_rows(outcome).values()]


def weights(outcome: Outcome, day: date) -> list[float]:
    return [row[3] for row in member_rows(outcome)[day]]


def test_a_cap_weight_is_the_cap_over_that_of_all_members() -> None:
    outcome = four_names().build(BY_CAP)
    assert members(outcome) == [["AA", "BB"], ["AA", "CC"], ["AA", "BB"], ["AA", "BB"]]
    assert weights(outcome, DAYS[0]) == pytest.approx([1000 / 1900, 900 / 1900])
    assert weights(outcome, DAYS[1]) == pytest.approx([1100 / 2050, 950 / 2050])
    # day 1: 10/19 x 10 %                      = 1/19
    # day 2: AA 0 %, CC 6/5.5 - 1 = 1/11       = 19/41 x 1/11 = 19/451
    # day 3: AA +10 %, BB +5 %, 11/20 and 9/20 = 0.055 + 0.0225
    assert column(outcome, "return_pr")[1:] == pytest.approx([1 / 19, 19 / 451, 0.0775], abs=1e-15)
    assert column(outcome, "level_pr")[-1] == pytest.approx(1000 * 20 / 19 * 470 / 451 * 1.0775)


def test_the_total_return_of_a_cap_weighted_index_adds_dividends_at_their_weight() -> None:
    # day 2: AA pays 0.55 on 11 = 5 % of 22/41
    outcome = four_names().build(BY_CAP)
    assert column(outcome, "return_tr")[2] == pytest.approx(22 / 41 * 0.05 + 19 / 451, abs=1e-15)


def test_the_turnover_of_a_cap_weighted_index_is_what_members_and_caps_move() -> None:
    # day 1: drifted AA 10/19 x 1.1 / (20/19) = 11/20, BB 9/20; target AA 22/41, CC 19/41:
    #        (11/820 + 369/820 + 380/820) / 2 = 19/41
    # day 3: drifted .605 / 1.0775 and .4725 / 1.0775; target 1210/2155 and 945/2155, which are the same
    turnover = column(four_names().build(BY_CAP), "turnover")
    assert turnover[0] is None
    assert turnover[1] == pytest.approx(19 / 41, abs=1e-15)
    assert turnover[3] == pytest.approx(0.0, abs=1e-15)


def test_between_rebalances_cap_weights_drift_with_returns() -> None:
    outcome = four_names().build(Rules(size=2, weighting="cap", rebalance="weekly"))
    assert members(outcome) == [["AA", "BB"]] * 4
    assert weights(outcome, DAYS[1]) == pytest.approx([11 / 20, 9 / 20])
    assert weights(outcome, DAYS[3]) == pytest.approx([1210 / 2155, 945 / 2155])


def test_new_shares_change_a_cap_weight_without_a_return() -> None:
    market = four_names()
    market.caps = [
        (day, ticker, 1800.0 if (day, ticker) == (DAYS[3], "BB") else cap) for day, ticker, cap in market.caps
    ]
    outcome = market.build(BY_CAP)
    assert column(outcome, "return_pr")[3] == pytest.approx(0.0775, abs=1e-15)
    assert weights(outcome, DAYS[3]) == pytest.approx([1800 / 3010, 1210 / 3010])  # BB ranks first now


def test_a_company_of_two_lines_weighs_its_cap_once() -> None:
    market = four_names()
    market.securities = [("AA", None, "Alpha", None), ("CC", None, "Alpha", None)]
    outcome = market.build(BY_CAP)
    assert members(outcome)[0] == ["AA", "BB"]
    assert weights(outcome, DAYS[1]) == pytest.approx([1100 / 2000, 900 / 2000])


def test_an_index_of_a_sector_ranks_the_companies_of_that_sector() -> None:
    outcome = four_names().build(Rules(size=2, sectors=frozenset({"energy"})))
    assert members(outcome) == [["AA", "CC"]] * 4
    assert [row[1] for row in member_rows(outcome)[DAYS[0]]] == [1, 2]
    assert outcome.constituents["ticker"].unique().sort().to_list() == ["AA", "CC"]
    # day 1: both +10 %; day 2: AA 0 %, CC 1/11; day 3: AA +10 %, CC 0 %
    assert column(outcome, "return_pr")[1:] == pytest.approx([0.1, 1 / 22, 0.05], abs=1e-15)
    assert column(outcome, "cut_cap_usd") == [800.0, 950.0, 880.0, 880.0]


def test_an_old_ticker_has_the_sector_of_the_one_that_it_became() -> None:
    market = four_names()
    market.prices = [(day, "A0" if (day, t) == (DAYS[0], "AA") else t, *rest) for day, t, *rest in market.prices]
    market.caps = [(day, "A0" if (day, t) == (DAYS[0], "AA") else t, cap) for day, t, cap in market.caps]
    market.renames.append((DAYS[1], "A0", "AA"))
    outcome = market.build(Rules(size=2, sectors=frozenset({"energy"})))
    assert members(outcome) == [["A0", "CC"], *[["AA", "CC"]] * 3]
    assert outcome.changes.height == 0


@pytest.mark.parametrize(
    ("exchanges", "expected"),
    [({"NYSE"}, ["AA"]), ({"NASDAQ"}, ["BB"]), ({"NYSE AMERICAN"}, ["CC"]), ({"NYSE", "NASDAQ"}, ["AA", "BB"])],
)
def test_an_index_of_exchanges_takes_what_is_known_to_be_listed_there(exchanges: set[str], expected: list[str]) -> None:
    outcome = four_names().build(Rules(size=4, exchanges=frozenset(exchanges)))
    assert members(outcome)[0] == expected


def test_what_is_not_known_is_left_out_only_where_an_index_is_narrowed_by_it() -> None:
    nothing = Facts()
    assert refusal(nothing, Rules()) is None
    assert refusal(nothing, Rules(sectors=frozenset({"energy"}))) == "sector not known"
    assert refusal(nothing, Rules(exchanges=frozenset({"NYSE"}))) == "exchange not known"
    assert refusal(Facts(sector="Utilities"), Rules(sectors=frozenset({"energy"}))) == (
        "of the sector Utilities, which this index leaves out"
    )
    assert refusal(Facts(exchange="NYQ"), Rules(exchanges=frozenset({"NASDAQ"}))) == (
        "listed on NYQ, which this index leaves out"
    )


def test_an_index_begins_on_its_base_date_with_the_base_level() -> None:
    outcome = four_names().build(Rules(size=2, base_date=DAYS[2], base_level=500.0))
    assert column(outcome, "session") == [DAYS[2], DAYS[3]]
    assert column(outcome, "level_pr") == pytest.approx([500.0, 500.0 * 1.075])  # AA +10 %, BB +5 %
    assert column(outcome, "return_pr")[0] is None
    assert column(outcome, "ordinal") == [0, 1]


def test_a_base_date_between_two_sessions_means_the_later_one() -> None:
    market = four_names()
    market.sessions = market.sessions + sessions_from(date(2024, 1, 8), 1)
    market.prices += [(market.sessions[4], ticker, closes[3], None) for ticker, closes in CLOSES.items()]
    outcome = market.build(Rules(size=2, base_date=date(2024, 1, 6)))  # a Saturday
    assert column(outcome, "session") == [date(2024, 1, 8)]


def test_what_is_known_before_the_base_date_counts_on_it() -> None:
    market = four_names()
    market.caps = [row for row in market.caps if row[:2] != (DAYS[2], "AA")]
    outcome = market.build(Rules(size=2, base_date=DAYS[2]))
    assert members(outcome)[0] == ["AA", "BB"]  # the cap of day 1 is carried
    sources = outcome.constituents.filter((pl.col("session") == DAYS[2]) & (pl.col("ticker") == "AA"))["cap_source"]
    assert sources.to_list() == ["carried"]


def test_rules_without_anything_new_are_written_as_they_always_were() -> None:
    assert Rules().text() == (
        '{"base_level": 1000.0, "buffer": 0, "cap_band": 2.0, "domicile": "listed", "methodology_version": 3, '
        '"rebalance": "daily", "size": 100}'
    )


def test_rules_with_something_new_differ_whatever_the_order_in_which_it_was_given() -> None:
    one = Rules(weighting="cap", sectors=frozenset(["a", "b"]), exchanges=frozenset({"NYSE"}), base_date=DAYS[0])
    other = Rules(weighting="cap", sectors=frozenset(["b", "a"]), exchanges=frozenset({"NYSE"}), base_date=DAYS[0])
    assert one.text() == other.text()
    assert '"base_date": "2024-01-02"' in one.text()
    assert len({Rules().text(), Rules(weighting="cap").text(), Rules(base_date=DAYS[0]).text(), one.text()}) == 4
