"""How each sheet of an export is made: one entry of ``SHEETS`` for every name in ``engine.domain.sheets``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from engine.domain import sheets as declared
from engine.domain.fields import CHANGE_FIELDS, COMPOSITION_FIELDS, MONTHS
from engine.errors import SettingsError
from engine.export.analysis import (
    contributions_table,
    days_table,
    drawdowns_table,
    findings_table,
    months_table,
    sectors_table,
)
from engine.export.content import WHY_COLUMNS, Book, Table, WorkbookContent
from engine.export.highlights import Bars, Flag, Shade
from engine.export.performance import PERFORMANCE_SHEET, checked_table, draw_performance, performance_table
from engine.export.provenance import PROVENANCE_SHEET, described_table, provenance_table
from engine.export.sectors import draw_sectors, sector_columns_table, sector_weights_table
from engine.export.summary import marked_table, summary_table


class Kind(Enum):
    """What a sheet is about, by the colour of its tab."""

    RESULT = "1F4E79"
    MEMBERS = "2E8B8B"
    ANALYSIS = "7B5EA7"
    DATA = "7F7F7F"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook, which is also one table for a file of its own.

    Attributes:
        name: Name of the sheet.
        kind: What it is about.
        table: The table as it stands in a single-table file.
        in_workbook: The table as it stands in a workbook.
        draw: Puts charts on the sheet, which has a row at least, and gives the cells that each covers.
        highlights: Colours that follow the numbers.
        widths: Widths of columns by key, where the usual width of the unit does not fit.
    """

    name: str
    kind: Kind
    table: Callable[[WorkbookContent], Table]
    in_workbook: Callable[[WorkbookContent, Book], Table]
    draw: Callable[[Any, WorkbookContent], tuple[str, ...]] | None = None
    highlights: Sequence[Shade | Bars | Flag] = ()
    widths: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """One sentence that says what it holds."""
        return declared.SHEETS[self.name]


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


def _plain(table: Callable[[WorkbookContent], Table]) -> Callable[[WorkbookContent, Book], Table]:
    """A table that stands in a workbook as it stands in a file of its own."""
    return lambda content, _: table(content)


_MONTH_KEYS: Final = tuple(month.lower() for month in MONTHS)

SHEETS: Final[dict[str, Sheet]] = {
    sheet.name: sheet
    for sheet in (
        Sheet("summary_metrics", Kind.RESULT, summary_table, marked_table, widths={"market": 18}),
        Sheet(
            PERFORMANCE_SHEET,
            Kind.RESULT,
            performance_table,
            _plain(checked_table),
            draw_performance,
            (Shade(("return_pr", "return_tr"), 0.03), Flag(("agrees",), "FALSE")),
        ),
        Sheet(
            "daily_composition",
            Kind.MEMBERS,
            _composition,
            _plain(_composition),
            widths={"name": 34, "sector": 24},
        ),
        Sheet(
            "composition_changes",
            Kind.MEMBERS,
            _changes,
            _plain(_changes),
            highlights=(Shade(("distance",), 0.1),),
            widths={"reason": 24},
        ),
        Sheet(
            "contributions",
            Kind.ANALYSIS,
            contributions_table,
            _plain(contributions_table),
            highlights=(
                Bars(("weight", "cap_weight"), 0.1),
                Shade(("contribution", "cap_contribution", "gap"), 0.02),
            ),
            widths={"name": 34, "sector": 24},
        ),
        Sheet(
            "sector_contributions",
            Kind.ANALYSIS,
            sectors_table,
            _plain(sectors_table),
            highlights=(
                Bars(("weight", "cap_weight"), 0.5),
                Shade(("contribution", "cap_contribution", "gap"), 0.1),
            ),
            widths={"sector": 24},
        ),
        Sheet("sector_weights", Kind.MEMBERS, sector_weights_table, sector_columns_table, draw_sectors),
        Sheet(
            "monthly_returns",
            Kind.ANALYSIS,
            months_table,
            _plain(months_table),
            highlights=(Shade(_MONTH_KEYS, 0.1), Shade(("total",), 0.3)),
        ),
        Sheet(
            "drawdowns",
            Kind.ANALYSIS,
            drawdowns_table,
            _plain(drawdowns_table),
            highlights=(Shade(("depth",), 0.3),),
        ),
        Sheet(
            "days",
            Kind.ANALYSIS,
            days_table,
            _plain(days_table),
            highlights=(Shade(("return",), 0.1),),
        ),
        Sheet(
            "data_quality",
            Kind.DATA,
            findings_table,
            _plain(findings_table),
            highlights=(Flag(("severity",), '"high"'), Flag(("severity",), '"medium"', severe=False)),
            widths={"kind": 22, "detail": 80, "effect": 48, "source": 24, "next_step": 48},
        ),
        Sheet(
            PROVENANCE_SHEET,
            Kind.DATA,
            provenance_table,
            described_table,
            widths={"section": 22, "item": 28, "value": 100},
        ),
    )
}
"""Every sheet by name, in the order of the workbook."""
