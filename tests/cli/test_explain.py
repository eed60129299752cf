"""``--explain``: which number the engine is asked about, and how its answer is printed."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from engine.domain.fields import Field, Unit
from engine.views.explain import catalog
from engine.views.explanation import Explanation, Input, Subject
from tests.cli import fakes
from tests.cli.conftest import Desk
from tests.cli.fakes import FIRST, SECOND, THIRD

LAST = THIRD


def test_an_explanation_can_be_read_and_recomputed(desk: Desk) -> None:
    assert desk.run("show", "composition", "--explain", "AAA:market_cap_usd").out == (
        "Market cap of AAA[2J at 2024-04-01\n"
        "  3.10T   3,100,000,000,000\n"
        "\n"
        "Meaning  What the company is worth.\n"
        "Formula  close × shares\n"
        "Worked   12.5 × 248,000,000,000 = 3,100,000,000,000\n"
        "\n"
        "Input                         Value  Session     How        Source             Taken in (UTC)       Note\n"
        "Close as traded               12.50  2024-04-01  as traded  import prices.csv  2024-04-01 22:15:00\n"
        "Shares outstanding  248,000,000,000  2024-03-27  given      import shares.csv  2024-04-01 22:15:00  "
        "2 sessions old\n"
        "\n"
        "! The shares are 2 sessions old.\n"
    )


def test_an_explanation_in_json_is_one_object_with_everything(desk: Desk) -> None:
    found = json.loads(desk.run("show", "composition", "--explain", "AAA:market_cap_usd", "--format", "json").out)
    assert (found["value"], found["unit"], found["formula"]) == (3.1e12, "USD", "close × shares")
    assert (found["view"], found["key"], found["ticker"], found["session"]) == (
        *("composition", "market_cap_usd", "AAA"),
        "2024-04-01",
    )
    assert (found["period"], found["benchmark"], found["start"]) == (None, None, None)
    assert found["gaps"] == ["The shares are 2 sessions old."]
    assert found["inputs"][1] == {
        "label": "Shares outstanding",
        "value": 248_000_000_000,
        "unit": "count",
        "session": "2024-03-27",
        "provenance": "given",
        "source": "import shares.csv",
        "fetched_at": "2024-04-01T22:15:00Z",
        "note": "2 sessions old",
    }


def test_an_explanation_in_csv_is_its_inputs(desk: Desk) -> None:
    out = desk.run("show", "composition", "--explain", "AAA:market_cap_usd", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["label"], row["value"]) for row in rows] == [
        ("Close as traded", "12.5"),
        ("Shares outstanding", "248000000000"),
    ]


@pytest.mark.parametrize(
    ("argv", "subject"),
    [
        ("performance --explain level_pr", Subject("performance", "level_pr", LAST)),
        ("performance --explain level_tr", Subject("performance", "level_tr", LAST, series="TR")),
        ("performance --explain turnover", Subject("performance", "turnover", LAST)),
        ("composition --explain brk.b:weight", Subject("composition", "weight", LAST, "BRK-B")),
        ("composition --explain cut_cap_usd", Subject("composition", "cut_cap_usd", LAST)),
        ("metrics --explain sharpe", Subject("metrics", "sharpe", LAST, period="all")),
        (
            "metrics --explain sharpe --period 1y --series tr",
            Subject("metrics", "sharpe", LAST, period="1Y", series="TR"),
        ),
        (
            "metrics --explain beta --benchmark ^SPX --from 2024-03-28",
            Subject("metrics", "beta", LAST, period="custom", benchmark="^SPX", start=SECOND),
        ),
        ("changes --explain BBB:effect_pr", Subject("changes", "effect_pr", SECOND, "BBB")),
        ("changes --explain BBB:effect_tr", Subject("changes", "effect_tr", SECOND, "BBB", series="TR")),
        (
            "contributions --explain AAA:contribution",
            Subject("contributions", "contribution", LAST, "AAA", period="custom", start=LAST),
        ),
        (
            "contributions --explain AAA:weight --period 1M --series TR",
            Subject("contributions", "weight", LAST, "AAA", period="1M", series="TR"),
        ),
        (
            "contributions --explain AAA:gap --from 2024-03-27",
            Subject("contributions", "gap", LAST, "AAA", period="custom", start=FIRST),
        ),
    ],
)
def test_the_number_that_is_meant_reaches_the_engine(desk: Desk, argv: str, subject: Subject) -> None:
    answer = desk.run("show", *argv.split())
    assert (answer.code, answer.err) == (0, "")
    assert desk.engine.asked[-1] == ("explain", subject)


def test_a_date_reaches_the_engine_as_its_session(desk: Desk) -> None:
    desk.run("show", "performance", "--as-of", "2024-04-03", "--explain", "level_pr")
    assert desk.engine.asked[0] == ("status", date(2024, 4, 3))
    assert desk.engine.asked[-1] == ("explain", Subject("performance", "level_pr", LAST))


@pytest.mark.parametrize("view", ["performance", "metrics", "composition", "changes", "contributions"])
def test_what_can_be_explained_is_listed_without_asking_the_engine(desk: Desk, view: str) -> None:
    from engine.views.explain.catalog import explainable

    rows = json.loads(desk.run("show", view, "--explain", "list", "--format", "json").out)
    assert [row["key"] for row in rows] == [field.key for field in explainable(view)]
    assert all(row["label"] for row in rows)
    assert desk.engine.asked == []


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("performance --explain sharpe", "There is no 'sharpe' to explain; there is: level_pr, level_tr"),
        ("performance --explain AAA:level_pr", "write --explain level_pr."),
        ("composition --explain weight", "Say whose number is meant: --explain TICKER:weight."),
        (
            "composition --explain AAA",
            "There is no 'AAA' to explain: write TICKER:COLUMN; there is: market_cap_usd",
        ),
        ("composition --explain AAA:", "Say which number to explain: write TICKER:COLUMN; there is: market_cap_usd"),
        ("performance --explain=", "Say which number to explain; there is: level_pr, level_tr"),
        ("metrics --explain=", "Say which number to explain; there is: total_return"),
        ("composition --explain=", "Say which number to explain: write TICKER:COLUMN; there is: market_cap_usd"),
        ("changes --explain=", "Say which number to explain: write TICKER:COLUMN; there is: "),
        ("contributions --explain=", "Say which number to explain: write TICKER:COLUMN; there is: contribution"),
        ("metrics --explain beta", "beta is against one benchmark: give one --benchmark of ^RUI, ^SPX."),
    ],
)
def test_a_wrong_number_is_a_usage_error_that_names_what_there_is(desk: Desk, argv: str, words: str) -> None:
    answer = desk.run("show", *argv.split())
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err


def test_a_change_that_did_not_happen_has_no_explanation(desk: Desk) -> None:
    answer = desk.run("show", "changes", "--explain", "AAA:rank_after")
    assert (answer.code, answer.out) == (5, "")
    assert "AAA was neither added nor removed from 2024-03-27 to 2024-04-01." in answer.err


def test_a_label_is_printed_whole_however_long_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    label = "Drifted weights of all the members that stay, whatever became of their prices since"
    drifted = Input(Field("drifted", label, Unit.FRACTION, 2), 0.5, LAST, "computed")

    def explained(subject: Subject) -> Explanation:
        return replace(fakes.explained(subject), inputs=(drifted,))

    monkeypatch.setattr(desk.engine, "explain", explained)
    head, row = desk.run("show", "performance", "--explain", "turnover").out.splitlines()[-4:-2]
    assert row.startswith(f"{label}  ")
    assert head.index("Session") == row.index("2024-04-01")


SECTOR_FIELDS = (Field("contribution", "Contribution", Unit.FRACTION, 4), Field("members", "Members", Unit.RATIO, 1))


@pytest.mark.parametrize("asked", ["Technology:contribution", "list"])
def test_sectors_that_cannot_be_explained_are_refused_with_what_can(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr(catalog, "explainable", lambda view: ())
    answer = desk.run("show", "contributions", "--by", "sector", "--explain", asked)
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])
    assert "companies can: --by company --explain TICKER:contribution." in answer.err


def test_a_sector_is_asked_about_by_its_name_as_it_is_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "explainable", lambda view: SECTOR_FIELDS if view == "sectors" else ())
    argv = ("show", "contributions", "--by", "sector", "--period", "1M", "--explain")
    assert desk.run(*argv, "Real Estate:members").code == 0
    asked = Subject("sectors", "members", LAST, "Real Estate", period="1M")
    assert desk.engine.asked[-1] == ("explain", asked)
    assert "Say whose number is meant: --explain SECTOR:members." in desk.run(*argv, "members").err
    assert "write SECTOR:COLUMN; there is: contribution, members." in desk.run(*argv, "Energy").err
