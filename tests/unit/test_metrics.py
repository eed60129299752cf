"""Metrics against small series computed by hand, and against a second road on a long one."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date
from math import sqrt

import numpy as np
import pytest

from engine.calendar import sessions_between
from engine.domain.fields import Unit
from engine.metrics import (
    HOLDING_METRICS,
    METRICS,
    PERIODS,
    RELATIVE_METRICS,
    Definition,
    Drawdown,
    PeriodStart,
    Series,
    annualised_turnover,
    compute,
    compute_relative,
    custom_start,
    deepest_drawdowns,
    drawdowns,
    effective_constituents,
    month_returns,
    period_start,
    rolling_volatility,
    worst_drawdown,
    year_returns,
)
from engine.metrics.performance import downside_deviation, sharpe, sortino
from engine.metrics.relative import alpha
from engine.metrics.sample import deviation, mean
from engine.views.types import Metric

# Levels 1, 1.1, 0.99, 1.0395, 1.01871.
FOUR = [0.10, -0.10, 0.05, -0.02]

# Mean 0.03 / 4 = 0.0075; distances 0.0925, -0.1075, 0.0425, -0.0275; their squares sum to 0.022675.
DEVIATION = sqrt(0.022675 / 3)
# Shortfalls 0.1 and 0.02 over all four: (0.01 + 0.0004) / 4 = 0.0026.
DOWNSIDE = sqrt(0.0026) * sqrt(252)

BY_HAND = {
    "total_return": 0.01871,
    "cagr": 1.01871**63 - 1,  # 252 / 4 = 63
    "volatility": DEVIATION * sqrt(252),
    "sharpe": 0.0075 / DEVIATION * sqrt(252),
    "sortino": 0.0075 * 252 / DOWNSIDE,
    "downside_deviation": DOWNSIDE,
    "max_drawdown": -0.1,  # 0.99 / 1.1 - 1
    "calmar": (1.01871**63 - 1) / 0.1,
    "var_95": -0.088,  # place 0.05 × 3 = 0.15 between -0.10 and -0.02
    "cvar_95": -0.1,  # only -0.10 is at or below -0.088
    "best_day": 0.10,
    "worst_day": -0.10,
    "positive_days": 0.5,
}

ALL = {**METRICS, **HOLDING_METRICS, **RELATIVE_METRICS}


def values(metrics: tuple[Metric, ...]) -> dict[str, float | None]:
    return {metric.key: metric.value for metric in metrics}


def one(metrics: tuple[Metric, ...], key: str) -> Metric:
    return next(metric for metric in metrics if metric.key == key)


def places(worst: Drawdown | None) -> tuple[int, int, int | None]:
    assert worst is not None
    return worst.peak, worst.trough, worst.recovery


def noise(length: int, seed: int) -> list[float]:
    generator = random.Random(seed)
    return [generator.uniform(-0.02, 0.021) for _ in range(length)]


@pytest.mark.parametrize("key", METRICS)
def test_a_metric_of_four_returns_is_what_the_hand_computes(key: str) -> None:
    assert one(compute(FOUR), key).value == pytest.approx(BY_HAND[key], rel=1e-12)


@pytest.mark.parametrize("key", METRICS)
def test_a_metric_takes_a_second_road_to_the_same_value(key: str) -> None:
    returns = np.array(noise(1_000, seed=5))
    levels = np.cumprod(np.concatenate([[1.0], 1 + returns]))
    falls = levels / np.maximum.accumulate(levels) - 1
    tail = np.quantile(returns, 0.05)
    yearly = levels[-1] ** (252 / 1_000) - 1
    downside = np.sqrt(np.mean(np.minimum(returns, 0) ** 2) * 252)
    other = {
        "total_return": levels[-1] - 1,
        "cagr": yearly,
        "volatility": np.std(returns, ddof=1) * np.sqrt(252),
        "sharpe": np.mean(returns) / np.std(returns, ddof=1) * np.sqrt(252),
        "sortino": np.mean(returns) * 252 / downside,
        "downside_deviation": downside,
        "max_drawdown": falls.min(),
        "calmar": yearly / -falls.min(),
        "var_95": tail,
        "cvar_95": returns[returns <= tail].mean(),
        "best_day": returns.max(),
        "worst_day": returns.min(),
        "positive_days": (returns > 0).mean(),
    }
    assert one(compute(returns.tolist()), key).value == pytest.approx(float(other[key]), rel=1e-11)


@pytest.mark.parametrize("definition", ALL.values(), ids=ALL.keys())
def test_a_metric_explains_itself(definition: Definition) -> None:
    field = definition.field
    assert field.label
    assert field.unit in {Unit.FRACTION, Unit.RATIO, Unit.COUNT}
    assert field.text.endswith(".")
    assert definition.formula
    assert definition.source
    assert definition.missing
    assert ALL[field.key] is definition


@pytest.mark.parametrize("definition", METRICS.values(), ids=METRICS.keys())
@pytest.mark.parametrize("returns", [[], [0.01]], ids=["no return", "one return"])
def test_under_two_observations_there_is_no_value(definition: Definition, returns: list[float]) -> None:
    assert definition.of(returns) == Metric(definition.field.key, None, note="under two observations")


@pytest.mark.parametrize("definition", RELATIVE_METRICS.values(), ids=RELATIVE_METRICS.keys())
@pytest.mark.parametrize("returns", [[], [0.01]], ids=["no return", "one return"])
def test_under_two_common_observations_there_is_no_relative_value(definition: Definition, returns: list[float]) -> None:
    assert definition.of(returns, returns) == Metric(definition.field.key, None, note="under two observations")


def test_a_metric_says_in_words_when_it_has_no_value() -> None:
    assert METRICS["total_return"].missing == "under two observations"
    assert METRICS["sharpe"].missing == "under two observations; the returns do not vary"
    assert HOLDING_METRICS["turnover"].missing == "no session with a turnover"


def test_metrics_come_in_the_order_of_their_registry() -> None:
    assert [metric.key for metric in compute(FOUR)] == list(METRICS)
    assert [metric.key for metric in compute_relative(FOUR, FOUR)] == list(RELATIVE_METRICS)


@pytest.mark.parametrize("length", [2, 3, 7, 250])
@pytest.mark.parametrize("steady", [0.0, 0.01, 0.1])
def test_steady_returns_have_no_deviation_and_so_no_ratio(length: int, steady: float) -> None:
    # The mean of three times 0.1 differs from 0.1 in its last bit: a naive deviation is not exactly 0.
    metrics = compute([steady] * length)
    for key in ("volatility", "sharpe"):
        assert one(metrics, key) == Metric(key, None, note="the returns do not vary")
    for key in ("sortino", "downside_deviation"):
        assert one(metrics, key) == Metric(key, None, note="no session below the minimum")
    assert one(metrics, "calmar") == Metric("calmar", None, note="nothing fell, or the CAGR is too large to be stated")
    assert one(metrics, "max_drawdown").value == 0
    assert one(metrics, "total_return").value == pytest.approx((1 + steady) ** length - 1)


def test_a_gain_without_end_has_no_yearly_growth_rather_than_infinity() -> None:
    metrics = compute([1e4, -0.5, 1e4])
    assert one(metrics, "cagr") == Metric("cagr", None, note="too large to be stated")
    assert one(metrics, "calmar").value is None


def test_a_total_loss_stays_a_number() -> None:
    found = values(compute([0.1, -1.0, 0.2]))
    assert (found["total_return"], found["cagr"], found["max_drawdown"]) == (-1, -1, -1)


def test_short_histories_are_marked_for_ratios_slopes_and_tails() -> None:
    returns, benchmark = noise(20, seed=1), noise(20, seed=2)
    short = compute(returns[:19]) + compute_relative(returns[:19], benchmark[:19])
    assert {metric.key for metric in short if metric.short_history} == {
        *("sharpe", "sortino", "var_95", "cvar_95"),
        *("beta", "alpha", "correlation", "information_ratio", "up_capture", "down_capture"),
    }
    long = compute(returns) + compute_relative(returns, benchmark)
    assert not any(metric.short_history for metric in long)


def test_metrics_that_know_no_path_do_not_depend_on_the_order_of_returns() -> None:
    # Sums are exactly rounded, so the values are the same to the last bit; products are not.
    returns = noise(500, seed=8)
    forwards, backwards = values(compute(returns)), values(compute(returns[::-1]))
    for key in METRICS.keys() - {"max_drawdown", "calmar", "total_return", "cagr"}:
        assert forwards[key] == backwards[key]
    assert forwards["total_return"] == pytest.approx(backwards["total_return"], rel=1e-12)


def test_a_series_that_remembers_gives_what_a_list_gives() -> None:
    returns, benchmark = noise(300, seed=3), noise(300, seed=4)
    assert compute(returns) == tuple(definition.of(returns) for definition in METRICS.values())
    own, other = Series.of(returns), Series.of(benchmark)
    compute(own)
    compute(other)
    assert compute_relative(own, other) == tuple(each.of(returns, benchmark) for each in RELATIVE_METRICS.values())
    assert compute_relative(other, own) == tuple(each.of(benchmark, returns) for each in RELATIVE_METRICS.values())


def test_a_series_is_measured_once_and_stays_itself() -> None:
    series = Series.of(FOUR)
    assert Series.of(series) is series
    before = deviation(series)
    series.known = dict.fromkeys(series.known, 42.0)
    assert before != deviation(series) == mean(series) == 42.0
    assert deviation(FOUR) == before


def test_two_series_are_never_mixed_up_even_when_they_are_equal() -> None:
    left, right = Series.of(FOUR), Series.of(list(FOUR))
    assert left != right
    assert tuple(left) == tuple(right)
    assert len({left, right}) == 2


def test_sharpe_is_above_the_risk_free_rate() -> None:
    daily = 1.05 ** (1 / 252) - 1
    assert sharpe(FOUR, 0.05) == pytest.approx((0.0075 - daily) / DEVIATION * sqrt(252), rel=1e-12)


def test_only_sharpe_and_alpha_know_a_risk_free_rate() -> None:
    benchmark = [0.05, -0.04, 0.03, 0.0]
    zero = compute(FOUR) + compute_relative(FOUR, benchmark)
    four = compute(FOUR, 0.04) + compute_relative(FOUR, benchmark, 0.04)
    assert {each.key for each, other in zip(zero, four, strict=True) if each != other} == {"sharpe", "alpha"}
    assert one(four, "sharpe").value == sharpe(FOUR, 0.04)
    assert one(four, "alpha").value == alpha(FOUR, benchmark, 0.04)


def test_downside_deviation_and_sortino_are_below_the_minimum() -> None:
    # A minimum of 0.01 a session: shortfalls 0.11 and 0.03 of four sessions, (0.0121 + 0.0009) / 4 = 0.00325.
    yearly = 1.01**252 - 1
    assert downside_deviation(FOUR, yearly) == pytest.approx(sqrt(0.00325 * 252), rel=1e-9)
    assert sortino(FOUR, yearly) == pytest.approx((0.0075 - 0.01) * 252 / sqrt(0.00325 * 252), rel=1e-9)


def test_drawdowns_start_from_the_level_before_the_first_return() -> None:
    # Levels 1, 0.8, 0.88, 1.1: the first return already is a fall of a fifth.
    assert drawdowns([-0.2, 0.1, 0.25]) == pytest.approx([-0.2, -0.12, 0.0])
    assert places(worst_drawdown([-0.2, 0.1, 0.25])) == (0, 1, 3)


def test_the_worst_drawdown_has_a_peak_a_trough_and_a_recovery() -> None:
    # Levels 1, 1.5, 1.2, 1.32, 0.99, 1.98: from 1.5 at place 1 to 0.99 at place 4, back at place 5.
    worst = worst_drawdown([0.5, -0.2, 0.1, -0.25, 1.0])
    assert places(worst) == (1, 4, 5)
    assert worst is not None
    assert worst.depth == pytest.approx(0.99 / 1.5 - 1)


def test_a_fall_that_lasts_has_no_recovery() -> None:
    assert places(worst_drawdown(FOUR)) == (1, 2, None)


def test_of_a_flat_peak_the_last_session_counts() -> None:
    assert worst_drawdown([0.25, 0.0, -0.5]) == Drawdown(-0.5, peak=2, trough=3, recovery=None)


def test_the_deepest_falls_come_first_and_do_not_overlap() -> None:
    # Levels 1, 0.9, 1.1, 0.55, 0.66, 1.32, 1.056, 1.32: falls of 0.1, 0.5 and 0.2; the small rise within the
    # second one does not end it.
    returns = [-0.1, 1.1 / 0.9 - 1, -0.5, 0.2, 1.0, -0.2, 0.25]
    found = [(round(fall.depth, 12), fall.peak, fall.trough, fall.recovery) for fall in deepest_drawdowns(returns, 9)]
    assert found == [(-0.5, 2, 3, 5), (-0.2, 5, 6, 7), (-0.1, 0, 1, 2)]
    assert deepest_drawdowns(returns, 2) == deepest_drawdowns(returns, 9)[:2]


def test_of_equally_deep_falls_the_earlier_comes_first() -> None:
    # Levels 1, 0.5, 1, 0.5, 1.
    found = deepest_drawdowns([-0.5, 1.0, -0.5, 1.0], 2)
    assert found == [Drawdown(-0.5, 0, 1, 2), Drawdown(-0.5, 2, 3, 4)]


@pytest.mark.parametrize("seed", range(5))
def test_drawdowns_found_one_session_at_a_time_are_the_same(seed: int) -> None:
    returns = noise(200, seed)
    levels = np.cumprod([1.0, *(1 + each for each in returns)])
    falls, place = [], 0
    while place < len(levels) - 1:
        if levels[place + 1] >= levels[place]:
            place += 1
            continue
        back = next((later for later in range(place + 1, len(levels)) if levels[later] >= levels[place]), None)
        low = place + int(np.argmin(levels[place:back]))
        falls.append((levels[low] / levels[place] - 1, place, low, back))
        place = len(levels) if back is None else back
    found = [(fall.depth, fall.peak, fall.trough, fall.recovery) for fall in deepest_drawdowns(returns, 10)]
    for one_fall, other in zip(found, sorted(falls)[:10], strict=True):
        assert one_fall[1:] == other[1:]
        assert one_fall[0] == pytest.approx(other[0], rel=1e-12)
    assert found[0][0] == one(compute(returns), "max_drawdown").value


def test_rolling_volatility_begins_with_the_first_full_window() -> None:
    # Deviation of two values is their distance over √2: 0.2 and 0.15.
    found = rolling_volatility([0.1, -0.1, 0.05], 2)
    assert found == [None, pytest.approx(0.2 / sqrt(2) * sqrt(252)), pytest.approx(0.15 / sqrt(2) * sqrt(252))]


def test_rolling_volatility_takes_a_second_road_to_the_same_value() -> None:
    returns = noise(200, seed=9)
    windows = np.lib.stride_tricks.sliding_window_view(np.array(returns), 63)
    found = rolling_volatility(returns, 63)
    assert found[:62] == [None] * 62
    assert found[62:] == pytest.approx((windows.std(axis=1, ddof=1) * np.sqrt(252)).tolist(), rel=1e-12)


def test_rolling_volatility_of_too_few_or_steady_returns_is_no_value() -> None:
    assert rolling_volatility([], 3) == []
    assert rolling_volatility([0.1, 0.2], 3) == [None, None]
    assert rolling_volatility([0.1] * 4, 3) == [None] * 4


def test_a_series_that_never_falls_has_no_worst_drawdown() -> None:
    assert worst_drawdown([0.1, 0.0]) is None
    assert worst_drawdown([]) is None
    assert drawdowns([0.1, 0.0]) == [0, 0]


def test_relative_metrics_of_three_returns_are_what_the_hand_computes() -> None:
    # Distances from the means, in hundredths of a third: r 2, -7, 5 and b 1, -5, 4.
    # Products sum to 2 + 35 + 20 = 57, squares of b to 1 + 25 + 16 = 42, of r to 4 + 49 + 25 = 78.
    # Differences 0.01, 0, 0.01: mean 0.02 / 3, deviation 0.01 / √3.
    found = values(compute_relative([0.02, -0.01, 0.03], [0.01, -0.01, 0.02]))
    assert found == {
        "beta": pytest.approx(57 / 42),
        "alpha": pytest.approx((1 + 0.04 / 3 - 57 / 42 * 0.02 / 3) ** 252 - 1),
        "correlation": pytest.approx(57 / sqrt(78 * 42)),
        "tracking_error": pytest.approx(0.01 / sqrt(3) * sqrt(252)),
        "information_ratio": pytest.approx(0.02 / 3 * 252 / (0.01 / sqrt(3) * sqrt(252))),
        # The benchmark rose twice: 1.02 × 1.03 = 1.0506 against 1.01 × 1.02 = 1.0302, to the power of 252 / 2.
        "up_capture": pytest.approx((1.0506**126 - 1) / (1.0302**126 - 1)),
        "down_capture": None,
    }


def test_captures_count_the_sessions_on_which_the_benchmark_moved_that_way() -> None:
    # Falls of the benchmark: 0.98 × 0.96 = 0.9408 against 0.99 × 0.98 = 0.9702; a session at rest counts for neither.
    found = values(compute_relative([0.02, -0.02, 0.5, -0.04, 0.01], [0.01, -0.01, 0.0, -0.02, 0.02]))
    assert found["up_capture"] == pytest.approx(((1.02 * 1.01) ** 126 - 1) / (1.0302**126 - 1))
    assert found["down_capture"] == pytest.approx((0.9408**126 - 1) / (0.9702**126 - 1))


@pytest.mark.parametrize("key", RELATIVE_METRICS)
def test_a_relative_metric_takes_a_second_road_to_the_same_value(key: str) -> None:
    returns, benchmark = np.array(noise(800, seed=6)), np.array(noise(800, seed=7))
    slope, intercept = np.polyfit(benchmark, returns, 1)
    apart = returns - benchmark
    rose, fell = benchmark > 0, benchmark < 0

    def yearly(kept: np.ndarray) -> float:
        return float(np.exp(np.log1p(kept).mean() * 252) - 1)

    other = {
        "beta": slope,
        "alpha": (1 + intercept) ** 252 - 1,
        "correlation": np.corrcoef(returns, benchmark)[0, 1],
        "tracking_error": np.std(apart, ddof=1) * np.sqrt(252),
        "information_ratio": np.mean(apart) / np.std(apart, ddof=1) * np.sqrt(252),
        "up_capture": yearly(returns[rose]) / yearly(benchmark[rose]),
        "down_capture": yearly(returns[fell]) / yearly(benchmark[fell]),
    }
    found = one(compute_relative(returns.tolist(), benchmark.tolist()), key).value
    assert found == pytest.approx(float(other[key]), rel=1e-9)


def test_series_that_differ_by_rounding_only_have_no_tracking_error() -> None:
    # The same returns, once from levels with another base: the differences are of the order of 1e-16.
    returns = noise(100, seed=2)
    levels = np.cumprod([1234.5, *(1 + each for each in returns)])
    found = values(compute_relative(returns, (levels[1:] / levels[:-1] - 1).tolist()))
    assert found["tracking_error"] is found["information_ratio"] is None
    assert found["beta"] == pytest.approx(1)


def test_alpha_is_after_the_risk_free_rate() -> None:
    daily = 1.03 ** (1 / 252) - 1
    intercept = (0.04 / 3 - daily) - 57 / 42 * (0.02 / 3 - daily)
    found = alpha([0.02, -0.01, 0.03], [0.01, -0.01, 0.02], 0.03)
    assert found == pytest.approx((1 + intercept) ** 252 - 1)


def test_a_benchmark_that_stands_still_gives_no_relative_value_but_the_tracking_error() -> None:
    found = values(compute_relative(FOUR, [0.0] * 4))
    assert found["beta"] is found["alpha"] is found["correlation"] is None
    assert found["tracking_error"] == pytest.approx(BY_HAND["volatility"])


def test_a_series_tracks_itself_without_error_and_so_without_ratio() -> None:
    found = values(compute_relative(FOUR, FOUR))
    assert found["beta"] == pytest.approx(1)
    assert found["correlation"] == pytest.approx(1)
    assert found["alpha"] == pytest.approx(0, abs=1e-12)
    assert found["tracking_error"] is found["information_ratio"] is None
    assert found["up_capture"] == found["down_capture"] == 1


def test_turnover_is_annualised_by_252_sessions() -> None:
    # (0.01 + 0 + 0.005) / 3 = 0.005, × 252 = 1.26
    assert annualised_turnover([0.01, 0.0, 0.005]) == pytest.approx(1.26)
    assert annualised_turnover([]) is None
    assert HOLDING_METRICS["turnover"].of([]) == Metric("turnover", None, note="no session with a turnover")
    assert HOLDING_METRICS["turnover"].of([0.01]).value == pytest.approx(2.52)


def test_equal_weights_count_fully_and_unequal_ones_less() -> None:
    assert effective_constituents([0.25] * 4) == 4
    # 0.25 + 0.0625 + 0.0625 = 0.375
    assert effective_constituents([0.5, 0.25, 0.25]) == pytest.approx(1 / 0.375)
    assert effective_constituents([]) is None


def test_months_and_years_compound_their_days() -> None:
    sessions = [date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 2), date(2025, 2, 3)]
    returns = [0.1, 0.2, -0.5, 1.0]
    assert month_returns(sessions, returns) == {
        (2024, 12): pytest.approx(0.32),
        (2025, 1): -0.5,
        (2025, 2): 1.0,
    }
    assert year_returns(sessions, returns) == {2024: pytest.approx(0.32), 2025: 0.0}


SESSIONS = sessions_between(date(2021, 1, 4), date(2026, 3, 31))

STARTS = {
    ("1M", date(2026, 3, 31)): date(2026, 2, 27),  # 28 February is a Saturday
    ("1M", date(2025, 7, 15)): date(2025, 6, 13),  # 15 June is a Sunday
    ("1M", date(2025, 2, 10)): date(2025, 1, 10),
    ("3M", date(2025, 2, 10)): date(2024, 11, 8),  # 10 November is a Sunday
    ("6M", date(2025, 7, 9)): date(2025, 1, 8),  # 9 January was a day of mourning
    ("1Y", date(2024, 2, 29)): date(2023, 2, 28),
    ("3Y", date(2026, 3, 31)): date(2023, 3, 31),
    ("5Y", date(2026, 3, 31)): date(2021, 3, 31),
    ("YTD", date(2025, 7, 15)): date(2024, 12, 31),
    ("YTD", date(2023, 1, 3)): date(2022, 12, 30),
    ("all", date(2025, 7, 15)): date(2021, 1, 4),
}


@pytest.mark.parametrize(("period", "end"), STARTS, ids=[f"{period} to {end}" for period, end in STARTS])
def test_a_period_starts_from_the_last_session_on_or_before_its_date(period: str, end: date) -> None:
    start = period_start(SESSIONS, SESSIONS.index(end), period)
    assert SESSIONS[start.index] == STARTS[period, end]
    assert start.complete


@pytest.mark.parametrize("period", [period for period in PERIODS if period != "all"])
def test_a_history_that_is_too_short_starts_at_its_first_session_and_says_so(period: str) -> None:
    assert period_start(SESSIONS, 9, period) == PeriodStart(0, complete=False)


def test_a_history_of_exactly_the_period_is_complete() -> None:
    sessions = [date(2025, 1, 10), date(2025, 2, 10)]
    assert period_start(sessions, 1, "1M") == PeriodStart(0, complete=True)


def test_the_whole_history_is_always_complete() -> None:
    assert period_start(SESSIONS, 0, "all") == PeriodStart(0, complete=True)


def test_a_period_from_a_day_starts_from_the_close_before_its_first_session() -> None:
    sunday, monday = date(2021, 3, 7), date(2021, 3, 8)
    friday = SESSIONS.index(date(2021, 3, 5))
    assert custom_start(SESSIONS, sunday) == custom_start(SESSIONS, monday) == PeriodStart(friday, complete=True)
    assert custom_start(SESSIONS, date(2020, 1, 1)) == PeriodStart(0, complete=False)
    assert custom_start(SESSIONS, date(2030, 1, 1)) == PeriodStart(len(SESSIONS) - 1, complete=True)


def test_an_unknown_period_is_refused() -> None:
    with pytest.raises(ValueError, match="no period '2W', only 1M"):
        period_start(SESSIONS, 9, "2W")


def test_metrics_load_no_heavy_library() -> None:
    modules = "engine.views.metrics, engine.views.returns"
    code = f"import sys, {modules}; print({{'numpy', 'polars', 'duckdb'}} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
