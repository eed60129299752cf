"""What really loads: seen from outside, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from engine.facade import open_engine
from engine.settings import Settings
from tests.architecture.sources import ROOT, modules
from tests.fake_market import fake_market
from tests.fake_vendor import feed_at

HEAVY = ("textual", "rich", "duckdb", "polars", "numpy", "openpyxl", "holidays", "pandas", "yfinance", "curl_cffi")
VENDOR = {"yfinance", "pandas", "curl_cffi"}
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
    [["--help"], ["--version"], ["show", "--help"], ["config", "template"], ["config", "show"], ["keys"], ["nonsense"]],
)
def test_a_command_that_needs_no_data_loads_nothing_heavy(argv: list[str]) -> None:
    found = loaded(f"from tuiapp.cli.main import main; main({argv!r})")
    assert not found & set(HEAVY)
    assert "click" in found


def test_help_loads_nothing_but_its_own_module() -> None:
    found = loaded("import sys; sys.argv = ['flatcap', 'show', '--help']; from tuiapp.start import entry; entry()")
    assert not found & {*HEAVY, "click", "dataclasses", "pathlib", "platformdirs"}
    assert "tuiapp" in found


def test_a_verb_loads_no_other_verb() -> None:
    code = (
        "from tuiapp.cli.main import main; main(['config', 'path']);"
        "assert not [name for name in sys.modules if name.startswith('tuiapp.cli.') and name.split('.')[2] in"
        " ('commands', 'fetching', 'decide', 'doctor', 'index_views', 'return_views', 'data_views', 'completing')]"
    )
    assert "tuiapp" in loaded(code)


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


def test_a_view_loads_neither_the_vendors_library_nor_pandas(tmp_path: Path) -> None:
    argv = ["--data-dir", str(tmp_path), "--provider", "demo", "show", "composition"]
    found = loaded(f"from tuiapp.cli.main import main; assert main({argv!r}) == 0")
    assert "polars" in found
    assert not found & VENDOR


def test_looking_at_what_is_stored_loads_no_frames(tmp_path: Path) -> None:
    settings = Settings(tmp_path, provider="demo")
    open_engine(settings).load_demo()
    views = ("performance", "metrics", "returns", "composition", "changes", "contributions", "bubble", "coverage")
    code = (
        "from pathlib import Path; from engine.facade import open_engine; from engine.settings import Settings;"
        f"engine = open_engine(Settings(Path({str(tmp_path)!r})));"
        f"[getattr(engine, view)() for view in {(*views, 'fetching', 'plan_fetch')!r}];"
        "engine.stock(engine.composition().rows[0].ticker)"
    )
    found = loaded(code)
    assert "duckdb" in found
    assert not found & {"polars", "numpy", "openpyxl", *VENDOR}


def test_an_update_of_what_is_complete_loads_neither_the_vendors_library_nor_pandas(tmp_path: Path) -> None:
    feed = feed_at(date(2024, 3, 28), fake_market(12, 90))
    settings = Settings(tmp_path, index_size=8, history_years=1, min_cap_usd=0.0, requests_per_second=0.0)
    open_engine(settings, clock=feed.clock, vendor=feed.vendor).update()
    code = (
        "from datetime import datetime; from pathlib import Path;"
        "from engine.facade import open_engine; from engine.settings import Settings;"
        f"settings = Settings(Path({str(tmp_path)!r}), index_size=8, history_years=1, min_cap_usd=0.0);"
        f"clock = lambda: datetime.fromisoformat({feed.now.isoformat()!r});"
        "assert open_engine(settings, clock=clock).update().fetch.requests == 0"
    )
    assert not loaded(code) & VENDOR


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
