"""The parts of the file as its standard wants them: what a spreadsheet program refuses or repairs must not be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from engine.domain.sheets import SHEETS
from engine.export.workbook import write_workbook
from tests.unit.export_content import content, performance, without_sessions

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

# ECMA-376, CT_Worksheet: a sequence, so the order is part of the standard.
ORDER = re.findall(
    r"\w+",
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst",
)

Parts = dict[str, ElementTree.Element]


@pytest.fixture(scope="module", params=["real", "synthetic", "empty", "hostile"])
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    view = performance(30)
    closes = (None, *(float(n) for n in range(1, 30)))
    given = {
        "real": content(30),
        "synthetic": content(30, synthetic=True),
        "empty": without_sessions(content(1)),
        "hostile": replace(content(30), performance=replace(view, benchmarks={"=1+1&<\x00": closes})),
    }
    path = write_workbook(tmp_path_factory.mktemp("parts") / "index.xlsx", given[request.param])
    with ZipFile(path) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}


def sheets(parts: Parts) -> Iterator[ElementTree.Element]:
    return (part for name, part in parts.items() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))


def test_the_elements_of_every_sheet_stand_in_the_order_of_the_standard(parts: Parts) -> None:
    found = [[child.tag.removeprefix(MAIN) for child in sheet] for sheet in sheets(parts)]
    assert len(found) == len(SHEETS)
    for names in found:
        assert set(names) <= set(ORDER)
        assert names == sorted(names, key=ORDER.index)
        once = [name for name in names if name != "conditionalFormatting"]
        assert len(set(once)) == len(once)


def test_rows_and_cells_are_numbered_upwards_and_each_is_there_once(parts: Parts) -> None:
    for sheet in sheets(parts):
        rows = [int(row.get("r", 0)) for row in sheet.iter(f"{MAIN}row")]
        assert rows == sorted(set(rows))
        for row in sheet.iter(f"{MAIN}row"):
            places = [re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", "")) for cell in row]
            letters = [place.group(1).rjust(3) for place in places if place]
            assert len(letters) == len(places)
            assert letters == sorted(set(letters))
            assert {place.group(2) for place in places if place} <= {row.get("r")}


def test_every_cell_has_a_style_that_is_there_and_a_value_of_its_type(parts: Parts) -> None:
    styles = parts["xl/styles.xml"]
    count = len(styles.findall(f"{MAIN}cellXfs/{MAIN}xf"))
    for sheet in sheets(parts):
        for cell in sheet.iter(f"{MAIN}c"):
            assert int(cell.get("s", 0)) < count
            kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
            if kind == "n":
                assert re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", value or "")
            elif kind == "b":
                assert value in {"0", "1"}
            else:
                assert kind in {"inlineStr", "str"}


def test_every_rule_of_a_colour_has_its_style_a_place_and_a_rank_of_its_own(parts: Parts) -> None:
    count = len(parts["xl/styles.xml"].findall(f"{MAIN}dxfs/{MAIN}dxf"))
    for sheet in sheets(parts):
        ranks = []
        for rule in sheet.iter(f"{MAIN}cfRule"):
            ranks.append(rule.get("priority"))
            if rule.get("type") == "cellIs":
                assert int(rule.get("dxfId", -1)) in range(count)
            else:
                assert rule[0].tag.removeprefix(MAIN) == rule.get("type")
        assert len(set(ranks)) == len(ranks)
        assert all(re.fullmatch(r"[A-Z]+2(:[A-Z]+\d+)?", part.get("sqref", "")) for part in rules(sheet))


def rules(sheet: ElementTree.Element) -> list[ElementTree.Element]:
    return sheet.findall(f"{MAIN}conditionalFormatting")


def test_every_relation_points_at_a_part_that_is_there(parts: Parts) -> None:
    for name, part in parts.items():
        if not name.endswith(".rels"):
            continue
        for relation in part:
            target = relation.get("Target", "")
            folder = name.partition("_rels/")[0]
            assert (target.lstrip("/") if target.startswith("/") else folder + target) in parts
        used = parts.get(name.replace("_rels/", "").removesuffix(".rels"))
        if used is not None:
            names = {relation.get("Id") for relation in part}
            assert {each.get(RELATION) for each in used.iter() if each.get(RELATION)} <= names


def test_every_part_has_its_type(parts: Parts) -> None:
    types = parts["[Content_Types].xml"]
    named = {each.get("PartName", "").lstrip("/") for each in types}
    suffixes = {each.get("Extension") for each in types} - {None}
    assert named - {""} <= set(parts)
    for name in parts:
        assert name == "[Content_Types].xml" or name in named or name.rpartition(".")[2] in suffixes


def test_names_of_filters_and_prints_stand_for_cells_of_their_sheet(parts: Parts) -> None:
    found = parts["xl/workbook.xml"].iter(f"{MAIN}definedName")
    kept = {(each.get("name"), int(each.get("localSheetId", -1))): each.text or "" for each in found}
    for place, name in enumerate(SHEETS):
        assert kept["_xlnm.Print_Titles", place] == f"'{name}'!$1:$1"
        assert re.fullmatch(rf"'{name}'!\$A\$1:\$[A-Z]+\$\d+", kept["_xlnm._FilterDatabase", place])


def test_no_header_or_footer_is_longer_than_a_spreadsheet_program_takes(parts: Parts) -> None:
    texts = [text for sheet in sheets(parts) for part in sheet.iter(f"{MAIN}headerFooter") for text in part.itertext()]
    assert len(texts) == 2 * len(SHEETS)
    assert max(map(len, texts)) <= 255
