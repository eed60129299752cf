"""The options of all verbs work before a verb and after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import docs
from tests.cli.conftest import Desk
from tuiapp.cli.verbs import SHARED

VERBS = [docs.verb_of(context) for context in docs.commands() if docs.verb_of(context)]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_the_options_of_all_verbs(verb: str) -> None:
    (command,) = (context.command for context in docs.commands() if docs.verb_of(context) == verb)
    assert {option for each in command.params for option in each.opts} >= {*SHARED.values(), "--help"}


def test_an_option_may_stand_on_either_side_of_the_verb(desk: Desk, tmp_path: Path) -> None:
    options = ("--data-dir", str(tmp_path), "--index", "mine", "--provider", "import")
    found = []
    places = ((*options, "show", "composition"), ("show", *options, "composition"), ("show", "composition", *options))
    for argv in places:
        assert desk.run(*argv).code == 0
        assert desk.engine.settings is not None
        found.append((desk.engine.settings.data_dir, desk.engine.settings.index, desk.engine.settings.provider))
    assert found == [(tmp_path, "mine", "import")] * 3


def test_the_one_after_the_verb_counts(desk: Desk) -> None:
    desk.run("--index", "first", "build", "--index", "second")
    assert desk.engine.settings is not None
    assert desk.engine.settings.index == "second"


def test_the_next_step_has_what_was_said_after_the_verb(desk: Desk) -> None:
    desk.engine.outdated = "data"
    said = desk.run("show", "composition", "--index", "mine").err
    assert said.endswith("; next: flatcap --index mine build\n")


def test_a_wrong_value_after_the_verb_is_refused_as_before_it(desk: Desk) -> None:
    answers = [desk.run(*argv) for argv in (("--index", "NO", "build"), ("build", "--index", "NO"))]
    assert answers[0] == answers[1]
    assert (answers[0].code, answers[0].out) == (2, "")


def test_lines_of_objects_carry_the_mark_of_back_filled_sessions(desk: Desk) -> None:
    from tests.cli.fakes import THIRD

    desk.engine.backfilled_before = THIRD
    lines = desk.run("show", "performance", "--format", "jsonl").out.splitlines()
    assert ['"backfilled": true' in line for line in lines] == [True, True, False]


def test_an_explanation_and_a_plan_are_one_object_on_one_line(desk: Desk) -> None:
    import json

    for argv in (("show", "composition", "--explain", "AAA:market_cap_usd"), ("fetch", "--plan")):
        whole = json.loads(desk.run(*argv, "--format", "json").out)
        (line,) = desk.run(*argv, "--format", "jsonl").out.splitlines()
        assert json.loads(line) == whole
