"""The documents say what the program does, and every command in them works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.index.rules import METHODOLOGY_VERSION
from tests import docs
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

ROOT = docs.ROOT
FIRST_STEPS = (
    "python3 -m venv .venv && .venv/bin/pip install .",
    "source .venv/bin/activate",
    "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/pytest -n 4 --dist worksteal",
)
ELSEWHERE = (
    *FIRST_STEPS,
    ".venv/bin/python -m compileall -q .venv/lib",
    "ssh -C you@server flatcap",
    "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'",
    ".venv/bin/pytest -n 4 --dist worksteal",
    ".venv/bin/python -m tests.docs",
)
"""Commands for a shell that are not ours to run here; `.ci/run` does what the first of them do."""


def fenced(document: str) -> list[str]:
    """Lines of the fenced shell blocks of a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines() if line]


def ours(document: str) -> Iterator[list[str]]:
    """Arguments of every command of ours in the fenced blocks of a document."""
    for line in fenced(document):
        if line not in ELSEWHERE:
            for part in line.split(" && "):
                program, *argv = shlex.split(part)
                assert program == "flatcap", f"{part!r} is neither ours nor known"
                yield argv


@pytest.mark.parametrize("document", docs.PARTS)
def test_the_generated_parts_of_a_document_are_up_to_date(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert docs.renewed(document) == text, "run: python -m tests.docs"


def test_the_readme_has_the_first_commands_that_a_person_needs() -> None:
    assert set(FIRST_STEPS) <= set(fenced("README.md"))


def test_the_build_server_installs_and_tests_as_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "install --quiet '.[test]'" in script
    assert script.rstrip().endswith('/bin/pytest" -n 4 --dist worksteal')


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "METHODOLOGY.md", "CHANGELOG.md"])
def test_every_command_of_a_document_is_understood(document: str) -> None:
    """Asked for help, a command line is read but not run."""
    for argv in ours(document):
        assert main([*argv, "--help"]) == 0, argv


def test_every_line_for_cron_is_understood() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```cron\n(.*?)```", text, re.DOTALL)
    lines = [line.split(maxsplit=5) for line in table.splitlines() if "=" not in line]
    assert lines
    for *when, command in lines:
        assert len(when) == 5
        program, *argv = shlex.split(command)
        assert program == "flatcap"
        assert main([*argv, "--help"]) == 0, argv


def test_every_question_to_the_demo_market_in_the_readme_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = [argv for argv in ours("README.md") if argv[:2] == ["--provider", "demo"]]
    assert len(asked) >= 4
    for argv in asked:
        assert main(argv, World(interactive=lambda: False)) == 0, argv
        out, err = capsys.readouterr()
        assert out.count("\n") >= (1 if "export" in argv else 2), argv
        assert err == ""
    assert (tmp_path / "demo.xlsx").is_file()


def test_links_between_documents_lead_somewhere() -> None:
    for document in ROOT.glob("*.md"):
        targets = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
        assert not [target for target in targets if not (ROOT / target).exists()], document.name


def test_the_methodology_has_the_version_that_builds_carry() -> None:
    text = (ROOT / "METHODOLOGY.md").read_text(encoding="utf-8")
    assert re.findall(r"^methodology_version: (\d+)$", text, re.MULTILINE) == [str(METHODOLOGY_VERSION)]


def test_the_readme_says_every_exit_code() -> None:
    from engine import errors

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    codes = {
        each.exit_code
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.EngineError)
    }
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == codes | {0}
