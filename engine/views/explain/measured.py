"""Every metric worked out: the formula with its numbers in it, and the inputs that those are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import floor, fsum
from typing import Final

from engine.metrics import worst_drawdown
from engine.metrics.performance import TAIL, cagr, downside_deviation, max_drawdown, var_95
from engine.metrics.sample import above, deviation, mean
from engine.views.explain.against import AGAINST
from engine.views.explain.parts import computed, counted, dated, fraction, grouped, level, number, ratio
from engine.views.explain.samples import (
    LARGEST,
    YEAR,
    Sample,
    Work,
    Worked,
    mean_input,
    risk_free_input,
    spread_input,
)


def _total_return(sample: Sample, value: float) -> Worked:
    return Worked(f"{number(sample.level_last)} / {number(sample.level_first)} - 1 = {number(value)}")


def _cagr(sample: Sample, value: float) -> Worked:
    grown = f"({number(sample.level_last)} / {number(sample.level_first)})"
    return Worked(f"{grown} to the power of {YEAR}/{len(sample.returns)}, less 1 = {number(value)}")


def _volatility(sample: Sample, value: float) -> Worked:
    spread = deviation(sample.returns)
    return Worked(f"{number(spread)} × √{YEAR} = {number(value)}", (spread_input(sample.returns), mean_input(sample)))


def _sharpe(sample: Sample, value: float) -> Worked:
    excess = above(sample.returns, sample.risk_free)
    middle, spread = mean(excess), deviation(excess)
    text = f"{grouped(middle)} / {number(spread)} × √{YEAR} = {number(value)}"
    return Worked(text, (mean_input(sample), *risk_free_input(sample), spread_input(excess)))


def _sortino(sample: Sample, value: float) -> Worked:
    below = downside_deviation(sample.returns) or 0.0
    text = f"{grouped(mean(sample.returns))} × {YEAR} / {number(below)} = {number(value)}"
    return Worked(text, (mean_input(sample), computed(fraction("Downside deviation, by year", signed=False), below)))


def _downside_deviation(sample: Sample, value: float) -> Worked:
    shortfalls = [each for each in sample.returns if each < 0]
    squares = fsum(each * each for each in shortfalls)
    text = f"√({number(squares)} / {len(sample.returns)}) × √{YEAR} = {number(value)}"
    inputs = (
        computed(ratio("Sum of the squares of the returns below 0", 10), squares),
        computed(counted("Returns below 0"), len(shortfalls)),
    )
    return Worked(text, inputs)


def _max_drawdown(sample: Sample, value: float) -> Worked:
    fall = worst_drawdown(sample.returns)
    if fall is None:
        return Worked("The level never fell below one that it had reached before.")
    sessions = sample.published
    peak, trough = sample.levels[fall.peak], sample.levels[fall.trough]
    back = None if fall.recovery is None else sessions[fall.recovery]
    inputs = (
        computed(level("Peak"), peak, sessions[fall.peak]),
        computed(level("Trough"), trough, sessions[fall.trough]),
        computed(dated("Recovery"), back, back, "" if back else f"not up to {sessions[-1]}"),
    )
    return Worked(f"{number(trough)} / {number(peak)} - 1 = {number(value)}", inputs)


def _calmar(sample: Sample, value: float) -> Worked:
    yearly, depth = cagr(sample.returns) or 0.0, max_drawdown(sample.returns)
    inputs = (computed(fraction("CAGR"), yearly), computed(fraction("Max drawdown"), depth))
    return Worked(f"{number(yearly)} / {number(abs(depth))} = {number(value)}", inputs)


def _var_95(sample: Sample, value: float) -> Worked:
    days = _ordered(sample)
    place = TAIL * (len(days) - 1)
    below = floor(place)
    (low, first), (high, second) = days[below], days[min(below + 1, len(days) - 1)]
    text = f"{number(low)} + ({number(high)} - {grouped(low)}) × {number(place - below)} = {number(value)}"
    inputs = (
        computed(ratio(f"Place of the quantile: 0.05 × ({len(days)} - 1), counted from 0"), place),
        computed(fraction(f"Return in place {below}, smallest first"), low, first),
        computed(fraction(f"Return in place {min(below + 1, len(days) - 1)}"), high, second),
    )
    return Worked(text, inputs)


def _cvar_95(sample: Sample, value: float) -> Worked:
    limit = var_95(sample.returns)
    tail = [day for day in _ordered(sample) if day[0] <= limit]
    total = fsum(each for each, _ in tail)
    inputs = (
        computed(fraction("VaR 95"), limit),
        computed(counted("Returns at or below it"), len(tail)),
        computed(fraction("Their sum"), total),
        *(computed(fraction(f"Return {place} of them"), each, day) for place, (each, day) in _numbered(tail)),
    )
    return Worked(f"{number(total)} / {len(tail)} = {number(value)}", inputs)


def _best_day(sample: Sample, value: float) -> Worked:
    return _extreme(sample, value, "largest")


def _worst_day(sample: Sample, value: float) -> Worked:
    return _extreme(sample, value, "smallest")


def _extreme(sample: Sample, value: float, which: str) -> Worked:
    day = sample.sessions[sample.returns.index(value)]
    text = f"{number(value)} on {day}, the {which} of {len(sample.returns)}"
    return Worked(text, (computed(fraction(f"The {which} return"), value, day),))


def _positive_days(sample: Sample, value: float) -> Worked:
    up = sum(each > 0 for each in sample.returns)
    inputs = (computed(counted("Sessions with a gain"), up),)
    return Worked(f"{up} / {len(sample.returns)} = {number(value)}", inputs)


def _turnover(sample: Sample, value: float) -> Worked:
    total = fsum(sample.turnover)
    inputs = (
        computed(fraction("Sum of the one-way turnover", signed=False), total),
        computed(counted("Sessions with a turnover"), len(sample.turnover)),
    )
    return Worked(f"{number(total)} / {len(sample.turnover)} × {YEAR} = {number(value)}", inputs)


def _ordered(sample: Sample) -> list[tuple[float, date]]:
    """Returns with their sessions, smallest first."""
    return sorted(zip(sample.returns, sample.sessions, strict=True))


def _numbered(days: Sequence[tuple[float, date]]) -> list[tuple[int, tuple[float, date]]]:
    return list(enumerate(days[:LARGEST], start=1))


WORKED: Final[dict[str, Work]] = {
    "total_return": _total_return,
    "cagr": _cagr,
    "volatility": _volatility,
    "sharpe": _sharpe,
    "sortino": _sortino,
    "downside_deviation": _downside_deviation,
    "max_drawdown": _max_drawdown,
    "calmar": _calmar,
    "var_95": _var_95,
    "cvar_95": _cvar_95,
    "best_day": _best_day,
    "worst_day": _worst_day,
    "positive_days": _positive_days,
    "turnover": _turnover,
    **AGAINST,
}
"""How each metric is worked out, by key; a test walks the registries and misses none."""
