"""Dates as people write them on the command line, and what they count from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.cli.conftest import Desk
from tests.cli.fakes import FIRST, THIRD
from tuiapp import dates
from tuiapp.dates import Counted

END, BEGIN = date(2024, 2, 29), date(2021, 7, 1)


@pytest.mark.parametrize(
    ("typed", "opens", "closes"),
    [
        ("2024-02-15", date(2024, 2, 15), date(2024, 2, 15)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("first", BEGIN, BEGIN),
        ("today", END, END),
        ("Latest", END, END),
        ("ytd", date(2024, 1, 1), date(2023, 12, 31)),
        ("-1y", date(2023, 2, 28), date(2023, 2, 28)),
        ("-3m", date(2023, 11, 29), date(2023, 11, 29)),
        ("-2w", date(2024, 2, 15), date(2024, 2, 15)),
        ("-10d", date(2024, 2, 19), date(2024, 2, 19)),
        ("-0d", END, END),
        ("-9999y", date.min, date.min),
    ],
)
def test_a_date_opens_a_range_or_closes_it(typed: str, opens: date, closes: date) -> None:
    first, last = dates.opening(typed), dates.closing(typed)
    assert (first.opens(END, BEGIN) if isinstance(first, Counted) else first) == opens
    assert (last.closes(END, BEGIN) if isinstance(last, Counted) else last) == closes


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "1y",
        "+1y",
        "-1q",
        "-1",
        "20240215",
        "2024-2-15",
        "2024-02-30",
        "2024-13",
        "0000",
        "yesterday",
        "-12345d",
    ],
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert dates.opening(typed) is None
    assert dates.closing(typed) is None


@pytest.mark.parametrize("argv", [["--from", "-1y"], ["--from=-1y"]])
def test_a_distance_back_is_no_option(desk: Desk, argv: list[str]) -> None:
    assert desk.run("show", "performance", *argv).code == 0
    assert desk.engine.asked[-1] == ("performance", date(2023, 4, 1), None)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ("show performance --from ytd", ("performance", date(2024, 1, 1), None)),
        ("show performance --from first --to latest", ("performance", FIRST, THIRD)),
        ("show performance --from 2024-03 --to 2024-03", ("performance", date(2024, 3, 1), date(2024, 3, 31))),
        ("show performance --from 2024-03 --as-of -1d", ("performance", date(2024, 3, 1), date(2024, 3, 31))),
        ("show metrics --from -1w", ("metrics", date(2024, 3, 25), None)),
        ("show months --to today", ("returns", None, THIRD)),
        ("show composition --as-of -4d", ("composition", date(2024, 3, 28))),
        ("show composition --as-of ytd", ("composition", date(2023, 12, 31))),
        ("show bubble --as-of 2024", ("bubble", date(2024, 12, 31), 5)),
        ("show changes --from -4d", ("changes", date(2024, 3, 28), None)),
        ("show contributions --from ytd", ("contributions", date(2024, 1, 1), None, "PR")),
        ("show stock AAA --from -1m", ("stock", "AAA", date(2024, 3, 1), None)),
    ],
)
def test_what_counts_counts_from_the_last_session_of_the_range(
    desk: Desk, argv: str, expected: tuple[Any, ...]
) -> None:
    assert desk.run(*argv.split()).code == 0
    assert desk.engine.asked[-1] == expected


def test_a_start_counts_from_the_end_that_is_asked_for(desk: Desk) -> None:
    desk.run("show", "performance", "--from", "-1y", "--to", "2024-03-27")
    assert desk.engine.asked[0] == ("status", date(2024, 3, 27))


def test_whole_dates_ask_the_engine_nothing_more(desk: Desk) -> None:
    desk.run("show", "performance", "--from", "2024-03-28", "--to", "2024-04-01")
    assert desk.engine.asked == [("performance", date(2024, 3, 28), THIRD)]


def test_an_export_takes_the_same_dates(desk: Desk) -> None:
    desk.run("export", "--from", "ytd", "--as-of", "today")
    export = next(question for question in desk.engine.asked if question[0] == "export")
    assert export[3:5] == (date(2024, 1, 1), THIRD)


def test_a_range_that_turns_out_empty_is_a_usage_error(desk: Desk) -> None:
    answer = desk.run("show", "changes", "--from", "2024-04-01", "--to", "-1m")
    assert (answer.code, answer.out) == (2, "")
    assert "The range is empty: 2024-04-01 comes after 2024-03-01." in answer.err


@pytest.mark.parametrize(
    "argv", ["show performance --from", "show composition --as-of", "export --to", "fetch --since"]
)
def test_a_wrong_date_says_how_to_write_one(desk: Desk, argv: str) -> None:
    answer = desk.run(*argv.split(), "last week")
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])
    assert "'last week' is not a date; write 2024-03-15, 2024-03, 2024, -1y" in answer.err


@pytest.mark.parametrize(
    ("since", "expected"),
    [("-3y", date(2021, 4, 1)), ("ytd", date(2024, 1, 1)), ("2023", date(2023, 1, 1)), ("2023-05", date(2023, 5, 1))],
)
@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_a_fetch_counts_from_today(desk: Desk, verb: str, since: str, expected: date) -> None:
    desk.today = THIRD
    assert desk.run(verb, "--since", since).code == 0
    assert desk.engine.asked[-1][1].since == expected


def test_a_fetch_from_the_first_session_on_says_nothing(desk: Desk) -> None:
    answer = desk.run("fetch", "--since", "first")
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])
    assert "--since first says no date" in answer.err
