"""A file as a table of columns under our names, nothing checked yet. What a file is, its first bytes say."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Final, cast

import polars as pl

from engine.errors import DataError, EngineError
from engine.frames.cells import known_days
from engine.frames.refused import ROW
from engine.frames.synonyms import ImportKind, missing, places
from engine.providers import delimited, limits
from engine.providers.parquet import ParquetReader
from engine.providers.parquet_footer import MAGIC, read_footer

GZIP: Final = b"\x1f\x8b"
START: Final = limits.ROW_BYTES
"""Of the beginning of a file, with its first line."""
PIECE: Final = limits.MIB
SIZE: Final = 4
"""Bytes at the end of a gzip file."""
UNPACKED: Final = "The file, unpacked,"


def headings(path: Path) -> list[str]:
    """The names of a file's columns, as they stand there."""
    start = _start(path)
    found = list(read_footer(path).columns) if start.startswith(MAGIC) else delimited.headings(start)
    limits.at_most_columns(len(found))
    return found


def read_table(path: Path, kind: ImportKind, parquet: ParquetReader) -> pl.DataFrame:
    """The columns of the kind under our names; what a kind knows but never uses is not read."""
    header = headings(path)
    wanted = {name: place for name, place in columns_of(kind, header).items() if name != "adj_close"}
    if _start(path).startswith(MAGIC):
        table = _parquet(path, {name: header[place] for name, place in wanted.items()}, parquet)
    else:
        table = delimited.table(_content(path), wanted)
    if not table.height:
        raise DataError("It has names of columns and no rows.", hint="give a file with rows")
    return table


def columns_of(kind: ImportKind, header: Sequence[str]) -> dict[str, int]:
    """Where the columns of ``kind`` stand. Raises ``DataError`` when one that it needs is missing."""
    found = places(kind, header)
    absent = missing(kind, tuple(found))
    if absent:
        known = {column.name: " or ".join(column.synonyms) for column in kind.columns}
        hints = "; ".join(f"{name} may also be called {known[name]}" for name in absent if known.get(name))
        raise DataError(f"As {kind.name} it needs the column {', '.join(absent)}.", hint=hints)
    return found


def _start(path: Path) -> bytes:
    with _unpacked(path) as file:
        return file.read(START)


def _content(path: Path) -> bytes:
    """The whole file unpacked, read piece by piece: what it says of its size need not be so."""
    _refuse_large(path)
    content = BytesIO()
    with _unpacked(path) as file:
        while piece := file.read(PIECE):
            if len(piece) > limits.ROW_BYTES and b"\n" not in piece:
                raise limits.too_long("A row")
            content.write(piece)
            limits.at_most_bytes(content.tell(), UNPACKED)
    return content.getvalue()


def _refuse_large(path: Path) -> None:
    """Refuse a file for what can be seen without reading it: a packed one ends with its size unpacked."""
    size = path.stat().st_size
    limits.at_most_bytes(size)
    with path.open("rb") as file:
        if file.read(len(GZIP)) == GZIP:
            file.seek(max(0, size - SIZE))
            limits.at_most_bytes(int.from_bytes(file.read(SIZE), "little"), UNPACKED)


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        is_packed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        if not is_packed:
            yield file
            return
        with gzip.open(file) as unpacked:
            yield cast("IO[bytes]", unpacked)


def _parquet(path: Path, wanted: Mapping[str, str], reader: ParquetReader) -> pl.DataFrame:
    table = reader.read(path, list(wanted.values()))
    columns = [_plain(table[theirs].alias(ours), ours) for ours, theirs in wanted.items()]
    for column in columns:
        if column.dtype == pl.String and (column.str.len_bytes() > limits.ROW_BYTES).any():
            raise limits.too_long(f"A cell of the column {column.name}")
    return pl.DataFrame(columns).with_row_index(ROW, offset=1)


def _plain(column: pl.Series, name: str) -> pl.Series:
    """A Parquet column as one of the types that checks know: numbers, text, and dates where dates belong."""
    kind = column.dtype
    if kind == pl.String or kind.is_numeric():
        return column
    if name == "date" and isinstance(kind, pl.Date | pl.Datetime):
        return known_days(column)
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        raise DataError(f"The column {name} holds {kind}.", hint="it must hold text, numbers or dates")
    return column.cast(pl.String)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Say which file a failure is about, and make failures of reading ours."""
    try:
        yield
    except EngineError as error:
        raise type(error)(f"{path}: {error.message}", hint=error.hint) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path} is not a whole gzip file.", hint="copy or download it again") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"{path} cannot be read: {reason}.", hint="check its permissions and its disk") from error
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise DataError(f"{path} cannot be read.", hint="write or download it again") from error
    except MemoryError as error:
        raise DataError(f"{path} needs more memory than there is.", hint=limits.SPLIT_IT) from error
