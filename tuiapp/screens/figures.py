"""The figures of a range as tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tuiapp import format as text
from tuiapp.widgets.tiles import Tile

if TYPE_CHECKING:
    from engine.views.types import PeriodMetrics

FIGURES: Final = (
    ("total_return", "Return", "Return", "percent"),
    ("cagr", "CAGR", "CAGR", "percent"),
    ("volatility", "Volatility", "Vol", "share"),
    ("sharpe", "Sharpe", "Sharpe", "ratio"),
    ("max_drawdown", "Max drawdown", "Max DD", "percent"),
    ("turnover", "Turnover pa", "Turn pa", "share"),
    ("sortino", "Sortino", "Sortino", "ratio"),
    ("calmar", "Calmar", "Calmar", "ratio"),
    ("best_day", "Best day", "Best", "percent"),
    ("worst_day", "Worst day", "Worst", "percent"),
    ("var_95", "VaR 95", "VaR 95", "percent"),
    ("positive_days", "Days up", "Days up", "share"),
)
COLOURED: Final = ("total_return", "cagr")


def tiles_of(period: PeriodMetrics | None, *, total: bool) -> list[Tile]:
    """Tiles of a range; without figures while they are on their way."""
    if period is None:
        return [Tile(label, short, "…", "muted") for _, label, short, _ in FIGURES]
    metrics = {metric.key: metric for metric in (period.total if total else period.price)}
    tiles = []
    for key, label, short, form in FIGURES:
        if (metric := metrics.get(key)) is not None:
            tone = text.tone(metric.value) if key in COLOURED else ""
            mark = "*" if metric.short_history else ""
            tiles.append(Tile(label, short, _figure(metric.value, form) + mark, tone))
    return tiles


def _figure(value: float | None, form: str) -> str:
    if form == "ratio":
        return text.ratio(value)
    return text.percent(value, signed=form == "percent")
