"""How a sheet looks beside its cells: header, widths, filter, colour of its tab, and what it prints as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from engine.domain.fields import Field, Unit
from engine.domain.texts import FORMULA_STARTS
from engine.export.cells import clean, literal
from engine.export.content import SYNTHETIC_MARK, Table, WorkbookContent
from engine.export.sheets import Sheet

_WIDTHS: Final = {Unit.DATE: 12, Unit.TEXT: 14, Unit.USD: 20, Unit.LEVEL: 13}
_OTHER_WIDTH: Final = 11
_FILTER_BUTTON: Final = 4
_MARGIN_INCHES: Final = 0.4
_HEADER_INCHES: Final = 0.75


def lay_out(page: Any, sheet: Sheet, table: Table) -> None:
    """Freeze the header, set the filter over all rows, the widths and the tab; must come before the first row."""
    page.freeze_panes = "A2"
    page.auto_filter.ref = _cells(table)
    page.sheet_properties.tabColor = sheet.kind.value
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for place, field in enumerate(table.fields, start=1):
        page.column_dimensions[get_column_letter(place)].width = _width(sheet, field)


def set_print(page: Any, content: WorkbookContent, table: Table, charts: Sequence[str]) -> None:
    """Landscape, as wide as one sheet of paper, the header on each, and a footer that says what it is.

    Args:
        page: The sheet.
        content: What is exported.
        table: The table of the sheet.
        charts: The cells that its charts cover, each on paper of its own.
    """
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_options.horizontalCentered = True
    page.page_margins = PageMargins(_MARGIN_INCHES, _MARGIN_INCHES, _HEADER_INCHES, _HEADER_INCHES)
    page.print_title_rows = "1:1"
    if charts:
        page.print_area = [_cells(table), *charts]
    status = content.performance.status
    page.oddHeader.left.text = _verbatim(f"{status.index}, {status.session.isoformat()}")
    page.oddHeader.center.text = SYNTHETIC_MARK if status.synthetic else content.backfilled or None
    page.oddFooter.left.text = "&A"
    page.oddFooter.center.text = _verbatim(content.market)
    page.oddFooter.right.text = "Page &P of &N"


def heading(page: Any, field: Field) -> Any:
    """The cell above a column. Symbols and sectors, which come from outside, stay a text whatever they begin with."""
    cell = WriteOnlyCell(page, value=literal(clean(field.key)))
    cell.data_type = "s"
    cell.quotePrefix = field.key.startswith(FORMULA_STARTS)
    cell.font = Font(name="Calibri", size=11, bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE7EBF0")
    cell.border = Border(bottom=Side(style="thin"))
    return cell


def _cells(table: Table) -> str:
    return f"A1:{get_column_letter(len(table.fields))}{table.rows.total + 1}"


def _width(sheet: Sheet, field: Field) -> float:
    usual = _WIDTHS.get(field.unit, _OTHER_WIDTH)
    return max(sheet.widths.get(field.key, usual), len(field.key) + _FILTER_BUTTON)


def _verbatim(text: str) -> str:
    """A text in a header or footer, where an ampersand begins a command."""
    return text.replace("&", "&&")
