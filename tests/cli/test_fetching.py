"""``fetch`` and ``update``: what is asked for, and what is said of it."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import signal
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.errors import Cancelled, ProviderError, SettingsError, StoreLocked
from engine.events import Progress
from engine.reports import FetchFailure, FetchReport, FetchRequest
from tests.cli.conftest import Answer, Desk
from tests.cli.fakes import COMPLETE, FETCHED, NOTHING_FETCHED, PLAN
from tests.cli.test_streams import Screen
from tuiapp.cli import diagnostics

QUIET = replace(FETCHED, notes=(), behind=0)
UPDATED = (
    "top100: 2 names asked, 2,500 rows new, 3 changed, prices to 2024-03-28, 21 requests in 5 min; "
    "3 sessions built, 3 sessions to 2024-04-01, 1 without a level.\n"
)


def failed(*symbols: str) -> FetchReport:
    """A fetch of twenty names of which these have failed."""
    failures = tuple(FetchFailure("prices", symbol, "timed out") for symbol in symbols)
    return replace(QUIET, outcome="partial", asked=20, failures=failures)


def test_fetch_shows_the_plan_first_and_then_says_in_one_line_what_it_did(desk: Desk) -> None:
    answer = desk.run("fetch")
    everything = FetchRequest()
    assert desk.engine.asked == [("fetch", everything)]
    assert answer == Answer(
        0,
        "yahoo: 2 names asked, 2,500 rows new, 3 changed, prices to 2024-03-28 (1 session behind), "
        "21 requests in 5 min, noted: correction 2, rename 1.\n",
        "To ask Yahoo for:\n"
        "       1 request  the universe\n"
        "      4 requests  prices and shares since 2019-04-01\n"
        "      4 requests  benchmarks\n"
        "     11 requests  sectors\n"
        "In all about 20 requests, 5 s at the pace that is set, from 2019-04-01 to 2024-04-01.\n"
        "The numbers are estimates: the universe is known once it was asked for.\n"
        "Not asked for: 3 names complete to 2024-04-01.\n"
        "Not asked for again today: 1 name without prices.\n"
        "Next: flatcap build\n",
    )


@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_what_is_asked_for_reaches_the_engine(desk: Desk, verb: str) -> None:
    desk.run(verb, "--since", "2023-01-03", "--symbols", "brk.b, AAPL,BRK/B,^gspc", "--full")
    request = FetchRequest(date(2023, 1, 3), ("BRK-B", "AAPL", "^GSPC"), True)
    assert desk.engine.asked[-1] == (verb, request)


@pytest.mark.parametrize("argv", ["--symbols A;B", "--symbols A,,B", "--since yesterday", "--format json"])
@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_a_wrong_argument_of_a_fetch_is_a_usage_error(desk: Desk, verb: str, argv: str) -> None:
    answer = desk.run(verb, *argv.split())
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])


@pytest.mark.parametrize("argv", ["fetch", "update", "update --plan"])
def test_a_session_that_is_still_to_come_cannot_be_asked_for(desk: Desk, argv: str) -> None:
    answer = desk.run(*argv.split(), "--since", "2024-04-02")
    assert (answer.code, answer.out, [question[0] for question in desk.engine.asked]) == (2, "", ["plan_fetch"])
    assert "There is no session from 2024-04-02 on; the last closed one is 2024-04-01." in answer.err


def test_a_fetch_with_nothing_to_do_says_so(desk: Desk) -> None:
    desk.engine.planned, desk.engine.fetched = replace(COMPLETE, dead=2), NOTHING_FETCHED
    assert desk.run("fetch") == Answer(
        0,
        "yahoo: nothing to fetch, prices to 2024-03-28.\n",
        "Nothing to fetch: 5 names complete to 2024-04-01.\nNot asked for again today: 2 names without prices.\n",
    )


@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_a_plan_is_printed_and_nothing_is_asked(desk: Desk, verb: str) -> None:
    answer = desk.run(verb, "--plan", "--symbols", "AAA")
    assert (answer.code, answer.err) == (0, "")
    assert desk.engine.asked == [("plan_fetch", FetchRequest(symbols=("AAA",)))]
    lines = answer.out.splitlines()
    assert [line.split()[:3] for line in lines[:2]] == [["Stage", "Names", "Requests"], ["screen", "0", "1"]]
    assert lines[6].startswith("In all about 20 requests, 5 s")


def test_a_plan_for_programs_says_all_that_there_is(desk: Desk) -> None:
    found = json.loads(desk.run("fetch", "--plan", "--format", "json").out)
    assert found["through"] == "2024-04-01"
    assert (found["requests"], found["seconds"], found["estimated"]) == (20, 5.0, True)
    assert found["lines"][1] == {
        "stage": "prices",
        "names": 2,
        "requests": 4,
        "text": "prices and shares since 2019-04-01",
    }
    rows = list(csv.DictReader(io.StringIO(desk.run("fetch", "--plan", "--format", "csv").out)))
    assert sum(int(row["requests"]) for row in rows) == PLAN.requests


def test_a_plan_without_a_request_is_a_sentence_and_no_table(desk: Desk) -> None:
    desk.engine.planned = COMPLETE
    assert desk.run("update", "--plan") == Answer(0, "Nothing to fetch: 5 names complete to 2024-04-01.\n", "")
    assert desk.run("update", "--plan", "--format", "csv").out == "stage,names,requests,text\n"


def test_an_update_in_a_pipe_is_exactly_one_line(desk: Desk) -> None:
    desk.engine.fetched = QUIET
    assert desk.run("update") == Answer(0, UPDATED, "")
    assert desk.engine.asked == [("update", FetchRequest())]


def test_an_update_of_what_is_complete_is_one_line_too(desk: Desk) -> None:
    desk.engine.fetched = NOTHING_FETCHED
    assert desk.engine.built_after is not None
    desk.engine.built_after = replace(desk.engine.built_after, sessions_built=0, first=None)
    line = "top100: nothing to fetch, prices to 2024-03-28; nothing to build, 3 sessions to 2024-04-01.\n"
    assert desk.run("update") == Answer(0, line, "")


def test_an_update_that_has_nothing_to_build_from_says_so(desk: Desk) -> None:
    desk.engine.fetched, desk.engine.built_after = NOTHING_FETCHED, None
    answer = desk.run("update")
    assert answer.out.endswith("; no index yet: too few prices are known.\n")


@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_names_that_failed_are_named_after_all_that_came_was_stored(desk: Desk, verb: str) -> None:
    desk.engine.fetched = failed("AAA", "BBB")
    answer = desk.run(verb)
    assert answer.code == 3
    assert "20 names asked, 2 failed, 2,500 rows new" in answer.out
    assert answer.err.endswith(
        "flatcap: 2 of 20 names failed: AAA (timed out), BBB (timed out).\n"
        "  hint: what came is stored; the rest is asked for by: flatcap update\n"
    )


def test_a_name_that_failed_twice_is_named_once_and_what_has_no_name_by_its_kind(desk: Desk) -> None:
    twice = failed("AAA").failures[0]
    others = (FetchFailure("shares", "AAA", "cut off"), FetchFailure("shares", "BBB", "cut off"))
    desk.engine.fetched = replace(failed(), failures=(twice, *others, FetchFailure("sectors", "", "cut off")))
    answer = desk.run("update")
    assert "20 names asked, 2 failed, the screen of the sectors failed, 2,500 rows new" in answer.out
    sentence = (
        "flatcap: The screen of the sectors failed (cut off); 2 names failed: AAA (timed out), BBB (shares: cut off).\n"
    )
    assert answer.err.startswith(sentence)


def test_a_list_that_failed_is_no_name(desk: Desk) -> None:
    desk.engine.fetched = replace(failed(), failures=(FetchFailure("screen", "", "no connection"),))
    answer = desk.run("update")
    assert "20 names asked, the universe's screen failed, 2,500 rows new" in answer.out
    assert answer.err.startswith("flatcap: The universe's screen failed (no connection).\n")


def test_of_a_symbol_that_does_not_exist_the_spelling_is_what_can_be_looked_at(desk: Desk) -> None:
    failure = FetchFailure("prices", "NOSUCH", "No data found, symbol may be delisted", gone=True)
    desk.engine.fetched = replace(failed(), asked=1, failures=(failure,))
    err = desk.run("fetch", "--symbols", "nosuch").err
    assert "flatcap: 1 of 1 name failed: NOSUCH (No data found, symbol may be delisted).\n" in err
    assert "hint: check how Yahoo writes the symbol" in err


@pytest.mark.parametrize(
    ("names", "series", "text"),
    [(0, 1, "1 series asked, "), (2, 7, "2 names and 7 series asked, "), (0, 0, "0 names asked, ")],
)
def test_benchmarks_and_pairs_that_were_asked_for_are_counted(desk: Desk, names: int, series: int, text: str) -> None:
    desk.engine.fetched = replace(QUIET, asked=names, series=series)
    assert desk.run("update").out.startswith(f"top100: {text}")


def test_of_many_failed_names_five_are_named_and_the_list_can_be_pasted(desk: Desk) -> None:
    desk.engine.fetched = failed(*"ABCDEFGH")
    answer = desk.run("--index", "mine", "update")
    assert answer.code == 3
    sentence = answer.err.splitlines()[0]
    assert sentence.endswith("E (timed out) … and 3 more: flatcap --index mine show coverage --fetches")
    assert "F (" not in sentence


@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_a_fetch_that_the_vendors_limit_has_stopped_says_why_and_what_to_do(desk: Desk, verb: str) -> None:
    desk.engine.fetched = replace(
        QUIET, outcome="stopped", reason="too many requests", hint="try again in an hour", remaining=120
    )
    answer = desk.run(verb)
    assert (answer.code, answer.out.count("\n")) == (3, 1)
    assert answer.err.endswith(
        "flatcap: Yahoo stopped answering: too many requests; 120 names not asked for.\n  hint: try again in an hour\n"
    )


def test_a_person_who_stops_a_fetch_gets_the_code_of_an_interrupt(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.engine.fetched = replace(QUIET, outcome="stopped", remaining=120)
    monkeypatch.setattr(desk.engine, "_answer", lambda *question: os.kill(os.getpid(), signal.SIGINT))
    answer = desk.run("update")
    assert answer.code == 130
    assert "hint: what was finished is kept" in answer.err


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ProviderError("Yahoo cannot be reached.", hint="is there a network?"), 3),
        (StoreLocked("Another fetch is under way: process 7.", hint="wait for it"), 4),
        (SettingsError("Nothing is fetched with provider import.", hint="--provider yahoo"), 2),
        (Cancelled("Stopped as asked.", hint="what was finished is kept"), 130),
    ],
)
@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_a_fetch_that_fails_says_so_in_a_sentence(desk: Desk, verb: str, failure: Any, code: int) -> None:
    desk.engine.failure = failure
    sentence = f"flatcap: {failure.message}\n  hint: {failure.hint}\n"
    assert desk.run(verb) == Answer(code, "", sentence)


@pytest.mark.parametrize("argv", ["fetch", "update", "update --plan"])
def test_nothing_is_fetched_for_the_demo_market_and_it_is_not_made_for_that(desk: Desk, argv: str) -> None:
    answer = desk.run("--provider", "demo", *argv.split())
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])
    assert "Nothing is fetched with provider demo" in answer.err


def test_with_no_data_the_first_fetch_is_offered_with_its_numbers(desk: Desk) -> None:
    desk.engine.version = 0
    lines = desk.run().out.splitlines()
    assert lines[2:4] == [
        "  flatcap update           fetch 2 names from Yahoo since 2019-04-01, and build:",
        "                           about 20 requests, 5 s at the pace that is set",
    ]


def test_with_no_data_and_nothing_to_fetch_from_no_fetch_is_offered(desk: Desk) -> None:
    desk.engine.version = 0
    assert "flatcap update" not in desk.run("--provider", "import").out
    assert ("plan_fetch", None) not in desk.engine.asked


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Progress("fetch prices", 120, 250, "names"), "fetch prices 120/250 names (48%)"),
        (
            Progress("fetch prices", 120, 250, "names", failed=2, seconds_left=200.0),
            "fetch prices 120/250 names (48%), 2 failed, 3 min left",
        ),
        (
            Progress("fetch prices", 120, 250, "names", paused=57.2),
            "Yahoo asks us to wait: 58 s; ctrl+c stops, what is stored is kept",
        ),
    ],
)
def test_progress_of_a_fetch_says_what_failed_what_is_left_and_why_it_waits(event: Progress, text: str) -> None:
    assert diagnostics.progress_text(event) == text


def test_a_pause_is_seen_at_once_and_a_first_index_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    line = diagnostics.ProgressLine()
    line(Progress("fetch prices", 1, 2, "names"))
    line(Progress("fetch prices", 1, 2, "names", paused=60))
    line(Progress("build the index", built=True))
    line.clear()
    shown = screen.getvalue()
    assert shown.index("60 s") < shown.index("There is an index of the largest names now; the fetch goes on.\n")


@pytest.mark.parametrize(("verbosity", "said"), [((), ""), (("-v",), "prices AAA failed: timed out\n")])
def test_each_failure_is_logged_only_when_more_is_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, verbosity: tuple[str, ...], said: str
) -> None:
    log = logging.getLogger("flatcap.fetch")
    monkeypatch.setattr(desk.engine, "_answer", lambda *_: log.warning("prices %s failed: %s", "AAA", "timed out"))
    desk.engine.fetched = QUIET
    err = [line for line in desk.run(*verbosity, "update").err.splitlines(keepends=True) if "run: update" not in line]
    assert err == ([f"flatcap: warning: fetch: {said}"] if said else [])


def test_the_log_takes_the_place_of_the_progress_line(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    line = diagnostics.ProgressLine()
    diagnostics.start_log(logging.WARNING, line)
    line(Progress("build"))
    logging.getLogger("flatcap.store").warning("slow")
    diagnostics.hush_log()
    assert screen.getvalue() == "\rbuild\r     \rflatcap: warning: store: slow\n"


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (5400, "1.5 h")])
def test_a_duration_is_as_fine_as_a_person_waits(seconds: float, text: str) -> None:
    from tuiapp.cli.output import duration

    assert duration(seconds) == text
