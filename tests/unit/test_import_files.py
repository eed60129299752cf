"""Finding files and reading them, whole or broken."""

from __future__ import annotations

import gzip
import random
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from engine.errors import DataError, SettingsError
from engine.providers.files import FileImport, ParsedFile, discover, in_reading_order, read_file
from engine.providers.protocol import Provider

HEADER = b"date,ticker,close\n"
PRICES = HEADER + b"2024-01-02,A,10\n2024-01-02,B,20\n2024-01-03,A,11\n"
ROWS = [("A", 10.0), ("B", 20.0), ("A", 11.0)]


def parsed(path: Path, content: bytes) -> ParsedFile:
    path.write_bytes(content)
    return read_file(in_reading_order([path])[0])


def taken(file: ParsedFile) -> list[tuple[object, ...]]:
    return file.frames["price"].select("ticker", "close").rows()


def reasons(file: ParsedFile) -> dict[str, int]:
    return {refusal.reason: refusal.rows for refusal in file.refused}


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "prices.csv"


# -- finding


def test_a_folder_stands_for_its_own_visible_tables(tmp_path: Path) -> None:
    for name in ("a.csv", "b.CSV.gz", "c.parquet", ".d.csv", "e.txt", "sub.csv/f.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PRICES)
    assert [path.name for path in discover([tmp_path])] == ["a.csv", "b.CSV.gz", "c.parquet"]


def test_a_file_that_is_named_may_be_called_anything_and_counts_once(tmp_path: Path) -> None:
    named, listed = tmp_path / "closes.txt", tmp_path / "a.csv"
    named.write_bytes(PRICES)
    listed.write_bytes(PRICES)
    assert set(discover([named, tmp_path, tmp_path / "." / "a.csv"])) == {named, listed}


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv: There is no such file") as caught:
        discover([tmp_path / "nowhere.csv"])
    assert caught.value.exit_code == 5
    assert caught.value.hint


def test_an_empty_folder_has_nothing_to_import(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Nothing to import") as caught:
        FileImport([tmp_path])
    assert ".parquet" in caught.value.hint


def test_files_are_read_in_one_order_whatever_the_order_given(tmp_path: Path) -> None:
    headers = {
        "fx.csv": "date,pair,rate",
        "caps.csv": "date,ticker,market_cap",
        "p2.csv": "date,ticker,close",
        "p1.csv": "date,ticker,close",
        "dividends.csv": "date,ticker,dividend",
        "shares.csv": "date,ticker,shares_outstanding",
        "renames.csv": "date,old_ticker,new_ticker",
        "benchmarks.csv": "date,symbol,close",
        "names.csv": "ticker,name",
    }
    for name, header in headers.items():
        (tmp_path / name).write_text(header + "\n", encoding="utf-8")
    paths = [tmp_path / name for name in headers]
    expected = ["names", "renames", "dividends", "shares", "p1", "p2", "caps", "benchmarks", "fx"]
    for seed in range(5):
        random.Random(seed).shuffle(paths)
        assert [source.path.stem for source in in_reading_order(paths)] == expected


def test_a_kind_can_be_given_and_its_columns_must_be_there(csv: Path) -> None:
    csv.write_bytes(PRICES)
    assert in_reading_order([csv], "benchmarks")[0].kind == "benchmarks"
    with pytest.raises(DataError, match="market-caps it needs the column market_cap") as caught:
        in_reading_order([csv], "market-caps")
    assert "marketcap" in caught.value.hint


def test_an_unknown_kind_or_basis_is_a_mistake_of_use(csv: Path) -> None:
    csv.write_bytes(PRICES)
    with pytest.raises(SettingsError, match="bonds"):
        FileImport([csv], kind="bonds")
    with pytest.raises(SettingsError, match="adjusted"):
        FileImport([csv], prices="adjusted")


def test_an_import_of_files_is_a_provider(csv: Path) -> None:
    csv.write_bytes(PRICES)
    provider: Provider = FileImport([csv])
    assert [(provider.name, batch.detail, list(batch.frames)) for batch in provider.batches()] == [
        ("import", "prices.csv", ["price"])
    ]


# -- text that is well


@pytest.mark.parametrize(
    "content",
    [
        PRICES,
        PRICES.rstrip(b"\n"),
        b"\xef\xbb\xbf" + PRICES,
        PRICES.replace(b"\n", b"\r\n"),
        PRICES.replace(b",", b";"),
        PRICES.replace(b",", b"\t"),
        b"\n\r\n" + PRICES,
        PRICES.replace(b"\n", b"\n\n"),
        PRICES.replace(b"\n", b"\r\n\r\n"),
        PRICES.replace(b"A", b'"A"').replace(b"date", b'"date"'),
        gzip.compress(PRICES),
        b"close,extra,DATE,Ticker\n10,x,2024-01-02,A\n20,,2024-01-02,B\n11,y,2024-01-03,A\n",
    ],
    ids=range(12),
)
def test_the_ways_of_writing_a_table_read_the_same(csv: Path, content: bytes) -> None:
    file = parsed(csv, content)
    assert taken(file) == ROWS
    assert (file.rows_read, file.refused) == (3, ())
    assert (file.first, file.last) == (date(2024, 1, 2), date(2024, 1, 3))


def test_a_quoted_field_may_hold_separators_quotes_and_line_ends(tmp_path: Path) -> None:
    content = b'ticker,name,sector\nA,"Alpha, ""The"" Inc",X\nB,"Two\nlines",Y\nC,G,Z\n'
    file = parsed(tmp_path / "names.csv", content)
    names = file.frames["security"].select("ticker", "name", "sector").rows()
    assert names == [("A", 'Alpha, "The" Inc', "X"), ("B", "Two lines", "Y"), ("C", "G", "Z")]
    assert file.refused == ()


def test_names_in_utf_8_are_kept(tmp_path: Path) -> None:
    file = parsed(tmp_path / "names.csv", "ticker,name\nA,Société Générale 株\n".encode())
    assert file.frames["security"]["name"].to_list() == ["Société Générale 株"]


# -- text that is not


def test_a_row_cut_short_is_refused_and_not_filled_up(csv: Path) -> None:
    file = parsed(csv, b"date,ticker,close,volume\n2024-01-02,A,10,5\n2024-01-02,B,20\n2024-01-03,A,1")
    assert taken(file) == [("A", 10.0)]
    assert reasons(file) == {"not as many fields as the first line": 2}
    assert file.refused[0].examples[0] == "row 3: 2024-01-02, B, 20, "


def test_an_unquoted_thousands_separator_is_refused_and_not_cut(csv: Path) -> None:
    file = parsed(csv, b"date,ticker,close\n2024-01-02,A,1,234.5\n2024-01-02,B,20\n")
    assert taken(file) == [("B", 20.0)]
    assert reasons(file) == {"not as many fields as the first line": 1}


def test_one_row_too_short_and_one_too_long_do_not_cancel_out(csv: Path) -> None:
    file = parsed(csv, b"date,ticker,close\n2024-01-02,A,1,234.5\n2024-01-02,B\n2024-01-02,C,3\n")
    assert taken(file) == [("C", 3.0)]
    assert file.rows_read == 3


def test_a_quoted_thousands_separator_is_refused(csv: Path) -> None:
    file = parsed(csv, HEADER + b'2024-01-02,A,"1,234.5"\n')
    assert reasons(file) == {"close is not a number": 1}


def test_rows_are_numbered_as_lines_also_after_empty_ones(csv: Path) -> None:
    file = parsed(csv, b"\n" + HEADER + b"\n2024-01-02,A,10\n2024-01-03,B,x\n")
    assert file.refused[0].examples == ("row 5: 2024-01-03, B, x",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\r\n \n", "empty"),
        (HEADER, "no rows"),
        (HEADER + b"\n\n", "no rows"),
        (PRICES.decode().encode("utf-16"), "neither text in UTF-8 nor Parquet"),
        (PRICES + b"\0\0\0", "neither text in UTF-8 nor Parquet"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither text in UTF-8 nor Parquet"),
        (HEADER + b'2024-01-02,"A,10\n2024-01-02,B,20\n', "quotes do not pair"),
        (HEADER + b'2024-01-02,A"x,10\n2024-01-02,"B,20\n', "quotes do not pair"),
        (b"<html><body>not found</body></html>\n", "fit no kind of file"),
        (b"PAR1" + b"junk" * 20 + b"PAR1", "cannot be read as Parquet"),
        (b"PAR1", "cannot be read as Parquet"),
        (gzip.compress(PRICES)[:-9], "not a whole gzip file"),
        (gzip.compress(PRICES)[:20] + b"xxxx" + gzip.compress(PRICES)[24:], "not a whole gzip file"),
        (b"date;ticker,close\n2024-01-02;A,10\n", "fit no kind of file"),
        (PRICES.replace(b"\n", b"\r"), "first line cannot be read"),
        (b"x" * 200_000, "first line is over 65,536 bytes"),
        (b"date,ticker,close," + b"x" * 200_000 + b"\n2024-01-02,A,10,\n", "first line is over 65,536 bytes"),
    ],
    ids=range(18),
)
def test_a_broken_file_ends_in_one_clear_error(csv: Path, content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        parsed(csv, content)
    assert str(csv) in caught.value.message
    assert caught.value.hint


def test_a_link_that_leads_nowhere_is_an_error(csv: Path) -> None:
    csv.symlink_to(csv)
    with pytest.raises(DataError):
        in_reading_order([csv])


def test_a_file_with_nothing_good_in_it_is_a_report_and_not_an_error(csv: Path) -> None:
    file = parsed(csv, HEADER + b"x,y,z\n")
    assert (file.frames, file.rows_read, file.first, file.last) == ({}, 1, None, None)
    assert reasons(file) == {"unreadable date": 1}


# -- Parquet


def parquet(path: Path, frame: pl.DataFrame) -> ParsedFile:
    frame.write_parquet(path)
    return read_file(in_reading_order([path])[0])


@pytest.mark.parametrize(
    "dates",
    [
        pl.Series([date(2024, 1, 2), date(2024, 1, 2), date(2024, 1, 3)]),
        pl.Series([datetime(2024, 1, 2), datetime(2024, 1, 2, 23), datetime(2024, 1, 3, 1)]),
        pl.Series(
            [datetime(2024, 1, 3, 2, tzinfo=UTC)] * 2 + [datetime(2024, 1, 4, 2, tzinfo=UTC)]
        ).dt.convert_time_zone("America/New_York"),
        pl.Series(["2024-01-02", "2024-01-02", "2024-01-03"]),
        pl.Series(["2024-01-02", "2024-01-02", "2024-01-03"], dtype=pl.Categorical),
        pl.Series([20240102, 20240102, 20240103]),
    ],
    ids=["date", "datetime", "zoned", "text", "categories", "number"],
)
def test_the_types_of_parquet_read_the_same(tmp_path: Path, dates: pl.Series) -> None:
    frame = pl.DataFrame(
        {"Date": dates, "ticker": pl.Series(["A", "B", "A"], dtype=pl.Categorical), "close": [10, 20, 11]}
    )
    file = parquet(tmp_path / "p[1]*.parquet", frame)
    assert taken(file) == ROWS
    assert file.frames["price"]["session"].to_list() == [date(2024, 1, 2), date(2024, 1, 2), date(2024, 1, 3)]


def test_parquet_is_known_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    frame = pl.DataFrame({"date": [date(2024, 1, 2)], "ticker": ["A"], "close": [10.0]})
    assert taken(parquet(tmp_path / "prices.csv", frame)) == [("A", 10.0)]


@pytest.mark.parametrize("close", [[[1.0]], [b"1"], [{"a": 1}]])
def test_a_parquet_column_of_another_nature_is_an_error(tmp_path: Path, close: list[object]) -> None:
    frame = pl.DataFrame({"date": [date(2024, 1, 2)], "ticker": ["A"], "close": close})
    with pytest.raises(DataError, match="column close holds"):
        parquet(tmp_path / "x.parquet", frame)


@pytest.mark.parametrize("close", [[date(2024, 1, 2)], [True]])
def test_dates_and_truths_are_not_numbers(tmp_path: Path, close: list[object]) -> None:
    frame = pl.DataFrame({"date": [date(2024, 1, 2)], "ticker": ["A"], "close": close})
    assert reasons(parquet(tmp_path / "x.parquet", frame)) == {"close is not a number": 1}


def test_a_parquet_file_without_rows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rows"):
        parquet(tmp_path / "x.parquet", pl.DataFrame({"date": [], "ticker": [], "close": []}))


def test_a_parquet_date_beyond_every_calendar_is_refused(tmp_path: Path) -> None:
    far = pl.DataFrame({"date": pl.Series([2_000_000_000], dtype=pl.Int32).cast(pl.Date), "ticker": "A", "close": 1.0})
    assert reasons(parquet(tmp_path / "x.parquet", far)) == {"unreadable date": 1}
