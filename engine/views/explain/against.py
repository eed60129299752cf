"""The metrics against a benchmark worked out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import sub
from typing import Final

from engine.metrics.relative import beta, tracking_error
from engine.metrics.sample import above, covariance, deviation, growth, mean
from engine.views.explain.parts import computed, counted, fraction, grouped, number, plus, ratio
from engine.views.explain.samples import (
    YEAR,
    Sample,
    Work,
    Worked,
    averaged,
    mean_input,
    risk_free_input,
    spread_input,
)
from engine.views.explanation import Input


def _beta(sample: Sample, value: float) -> Worked:
    both, spread = covariance(sample.returns, sample.other), deviation(sample.other)
    inputs = (
        _covariance(sample, both),
        computed(ratio("Sample variance of b", 12), spread**2),
        spread_input(sample.other, "b"),
    )
    return Worked(f"{grouped(both)} / {number(spread**2)} = {number(value)}", inputs)


def _alpha(sample: Sample, value: float) -> Worked:
    own, other = (above(each, sample.risk_free) for each in (sample.returns, sample.other))
    slope = beta(own, other) or 0.0
    left, right = mean(own), mean(other)
    text = f"(1 {plus(left)} - {grouped(slope)} × {grouped(right)}) to the power of {YEAR}, less 1 = {number(value)}"
    return Worked(text, (mean_input(sample), _mean_b(sample), *risk_free_input(sample), computed(ratio("Beta"), slope)))


def _correlation(sample: Sample, value: float) -> Worked:
    both = covariance(sample.returns, sample.other)
    own, other = deviation(sample.returns), deviation(sample.other)
    inputs = (
        _covariance(sample, both),
        spread_input(sample.returns),
        spread_input(sample.other, "b"),
    )
    return Worked(f"{grouped(both)} / ({number(own)} × {number(other)}) = {number(value)}", inputs)


def _tracking_error(sample: Sample, value: float) -> Worked:
    apart = _differences(sample)
    text = f"{number(deviation(apart))} × √{YEAR} = {number(value)}"
    return Worked(text, (spread_input(apart, "(r - b)"),))


def _information_ratio(sample: Sample, value: float) -> Worked:
    apart, spread = _differences(sample), tracking_error(sample.returns, sample.other) or 0.0
    middle = mean(apart)
    inputs = (
        averaged(apart, "(r - b)"),
        computed(fraction("Tracking error", signed=False), spread),
    )
    return Worked(f"{grouped(middle)} × {YEAR} / {number(spread)} = {number(value)}", inputs)


def _up_capture(sample: Sample, value: float) -> Worked:
    return _capture(sample, value, [each > 0 for each in sample.other], "above 0")


def _down_capture(sample: Sample, value: float) -> Worked:
    return _capture(sample, value, [each < 0 for each in sample.other], "below 0")


def _capture(sample: Sample, value: float, counted_days: Sequence[bool], which: str) -> Worked:
    days = sum(counted_days)
    own, other = (growth(list(compress(each, counted_days))) for each in (sample.returns, sample.other))
    power = f"to the power of {YEAR}/{days}"
    text = f"({number(own)} {power}, less 1) / ({number(other)} {power}, less 1) = {number(value)}"
    inputs = (
        computed(counted(f"Sessions with b {which}"), days),
        computed(ratio("Product of (1 + r) over them"), own),
        computed(ratio("Product of (1 + b) over them"), other),
    )
    return Worked(text, inputs)


def _mean_b(sample: Sample) -> Input:
    return averaged(sample.other, "b")


def _covariance(sample: Sample, both: float) -> Input:
    days = len(sample.returns) - 1
    note = f"sum of (r - its mean) × (b - its mean), {number(both * days)}, / {days}"
    return computed(ratio("Sample covariance of r and b", 12), both, note=note)


def _differences(sample: Sample) -> list[float]:
    return list(map(sub, sample.returns, sample.other))


AGAINST: Final[dict[str, Work]] = {
    "beta": _beta,
    "alpha": _alpha,
    "correlation": _correlation,
    "tracking_error": _tracking_error,
    "information_ratio": _information_ratio,
    "up_capture": _up_capture,
    "down_capture": _down_capture,
}
"""How each is worked out, by key."""
