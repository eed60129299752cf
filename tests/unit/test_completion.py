"""Completing a path: as far as it goes on in one way, and what else there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tuiapp import completion
from tuiapp.completion import Completion, complete_path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("prices-2024.csv", "prices-2025.csv", "shares.csv", ".secret.csv", "with space.csv"):
        (tmp_path / name).touch()
    (tmp_path / "market").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("sh", "shares.csv"),
        ("./sh", "./shares.csv"),
        ("m", "market/"),
        ("w", "with space.csv"),
        ("~/sh", "~/shares.csv"),
        ("~", "~/"),
        (".", ".secret.csv"),
        (".s", ".secret.csv"),
        ("shares.csv", "shares.csv"),
    ],
)
def test_what_goes_on_in_one_way_is_completed(folder: Path, typed: str, completed: str) -> None:
    assert complete_path(typed) == Completion(completed)


def test_what_goes_on_in_several_ways_is_completed_as_far_as_they_agree(folder: Path) -> None:
    found = complete_path(f"{folder}/p")
    assert found == Completion(f"{folder}/prices-202", ("prices-2024.csv", "prices-2025.csv"))
    assert complete_path(found.text).text == found.text


def test_hidden_files_are_found_only_by_their_dot(folder: Path) -> None:
    assert ".secret.csv" not in complete_path("").candidates
    assert complete_path("").candidates == (
        "market/",
        "prices-2024.csv",
        "prices-2025.csv",
        "shares.csv",
        "with space.csv",
    )


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("nothing/", "there is no such folder"),
        ("shares.csv/", "there is no such folder"),
        ("x", "nothing there begins like that"),
        ("market/", "there is nothing there"),
        ("~nobody-of-this-name/x", "it cannot be read"),
        ("a\x00b/", "it cannot be read"),
    ],
)
def test_where_there_is_no_way_on_the_reason_is_said(folder: Path, typed: str, note: str) -> None:
    assert complete_path(typed) == Completion(typed, note=note)


def test_names_that_cannot_be_shown_are_not_offered(folder: Path) -> None:
    for name in ("evil\x1b[2J.csv", "evil\u202egpj.csv", "evil\n.csv", "evil-\udcff.csv"):
        (folder / name).touch()
    assert complete_path("evil").note == "nothing there begins like that"
    (folder / "evil.csv").touch()
    assert complete_path("evil") == Completion("evil.csv")


def test_a_huge_folder_is_looked_at_in_part_and_that_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MOST", 3)
    found = complete_path("")
    assert len(found.candidates) <= 3
    assert found.note == "of the first 3 names"
