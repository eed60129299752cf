"""The sole writer of stdout: text, tables for people, CSV and JSON for programs.

CSV and JSON are UTF-8 with plain line feeds whatever the locale, and carry every double in full: what goes in
comes out as the same double. Tables are rounded by their fields and fall back to ASCII where they have to.
"""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from engine.domain.fields import Field, Unit
from engine.errors import ExportError

Cell: TypeAlias = str | int | float | date | None

FORMATS: Final = ("table", "csv", "json")
WIDEST_TEXT: Final = 28
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
ASCII: Final = str.maketrans({"–": "-", "…": "~", "·": "|", "→": ">", "▲": "^", "▼": "v"})


class ReaderLeft(Exception):
    """Whoever read our output has closed it, as ``head`` does: nothing is wrong, nothing is left to say."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the fields of their columns.

    Attributes:
        fields: One a column.
        rows: One tuple a row, parallel to ``fields``; None is "no value".
        shown: The field that all numbers of a row are shown by, where it is not that of their column.
    """

    fields: tuple[Field, ...]
    rows: Iterable[tuple[Cell, ...]]
    shown: Callable[[tuple[Cell, ...]], Field] | None = None


def emit(table: Table, form: str) -> None:
    """Write a table as ``table``, ``csv`` or ``json``."""
    writers = {"table": _people, "csv": _csv, "json": _json}
    if form != "table":
        _as_utf8()
    for line in writers[form](table):
        _write(line + "\n")


def lines(texts: Iterable[str]) -> None:
    """Write lines for people."""
    for text in texts:
        _write(_legible(text) + "\n")


def flush() -> None:
    """Push out what is held back, so that a full disk or a closed pipe is noticed while we can say so."""
    _guarded(lambda: sys.stdout.flush())


def plain(text: str) -> str:
    """Text from outside without control characters: it can neither move the cursor nor break a line."""
    return CONTROL.sub("", text.replace("\t", " ").replace("\n", " "))


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def shown(field: Field, value: Cell) -> str:
    """A value as people read it: rounded, with its unit, an en dash for none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if field.unit is Unit.FRACTION:
        return f"{100 * value:{'+' if field.signed else ''}.{field.decimals}f}%"
    if field.unit is Unit.USD and not field.decimals:
        return _short(value)
    return f"{value:{'+' if field.signed else ''},.{field.decimals}f}"


def _short(value: float) -> str:
    for size, suffix in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if abs(value) >= size:
            return f"{value / size:,.2f}{suffix}"
    return f"{value:,.0f}"


def _people(table: Table) -> Iterator[str]:
    rows = [_texts(_fields_of(table, row), row) for row in table.rows]
    head = tuple(field.label for field in table.fields)
    widths = [max(map(_cells, column)) for column in zip(head, *rows, strict=True)]
    left = [field.unit in (Unit.TEXT, Unit.DATE) for field in table.fields]
    for row in (head, *rows):
        padded = (_pad(*cell) for cell in zip(row, widths, left, strict=True))
        yield _legible("  ".join(padded).rstrip())


def _fields_of(table: Table, row: tuple[Cell, ...]) -> tuple[Field, ...]:
    return (table.shown(row),) * len(row) if table.shown else table.fields


def _texts(fields: tuple[Field, ...], row: tuple[Cell, ...]) -> tuple[str, ...]:
    """Cells as text; only the last one may be as long as it likes."""
    *texts, last = (shown(field, cell) for field, cell in zip(fields, row, strict=True))
    return *map(_cut, texts), last


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST_TEXT else text[: WIDEST_TEXT - 1] + "…"


def _cells(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _pad(text: str, width: int, left: bool) -> str:
    space = " " * (width - _cells(text))
    return text + space if left else space + text


def _csv(table: Table) -> Iterator[str]:
    yield ",".join(field.key for field in table.fields)
    for row in table.rows:
        yield ",".join(map(_csv_cell, row))


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(_json_cell(value)) if not isinstance(value, bool) else str(value).lower()
    text = plain(value)
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search('[,"]|^ | $', text) else text


def _json(table: Table) -> Iterator[str]:
    keys = [field.key for field in table.fields]
    before = "["
    for row in table.rows:
        cells = dict(zip(keys, map(_json_cell, row), strict=True))
        yield before + json.dumps(cells, allow_nan=False, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"


def _json_cell(value: Cell) -> str | float | None:
    if isinstance(value, str):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def _encoding() -> str:
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("_", "-")


def _legible(text: str) -> str:
    """The text as this stdout can carry it."""
    if _encoding() in ("utf-8", "utf8"):
        return text
    return text.translate(ASCII).encode(_encoding(), "replace").decode(_encoding())


def _as_utf8() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper) and _encoding() not in ("utf-8", "utf8"):
        sys.stdout.reconfigure(encoding="utf-8")


def _write(text: str) -> None:
    _guarded(lambda: sys.stdout.write(text))


def _guarded(action: Callable[[], object]) -> None:
    try:
        action()
    except BrokenPipeError as error:
        raise ReaderLeft from error
    except OSError as error:
        raise ExportError(
            f"The output could not be written: {error.strerror}.", hint="is the disk of the output file full?"
        ) from error
