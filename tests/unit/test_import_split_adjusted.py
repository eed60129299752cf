"""From split-adjusted to as-traded, with the arithmetic written out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from engine.frames.convert import to_as_traded
from engine.frames.schemas import DIVIDEND, PRICE, SPLIT
from engine.providers.files import FileImport

D1, D2, D3, D4 = (date(2024, 1, day) for day in (2, 3, 4, 5))


def splits(*rows: tuple[date, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SPLIT.columns, orient="row")


def closes(frame: pl.DataFrame, ticker: str = "A") -> list[float]:
    return frame.filter(pl.col("ticker") == ticker)["close"].to_list()


def prices(*rows: tuple[date, str, float, float]) -> pl.DataFrame:
    full = [(day, ticker, close - 1, close + 1, close - 2, close, volume) for day, ticker, close, volume in rows]
    return pl.DataFrame(full, schema=PRICE.columns, orient="row")


def test_values_before_a_split_are_multiplied_and_volumes_divided() -> None:
    # 4 for 1 at the open of D3: 30 adjusted on D2 was 120, and 8,000 adjusted shares were 2,000.
    frame = prices((D1, "A", 25.0, 4000.0), (D2, "A", 30.0, 8000.0), (D3, "A", 31.0, 900.0), (D4, "A", 32.0, 800.0))
    assert to_as_traded(frame, splits((D3, "A", 4.0)), D4).rows() == [
        (D1, "A", 96.0, 104.0, 92.0, 100.0, 1000.0),
        (D2, "A", 116.0, 124.0, 112.0, 120.0, 2000.0),
        (D3, "A", 30.0, 32.0, 29.0, 31.0, 900.0),
        (D4, "A", 31.0, 33.0, 30.0, 32.0, 800.0),
    ]


def test_splits_multiply_and_a_reverse_split_divides() -> None:
    # 2 for 1 on D2 and 1 for 10 on D4: before D2 the product is 0.2, from D2 to D3 it is 0.1.
    frame = prices((D1, "A", 50.0, 1.0), (D2, "A", 50.0, 1.0), (D3, "A", 50.0, 1.0), (D4, "A", 50.0, 1.0))
    assert closes(to_as_traded(frame, splits((D2, "A", 2.0), (D4, "A", 0.1)), D4)) == [10.0, 5.0, 5.0, 50.0]


def test_a_split_of_another_stock_or_after_the_basis_changes_nothing() -> None:
    frame = prices((D1, "A", 50.0, 1.0), (D2, "A", 50.0, 1.0))
    assert to_as_traded(frame, splits((D2, "B", 2.0), (D3, "A", 3.0)), D2).equals(frame)


def test_no_splits_leave_prices_as_they_are() -> None:
    frame = prices((D1, "A", 50.0, 1.0))
    assert to_as_traded(frame, splits(), D1).equals(frame)


def test_dividends_are_converted_likewise() -> None:
    # 0.10 adjusted before a 4 for 1 was 0.40; on the day of the split it is already per new share.
    frame = pl.DataFrame([(D1, "A", 0.1), (D2, "A", 0.2)], schema=DIVIDEND.columns, orient="row")
    assert to_as_traded(frame, splits((D2, "A", 4.0)), D2)["amount"].to_list() == [0.4, 0.2]


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def imported(folder: Path, table: str = "price", **options: object) -> pl.DataFrame:
    batches = FileImport([folder], prices="split-adjusted", **options).batches()  # type: ignore[arg-type]
    return pl.concat([batch.frames[table] for batch in batches if table in batch.frames])


def test_a_file_is_converted_by_its_own_splits_and_its_dividends_with_it(tmp_path: Path) -> None:
    rows = "2024-01-02,A,10,0.5,0\n2024-01-03,A,11,,2\n"
    write(tmp_path / "prices.csv", "date,ticker,close,dividend,split\n" + rows)
    assert closes(imported(tmp_path)) == [20.0, 11.0]
    assert imported(tmp_path, "dividend")["amount"].to_list() == [1.0]
    assert imported(tmp_path, "split")["ratio"].to_list() == [2.0]


def test_splits_of_other_files_and_of_the_store_convert_too(tmp_path: Path) -> None:
    write(
        tmp_path / "a.csv",
        "date,ticker,close\n2024-01-02,A,10\n2024-01-04,A,11\n2024-01-04,B,7\n2024-01-02,B,6\n",
    )
    write(tmp_path / "z_actions.csv", "date,ticker,split\n2024-01-03,A,3\n")
    stored = splits((D3, "B", 5.0))
    assert closes(imported(tmp_path, splits=stored)) == [30.0, 11.0]
    assert closes(imported(tmp_path, splits=stored), "B") == [30.0, 7.0]


def test_a_split_of_a_file_outranks_the_stored_one(tmp_path: Path) -> None:
    write(tmp_path / "prices.csv", "date,ticker,close,split\n2024-01-02,A,10,\n2024-01-03,A,11,2\n")
    assert closes(imported(tmp_path, splits=splits((D2, "A", 7.0)))) == [20.0, 11.0]


def test_the_last_date_of_a_file_is_its_basis(tmp_path: Path) -> None:
    write(tmp_path / "prices.csv", "date,ticker,close\n2024-01-02,A,10\n2024-01-03,A,11\n")
    assert closes(imported(tmp_path, splits=splits((D3, "A", 2.0)))) == [10.0, 11.0]


def test_dividends_of_an_actions_file_are_as_traded_always(tmp_path: Path) -> None:
    write(tmp_path / "actions.csv", "date,ticker,dividend,split\n2024-01-02,A,0.5,\n2024-01-03,A,,2\n")
    assert imported(tmp_path, "dividend")["amount"].to_list() == [0.5]
