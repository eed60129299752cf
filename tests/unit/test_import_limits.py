"""Files over a limit are refused with a sentence and a next step, before they take memory or end the program."""

from __future__ import annotations

import gzip
import io
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.errors import DataError
from engine.providers import limits, parquet_child
from engine.providers.files import FileImport, ParsedFile, in_reading_order, read_file
from engine.providers.parquet import ParquetReader
from engine.providers.parquet_footer import read_footer

HEADER = b"date,ticker,close\n"
ROW = b"2024-01-02,A,10\n"
FRAME = pl.DataFrame({"date": [date(2024, 1, 2)] * 3, "ticker": list("ABC"), "close": [1.0, 2.0, 3.0]})


def parsed(path: Path, content: bytes) -> ParsedFile:
    path.write_bytes(content)
    return read_file(*in_reading_order([path]))


def refusal(path: Path, content: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        parsed(path, content)
    assert (caught.value.exit_code, str(path) in caught.value.message) == (5, True)
    assert caught.value.hint
    return caught.value


def packed(frame: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "prices.csv"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can reach."""
    for name, limit in (("FILE_BYTES", 200_000), ("ROWS", 1_000), ("UNDECODABLE_BYTES", 100)):
        monkeypatch.setattr(limits, name, limit)
    monkeypatch.setattr("engine.providers.tables.PIECE", 70_000)


def wide(columns: int) -> bytes:
    names = b",".join(b"c%d" % number for number in range(columns - 3))
    return HEADER.strip() + b"," + names + b"\n" + ROW.strip() + b"," * (columns - 3) + b"\n"


def lying(content: bytes) -> bytes:
    """A gzip file that says that there is little in it."""
    return gzip.compress(content)[:-4] + (1000).to_bytes(4, "little")


# -- text


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER + ROW * 20_000, "The file is over"),
        (gzip.compress(HEADER + ROW * 20_000), "The file, unpacked, is over"),
        (lying(HEADER + ROW * 20_000), "The file, unpacked, is over"),
        (lying(HEADER + b"9" * 190_000), "A row is over 65,536 bytes"),
        (HEADER + b"\n" * 1_001, "more than 1,000 rows"),
        (HEADER + ROW * 1_001, "more than 1,000 rows"),
        (wide(1_001), "more than 1,000 columns"),
        (wide(20_000), "more than 1,000 columns"),
        (b"x" * 100_000, "The first line is over 65,536 bytes"),
        (HEADER + b"2024-01-02," + b"X" * 70_000 + b",10", "Row 2 is over 65,536 bytes"),
        (b"\n\n" + HEADER + ROW + b'2024-01-02,"' + b"X\n" * 35_000 + b'",10\n', "Row 5 is over 65,536 bytes"),
        (HEADER + b"2024-01-02,\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9,1\n" * 20, "The file is not in UTF-8"),
    ],
    ids=[
        "bytes",
        "unpacked",
        "unpacked that lies",
        "line that lies",
        "empty lines",
        "rows",
        "columns",
        "many columns",
        "first line",
        "row",
        "quoted row",
        "encoding",
    ],
)
def test_text_over_a_limit_is_refused(csv: Path, content: bytes, message: str) -> None:
    assert message in refusal(csv, content).message


@pytest.mark.usefixtures("small")
def test_text_at_its_limits_is_taken(csv: Path) -> None:
    assert parsed(csv, HEADER + ROW * 1_000).rows_read == 1_000
    assert parsed(csv, wide(1_000)).frames["price"].height == 1
    long = HEADER.strip() + b",note\n2024-01-02,A,10,"
    assert parsed(csv, long + b"X" * (limits.ROW_BYTES - 16) + b"\n").frames["price"].height == 1
    rest = 200_000 - len(HEADER) - len(ROW)
    filler = b"".join(b"x" * (min(50_000, rest - at) - 1) + b"\n" for at in range(0, rest, 50_000))
    assert parsed(csv, HEADER + ROW + filler).frames["price"].height == 1
    assert csv.stat().st_size == 200_000


def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    bomb = lying(HEADER + b"9" * (64 * limits.MIB))
    tracemalloc.start()
    try:
        message = refusal(tmp_path / "prices.csv.gz", bomb).message
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "A row is over 65,536 bytes" in message
    assert peak < 8 * limits.MIB


# -- text in other encodings


def test_rows_that_are_no_utf_8_are_refused_and_the_others_kept(csv: Path) -> None:
    file = parsed(csv, HEADER + ROW + b"2024-01-03,Nestl\xe9,1\n" + "2024-01-03,É,3\n".encode() + b"\xff\n\n" + ROW)
    assert file.frames["price"]["ticker"].to_list() == ["A", "É"]
    assert [(one.reason, one.rows) for one in file.refused] == [("not in UTF-8 (save the file in UTF-8)", 2)]
    assert [example[:6] for example in file.refused[0].examples] == ["row 3:", "row 5:"]


def test_what_is_no_utf_8_is_found_across_blocks(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["2024-01-02,株é,1\n".encode(), b"2024-01-02,B\xe9,1\n", b'2024-01-02,"C\n\xa0",1\n', b"2024-01-03,D,4\n"]
    for size in (1, 7, 16, 33):
        monkeypatch.setattr("engine.providers.delimited.BLOCK", size)
        file = parsed(csv, HEADER + b"".join(lines * 3))
        assert {one.reason: one.rows for one in file.refused} == {"not in UTF-8 (save the file in UTF-8)": 6}
        assert file.frames["price"]["ticker"].to_list() == ["株É", "D"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21])
def test_blocks_change_nothing(csv: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = HEADER + b'2024-01-02,"A",1\n\n2024-01-02,"B\n""x,",2\r\n2024-01-02,C\n2024-01-02,"D",3,4\n2024-01-03,E,5'
    expected = parsed(csv, content)
    monkeypatch.setattr("engine.providers.delimited.BLOCK", size)
    found = parsed(csv, content)
    assert found.frames["price"].equals(expected.frames["price"])
    assert (found.refused, found.rows_read) == (expected.refused, 5)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_refused_by_name(csv: Path, encoding: str) -> None:
    assert "neither text in UTF-8 nor Parquet" in refusal(csv, (HEADER + ROW).decode().encode(encoding)).message


def test_lines_that_end_in_carriage_returns_alone_are_told_of(csv: Path) -> None:
    assert "LF or CR LF" in refusal(csv, (HEADER + ROW).replace(b"\n", b"\r")).hint


def test_a_first_line_in_the_middle_is_a_row_that_is_refused(csv: Path) -> None:
    file = parsed(csv, HEADER + ROW + HEADER + b"2024-01-03,A,11\n")
    assert file.frames["price"].height == 2
    assert [(one.reason, one.rows) for one in file.refused] == [("unreadable date", 1)]


@pytest.mark.parametrize(
    ("close", "reason"),
    [
        ("1_000", "close is not a number"),
        ("１２", "close is not a number"),
        ("٣", "close is not a number"),
        ("1 000", "close is not a number"),
        ("0x10", "close is not a number"),
        ("1e400", "close is not finite"),
        ("-inf", "close is not finite"),
        ("NaN", "no close"),
        ("-0.0", "close is not positive"),
        ("1e-400", "close is not positive"),
    ],
)
def test_odd_numbers_are_refused_by_reason(csv: Path, close: str, reason: str) -> None:
    file = parsed(csv, HEADER + f"2024-01-02,A,{close}\n2024-01-02,B,1e3\n".encode())
    assert [(one.reason, one.rows) for one in file.refused] == [(reason, 1)]
    assert file.frames["price"]["close"].to_list() == [1000.0]


# -- Parquet


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (FRAME.head(1).with_columns(pl.lit(1).alias(f"c{number}") for number in range(101)), "more than 100 columns"),
        (pl.select(date=pl.repeat(1, 1_001), ticker=pl.lit("A"), close=pl.lit(1.0)), "more than 1,000 rows"),
        (FRAME.with_columns(ticker=pl.lit("X" * 70_000)), "A cell of the column ticker is over"),
        (pl.DataFrame({"date": "2024-01-02", "ticker": [f"{n:0999}" for n in range(900)], "close": 1.0}), "unpacked"),
    ],
    ids=["columns", "rows", "cell", "unpacked"],
)
@pytest.mark.usefixtures("small")
def test_parquet_over_a_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frame: pl.DataFrame, message: str
) -> None:
    monkeypatch.setattr(limits, "COLUMNS", 100)
    assert message in refusal(tmp_path / "prices.parquet", packed(frame)).message


def _with_footer(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    length = int.from_bytes(content[-8:-4], "little")
    footer = change(content[-8 - length : -8])
    return content[: -8 - length] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


LIES: dict[str, Callable[[bytes], bytes]] = {
    "a length beyond the file": lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1",
    "no end": lambda content: content[:-1],
    "an empty footer": lambda content: _with_footer(content, lambda footer: b""),
    "half a footer": lambda content: _with_footer(content, lambda footer: footer[: len(footer) // 2]),
    "an endless number": lambda content: _with_footer(content, lambda footer: b"\x16" + b"\xff" * 20),
    "an endless list": lambda content: _with_footer(content, lambda footer: b"\x29\xfc\xff\xff\xff\x07\x15"),
    "structures in structures": lambda content: _with_footer(content, lambda footer: b"\x1c" * 5_000),
    "lists in lists": lambda content: _with_footer(content, lambda footer: b"\x19" * 5_000),
    "another number of rows": lambda content: _with_footer(
        content, lambda footer: footer.replace(b"\x16\x06", b"\x16\x04", 1)
    ),
    "pages of zeros": lambda content: content[:4] + bytes(200) + content[204:],
}


@pytest.mark.parametrize("lie", LIES)
def test_a_parquet_that_lies_is_refused(tmp_path: Path, lie: str) -> None:
    content = LIES[lie](packed(FRAME))
    assert content != packed(FRAME)
    assert "cannot be read as Parquet" in refusal(tmp_path / "prices.parquet", content).message


def test_a_large_footer_is_not_read(tmp_path: Path) -> None:
    content = _with_footer(packed(FRAME), lambda footer: footer + bytes(limits.FOOTER_BYTES))
    assert "footer of the file is too large" in refusal(tmp_path / "prices.parquet", content).message


@pytest.mark.parametrize("rows", [0, 1, 5_000])
def test_the_footer_is_read_as_polars_reads_it(tmp_path: Path, rows: int) -> None:
    frame = pl.DataFrame(
        {
            "Ünder": pl.Series([1] * rows, dtype=pl.Int8),
            "nested": pl.Series(
                [{"a": [1, 2], "b": {"c": "x"}}] * rows,
                dtype=pl.Struct({"a": pl.List(pl.Int64), "b": pl.Struct({"c": pl.String})}),
            ),
            "lists": pl.Series([[[1]]] * rows, dtype=pl.List(pl.List(pl.Int64))),
            "kind": pl.Series(["A"] * rows, dtype=pl.Categorical),
            "last": pl.Series([None] * rows, dtype=pl.Float64),
        }
    )
    path = tmp_path / "t.parquet"
    frame.write_parquet(path, row_group_size=700)
    footer = read_footer(path)
    assert (list(footer.columns), footer.rows) == (frame.columns, rows)
    assert set(footer.unpacked) == (set(frame.columns) if rows else set())


# -- the process that reads


def test_a_file_that_ends_the_process_ends_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "prices.parquet"
    FRAME.write_parquet(path)
    script = tmp_path / "dies.py"
    script.write_text("import os, sys\nsys.stdin.buffer.readline()\nos.abort()\n", encoding="utf-8")
    with ParquetReader() as reader:
        with monkeypatch.context() as patch:
            patch.setattr(parquet_child, "__file__", str(script))
            with pytest.raises(DataError, match="cannot be read as Parquet"):
                reader.read(path, FRAME.columns)
        assert reader.read(path, FRAME.columns).equals(FRAME)


def test_a_process_that_does_not_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "prices.parquet"
    FRAME.write_parquet(path)
    script = tmp_path / "sleeps.py"
    script.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr(parquet_child, "__file__", str(script))
    monkeypatch.setattr(limits, "READER_SECONDS", 0.05)
    with ParquetReader() as reader, pytest.raises(DataError, match="cannot be read in 0 seconds"):
        reader.read(path, FRAME.columns)


def test_one_process_reads_all_files_and_is_gone_after_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(popen(*args, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr("engine.providers.parquet.subprocess.Popen", start)
    for name in ("a", "b", "c"):
        FRAME.write_parquet(tmp_path / f"prices_{name}.parquet")
    assert [batch.rows_read for batch in FileImport([tmp_path]).batches()] == [3, 3, 3]
    assert [process.returncode for process in started] == [-signal.SIGKILL]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the memory of a process cannot be bounded")
def test_a_process_without_memory_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "prices.parquet"
    FRAME.write_parquet(path)
    monkeypatch.setattr(limits, "READER_BYTES", 64 * limits.MIB)
    with ParquetReader() as reader, pytest.raises(DataError, match="cannot be read as Parquet"):
        reader.read(path, FRAME.columns)
