"""Text with separators (CSV) as a table of texts, checked to be what it seems.

A reader that guesses makes silent nonsense of a cut download or of an unquoted ``1,234.5``. So the fields of
every record are counted first, and a record with too few or too many is marked, never filled up or cut.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.errors import DataError
from engine.frames.refused import ROW
from engine.frames.validate import MALFORMED, UNDECODABLE
from engine.providers import limits

SEPARATORS: Final = (",", ";", "\t", "|")
ENDS: Final = b"\r\n"
NEWLINE: Final = ord("\n")
RETURN: Final = ord("\r")
QUOTE: Final = ord('"')

BLOCK: Final = limits.MIB
"""So many bytes are looked at at once."""

ESCAPED: Final = (0xDC80, 0xDCFF)
"""What Python makes of bytes that are no UTF-8."""
LAST_OF_LENGTH: Final = (0x7F, 0x7FF, 0xFFFF)
"""The last signs that take one, two and three bytes."""

NAMES_AND_LINES: Final = "it must name the columns, and lines must end in LF or CR LF"
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
    _refuse_long(text, len(line))
    try:
        return next(csv.reader([text], delimiter=_separator(text)), [])
    except csv.Error as error:
        raise DataError("The first line cannot be read as CSV.", hint=NAMES_AND_LINES) from error


def _refuse_long(heading: str, size: int) -> None:
    limits.at_most_columns(heading.count(_separator(heading)) + 1 if '"' not in heading else 1)
    if size >= limits.ROW_BYTES:
        raise limits.too_long("The first line")


def table(raw: bytes, wanted: Mapping[str, int]) -> pl.DataFrame:
    """Columns of a file as texts, null where a field is empty.

    Args:
        raw: The whole file.
        wanted: Name to give to a column, and where it stands in the file.

    Returns:
        ``row_number`` (the first line of the file is 1), the wanted columns, and ``malformed`` and ``undecodable``
        if any row is; empty lines are left out.

    Raises:
        DataError: If the bytes are not text, quotes do not pair, or a row or the number of rows is over the limits.
    """
    _refuse_binary(raw)
    first = _first_line(raw)
    above = raw.count(b"\n", 0, first)
    body = raw[first:]
    heading = body[: _line_end(body)]
    width, separator = len(headings(heading)), _separator(heading.decode("utf-8", "replace"))
    records = _records(body, separator, above)
    body, undecodable = _mended(body, records.stops)
    rows = _read(body, separator, wanted)
    if records.fields[0] != width or rows.height != records.fields.size - 1:
        raise _quotes_do_not_pair()
    return _marked(rows.with_row_index(ROW, offset=above + 2), records.fields[1:], width, undecodable[1:])


def _marked(
    rows: pl.DataFrame, fields: NDArray[np.int64], expected: int, undecodable: NDArray[np.bool_]
) -> pl.DataFrame:
    """The rows without the empty lines (0 fields); those with a wrong number of fields, or not in UTF-8, marked."""
    if (fields == expected).all() and not undecodable.any():
        return rows
    marks = {MALFORMED: fields != expected, UNDECODABLE: undecodable}
    marked = rows.with_columns(pl.Series(name, mark) for name, mark in marks.items()).filter(pl.Series(fields > 0))
    return marked.drop(name for name in marks if not marked[name].any())


def _mended(raw: bytes, stops: NDArray[np.int64]) -> tuple[bytes, NDArray[np.bool_]]:
    """The bytes with a question mark for each that is no UTF-8, and which records such bytes stood in."""
    undecodable = np.zeros(stops.size, dtype=np.bool_)
    if raw.isascii():
        return raw, undecodable
    mended, start, bad = BytesIO(), 0, 0
    while start < len(raw):
        block = raw[start : _end_of_block(raw, start)]
        places = _not_utf_8(block)
        undecodable[np.searchsorted(stops, places + start)] = True
        bad += places.size
        if bad > limits.UNDECODABLE_BYTES:
            raise DataError("The file is not in UTF-8.", hint=SAVE_AS_UTF8)
        mended.write(_replaced(block, places))
        start += len(block)
    return (mended.getvalue() if undecodable.any() else raw), undecodable


def _end_of_block(raw: bytes, start: int) -> int:
    """Blocks end with a line: no sign is torn apart."""
    return raw.find(b"\n", start + BLOCK) + 1 or len(raw)


def _not_utf_8(block: bytes) -> NDArray[np.int64]:
    """Where bytes stand that are no UTF-8: each becomes a surrogate of its own, which nothing else does."""
    try:
        block.decode()
    except UnicodeDecodeError:
        signs = np.frombuffer(block.decode("utf-8", "surrogateescape").encode("utf-32-le", "surrogatepass"), np.uint32)
    else:
        return np.empty(0, np.int64)
    bad = (signs >= ESCAPED[0]) & (signs <= ESCAPED[1])
    lengths = np.where(bad, 1, 1 + sum((signs > last).astype(np.int64) for last in LAST_OF_LENGTH))
    places: NDArray[np.int64] = (np.cumsum(lengths) - lengths)[bad]
    return places


def _replaced(block: bytes, places: NDArray[np.int64]) -> bytes:
    if not places.size:
        return block
    signs = np.frombuffer(block, dtype=np.uint8).copy()
    signs[places] = ord("?")
    return signs.tobytes()


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


@dataclass(frozen=True, slots=True)
class _Records:
    """Where each record stops, and how many fields it has, 0 for an empty line."""

    stops: NDArray[np.int64]
    fields: NDArray[np.int64]


def _records(raw: bytes, separator: str, above: int) -> _Records:
    """The records of a file, within the limits. ``above`` is how many lines stand above it."""
    signs = np.frombuffer(raw, dtype=np.uint8)
    stops, separators = (np.concatenate(parts) for parts in zip(*_stops(signs, ord(separator)), strict=True))
    _refuse_long_rows(stops, above)
    fields = np.diff(separators, prepend=0) + 1
    fields[_empty(signs, stops)] = 0
    return _Records(stops, fields)


def _stops(signs: NDArray[np.uint8], separator: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Where records stop and how many separators stand before that, block by block: a mask of all would be large."""
    separators, rows, is_open = 0, 0, False
    for start in range(0, signs.size, BLOCK):
        block = signs[start : start + BLOCK]
        outside = _outside_quotes(block, is_open=is_open)
        stops, places = (np.flatnonzero((block == sign) & outside) for sign in (NEWLINE, separator))
        rows, is_open = rows + stops.size, is_open ^ bool(np.count_nonzero(block == QUOTE) % 2)
        limits.at_most_rows(rows - 1)
        yield stops + start, np.searchsorted(places, stops) + separators
        separators += places.size
    if is_open:
        raise _quotes_do_not_pair()
    if signs[-1] != NEWLINE:
        yield np.array([signs.size]), np.array([separators])


def _outside_quotes(block: NDArray[np.uint8], *, is_open: bool) -> NDArray[np.bool_]:
    quotes = block == QUOTE
    if not quotes.any():
        return np.full(block.size, not is_open)
    outside: NDArray[np.bool_] = np.logical_xor.accumulate(quotes) == is_open
    return outside


def _refuse_long_rows(stops: NDArray[np.int64], above: int) -> None:
    lengths = np.diff(stops, prepend=-1) - 1
    longest = int(lengths.argmax())
    if lengths[longest] > limits.ROW_BYTES:
        raise limits.too_long(f"Row {above + 1 + longest}")


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


def _quotes_do_not_pair() -> DataError:
    return DataError(
        "The file cannot be read as CSV: its quotes do not pair.",
        hint='a field with a quote in it is written "like ""this"" one"',
    )
