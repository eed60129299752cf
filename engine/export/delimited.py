"""One table in a file for programs: CSV, JSON, JSON lines or Parquet, with full precision.

Values are written as they are: a double comes back as the same double, dates are ISO dates, no value is an
empty field or null. A text of a CSV file that a spreadsheet program could take for a formula has an apostrophe before
it; the others, which no such program opens, hold every text as it is.
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
from typing import BinaryIO, Final, TypeAlias

from engine.domain.fields import Field
from engine.domain.texts import inert
from engine.errors import SettingsError
from engine.events import CancelToken, EventSink, Progress, silent
from engine.export.atomic import absolute, replacing
from engine.export.content import Value
from engine.export.parquet import write_parquet

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
    """Write rows to a ``.csv``, ``.json``, ``.jsonl`` or ``.parquet`` file, as they come, and give its full path.

    JSON is one object, ``{"metadata": {...}, "rows": [{...}, ...]}``; JSON lines are the rows alone, an object a
    line; Parquet carries the metadata as key and value; CSV has no place for it.

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
    writer.writerow([inert(field.key) for field in fields])
    writer.writerows([_word(value) for value in row] for row in rows)
    text.flush()
    text.detach()


def _word(value: object) -> object:
    """A value as CSV has it: true or false as JSON has them, and a text that is no formula."""
    if isinstance(value, str):
        return inert(value)
    return str(value).lower() if isinstance(value, bool) else value


def _write_json(target: BinaryIO, fields: Sequence[Field], rows: Rows, metadata: Metadata) -> None:
    keys = [field.key for field in fields]
    target.write(f'{{"metadata": {_json(dict(metadata))},\n"rows": ['.encode())
    separator = "\n"
    for row in rows:
        target.write(f"{separator}{_json(dict(zip(keys, row, strict=True)))}".encode())
        separator = ",\n"
    target.write(b"\n]}\n")


def _write_json_lines(target: BinaryIO, fields: Sequence[Field], rows: Rows, _: Metadata) -> None:
    keys = [field.key for field in fields]
    for row in rows:
        target.write(f"{_json(dict(zip(keys, row, strict=True)))}\n".encode())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a table")


WRITERS: Final[dict[str, Callable[[BinaryIO, Sequence[Field], Rows, Metadata], None]]] = {
    ".csv": _write_csv,
    ".json": _write_json,
    ".jsonl": _write_json_lines,
    ".parquet": write_parquet,
}
"""How a table is written, by the suffix of the file."""
