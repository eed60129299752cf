"""Parquet, a group of rows at a time: a long history is never held as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from engine.domain.fields import Field, Unit

if TYPE_CHECKING:
    import polars as pl

ROWS_A_GROUP: Final = 50_000
"""Rows of one row group, which a reader may skip or read alone."""

_BATCH: Final = 5_000


class _Disk:
    """A file that remembers why it could not be written: Polars gives only the text of that."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write, as to any file."""
        try:
            return self._target.write(data)
        except OSError as failure:
            self.failure = failure
            raise

    def flush(self) -> None:
        """Left to the owner of the file."""


def write_parquet(
    target: BinaryIO, fields: Sequence[Field], rows: Iterator[list[object]], metadata: Mapping[str, object]
) -> None:
    """Write the rows as they come, with the types of their units; the metadata become texts by key."""
    disk = _Disk(target)
    # The wait for a thread, unlike a call of Polars, lets a person's ctrl+c through to what stops the rows.
    with ThreadPoolExecutor(1, thread_name_prefix="parquet") as writer:
        writer.submit(_sink, disk, fields, rows, metadata).result()


def _sink(disk: _Disk, fields: Sequence[Field], rows: Iterator[list[object]], metadata: Mapping[str, object]) -> None:
    from polars.exceptions import PolarsError
    from polars.io.plugins import register_io_source

    schema = {field.key: _polars_type(field) for field in fields}
    # Polars asks the source for no less than all of it: its wishes are for sources that can skip something.
    frame = register_io_source(lambda *_: _frames(fields, schema, rows), schema=schema)
    texts = {key: str(value) for key, value in metadata.items()}
    try:
        frame.sink_parquet(disk, row_group_size=ROWS_A_GROUP, metadata=texts)  # type: ignore[call-overload]
    except PolarsError as error:
        raise disk.failure or error from error


def _frames(
    fields: Sequence[Field], schema: Mapping[str, pl.DataType], rows: Iterator[list[object]]
) -> Iterator[pl.DataFrame]:
    import polars as pl

    texts = [field.unit is Unit.TEXT for field in fields]
    typed = ([_as_text(v) if text else v for v, text in zip(row, texts, strict=True)] for row in rows)
    while batch := list(islice(typed, _BATCH)):
        yield pl.DataFrame(batch, schema=dict(schema), orient="row")


def _as_text(value: object) -> object:
    return value if value is None or isinstance(value, str) else str(value)


def _polars_type(field: Field) -> pl.DataType:
    import polars as pl

    count = pl.Float64() if field.decimals else pl.Int64()
    by_unit = {Unit.DATE: pl.Date(), Unit.TEXT: pl.String(), Unit.TRUTH: pl.Boolean(), Unit.COUNT: count}
    return by_unit.get(field.unit, pl.Float64())
