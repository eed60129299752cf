"""However a Parquet file is damaged, the program goes on: its rows are read, or a sentence says why they are not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import DataError, EngineError
from engine.providers.files import in_reading_order, read_file
from engine.providers.parquet import ParquetReader
from engine.providers.parquet_footer import read_footer

FEW, MANY = 60, 10_000
ROWS = 60

FRAME = pl.DataFrame(
    {
        "date": [date(2024, 1, 2) + timedelta(days=day) for day in range(ROWS)],
        "ticker": ["AAPL", "MSFT", "X"] * (ROWS // 3),
        "close": [float(number + 1) for number in range(ROWS)],
        "volume": [None if number % 3 else number for number in range(ROWS)],
    }
)


def written(**options: Any) -> bytes:
    content = io.BytesIO()
    FRAME.write_parquet(content, **options)
    return content.getvalue()


GOODS = (
    written(compression="uncompressed"),
    written(compression="zstd", row_group_size=25),
    written(compression="snappy", statistics=False, data_page_size=100),
)
CHANGES = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=3)), min_size=1, max_size=3
)
LENGTHS = st.sampled_from([0, -1, 2**20, 2**31 - 1, 2**31, 2**62, -(2**40)])


@pytest.fixture(scope="module")
def parquet() -> Iterator[ParquetReader]:
    with ParquetReader() as reader:
        yield reader


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "prices.parquet"


def footer_of(content: bytes) -> int:
    """Where the footer begins."""
    return len(content) - 8 - int.from_bytes(content[-8:-4], "little")


def changed(good: int, part: str, changes: list[tuple[float, bytes]]) -> bytes:
    """A file with other bytes in its pages or in its footer."""
    content = bytearray(GOODS[good])
    first, last = (4, footer_of(GOODS[good])) if part == "pages" else (footer_of(GOODS[good]), len(content))
    for place, put in changes:
        at = first + int(place * (last - first))
        content[at : at + len(put)] = put
    return bytes(content[: len(GOODS[good])])


def spliced(good: int, place: float, length: int) -> bytes:
    """A file whose footer says another number somewhere."""
    content = GOODS[good]
    footer = content[footer_of(content) : -8]
    at = int(place * len(footer))
    number, coded = (length << 1) ^ (length >> 63), bytearray()
    while number > 127:
        coded.append(number & 127 | 128)
        number >>= 7
    footer = footer[:at] + bytes([*coded, number & 127]) + footer[at + 1 :]
    return content[: footer_of(content)] + footer + len(footer).to_bytes(4, "little") + content[-4:]


def check(path: Path, parquet: ParquetReader, content: bytes) -> None:
    """The file is read, with as many rows as it says, or refused in a sentence with a next step."""
    path.write_bytes(content)
    try:
        file = read_file(*in_reading_order([path], "prices"), parquet=parquet)
    except EngineError as error:
        refused: EngineError | None = error
    else:
        refused = None
    if refused:
        assert (type(refused), bool(refused.hint), refused.message.endswith(".")) == (DataError, True, True)
        return
    assert file.rows_read == read_footer(path).rows
    assert all(example.isprintable() for one in file.refused for example in one.examples)


@given(good=st.integers(0, 2), part=st.sampled_from(["pages", "footer"]), changes=CHANGES)
@settings(max_examples=FEW)
def test_changed_bytes_end_in_rows_or_a_sentence(
    path: Path, parquet: ParquetReader, good: int, part: str, changes: list[tuple[float, bytes]]
) -> None:
    check(path, parquet, changed(good, part, changes))


@given(good=st.integers(0, 2), place=st.floats(0, 1, exclude_max=True), length=LENGTHS)
@settings(max_examples=FEW)
def test_numbers_that_lie_end_in_rows_or_a_sentence(
    path: Path, parquet: ParquetReader, good: int, place: float, length: int
) -> None:
    check(path, parquet, spliced(good, place, length))


@pytest.mark.slow
@given(good=st.integers(0, 2), part=st.sampled_from(["pages", "footer"]), changes=CHANGES)
@settings(max_examples=MANY)
def test_many_changed_bytes_end_in_rows_or_a_sentence(
    path: Path, parquet: ParquetReader, good: int, part: str, changes: list[tuple[float, bytes]]
) -> None:
    check(path, parquet, changed(good, part, changes))


@pytest.mark.slow
@given(good=st.integers(0, 2), place=st.floats(0, 1, exclude_max=True), length=LENGTHS)
@settings(max_examples=MANY)
def test_many_numbers_that_lie_end_in_rows_or_a_sentence(
    path: Path, parquet: ParquetReader, good: int, place: float, length: int
) -> None:
    check(path, parquet, spliced(good, place, length))
