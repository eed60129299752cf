"""``flatcap config``: the example of a file of indices, and where things are kept."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from engine.fetchwork.source import CACHE
from engine.indices import KEYS, TITLE, read_definitions
from tests.cli.conftest import Desk
from tuiapp import logfile
from tuiapp.cli import config


def test_the_example_of_a_file_of_indices_is_one_and_shows_every_key(desk: Desk, tmp_path: Path) -> None:
    answer = desk.run("config", "template", "--indices")
    assert (answer.code, answer.err) == (0, "")
    file = tmp_path / "indices.toml"
    file.write_text(answer.out, encoding="utf-8")
    found = read_definitions(file)
    assert list(found) == ["top50", "cap100", "us20"]
    shown = Counter(key for table in tomllib.loads(answer.out).values() for key in table)
    assert set(shown) == {TITLE, *KEYS}


def test_an_index_of_the_file_is_in_force_when_it_is_chosen(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "indices.toml"
    file.write_text(desk.run("config", "template", "--indices").out, encoding="utf-8")
    desk.env["FLATCAP_INDICES"] = str(file)
    lines = desk.run("config", "show", "--index", "cap100", "--format", "csv").out.splitlines()
    assert "weighting,cap,indices.toml,FLATCAP_WEIGHTING" in lines
    assert "base_date,,default,FLATCAP_BASE_DATE" in lines
    assert f"indices,{file},environment,FLATCAP_INDICES" in lines
    answer = desk.run("--index", "top5", "show", "composition")
    assert (answer.code, answer.out) == (2, "")
    assert "top50" in answer.err


def test_the_places_are_those_where_things_are_kept() -> None:
    assert (config.CACHE_NAME, config.LOG_NAME) == (CACHE, logfile.NAME)
