"""What really loads: seen from outside, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, modules

HEAVY = ("textual", "rich", "duckdb", "polars", "numpy", "openpyxl", "holidays", "pandas", "yfinance")
SAY = "; print('LOADED', *sorted(sys.modules))"


def loaded(code: str) -> set[str]:
    """Top-level names of the modules that are loaded after this code."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; " + code + SAY],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("LOADED "))
    return {name.split(".")[0] for name in line.split()[1:]}


@pytest.mark.parametrize(
    "argv",
    [["--help"], ["--version"], ["show", "--help"], ["config", "template"], ["config", "show"], ["nonsense"]],
)
def test_a_command_that_needs_no_data_loads_nothing_heavy(argv: list[str]) -> None:
    found = loaded(f"from tuiapp.cli.main import main; main({argv!r})")
    assert not found & set(HEAVY)
    assert "click" in found


def test_the_way_to_the_app_does_not_open_the_engine() -> None:
    code = (
        "from tuiapp.cli.invocation import World; from tuiapp.cli.main import main;"
        "main([], World(interactive=lambda: True, run_app=lambda settings, demo: 0))"
    )
    assert not loaded(code) & set(HEAVY)


def test_the_app_itself_loads_textual_but_no_engine_room() -> None:
    found = loaded("import tuiapp.app")
    assert "textual" in found
    assert not found & {"duckdb", "polars", "numpy", "openpyxl", "holidays"}


def test_the_facade_is_cheap_to_import() -> None:
    assert not loaded("import engine.facade, engine.views.snapshot, engine.settings") & set(HEAVY)


def test_importing_does_nothing() -> None:
    names = sorted(path.removesuffix(".py").replace("/", ".") for path, _ in modules("engine", "tuiapp"))
    ours = [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    # Polars tells its allocator through the environment how to behave; nothing else may change.
    code = (
        "import importlib, logging, os, threading;"
        "seen = lambda: ({**os.environ, '_RJEM_MALLOC_CONF': ''}, os.listdir('.'), logging.root.handlers[:]);"
        "before = seen();"
        f"[importlib.import_module(name) for name in {ours!r}];"
        "assert before == seen();"
        "assert threading.active_count() == 1, threading.enumerate()"
    )
    assert "duckdb" not in loaded(code)
