"""Views of the index as tables: which columns a command prints, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from engine.domain.fields import (
    BUBBLE_FIELDS,
    CHANGE_FIELDS,
    COMPOSITION_FIELDS,
    CONTRIBUTION_FIELDS,
    PERFORMANCE_FIELDS,
    SECTOR_FIELDS,
    WHY_FIELDS,
    Field,
    Unit,
)
from engine.views.analysis import BubbleView, ContributionView
from engine.views.types import ChangesView, CompositionView, IndexStatus, PerformanceView, StockView
from engine.views.why import change_rows
from tuiapp.cli.output import OBJECTS, Cell, Table, attributes

Row = TypeVar("Row")

PERIOD_COLUMNS: Final = ("first", "last", "series")

BACKFILLED: Final = Field(
    "backfilled", "Back-filled", Unit.TEXT, text="Whether names are used that were only listed later."
)

BEGINS: Final = ("first", "peak", "session", "year")
"""Columns that say where a row begins; the first one that a table has counts."""

STOCK_FIELDS: Final = (
    Field("session", "Session", Unit.DATE, text="A day the NYSE traded."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker on that session."),
    Field("close", "Close", Unit.USD, 2, text="Close as traded."),
    Field("volume", "Volume", Unit.COUNT, 0, text="Shares traded, as traded."),
    Field("split", "Split", Unit.RATIO, 4, text="New shares per old share, effective at the open."),
    Field("dividend", "Dividend", Unit.USD, 4, text="Cash per share with this ex-date."),
    Field("market_cap_usd", "Market cap", Unit.USD, 0, text="Market cap in use near the cut, else as published."),
    Field("rank", "Rank", Unit.COUNT, 0, text="Rank by market cap; empty more than 10 below the cut."),
    Field("member", "Member", Unit.TEXT, text="Whether it is a member decided at the close of the session."),
    Field("cap_source", "Cap source", Unit.TEXT, text="given, shares, carried, quarantined, or published."),
)


def labelled(table: Table, status: IndexStatus, form: str, sessions: Iterable[date] = ()) -> Table:
    """The table; as JSON, of an index with back-filled sessions, each row says whether it reaches into them.

    Args:
        table: Rows that begin with a session, or that are of a year.
        status: Header of what is shown.
        form: ``table``, ``csv``, ``json`` or ``jsonl``.
        sessions: What is shown, for rows of a year.
    """
    before = status.backfilled_before
    if form not in OBJECTS or before is None:
        return table
    keys = [field.key for field in table.fields]
    place = keys.index(next(key for key in BEGINS if key in keys))
    years = {str(day.year) for day in sessions if day < before}
    rows = ((*row, _reaches(row[place], before, years)) for row in table.rows)
    return replace(table, fields=(*table.fields, BACKFILLED), rows=rows)


def _reaches(begin: Cell, before: date, years: set[str]) -> bool:
    return begin < before if isinstance(begin, date) else begin in years


def performance_table(view: PerformanceView) -> Table:
    """One row a session."""
    columns = (view.sessions, view.level_pr, view.level_tr, view.return_pr, view.return_tr)
    return Table(PERFORMANCE_FIELDS, zip(*columns, view.members, view.priced, view.turnover, strict=True))


def composition_table(view: CompositionView) -> Table:
    """One row a member, by rank."""
    return Table(COMPOSITION_FIELDS, attributes(view.rows, COMPOSITION_FIELDS, {"session": view.status.session}))


def bubble_table(view: BubbleView) -> Table:
    """One row a company around the cut, by rank."""
    return Table(BUBBLE_FIELDS, attributes(view.rows, BUBBLE_FIELDS, {"session": view.status.session}))


def changes_table(view: ChangesView) -> Table:
    """One row an addition or deletion."""
    return Table(CHANGE_FIELDS, change_rows(view.rows, CHANGE_FIELDS))


def why_table(view: ChangesView) -> Table:
    """One row an addition or deletion, with all that led to it and what it did."""
    return Table(WHY_FIELDS, change_rows(view.rows, WHY_FIELDS))


def contributions_table(view: ContributionView, top: int | None, *, brief: bool) -> Table:
    """One row a company, largest contribution first; ``brief`` leaves out what all rows share."""
    return _contributed(view, CONTRIBUTION_FIELDS, _ends(view.rows, top), brief)


def sector_table(view: ContributionView, top: int | None, *, brief: bool) -> Table:
    """One row a sector, likewise."""
    return _contributed(view, SECTOR_FIELDS, _ends(view.sectors, top), brief)


def _contributed(view: ContributionView, fields: tuple[Field, ...], rows: Sequence[object], brief: bool) -> Table:
    kept = tuple(field for field in fields if not (brief and field.key in PERIOD_COLUMNS))
    shared: dict[str, Cell] = {"first": view.first, "last": view.last, "series": view.series}
    return Table(kept, attributes(rows, kept, shared))


def _ends(rows: Sequence[Row], top: int | None) -> Sequence[Row]:
    """The first and the last rows, each once."""
    return rows if top is None or 2 * top >= len(rows) else (*rows[:top], *rows[-top:])


def stock_table(view: StockView) -> Table:
    """One row a session."""
    return Table(STOCK_FIELDS, attributes(view.rows, STOCK_FIELDS))
