"""What stands in the repository, and what does not."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TOP = {
    ".ci",
    ".env.example",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "METHODOLOGY.md",
    "README.md",
    "engine",
    "pyproject.toml",
    "tests",
    "tuiapp",
}

# Somebody's machine, written so that these lines do not find themselves.
PLACES = (
    "/wo" + "rk/",
    "/ho" + "me/[a-z]",
    "/Us" + "ers/[a-z]",
    "/ro" + "ot/",
    "/op" + "t/",
    r"\bpy" + r"pi\.",
    r"--(extra-)?index" + "-url",
    r"\b(10|192\.168|172\.16)" + r"\.\d+\.\d+",
)


def tracked() -> list[Path]:
    """Files that are in the repository or on their way into it."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a checkout")
    names = [name for name in done.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_nothing_lies_at_the_top_without_a_reason() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} == TOP


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    pattern = re.compile("|".join(PLACES))
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if (match := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert not found


def test_no_file_is_large_or_a_secret() -> None:
    assert not [path for path in tracked() if path.stat().st_size > 1_000_000]
    assert not [path for path in tracked() if path.name == ".env" or path.suffix in (".pem", ".key", ".duckdb")]
