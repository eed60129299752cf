from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from tests.cli.conftest import Desk
from tests.cli.fakes import PERFORMANCE

HEADS = {
    "performance": "session,level_pr,level_tr,return_pr,return_tr,members,priced,turnover",
    "metrics": "period,first,last,series,metric,value",
    "composition": "session,rank,ticker,name,sector,market_cap_usd,weight,close,since",
    "changes": "session,kind,ticker,rank_before,rank_after,market_cap_usd",
    "stock AAA": "session,ticker,close,volume,split,dividend,market_cap_usd,rank,member",
    "coverage": "kind,rows,tickers,first,last",
    "coverage --findings": "kind,ticker,first,last,detail",
}


@pytest.mark.parametrize(("view", "head"), HEADS.items())
def test_the_columns_of_a_view_are_stable(desk: Desk, view: str, head: str) -> None:
    answer = desk.run("show", *view.split(), "--format", "csv")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.split("\n")[0] == head


@pytest.mark.parametrize("view", HEADS)
def test_json_has_the_same_rows_and_columns_as_csv(desk: Desk, view: str) -> None:
    rows = list(csv.reader(io.StringIO(desk.run("show", *view.split(), "--format", "csv").out)))
    found = json.loads(desk.run("show", *view.split(), "--format", "json").out)
    assert [list(row) for row in found] == [rows[0]] * (len(rows) - 1)
    for cells, texts in zip(found, rows[1:], strict=True):
        assert [_as_csv(cell) for cell in cells.values()] == texts


def _as_csv(cell: object) -> str:
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


@pytest.mark.parametrize("view", HEADS)
def test_a_table_for_people_is_aligned_and_without_control_characters(desk: Desk, view: str) -> None:
    answer = desk.run("show", *view.split())
    assert (answer.code, answer.err) == (0, "")
    assert not [char for char in answer.out if char != "\n" and (ord(char) < 32 or 126 < ord(char) < 160)]
    assert all(line == line.rstrip() for line in answer.out.split("\n"))


def test_a_double_comes_out_as_the_same_double(desk: Desk) -> None:
    for form in ("csv", "json"):
        out = desk.run("show", "performance", "--format", form).out
        rows = json.loads(out) if form == "json" else list(csv.DictReader(io.StringIO(out)))
        assert [float(row["level_tr"]) for row in rows] == list(PERFORMANCE.level_tr)
        assert [float(row["return_tr"]) for row in rows[1:]] == list(PERFORMANCE.return_tr[1:])
        assert float(rows[2]["turnover"]) == 5e-324


def test_csv_says_nothing_where_there_is_no_value_and_json_says_null(desk: Desk) -> None:
    assert desk.run("show", "performance", "--format", "csv").out.split("\n")[1] == "2024-03-27,1000.0,1000.0,,,2,0,"
    assert json.loads(desk.run("show", "performance", "--format", "json").out)[0]["return_pr"] is None


def test_lines_end_with_a_line_feed_and_so_does_the_output(desk: Desk) -> None:
    for form in ("csv", "json", "table"):
        out = desk.run("show", "performance", "--format", form).out
        assert out.endswith("\n")
        assert "\r" not in out


def test_a_name_with_quotes_commas_and_escape_codes_stays_one_harmless_cell(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.run("show", "composition", "--format", "csv").out)))
    assert [row["name"] for row in rows] == ['Alpha "A", Inc', "Béta [/] [31mCo"]


def test_the_composition_reads_well(desk: Desk) -> None:
    assert desk.run("show", "composition").out == (
        "Session     Rank  Ticker  Company          Sector      Market cap  Weight  Close  Since\n"
        '2024-04-01     1  AAA     Alpha "A", Inc   Technology       3.10T  50.00%  12.50  2024-03-28\n'
        "2024-04-01     2  BBB     Béta [/] [31mCo  Technology       2.50B  50.00%  12.50  2024-03-28\n"
    )


def test_the_performance_reads_well(desk: Desk) -> None:
    assert desk.run("show", "performance").out == (
        "Session     Level PR  Level TR  Return PR  Return TR  Members  Priced  Turnover\n"
        "2024-03-27  1,000.00  1,000.00          –          –        2       0         –\n"
        "2024-03-28  1,010.00  1,010.00     +1.00%    +30.00%        2       2     0.00%\n"
        "2024-04-01  1,020.10  1,030.00     +1.00%    +33.33%        2       2     0.00%\n"
    )


def test_metrics_for_people_are_one_panel_a_series_with_a_column_a_period(desk: Desk) -> None:
    lines = desk.run("show", "metrics").out.splitlines()
    assert [line.split() for line in lines] == [
        ["PR", "series", "YTD", "1Y*"],
        ["Total", "return", "+2.01%", "+2.01%"],
        ["Sharpe", "–", "–"],
        [],
        ["TR", "series", "YTD", "1Y*"],
        ["Total", "return", "+3.00%", "+3.00%"],
        ["Sharpe", "+1.50", "+1.50"],
        [],
        ["*", "history", "is", "shorter", "than", "this", "period"],
    ]


@pytest.mark.parametrize(
    ("argv", "question"),
    [
        (
            "performance --from 2024-01-02 --to 2024-03-28",
            ("performance", date(2024, 1, 2), date(2024, 3, 28)),
        ),
        ("performance --as-of 2024-03-28", ("performance", None, date(2024, 3, 28))),
        ("metrics --from 2024-01-02", ("metrics", date(2024, 1, 2), None)),
        ("composition --as-of 2024-03-28", ("composition", date(2024, 3, 28))),
        ("composition", ("composition", None)),
        ("changes --from 2024-01-02 --as-of 2024-03-28", ("changes", date(2024, 1, 2), date(2024, 3, 28))),
        ("stock brk-b --to 2024-03-28", ("stock", "brk-b", None, date(2024, 3, 28))),
        ("coverage", ("coverage",)),
    ],
)
def test_dates_reach_the_engine(desk: Desk, argv: str, question: tuple[object, ...]) -> None:
    assert desk.run("show", *argv.split()).code == 0
    assert desk.engine.asked == [question]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("performance --from 2024-13-01", "'2024-13-01' is not a date; write it as YYYY-MM-DD"),
        ("performance --from 20240101", "'20240101' is not a date"),
        ("performance --from 2024-W01-1", "is not a date"),
        (
            "performance --from 2024-02-02 --to 2024-02-01",
            "The range is empty: 2024-02-02 comes after 2024-02-01.",
        ),
        ("changes --as-of 2024-02-02 --to 2024-02-02", "--as-of and --to both say where the range ends"),
        ("composition --from 2024-02-02", "No such option"),
        ("performance --format xml", "'xml' is not one of"),
        ("stock", "Missing argument 'TICKER'"),
        ("weather", "No such command 'weather'"),
        ("", "Missing command"),
    ],
)
def test_a_wrong_question_is_refused_before_the_engine_is_asked(desk: Desk, argv: str, words: str) -> None:
    answer = desk.run("show", *argv.split())
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])
    assert words in answer.err
    assert "hint: flatcap show" in answer.err
