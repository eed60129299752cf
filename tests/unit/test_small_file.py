"""Small files: whatever lies in their place, nobody waits for it, and no more of it is read than there should be."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.env_file import read_env_file
from engine.errors import SettingsError
from engine.indices import read_definitions
from engine.small_file import NotReadable, read_small, read_toml
from engine.views.snapshot import load_snapshot, save_snapshot, snapshot_path
from tests.functional.fake_engine import performance_view
from tuiapp import keymap
from tuiapp.memory import Memory


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def of_bytes(path: Path) -> None:
    path.write_bytes(b"ok = 1\n\xa1\n")


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20_000_000)


PLANTED: list[tuple[Callable[[Path], None], str]] = [
    (pipe, "it is not an ordinary file"),
    (endless, "it is not an ordinary file"),
    (folder, "it is a folder"),
    (of_bytes, "it is no text in UTF-8 (line 2)"),
    (large, "it has more than "),
]


@pytest.mark.parametrize(("plant", "why"), PLANTED)
def test_what_is_no_small_text_is_refused_at_once(tmp_path: Path, plant: Callable[[Path], None], why: str) -> None:
    path = tmp_path / "planted"
    plant(path)
    with pytest.raises(NotReadable) as caught:
        read_small(path)
    assert str(caught.value).startswith(why)


@pytest.mark.parametrize(("plant", "why"), PLANTED)
@pytest.mark.parametrize(
    "read",
    [
        lambda path: read_env_file(path, {}),
        lambda path: read_env_file(None, {"FLATCAP_ENV_FILE": str(path)}),
        read_definitions,
        keymap.load,
    ],
)
def test_a_file_of_settings_that_cannot_be_read_says_why_in_a_sentence(
    tmp_path: Path, plant: Callable[[Path], None], why: str, read: Callable[[Path], Any]
) -> None:
    path = tmp_path / "planted"
    plant(path)
    with pytest.raises(SettingsError) as caught:
        read(path)
    assert f"{path} cannot be read: {why}" in caught.value.message
    assert caught.value.hint


def test_a_file_of_settings_in_its_own_place_is_never_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(tmp_path / ".env")
    monkeypatch.setattr("engine.env_file.default_config_dir", lambda: tmp_path)
    with pytest.raises(SettingsError, match="not an ordinary file"):
        read_env_file(None, {})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = " + "[" * 100_000, "it is not TOML: it is nested too deeply"),
        ("x = " + "1" * 5_000, "it is not TOML: a number in it is too long"),
        ("x = ", "it is not TOML: Invalid value"),
    ],
)
def test_what_is_no_toml_is_told_in_words_of_ours(text: str, why: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read_toml(text)
    assert str(caught.value).startswith(why)


def test_a_mark_of_an_editor_before_the_text_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\xef\xbb\xbfa = 1")
    assert read_small(path) == "a = 1"


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    folder(tmp_path / "x")
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(NotReadable):
            read_small(tmp_path / "x")
    assert len(list(Path("/dev/fd").iterdir())) == before


# -- what is never a reason to fail


def deep(path: Path) -> None:
    path.write_text("[" * 200_000)


@pytest.mark.parametrize("plant", [pipe, endless, folder, of_bytes, large, deep])
def test_a_kept_view_that_cannot_be_used_is_as_good_as_none(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    plant(snapshot_path(tmp_path))
    assert load_snapshot(tmp_path) is None


@pytest.mark.parametrize("plant", [pipe, endless, folder, of_bytes, large, deep])
def test_a_memory_that_cannot_be_used_is_as_good_as_none(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    plant(tmp_path / "app.json")
    assert Memory.load(tmp_path / "app.json").problem


def test_a_kept_view_is_read_as_it_was_written(tmp_path: Path) -> None:
    view = performance_view()
    save_snapshot(tmp_path, view)
    assert load_snapshot(tmp_path) == view


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level_pr", ["x"] * 300),
        ("level_tr", [None] * 300),
        ("level_pr", [1e999] * 300),
        ("members", [1] * 299),
        ("return_pr", [10**400] * 300),
        ("turnover", "x" * 300),
        ("benchmarks", {"SPY": [{}] * 300}),
        ("benchmarks", [1]),
        ("cost_bps", None),
        ("net_pr", 7),
        ("sessions", [1] * 300),
    ],
)
def test_a_kept_view_with_something_else_in_the_place_of_numbers_is_none(
    tmp_path: Path, name: str, value: object
) -> None:
    save_snapshot(tmp_path, performance_view())
    said = json.loads(snapshot_path(tmp_path).read_text())
    said["performance"][name] = value
    snapshot_path(tmp_path).write_text(json.dumps(said))
    assert load_snapshot(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "value"), [("members", None), ("source", 7), ("session", None), ("return_pr", "x"), ("nobody", 1)]
)
def test_a_kept_header_with_something_else_in_it_is_none(tmp_path: Path, name: str, value: object) -> None:
    save_snapshot(tmp_path, performance_view())
    said = json.loads(snapshot_path(tmp_path).read_text())
    said["performance"]["status"][name] = value
    snapshot_path(tmp_path).write_text(json.dumps(said))
    assert load_snapshot(tmp_path) is None
