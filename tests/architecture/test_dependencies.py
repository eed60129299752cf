"""What the project is made with: every library within bounds, and every rule about security in force."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.architecture.sources import ROOT

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ITSELF: Final = "flatcap["


def requirements() -> Iterator[str]:
    yield from PROJECT["build-system"]["requires"]
    yield from PROJECT["project"]["dependencies"]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        yield from (each for each in extra if not each.startswith(ITSELF))


@pytest.mark.parametrize("requirement", sorted(set(requirements())))
def test_a_library_has_a_lowest_and_a_highest_version(requirement: str) -> None:
    assert re.fullmatch(r"[\w-]+>=[\d.]+,<[\d.]+", requirement)


@pytest.mark.parametrize("requirement", sorted(set(requirements())))
def test_the_version_at_hand_is_within_its_bounds(requirement: str) -> None:
    from importlib.metadata import PackageNotFoundError, version

    name, lowest, highest = re.split(">=|,<", requirement)
    try:
        found = _numbers(version(name))
    except PackageNotFoundError:
        pytest.skip("it is for developers")
    assert _numbers(lowest) <= found < _numbers(highest)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version.partition("+")[0])))


def test_the_rules_about_security_are_in_force_for_the_product() -> None:
    lint = PROJECT["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert [rule for rule in lint["ignore"] if rule.startswith("S") and rule[1:].isdigit()] == ["S101"]
    assert {folder for folder, rules in lint["per-file-ignores"].items() if "S" in rules} == {"tests/**"}


def test_the_pipeline_sees_whether_the_libraries_agree() -> None:
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert sum(line.endswith('/bin/pip" check') for line in steps) == 2
