"""What the views say of fetched data: the record of fetches, ``doctor``, and back-filled sessions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.reports import Check
from tests.cli.conftest import Desk
from tests.cli.fakes import CHECKS, FETCHING, FIRST, SECOND, STATUS, THIRD

LABEL = "back-filled (survivorship-biased) before 2024-03-28"


def test_the_fetches_read_well(desk: Desk) -> None:
    lines = desk.run("show", "coverage", "--fetches").out.splitlines()
    assert desk.engine.asked == [("fetching",)]
    assert lines[:2] == [
        "Fetched 2024-03-28 21:04 UTC, prices to 2024-03-28 (1 session behind).",
        "The next fetch: about 20 requests, 5 s at the pace that is set.",
    ]
    assert [line for line in lines if line and line[0].isupper() and "  " not in line] == [
        *lines[:2],
        "Fetches, the latest first",
        "Failed when last asked for",
        "Found out by the last fetch that had anything to tell",
    ]
    assert lines[5].split() == ["2024-04-01", "22:15:00", "–", "running", "–", "2", "0", "0", "0"]


def test_before_the_first_fetch_there_is_only_what_it_would_do(desk: Desk) -> None:
    desk.engine.fetches = replace(FETCHING, runs=(), failures=(), notes=(), fresh_at=None, through=None, behind=None)
    out = desk.run("show", "coverage", "--fetches").out
    assert out == "Nothing was fetched yet.\nThe next fetch: about 20 requests, 5 s at the pace that is set.\n"


@pytest.mark.parametrize(
    ("runs", "said"), [((), "Nothing was fetched yet."), (FETCHING.runs, "No fetch has ended well yet.")]
)
def test_without_a_good_fetch_what_is_stored_all_the_same_is_told(desk: Desk, runs: Any, said: str) -> None:
    desk.engine.fetches = replace(FETCHING, runs=runs, fresh_at=None, through=None, behind=None, names=37, last=THIRD)
    out = desk.run("show", "coverage", "--fetches").out
    assert out.startswith(f"{said} Stored so far: prices of 37 names to 2024-04-01.\n")


def test_the_fetches_for_programs_are_one_table_of_runs_failures_and_notes(desk: Desk) -> None:
    rows = json.loads(desk.run("show", "coverage", "--fetches", "--format", "json").out)
    assert [row["record"] for row in rows] == ["run", "run", "failure", "failure", "note", "note", "note"]
    assert (rows[1]["outcome"], rows[1]["remaining"], rows[1]["session"]) == ("stopped", 7, "2024-03-28")
    assert (rows[0]["ended_at"], rows[2]["symbol"], rows[3]["kind"]) == (None, "BBB", "sectors")
    assert rows[0]["started_at"] == "2024-04-01T22:15:00Z"
    assert (rows[4]["kind"], rows[4]["symbol"]) == ("correction", "AAA")


@pytest.mark.parametrize(("online", "argv"), [(False, ()), (True, ("--online",))])
def test_doctor_says_the_worst_first_and_ends_with_one_when_something_is_bad(
    desk: Desk, online: bool, argv: tuple[str, ...]
) -> None:
    answer = desk.run("doctor", *argv)
    assert desk.engine.asked == [("diagnose", online)]
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.splitlines() == [
        "bad   query1.finance.yahoo.com: It cannot be reached.",
        "      is there a network?",
        "warn  freshness: The data are 2 sessions behind.",
        "      flatcap update",
        "good  store: 12.5 MB, in order.",
        "good  terminal: There is no terminal here: flatcap prints plain text.",
    ]


def test_hints_of_doctor_are_about_the_store_that_was_looked_at(desk: Desk) -> None:
    desk.engine.checks = (Check("index", "warn", "Not built.", "flatcap build"),)
    assert desk.run("--data-dir", "a b", "doctor").out.splitlines()[1].strip() == "flatcap --data-dir 'a b' build"
    assert desk.run("doctor").out.splitlines()[1].strip() == "flatcap build"


def test_doctor_is_content_with_warnings(desk: Desk) -> None:
    desk.engine.checks = CHECKS[1:]
    answer = desk.run("doctor", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)[0] == {
        "name": "freshness",
        "state": "warn",
        "text": "The data are 2 sessions behind.",
        "hint": "flatcap update",
    }


BACKFILLED = ("performance", "metrics", "composition --as-of 2024-03-27", "changes", "stock AAA", "bubble", "days")


def test_an_export_of_any_kind_says_on_stderr_that_it_has_back_filled_sessions(desk: Desk) -> None:
    desk.engine.backfilled_before = SECOND
    assert "back-filled (survivorship-biased) before" in desk.run("export", "prices.csv").err
    desk.engine.backfilled_before = None
    assert desk.run("export", "prices.csv").err == ""


@pytest.mark.parametrize("view", BACKFILLED)
def test_a_view_of_back_filled_sessions_says_so_on_stderr(
    desk: Desk, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_first = replace(STATUS, session=FIRST)
    for name in ("composed", "bubbled"):
        monkeypatch.setattr(desk.engine, name, replace(getattr(desk.engine, name), status=at_first))
    before = desk.run("show", *view.split())
    desk.engine.backfilled_before = SECOND
    answer = desk.run("show", *view.split())
    assert (answer.code, answer.out, before.err, answer.err) == (0, before.out, "", f"{LABEL}\n")


@pytest.mark.parametrize("view", ["composition", "bubble", "performance --explain level_pr"])
def test_a_session_that_is_not_back_filled_is_not_said_to_be(desk: Desk, view: str) -> None:
    desk.engine.backfilled_before = THIRD
    assert desk.run("show", *view.split()) == replace(desk.run("show", *view.split()), err="")


@pytest.mark.parametrize(("view", "marks"), [("performance", [True, False, False]), ("stock AAA", [True, False])])
def test_json_says_of_each_row_whether_it_is_back_filled(desk: Desk, view: str, marks: list[bool]) -> None:
    desk.engine.backfilled_before = SECOND
    rows = json.loads(desk.run("show", *view.split(), "--format", "json").out)
    assert [row["backfilled"] for row in rows] == marks


def test_a_metric_over_back_filled_sessions_is_marked_in_json(desk: Desk) -> None:
    desk.engine.backfilled_before = SECOND
    rows = json.loads(desk.run("show", "metrics", "--format", "json").out)
    assert {row["backfilled"] for row in rows} == {True}
    explained = json.loads(desk.run("show", "performance", "--explain", "level_pr", "--format", "json").out)
    assert explained["backfilled"] is False


@pytest.mark.parametrize("view", ["months", "drawdowns", "days"])
def test_months_falls_and_days_are_marked_in_json_too(desk: Desk, view: str) -> None:
    desk.engine.backfilled_before = date(2100, 1, 4)
    marked = {row["backfilled"] for row in json.loads(desk.run("show", view, "--format", "json").out)}
    desk.engine.backfilled_before = date(1970, 1, 2)
    clear = {row["backfilled"] for row in json.loads(desk.run("show", view, "--format", "json").out)}
    assert (marked, clear) == ({True}, {False})


def test_csv_keeps_its_columns_when_sessions_are_back_filled(desk: Desk) -> None:
    before = desk.run("show", "performance", "--format", "csv").out
    desk.engine.backfilled_before = SECOND
    assert desk.run("show", "performance", "--format", "csv").out == before


def test_the_summary_says_what_is_back_filled_and_what_is_missing(desk: Desk) -> None:
    desk.engine.backfilled_before = SECOND
    status = replace(STATUS, names_wanted=250, names_have=120)
    desk.engine.composed = replace(desk.engine.composed, status=status)
    lines = desk.run().out.splitlines()
    assert "Names    120 of 250 fetched; flatcap update goes on" in lines
    assert f"History  {LABEL}" in lines
