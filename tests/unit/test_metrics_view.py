"""Metrics by period from a performance view: which sessions count, and for which benchmark."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from engine.calendar import sessions_between
from engine.metrics import METRICS, PERIODS, RELATIVE_METRICS, compute, compute_relative
from engine.views.metrics import metric_definitions, metric_fields, metrics_view, relative_fields
from engine.views.types import Metric, MetricsView, PeriodMetrics
from tests.unit.performance_views import view_of

FIVE = sessions_between(date(2025, 3, 3), date(2025, 3, 7))
PRICE = [0.02, -0.01, 0.03, 0.04]
TOTAL = [0.021, -0.01, 0.032, 0.04]
CLOSES = [100.0, 101.0, 99.99, 101.9898, 100.969902]  # 1 %, -1 %, 2 %, -1 %
MOVES = [0.01, -0.01, 0.02, -0.01]


def about(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)


def figures(metrics: tuple[Metric, ...]) -> dict[str, float | None]:
    return {metric.key: metric.value for metric in metrics}


def same(metrics: tuple[Metric, ...]) -> dict[str, Any]:
    return {metric.key: about(metric.value) for metric in metrics}


def period(view: MetricsView, name: str) -> PeriodMetrics:
    return next(each for each in view.periods if each.period == name)


def test_a_period_has_the_metrics_of_its_returns_and_the_turnover() -> None:
    found = period(metrics_view(view_of(FIVE, PRICE, TOTAL), None), "all")
    assert (found.first, found.last, found.observations, found.complete) == (FIVE[0], FIVE[-1], 4, True)
    assert found.price[:-1] == compute(PRICE)
    assert found.total[:-1] == compute(TOTAL)
    # Four sessions that traded 0.01 each, × 252.
    assert found.price[-1] == found.total[-1] == Metric("turnover", about(2.52))


def test_fields_and_definitions_come_in_the_order_of_the_figures() -> None:
    found = period(metrics_view(view_of(FIVE, PRICE, benchmarks={"B": CLOSES}), None), "all")
    assert [field.key for field in metric_fields()] == [metric.key for metric in found.price]
    assert [field.key for field in relative_fields()] == [metric.key for metric in found.relative[0].price]
    keys = [field.key for field in (*metric_fields(), *relative_fields())]
    assert list(metric_definitions()) == keys
    assert all(definition.field.key == key for key, definition in metric_definitions().items())


def test_without_a_start_there_are_the_standard_periods() -> None:
    assert [each.period for each in metrics_view(view_of(FIVE, PRICE), None).periods] == list(PERIODS)


def test_a_start_gives_one_custom_period_whose_first_return_is_that_of_the_start() -> None:
    (found,) = metrics_view(view_of(FIVE, PRICE), FIVE[2]).periods
    assert (found.period, found.first, found.observations, found.complete) == ("custom", FIVE[1], 3, True)
    assert found.price[:-1] == compute(PRICE[1:])


def test_a_start_before_the_history_is_marked() -> None:
    (found,) = metrics_view(view_of(FIVE, PRICE), date(2020, 1, 1)).periods
    assert (found.first, found.observations, found.complete) == (FIVE[0], 4, False)


@pytest.mark.parametrize("start", [None, FIVE[0], date(2030, 1, 1)], ids=["standard", "its only session", "later"])
def test_a_history_of_one_session_has_no_figures_and_says_why(start: date | None) -> None:
    for found in metrics_view(view_of(FIVE[:1], [], benchmarks={"B": CLOSES[:1]}), start).periods:
        assert found.first == found.last == FIVE[0]
        assert {metric.value for metric in (*found.price, *found.total)} == {None}
        assert {metric.note for metric in found.price} == {"under two observations", "no session with a turnover"}
        assert found.relative[0].observations == 0
        assert {metric.note for metric in found.relative[0].total} == {"under two observations"}


def test_a_start_after_the_last_session_leaves_no_returns() -> None:
    (found,) = metrics_view(view_of(FIVE, PRICE, benchmarks={"B": CLOSES}), date(2030, 1, 1)).periods
    assert (found.first, found.last, found.observations) == (FIVE[-1], FIVE[-1], 0)
    assert (found.relative[0].first, found.relative[0].last) == (None, None)


def test_both_series_are_measured_against_every_benchmark() -> None:
    view = view_of(FIVE, PRICE, TOTAL, benchmarks={"^SPX": CLOSES, "B": [50.0] * 5})
    still, moving = period(metrics_view(view, None), "all").relative
    assert (still.benchmark, moving.benchmark) == ("B", "^SPX")
    assert (moving.observations, moving.first, moving.last) == (4, FIVE[1], FIVE[4])
    assert figures(moving.price) == same(compute_relative(PRICE, MOVES))
    assert figures(moving.total) == same(compute_relative(TOTAL, MOVES))
    assert still.price[0] == Metric("beta", None, note="the benchmark does not vary")


def test_a_session_without_a_benchmark_close_at_either_end_is_left_out_for_both() -> None:
    # No close on the fourth session: the returns of the fourth and of the fifth are not known, and nothing is
    # made up across the gap.
    found = period(metrics_view(view_of(FIVE, PRICE, benchmarks={"B": [*CLOSES[:3], None, CLOSES[4]]}), None), "all")
    (relative,) = found.relative
    assert (relative.observations, relative.first, relative.last) == (2, FIVE[1], FIVE[2])
    assert figures(relative.price) == same(compute_relative(PRICE[:2], MOVES[:2]))
    assert found.observations == 4


def test_a_benchmark_that_ends_early_counts_until_its_end() -> None:
    (relative,) = period(
        metrics_view(view_of(FIVE, PRICE, benchmarks={"B": [*CLOSES[:4], None]}), None), "all"
    ).relative
    assert (relative.observations, relative.first, relative.last) == (3, FIVE[1], FIVE[3])


def test_the_first_return_of_a_period_needs_the_close_before_it() -> None:
    view = view_of(FIVE, PRICE, benchmarks={"B": CLOSES})
    (found,) = metrics_view(view, FIVE[2]).periods
    assert (found.relative[0].observations, found.relative[0].first) == (3, FIVE[2])
    assert figures(found.relative[0].price) == same(compute_relative(PRICE[1:], MOVES[1:]))


def test_beta_of_a_period_by_hand() -> None:
    # r 2, -1, 3, 4 % (mean 2 %), b 1, -1, 2, -1 % (mean 0.25 %). Distances of r: 0, -3, 1, 2; of b: 0.75, -1.25,
    # 1.75, -1.25. Products 0 + 3.75 + 1.75 - 2.5 = 3; squares of b 0.5625 + 1.5625 + 3.0625 + 1.5625 = 6.75.
    (relative,) = period(metrics_view(view_of(FIVE, PRICE, benchmarks={"B": CLOSES}), None), "all").relative
    assert relative.price[0] == Metric("beta", about(3 / 6.75), short_history=True)


@pytest.mark.parametrize("seed", range(3))
def test_every_period_agrees_with_returns_taken_from_levels_by_date(seed: int) -> None:
    """The second road goes by dates and levels; the first by places and returns."""
    draws = random.Random(seed)
    sessions = sessions_between(date(2023, 1, 3), date(2025, 6, 30))
    price = [draws.gauss(0.0005, 0.01) for _ in sessions[1:]]
    closes = [None if draws.random() < 0.05 else 100 * draws.uniform(0.97, 1.03) for _ in sessions]
    view = view_of(sessions, price, benchmarks={"B": closes})
    level, close = dict(zip(sessions, view.level_pr, strict=True)), dict(zip(sessions, closes, strict=True))
    for found in metrics_view(view, None).periods:
        within = [day for day in sessions if found.first <= day <= found.last]
        steps = list(pairwise(within))
        own = [level[after] / level[before] - 1 for before, after in steps]
        assert figures(found.price[:-1]) == same(compute(own))
        pairs = [
            (level[after] / level[before] - 1, end / begin - 1, after)
            for before, after in steps
            if (begin := close[before]) is not None and (end := close[after]) is not None
        ]
        (relative,) = found.relative
        expected = compute_relative([r for r, _, _ in pairs], [b for _, b, _ in pairs])
        assert figures(relative.price) == same(expected)
        assert (relative.first, relative.last, relative.observations) == (pairs[0][2], pairs[-1][2], len(pairs))


def test_the_risk_free_rate_reaches_both_series_and_every_benchmark() -> None:
    (found,) = metrics_view(view_of(FIVE, PRICE, TOTAL, benchmarks={"B": CLOSES}), FIVE[1], 0.04).periods
    assert figures(found.price[:-1]) == same(compute(PRICE, 0.04))
    assert figures(found.total[:-1]) == same(compute(TOTAL, 0.04))
    assert figures(found.relative[0].price) == same(compute_relative(PRICE, MOVES, 0.04))
    assert figures(found.relative[0].total) == same(compute_relative(TOTAL, MOVES, 0.04))


def test_no_figure_is_left_out_for_any_period() -> None:
    for found in metrics_view(view_of(FIVE, PRICE, benchmarks={"B": CLOSES}), None).periods:
        assert [metric.key for metric in found.price] == [*METRICS, "turnover"]
        assert [metric.key for metric in found.relative[0].price] == list(RELATIVE_METRICS)
