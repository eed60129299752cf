"""One table in a file for programs."""

from __future__ import annotations

import csv
import json
import math
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from engine.domain.fields import COMPOSITION_FIELDS, PERFORMANCE_FIELDS, Field, Unit
from engine.errors import SettingsError
from engine.events import Progress
from engine.export.delimited import WRITERS, write_table
from engine.export.files import write_file
from engine.export.parquet import ROWS_A_GROUP
from engine.export.sheets import SHEETS
from tests.unit.export_content import NAMES, content, performance

FIELDS = (
    Field("session", "Session", Unit.DATE),
    Field("name", "Company", Unit.TEXT),
    Field("weight", "Weight", Unit.FRACTION),
    Field("rank", "Rank", Unit.COUNT, 0),
)
ROWS = (
    (date(2024, 1, 2), 'Foo, "Inc"\nÅ', 0.1 + 0.2, 1),
    (date(2024, 1, 3), "=1+1", 1e-300, None),
    (None, None, math.nan, 3),
)


def test_csv_carries_full_precision_iso_dates_and_empty_fields(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.csv", FIELDS, ROWS)
    assert (
        path.read_bytes()
        == (
            "session,name,weight,rank\n"
            '2024-01-02,"Foo, ""Inc""\nÅ",0.30000000000000004,1\n'
            "2024-01-03,'=1+1,1e-300,\n"
            ",,,3\n"
        ).encode()
    )


def test_json_is_one_object_of_metadata_and_rows(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.json", FIELDS, ROWS, metadata={"from": date(2024, 1, 2), "rows": 3})
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "metadata": {"from": "2024-01-02", "rows": 3},
        "rows": [
            {"session": "2024-01-02", "name": 'Foo, "Inc"\nÅ', "weight": 0.1 + 0.2, "rank": 1},
            {"session": "2024-01-03", "name": "=1+1", "weight": 1e-300, "rank": None},
            {"session": None, "name": None, "weight": None, "rank": 3},
        ],
    }


def test_json_lines_are_the_rows_alone_one_object_a_line(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.jsonl", FIELDS, ROWS, metadata={"rows": 3})
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"session": "2024-01-02", "name": 'Foo, "Inc"\nÅ', "weight": 0.1 + 0.2, "rank": 1},
        {"session": "2024-01-03", "name": "=1+1", "weight": 1e-300, "rank": None},
        {"session": None, "name": None, "weight": None, "rank": 3},
    ]


def test_parquet_has_the_types_of_the_units_and_the_metadata(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.parquet", FIELDS, ROWS, metadata={"rows": 3})
    frame = pl.read_parquet(path)
    assert dict(frame.schema) == {
        "session": pl.Date,
        "name": pl.String,
        "weight": pl.Float64,
        "rank": pl.Int64,
    }
    assert frame.rows() == [ROWS[0], ROWS[1], (None, None, None, 3)]
    assert pl.read_parquet_metadata(path)["rows"] == "3"


def test_parquet_of_many_row_groups_keeps_every_row_in_order(tmp_path: Path) -> None:
    count = 2 * ROWS_A_GROUP + 7
    rows = ((None, None, number / 3, number) for number in range(count))
    frame = pl.read_parquet(write_table(tmp_path / "t.parquet", FIELDS, rows))
    assert frame["rank"].to_list() == list(range(count))
    assert frame["weight"].to_list() == [number / 3 for number in range(count)]


def test_a_fault_in_the_rows_of_a_parquet_file_comes_out_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is shorter than"):
        write_table(tmp_path / "t.parquet", FIELDS, [(None, None, 1.0, 1, "one too many")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", list(WRITERS))
def test_a_table_without_rows_still_has_its_columns(tmp_path: Path, suffix: str) -> None:
    path = write_table(tmp_path / f"t{suffix}", FIELDS, ())
    if suffix == ".parquet":
        assert pl.read_parquet(path).columns == [field.key for field in FIELDS]
    else:
        empty = {".csv": "session,name,weight,rank\n", ".json": '{"metadata": {},\n"rows": [\n]}\n', ".jsonl": ""}
        assert path.read_text() == empty[suffix]


def test_a_double_that_goes_into_csv_comes_out_as_the_same_double(tmp_path: Path) -> None:
    path = write_file(tmp_path / "index.csv", content(50))
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [field.key for field in PERFORMANCE_FIELDS]
    assert tuple(float(row["level_tr"]) for row in rows) == performance(50).level_tr
    assert rows[0]["return_pr"] == rows[0]["turnover"] == ""


def test_the_table_of_a_single_file_is_chosen_by_the_name_of_its_sheet(tmp_path: Path) -> None:
    path = write_file(tmp_path / "members.json", content(), sheets=["daily_composition"])
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["metadata"]["table"] == "daily_composition"
    assert found["metadata"]["market"] == "import"
    assert found["metadata"]["data version"] == 7
    assert list(found["rows"][0]) == [field.key for field in COMPOSITION_FIELDS]
    assert {row["name"] for row in found["rows"]} == set(NAMES)


def test_a_synthetic_market_is_marked_in_the_metadata(tmp_path: Path) -> None:
    path = write_file(tmp_path / "index.json", content(synthetic=True))
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["market"] == "SYNTHETIC MARKET"


@pytest.mark.parametrize("suffix", list(WRITERS))
@pytest.mark.parametrize("sheet", list(SHEETS))
def test_every_sheet_can_be_a_file_of_its_own_with_the_same_bytes_each_time(
    tmp_path: Path, sheet: str, suffix: str
) -> None:
    first, second = (write_file(tmp_path / f"{name}{suffix}", content(), sheets=[sheet]) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    if suffix == ".csv":
        fields = SHEETS[sheet].table(content()).fields
        assert first.read_text(encoding="utf-8").splitlines()[0] == ",".join(field.key for field in fields)


def test_progress_is_told_every_two_thousand_rows(tmp_path: Path) -> None:
    seen: list[Progress] = []
    write_file(tmp_path / "m.csv", content(600), sheets=["daily_composition"], events=seen.append)
    assert [(step.done, step.total) for step in seen] == [(2000, 4800), (4000, 4800), (4800, 4800)]


def test_a_suffix_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"table to t\.xlsx"):
        write_table(tmp_path / "t.xlsx", FIELDS, ROWS)
    assert list(tmp_path.iterdir()) == []
