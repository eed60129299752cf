"""The sole writer of stdout: text, tables for people, CSV, JSON and JSON lines for programs.

CSV and JSON are UTF-8 with plain line feeds whatever the locale, and carry every double in full: what goes in
comes out as the same double. Tables are rounded by their fields and fall back to ASCII where they have to.
"""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final, TypeAlias

from engine.domain.fields import Field, Unit
from engine.domain.texts import inert
from engine.errors import ExportError
from tuiapp.format import counted as counted
from tuiapp.format import duration as duration

Cell: TypeAlias = str | int | float | date | None

FORMATS: Final = ("table", "csv", "json", "jsonl")
OBJECTS: Final = ("json", "jsonl")
"""Formats of rows that name their columns."""

WIDEST_TEXT: Final = 28
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
MORE_DECIMALS: Final = {Unit.FRACTION: 4, Unit.LEVEL: 4, Unit.RATIO: 4}
ASCII: Final = str.maketrans({"†": "+", "–": "-", "…": "~", "·": "|", "→": ">", "▲": "^", "▼": "v"})


class ReaderLeft(Exception):
    """Whoever read our output has closed it, as ``head`` does: nothing is wrong, nothing is left to say."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the fields of their columns.

    Attributes:
        fields: One a column.
        rows: One tuple a row, parallel to ``fields``; None is "no value".
        widest: Characters that a text for people may have, in any column but the last.
    """

    fields: tuple[Field, ...]
    rows: Iterable[tuple[Cell, ...]]
    widest: int = WIDEST_TEXT


def attributes(
    items: Iterable[object], fields: tuple[Field, ...], shared: Mapping[str, Cell] | None = None
) -> Iterator[tuple[Cell, ...]]:
    """A row for each item: its attributes by the keys of the fields, or what all of them share."""
    shared = shared or {}
    for item in items:
        yield tuple(shared[field.key] if field.key in shared else getattr(item, field.key) for field in fields)


def emit(table: Table, form: str) -> None:
    """Write a table as ``table``, ``csv``, ``json`` (one array) or ``jsonl`` (an object a line)."""
    writers = {"table": _people, "csv": _csv, "json": _json, "jsonl": _objects}
    if form != "table":
        _as_utf8()
    for line in writers[form](table):
        _write(line + "\n")


def emit_object(content: Mapping[str, object], form: str = "json") -> None:
    """Write one JSON object; as ``jsonl`` on one line."""
    _as_utf8()
    indent = 2 if form == "json" else None
    _write(json.dumps(_json_value(content), allow_nan=False, ensure_ascii=False, indent=indent) + "\n")


def _json_value(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _json_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(each) for each in value]
    return _json_cell(value) if isinstance(value, str | date) else value


def lines(texts: Iterable[str]) -> None:
    """Write lines for people."""
    for text in texts:
        _write(_legible(plain(text)) + "\n")


def path(written: Path) -> None:
    """Write the path of a file: to a program as it is, to a terminal as it can be shown."""
    if sys.stdout.isatty():
        lines([str(written)])
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")
    _write(f"{written}\n")


def flush() -> None:
    """Push out what is held back, so that a full disk or a closed pipe is noticed while we can say so."""
    _guarded(lambda: sys.stdout.flush())


def plain(text: str) -> str:
    """Text from outside without control characters: it can neither move the cursor nor break a line."""
    return CONTROL.sub("", text.replace("\t", " ").replace("\n", " "))


def shown(field: Field, value: Cell) -> str:
    """A value as people read it: rounded, with its unit, an en dash for none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    sign = "+" if field.signed else ""
    if field.unit is Unit.FRACTION:
        return f"{100 * value:{sign}.{field.decimals}f}%"
    if field.unit is Unit.USD and not field.decimals:
        return _short(value, sign)
    return f"{value:{sign},.{field.decimals}f}"


def calculable(field: Field, value: Cell) -> str:
    """A value with digits enough to compute with."""
    if isinstance(value, float) and field.unit is Unit.USD:
        return _money(value, field)
    return shown(replace(field, decimals=field.decimals + MORE_DECIMALS.get(field.unit, 0)), value)


def _money(value: float, field: Field) -> str:
    """An amount in full, without zeros that say nothing."""
    whole, _, cents = f"{value:{'+' if field.signed else ''},.6f}".partition(".")
    cents = cents.rstrip("0").ljust(field.decimals, "0")
    return f"{whole}.{cents}" if cents else whole


def _short(value: float, sign: str) -> str:
    for size, suffix in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if abs(value) >= size:
            return f"{value / size:{sign},.2f}{suffix}"
    return f"{value:{sign},.0f}"


def _people(table: Table) -> Iterator[str]:
    rows = [_texts(table, row) for row in table.rows]
    head = tuple(plain(field.label) for field in table.fields)
    widths = [max(map(_cells, column)) for column in zip(head, *rows, strict=True)]
    left = [field.unit in (Unit.TEXT, Unit.DATE, Unit.TRUTH) for field in table.fields]
    for row in (head, *rows):
        padded = (_pad(*cell) for cell in zip(row, widths, left, strict=True))
        yield _legible("  ".join(padded).rstrip())


def _texts(table: Table, row: tuple[Cell, ...]) -> tuple[str, ...]:
    """Cells as text; only the last one may be as long as it likes."""
    *texts, last = (shown(field, cell) for field, cell in zip(table.fields, row, strict=True))
    return *(_cut(text, table.widest) for text in texts), last


def _cut(text: str, widest: int) -> str:
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _cells(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _pad(text: str, width: int, left: bool) -> str:
    space = " " * (width - _cells(text))
    return text + space if left else space + text


def _csv(table: Table) -> Iterator[str]:
    yield ",".join(_csv_cell(field.key) for field in table.fields)
    for row in table.rows:
        yield ",".join(map(_csv_cell, row))


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(_json_cell(value)) if not isinstance(value, bool) else str(value).lower()
    text = inert(plain(value))
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search('[,"]|^ | $', text) else text


def _json(table: Table) -> Iterator[str]:
    before = "["
    for text in _objects(table):
        yield before + text
        before = ","
    yield "]" if before == "," else "[]"


def _objects(table: Table) -> Iterator[str]:
    keys = [field.key for field in table.fields]
    for row in table.rows:
        cells = dict(zip(keys, map(_json_cell, row), strict=True))
        yield json.dumps(cells, allow_nan=False, ensure_ascii=False)


def _json_cell(value: Cell) -> str | float | None:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, datetime):  # the store's moments are UTC without a zone
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
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
