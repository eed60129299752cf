"""A file as a table of columns under our names, nothing checked yet. What a file is, its first bytes say."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from engine.errors import DataError, EngineError
from engine.frames.cells import known_days
from engine.frames.refused import ROW
from engine.frames.synonyms import ImportKind, missing, places
from engine.providers import delimited

PARQUET: Final = b"PAR1"
GZIP: Final = b"\x1f\x8b"
START: Final = 65_536


def headings(path: Path) -> list[str]:
    """The names of a file's columns, as they stand there."""
    start = _start(path)
    if start.startswith(PARQUET):
        return pl.read_parquet(path, n_rows=0, glob=False, hive_partitioning=False).columns
    return delimited.headings(start)


def read_table(path: Path, kind: ImportKind) -> pl.DataFrame:
    """The columns of the kind under our names; what a kind knows but never uses is not read."""
    header = headings(path)
    wanted = {name: place for name, place in columns_of(kind, header).items() if name != "adj_close"}
    if _start(path).startswith(PARQUET):
        table = _parquet(path, {name: header[place] for name, place in wanted.items()})
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
    with path.open("rb") as file:
        start = file.read(START)
    if not start.startswith(GZIP):
        return start
    with gzip.open(path, "rb") as unpacked:
        return unpacked.read(START)


def _content(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if raw.startswith(GZIP) else raw


def _parquet(path: Path, wanted: Mapping[str, str]) -> pl.DataFrame:
    table = pl.read_parquet(path, columns=list(wanted.values()), glob=False, hive_partitioning=False)
    columns = [_plain(table[theirs].alias(ours), ours) for ours, theirs in wanted.items()]
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
        raise DataError(f"{path} cannot be read as Parquet.", hint="write or download it again") from error
