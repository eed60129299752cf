"""Cells of a worksheet: number formats by unit, and rows of values as SpreadsheetML.

openpyxl makes the styles; the rows are written here as text, many times faster than cell by cell.

Nothing in the data can become a formula. A text is always an inline string, and one that begins like a
formula carries ``quotePrefix`` besides, the hidden apostrophe of Excel, so that it stays a text when a person
edits the cell. Only a ``Formula``, which this program makes and never from data, is written as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from math import isfinite
from typing import Any, Final
from xml.sax.saxutils import escape

from engine.domain.fields import Field, Unit
from engine.domain.texts import FORMULA_STARTS

EXCEL_ROWS: Final = 1_048_576
"""Rows of a worksheet, the header included."""

DATE_FORMAT: Final = "yyyy-mm-dd"

_TEXT_LIMIT: Final = 32_767
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_READ_AS_CODE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_DAY_ZERO: Final = date(1899, 12, 30).toordinal()


class Look(Enum):
    """How a cell is shown, beside the number format of its column."""

    PLAIN = "plain"
    QUOTED = "a text that begins like a formula"
    LABEL = "bold"
    MARK = "bold red"
    STARRED = "a number with an asterisk"


@dataclass(frozen=True, slots=True)
class Shown:
    """A value with a look of its own."""

    value: object
    look: Look


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of this program, without its equals sign, and the value it has."""

    text: str
    value: float | bool | str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its letter and the numbers of its styles."""

    letter: str
    styles: Mapping[Look, int]
    date_style: int


def number_format(field: Field) -> str:
    """Excel's number format for a field: ``0.00%``, ``#,##0.00``, ``yyyy-mm-dd`` or ``General``."""
    decimals = f".{'0' * field.decimals}" if field.decimals else ""
    formats = {
        Unit.LEVEL: f"#,##0{decimals}",
        Unit.FRACTION: f"0{decimals}%",
        Unit.RATIO: f"0{decimals}",
        Unit.USD: f"#,##0{decimals}",
        Unit.COUNT: f"#,##0{decimals}",
        Unit.DATE: DATE_FORMAT,
        Unit.TEXT: "General",
        # Without one, LibreOffice shows the result of a formula as 1, or changes the cell while it prints and crashes.
        Unit.TRUTH: '"TRUE";"TRUE";"FALSE"',
    }
    return formats[field.unit]


def columns_of(sheet: Any, fields: Sequence[Field]) -> tuple[Column, ...]:
    """Register the styles of these fields in the sheet's workbook. Must come before the workbook is saved."""
    from openpyxl.utils import get_column_letter

    return tuple(
        Column(
            get_column_letter(place),
            {look: _style(sheet, field, number_format(field), look) for look in Look},
            _style(sheet, field, DATE_FORMAT, Look.PLAIN),
        )
        for place, field in enumerate(fields, start=1)
    )


def clean(text: str) -> str:
    """A text without what XML cannot hold, cut to what a cell can."""
    return _NOT_XML.sub("", text)[:_TEXT_LIMIT]


def literal(text: str) -> str:
    """A text in which Excel reads no ``_x0041_`` as the character of that code."""
    return _READ_AS_CODE.sub("_x005F_", text)


def row_xml(columns: Sequence[Column], number: int, values: Iterable[object]) -> str:
    """One row as SpreadsheetML; an empty value has no cell."""
    cells = [
        _WRITERS[value.__class__](column, number, value)
        for column, value in zip(columns, values, strict=False)
        if value is not None
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _style(sheet: Any, field: Field, format_code: str, look: Look) -> int:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(sheet)
    cell.number_format = f'{format_code}"*"' if look is Look.STARRED else format_code
    if field.unit is Unit.TEXT:
        # A number or a date among texts stands where they begin.
        cell.alignment = Alignment(horizontal="left")
    if look is Look.QUOTED:
        cell.quotePrefix = True
    if look in (Look.LABEL, Look.MARK):
        cell.font = Font(name="Calibri", size=11, bold=True, color="FFC00000" if look is Look.MARK else None)
    return int(cell.style_id)


@lru_cache(maxsize=16_384)
def _inline(text: str) -> tuple[Look, str]:
    kept = clean(text)
    look = Look.QUOTED if kept.startswith(FORMULA_STARTS) else Look.PLAIN
    return look, f'<is><t xml:space="preserve">{escape(literal(kept), {chr(13): "&#13;"})}</t></is>'


def _text(column: Column, row: int, value: str, look: Look = Look.PLAIN) -> str:
    needed, inline = _inline(value)
    style = column.styles[needed if look is Look.PLAIN else look]
    return f'<c r="{column.letter}{row}" s="{style}" t="inlineStr">{inline}</c>'


def _number(column: Column, row: int, value: float, look: Look = Look.PLAIN) -> str:
    # A NaN in the XML would make the whole workbook unreadable.
    if not isfinite(value):
        return ""
    return f'<c r="{column.letter}{row}" s="{column.styles[look]}"><v>{value!r}</v></c>'


def _truth(column: Column, row: int, value: bool, look: Look = Look.PLAIN) -> str:
    return f'<c r="{column.letter}{row}" s="{column.styles[look]}" t="b"><v>{value:d}</v></c>'


def _date(column: Column, row: int, value: date, _: Look = Look.PLAIN) -> str:
    return f'<c r="{column.letter}{row}" s="{column.date_style}"><v>{value.toordinal() - _DAY_ZERO}</v></c>'


def _formula(column: Column, row: int, formula: Formula, look: Look = Look.PLAIN) -> str:
    # The value beside the formula is for readers that do not calculate; Excel recalculates on opening.
    kind, value = _cached(formula.value)
    style = column.styles[look]
    return f'<c r="{column.letter}{row}" s="{style}"{kind}><f>{escape(formula.text)}</f><v>{value}</v></c>'


def _cached(value: float | bool | str) -> tuple[str, str]:
    if isinstance(value, bool):
        return ' t="b"', f"{value:d}"
    return (' t="str"', escape(value)) if isinstance(value, str) else ("", repr(value))


def _shown(column: Column, row: int, shown: Shown) -> str:
    if shown.value is None:
        return ""
    return _WRITERS[shown.value.__class__](column, row, shown.value, shown.look)


_WRITERS: Final[dict[type, Callable[..., str]]] = {
    str: _text,
    float: _number,
    int: _number,
    bool: _truth,
    date: _date,
    Formula: _formula,
    Shown: _shown,
}
