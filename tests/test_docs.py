"""The documents say what the program does, and every command in them works."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.index.rules import METHODOLOGY_VERSION
from engine.indices import KEYS, read_definitions
from tests import docs
from tests.picture import healthy
from tuiapp.cli.config import _paths
from tuiapp.cli.diagnostics import OF_SIGNALS
from tuiapp.cli.examples import EXAMPLES
from tuiapp.cli.invocation import Invocation, World
from tuiapp.cli.main import main
from tuiapp.screens.troubles import BUG

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
    """Lines of the fenced shell blocks of a document, without comments."""
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("# ")]


def ours(document: str) -> Iterator[list[str]]:
    """Arguments of every command of ours in the fenced blocks of a document."""
    for line in fenced(document):
        if line not in ELSEWHERE:
            for part in line.split(" && "):
                program, *argv = shlex.split(re.split(r" [|>] ", part)[0])
                assert program == "flatcap", f"{part!r} is neither ours nor known"
                yield argv


@pytest.mark.parametrize("document", docs.PARTS)
def test_the_generated_parts_of_a_document_are_up_to_date(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert docs.renewed(document) == text, "run: python -m tests.docs"


def test_a_screen_that_shows_a_bug_is_no_picture() -> None:
    assert healthy(["all is well"]) == ["all is well"]
    with pytest.raises(RuntimeError, match=BUG):
        healthy(["top100", f"  {BUG}"])


def test_the_file_of_help_is_up_to_date() -> None:
    assert docs.HELP_FILE.read_text(encoding="utf-8") == docs.help_file(), "run: python -m tests.docs"


def test_the_readme_has_the_first_commands_that_a_person_needs() -> None:
    assert set(FIRST_STEPS) <= set(fenced("README.md"))


def test_the_build_server_installs_and_tests_as_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "install --quiet '.[test]'" in script
    assert '/bin/pytest" -n 4 --dist worksteal' in script


@pytest.mark.parametrize(
    ("failed", "again", "code"),
    [(0, 1, 0), (1, 0, 0), (3, 0, 0), (4, 0, 1), (1, 1, 1)],
    ids=["none", "one", "three", "too many", "for good"],
)
def test_the_build_server_gives_few_tests_a_second_chance(tmp_path: Path, failed: int, again: int, code: int) -> None:
    fake = tmp_path / "test" / "bin" / "pytest"
    fake.parent.mkdir(parents=True)
    (tmp_path / "cache" / "v" / "cache").mkdir(parents=True)
    remembered = tmp_path / "cache" / "v" / "cache" / "lastfailed"
    remembered.write_text('"one": true,\n' * failed, encoding="utf-8")
    fake.write_text(
        f"#!/bin/sh\ncase $* in *--last-failed*) exit {again} ;; esac\nexit {min(failed, 1)}\n", encoding="utf-8"
    )
    fake.chmod(0o700)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    head = f"set -euo pipefail; place={tmp_path}; step() {{ :; }}\n"
    tests = script[script.index('step "tests"') :]
    assert subprocess.run(["bash", "-c", head + tests], check=False).returncode == code


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
    tested = {each.line for examples in EXAMPLES.values() for each in examples}
    mine = [argv for argv in ours("README.md") if shlex.join(["flatcap", *argv]) not in tested]
    asked = [argv for argv in mine if argv[:2] == ["--provider", "demo"]]
    assert len(asked) >= 4
    for argv in asked:
        assert main(argv, World(interactive=lambda: False)) == 0, argv
        out, err = capsys.readouterr()
        assert out.count("\n") >= (1 if "export" in argv else 2), argv
        assert err == ""
    assert (tmp_path / "demo.xlsx").is_file()


def test_the_readme_names_every_place_that_is_used() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Where data live")[2]
    named = re.findall(r"^\| ([a-z ]+) \|", text.partition("\n## ")[0], re.MULTILINE)
    invocation = Invocation()
    assert named[1:] == list(_paths(invocation, invocation.as_typed()))


def test_the_indices_of_the_readme_are_ones_and_have_every_key(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    file = tmp_path / "indices.toml"
    file.write_text(example, encoding="utf-8")
    found = read_definitions(file)
    assert {key for each in found.values() for key in each.values} == set(KEYS.values())
    assert any(each.title for each in found.values())


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
    said = {int(code) for cell in re.findall(r"^\| ([\d, ]+) \|", text, re.MULTILINE) for code in cell.split(",")}
    signals = {OF_SIGNALS + each for each in (signal.SIGHUP, signal.SIGTERM)}
    assert said == codes | signals | {0}
