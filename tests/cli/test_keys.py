from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tuiapp import keys
from tuiapp.keylist import KEYS


@pytest.fixture(autouse=True)
def _as_declared() -> Iterator[None]:
    yield
    keys.put_in_force({})


def put(desk: Desk, folder: Path, text: str) -> Path:
    path = folder / "my keys.toml"
    path.write_text(text, encoding="utf-8")
    desk.env["FLATCAP_KEYMAP"] = str(path)
    return path


def test_every_key_is_printed_with_what_it_does(desk: Desk) -> None:
    answer = desk.run("keys", "--format", "csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.out))}
    assert set(rows) == {key.id for key in KEYS}
    for key in KEYS:
        row = rows[key.id]
        assert (row["keys"], row["scope"], row["does"]) == (" ".join(key.keys), key.scope, key.text)
    assert {row["origin"] for row in rows.values()} == {"default"}
    assert (answer.code, answer.err) == (0, "")


def test_keys_of_a_keymap_are_printed_as_they_are_in_force(desk: Desk, tmp_path: Path) -> None:
    put(desk, tmp_path, '"app.export" = ["ctrl+e", "F9"]\n"app.theme" = ""\n"app.stop" = "X"\n')
    rows = {row["id"]: row for row in json.loads(desk.run("keys", "--format", "json").out)}
    assert (rows["app.export"]["keys"], rows["app.export"]["origin"]) == ("ctrl+e f9", "keymap")
    assert (rows["app.theme"]["keys"], rows["app.theme"]["origin"]) == ("none", "keymap")
    assert rows["app.stop"]["origin"] == "default"


def test_the_table_for_people_has_one_line_a_key(desk: Desk) -> None:
    lines = desk.run("keys").out.splitlines()
    assert len(lines) == len(KEYS) + 1
    assert lines[0].split() == ["Id", "Keys", "Where", "Origin", "Does"]


@pytest.mark.parametrize("argv", [(), ("keys",), ("demo",)])
def test_a_keymap_that_cannot_be_is_refused_before_the_app_is_opened(
    desk: Desk, tmp_path: Path, argv: tuple[str, ...]
) -> None:
    path = put(desk, tmp_path, '"app.exprot" = "E"\n"app.export" = "q"\n')
    desk.tty = True
    answer = desk.run(*argv)
    assert (answer.code, answer.out, desk.apps) == (2, "", [])
    sentence, hint = answer.err.splitlines()
    assert sentence.startswith(f"flatcap: The keymap {path} cannot be used: line 1: 'app.exprot' is no id")
    assert "line 2: 'q' of app.export is the key of app.quit" in sentence
    assert hint.startswith("  hint: flatcap ")
    assert " keys lists every id" in hint


def test_a_keymap_that_was_asked_for_has_to_be_there(desk: Desk, tmp_path: Path) -> None:
    desk.env["FLATCAP_KEYMAP"] = str(tmp_path / "none.toml")
    answer = desk.run("keys")
    assert answer.code == 2
    assert "none.toml cannot be read: No such file or directory." in answer.err


def test_commands_that_have_no_keys_do_not_read_the_keymap(desk: Desk, tmp_path: Path) -> None:
    put(desk, tmp_path, "nonsense")
    assert desk.run("config", "path").code == 0


def test_the_app_is_opened_with_the_keys_of_the_keymap(desk: Desk, tmp_path: Path) -> None:
    put(desk, tmp_path, '"app.export" = "ctrl+e"\n')
    desk.tty = True
    assert desk.run().code == 0
    assert keys.shown("app.export") == "ctrl+e"
