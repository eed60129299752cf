"""What cells, rows and whole tables hold, as text to copy: nothing is rounded, and no text gets out of its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from engine.domain.texts import inert
from tuiapp.format import plain
from tuiapp.widgets.columns import Column

R = TypeVar("R")

_BREAKS: Final = re.compile(r"[\t-\r\x85\u2028\u2029]+")


def cell_text(column: Column[R], row: R) -> str:
    """What one cell holds; several values are divided by tabs."""
    named = column.copied or ((column.key, column.held),)
    return "\t".join(_text(value(row)) for _, value in named)


def row_text(columns: Sequence[Column[R]], row: R) -> str:
    """The values of a row, divided by tabs."""
    return _line(_named(columns), row)


def table_text(columns: Sequence[Column[R]], rows: Iterable[R]) -> str:
    """The names of all values, and below them those of all rows."""
    named = _named(columns)
    head = "\t".join(name for name, _ in named)
    return "\n".join([head, *(_line(named, row) for row in rows)])


def _named(columns: Sequence[Column[R]]) -> list[tuple[str, Callable[[R], Any]]]:
    named: list[tuple[str, Callable[[R], Any]]] = []
    for column in columns:
        named += ((column.key, column.held),) if column.copied is None else column.copied
    return named


def _line(named: Sequence[tuple[str, Callable[[R], Any]]], row: R) -> str:
    return "\t".join(_inert(value(row)) for _, value in named)


def _inert(value: Any) -> str:
    """The value as text that stays a text in a spreadsheet, unless it is a number."""
    text = _text(value)
    return inert(text) if isinstance(value, str) else text


def _text(value: Any) -> str:
    """A value as programs read it; what would end the cell is a blank in it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return plain(_BREAKS.sub(" ", str(value)))
