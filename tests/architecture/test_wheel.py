"""The wheel that is built from here installs and runs away from here."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

RUN = "from tuiapp.start import entry; entry()"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("flatcap-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, cwd: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *argv],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    files = {
        path.relative_to(ROOT).as_posix()
        for package in ("engine", "tuiapp")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= inside
    assert {"engine/py.typed", "tuiapp/py.typed", "tuiapp/tuiapp.tcss"} <= inside
    assert any(name.endswith(".sql") for name in inside)
    assert not [name for name in inside if name.startswith("tests/")]


def test_the_wheel_brings_the_command_and_the_licence(installed: Path) -> None:
    (info,) = installed.glob("flatcap-*.dist-info")
    assert "flatcap = tuiapp.start:entry" in (info / "entry_points.txt").read_text(encoding="utf-8")
    assert (info / "licenses" / "LICENSE").is_file()


def test_the_command_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, "--version")
    assert (where.returncode, where.stderr) == (0, "")
    assert where.stdout.startswith("flatcap ")


def test_the_demo_market_runs_from_the_wheel_and_is_kept_for_the_next_time(installed: Path, tmp_path: Path) -> None:
    first = run(installed, tmp_path, "--data-dir", str(tmp_path / "data"), "demo", "--headless")
    assert (first.returncode, first.stderr) == (0, "")
    assert "SYNTHETIC" in first.stdout
    again = run(installed, tmp_path, "--data-dir", str(tmp_path / "data"), "demo", "--headless")
    assert again.stdout == first.stdout
