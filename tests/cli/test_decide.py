"""``flatcap decide``: what a person decides about the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.errors import DataError
from engine.views.quality import Decision
from tests.cli.conftest import Desk

DAY = date(2024, 3, 28)
DECISIONS = {
    "accept-cap AAA 2024-03-28": Decision("accept-cap", "AAA", DAY),
    "final-price CCC 2024-03-28 0": Decision("final-price", "CCC", DAY, price=0.0),
    "rename OLD NEW 2024-03-28": Decision("rename", "OLD", DAY, text="NEW"),
    "issuer AAA Alpha": Decision("issuer", "AAA", text="Alpha"),
}


@pytest.mark.parametrize(("argv", "decision"), DECISIONS.items())
def test_a_decision_is_stored_and_can_be_withdrawn(desk: Desk, argv: str, decision: Decision) -> None:
    answer = desk.run("decide", *argv.split())
    assert (answer.code, answer.out) == (0, "The market cap of AAA at 2024-03-28 is accepted.\n")
    assert answer.err == "Next: flatcap build\n"
    answer = desk.run("decide", *argv.split(), "--withdraw")
    assert answer.out == "The market cap of AAA at 2024-03-28 is no longer accepted.\n"
    assert desk.engine.asked == [("decide", decision), ("withdraw", decision)]


@pytest.mark.parametrize(
    ("argv", "decision"),
    [
        ("final-price CCC 2024-03-28", Decision("final-price", "CCC", DAY)),
        ("issuer AAA", Decision("issuer", "AAA")),
    ],
)
def test_what_is_withdrawn_need_not_be_said_again(desk: Desk, argv: str, decision: Decision) -> None:
    assert desk.run("decide", *argv.split(), "--withdraw").code == 0
    assert desk.engine.asked == [("withdraw", decision)]


def test_what_was_so_already_needs_no_build(desk: Desk) -> None:
    desk.engine.decided = replace(desk.engine.decided, changed=False)
    assert desk.run("decide", "accept-cap", "AAA", "2024-03-28").err == ""


def test_what_was_decided_is_listed(desk: Desk) -> None:
    assert desk.run("decide", "list").out == (
        "Decision     Ticker  Session      Price  Name\n"
        "accept-cap   AAA     2024-03-28       –\n"
        "final-price  CCC     2024-04-01  0.0500\n"
        "issuer       BBB     –                –  Béta Holding\n"
    )
    as_json = desk.run("decide", "list", "--format", "json").out
    assert as_json == desk.run("show", "coverage", "--decisions", "--format", "json").out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("accept-cap AAA", "Missing argument 'DATE'"),
        ("accept-cap AAA 28.3.2024", "is not a date"),
        ("final-price AAA 2024-03-28", "Missing argument 'PRICE'"),
        ("issuer AAA", "Missing argument 'NAME'"),
        ("final-price AAA 2024-03-28 much", "'much' is not a price; write a number of USD, 0 or more"),
        ("final-price AAA 2024-03-28 nan", "'nan' is not a price"),
        ("final-price AAA 2024-03-28 inf", "'inf' is not a price"),
        ("final-price AAA 2024-03-28 1e999", "'1e999' is not a price"),
        ("final-price AAA 2024-03-28 -- -1", "'-1' is not a price"),
        ("final-price AAA 2024-03-28 -1", "No such option"),
        ("final-price AAA 2024-03-28 nan --withdraw", "'nan' is not a price"),
        ("accept AAA", "No such command 'accept'"),
        ("", "Missing command"),
    ],
)
def test_a_decision_that_is_not_whole_is_a_usage_error(desk: Desk, argv: str, words: str) -> None:
    answer = desk.run("decide", *argv.split())
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])
    assert words in answer.err


def test_a_decision_that_fits_nothing_is_invalid_data(desk: Desk) -> None:
    desk.engine.failure = DataError("AAA has no given cap on 2024-03-28.", hint="the nearest one is of 2024-03-27")
    answer = desk.run("decide", "accept-cap", "AAA", "2024-03-28")
    assert (answer.code, answer.out) == (5, "")
    assert "hint: the nearest one is of 2024-03-27" in answer.err
