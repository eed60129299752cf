"""Every metric by period, and against a benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from engine.domain.fields import Field
from engine.views.types import Metric, MetricsView, PeriodMetrics, RelativeMetrics
from tuiapp import format as text
from tuiapp.screens.panes.base import PENDING, Labelled, Pane, Scene
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part
from tuiapp.widgets.row_table import Group, RowTable

WIDTH: Final = 7
TONED: Final = ("total_return", "cagr", "alpha", "excess_return")
RETURNS: Final = ("total_return", "cagr")
BESIDE_RETURNS: Final = "turnover"
# Which periods stay where there is no room for all, the first ones longest.
NEEDS: Final = {"all": 1, "1Y": 2, "YTD": 3, "5Y": 4, "3Y": 5, "1M": 6, "3M": 7, "6M": 8}


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric in all periods.

    Attributes:
        field: Which one.
        metrics: By period; a period without it is not there.
        benchmark: What it is measured against, empty for nothing.
    """

    field: Field
    metrics: dict[str, Metric]
    benchmark: str = ""


class PeriodsPane(Pane):
    """A table with a metric a row and a period a column."""

    SHEETS: ClassVar[tuple[str, ...]] = ("summary_metrics",)
    EXPORTS_RANGE: ClassVar[bool] = False
    ALONE: ClassVar[bool] = True
    BENCHMARK: ClassVar[bool] = True

    def __init__(self) -> None:
        self.widget: RowTable[MetricRow] = RowTable(
            [LABEL], lambda row: (row.benchmark, row.field.key), lambda row: row.field.label
        )
        self.table = self.widget

    def show(self, scene: Scene) -> list[Part]:
        """Draw the table; above it stands what its marks mean."""
        if scene.metrics is None:
            return PENDING
        self.widget.take_columns([LABEL, *map(_column, scene.metrics.periods)])
        against = [
            Group(list(_relative(scene.metrics, scene, name)), _divider(scene, name)) for name in scene.benchmarks
        ]
        self.widget.show([Group(_own(scene.metrics, scene)), *against])
        return _line(scene)

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The metric under the cursor: of the chosen range, then of the others."""
        from tuiapp.screens.panes.subjects import of_period

        row = self.widget.current
        if row is None:
            return ()
        periods = sorted(row.metrics, key=lambda period: period != scene.period)
        return [
            (f"{row.field.label} {period}", of_period(scene, row.field.key, period, row.benchmark))
            for period in periods
        ]

    def number_at(self, subjects: Sequence[Labelled]) -> int:
        """Place of the period in the column at the cursor."""
        column = self.widget.current_column
        return next((place for place, (_, one) in enumerate(subjects) if column and one.period == column.key), 0)


def _line(scene: Scene) -> list[Part]:
    periods = scene.metrics.periods if scene.metrics else ()
    parts: list[Part] = [(f" Metrics {scene.series}", "strong")]
    if any(not period.complete for period in periods):
        parts.append((f"  * begins {scene.history.sessions[0]}, with the index", "warn"))
    if any(metric.short_history for period in periods for metric in _of(period, scene)):
        parts.append(("  * short history", "warn"))
    if not scene.benchmarks and any(period.relative for period in periods):
        parts.append(("  b adds a benchmark", "muted"))
    return parts


def _of(found: PeriodMetrics | RelativeMetrics, scene: Scene) -> tuple[Metric, ...]:
    return found.total if scene.total else found.price


def _divider(scene: Scene, benchmark: str) -> str:
    found = _against(scene.figures, benchmark)
    if found is None:
        return ""
    return f"against {text.plain(benchmark)}, {text.count(found.observations)} common sessions of {scene.period}"


def _against(period: PeriodMetrics | None, benchmark: str) -> RelativeMetrics | None:
    found = (each for each in (period.relative if period else ()) if each.benchmark == benchmark)
    return next(found, None)


def _own(view: MetricsView, scene: Scene) -> list[MetricRow]:
    """The metrics in their order, but turnover beside the return that it bought."""
    from engine.views.metrics import metric_fields

    by_period = {period.period: {metric.key: metric for metric in _of(period, scene)} for period in view.periods}
    rows = list(_rows(metric_fields(), by_period, ""))
    return sorted(rows, key=lambda row: (row.field.key not in RETURNS, row.field.key != BESIDE_RETURNS))


def _relative(view: MetricsView, scene: Scene, benchmark: str) -> Iterator[MetricRow]:
    from engine.views.metrics import relative_fields

    by_period = {}
    for period in view.periods:
        if (found := _against(period, benchmark)) is not None:
            by_period[period.period] = {metric.key: metric for metric in _of(found, scene)}
    yield from _rows(relative_fields(), by_period, benchmark)


def _rows(fields: Sequence[Field], by_period: dict[str, dict[str, Metric]], benchmark: str) -> Iterator[MetricRow]:
    for field in fields:
        found = {period: metrics[field.key] for period, metrics in by_period.items() if field.key in metrics}
        if found:
            yield MetricRow(field, found, benchmark)


LABEL: Final[Column[MetricRow]] = Column(
    "metric",
    "Metric",
    14,
    lambda row: (row.field.label, ""),
    lambda row: row.field.label,
    need=0,
    right=False,
    down=False,
    most=20,
    unit="text",
)


def _column(period: PeriodMetrics) -> Column[MetricRow]:
    name = period.period
    label = name if period.complete else f"{name}*"
    return Column(name, label, WIDTH, lambda row: _cell(row, name), lambda row: _value(row, name), need=NEEDS[name])


def _value(row: MetricRow, period: str) -> float | None:
    found = row.metrics.get(period)
    return found.value if found else None


def _cell(row: MetricRow, period: str) -> Part:
    found = row.metrics.get(period)
    value = found.value if found else None
    mark = "*" if found and found.short_history else ""
    return _shown(row.field, value, mark), text.tone(value) if row.field.key in TONED else ""


def _shown(field: Field, value: float | None, mark: str) -> str:
    """The figure with as many decimals as there is room for."""
    fits = (text.by_field(field, value, more=more) + mark for more in range(0, -field.decimals - 1, -1))
    shown = ""
    for shown in fits:
        if len(shown) <= WIDTH:
            break
    return shown
