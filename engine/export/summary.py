"""The sheet of metrics: a row for each period and series, and the facts a reader needs below."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from engine.domain.fields import Field, Unit
from engine.export.cells import Look, Shown
from engine.export.content import Rows, Table, WorkbookContent
from engine.export.performance import PERFORMANCE_SHEET, verdict
from engine.views.types import Metric

PERIOD_FIELDS: Final = (
    Field("market", "Market", Unit.TEXT, text="Source of the data, or the mark of a synthetic market."),
    Field("period", "Period", Unit.TEXT, text="Length of the period that ends with the last session."),
    Field("series", "Series", Unit.TEXT, text="PR for price return, TR for total return."),
    Field("first", "First", Unit.DATE, text="Session whose close the period starts from."),
    Field("last", "Last", Unit.DATE, text="Last session of the period."),
    Field("complete", "Complete", Unit.TEXT, text="no when history is shorter than the period."),
    Field("observations", "Observations", Unit.COUNT, 0, text="Daily returns in the period."),
)


def summary_table(content: WorkbookContent) -> Table:
    """The metrics as plain values, for a file of their own."""
    rows = _rows(content, content.market, lambda metric: metric.value)
    return Table(PERIOD_FIELDS + content.metric_fields, Rows(2 * len(content.metrics.periods), rows))


def marked_table(content: WorkbookContent, names: Collection[str]) -> Table:
    """The metrics with their marks and, below, the state of the index and the verdict of the check."""
    rows = _rows(content, marked_market(content), _marked)
    total = 2 * len(content.metrics.periods)
    return Table(PERIOD_FIELDS + content.metric_fields, Rows(total, rows), tuple(_notes(content, names)))


def _rows(content: WorkbookContent, market: object, figure: Callable[[Metric], object]) -> Iterator[tuple[object, ...]]:
    for period in content.metrics.periods:
        complete = "yes" if period.complete else "no"
        facts = (period.first, period.last, complete, period.observations)
        for series, metrics in (("PR", period.price), ("TR", period.total)):
            figures = {metric.key: figure(metric) for metric in metrics}
            ordered = (figures.get(field.key) for field in content.metric_fields)
            yield (market, period.period, series, *facts, *ordered)


def marked_market(content: WorkbookContent) -> object:
    """The source of the data, or the synthetic mark in red."""
    if content.performance.status.synthetic:
        return Shown(content.market, Look.MARK)
    return content.market


def _marked(metric: Metric) -> object:
    return Shown(metric.value, Look.STARRED) if metric.short_history else metric.value


def _notes(content: WorkbookContent, names: Collection[str]) -> Iterator[tuple[object, ...]]:
    status = content.performance.status
    facts: list[tuple[str, object]] = [
        ("Market", marked_market(content)),
        ("Index", status.index),
        ("As of", status.session),
        ("Members", status.members),
    ]
    if PERFORMANCE_SHEET in names:
        facts.append(("Check", Shown(verdict(content.performance), Look.LABEL)))
    if _any_short(content):
        facts.append(("*", "short history: fewer observations than the figure needs to mean much"))
    return ((Shown(label, Look.LABEL), value) for label, value in facts)


def _any_short(content: WorkbookContent) -> bool:
    both = (metrics for period in content.metrics.periods for metrics in (period.price, period.total))
    return any(metric.short_history for metrics in both for metric in metrics)
