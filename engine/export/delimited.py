"""One table in a file for programs: CSV, JSON or Parquet, with full precision.

Values are written as they are: a double comes back as the same double, dates are ISO dates, no value is an
empty field or null. Nothing is neutralised here, unlike in the workbook: these files are read by programs.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from engine.domain.fields import Field, Unit
from engine.errors import SettingsError
from engine.events import CancelToken, EventSink, Progress, silent
from engine.export.atomic import absolute, replacing
from engine.export.content import Value

if TYPE_CHECKING:
    import polars as pl

Row: TypeAlias = Sequence[object]
Rows: TypeAlias = Iterator[list[object]]
Metadata: TypeAlias = Mapping[str, Value]

BATCH: Final = 2_000
"""Rows between two progress events."""


def write_table(
    path: Path,
    fields: Sequence[Field],
    rows: Iterable[Row],
    *,
    force: bool = False,
    metadata: Metadata | None = None,
    total: int = 0,
    events: EventSink = silent,
    cancel: CancelToken | None = None,
) -> Path:
    """Write rows to a ``.csv``, ``.json`` or ``.parquet`` file and give its full path.

    JSON is one object, ``{"metadata": {...}, "rows": [{...}, ...]}``; Parquet carries the metadata as key and
    value; CSV has no place for it.

    Raises:
        SettingsError: The suffix is none of these.
        ExportError: The file exists and ``force`` is not set, or cannot be written.
        Cancelled: ``cancel`` was set; nothing is left behind.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise SettingsError(f"Cannot write a table to {path.name}.", hint=f"end the name in {', '.join(WRITERS)}")
    watched = _watched(rows, Progress(f"write {path.name}", 0, total, "rows"), events, cancel)
    with replacing(path, force=force) as target:
        writer(target, fields, watched, metadata or {})
    return absolute(path)


def _watched(rows: Iterable[Row], start: Progress, events: EventSink, cancel: CancelToken | None) -> Rows:
    source, done = iter(rows), 0
    while batch := list(islice(source, BATCH)):
        if cancel:
            cancel.check()
        yield from (_finite(row) for row in batch)
        done += len(batch)
        events(Progress(start.stage, done, start.total, start.unit))


def _finite(row: Row) -> list[object]:
    return [None if isinstance(value, float) and not isfinite(value) else value for value in row]


def _write_csv(target: BinaryIO, fields: Sequence[Field], rows: Rows, _: Metadata) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.key for field in fields])
    writer.writerows(rows)
    text.flush()
    text.detach()


def _write_json(target: BinaryIO, fields: Sequence[Field], rows: Rows, metadata: Metadata) -> None:
    keys = [field.key for field in fields]
    target.write(f'{{"metadata": {_json(dict(metadata))},\n"rows": ['.encode())
    separator = "\n"
    for row in rows:
        target.write(f"{separator}{_json(dict(zip(keys, row, strict=True)))}".encode())
        separator = ",\n"
    target.write(b"\n]}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a table")


def _write_parquet(target: BinaryIO, fields: Sequence[Field], rows: Rows, metadata: Metadata) -> None:
    import polars as pl

    schema = {field.key: _polars_type(field) for field in fields}
    texts = [field.unit is Unit.TEXT for field in fields]
    typed = ([_as_text(v) if text else v for v, text in zip(row, texts, strict=True)] for row in rows)
    batches = iter(lambda: list(islice(typed, BATCH)), [])
    frames = [pl.DataFrame(batch, schema=schema, orient="row") for batch in batches]
    frame = pl.concat(frames) if frames else pl.DataFrame(schema=schema)
    # Polars reports a full disk as an error of its own: in memory it cannot meet one.
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={key: str(value) for key, value in metadata.items()})
    target.write(buffer.getbuffer())


def _as_text(value: object) -> object:
    return value if value is None or isinstance(value, str) else str(value)


def _polars_type(field: Field) -> pl.DataType:
    import polars as pl

    count = pl.Float64() if field.decimals else pl.Int64()
    by_unit = {Unit.DATE: pl.Date(), Unit.TEXT: pl.String(), Unit.COUNT: count}
    return by_unit.get(field.unit, pl.Float64())


WRITERS: Final[dict[str, Callable[[BinaryIO, Sequence[Field], Rows, Metadata], None]]] = {
    ".csv": _write_csv,
    ".json": _write_json,
    ".parquet": _write_parquet,
}
"""How a table is written, by the suffix of the file."""
