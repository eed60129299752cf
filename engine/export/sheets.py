"""The sheets of an export, declared once: a new one is one more entry of ``SHEETS``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.domain.fields import CHANGE_FIELDS, COMPOSITION_FIELDS, Field, Unit
from engine.errors import SettingsError
from engine.export.analysis import (
    contributions_table,
    drawdowns_table,
    findings_table,
    months_table,
    sectors_table,
)
from engine.export.content import WHY_COLUMNS, Rows, Table, WorkbookContent
from engine.export.performance import PERFORMANCE_SHEET, checked_table, draw_performance, performance_table
from engine.export.summary import marked_market, marked_table, summary_table

DEFAULT_TABLE: Final = PERFORMANCE_SHEET
"""The table that goes into a ``.csv``, ``.json`` or ``.parquet`` file when none is asked for."""

PROVENANCE_SHEET: Final = "provenance"

PROVENANCE_FIELDS: Final = (
    Field("section", "Section", Unit.TEXT, text="What the line is about: this export, or one of its sheets."),
    Field("item", "Item", Unit.TEXT, text="Name of the fact, or of the column."),
    Field("value", "Value", Unit.TEXT, text="The fact, or what the column means and its unit."),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook, which is also one table for a file of its own.

    Attributes:
        name: Name of the sheet.
        text: One sentence that says what it holds.
        table: The table as it stands in a single-table file.
        in_workbook: The table as a workbook with sheets of the given names shows it.
        draw: Puts charts on the sheet, which has a row at least.
        widths: Widths of columns by key, where the usual width of the unit does not fit.
    """

    name: str
    text: str
    table: Callable[[WorkbookContent], Table]
    in_workbook: Callable[[WorkbookContent, Collection[str]], Table]
    draw: Callable[[Any, WorkbookContent], None] | None = None
    widths: Mapping[str, float] = field(default_factory=dict)


def chosen_sheets(names: Sequence[str] | None) -> tuple[Sheet, ...]:
    """The sheets of these names in the order of the workbook; all of them for None.

    Raises:
        SettingsError: There is no sheet of that name, or none is named.
    """
    if names is None:
        return tuple(SHEETS.values())
    unknown = [name for name in names if name not in SHEETS]
    if unknown or not names:
        problem = f"There is no sheet {unknown[0]!r}." if unknown else "No sheet was chosen."
        raise SettingsError(problem, hint=f"the sheets are {', '.join(SHEETS)}")
    return tuple(sheet for name, sheet in SHEETS.items() if name in names)


def _composition(content: WorkbookContent) -> Table:
    return Table(COMPOSITION_FIELDS, content.composition)


def _changes(content: WorkbookContent) -> Table:
    return Table(CHANGE_FIELDS + WHY_COLUMNS, content.changes)


def _plain(table: Callable[[WorkbookContent], Table]) -> Callable[[WorkbookContent, Collection[str]], Table]:
    """A table that stands in a workbook as it stands in a file of its own."""
    return lambda content, _: table(content)


def _provenance(content: WorkbookContent) -> Table:
    rows = [("export", key, value) for key, value in (("market", content.market), *content.provenance)]
    return Table(PROVENANCE_FIELDS, Rows(len(rows), rows))


def _provenance_and_columns(content: WorkbookContent, names: Collection[str]) -> Table:
    market = ("export", "market", marked_market(content))
    facts = (("export", key, value) for key, value in content.provenance)
    rows = [market, *facts, *_columns(content, names)]
    return Table(PROVENANCE_FIELDS, Rows(len(rows), rows))


def _columns(content: WorkbookContent, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    for name in names:
        if name != PROVENANCE_SHEET:
            for each in SHEETS[name].in_workbook(content, names).fields:
                yield name, each.key, f"{each.text} [{each.unit.value}]"


SHEETS: Final[dict[str, Sheet]] = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "summary_metrics",
            "Metrics by period, price return and total return, alone and against benchmarks.",
            summary_table,
            marked_table,
        ),
        Sheet(
            PERFORMANCE_SHEET,
            "Levels, returns and turnover by session, with charts and a check.",
            performance_table,
            _plain(checked_table),
            draw_performance,
        ),
        Sheet(
            "daily_composition",
            "The members decided at the close of each session.",
            _composition,
            _plain(_composition),
            widths={"name": 34, "sector": 24},
        ),
        Sheet(
            "composition_changes",
            "Additions and deletions, session by session, and what led to them.",
            _changes,
            _plain(_changes),
            widths={"reason": 24},
        ),
        Sheet(
            "contributions",
            "What each company added to the return of the exported sessions: the rows of a series sum to it.",
            contributions_table,
            _plain(contributions_table),
            widths={"name": 34, "sector": 24},
        ),
        Sheet(
            "sector_contributions",
            "What each sector added, likewise.",
            sectors_table,
            _plain(sectors_table),
            widths={"sector": 24},
        ),
        Sheet(
            "monthly_returns",
            "Returns by month and year.",
            months_table,
            _plain(months_table),
        ),
        Sheet(
            "drawdowns",
            "The deepest falls of the exported sessions.",
            drawdowns_table,
            _plain(drawdowns_table),
        ),
        Sheet(
            "data_quality",
            "What was found in the data, most severe first, and what it did to the index.",
            findings_table,
            _plain(findings_table),
            widths={"kind": 22, "detail": 80, "effect": 48, "source": 24, "next_step": 48},
        ),
        Sheet(
            PROVENANCE_SHEET,
            "Versions, settings, sources and the meaning of every column.",
            _provenance,
            _provenance_and_columns,
            widths={"section": 22, "item": 28, "value": 100},
        ),
    )
}
"""Every sheet by name, in the order of the workbook."""
