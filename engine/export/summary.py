"""The sheet of metrics: a row for each period, series and benchmark, and the facts a reader needs below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from engine.domain.fields import BENCHMARK, Field, Unit
from engine.export.cells import Look, Shown
from engine.export.content import Book, Rows, Table, WorkbookContent
from engine.export.performance import PERFORMANCE_SHEET, verdict
from engine.views.types import Metric, PeriodMetrics, RelativeMetrics

Part: TypeAlias = PeriodMetrics | RelativeMetrics
Row: TypeAlias = tuple[object, ...]

PERIOD_FIELDS: Final = (
    Field("market", "Market", Unit.TEXT, text="Source of the data, or the mark of a synthetic market."),
    Field("period", "Period", Unit.TEXT, text="Length of the period that ends with the last session."),
    Field("series", "Series", Unit.TEXT, text="PR for price return, TR for total return."),
    Field("first", "First", Unit.DATE, text="Session whose close the period starts from."),
    Field("last", "Last", Unit.DATE, text="Last session of the period."),
    Field("complete", "Complete", Unit.TRUTH, text="False when history is shorter than the period."),
    Field("observations", "Observations", Unit.COUNT, 0, text="Daily returns that the figures are measured from."),
)


def summary_table(content: WorkbookContent) -> Table:
    """The metrics as plain values, for a file of their own."""
    rows = [*_rows(content, content.market, lambda metric: metric.value)]
    return Table(_fields(content), Rows(len(rows), rows))


def marked_table(content: WorkbookContent, book: Book) -> Table:
    """The metrics with their marks and, below, the state of the index and the verdict of the check."""
    rows = [*_rows(content, marked_market(content), _marked)]
    return Table(_fields(content), Rows(len(rows), rows), tuple(_notes(content, book)))


def _fields(content: WorkbookContent) -> tuple[Field, ...]:
    return (*PERIOD_FIELDS, *content.metric_fields, BENCHMARK, *content.relative_fields)


def _rows(content: WorkbookContent, market: object, figure: Callable[[Metric], object]) -> Iterator[Row]:
    """The metrics of all periods; below them those against each benchmark."""
    periods = content.metrics.periods
    parts: list[tuple[PeriodMetrics, Part]] = [(period, period) for period in periods]
    parts += [(period, part) for period in periods for part in period.relative]
    for period, part in parts:
        for series, metrics in (("PR", part.price), ("TR", part.total)):
            figures = {metric.key: figure(metric) for metric in metrics}
            yield (market, *_facts(period, part, series), *_figures(content, part, figures))


def _facts(period: PeriodMetrics, part: Part, series: str) -> Row:
    return period.period, series, period.first, period.last, period.complete, part.observations


def _figures(content: WorkbookContent, part: Part, figures: dict[str, object]) -> Iterator[object]:
    """Figures of the period, or the benchmark and the figures against it; the other cells are empty."""
    against = isinstance(part, RelativeMetrics)
    yield from (None if against else figures.get(field.key) for field in content.metric_fields)
    yield part.benchmark if isinstance(part, RelativeMetrics) else None
    yield from (figures.get(field.key) if against else None for field in content.relative_fields)


def marked_market(content: WorkbookContent) -> object:
    """The source of the data, or the synthetic mark in red."""
    if content.performance.status.synthetic:
        return Shown(content.market, Look.MARK)
    return content.market


def _marked(metric: Metric) -> object:
    return Shown(metric.value, Look.STARRED) if metric.short_history else metric.value


def _notes(content: WorkbookContent, book: Book) -> Iterator[Row]:
    status = content.performance.status
    facts: list[tuple[str, object]] = [
        ("Market", marked_market(content)),
        ("Index", status.index),
        ("Weighting", status.weighting),
        ("As of", status.session),
        ("Members", status.members),
    ]
    if content.backfilled:
        facts.append(("History", Shown(content.backfilled, Look.MARK)))
    if PERFORMANCE_SHEET in book.names:
        facts.append(("Check", Shown(verdict(content.performance), Look.LABEL)))
    if _any_short(content):
        facts.append(("*", "short history: fewer observations than the figure needs to mean much"))
    return ((Shown(label, Look.LABEL), value) for label, value in facts)


def _any_short(content: WorkbookContent) -> bool:
    parts: list[Part] = [*content.metrics.periods]
    parts += [part for period in content.metrics.periods for part in period.relative]
    return any(metric.short_history for part in parts for metric in (*part.price, *part.total))
