"""What is chosen on the page of the export, and why it cannot be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.domain.sheets import SHEETS
from engine.export.files import SUFFIXES as WRITTEN
from tests.functional.fake_engine import performance_view
from tuiapp.screens.exporting.chosen import SUFFIXES, Chosen, NotPossible, Span, Taken, rows
from tuiapp.screens.exporting.editing import Editing

VIEW = performance_view()
FIRST, LAST = VIEW.sessions[0], VIEW.sessions[-1]
NAME = f"flatcap-top100-{LAST}.xlsx"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(chosen: Chosen) -> str:
    with pytest.raises(NotPossible) as caught:
        chosen.request(VIEW)
    return str(caught.value)


def test_the_suffixes_are_those_that_can_be_written() -> None:
    assert set(SUFFIXES) == set(WRITTEN)


def test_at_first_the_whole_index_is_chosen() -> None:
    request = Chosen().request(VIEW)
    assert request.sheets == tuple(SHEETS)
    assert (request.start, request.end, request.path, request.force) == (None, LAST, Path(NAME), False)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("", "", FIRST, LAST),
        ("first", "today", FIRST, LAST),
        ("ytd", "latest", date(2022, 1, 3), LAST),
        ("2022", "", date(2022, 1, 3), LAST),
        ("", "2021", FIRST, date(2021, 12, 31)),
        ("2021-03", "2021-03", date(2021, 3, 1), date(2021, 3, 31)),
        ("-10d", "2021-06-30", date(2021, 6, 21), date(2021, 6, 30)),
        ("-1m", "-1m", date(2022, 1, 24), date(2022, 2, 24)),
        ("2021-07-04", "2021-07-11", date(2021, 7, 5), date(2021, 7, 9)),
        ("1999", "2099", FIRST, LAST),
        ("latest", "latest", LAST, LAST),
    ],
)
def test_a_range_is_of_the_sessions_between_its_days(start: str, end: str, first: date, last: date) -> None:
    span = Chosen(start=start, end=end).span(VIEW.sessions)
    assert (VIEW.sessions[span.first], VIEW.sessions[span.last]) == (first, last)
    request = Chosen(start=start, end=end).request(VIEW)
    assert (request.start or FIRST, request.end) == (first, last)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (Chosen(ticked=set()), "No sheet is ticked"),
        (Chosen(start="soon"), "“soon” is no date; 2024-03-15, 2024-03"),
        (Chosen(end="2021-02-30"), "“2021-02-30” is no date"),
        (Chosen(end="2020"), "The index begins on 2021-01-29"),
        (Chosen(start="2022", end="2021"), "There is no session from 2022-01-01 to 2021-12-31"),
        (Chosen(file="levels.txt"), "The name of a file ends in .xlsx, .csv"),
        (Chosen(file="levels"), "The name of a file ends in"),
        (Chosen(file="levels.csv"), f"A .csv file holds one table: tick one sheet, not {len(SHEETS)}"),
        (Chosen(file="nowhere/index.xlsx"), "There is no folder nowhere"),
        (Chosen(file="~nobody-of-this-name/x.xlsx"), "There is no home folder of ~nobody-of-this-name"),
        (Chosen(file=f"{'x' * 300}.xlsx"), "File name too long"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(chosen: Chosen, said: str) -> None:
    assert said in refused(chosen)


def test_one_sheet_can_be_a_table() -> None:
    request = Chosen(ticked={"drawdowns"}, file="falls.CSV").request(VIEW)
    assert (request.sheets, request.path) == (("drawdowns",), Path("falls.CSV"))


def test_a_file_that_is_there_is_written_over_only_when_that_is_said_of_it() -> None:
    Path("mine.xlsx").touch()
    chosen = Chosen(file="mine.xlsx")
    with pytest.raises(Taken, match=r"mine\.xlsx is there already"):
        chosen.request(VIEW)
    with pytest.raises(Taken):
        chosen.request(VIEW, force="other.xlsx")
    assert chosen.request(VIEW, force="mine.xlsx").force


def test_a_name_of_ours_is_never_that_of_a_file_that_is_there() -> None:
    assert Chosen().name(VIEW) == NAME
    Path(NAME).touch()
    assert Chosen().name(VIEW) == f"flatcap-top100-{LAST}-2.xlsx"


def test_the_name_of_a_single_sheet_says_which() -> None:
    assert Chosen(ticked={"monthly_returns", "provenance"}, end="2021").name(VIEW) == (
        "flatcap-top100-monthly-returns-2021-12-31.xlsx"
    )


@pytest.mark.parametrize("typed", ["reports", "reports/"])
def test_in_a_folder_the_file_has_the_name_that_we_give_it(typed: str) -> None:
    Path("reports").mkdir()
    assert Chosen(file=typed).request(VIEW).path == Path("reports") / NAME


def test_a_choice_is_remembered_but_for_the_name_of_the_file() -> None:
    chosen = Chosen(ticked={"drawdowns"}, start="-1y", file="reports/falls.csv")
    again = Chosen.remembered(chosen.to_remember("ytd"))
    assert again == Chosen(ticked={"drawdowns"}, start="-1y", end="ytd", folder="reports", suffix=".csv")
    assert again.to_remember("ytd") == chosen.to_remember("ytd")
    assert again.name(VIEW) == f"reports/flatcap-top100-drawdowns-{date(2021, 12, 31)}.csv"


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"sheets": "all", "from": 3, "to": None, "folder": ["x"], "suffix": ".doc"},
        {"sheets": ["no_such_sheet"], "from": "\x1b", "to": "", "folder": "a\nb", "suffix": 7},
        {"sheets": [["drawdowns"], {}], "suffix": []},
    ],
)
def test_what_makes_no_sense_is_not_remembered(state: dict[str, object]) -> None:
    assert Chosen.remembered(state) == Chosen()


def test_all_are_ticked_or_none() -> None:
    chosen = Chosen()
    chosen.tick("drawdowns")
    assert "drawdowns" not in chosen.sheets
    chosen.tick_all()
    assert chosen.sheets == tuple(SHEETS)
    chosen.tick_all()
    assert chosen.sheets == ()


def test_rows_are_counted_of_the_long_sheets_that_are_ticked() -> None:
    view = replace(VIEW, members=(50, *VIEW.members[1:]))
    assert rows(["index_performance"], view, Span(0, 1)) == 2
    assert rows(["index_performance", "daily_composition", "drawdowns"], view, Span(0, 1)) == 152
    assert rows(["drawdowns"], view, Span(0, 1)) == 0


def shown(line: Editing, room: int = 40) -> str:
    return "".join(part for part, _ in line.parts(room))


def test_the_first_character_replaces_a_text_that_is_chosen() -> None:
    line = Editing("latest", chosen=True)
    assert line.parts(40) == [("latest", "cursor")]
    line.put("y")
    line.put("td")
    assert line.text == "ytd"


def test_a_text_is_changed_where_the_cursor_stands() -> None:
    line = Editing("falls.xlsx")
    line.move(-5)
    line.put("-1y\x1b\t")
    assert line.text == "falls-1y.xlsx"
    line.rub()
    line.move(-100)
    line.rub()
    line.put("~/")
    assert line.text == "~/falls-1.xlsx"
    line.move(100)
    line.rub_word()
    assert line.text == "~/"
    line.clear()
    assert line.text == ""


def test_of_a_long_text_the_part_around_the_cursor_is_seen() -> None:
    line = Editing("/srv/market/reports/falls.xlsx")
    assert shown(line, 11) == "falls.xlsx "
    line.move(-100)
    assert shown(line, 11) == "/srv/market"
