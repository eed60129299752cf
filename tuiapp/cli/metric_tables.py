"""Metrics, months, falls and extreme days as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import click

from engine.domain.fields import BENCHMARK, DAY_FIELDS, DRAWDOWN_FIELDS, MONTH_FIELDS, Field, Unit
from engine.views.analysis import ReturnsView, SeriesTables
from engine.views.types import Metric, MetricsView, PeriodMetrics, RelativeMetrics
from tuiapp.cli import output
from tuiapp.cli.output import Cell, Table

SHORT: Final = "*"
INCOMPLETE: Final = "†"

METRICS_FIELDS: Final = (
    Field("period", "Period", Unit.TEXT, text="1M, 3M, YTD, 1Y, 3Y, 5Y, all or custom."),
    Field("first", "First", Unit.DATE, text="Session whose close the period starts from."),
    Field("last", "Last", Unit.DATE, text="Last session of the period."),
    Field("series", "Series", Unit.TEXT, text="PR for price return, TR for total return."),
    Field("metric", "Metric", Unit.TEXT, text="Name of the metric."),
    Field("value", "Value", Unit.RATIO, text="Its value; fractions are fractions."),
    BENCHMARK,
    Field("observations", "Observations", Unit.COUNT, 0, text="Returns that it is measured from."),
    Field("short_history", "Short", Unit.TEXT, text="Whether these are fewer than it needs to mean much."),
    Field("complete", "Complete", Unit.TEXT, text="Whether history reaches back to the start of the period."),
    Field("common_first", "Common from", Unit.DATE, text="First session with a return of both, of a benchmark."),
    Field("common_last", "Common to", Unit.DATE, text="Last session with a return of both, of a benchmark."),
)


def symbols(view: MetricsView) -> tuple[str, ...]:
    """The benchmarks of a view."""
    return tuple(dict.fromkeys(each.benchmark for period in view.periods for each in period.relative))


def narrowed(view: MetricsView, period: str | None, benchmarks: Sequence[str]) -> MetricsView:
    """The view with one period only, and with these benchmarks only.

    Raises:
        UsageError: There is no such benchmark.
    """
    known = symbols(view)
    for symbol in benchmarks:
        if symbol not in known:
            raise click.UsageError(f"There is no benchmark {symbol!r}; there is: {', '.join(known) or 'none'}.")
    periods = [each for each in view.periods if period in (None, each.period)]
    if benchmarks:
        periods = [replace(each, relative=_chosen(each, benchmarks)) for each in periods]
    return replace(view, periods=tuple(periods))


def _chosen(period: PeriodMetrics, benchmarks: Sequence[str]) -> tuple[RelativeMetrics, ...]:
    return tuple(each for each in period.relative if each.benchmark in benchmarks)


def metrics_table(view: MetricsView, series: Sequence[str]) -> Table:
    """One row a figure: long form, for programs."""
    return Table(METRICS_FIELDS, [row for period in view.periods for row in _figures(period, series)])


def _figures(period: PeriodMetrics, series: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    for part in _parts(period):
        symbol, first, last = _against(part)
        for name in series:
            for metric in _of(part, name):
                head = (period.period, period.first, period.last, name, metric.key, metric.value)
                yield *head, symbol, part.observations, metric.short_history, period.complete, first, last


def _against(part: PeriodMetrics | RelativeMetrics) -> tuple[Cell, Cell, Cell]:
    """The benchmark, and the first and last session with a return of both."""
    return (part.benchmark, part.first, part.last) if isinstance(part, RelativeMetrics) else (None, None, None)


def _parts(period: PeriodMetrics) -> tuple[PeriodMetrics | RelativeMetrics, ...]:
    """The period alone, and against each benchmark."""
    return (period, *period.relative)


def _of(part: PeriodMetrics | RelativeMetrics, series: str) -> tuple[Metric, ...]:
    return part.price if series == "PR" else part.total


def metrics_panel(view: MetricsView, series: str) -> Table:
    """One row a metric and one column a period: for people. ``series`` is ``PR`` or ``TR``."""
    from engine.views.metrics import metric_fields

    return _panel(view, f"{series} series", metric_fields(), [_of(period, series) for period in view.periods])


def relative_panel(view: MetricsView, series: str, symbol: str) -> Table:
    """The same against one benchmark."""
    from engine.views.metrics import relative_fields

    found = [[_of(each, series) for each in _chosen(period, [symbol])] for period in view.periods]
    figures = [parts[0] if parts else () for parts in found]
    return _panel(view, f"{series} against {output.plain(symbol)}", relative_fields(), figures)


def _panel(view: MetricsView, title: str, fields: Sequence[Field], figures: Sequence[Sequence[Metric]]) -> Table:
    columns = [{metric.key: metric for metric in period} for period in figures]
    marked = [any(metric.short_history for metric in period) for period in figures]
    rows = [
        (field.label, *(_figure(field, column[field.key], mark) for column, mark in zip(columns, marked, strict=True)))
        for field in fields
        if any(field.key in column for column in columns)
    ]
    heads = (_head(period, mark) for period, mark in zip(view.periods, marked, strict=True))
    return Table((Field("metric", title, Unit.TEXT), *heads), rows)


def _head(period: PeriodMetrics, marked: bool) -> Field:
    label = period.period + ("" if period.complete else INCOMPLETE)
    return Field(period.period, label + (" " if marked else ""), Unit.RATIO)


def _figure(field: Field, metric: Metric, marked: bool) -> str:
    """A figure with its mark; in a column with marks, those without keep its place free."""
    mark = SHORT if metric.short_history and metric.value is not None else " " if marked else ""
    return output.shown(field, metric.value) + mark


def legend(view: MetricsView) -> list[str]:
    """What the marks of the panels mean, as far as there are any."""
    parts = [part for period in view.periods for part in _parts(period)]
    short = any(metric.short_history for part in parts for metric in (*part.price, *part.total))
    complete = all(period.complete for period in view.periods)
    return [
        *([f"{SHORT} short history: fewer observations than the figure needs to mean much"] if short else []),
        *([] if complete else [f"{INCOMPLETE} history is shorter than this period"]),
    ]


def _tables(view: ReturnsView, series: Sequence[str]) -> Iterator[tuple[str, SeriesTables]]:
    return ((name, view.price if name == "PR" else view.total) for name in series)


def months_table(view: ReturnsView, series: Sequence[str]) -> Table:
    """One row a year."""
    rows = [
        (name, str(year.year), *year.months, year.total, year.partial)
        for name, tables in _tables(view, series)
        for year in tables.years
    ]
    return Table(MONTH_FIELDS, rows)


def drawdowns_table(view: ReturnsView, series: Sequence[str]) -> Table:
    """One row a fall, deepest first."""
    keys = [field.key for field in DRAWDOWN_FIELDS[1:]]
    rows = [
        (name, *(getattr(fall, key) for key in keys))
        for name, tables in _tables(view, series)
        for fall in tables.drawdowns
    ]
    return Table(DRAWDOWN_FIELDS, rows)


def days_table(view: ReturnsView, series: Sequence[str]) -> Table:
    """One row a day: the best ones, then the worst ones."""
    rows = [
        (name, kind, place, day.session, day.value)
        for name, tables in _tables(view, series)
        for kind, days in (("best", tables.best), ("worst", tables.worst))
        for place, day in enumerate(days, start=1)
    ]
    return Table(DAY_FIELDS, rows)
