"""The weights of the sectors, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum
from typing import Any, Final

from engine.domain.fields import Field, Unit
from engine.export.charts import Picture, add_stacked_chart, anchor_of, covered
from engine.export.content import Book, Rows, SectorMonth, Table, WorkbookContent

_SESSION: Final = Field("session", "Session", Unit.DATE, text="The last session of its month here.")
_TOTAL: Final = Field("total", "Total", Unit.FRACTION, 2, text="Sum of the weights of all sectors.")

WEIGHT_FIELDS: Final = (
    _SESSION,
    Field("sector", "Sector", Unit.TEXT, text="Sector as last known."),
    Field("weight", "Weight", Unit.FRACTION, 2, text="Sum of the target weights of its members."),
    Field("members", "Members", Unit.COUNT, 0, text="How many of the members decided at the close are of it."),
)


def sector_weights_table(content: WorkbookContent) -> Table:
    """One row a month and sector, largest weight first: columns that no sector changes, for a file of its own."""
    rows = [
        (session, part.sector, part.weight, part.members)
        for session, parts in content.sector_weights()
        for part in parts
    ]
    return Table(WEIGHT_FIELDS, Rows(len(rows), rows))


def sector_columns_table(content: WorkbookContent, _: Book) -> Table:
    """One row a month, one column a sector, and their sum."""
    months = content.sector_weights()
    sectors = _sectors(months)
    rows = [_row(month, sectors) for month in months]
    return Table((_SESSION, *_columns(sectors), _TOTAL), Rows(len(rows), rows))


def draw_sectors(sheet: Any, content: WorkbookContent) -> tuple[str, ...]:
    """Put the chart of the weights beside the table and give the cells that it covers."""
    months = content.sector_weights()
    count = len(_sectors(months))
    picture = Picture(
        title="Sector weights at the end of each month",
        columns=range(2, count + 2),
        sessions=tuple(session for session, _ in months),
        number_format="0%",
        most=1.0,
    )
    beside = count + 4
    add_stacked_chart(sheet, picture, anchor_of(beside, 0))
    return (covered(beside, 0),)


def _sectors(months: tuple[SectorMonth, ...]) -> tuple[str, ...]:
    """Those of the last month by weight, then those that have gone since, by name."""
    last = [part.sector for part in months[-1][1]] if months else []
    gone = {part.sector for _, parts in months for part in parts} - set(last)
    return (*last, *sorted(gone))


def _columns(sectors: tuple[str, ...]) -> Iterator[Field]:
    for sector in sectors:
        yield Field(sector, sector, Unit.FRACTION, 2, text=f"Target weight of the members of the sector {sector}.")


def _row(month: SectorMonth, sectors: tuple[str, ...]) -> tuple[object, ...]:
    session, parts = month
    weights = {part.sector: part.weight for part in parts}
    return session, *(weights.get(sector, 0.0) for sector in sectors), fsum(weights.values())
