"""Several indices on the command line: what there is, and what a build and an update say of each."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.reports import BuildReport
from tests.cli.conftest import Desk
from tests.cli.fakes import BUILT, INDICES

TECH = replace(BUILT, index="tech", sessions_built=0, sessions_total=3)
UP_TO_DATE = INDICES[0]


def test_the_indices_read_well(desk: Desk) -> None:
    answer = desk.run("show", "indices")
    assert desk.engine.asked == [("indices",)]
    head, top100, tech = answer.out.splitlines()
    assert head.split() == ["Index", "Rules", "Base", "Cost", "bp", "Last", "Level", "PR", "State", "Title"]
    assert " ".join(top100.split()) == "top100 100 equal, daily 1,000 on 2024-03-27 0.00 2024-04-01 1,015.05 up to date"
    assert " ".join(tech.split()) == (
        "tech 50 by cap, monthly, buffer 5, Technology, Energy, NYSE 100 on 2020-01-02 2.50 – – not built "
        "Technology[2J, by cap"
    )


def test_what_a_build_would_change_is_said_with_the_command_for_it(desk: Desk) -> None:
    assert desk.run("show", "indices").err == "tech is not built from the present data and rules; next: flatcap build\n"


def test_nothing_is_said_where_there_is_nothing_to_build(desk: Desk) -> None:
    desk.engine.index_rows = (UP_TO_DATE,)
    assert desk.run("show", "indices").err == ""


def test_an_empty_store_is_not_told_to_build(desk: Desk) -> None:
    desk.engine.version = 0
    assert desk.run("show", "indices").err == ""


def test_the_indices_for_programs_have_every_part_of_their_definitions(desk: Desk) -> None:
    out = desk.run("show", "indices", "--format", "csv").out
    top100, tech = csv.DictReader(io.StringIO(out))
    assert list(tech) == [
        *("index", "title", "size", "weighting", "rebalance", "buffer", "sectors", "exchanges", "base_level"),
        *("base_date", "cost_bps", "origin", "first_session", "last_session", "level_pr", "return_pr", "state"),
    ]
    assert (tech["size"], tech["weighting"], tech["sectors"]) == ("50", "cap", "Technology;Energy")
    assert (tech["base_date"], tech["level_pr"], tech["state"]) == ("2020-01-02", "", "not built")
    assert (top100["origin"], top100["level_pr"], top100["state"]) == ("settings", "1015.05", "up to date")


def test_json_has_the_same_values(desk: Desk) -> None:
    _, tech = json.loads(desk.run("show", "indices", "--format", "json").out)
    assert (tech["cost_bps"], tech["exchanges"], tech["last_session"]) == (2.5, "NYSE", None)


def test_an_outdated_index_says_why(desk: Desk) -> None:
    desk.engine.index_rows = tuple(replace(UP_TO_DATE, index=why, outdated=why) for why in ("data", "settings"))
    out = desk.run("show", "indices").out.splitlines()
    assert [line.rstrip().rpartition("1,015.05")[2].strip() for line in out[1:]] == [
        "outdated: data",
        "outdated: rules",
    ]


def test_a_build_of_several_indices_says_what_became_of_each(desk: Desk) -> None:
    desk.engine.built_others = (TECH,)
    assert desk.run("build").out.splitlines() == [
        "top100: 3 sessions computed (from the start), 2024-03-27 to 2024-04-01; 3 sessions in all.",
        "  1 addition and 1 deletion among those computed; 2 of 2 places filled.",
        "  1 session without a level: too few prices are known.",
        "tech: nothing to do, 3 sessions to 2024-04-01.",
    ]


def test_with_an_index_named_only_that_one_is_built(desk: Desk) -> None:
    desk.engine.built_others = (TECH,)
    assert "tech" not in desk.run("--index", "top100", "build", "--full").out
    assert desk.engine.asked == [("build", True)]


def test_an_index_that_the_environment_names_is_built_with_the_others(desk: Desk) -> None:
    desk.env["FLATCAP_INDEX"] = "top100"
    desk.engine.built_others = (TECH,)
    assert "tech: nothing to do" in desk.run("build").out


def test_an_index_without_a_session_is_told_of(desk: Desk) -> None:
    desk.engine.built_others = (replace(TECH, first=None, last=None, sessions_total=0),)
    assert desk.run("build").out.splitlines()[-1] == "tech: no index yet: too few prices are known."


def test_an_update_of_one_index_is_one_line(desk: Desk) -> None:
    assert len(desk.run("update").out.splitlines()) == 1


def test_an_update_of_several_indices_has_a_line_for_each(desk: Desk) -> None:
    desk.engine.built_others = (TECH,)
    first, second = desk.run("update").out.splitlines()
    assert first.startswith("top100: 2 names asked")
    assert second == "tech: nothing to build, 3 sessions to 2024-04-01."


@pytest.mark.parametrize("verb", ["build", "update"])
def test_an_index_that_cannot_be_built_is_told_of_beside_the_others(desk: Desk, verb: str) -> None:
    failed = BuildReport.of_failure("tech", 50, "No company is of the sector Tech.", "did you mean Technology?")
    desk.engine.built_others = (failed, replace(TECH, index="energy"))
    answer = desk.run(verb)
    assert answer.code == 5
    assert "tech: not built." in answer.out
    assert "energy: nothing to" in answer.out
    assert answer.err.splitlines() == [
        "flatcap: tech could not be built: No company is of the sector Tech.",
        "  hint: did you mean Technology?",
    ]


def test_a_definition_that_is_wrong_ends_with_two(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "indices.toml"
    file.write_text("[top50]\nsise = 50\n")
    desk.env["FLATCAP_INDICES"] = str(file)
    answer = desk.run("show", "indices")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean size?" in answer.err


def test_the_app_opens_on_the_index_that_is_named(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "indices.toml"
    file.write_text("[top50]\nsize = 50\n")
    desk.env["FLATCAP_INDICES"], desk.tty = str(file), True
    assert desk.run("--index", "top50").code == 0
    ((settings, _),) = desk.apps
    assert (settings.index, settings.index_size) == ("top50", 50)
