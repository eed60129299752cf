from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from tests.cli.conftest import Desk
from tests.cli.fakes import BUBBLE, CONTRIBUTIONS, FIRST, PERFORMANCE, RETURNS, STATUS, STOCK

HEADS = {
    "performance": "session,level_pr,level_tr,return_pr,return_tr,members,priced,turnover",
    "metrics": "period,first,last,series,metric,value,benchmark,observations,short_history,"
    "complete,common_first,common_last",
    "months": "series,year,jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec,total,partial",
    "drawdowns": "series,depth,peak,trough,recovery,sessions_down,sessions_back,days",
    "days": "series,kind,place,session,return",
    "composition": "session,rank,ticker,name,sector,market_cap_usd,weight,close,since",
    "changes": "session,kind,ticker,rank_before,rank_after,market_cap_usd",
    "changes --why": "session,kind,ticker,rank_before,rank_after,market_cap_before_usd,market_cap_usd,cut_cap_usd,"
    "distance_usd,distance,days,turnover,effect_session,effect_pr,effect_tr,reason",
    "contributions": "first,last,series,ticker,name,sector,sessions,weight,return_own,contribution,cap_weight,"
    "cap_contribution,gap",
    "contributions --by sector": "first,last,series,sector,members,weight,contribution,cap_weight,cap_contribution,gap",
    "bubble": "session,rank,rank_before,ticker,name,member,market_cap_usd,distance_usd,distance,since,days",
    "stock AAA": "session,ticker,close,volume,split,dividend,market_cap_usd,rank,member,cap_source",
    "coverage": "kind,rows,tickers,first,last",
    "coverage --findings": "kind,ticker,first,last,detail,severity,effect,sessions,source",
    "coverage --sources": "source,batches,rows_new,rows_changed,fetched_at",
    "coverage --decisions": "kind,ticker,session,price,text",
    "coverage --fetches": "record,started_at,ended_at,outcome,symbol,kind,session,asked,failed,remaining,requests,text",
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
    assert [line.split() for line in lines[:8]] == [
        ["PR", "series", "YTD", "1Y†"],
        ["Return", "+2.01%", "+2.01%"],
        ["Sharpe", "–", "–"],
        [],
        ["TR", "series", "YTD", "1Y†"],
        ["Return", "+3.00%", "+3.00%"],
        ["Sharpe", "+1.50", "+1.50"],
        [],
    ]
    assert lines[8:] == [
        "* short history: fewer observations than the figure needs to mean much",
        "† history is shorter than this period",
        "--benchmark SYMBOL shows beta, alpha and more against one of ^SPX, ^RUI.",
    ]


def test_metrics_against_a_named_benchmark_have_panels_of_their_own(desk: Desk) -> None:
    out = desk.run("show", "metrics", "--benchmark", "^RUI", "--series", "pr", "--period", "ytd").out
    assert out == (
        "PR series     YTD\n"
        "Return     +2.01%\n"
        "Sharpe          –\n"
        "\n"
        "PR against ^RUI   YTD\n"
        "Beta             0.50*\n"
        "Correlation      1.00\n"
        "\n"
        "* short history: fewer observations than the figure needs to mean much\n"
    )


def test_metrics_for_programs_have_a_row_a_figure_with_its_benchmark(desk: Desk) -> None:
    rows = json.loads(desk.run("show", "metrics", "--format", "json").out)
    first, both, last = "2024-03-27", "2024-03-28", "2024-04-01"
    assert list(rows[0].values()) == [
        "YTD",
        first,
        last,
        "PR",
        "total_return",
        0.0201,
        None,
        2,
        False,
        True,
        None,
        None,
    ]
    assert list(rows[4].values()) == ["YTD", first, last, "PR", "beta", 0.5, "^SPX", 1, True, True, both, both]
    # Two periods, two series, two figures; the same against each of two benchmarks.
    assert len(rows) == 2 * 2 * 2 + 2 * 2 * 2 * 2
    out = desk.run("show", "metrics", "--format", "json", "--benchmark", "^SPX", "--period", "1Y", "--series", "TR").out
    assert [(row["period"], row["series"], row["metric"], row["benchmark"]) for row in json.loads(out)] == [
        ("1Y", "TR", "total_return", None),
        ("1Y", "TR", "sharpe", None),
        ("1Y", "TR", "beta", "^SPX"),
        ("1Y", "TR", "correlation", "^SPX"),
    ]


def test_a_benchmark_that_is_not_there_is_refused_with_those_there_are(desk: Desk) -> None:
    answer = desk.run("show", "metrics", "--benchmark", "^XYZ")
    assert (answer.code, answer.out) == (2, "")
    assert "There is no benchmark '^XYZ'; there is: ^SPX, ^RUI." in answer.err


def test_the_months_read_well(desk: Desk) -> None:
    head, row = desk.run("show", "months", "--series", "TR").out.splitlines()
    assert head.split()[:4] == ["Series", "Year", "Jan", "Feb"]
    assert row.split() == ["TR", "2024", "–", "–", "+1.00%", "+1.00%", *["–"] * 8, "+2.01%", "yes"]


def test_the_falls_and_the_extreme_days_read_well(desk: Desk) -> None:
    assert desk.run("show", "drawdowns", "--series", "PR").out == (
        "Series    Depth  Peak        Trough      Recovery  Down  Back  Days\n"
        "PR      -12.50%  2024-03-27  2024-03-28  –            1     –     5\n"
    )
    rows = [line.split() for line in desk.run("show", "days").out.splitlines()[1:]]
    assert rows[0] == ["PR", "best", "1", "2024-04-01", "+2.00%"]
    assert rows[3] == ["PR", "worst", "2", "2024-04-01", "+2.00%"]
    assert [row[0] for row in rows] == ["PR"] * 4 + ["TR"] * 4


def test_contributions_say_what_they_sum_to(desk: Desk) -> None:
    lines = desk.run("show", "contributions", "--top", "1").out.splitlines()
    assert lines[0] == (
        "top100 PR from the close of 2024-03-28 to that of 2024-04-01: +1.5000%; "
        "the same members weighted by market cap: +3.0000%"
    )
    assert [line.split()[0] for line in lines[2:]] == ["Ticker", "AAA", "CCC"]
    rows = json.loads(desk.run("show", "contributions", "--format", "json").out)
    assert sum(row["contribution"] for row in rows) == pytest.approx(0.015, abs=1e-15)
    # 0.02 - 0.032 = -0.012.
    assert rows[0]["gap"] == pytest.approx(-0.012, abs=1e-15)


def test_the_bubble_says_what_the_cut_is(desk: Desk) -> None:
    lines = desk.run("show", "bubble").out.splitlines()
    assert lines[1].split() == [
        "2024-04-01",
        "2",
        "–",
        "BBB",
        "Béta",
        "yes",
        "2.50B",
        "+0",
        "+0.00%",
        "2024-03-28",
        "2",
    ]
    assert lines[2].split() == ["2024-04-01", "3", "2", "CCC", "Gone", "no", "2.00B", "-500.00M", "-20.00%", "–", "0"]
    assert lines[-1] == "The cut is the market cap of rank 2: 2,500,000,000 USD."


def test_a_bubble_without_a_cut_says_so(desk: Desk) -> None:
    desk.engine.bubbled = replace(BUBBLE, cut_cap_usd=0.0, rows=())
    assert desk.run("show", "bubble").out.splitlines()[-1].startswith("There is no cut")


def test_a_change_says_why(desk: Desk) -> None:
    added, removed = json.loads(desk.run("show", "changes", "--why", "--format", "json").out)
    # 2.75 B is 0.25 B above the cut of 2.5 B: a tenth of it.
    assert (added["distance_usd"], added["distance"]) == (2.5e8, pytest.approx(0.1, abs=1e-15))
    assert (added["turnover"], added["effect_session"], added["effect_tr"]) == (0.25, "2024-04-01", 0.002)
    assert (removed["distance_usd"], removed["distance"], removed["reason"]) == (None, None, "no price")


def test_findings_for_people_stand_with_their_effect_and_what_to_do(desk: Desk) -> None:
    assert desk.run("show", "coverage", "--findings").out == (
        "Severity  Finding          Ticker  First       Last        Sessions  Detail and effect\n"
        "high      quarantined-cap  AAA     2024-03-28  2024-04-01         2  "
        "given 31.0 B, used 3.1 B; kept it out on 2 sessions\n"
        "medium    refused-row              –           –                  1  prices.csv; close is empty\n"
        "\n"
        "What to do:\n"
        "  quarantined-cap      accept the given cap if it is right: flatcap decide accept-cap --help\n"
        "  refused-row          correct the file and import it again\n"
    )


def test_coverage_counts_the_findings_by_severity(desk: Desk) -> None:
    out = desk.run("show", "coverage").out
    assert out.splitlines()[-1] == "1.5 MB in the store, 2 findings (1 high, 1 medium); --findings lists them."


@pytest.mark.parametrize(
    "view", ["performance", "metrics", "changes", "changes --why", "months", "drawdowns", "days", "contributions"]
)
def test_a_range_after_the_last_session_is_no_data_rather_than_an_empty_table(desk: Desk, view: str) -> None:
    for form in ("table", "csv"):
        answer = desk.run("show", *view.split(), "--from", "2024-04-02", "--format", form)
        assert (answer.code, answer.out) == (5, "")
        assert "There is no session of top100 from 2024-04-02 on; the last one" in answer.err
        assert "hint: ask from 2024-04-01 on or earlier" in answer.err


@pytest.mark.parametrize(
    ("argv", "question"),
    [
        (
            "performance --from 2024-01-02 --to 2024-03-28",
            ("performance", date(2024, 1, 2), date(2024, 3, 28)),
        ),
        ("performance --as-of 2024-03-28", ("performance", None, date(2024, 3, 28))),
        ("metrics --from 2024-01-02", ("metrics", date(2024, 1, 2), None)),
        ("months --as-of 2024-03-28", ("returns", None, date(2024, 3, 28))),
        ("drawdowns --from 2024-01-02", ("returns", date(2024, 1, 2), None)),
        ("days --to 2024-03-28", ("returns", None, date(2024, 3, 28))),
        ("bubble --as-of 2024-03-28 --width 3", ("bubble", date(2024, 3, 28), 3)),
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
    ("argv", "question"),
    [
        ("", (date(2024, 4, 1), None, "PR")),
        ("--as-of 2024-04-03 --series tr", (date(2024, 4, 1), date(2024, 4, 3), "TR")),
        ("--from 2024-03-28", (date(2024, 3, 28), None, "PR")),
        ("--period all", (None, None, "PR")),
        # YTD starts from the last close of the year before: there is none, so from that of the first session.
        ("--period ytd", (date(2024, 3, 28), None, "PR")),
    ],
)
def test_contributions_are_of_the_last_day_a_range_or_a_period(
    desk: Desk, argv: str, question: tuple[object, ...]
) -> None:
    assert desk.run("show", "contributions", *argv.split()).code == 0
    assert desk.engine.asked[-1] == ("contributions", *question)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("contributions --from 2024-01-02 --period 1M", "--from and --period both say where the range begins"),
        ("metrics --from 2024-01-02 --period 1M", "--from and --period both say where the range begins"),
        ("metrics --period 2W", "'2W' is not one of"),
        ("bubble --width 11", "11 is not in the range 1<=x<=10"),
        ("contributions --top 0", "0 is not in the range"),
        ("coverage --findings --sources", "Give one of --findings and --sources."),
        ("performance --from 2024-13-01", "'2024-13-01' is not a date; write 2024-03-15, 2024-03"),
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


NO_RETURN = "top100 PR has no return at 2024-03-27: it is the first session.\n"


def test_contributions_to_no_return_say_that_the_first_session_has_none(desk: Desk) -> None:
    nothing = replace(CONTRIBUTIONS, first=FIRST, last=FIRST, index_return=None, cap_weight_return=None)
    desk.engine.contributed = replace(nothing, rows=(), sectors=())
    answer = desk.run("show", "contributions")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(NO_RETURN)
    assert "0.0000%" not in answer.out
    answer = desk.run("show", "contributions", "--format", "json")
    assert (answer.code, answer.out, answer.err) == (0, "[]\n", NO_RETURN)


@pytest.mark.parametrize("view", ["months", "days", "drawdowns"])
def test_a_table_of_returns_without_a_row_says_why_on_stderr(desk: Desk, view: str) -> None:
    nothing = replace(RETURNS.price, years=(), best=(), worst=(), drawdowns=())
    status = replace(STATUS, session=FIRST)
    desk.engine.returned = replace(RETURNS, status=status, sessions=(FIRST,), price=nothing, total=nothing)
    answer = desk.run("show", view, "--format", "json")
    assert (answer.code, answer.out) == (0, "[]\n")
    assert answer.err == "No return in the range: 2024-03-27 is the first session.\n"


def test_a_range_without_a_fall_says_so_on_stderr(desk: Desk) -> None:
    risen = replace(RETURNS.price, drawdowns=())
    desk.engine.returned = replace(RETURNS, price=risen, total=risen)
    assert desk.run("show", "drawdowns").err == "No fall from 2024-03-27 to 2024-04-01.\n"
    desk.engine.returned = replace(RETURNS, price=risen)
    assert desk.run("show", "drawdowns").err == ""


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("2024-04-02", "There is no session of top100 from 2024-04-02 on; the last one in the range is 2024-04-01."),
        ("2024-03-28", "AAA has no session from 2024-03-28 to 2024-04-01."),
    ],
)
def test_a_stock_without_a_session_in_the_range_is_no_data(desk: Desk, start: str, sentence: str) -> None:
    desk.engine.stocked = replace(STOCK, rows=())
    for form in ("table", "csv"):
        answer = desk.run("show", "stock", "AAA", "--from", start, "--format", form)
        assert (answer.code, answer.out) == (5, "")
        assert sentence in answer.err
        assert "hint: " in answer.err


def test_a_stock_may_have_sessions_that_the_index_has_not_yet(desk: Desk) -> None:
    assert desk.run("show", "stock", "AAA", "--from", "2024-04-02").code == 0


OF_THE_INDEX = [view for view in HEADS if view != "coverage --fetches"]
OUTDATED = {
    "data": "The data have changed since the index was built",
    "settings": "The index was built with other settings than those in force",
}


@pytest.mark.parametrize("view", [*OF_THE_INDEX, "performance --explain level_pr", "composition --explain AAA:weight"])
def test_a_view_of_an_outdated_index_says_so_on_stderr_alone(desk: Desk, view: str) -> None:
    for form in ("table", "csv", "json"):
        desk.engine.outdated = ""
        argv = ("--index", "mine", "show", *view.split(), "--format", form)
        before = desk.run(*argv)
        for reason, why in OUTDATED.items():
            desk.engine.outdated = reason
            answer = desk.run(*argv)
            assert (answer.code, answer.out) == (before.code, before.out)
            assert answer.err == f"{why}; next: flatcap --index mine build\n"
