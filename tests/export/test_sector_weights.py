"""The weights of the sectors at the ends of months."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from engine.exporter import month_ends
from engine.facade import Engine, open_engine
from engine.settings import Settings

SHEET = "sector_weights"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Two companies of two sectors, four sessions in two months; C, of no known sector, overtakes B on the last."""
    folder = tmp_path_factory.mktemp("sectors")
    days = ("2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02")
    caps = {"A": (9, 9, 9, 9), "B": (8, 8, 8, 8), "C": (7, 7, 7, 8.5)}
    prices = [f"{day},{ticker},10" for day in days for ticker in caps]
    sizes = [f"{day},{name},{cap[place] * 1e9}" for name, cap in caps.items() for place, day in enumerate(days)]
    (folder / "prices.csv").write_text("\n".join(["date,ticker,close", *prices]))
    (folder / "market_caps.csv").write_text("\n".join(["date,ticker,market_cap", *sizes]))
    (folder / "securities.csv").write_text("ticker,name,sector\nA,Alpha,Energy\nB,Beta,Technology\nC,Gamma,\n")
    made = open_engine(Settings(data_dir=folder / "store", index_size=2))
    made.import_files([folder / name for name in ("prices.csv", "market_caps.csv", "securities.csv")])
    made.build()
    return made


def test_each_month_has_its_last_session_with_weights_that_sum_to_one(engine: Engine, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(engine.export(tmp_path / "index.xlsx", sheets=[SHEET]))
    head, january, february = ([cell.value for cell in row] for row in book[SHEET].iter_rows())
    # Those of the last month by weight and name, then those that have gone since; the total is their sum.
    assert head == ["session", "Energy", "Unknown", "Technology", "total"]
    assert (january[0].date(), january[1:]) == (date(2024, 1, 31), [0.5, 0, 0.5, 1])
    assert (february[0].date(), february[1:]) == (date(2024, 2, 2), [0.5, 0.5, 0, 1])
    assert book[SHEET]["B2"].number_format == "0.00%"


def test_a_file_for_programs_has_a_row_for_each_sector_in_columns_that_stay(engine: Engine, tmp_path: Path) -> None:
    with engine.export(tmp_path / "sectors.csv", sheets=[SHEET]).open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["session", "sector", "weight", "members"],
            ["2024-01-31", "Energy", "0.5", "1"],
            ["2024-01-31", "Technology", "0.5", "1"],
            ["2024-02-02", "Energy", "0.5", "1"],
            ["2024-02-02", "Unknown", "0.5", "1"],
        ]


def test_a_range_within_a_month_ends_with_its_own_last_session(engine: Engine, tmp_path: Path) -> None:
    path = engine.export(tmp_path / "one.jsonl", sheets=[SHEET], end=date(2024, 1, 30))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == {"session": "2024-01-30", "sector": "Energy", "weight": 0.5, "members": 1}
    assert len(rows) == 2


def test_months_of_other_years_are_other_months() -> None:
    days = (date(2023, 1, 30), date(2024, 1, 2), date(2024, 1, 3), date(2024, 2, 1))
    assert month_ends(days) == [date(2023, 1, 30), date(2024, 1, 3), date(2024, 2, 1)]
    assert month_ends(()) == []
