"""Bars of the vendor's library become prices as traded, of closed sessions only: small ones, worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import sessions_between
from engine.frames.schemas import RAW_SCHEMAS
from engine.providers import yahoo_parse
from engine.providers.yahoo_actions import BAD_DIVIDEND, BAD_SPLIT, FOREIGN_DIVIDEND
from engine.providers.yahoo_parse import BAD_SHARES, LIVE, NO_CLOSE, NOT_POSITIVE, OFF_SESSION, REPEATED
from tests.unit.yahoo_frames import FINAL, ZONE, actions, bars, closed_at, column, parsed

JUNE = {"2024-06-10": 100.0, "2024-06-11": 101.0, "2024-06-12": 102.0, "2024-06-13": 103.0}


# -- as traded


def test_without_a_split_prices_are_what_they_are() -> None:
    found = parsed(bars(JUNE))
    assert column(found, "price", "close") == JUNE
    assert found.frames["split"].is_empty()
    assert (found.through, found.dropped) == (date(2024, 6, 13), {})


def test_a_forward_split_is_undone_before_its_day_and_not_on_it() -> None:
    # 4:1 on the 12th: on the day before, one share of 404 USD was what four shares of 101 USD are now.
    found = parsed(bars(JUNE), {"2024-06-12": 4})
    expected = {"2024-06-10": 400.0, "2024-06-11": 404.0, "2024-06-12": 102.0, "2024-06-13": 103.0}
    assert column(found, "price", "close") == expected
    assert column(found, "price", "open") == expected
    assert column(found, "price", "volume") == {
        "2024-06-10": 250.0,
        "2024-06-11": 250.0,
        "2024-06-12": 1_000.0,
        "2024-06-13": 1_000.0,
    }
    assert column(found, "split", "ratio") == {"2024-06-12": 4.0}


def test_a_reverse_split_is_undone_the_other_way() -> None:
    found = parsed(bars(JUNE), {"2024-06-11": 0.1})
    assert column(found, "price", "close")["2024-06-10"] == pytest.approx(10.0)
    assert column(found, "price", "volume")["2024-06-10"] == pytest.approx(10_000.0)


def test_two_splits_are_undone_together_before_the_first_of_them() -> None:
    found = parsed(bars(JUNE), {"2024-06-11": 2, "2024-06-13": 3})
    assert column(found, "price", "close") == {
        "2024-06-10": 600.0,
        "2024-06-11": 303.0,
        "2024-06-12": 306.0,
        "2024-06-13": 103.0,
    }


def test_a_split_on_a_day_without_a_bar_counts_from_that_day() -> None:
    rows = bars({day: close for day, close in JUNE.items() if day != "2024-06-12"})
    found = parsed(rows, {"2024-06-12": 4})
    assert column(found, "price", "close") == {"2024-06-10": 400.0, "2024-06-11": 404.0, "2024-06-13": 103.0}
    assert column(found, "split", "ratio") == {"2024-06-12": 4.0}


def test_a_split_before_the_first_bar_changes_no_price() -> None:
    assert column(parsed(bars(JUNE), {"2024-06-10": 4}), "price", "close") == JUNE


def test_a_split_of_a_session_that_goes_on_is_undone_and_comes_with_its_session() -> None:
    found = parsed(bars(JUNE), {"2024-06-13": 4}, final=date(2024, 6, 12))
    assert column(found, "price", "close") == {"2024-06-10": 400.0, "2024-06-11": 404.0, "2024-06-12": 408.0}
    assert found.frames["split"].is_empty()


def test_splits_without_a_ratio_are_left_out_and_a_ratio_of_one_is_none() -> None:
    splits = {"2024-06-10": 0.0, "2024-06-11": float("nan"), "2024-06-12": 1.0, "2024-06-13": -2.0}
    found = parsed(bars(JUNE), splits)
    assert column(found, "price", "close") == JUNE
    assert found.frames["split"].is_empty()
    assert found.dropped == {BAD_SPLIT: 3}


def test_a_split_listed_twice_on_a_day_is_one_and_two_are_their_product() -> None:
    def twice(first: float, second: float) -> Any:
        index = pd.to_datetime(["2024-06-12 09:30", "2024-06-12 14:30"]).tz_localize(ZONE)
        rows = pd.Series([first, second], index=index)
        return yahoo_parse.prices(bars(JUNE), rows, actions(), ticker="ABC", currency="USD", closed=closed_at())

    assert column(twice(4, 4), "split", "ratio") == {"2024-06-12": 4.0}
    assert column(twice(4, 0.5), "split", "ratio") == {"2024-06-12": 2.0}


def test_a_split_that_the_prices_still_show_is_not_undone() -> None:
    # Listed already, while the closes still fall from 404 to 102 by the split itself.
    shown = {"2024-06-10": 400.0, "2024-06-11": 404.0, "2024-06-12": 102.0, "2024-06-13": 103.0}
    found = parsed(bars(shown), {"2024-06-12": 4})
    assert column(found, "price", "close") == shown
    assert column(found, "split", "ratio") == {"2024-06-12": 4.0}


@pytest.mark.parametrize("fall", [0.4, 0.75])
def test_a_fall_that_is_not_the_split_leaves_the_split_undone(fall: float) -> None:
    closes = {"2024-06-11": 100.0, "2024-06-12": 100.0 * (1 - fall)}
    assert column(parsed(bars(closes), {"2024-06-12": 2}), "price", "close")["2024-06-11"] == 200.0


def test_a_small_split_is_undone_whatever_the_move_of_the_day() -> None:
    closes = {"2024-06-11": 105.0, "2024-06-12": 100.0}
    assert column(parsed(bars(closes), {"2024-06-12": 1.05}), "price", "close")["2024-06-11"] == pytest.approx(110.25)


def test_a_dividend_before_a_split_is_as_it_was_paid() -> None:
    found = parsed(bars(JUNE), {"2024-06-12": 4}, actions({"2024-06-11": 0.25, "2024-06-12": 0.3}))
    assert column(found, "dividend", "amount") == {"2024-06-11": 1.0, "2024-06-12": 0.3}


def test_dividends_of_a_day_add_up_and_what_is_none_is_left_out() -> None:
    index = pd.to_datetime(["2024-06-10 09:30", "2024-06-10 10:30", "2024-06-11 09:30", "2024-06-12 09:30"])
    paid = pd.Series([0.5, 0.25, 0.0, float("nan")], index=index.tz_localize(ZONE))
    found = parsed(bars(JUNE), None, paid)
    assert column(found, "dividend", "amount") == {"2024-06-10": 0.75}
    assert found.dropped == {BAD_DIVIDEND: 1}


def test_a_dividend_in_another_currency_is_not_taken_for_dollars() -> None:
    paid = actions({"2024-06-10": 0.5, "2024-06-11": 7.5, "2024-06-12": 0.6}).to_frame("Dividends")
    found = parsed(bars(JUNE), None, paid.assign(currency=["USD", "TWD", None]))
    assert column(found, "dividend", "amount") == {"2024-06-10": 0.5, "2024-06-12": 0.6}
    assert found.dropped == {FOREIGN_DIVIDEND: 1}


def test_a_dividend_of_a_session_that_goes_on_waits_for_it() -> None:
    found = parsed(bars(JUNE), None, actions({"2024-06-13": 0.5}), final=date(2024, 6, 12))
    assert found.frames["dividend"].is_empty()


# -- rows that are no closes of sessions


def test_a_live_bar_is_never_a_close() -> None:
    found = parsed(bars(JUNE), final=date(2024, 6, 12))
    assert list(column(found, "price", "close")) == ["2024-06-10", "2024-06-11", "2024-06-12"]
    assert (found.through, found.dropped) == (date(2024, 6, 12), {LIVE: 1})


def test_rows_of_holidays_and_weekends_are_dropped_and_counted() -> None:
    found = parsed(bars({"2024-06-18": 1.0, "2024-06-19": 2.0, "2024-06-20": 3.0, "2024-06-22": 4.0}))
    assert column(found, "price", "close") == {"2024-06-18": 1.0, "2024-06-20": 3.0}
    assert found.dropped == {OFF_SESSION: 2}


def test_a_half_day_is_a_session() -> None:
    found = parsed(bars({"2023-11-22": 1.0, "2023-11-23": 2.0, "2023-11-24": 3.0}))
    assert column(found, "price", "close") == {"2023-11-22": 1.0, "2023-11-24": 3.0}


@pytest.mark.parametrize(("before", "after"), [("2024-03-08", "2024-03-11"), ("2023-11-03", "2023-11-06")])
def test_days_are_those_of_new_york_on_both_sides_of_a_change_of_the_clock(before: str, after: str) -> None:
    found = parsed(bars({before: 1.0, after: 2.0}), {after: 2})
    assert column(found, "price", "close") == {before: 2.0, after: 2.0}


def test_closes_that_are_missing_or_no_prices_are_dropped_and_counted() -> None:
    rows = bars({"2024-06-10": float("nan"), "2024-06-11": 0.0, "2024-06-12": -1.0, "2024-06-13": float("inf")})
    found = parsed(rows)
    assert found.frames["price"].is_empty()
    assert found.through is None
    assert found.dropped == {NO_CLOSE: 1, NOT_POSITIVE: 3}


def test_of_two_rows_of_a_day_the_last_is_taken() -> None:
    rows = pd.concat([bars({"2024-06-10": 1.0, "2024-06-11": 2.0}), bars({"2024-06-11": 3.0})])
    found = parsed(rows)
    assert column(found, "price", "close") == {"2024-06-10": 1.0, "2024-06-11": 3.0}
    assert found.dropped == {REPEATED: 1}


def test_of_two_rows_of_a_day_the_one_with_a_close_is_taken() -> None:
    rows = pd.concat([bars({"2024-06-11": 2.0}), bars({"2024-06-11": float("nan")})])
    found = parsed(rows)
    assert column(found, "price", "close") == {"2024-06-11": 2.0}
    assert found.dropped == {NO_CLOSE: 1}


def test_a_volume_that_is_not_known_is_none_and_the_price_stays() -> None:
    found = parsed(bars(JUNE, volume=[0, 5, float("nan"), 7]))
    assert list(column(found, "price", "volume").values()) == [None, 5.0, None, 7.0]
    assert column(found, "price", "close") == JUNE


def test_an_open_that_is_missing_is_none_and_the_close_stays() -> None:
    rows = bars(JUNE)
    rows.loc[rows.index[1], "Open"] = float("nan")
    rows.loc[rows.index[2], "Low"] = 0.0
    found = parsed(rows)
    assert column(found, "price", "open")["2024-06-11"] is None
    assert column(found, "price", "low")["2024-06-12"] is None
    assert column(found, "price", "close") == JUNE


def test_nothing_gives_empty_frames_on_their_schemas() -> None:
    found = parsed(bars(JUNE).iloc[:0])
    assert {table: frame.height for table, frame in found.frames.items()} == {"price": 0, "split": 0, "dividend": 0}
    for table, frame in found.frames.items():
        assert dict(frame.schema) == RAW_SCHEMAS[table].columns


def test_frames_are_on_their_schemas_and_in_order_of_their_keys() -> None:
    found = parsed(bars(JUNE), {"2024-06-12": 4}, actions({"2024-06-11": 0.25}))
    for table, frame in found.frames.items():
        assert dict(frame.schema) == RAW_SCHEMAS[table].columns
        assert frame.equals(frame.unique().sort(RAW_SCHEMAS[table].key))


# -- benchmarks, currencies, shares


def test_a_benchmark_is_taken_as_it_is_given() -> None:
    found = yahoo_parse.benchmark(bars(JUNE), symbol="^GSPC", closed=closed_at(date(2024, 6, 12)))
    frame = found.frames["benchmark"]
    assert frame.columns == ["session", "symbol", "close"]
    assert frame["symbol"].unique().to_list() == ["^GSPC"]
    assert frame["close"].to_list() == [100.0, 101.0, 102.0]
    assert (found.through, found.dropped) == (date(2024, 6, 12), {LIVE: 1})


@pytest.mark.parametrize("day", ["2024-01-03", "2024-07-03"])
def test_rates_are_of_days_in_london(day: str) -> None:
    found = yahoo_parse.fx(bars({day: 1.09}, zone="Europe/London"), pair="EURUSD", closed=closed_at(date(2024, 12, 31)))
    assert found.frames["fx"].rows() == [(date.fromisoformat(day), "EURUSD", 1.09)]


def test_shares_are_of_the_day_that_their_label_shows_and_the_last_of_a_day_counts() -> None:
    moments = ["2024-01-10 00:00", "2024-02-12 00:00", "2024-02-12 00:00", "2024-03-11 00:00", "2024-04-10 00:00"]
    reports = pd.Series([100, 200, 201, None, 0], index=pd.to_datetime(moments).tz_localize(ZONE), dtype=object)
    found = yahoo_parse.shares(reports, ticker="ABC")
    assert found.frames["shares"].rows() == [
        (date(2024, 1, 10), "ABC", 100.0),
        (date(2024, 2, 12), "ABC", 201.0),
    ]
    assert found.dropped == {BAD_SHARES: 2}


# -- properties


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[date], list[float], dict[date, float]]:
    """Sessions, closes as traded whose daily moves are smaller than any split, and splits."""
    days = sessions_between(date(2024, 1, 2), FINAL)[: draw(st.integers(2, 40))]
    steps = draw(st.lists(st.floats(-0.1, 0.1), min_size=len(days), max_size=len(days)))
    ratios = st.sampled_from([0.05, 0.1, 0.5, 1.05, 1.5, 2.0, 3.0, 4.0, 7.0, 10.0, 20.0])
    splits = draw(st.dictionaries(st.sampled_from(days[1:]), ratios, max_size=4))
    value, closes = 100.0, []
    for day, step in zip(days, steps, strict=True):
        value *= (1 + step) / splits.get(day, 1.0)
        closes.append(value)
    return days, closes, splits


def adjusted(days: list[date], closes: list[float], splits: dict[date, float]) -> list[float]:
    """Closes as the vendor gives them: adjusted for all later splits, in single precision."""
    factors = [float(np.prod([ratio for split, ratio in splits.items() if split > day])) for day in days]
    return [float(np.float32(close / factor)) for close, factor in zip(closes, factors, strict=True)]


@settings(max_examples=40)
@given(markets())
def test_undoing_the_adjustment_gives_back_what_was_traded(market: tuple[Any, ...]) -> None:
    days, closes, splits = market
    given_closes = {str(day): close for day, close in zip(days, adjusted(*market), strict=True)}
    paid = actions({day: close * 0.01 for day, close in given_closes.items()})
    found = parsed(bars(given_closes), {str(day): ratio for day, ratio in splits.items()}, paid)
    assert list(column(found, "price", "close").values()) == pytest.approx(closes, rel=1e-6)
    assert list(column(found, "dividend", "amount").values()) == pytest.approx([0.01 * c for c in closes], rel=1e-6)
    assert column(found, "split", "ratio") == {str(day): splits[day] for day in sorted(splits)}


@settings(max_examples=40)
@given(markets(), st.integers(1, 39))
def test_a_shorter_window_gives_the_same_prices_of_its_days(market: tuple[Any, ...], cut: int) -> None:
    days, _, splits = market
    start = min(cut, len(days) - 1)
    listed = {str(day): ratio for day, ratio in splits.items()}
    rows = bars({str(day): close for day, close in zip(days, adjusted(*market), strict=True)})
    whole = parsed(rows, listed).frames["price"]
    part = parsed(rows.iloc[start:], {day: ratio for day, ratio in listed.items() if day >= str(days[start])})
    assert part.frames["price"].equals(whole.filter(pl.col("session") >= days[start]))
