"""Views as tables: which columns a command prints, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.domain.fields import (
    CHANGE_FIELDS,
    COMPOSITION_FIELDS,
    PERFORMANCE_FIELDS,
    Field,
    Unit,
)
from engine.reports import ImportReport
from engine.views.types import (
    ChangesView,
    CompositionView,
    CoverageView,
    Metric,
    MetricsView,
    PerformanceView,
    PeriodMetrics,
    StockView,
)
from tuiapp.cli.output import Cell, Table

SERIES: Final = ("PR", "TR")

METRICS_FIELDS: Final = (
    Field("period", "Period", Unit.TEXT, text="1M, 3M, YTD, 1Y, 3Y, 5Y, all or custom."),
    Field("first", "First", Unit.DATE, text="Session whose close the period starts from."),
    Field("last", "Last", Unit.DATE, text="Last session of the period."),
    Field("series", "Series", Unit.TEXT, text="PR for price return, TR for total return."),
    Field("metric", "Metric", Unit.TEXT, text="Name of the metric."),
    Field("value", "Value", Unit.RATIO, text="Its value; fractions are fractions."),
)

STOCK_FIELDS: Final = (
    Field("session", "Session", Unit.DATE, text="A day the NYSE traded."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker on that session."),
    Field("close", "Close", Unit.USD, 2, text="Close as traded."),
    Field("volume", "Volume", Unit.COUNT, 0, text="Shares traded, as traded."),
    Field("split", "Split", Unit.RATIO, 4, text="New shares per old share, effective at the open."),
    Field("dividend", "Dividend", Unit.USD, 4, text="Cash per share with this ex-date."),
    Field("market_cap_usd", "Market cap", Unit.USD, 0, text="Market cap used for ranking."),
    Field("rank", "Rank", Unit.COUNT, 0, text="Rank by market cap among all eligible companies."),
    Field("member", "Member", Unit.TEXT, text="Whether it is a member decided at the close of the session."),
)

COVERAGE_FIELDS: Final = (
    Field("kind", "Kind", Unit.TEXT, text="Kind of data."),
    Field("rows", "Rows", Unit.COUNT, 0, text="Rows stored."),
    Field("tickers", "Tickers", Unit.COUNT, 0, text="Tickers among them."),
    Field("first", "First", Unit.DATE, text="Earliest date."),
    Field("last", "Last", Unit.DATE, text="Latest date."),
)

FINDING_FIELDS: Final = (
    Field("kind", "Finding", Unit.TEXT, text="What was found."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker concerned, empty for the whole market."),
    Field("first", "First", Unit.DATE, text="First session concerned."),
    Field("last", "Last", Unit.DATE, text="Last session concerned."),
    Field("detail", "Detail", Unit.TEXT, text="One sentence."),
)

IMPORT_FIELDS: Final = (
    Field("file", "File", Unit.TEXT),
    Field("kind", "Kind", Unit.TEXT),
    Field("read", "Read", Unit.COUNT, 0),
    Field("new", "New", Unit.COUNT, 0),
    Field("changed", "Changed", Unit.COUNT, 0),
    Field("same", "Same", Unit.COUNT, 0),
    Field("refused", "Refused", Unit.COUNT, 0),
    Field("first", "First", Unit.DATE),
    Field("last", "Last", Unit.DATE),
)


def performance_table(view: PerformanceView) -> Table:
    """One row a session."""
    columns = (view.sessions, view.level_pr, view.level_tr, view.return_pr, view.return_tr)
    return Table(PERFORMANCE_FIELDS, zip(*columns, view.members, view.priced, view.turnover, strict=True))


def composition_table(view: CompositionView) -> Table:
    """One row a member, by rank."""
    keys = [field.key for field in COMPOSITION_FIELDS if field.key != "session"]
    return Table(
        COMPOSITION_FIELDS,
        [(view.status.session, *(getattr(row, key) for key in keys)) for row in view.rows],
    )


def changes_table(view: ChangesView) -> Table:
    """One row an addition or deletion."""
    return Table(CHANGE_FIELDS, _attributes(view.rows, CHANGE_FIELDS))


def stock_table(view: StockView) -> Table:
    """One row a session."""
    return Table(STOCK_FIELDS, _attributes(view.rows, STOCK_FIELDS))


def coverage_table(view: CoverageView) -> Table:
    """One row a kind of data."""
    return Table(COVERAGE_FIELDS, _attributes(view.rows, COVERAGE_FIELDS))


def findings_table(view: CoverageView) -> Table:
    """One row a finding."""
    return Table(FINDING_FIELDS, _attributes(view.findings, FINDING_FIELDS))


def metrics_table(view: MetricsView) -> Table:
    """One row a figure: long form, for programs."""
    return Table(METRICS_FIELDS, [row for period in view.periods for row in _figures(period)])


def metrics_panel(view: MetricsView, series: str) -> Table:
    """One row a metric and one column a period: for people. ``series`` is ``PR`` or ``TR``."""
    named = _metric_fields()
    figures = [_series(period, series) for period in view.periods]
    heads = [
        Field(period.period, period.period + ("" if period.complete else "*"), Unit.RATIO) for period in view.periods
    ]
    keys = list(dict.fromkeys(metric.key for period in figures for metric in period))
    values = [{metric.key: metric.value for metric in period} for period in figures]
    rows = [(named[key].label, *(period.get(key) for period in values)) for key in keys]
    by_label = {named[key].label: named[key] for key in keys}
    title = Field("metric", f"{series} series", Unit.TEXT)
    return Table((title, *heads), rows, shown=lambda row: by_label[str(row[0])])


def import_table(report: ImportReport) -> Table:
    """One row a file."""
    rows = [
        (
            *(file.path.name, file.kind, file.rows_read, file.rows_new, file.rows_changed),
            *(file.rows_unchanged, file.rows_refused, file.first, file.last),
        )
        for file in report.files
    ]
    return Table(IMPORT_FIELDS, rows)


def _attributes(items: tuple[object, ...], fields: tuple[Field, ...]) -> Iterator[tuple[Cell, ...]]:
    for item in items:
        yield tuple(getattr(item, field.key) for field in fields)


def _metric_fields() -> dict[str, Field]:
    from engine.views.metrics import metric_fields

    return {field.key: field for field in metric_fields()}


def _series(period: PeriodMetrics, series: str) -> tuple[Metric, ...]:
    return period.price if series == "PR" else period.total


def _figures(period: PeriodMetrics) -> Iterator[tuple[Cell, ...]]:
    for series in SERIES:
        for metric in _series(period, series):
            yield period.period, period.first, period.last, series, metric.key, metric.value
