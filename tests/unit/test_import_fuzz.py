"""No file, however broken, ends in anything but a clear error; no good row is changed or lost."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.frames.refused import ROW
from engine.frames.schemas import PRICE, RAW_SCHEMAS
from engine.frames.synonyms import KINDS
from engine.frames.validate import validated
from engine.providers.files import FileImport, ParsedFile, in_reading_order, read_file
from engine.providers.parquet import ParquetReader

SIGNS = [
    '"',
    '""',
    ",",
    ",,",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\ufeff",
    "\u202e",
    "\u2028",
    "\x1b[31m",
    " ",
    "'",
    "é",
]
CELLS = ["2024-01-02", "1/2/2024", "A", "10", "-1", "1e400", "nan", "=1+1", "x" * 300]
SCRAPS = st.sampled_from(SIGNS + CELLS)
HEADERS = st.sampled_from([",".join(column.name for column in kind.columns) for kind in KINDS.values()])


@pytest.fixture(scope="module")
def parquet() -> Iterator[ParquetReader]:
    with ParquetReader() as reader:
        yield reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def read(
    folder: Path, content: bytes, kind: str | None = None, parquet: ParquetReader | None = None
) -> ParsedFile | None:
    path = folder / "prices.csv"
    path.write_bytes(content)
    try:
        return read_file(*in_reading_order([path], kind), parquet=parquet)
    except EngineError:
        return None


def assert_sound(parsed: ParsedFile | None) -> None:
    """Frames are what the store relies on, and reports are safe to show."""
    if parsed is None:
        return
    for table, frame in parsed.frames.items():
        schema = RAW_SCHEMAS[table]
        assert dict(frame.schema) == schema.columns
        assert frame.height == frame.unique(list(schema.key)).height
        assert frame.equals(frame.sort(*schema.key))
        assert frame.select(pl.col(schema.required).null_count().sum()).sum_horizontal().item() == 0
    assert all(example.isprintable() for refusal in parsed.refused for example in refusal.examples)
    assert sum(refusal.rows for refusal in parsed.refused) <= parsed.rows_read


@given(content=st.binary(max_size=300), kind=st.sampled_from([None, *KINDS]))
def test_random_bytes_raise_nothing_but_our_errors(folder: Path, content: bytes, kind: str | None) -> None:
    assert_sound(read(folder, content, kind))


@given(header=HEADERS, body=st.lists(SCRAPS, max_size=60).map("".join))
@example(header="date,ticker,close", body='2024-01-02,A,10\n2024-01-02,"B",20"\n')
@example(header="date,ticker,close", body='2024-01-02,A"\n,10\n2024-01-02,"B,20\n')
def test_scraps_of_tables_under_a_good_header_give_sound_frames_or_our_errors(
    folder: Path, header: str, body: str
) -> None:
    assert_sound(read(folder, f"{header}\n{body}".encode()))


@given(kept=st.floats(0, 1, exclude_max=True))
def test_parquet_cut_anywhere_raises_nothing_but_our_errors(folder: Path, kept: float) -> None:
    days = [date(2024, 1, 2) + timedelta(days=day) for day in range(30)]
    whole = io.BytesIO()
    pl.DataFrame({"date": days, "ticker": "A", "close": 1.0}).write_parquet(whole)
    content = whole.getvalue()
    assert read(folder, content[: int(kept * len(content))]) is None


POSITIVE = st.floats(min_value=1e-6, max_value=1e12)
PRICE_ROWS = st.dictionaries(
    st.tuples(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.from_regex("[A-CX-Z][A-CX-Z-]{,19}", fullmatch=True)),
    st.tuples(*[st.none() | POSITIVE] * 3, POSITIVE, st.none() | st.floats(min_value=0, max_value=1e12)),
    min_size=1,
    max_size=30,
)


@given(rows=PRICE_ROWS, seed=st.integers(0, 99), form=st.sampled_from(["csv", "parquet"]))
def test_good_prices_come_out_as_they_went_in(
    folder: Path, parquet: ParquetReader, rows: dict[tuple[date, str], tuple[float | None, ...]], seed: int, form: str
) -> None:
    frame = pl.DataFrame([(*key, *values) for key, values in rows.items()], schema=PRICE.columns, orient="row")
    shuffled = frame.rename({"session": "date"}).sample(fraction=1.0, shuffle=True, seed=seed)
    content = io.BytesIO()
    shuffled.write_csv(content) if form == "csv" else shuffled.write_parquet(content)
    parsed = read(folder, content.getvalue(), parquet=parquet)
    assert parsed is not None
    assert (parsed.refused, parsed.rows_read) == ((), len(rows))
    assert parsed.frames["price"].equals(frame.sort(*PRICE.key))


@given(closes=st.lists(st.tuples(st.integers(0, 3), st.sampled_from("AB"), st.integers(1, 3)), max_size=20))
def test_the_last_row_of_a_key_is_kept_whatever_the_order_of_keys(closes: list[tuple[int, str, int]]) -> None:
    days = [date(2024, 1, 2) + timedelta(days=day) for day, _, _ in closes]
    table = pl.DataFrame({"date": days, "ticker": [t for _, t, _ in closes], "close": [c for _, _, c in closes]})
    checked = validated(table.cast({"date": pl.Date, "ticker": pl.String}).with_row_index(ROW), "prices")
    last = {(day, ticker): float(close) for day, (_, ticker, close) in zip(days, closes, strict=True)}
    unlike = sum(last[day, t] != c for day, (_, t, c) in zip(days, closes, strict=True))
    kept = checked.frames["price"].select("session", "ticker", "close").rows() if closes else []
    assert kept == [(*key, close) for key, close in sorted(last.items())]
    assert sum(refusal.rows for refusal in checked.refused) == unlike


def test_files_named_in_any_order_give_the_same_frames(tmp_path: Path) -> None:
    files = {
        "prices_1.csv": "date,ticker,close,split\n2024-01-02,A,1,\n2024-01-03,A,2,2\n",
        "prices_2.csv": "date,ticker,close,split\n2024-01-03,A,3,4\n2024-01-03,B,5,\n",
        "actions.csv": "date,ticker,split\n2024-01-03,A,9\n",
        "caps.csv": "date,ticker,market_cap\n2024-01-03,A,1e9\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [tmp_path / name for name in files]
    for basis in ("as-traded", "split-adjusted"):
        expected = _contents(FileImport([tmp_path], prices=basis))
        for seed in range(6):
            random.Random(seed).shuffle(paths)
            assert _contents(FileImport(paths, prices=basis)) == expected


def _contents(files: FileImport) -> list[tuple[str, str, list[tuple[object, ...]]]]:
    return [
        (batch.detail, table, frame.rows())
        for batch in files.batches()
        for table, frame in sorted(batch.frames.items())
    ]
