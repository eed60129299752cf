"""The record of changes on the command line: the same rows for people and for programs."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli import fakes
from tests.cli.conftest import Desk

COLUMNS = "changed_at,command,what,rows_new,rows_changed,rows_removed,first,last,run_id,detail"
NOTHING = "No change of data is recorded yet.\n"


def test_people_read_who_changed_what_and_when(desk: Desk) -> None:
    answer = desk.run("show", "coverage", "--audit")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        "At (UTC)             Command  What    New  Changed  Gone  First       Last        Run       Detail\n"
        "2024-01-03 22:05:07  import   price     3        1     0  2024-01-02  2024-04-01  0a1b2c3d  closes.csv\n"
        "2024-01-02 22:00:00  demo     schema    0        0     0  –           –           00c0ffee  "
        "made with version 4\n"
    )


def test_programs_read_the_same_in_every_format(desk: Desk) -> None:
    by_csv = list(csv.DictReader(io.StringIO(desk.run("show", "coverage", "--audit", "--format", "csv").out)))
    by_json = json.loads(desk.run("show", "coverage", "--audit", "--format", "json").out)
    by_line = [
        json.loads(line) for line in desk.run("show", "coverage", "--audit", "--format", "jsonl").out.splitlines()
    ]
    assert by_json == by_line
    assert [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in by_json] == by_csv
    assert ",".join(by_csv[0]) == COLUMNS
    assert (by_json[0]["rows_new"], by_json[0]["rows_changed"], by_json[1]["first"]) == (3, 1, None)


@pytest.mark.parametrize(
    ("form", "out"), [("table", None), ("csv", COLUMNS + "\n"), ("json", "[]\n"), ("jsonl", "")], ids=lambda case: case
)
def test_without_a_change_the_columns_are_there_and_a_note_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, form: str, out: str | None
) -> None:
    monkeypatch.setattr(fakes, "AUDIT", ())
    answer = desk.run("show", "coverage", "--audit", "--format", form)
    assert (answer.code, answer.err) == (0, NOTHING)
    assert out is None or answer.out == out


def test_the_record_is_asked_for_alone(desk: Desk) -> None:
    answer = desk.run("show", "coverage", "--audit", "--findings")
    assert (answer.code, desk.engine.asked) == (2, [])
    assert "Give one of" in answer.err
