"""Files of a person's own, CSV and Parquet, as frames on our schemas."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from engine.errors import DataError, SettingsError
from engine.frames.cells import IsSession
from engine.frames.convert import to_as_traded
from engine.frames.detect import detect_kind
from engine.frames.schemas import SPLIT
from engine.frames.synonyms import KINDS, kind_named, places
from engine.frames.validate import validated
from engine.providers.parquet import ParquetReader
from engine.providers.tables import columns_of, headings, naming, read_table
from engine.reports import Refusal

SUFFIXES: Final = (".csv", ".csv.gz", ".parquet")
"""What is taken of a folder; a file that is named may be called anything."""

AS_TRADED: Final = "as-traded"
SPLIT_ADJUSTED: Final = "split-adjusted"
PRICE_BASES: Final = (AS_TRADED, SPLIT_ADJUSTED)

WHAT_CAN_BE_READ: Final = f"files that end in {', '.join(SUFFIXES)}"


@dataclass(frozen=True, slots=True)
class Days:
    """Which days a file may hold.

    Attributes:
        is_session: Whether the NYSE trades on a day, None to take every day.
        today: Later days are refused, None to take them.
        final: The last closed session: prices and market caps of later ones are refused, None to take them; likewise
            what was decided about them.
    """

    is_session: IsSession | None = None
    today: date | None = None
    final: date | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file and the kind of data in it."""

    path: Path
    kind: str


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file, read and checked.

    Attributes:
        path: The file.
        kind: Name of its kind.
        frames: Name of a raw table to its frame; tables for which the file has nothing are left out.
        rows_read: Rows of the file without its first line and empty lines.
        refused: Rows not taken, by reason.
        first: Earliest date in the frames, None if they have no dates.
        last: Latest one.
        lost: Rows not taken, by reason and ticker, on ``REFUSED``.
        repeated: Rows of which a later one says the same.
    """

    path: Path
    kind: str
    frames: dict[str, pl.DataFrame]
    rows_read: int
    refused: tuple[Refusal, ...]
    first: date | None
    last: date | None
    lost: pl.DataFrame
    repeated: int

    @property
    def detail(self) -> str:
        """The file's name."""
        return self.path.name


def no_splits() -> pl.DataFrame:
    """An empty frame of splits."""
    return pl.DataFrame(schema=SPLIT.columns)


class FileImport:
    """A person's files as a provider: found, told apart and read in an order of their own.

    What comes out does not depend on the order in which ``paths`` names them.
    """

    name = "import"

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        kind: str | None = None,
        prices: str = AS_TRADED,
        splits: pl.DataFrame | None = None,
        is_session: IsSession | None = None,
        today: date | None = None,
        final: date | None = None,
    ) -> None:
        """Find the files and tell their kinds; no row is read yet.

        Args:
            paths: Files and folders.
            kind: Kind of all of them, None to tell each by its columns.
            prices: ``as-traded`` or ``split-adjusted``.
            splits: Splits known already, on their schema; those of the files need not be among them.
            is_session: Whether the NYSE trades on a day, None to take every day.
            today: Later days are refused, None to take them.
            final: The last closed session: prices and market caps of later ones are refused, None to take them.

        Raises:
            DataError: If there is nothing to import or a file cannot be read.
            SettingsError: If ``kind`` or ``prices`` is none of the known ones.
        """
        if prices not in PRICE_BASES:
            raise SettingsError(f"Prices cannot be {prices!r}.", hint=f"one of {', '.join(PRICE_BASES)}")
        self.sources = in_reading_order(discover(paths), kind)
        self._adjusted = prices == SPLIT_ADJUSTED
        self._known_splits = no_splits() if splits is None else splits
        self._days = Days(is_session, today, final)

    def batches(self) -> Generator[ParsedFile, None, None]:
        """Each file, read when it is asked for; close it if not all are wanted."""
        with ParquetReader() as parquet:
            splits = self._all_splits(parquet) if self._adjusted else None
            for source in self.sources:
                yield read_file(source, adjusted_by=splits, days=self._days, parquet=parquet)

    def _all_splits(self, parquet: ParquetReader) -> pl.DataFrame:
        """Splits known already and those of every file: one file's split may adjust another file's prices."""
        found = [splits_in(source, days=self._days, parquet=parquet) for source in self.sources]
        return pl.concat([self._known_splits, *found]).unique(list(SPLIT.key), keep="last", maintain_order=True)


def discover(paths: Sequence[Path]) -> list[Path]:
    """The files that ``paths`` stand for, each once; a folder stands for its files, not for its subfolders.

    Raises:
        DataError: If a path does not exist or there is nothing to import.
    """
    found = {path.resolve(): path for given in paths for path in _files_at(given)}
    if not found:
        where = ", ".join(map(str, paths)) or "no path"
        raise DataError(f"Nothing to import in {where}.", hint=f"give {WHAT_CAN_BE_READ}, or a folder of them")
    return list(found.values())


def in_reading_order(paths: Sequence[Path], kind: str | None = None) -> list[SourceFile]:
    """Files with their kinds, what others need first, whatever the order they are given in.

    Raises:
        DataError: If a file cannot be read or its kind cannot be told.
        SettingsError: If ``kind`` is none of the known ones.
    """
    if kind is not None:
        kind_named(kind)
    sources = [SourceFile(path, kind_of(path, kind)) for path in paths]
    order = list(KINDS)
    return sorted(sources, key=lambda source: (order.index(source.kind), source.path.name, str(source.path)))


def kind_of(path: Path, kind: str | None = None) -> str:
    """The kind of a file: the one given if its columns are there, else the one that its columns tell."""
    with naming(path):
        header = headings(path)
        if kind is None:
            return detect_kind(header, path.name)
        columns_of(kind_named(kind), header)
        return kind


def read_file(
    source: SourceFile,
    *,
    adjusted_by: pl.DataFrame | None = None,
    days: Days | None = None,
    parquet: ParquetReader | None = None,
) -> ParsedFile:
    """Read a file and check every row.

    Args:
        source: The file and its kind.
        adjusted_by: For a file of split-adjusted prices the splits, by which its prices, volumes and
            dividends are converted to as traded; None for a file that is as traded.
        days: Which days are taken, None for every day.
        parquet: Reads Parquet, None for a reader of this file alone.

    Raises:
        DataError: If the file cannot be read as a table of its kind.
    """
    with naming(source.path):
        with nullcontext(parquet) if parquet else ParquetReader() as reader:
            table = read_table(source.path, kind_named(source.kind), reader)
        checked = validated(table, source.kind, **asdict(days or Days()))
    frames = checked.frames
    if adjusted_by is not None and source.kind == "prices":
        frames = _as_traded(frames, adjusted_by)
    first, last = _span(frames)
    taken = (checked.refused, first, last, checked.lost, checked.repeated)
    return ParsedFile(source.path, source.kind, frames, table.height, *taken)


def splits_in(source: SourceFile, *, days: Days | None = None, parquet: ParquetReader | None = None) -> pl.DataFrame:
    """The splits of a file, empty for a file of a kind that has none.

    Raises:
        DataError: If the file cannot be read as a table of its kind.
    """
    if source.kind not in ("prices", "actions"):
        return no_splits()
    with naming(source.path):
        header = headings(source.path)
        if "split" not in places(kind_named(source.kind), header):
            return no_splits()
    return read_file(source, days=days, parquet=parquet).frames.get("split", no_splits())


def _as_traded(frames: Mapping[str, pl.DataFrame], splits: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """A file of split-adjusted prices as traded; its last price says on which day's shares it is based."""
    if "price" not in frames:
        return dict(frames)
    basis = _span({"price": frames["price"]})[1]
    assert basis is not None
    return {table: frame if table == "split" else to_as_traded(frame, splits, basis) for table, frame in frames.items()}


def _span(frames: Mapping[str, pl.DataFrame]) -> tuple[date | None, date | None]:
    dated = [frame["session"] for frame in frames.values() if "session" in frame]
    ends = [end for column in dated for end in (column.min(), column.max()) if isinstance(end, date)]
    return min(ends, default=None), max(ends, default=None)


def _files_at(path: Path) -> list[Path]:
    with naming(path):
        if path.is_dir():
            return sorted(entry for entry in path.iterdir() if _is_wanted(entry))
        if not path.exists():
            raise DataError("There is no such file or folder.", hint="check the path")
        if not path.is_file():
            raise DataError("This is neither a file nor a folder.", hint=f"give {WHAT_CAN_BE_READ}")
        return [path]


def _is_wanted(entry: Path) -> bool:
    return entry.is_file() and not entry.name.startswith(".") and entry.name.lower().endswith(SUFFIXES)
