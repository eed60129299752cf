"""How long metrics take, counted in passes over the returns and against empyrical-reloaded."""

from __future__ import annotations

import importlib
import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from math import fsum
from typing import Any

import numpy as np
import pytest

from engine.calendar import sessions_between
from engine.metrics import METRICS, compute
from engine.views.metrics import metrics_view
from engine.views.returns import returns_view
from engine.views.types import PerformanceView
from tests.unit.performance_views import view_of

pytestmark = pytest.mark.slow

ROUNDS = 25
LONG = 2_500
BENCHMARKS = 5
THEIRS = (
    "cum_returns_final",
    "cagr",
    "annual_volatility",
    "sharpe_ratio",
    "sortino_ratio",
    "downside_risk",
    "max_drawdown",
    "calmar_ratio",
    "value_at_risk",
    "conditional_value_at_risk",
)


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of some rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1_000


def drawn(count: int, seed: int) -> list[float]:
    generator = random.Random(seed)
    return [generator.gauss(0.0004, 0.01) for _ in range(count)]


def one_pass(returns: list[float]) -> float:
    """The least that a statistic needs: look at every return once, and add."""
    return fsum([each * each for each in returns])


def market(sessions: int) -> PerformanceView:
    days = sessions_between(date(2012, 1, 3), date(2025, 12, 31))[-sessions:]
    closes = {f"B{n}": np.cumprod([100.0, *(1 + np.array(drawn(sessions - 1, n)))]).tolist() for n in range(BENCHMARKS)}
    return view_of(days, drawn(sessions - 1, 50), drawn(sessions - 1, 51), closes)


def test_all_metrics_of_ten_years_take_a_dozen_passes_over_the_returns() -> None:
    returns = drawn(LONG, 1)
    floor, ours = milliseconds(lambda: one_pass(returns)), milliseconds(lambda: compute(returns))
    sys.stderr.write(f"{len(METRICS)} metrics {ours:.2f} ms, a pass {floor:.2f} ms, ratio {ours / floor:.1f}\n")
    assert ours < 16 * floor


def test_all_metrics_of_ten_years_take_no_longer_than_a_few_times_empyrical() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        empyrical: Any = importlib.import_module("empyrical")
    returns = drawn(LONG, 1)
    array = np.array(returns)
    theirs = milliseconds(lambda: [getattr(empyrical, name)(array) for name in THEIRS])
    ours = milliseconds(lambda: compute(returns))
    sys.stderr.write(f"ours {ours:.2f} ms, {len(THEIRS)} of theirs {theirs:.2f} ms, ratio {ours / theirs:.1f}\n")
    assert ours < 6 * theirs


@pytest.mark.parametrize("sessions", [1_397, LONG])
def test_all_periods_against_five_benchmarks_cost_little_more_than_their_lengths(sessions: int) -> None:
    view = market(sessions)
    lengths = [period.observations for period in metrics_view(view, None).periods]
    returns = drawn(sum(lengths), 1)
    floor = milliseconds(lambda: one_pass(returns), 9)
    ours = milliseconds(lambda: metrics_view(view, None), 9)
    parts = 2 * (1 + BENCHMARKS)
    sys.stderr.write(
        f"{sessions}: {ours:.1f} ms for {parts} × {len(returns)} returns, {ours / floor / parts:.1f} passes\n"
    )
    assert ours < 16 * parts * floor


@pytest.mark.parametrize("sessions", [1_397, LONG])
def test_tables_of_returns_cost_little_more_than_their_windows(sessions: int) -> None:
    view = market(sessions)
    window = drawn(63, 1)
    floor = 2 * sessions * milliseconds(lambda: one_pass(window), 999)
    ours = milliseconds(lambda: returns_view(view, None), 9)
    sys.stderr.write(f"{sessions}: {ours:.1f} ms, {ours / floor:.1f} passes over every window\n")
    assert ours < 10 * floor
