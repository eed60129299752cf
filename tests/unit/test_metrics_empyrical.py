"""Metrics against empyrical-reloaded: where conventions agree to the last digits, and where they do not."""

from __future__ import annotations

import importlib
import random
import warnings
from datetime import date
from math import inf, isinf, isnan, nan, sqrt
from typing import Any

import numpy as np
import pytest

from engine.calendar import sessions_between
from engine.metrics import (
    METRICS,
    RELATIVE_METRICS,
    compute,
    compute_relative,
    drawdowns,
    month_returns,
    rolling_volatility,
    year_returns,
)
from engine.metrics.performance import sharpe, sortino
from engine.metrics.relative import alpha, beta
from engine.metrics.sample import per_session
from engine.views.types import Metric

OURS_TO_THEIRS = {
    "total_return": "cum_returns_final",
    "cagr": "cagr",
    "volatility": "annual_volatility",
    "sharpe": "sharpe_ratio",
    "sortino": "sortino_ratio",
    "downside_deviation": "downside_risk",
    "max_drawdown": "max_drawdown",
    "calmar": "calmar_ratio",
    "var_95": "value_at_risk",
    "cvar_95": "conditional_value_at_risk",
    "beta": "beta",
    "alpha": "alpha",
    "up_capture": "up_capture",
    "down_capture": "down_capture",
}
WITHOUT_COUNTERPART = {
    *("best_day", "worst_day", "positive_days"),
    *("correlation", "tracking_error", "information_ratio"),
}
WITHOUT_A_FALL = {"downside_deviation": 0.0, "sortino": inf, "calmar": nan}
"""What empyrical gives for returns that are all gains; here there is no value."""

SINGLE = [key for key in METRICS if key in OURS_TO_THEIRS]
RELATIVE = [key for key in RELATIVE_METRICS if key in OURS_TO_THEIRS]
CLOSE: dict[str, Any] = {"rel": 1e-9, "abs": 1e-13}


@pytest.fixture(scope="module")
def empyrical() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("empyrical")


@pytest.fixture(scope="module")
def pandas() -> Any:
    return importlib.import_module("pandas")


def calm(generator: random.Random) -> float:
    return generator.gauss(0.0004, 0.01)


def wild(generator: random.Random) -> float:
    return generator.uniform(-0.4, 0.5)


def rising(generator: random.Random) -> float:
    return generator.uniform(0.0001, 0.03)


def falling(generator: random.Random) -> float:
    return -rising(generator)


DRAWS = [calm, wild, rising, falling]


def drawn(draw: Any, length: int, seed: int = 0) -> list[float]:
    generator = random.Random(f"{draw.__name__} {length} {seed}")
    return [draw(generator) for _ in range(length)]


def value(metrics: tuple[Metric, ...], key: str) -> float | None:
    return next(metric.value for metric in metrics if metric.key == key)


def test_every_metric_has_a_counterpart_or_is_known_to_have_none() -> None:
    assert OURS_TO_THEIRS.keys() | WITHOUT_COUNTERPART == METRICS.keys() | RELATIVE_METRICS.keys()


@pytest.mark.parametrize("key", SINGLE)
@pytest.mark.parametrize("length", [2, 3, 21, 60, 1_500])
@pytest.mark.parametrize("draw", DRAWS)
def test_a_metric_agrees_with_empyrical(key: str, length: int, draw: Any, empyrical: Any) -> None:
    returns = drawn(draw, length)
    theirs = float(getattr(empyrical, OURS_TO_THEIRS[key])(np.array(returns)))
    if min(returns) > 0 and key in WITHOUT_A_FALL:
        assert value(compute(returns), key) is None
        assert theirs == pytest.approx(WITHOUT_A_FALL[key], nan_ok=True)
    else:
        assert value(compute(returns), key) == pytest.approx(theirs, **CLOSE)


@pytest.mark.parametrize("key", RELATIVE)
@pytest.mark.parametrize("length", [21, 60, 1_500])
@pytest.mark.parametrize("draw", DRAWS[:2])
def test_a_relative_metric_agrees_with_empyrical(key: str, length: int, draw: Any, empyrical: Any) -> None:
    returns, benchmark = drawn(draw, length), drawn(calm, length, seed=1)
    theirs = getattr(empyrical, OURS_TO_THEIRS[key])(np.array(returns), np.array(benchmark))
    assert value(compute_relative(returns, benchmark), key) == pytest.approx(float(theirs), **CLOSE)


@pytest.mark.parametrize("length", [2, 21, 1_500])
def test_tracking_error_and_information_ratio_are_made_of_what_empyrical_has(length: int, empyrical: Any) -> None:
    """It has no tracking error; its excess Sharpe is the information ratio of one session."""
    returns, benchmark = drawn(calm, length), drawn(calm, length, seed=1)
    ours = compute_relative(returns, benchmark)
    apart = np.array(returns) - np.array(benchmark)
    excess = empyrical.excess_sharpe(np.array(returns), np.array(benchmark))
    assert value(ours, "tracking_error") == pytest.approx(float(empyrical.annual_volatility(apart)), **CLOSE)
    assert value(ours, "information_ratio") == pytest.approx(float(excess) * sqrt(252), **CLOSE)


def test_their_risk_free_rate_is_that_of_a_session_and_ours_that_of_a_year(empyrical: Any) -> None:
    returns, benchmark = drawn(calm, 250), drawn(calm, 250, seed=1)
    own, other, rate = np.array(returns), np.array(benchmark), per_session(0.04)
    assert rate == pytest.approx(1.04 ** (1 / 252) - 1)
    assert sharpe(returns, 0.04) == pytest.approx(float(empyrical.sharpe_ratio(own, rate)), **CLOSE)
    assert sortino(returns, 0.04) == pytest.approx(float(empyrical.sortino_ratio(own, rate)), **CLOSE)
    assert alpha(returns, benchmark, 0.04) == pytest.approx(float(empyrical.alpha(own, other, rate)), **CLOSE)
    assert beta(returns, benchmark) == pytest.approx(float(empyrical.beta(own, other, rate)), **CLOSE)


def test_drawdowns_and_rolling_volatility_agree_with_empyrical(empyrical: Any, pandas: Any) -> None:
    returns = drawn(calm, 500)
    falls = empyrical.stats.drawdown_series(pandas.Series(returns))
    assert drawdowns(returns) == pytest.approx(falls.tolist(), **CLOSE)
    theirs = empyrical.roll_annual_volatility(np.array(returns), 63)
    assert rolling_volatility(returns, 63)[62:] == pytest.approx(theirs.tolist(), **CLOSE)


def test_months_and_years_agree_with_empyrical(empyrical: Any, pandas: Any) -> None:
    sessions = sessions_between(date(2023, 11, 20), date(2025, 2, 10))
    returns = drawn(calm, len(sessions))
    series = pandas.Series(returns, index=pandas.DatetimeIndex(sessions))
    months, years = (empyrical.aggregate_returns(series, step).to_dict() for step in ("monthly", "yearly"))
    assert month_returns(sessions, returns) == {month: pytest.approx(found, **CLOSE) for month, found in months.items()}
    assert year_returns(sessions, returns) == {year: pytest.approx(found, **CLOSE) for year, found in years.items()}


# -- where the two differ


def test_steady_returns_have_no_value_here_and_zero_or_infinity_there(empyrical: Any) -> None:
    steady = [0.01] * 10
    ours = compute(steady)
    assert value(ours, "volatility") is value(ours, "sharpe") is None
    assert empyrical.annual_volatility(np.array(steady)) == pytest.approx(0, abs=1e-15)
    assert isinf(empyrical.sharpe_ratio(np.array(steady)))


def test_one_return_has_no_value_here_and_some_there(empyrical: Any) -> None:
    assert all(metric.value is None for metric in compute([0.01]))
    assert empyrical.cagr(np.array([0.01])) == pytest.approx(1.01**252 - 1)


def test_the_tail_takes_in_all_that_tie_with_its_last_return_here_and_one_in_twenty_there(empyrical: Any) -> None:
    # 21 returns: the quantile is the second smallest, -1 %, which all but the smallest and the largest are.
    returns = [-0.05, *[-0.01] * 19, 0.02]
    ours = compute(returns)
    assert value(ours, "var_95") == empyrical.value_at_risk(np.array(returns)) == -0.01
    assert value(ours, "cvar_95") == pytest.approx((-0.05 - 19 * 0.01) / 20)
    assert empyrical.conditional_value_at_risk(np.array(returns)) == pytest.approx((-0.05 - 0.01) / 2)


def test_a_capture_of_a_single_session_is_no_value_here_and_one_there(empyrical: Any) -> None:
    returns, benchmark = [0.02, -0.01, 0.01], [0.01, -0.02, 0.02]
    assert value(compute_relative(returns, benchmark), "down_capture") is None
    theirs = empyrical.down_capture(np.array(returns), np.array(benchmark))
    assert theirs == pytest.approx((0.99**252 - 1) / (0.98**252 - 1))


def test_a_benchmark_at_rest_gives_no_beta_in_either(empyrical: Any) -> None:
    returns, still = drawn(calm, 30), [0.0] * 30
    assert beta(returns, still) is None
    assert isnan(empyrical.beta(np.array(returns), np.array(still)))
