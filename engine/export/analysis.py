"""The sheets of what is behind the return: contributions, months, falls, and what was found in the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.domain.fields import (
    CONTRIBUTION_FIELDS,
    DAY_FIELDS,
    DRAWDOWN_FIELDS,
    FINDING_FIELDS,
    MONTH_FIELDS,
    SECTOR_FIELDS,
    Field,
    Unit,
)
from engine.domain.findings import FINDINGS
from engine.export.content import Rows, Table, WorkbookContent
from engine.views.analysis import ContributionView, SeriesTables

NEXT_STEP: Final = Field("next_step", "Next step", Unit.TEXT, text="What to do about it.")


def contributions_table(content: WorkbookContent) -> Table:
    """One row a series and company, largest contribution first."""
    return _table(CONTRIBUTION_FIELDS, ((view, view.rows) for view in content.contributions()))


def sectors_table(content: WorkbookContent) -> Table:
    """One row a series and sector, largest contribution first."""
    return _table(SECTOR_FIELDS, ((view, view.sectors) for view in content.contributions()))


def _table(fields: tuple[Field, ...], parts: Iterable[tuple[ContributionView, Iterable[object]]]) -> Table:
    rows = [
        row
        for view, items in parts
        for row in _values(fields, items, {"first": view.first, "last": view.last, "series": view.series})
    ]
    return Table(fields, Rows(len(rows), rows))


def _values(
    fields: tuple[Field, ...], items: Iterable[object], shared: Mapping[str, object]
) -> Iterator[tuple[object, ...]]:
    """The attributes of each item by the keys of the fields, or what all items share."""
    for item in items:
        yield tuple(shared[field.key] if field.key in shared else getattr(item, field.key) for field in fields)


def months_table(content: WorkbookContent) -> Table:
    """One row a series and year."""
    rows = [
        (series, str(year.year), *year.months, year.total, year.partial)
        for series, tables in _series(content)
        for year in tables.years
    ]
    return Table(MONTH_FIELDS, Rows(len(rows), rows))


def drawdowns_table(content: WorkbookContent) -> Table:
    """One row a series and fall, deepest first."""
    rows = [
        row
        for series, tables in _series(content)
        for row in _values(DRAWDOWN_FIELDS, tables.drawdowns, {"series": series})
    ]
    return Table(DRAWDOWN_FIELDS, Rows(len(rows), rows))


def days_table(content: WorkbookContent) -> Table:
    """One row a day: of each series the best ones, then the worst ones."""
    rows = [
        (series, kind, place, day.session, day.value)
        for series, tables in _series(content)
        for kind, days in (("best", tables.best), ("worst", tables.worst))
        for place, day in enumerate(days, start=1)
    ]
    return Table(DAY_FIELDS, Rows(len(rows), rows))


def _series(content: WorkbookContent) -> tuple[tuple[str, SeriesTables], ...]:
    view = content.returns()
    return ("PR", view.price), ("TR", view.total)


def findings_table(content: WorkbookContent) -> Table:
    """One row a finding, most severe first."""
    found = content.findings()
    steps = [FINDINGS[finding.kind].next_step or None for finding in found]
    rows = [(*row, step) for row, step in zip(_values(FINDING_FIELDS, found, {}), steps, strict=True)]
    return Table((*FINDING_FIELDS, NEXT_STEP), Rows(len(rows), rows))
