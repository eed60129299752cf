"""Text with separators (CSV) as a table of texts, checked to be what it seems.

A reader that guesses makes silent nonsense of a cut download or of an unquoted ``1,234.5``. So the fields of
every record are counted first, and a record with too few or too many is marked, never filled up or cut.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.errors import DataError
from engine.frames.refused import ROW
from engine.frames.validate import MALFORMED

SEPARATORS: Final = (",", ";", "\t", "|")
ENDS: Final = b"\r\n"
NEWLINE: Final = ord("\n")
RETURN: Final = ord("\r")
QUOTE: Final = ord('"')

SAVE_AS_UTF8: Final = "save it as CSV in UTF-8, or as Parquet"


def headings(start: bytes) -> list[str]:
    """The names in the first line, from the beginning of a file.

    Raises:
        DataError: If there is none, or the bytes are not text.
    """
    _refuse_binary(start)
    line = start[_first_line(start) :].split(b"\n", 1)[0].rstrip(ENDS)
    if not line.strip():
        raise DataError("The file is empty.", hint="the first line must name the columns")
    text = line.decode("utf-8", "replace")
    try:
        return next(csv.reader([text], delimiter=_separator(text)), [])
    except csv.Error as error:
        raise DataError("The first line cannot be read as CSV.", hint="it must name the columns") from error


def table(raw: bytes, wanted: Mapping[str, int]) -> pl.DataFrame:
    """Columns of a file as texts, null where a field is empty.

    Args:
        raw: The whole file.
        wanted: Name to give to a column, and where it stands in the file.

    Returns:
        ``row_number`` (the first line of the file is 1), the wanted columns, and ``malformed`` if any row is;
        empty lines are left out.

    Raises:
        DataError: If the bytes are not text in UTF-8 or quotes do not pair.
    """
    _refuse_binary(raw)
    _refuse_other_encodings(raw)
    first = _first_line(raw)
    above = raw.count(b"\n", 0, first)
    body = raw[first:]
    heading = body[: _line_end(body)]
    width, separator = len(headings(heading)), _separator(heading.decode())
    fields = _fields_of_records(body, separator)
    rows = _read(body, separator, wanted)
    if fields[0] != width or rows.height != len(fields) - 1:
        raise _quotes_do_not_pair()
    return _marked(rows.with_row_index(ROW, offset=above + 2), fields[1:], width)


def _marked(rows: pl.DataFrame, fields: NDArray[np.int64], expected: int) -> pl.DataFrame:
    """The rows without the empty lines (0 fields), those with a wrong number of fields marked."""
    if (fields == expected).all():
        return rows
    marked = rows.with_columns(pl.Series(MALFORMED, fields != expected)).filter(pl.Series(fields > 0))
    return marked if marked[MALFORMED].any() else marked.drop(MALFORMED)


def _read(raw: bytes, separator: str, wanted: Mapping[str, int]) -> pl.DataFrame:
    """The wanted columns of every record as texts."""
    by_place = sorted(wanted, key=lambda name: wanted[name])
    try:
        rows = pl.read_csv(
            raw,
            separator=separator,
            columns=[wanted[name] for name in by_place],
            infer_schema=False,
            raise_if_empty=False,
            truncate_ragged_lines=True,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _quotes_do_not_pair() from error
    rows.columns = by_place
    return rows


def _fields_of_records(raw: bytes, separator: str) -> NDArray[np.int64]:
    """How many fields each record has, 0 for an empty line."""
    signs = np.frombuffer(raw, dtype=np.uint8)
    ends, separators = signs == NEWLINE, signs == ord(separator)
    if b'"' in raw:
        quoted = np.logical_xor.accumulate(signs == QUOTE)
        if quoted[-1]:
            raise _quotes_do_not_pair()
        ends &= ~quoted
        separators &= ~quoted
    stops = np.flatnonzero(ends)
    if not stops.size or stops[-1] != signs.size - 1:
        stops = np.append(stops, signs.size)
    fields = np.diff(np.searchsorted(np.flatnonzero(separators), stops), prepend=0) + 1
    fields[_empty(signs, stops)] = 0
    return fields


def _empty(signs: NDArray[np.uint8], stops: NDArray[np.int64]) -> NDArray[np.bool_]:
    lengths = np.diff(stops, prepend=-1) - 1
    only_return = signs[np.maximum(stops - 1, 0)] == RETURN
    empty: NDArray[np.bool_] = (lengths == 0) | ((lengths == 1) & only_return)
    return empty


def _separator(line: str) -> str:
    return max(SEPARATORS, key=line.count)


def _first_line(raw: bytes) -> int:
    """Where the first line that is not empty begins."""
    start = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    while start < len(raw) and raw[start] in ENDS:
        start += 1
    return start


def _line_end(raw: bytes) -> int:
    end = raw.find(b"\n")
    return len(raw) if end < 0 else end


def _refuse_binary(raw: bytes) -> None:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in raw:
        raise DataError("The file is neither text in UTF-8 nor Parquet.", hint=SAVE_AS_UTF8)


def _refuse_other_encodings(raw: bytes) -> None:
    if raw.isascii():
        return
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(f"Line {line} is not in UTF-8.", hint=SAVE_AS_UTF8) from error


def _quotes_do_not_pair() -> DataError:
    return DataError(
        "The file cannot be read as CSV: its quotes do not pair.",
        hint='a field with a quote in it is written "like ""this"" one"',
    )
