"""How the sheets look and print, and what their colours say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from engine.domain.sheets import SHEETS
from engine.export import sheets as made
from engine.export.content import WorkbookContent
from engine.export.workbook import write_workbook
from tests.unit.export_content import content

BARS = {"contributions": ("weight", "cap_weight"), "sector_contributions": ("weight", "cap_weight")}
SHADES = {
    "index_performance": ("return_pr", "return_tr"),
    "composition_changes": ("distance",),
    "contributions": ("contribution", "cap_contribution", "gap"),
    "sector_contributions": ("contribution", "cap_contribution", "gap"),
    "monthly_returns": ("jan", "dec", "total"),
    "drawdowns": ("depth",),
    "days": ("return",),
}
FLAGS = {"index_performance": ("agrees",), "data_quality": ("severity",)}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Any]:
    def write(given: WorkbookContent | None = None) -> Any:
        return openpyxl.load_workbook(write_workbook(tmp_path / "index.xlsx", given or content()))

    return write


def test_the_sheets_are_those_that_are_declared_in_their_order() -> None:
    assert list(made.SHEETS) == list(SHEETS)
    assert [sheet.text for sheet in made.SHEETS.values()] == list(SHEETS.values())


def test_the_tabs_have_a_colour_by_what_their_sheets_are_about(written: Callable[..., Any]) -> None:
    colours = {sheet.title: sheet.sheet_properties.tabColor.rgb for sheet in written()}
    assert colours["summary_metrics"] == colours["index_performance"] == "001F4E79"
    assert colours["daily_composition"] == colours["composition_changes"] == colours["sector_weights"]
    assert colours["data_quality"] == colours["provenance"]
    assert len(set(colours.values())) == 4


def test_every_sheet_prints_across_one_page_with_its_header_its_name_and_its_number(
    written: Callable[..., Any],
) -> None:
    for sheet in written():
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddHeader.left.text == "top100, 2024-01-07"
        assert sheet.oddHeader.center.text is None
        assert sheet.oddFooter.left.text == "&A"
        assert sheet.oddFooter.center.text == "import"
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_each_chart_prints_on_a_page_of_its_own_behind_the_table(written: Callable[..., Any]) -> None:
    areas = written(content(30))["index_performance"].print_area.replace("'index_performance'!", "").split(",")
    assert areas == ["$A$1:$M$31", "$O$2:$AD$22", "$O$23:$AD$43", "$O$44:$AD$64"]


def test_an_ampersand_in_the_name_of_a_source_is_no_command_of_the_footer(written: Callable[..., Any]) -> None:
    given = content()
    status = replace(given.performance.status, source="A&B")
    book = written(replace(given, performance=replace(given.performance, status=status)))
    assert book["provenance"].oddFooter.center.text == "A&&B"


def test_back_filled_sessions_are_marked_on_every_printed_page(written: Callable[..., Any]) -> None:
    given = content()
    status = replace(given.performance.status, backfilled_before=given.performance.sessions[2])
    book = written(replace(given, performance=replace(given.performance, status=status)))
    assert {sheet.oddHeader.center.text for sheet in book} == {"back-filled (survivorship-biased) before 2024-01-04"}


def rules(sheet: Any, kind: str) -> set[str]:
    """Keys of the columns with a rule of this kind, which must cover all rows of the table."""
    keys = {cell.column_letter: cell.value for cell in sheet[1]}
    last = int(sheet.auto_filter.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    found = set()
    for formatting in sheet.conditional_formatting:
        for rule in formatting.rules:
            if rule.type == kind:
                letter = str(formatting.sqref).partition("2")[0]
                assert str(formatting.sqref) in {f"{letter}2:{letter}{last}", f"{letter}2"}
                found.add(keys[letter])
    return found


@pytest.mark.parametrize(("kind", "expected"), [("dataBar", BARS), ("colorScale", SHADES), ("cellIs", FLAGS)])
def test_colours_follow_the_numbers_of_these_columns(
    written: Callable[..., Any], kind: str, expected: dict[str, tuple[str, ...]]
) -> None:
    for sheet in written():
        assert set(expected.get(sheet.title, ())) <= rules(sheet, kind)
        assert bool(rules(sheet, kind)) == (sheet.title in expected)


def test_no_colour_slows_the_long_sheet_down(written: Callable[..., Any]) -> None:
    assert not list(written()["daily_composition"].conditional_formatting)


def test_a_shade_is_the_same_in_every_file_and_white_at_nothing(written: Callable[..., Any]) -> None:
    sheet = written()["monthly_returns"]
    scale = next(
        rule.colorScale for one in sheet.conditional_formatting for rule in one.rules if str(one.sqref)[0] == "C"
    )
    assert [(value.type, value.val) for value in scale.cfvo] == [("num", -0.1), ("num", 0.0), ("num", 0.1)]
    assert scale.color[1].rgb == "FFFFFFFF"


def test_a_number_among_texts_stands_where_they_begin(written: Callable[..., Any]) -> None:
    book = written()
    values = {row[1].value: row[2] for row in book["provenance"].iter_rows(min_row=2)}
    assert values["data version"].value == 7
    assert values["data version"].alignment.horizontal == "left"
    assert book["daily_composition"]["B2"].alignment.horizontal != "left"


def compact(xml: bytes) -> str:
    """The text of a part, whichever of its two libraries wrote it."""
    return xml.decode().replace(" />", "/>")


@pytest.mark.parametrize(
    ("count", "shown", "unit"), [(30, "yyyy-mm-dd", "days"), (400, "yyyy-mm", "months"), (1, "yyyy-mm-dd", "days")]
)
def test_the_dates_below_a_chart_are_few_and_as_fine_as_the_range(
    tmp_path: Path, count: int, shown: str, unit: str
) -> None:
    path = write_workbook(tmp_path / "index.xlsx", content(count, 1), sheets=["index_performance"])
    with ZipFile(path) as archive:
        axis = compact(archive.read("xl/charts/chart1.xml")).partition("<dateAx>")[2].partition("</dateAx>")[0]
    assert f'formatCode="{shown}"' in axis
    assert f'<majorTimeUnit val="{unit}"/>' in axis
    (step,) = re.findall(r'<majorUnit val="(\d+)"/>', axis)
    # 29 days in 8 steps at most are 4 each; 399 days are 13.1 months, 2 each; of one session there is one label.
    assert int(step) == {30: 4, 400: 2, 1: 1}[count]


def test_months_of_sectors_are_labelled_as_months_however_few(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "index.xlsx", content(3), sheets=["sector_weights"])
    with ZipFile(path) as archive:
        chart = compact(archive.read("xl/charts/chart1.xml"))
    assert 'formatCode="yyyy-mm"' in chart
    assert '<grouping val="stacked"/>' in chart
    assert '<baseTimeUnit val="months"/>' in chart
    # Two sectors, and one that was not there at first; the total is not drawn.
    assert [f"!{letter}1<" in chart for letter in "BCDE"] == [True, True, True, False]
