"""Every way out has its code, its sentence on stderr, and nothing on stdout."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

# What is a failure is known when all modules are: some of them may have kinds of their own.
import engine.facade
import engine.fetcher
import tuiapp.cli.main
from engine.errors import EngineError
from tests.cli.conftest import Desk
from tuiapp.cli import diagnostics
from tuiapp.cli.output import ReaderLeft

ROOT = Path(__file__).parents[2]
MODULES = (engine.facade, engine.fetcher, tuiapp.cli.main)
CODES = {
    "EngineError": 1,
    "SettingsError": 2,
    "ProviderError": 3,
    "StoreError": 4,
    "StoreLocked": 4,
    "StoreTooNew": 4,
    "StoreDamaged": 4,
    "DataError": 5,
    "NoData": 5,
    "ExportError": 1,
    "Cancelled": 130,
}
BUG = "import tuiapp.cli.main as m; m.main = lambda argv: {}['a bug']; m.entry()"


def kinds(kind: type[EngineError]) -> Iterator[type[EngineError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from kinds(child)


ALL = list(dict.fromkeys(kinds(EngineError)))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_failure_of_the_engine_has_a_code_a_sentence_and_its_hint(
    kind: type[EngineError], capsys: pytest.CaptureFixture[str]
) -> None:
    nearest = next(each.__name__ for each in kind.__mro__ if each.__name__ in CODES)
    assert diagnostics.report(kind("It failed.", hint="try again")) == CODES[nearest]
    out, err = capsys.readouterr()
    assert (out, err) == ("", "flatcap: It failed.\n  hint: try again\n")


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_the_commands_of_every_hint_are_about_the_same_store(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: type[EngineError]
) -> None:
    def fail(*_: object) -> None:
        raise kind("It failed.", hint="do: flatcap build; flatcap --index b build --full; ask flatcap, or /flatcap x")

    monkeypatch.setattr(desk.engine, "_answer", fail)
    err = desk.run("show", "coverage", "--data-dir", "/d", "--index", "a", "--provider", "import").err
    mine, other = (f"flatcap --data-dir /d --index {index} --provider import build" for index in "ab")
    assert err == f"flatcap: It failed.\n  hint: do: {mine}; {other} --full; ask flatcap, or /flatcap x\n"


def test_the_way_to_the_demo_market_has_no_other_provider(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise EngineError("It failed.", hint="flatcap demo makes some up")

    monkeypatch.setattr(desk.engine, "_answer", fail)
    err = desk.run("show", "coverage", "--data-dir", "/d", "--provider", "import").err
    assert err.endswith("  hint: flatcap --data-dir /d demo makes some up\n")


def test_every_failure_that_is_listed_exists() -> None:
    assert {each.__name__ for each in ALL} >= set(CODES)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (click.UsageError("Bad."), 2),
        (click.BadParameter("Bad."), 2),
        (click.MissingParameter("Bad.", param_type="option", param_hint="--x"), 2),
        (click.NoSuchOption("--bad"), 2),
        (click.BadOptionUsage("--bad", "Bad."), 2),
        (click.BadArgumentUsage("Bad."), 2),
        (click.FileError("bad", "gone"), 1),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, BaseException) else "",
)
def test_what_click_and_a_person_raise_has_a_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(error, diagnostics.Expected)
    assert diagnostics.report(error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("flatcap: ")


def test_a_reader_that_left_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert diagnostics.report(ReaderLeft()) == 0
    assert capsys.readouterr() == ("", "")


def test_an_unexpected_bug_ends_with_one_and_says_all_on_stderr() -> None:
    done = subprocess.run([sys.executable, "-c", BUG], capture_output=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"Traceback")
    assert b"KeyError: 'a bug'" in done.stderr
