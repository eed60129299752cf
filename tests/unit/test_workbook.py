"""The workbook as a reader finds it."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.domain.fields import (
    CHANGE_FIELDS,
    COMPOSITION_FIELDS,
    CONTRIBUTION_FIELDS,
    DAY_FIELDS,
    DRAWDOWN_FIELDS,
    FINDING_FIELDS,
    MONTH_FIELDS,
    PERFORMANCE_FIELDS,
    SECTOR_FIELDS,
    Field,
    Unit,
)
from engine.errors import ExportError, SettingsError
from engine.events import Progress
from engine.export.cells import number_format
from engine.export.charts import steps
from engine.export.content import Rows, WorkbookContent
from engine.export.performance import performance_table
from engine.export.sheets import SHEETS
from engine.export.workbook import write_workbook
from tests.unit.export_content import (
    METRIC_FIELDS,
    NAMES,
    RELATIVE_FIELDS,
    composition,
    content,
    performance,
    without_sessions,
)

KEYS = {
    "index_performance": [field.key for field in PERFORMANCE_FIELDS],
    "daily_composition": [field.key for field in COMPOSITION_FIELDS],
    "composition_changes": [field.key for field in CHANGE_FIELDS],
    "contributions": [field.key for field in CONTRIBUTION_FIELDS],
    "sector_contributions": [field.key for field in SECTOR_FIELDS],
    "monthly_returns": [field.key for field in MONTH_FIELDS],
    "drawdowns": [field.key for field in DRAWDOWN_FIELDS],
    "days": [field.key for field in DAY_FIELDS],
    "data_quality": [field.key for field in FINDING_FIELDS],
    "provenance": ["section", "item", "value"],
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Any]:
    def write(given: WorkbookContent | None = None, **options: Any) -> Any:
        return openpyxl.load_workbook(write_workbook(tmp_path / "index.xlsx", given or content(), **options))

    return write


def below(sheet: Any, column: str, rows: int) -> list[Any]:
    return [sheet[f"{column}{row}"].value for row in range(2, rows + 2)]


def column_of(sheet: Any, key: str) -> Any:
    return next(cell.column_letter for cell in sheet[1] if cell.value == key)


def notes(sheet: Any) -> dict[str, Any]:
    """The facts below the metrics, which fill eight rows under the header."""
    return {row[0].value: row[1] for row in sheet.iter_rows(min_row=11) if row[0].value is not None}


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by the keys in its header."""
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_sheets_stand_in_order_with_their_stable_columns(written: Callable[..., Any]) -> None:
    book = written()
    assert book.sheetnames == list(SHEETS)
    assert book.sheetnames == [
        "summary_metrics",
        "index_performance",
        "daily_composition",
        "composition_changes",
        "contributions",
        "sector_contributions",
        "sector_weights",
        "monthly_returns",
        "drawdowns",
        "days",
        "data_quality",
        "provenance",
    ]
    for name, keys in KEYS.items():
        assert [cell.value for cell in book[name][1]][: len(keys)] == keys
    metrics = [*(field.key for field in METRIC_FIELDS), "benchmark", *(field.key for field in RELATIVE_FIELDS)]
    assert [cell.value for cell in book["summary_metrics"][1]][-len(metrics) :] == metrics


@pytest.mark.parametrize("name", list(SHEETS))
def test_every_sheet_has_a_frozen_bold_header_a_filter_over_its_rows_and_wide_enough_columns(
    written: Callable[..., Any], name: str
) -> None:
    sheet = written()[name]
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    expected = {
        "summary_metrics": 9,
        "daily_composition": 49,
        "composition_changes": 3,
        "index_performance": 7,
    }
    assert sheet.auto_filter.ref == f"A1:{sheet[1][-1].column_letter}{expected.get(name, sheet.max_row)}"
    for cell in sheet[1]:
        assert sheet.column_dimensions[cell.column_letter].width > len(cell.value)


def test_cells_are_typed_and_formatted_by_the_unit_of_their_field(written: Callable[..., Any]) -> None:
    sheet = written()["daily_composition"]
    shown = {head.value: (cell.data_type, cell.number_format) for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert shown == {
        "session": ("d", "yyyy-mm-dd"),
        "rank": ("n", "#,##0"),
        "ticker": ("s", "General"),
        "name": ("s", "General"),
        "sector": ("s", "General"),
        "market_cap_usd": ("n", "#,##0"),
        "weight": ("n", "0.00%"),
        "close": ("n", "#,##0.00"),
        "since": ("d", "yyyy-mm-dd"),
    }


def test_every_value_of_the_composition_comes_back_as_it_was(written: Callable[..., Any]) -> None:
    sheet = written()["daily_composition"]
    expected = list(composition(performance().sessions, 8))
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(found) == len(expected) == 48
    for row, values in zip(found, expected, strict=True):
        dates = [value.date() for value in (row[0], row[8])]
        assert dates == [values[0], values[8]]
        assert (row[1], row[2], row[5], row[6], row[7]) == (
            values[1],
            values[2],
            values[5],
            values[6],
            values[7],
        )


def test_a_missing_value_is_an_empty_cell_and_a_number_that_is_none_does_not_break_the_file(
    written: Callable[..., Any],
) -> None:
    rows = [(None, "added", "A", None, 1, math.nan), (None, "added", "B", None, 2, math.inf)]
    sheet = written(replace(content(), changes=Rows(2, rows)))["composition_changes"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [None, "added", "A", None, 1, *[None] * 11],
        [None, "added", "B", None, 2, *[None] * 11],
    ]


def test_a_name_that_begins_like_a_formula_stays_a_text(written: Callable[..., Any]) -> None:
    sheet = written()["daily_composition"]
    found = {cell.value: cell for cell in sheet["D"][1:]}
    assert set(found) == {*NAMES[:-1], "ab"}
    for name, cell in found.items():
        assert cell.data_type == "s"
        assert cell.quotePrefix == (name[0] in "=+-@\t\r")


def test_the_only_formulas_of_the_file_are_the_checks(written: Callable[..., Any]) -> None:
    hostile = tuple(("=1+1",) * 3 for _ in range(3))
    book = written(replace(content(), provenance=(("=1+1", "=1+1"),), changes=Rows(3, hostile)))
    formulas = {
        (sheet.title, cell.column_letter) for sheet in book for row in sheet for cell in row if cell.data_type == "f"
    }
    assert formulas == {
        ("summary_metrics", "B"),
        ("index_performance", "J"),
        ("index_performance", "K"),
        ("index_performance", "L"),
    }


class Text(str):
    """A text in a formula: after every number, and no part of a product."""

    def __ge__(self, other: object) -> bool:
        return isinstance(other, float) or super().__ge__(str(other))

    def __mul__(self, other: object) -> float:  # type: ignore[override]
        return math.nan


FUNCTIONS = {
    "ABS": abs,
    "AND": lambda *each: all(each),
    "IF": lambda test, then, otherwise: then if test else otherwise,
    "ISNUMBER": lambda value: isinstance(value, float),
}


def calculated(sheet: Any, reference: str) -> Any:
    """The value of a cell by its formula alone, as a spreadsheet program finds it."""
    value = sheet[reference].value
    if isinstance(value, datetime):
        return float(value.toordinal())
    if not isinstance(value, str):
        return float(value or 0)
    if not value.startswith("="):
        return Text(value)
    text = re.sub(r"\b([A-Z])(\d+)\b", r'cell("\1\2")', value[1:])
    return eval(text, {"__builtins__": {}}, {**FUNCTIONS, "cell": lambda other: calculated(sheet, other)})


def test_the_check_columns_rebuild_the_levels_from_the_returns_by_formulas(
    written: Callable[..., Any],
) -> None:
    sheet = written()["index_performance"]
    price, total, agrees = (column_of(sheet, key) for key in ("check_level_pr", "check_level_tr", "agrees"))
    assert below(sheet, price, 2) == [f"=IF(ISNUMBER(J{row - 1}),J{row - 1}*(1+D{row}),B{row})" for row in (2, 3)]
    assert below(sheet, total, 1) == ["=IF(ISNUMBER(K1),K1*(1+E2),C2)"]
    for row in range(2, 8):
        assert calculated(sheet, f"{price}{row}") == pytest.approx(sheet[f"B{row}"].value, rel=1e-12)
        assert calculated(sheet, f"{total}{row}") == pytest.approx(sheet[f"C{row}"].value, rel=1e-12)
        assert calculated(sheet, f"{agrees}{row}") is True


def test_a_level_that_does_not_follow_from_its_return_is_found_out(tmp_path: Path, written: Callable[..., Any]) -> None:
    view = performance()
    wrong = (*view.level_tr[:3], view.level_tr[3] * (1 + 1e-6), *view.level_tr[4:])
    book = written(replace(content(), performance=replace(view, level_tr=wrong)))
    assert [calculated(book["index_performance"], f"L{row}") for row in range(2, 8)] == [True] * 3 + [False] + [
        True
    ] * 2
    stored = openpyxl.load_workbook(tmp_path / "index.xlsx", data_only=True)
    assert below(stored["index_performance"], "L", 6) == [True] * 3 + [False] + [True] * 2
    assert notes(stored["summary_metrics"])["Check"].value == "SOME LEVELS DISAGREE"


def test_one_cell_of_the_summary_says_whether_all_levels_agree(tmp_path: Path, written: Callable[..., Any]) -> None:
    cell = notes(written()["summary_metrics"])["Check"]
    assert cell.value == (
        "=IF(COUNTIF(index_performance!$L$2:$L$7,TRUE)=ROWS(index_performance!$L$2:$L$7),"
        '"all levels agree",IF(COUNTIF(index_performance!$L$2:$L$7,"sort by session")>0,'
        '"sort index_performance by session to check","SOME LEVELS DISAGREE"))'
    )
    stored = openpyxl.load_workbook(tmp_path / "index.xlsx", data_only=True)
    assert notes(stored["summary_metrics"])["Check"].value == "all levels agree"


def test_formulas_carry_their_values_for_readers_that_do_not_calculate(
    tmp_path: Path, written: Callable[..., Any]
) -> None:
    written()
    sheet = openpyxl.load_workbook(tmp_path / "index.xlsx", data_only=True)["index_performance"]
    assert below(sheet, "J", 6) == pytest.approx(list(performance().level_pr), rel=1e-12)
    assert below(sheet, "L", 6) == [True] * 6


def test_the_drawdown_is_the_level_against_its_highest_so_far(written: Callable[..., Any]) -> None:
    view = performance(4)
    falling = replace(view, level_pr=(1000.0, 1100.0, 990.0, 1210.0))
    sheet = written(replace(content(4), performance=falling))["index_performance"]
    assert below(sheet, "I", 4) == pytest.approx([0, 0, -0.1, 0])
    assert sheet["I4"].number_format == "0.00%"


def parts(path: Path, folder: str) -> list[str]:
    """The XML of a folder of the file, in the order of the numbers."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith(folder) and name.endswith(".xml")]
        return [
            archive.read(name).decode().replace(" />", "/>")
            for name in sorted(names, key=lambda name: (len(name), name))
        ]


def test_the_performance_sheet_has_native_charts_of_level_drawdown_and_turnover(
    tmp_path: Path, written: Callable[..., Any]
) -> None:
    written(content(30), sheets=["index_performance"])
    level, drawdown, turnover = parts(tmp_path / "index.xlsx", "xl/charts/")
    for chart in (level, drawdown, turnover):
        assert "<lineChart>" in chart
        assert "<f>'index_performance'!$A$2:$A$31</f>" in chart
        assert '<delete val="1"/>' not in chart
    assert "'index_performance'!$B$2:$B$31" in level
    assert "'index_performance'!$C$2:$C$31" in level
    assert "'index_performance'!$I$2:$I$31" in drawdown
    assert "'index_performance'!$M$2:$M$31" in turnover
    assert "sum of 21 sessions" in turnover


def test_a_range_too_short_for_the_sum_of_turnover_has_no_chart_of_it(
    tmp_path: Path, written: Callable[..., Any]
) -> None:
    # The first session has no turnover: 20 of 21 sessions have one.
    written(content(21), sheets=["index_performance"])
    assert len(parts(tmp_path / "index.xlsx", "xl/charts/")) == 2


def test_the_turnover_beside_the_levels_is_the_sum_of_21_sessions(written: Callable[..., Any]) -> None:
    view = performance(24)
    traded = (None, *(n / 1000 for n in range(1, 24)))
    sheet = written(replace(content(24), performance=replace(view, turnover=traded)))["index_performance"]
    assert [cell.value for cell in sheet[1]][-1] == "turnover_21"
    # 1 + 2 + ... + 21 = 231; then 252 and 273.
    assert below(sheet, "M", 24) == [*[None] * 21, *map(pytest.approx, (0.231, 0.252, 0.273))]


def test_benchmarks_stand_last_at_the_level_of_the_first_session_that_has_them(
    tmp_path: Path, written: Callable[..., Any]
) -> None:
    view = performance(4)
    closes: dict[str, tuple[float | None, ...]] = {
        "^SPX": (50.0, 55.0, None, 60.0),
        "=LATE": (None, 20.0, 10.0, 40.0),
        "NONE": (None,) * 4,
    }
    sheet = written(replace(content(4), performance=replace(view, benchmarks=closes)))["index_performance"]
    assert [cell.value for cell in sheet[1]][-3:] == ["turnover_21", "^SPX", "=LATE"]
    assert sheet["O1"].data_type == "s"
    # 1,000 x 55 / 50 = 1,100 and 1,000 x 60 / 50 = 1,200.
    assert below(sheet, "N", 4) == [1000.0, pytest.approx(1100), None, pytest.approx(1200)]
    level = view.level_pr[1]
    assert below(sheet, "O", 4) == [None, level, pytest.approx(level / 2), pytest.approx(level * 2)]
    chart, *_ = parts(tmp_path / "index.xlsx", "xl/charts/")
    assert "'index_performance'!$N$2:$N$5" in chart
    assert "'index_performance'!$O$2:$O$5" in chart
    assert "benchmarks, rebased" in chart


def test_rows_that_were_sorted_otherwise_say_so_and_make_no_error(written: Callable[..., Any]) -> None:
    """What a spreadsheet program makes of the sheet when a person sorts it by session, latest first."""
    book = written()
    sheet = book["index_performance"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for place, row in enumerate(reversed(values), start=2):
        for cell, value in zip(sheet[place], row, strict=True):
            # The formulas that move keep pointing at the row above.
            is_formula = isinstance(value, str) and value.startswith("=")
            cell.value = sheet.cell(place, cell.column).value if is_formula else value
    assert [calculated(sheet, f"L{row}") for row in range(2, 8)] == [True] + ["sort by session"] * 5
    assert all(isinstance(calculated(sheet, f"{column}{row}"), float) for column in "JK" for row in range(2, 8))


def test_metrics_stand_by_period_and_series_and_a_short_history_has_an_asterisk(
    written: Callable[..., Any],
) -> None:
    sheet = written()["summary_metrics"]
    assert [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=2, max_row=5)] == [
        ["import", "1M", "PR"],
        ["import", "1M", "TR"],
        ["import", "all", "PR"],
        ["import", "all", "TR"],
    ]
    assert [cell.value for cell in sheet["F"][1:5]] == [True, True, False, False]
    assert (sheet["H2"].value, sheet["H2"].number_format) == (0.1234, "0.00%")
    assert (sheet["I2"].value, sheet["I2"].number_format) == (1.5, '0.00"*"')
    assert sheet["I3"].value is None
    assert "short history" in notes(sheet)["*"].value


def test_metrics_against_a_benchmark_stand_below_with_its_symbol_and_leave_the_other_cells_empty(
    written: Callable[..., Any],
) -> None:
    sheet = written()["summary_metrics"]
    keys = ("period", "series", "observations", "total_return", "benchmark", "beta")
    found = [tuple(row[key] for key in keys) for row in rows_of(sheet)[:8]]
    assert found[:2] == [("1M", "PR", 5, 0.1234, None, None), ("1M", "TR", 5, 0.1334, None, None)]
    assert found[4:] == [
        ("1M", "PR", 4, None, "^SPX", 0.9),
        ("1M", "TR", 4, None, "^SPX", 1.1),
        ("all", "PR", 4, None, "^SPX", 0.9),
        ("all", "TR", 4, None, "^SPX", 1.1),
    ]
    beta = column_of(sheet, "beta")
    assert [sheet[f"{beta}{row}"].number_format for row in (6, 7)] == ['0.00"*"', "0.00"]


def test_a_change_has_what_led_to_it_behind_its_own_columns(written: Callable[..., Any]) -> None:
    sheet = written()["composition_changes"]
    added, removed = rows_of(sheet)
    # 25 B is 1 B above the cut of 24 B: 1 / 24.
    assert (added["market_cap_usd"], added["cut_cap_usd"], added["distance_usd"]) == (2.5e10, 2.4e10, 1e9)
    assert added["distance"] == pytest.approx(1 / 24)
    assert (added["reason"], removed["reason"], removed["distance"]) == ("rank", "no price", None)
    assert sheet[f"{column_of(sheet, 'effect_pr')}2"].number_format == "0.0000%"


def test_the_contributions_of_each_series_sum_to_its_return(written: Callable[..., Any]) -> None:
    book = written()
    for name in ("contributions", "sector_contributions"):
        rows = rows_of(book[name])
        for series in ("PR", "TR"):
            own = [row for row in rows if row["series"] == series]
            assert sum(row["contribution"] for row in own) == pytest.approx(0.025, abs=1e-15)
            # The gap is the contribution less that by cap: 0.025 - 0.034.
            assert sum(row["gap"] for row in own) == pytest.approx(-0.009, abs=1e-15)
    assert book["sector_contributions"]["E2"].number_format == "#,##0.0"


def test_months_and_falls_have_dates_and_percents(written: Callable[..., Any]) -> None:
    book = written()
    year = rows_of(book["monthly_returns"])[0]
    assert (year["series"], year["year"], year["jan"], year["feb"], year["mar"]) == ("PR", "2024", 0.05, -0.02, None)
    assert (year["total"], year["partial"]) == (0.029, True)
    assert book["monthly_returns"]["C2"].number_format == "0.00%"
    fall = rows_of(book["drawdowns"])[1]
    assert (fall["series"], fall["depth"], fall["peak"], fall["recovery"]) == ("TR", -0.02, datetime(2024, 1, 2), None)
    assert (fall["sessions_down"], fall["sessions_back"], fall["days"]) == (2, None, 4)


def test_findings_say_what_to_do(written: Callable[..., Any]) -> None:
    cap, refused = rows_of(written()["data_quality"])
    assert (cap["kind"], cap["severity"], cap["detail"]) == ("quarantined-cap", "high", "=9")
    assert cap["next_step"] == "accept the given cap if it is right"
    assert (refused["first"], refused["sessions"], refused["source"]) == (None, 2, "caps.csv")


def test_levels_after_cost_stand_last_and_only_when_a_cost_is_set(tmp_path: Path, written: Callable[..., Any]) -> None:
    gross = written()["index_performance"]
    assert gross[1][-1].value == "turnover_21"
    view = performance()
    net = replace(view, cost_bps=10, net_pr=tuple(level - 1 for level in view.level_pr), net_tr=view.level_tr)
    (tmp_path / "index.xlsx").unlink()
    sheet = written(replace(content(), performance=net))["index_performance"]
    assert [cell.value for cell in sheet[1]][-3:] == ["turnover_21", "net_pr", "net_tr"]
    assert below(sheet, "N", 6) == [level - 1 for level in view.level_pr]
    table = performance_table(replace(content(), performance=net))
    assert [field.key for field in table.fields][-3:] == ["turnover", "net_pr", "net_tr"]
    with zipfile.ZipFile(tmp_path / "index.xlsx") as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    # The charts stand beside the fifteen columns with one left free: column 16, counted from 0.
    assert re.findall(r"<(?:xdr:)?col>(\d+)</", drawing)[0] == "16"


def test_a_synthetic_market_says_so_on_every_sheet(written: Callable[..., Any]) -> None:
    book = written(content(synthetic=True))
    summary, provenance = book["summary_metrics"], book["provenance"]
    assert [cell.value for cell in summary["A"][1:5]] == ["SYNTHETIC MARKET"] * 4
    assert notes(summary)["Market"].value == "SYNTHETIC MARKET"
    assert summary["A2"].font.color.rgb == "FFC00000"
    assert [cell.value for cell in provenance[2]] == ["export", "market", "SYNTHETIC MARKET"]
    assert "SYNTHETIC MARKET" in book.properties.title
    for sheet in book:
        assert sheet.oddHeader.center.text == "SYNTHETIC MARKET"


def test_a_real_market_is_not_marked_as_synthetic(tmp_path: Path, written: Callable[..., Any]) -> None:
    written()
    with zipfile.ZipFile(tmp_path / "index.xlsx") as archive:
        assert not any(b"SYNTHETIC" in archive.read(name) for name in archive.namelist())


def test_provenance_gives_the_facts_and_the_meaning_and_unit_of_every_column(
    written: Callable[..., Any],
) -> None:
    rows = [tuple(cell.value for cell in row) for row in written()["provenance"].iter_rows(min_row=2)]
    assert rows[:4] == [
        ("export", "market", "import"),
        ("export", "product", "flatcap 0.1.0"),
        ("export", "data version", 7),
        ("export", "FLATCAP_INDEX_SIZE", "3 (default)"),
    ]
    meanings = {(section, item): value for section, item, value in rows[4:]}
    assert meanings["daily_composition", "weight"] == "Target weight from the next session on. [fraction]"
    assert ("index_performance", "agrees") in meanings
    assert ("summary_metrics", "sharpe") in meanings


def test_only_the_chosen_sheets_are_written_and_no_formula_points_at_one_that_is_not(
    written: Callable[..., Any],
) -> None:
    book = written(sheets=["provenance", "summary_metrics"])
    assert book.sheetnames == ["summary_metrics", "provenance"]
    assert "Check" not in notes(book["summary_metrics"])
    sections = {row[0].value for row in book["provenance"].iter_rows(min_row=2)}
    assert sections == {"export", "summary_metrics"}


@pytest.mark.parametrize("sheets", [["holdings"], []])
def test_an_unknown_sheet_is_refused_with_the_names_of_those_there_are(tmp_path: Path, sheets: list[str]) -> None:
    with pytest.raises(SettingsError) as refused:
        write_workbook(tmp_path / "index.xlsx", content(), sheets=sheets)
    assert "index_performance" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


def test_the_same_content_gives_the_same_bytes_without_any_time_of_writing(tmp_path: Path) -> None:
    first, second = (write_workbook(tmp_path / f"{name}.xlsx", content(20)) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = openpyxl.load_workbook(first).properties
    assert properties.created == properties.modified == datetime(2024, 1, 21)


def test_other_content_gives_other_bytes(tmp_path: Path) -> None:
    first = write_workbook(tmp_path / "a.xlsx", content())
    second = write_workbook(tmp_path / "b.xlsx", replace(content(), provenance=(("product", "flatcap 0.1.1"),)))
    assert first.read_bytes() != second.read_bytes()


def test_a_history_without_members_or_changes_still_makes_a_whole_workbook(
    written: Callable[..., Any],
) -> None:
    book = written(without_sessions(content()))
    assert book["daily_composition"].max_row == book["composition_changes"].max_row == 1


def test_progress_is_told_by_the_sheet_and_every_two_thousand_rows(tmp_path: Path) -> None:
    seen: list[Progress] = []
    write_workbook(tmp_path / "index.xlsx", content(600, 8), events=seen.append)
    assert [step for step in seen if step.stage == "write daily_composition"] == [
        Progress("write daily_composition", 2000, 4800, "rows"),
        Progress("write daily_composition", 4000, 4800, "rows"),
        Progress("write daily_composition", 4800, 4800, "rows"),
    ]
    assert {step.stage for step in seen} == {f"write {name}" for name in SHEETS}


def test_a_sheet_that_excel_cannot_hold_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"1,048,576 rows and a worksheet holds 1,048,575") as refused:
        write_workbook(tmp_path / "index.xlsx", replace(content(), composition=Rows(1_048_576, ())))
    assert ".parquet" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("unit", "decimals", "expected"),
    [
        (Unit.FRACTION, 2, "0.00%"),
        (Unit.FRACTION, 0, "0%"),
        (Unit.USD, 0, "#,##0"),
        (Unit.USD, 2, "#,##0.00"),
        (Unit.LEVEL, 2, "#,##0.00"),
        (Unit.RATIO, 3, "0.000"),
        (Unit.COUNT, 0, "#,##0"),
        (Unit.COUNT, 1, "#,##0.0"),
        (Unit.DATE, 2, "yyyy-mm-dd"),
        (Unit.TEXT, 2, "General"),
        (Unit.TRUTH, 2, '"TRUE";"TRUE";"FALSE"'),
    ],
)
def test_each_unit_has_its_number_format(unit: Unit, decimals: int, expected: str) -> None:
    assert number_format(Field("x", "X", unit, decimals)) == expected


@pytest.mark.parametrize(
    ("lowest", "highest", "start", "step"),
    [
        (934, 2251, 800, 200),
        (1000, 1010, 1000, 2),
        (0.056, 0.06, 0.056, 0.001),
        (-3, 4, -3, 1),
        (7, 7, 7, 1),
        (0, 0, 0, 1),
    ],
)
def test_the_axis_of_levels_has_steps_of_a_round_length(
    lowest: float, highest: float, start: float, step: float
) -> None:
    assert steps(lowest, highest) == pytest.approx((start, step))


def test_what_excel_would_read_as_the_code_of_a_character_stays_as_it_is(
    tmp_path: Path,
) -> None:
    names = ("_x0041_", "a_x000D_b", "_x005F_", "_X0041_", "_x41_")
    given = content(1, 5)
    path = write_workbook(
        tmp_path / "index.xlsx",
        replace(given, composition=Rows(5, composition(given.performance.sessions, 5, names))),
        sheets=["daily_composition"],
    )
    with zipfile.ZipFile(path) as archive:
        written = archive.read("xl/worksheets/sheet1.xml").decode()
    assert ">_x005F_x0041_<" in written
    assert ">a_x005F_x000D_b<" in written
    texts = [unescaped(text) for text in re.findall(r"preserve\">([^<]*)</t>", written)]
    assert set(names) <= set(texts)


def unescaped(text: str) -> str:
    """A text as Excel reads it."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
