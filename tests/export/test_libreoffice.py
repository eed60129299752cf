"""The workbook as a spreadsheet program opens, calculates and prints it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.domain.sheets import SHEETS
from engine.export.content import WorkbookContent
from engine.export.workbook import write_workbook
from engine.facade import open_engine
from engine.settings import Settings
from tests.export.office import Sheet, converted, errors, number, program, recalculated
from tests.real_market import market_folder
from tests.unit.export_content import composition, content, performance

SESSIONS = 40


def with_benchmark(count: int = SESSIONS) -> WorkbookContent:
    closes = tuple(100.0 + place for place in range(count))
    return replace(content(count), performance=replace(performance(count), benchmarks={"^SPX": closes}))


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheet]:
    program()
    folder = tmp_path_factory.mktemp("office")
    (folder / "made").mkdir()
    return recalculated(write_workbook(folder / "index.xlsx", with_benchmark()), folder / "made")


def numbers(sheet: Sheet, key: str) -> list[float | None]:
    return [number(row[key]) for row in sheet]


def test_every_sheet_opens_and_no_cell_is_an_error(sheets: dict[str, Sheet]) -> None:
    assert list(sheets) == sorted(SHEETS)
    assert errors(sheets) == []


def test_the_check_agrees_everywhere_when_libreoffice_calculates_it(sheets: dict[str, Sheet]) -> None:
    table = sheets["index_performance"]
    assert [row["agrees"] for row in table] == ["TRUE"] * SESSIONS
    for series in ("pr", "tr"):
        assert numbers(table, f"check_level_{series}") == pytest.approx(numbers(table, f"level_{series}"), rel=1e-12)
    notes = {row["market"]: row["period"] for row in sheets["summary_metrics"]}
    assert notes["Check"] == "all levels agree"


def test_a_wrong_level_is_found_out_when_libreoffice_calculates(tmp_path: Path) -> None:
    program()
    view = performance(5)
    wrong = (*view.level_pr[:2], view.level_pr[2] * 1.001, *view.level_pr[3:])
    given = replace(content(5), performance=replace(view, level_pr=wrong))
    path = write_workbook(tmp_path / "index.xlsx", given, sheets=["summary_metrics", "index_performance"])
    (tmp_path / "made").mkdir()
    found = recalculated(path, tmp_path / "made")
    assert [row["agrees"] for row in found["index_performance"]] == ["TRUE", "TRUE", "FALSE", "TRUE", "TRUE"]
    assert {row["market"]: row["period"] for row in found["summary_metrics"]}["Check"] == "SOME LEVELS DISAGREE"


def test_the_numbers_that_come_back_are_those_of_the_views(sheets: dict[str, Sheet]) -> None:
    view, table = performance(SESSIONS), sheets["index_performance"]
    assert [row["session"] for row in table] == [day.isoformat() for day in view.sessions]
    for key in ("level_pr", "level_tr", "return_pr", "return_tr", "members", "priced", "turnover"):
        assert numbers(table, key) == [
            None if value is None else pytest.approx(value, rel=1e-12, abs=1e-15) for value in getattr(view, key)
        ]
    members = sheets["daily_composition"]
    expected = list(composition(view.sessions, 8))
    assert [row["ticker"] for row in members] == [row[2] for row in expected]
    assert numbers(members, "market_cap_usd") == pytest.approx([row[5] for row in expected])
    assert numbers(members, "weight") == pytest.approx([row[6] for row in expected])


def test_a_benchmark_begins_at_the_level_and_grows_by_its_own_returns(sheets: dict[str, Sheet]) -> None:
    rebased = numbers(sheets["index_performance"], "^SPX")
    assert rebased[0] == pytest.approx(1000)
    # 100 to 139: a gain of 39 %.
    assert rebased[-1] == pytest.approx(1390)


def test_sector_weights_sum_to_one(sheets: dict[str, Sheet]) -> None:
    assert numbers(sheets["sector_weights"], "total") == pytest.approx([1, 1])


def test_what_begins_like_a_formula_is_still_a_text(sheets: dict[str, Sheet]) -> None:
    names = {row["name"] for row in sheets["daily_composition"]}
    assert {'=HYPERLINK("http://x")', "@SUM(A1)"} <= names
    assert "=Tech" in sheets["sector_weights"][0]


def test_libreoffice_takes_the_charts_for_charts(tmp_path: Path) -> None:
    given = write_workbook(tmp_path / "index.xlsx", with_benchmark(), sheets=["index_performance", "sector_weights"])
    (again,) = converted(given, "xlsx:Calc MS Excel 2007 XML", tmp_path / "again")
    with ZipFile(again) as archive:
        assert len([name for name in archive.namelist() if name.startswith("xl/charts/chart")]) == 4


def test_it_prints_although_a_formula_is_first_calculated_on_the_way(tmp_path: Path) -> None:
    sheets = ["index_performance", "drawdowns", "provenance"]
    given = write_workbook(tmp_path / "index.xlsx", with_benchmark(41), sheets=sheets)
    (printed,) = converted(given, "pdf", tmp_path / "printed")
    assert printed.read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_the_workbook_of_a_real_market_gives_back_its_numbers(tmp_path: Path) -> None:
    program()
    folder = market_folder()
    engine = open_engine(Settings(data_dir=tmp_path / "store"))
    engine.import_files([folder])
    engine.build()
    (tmp_path / "made").mkdir()
    found = recalculated(engine.export(tmp_path / "real.xlsx"), tmp_path / "made")
    assert list(found) == sorted(SHEETS)
    assert errors(found) == []
    view, table = engine.performance(), found["index_performance"]
    assert {row["agrees"] for row in table} == {"TRUE"}
    for key in ("level_pr", "level_tr"):
        assert numbers(table, key) == pytest.approx(list(getattr(view, key)), rel=1e-12)
    last = [row for row in found["daily_composition"] if row["session"] == view.sessions[-1].isoformat()]
    shown = engine.composition().rows
    assert [row["ticker"] for row in last] == [row.ticker for row in shown]
    assert numbers(last, "weight") == pytest.approx([row.weight for row in shown], rel=1e-12)
    assert all(total == pytest.approx(1) for total in numbers(found["sector_weights"], "total"))
