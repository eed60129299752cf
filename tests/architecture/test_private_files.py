"""Whatever the umask, every file and folder that a run makes is its owner's alone, also while it is written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.facade import Engine, open_engine
from engine.run import Run
from engine.settings import Settings, default_state_dir

ROOT = Path(__file__).parents[2]
PRICES = "date,ticker,close\n2024-03-26,AAA,10\n2024-03-27,AAA,11\n"
SHARES = "date,ticker,shares_outstanding\n2024-03-26,AAA,1000000000\n"
SECURITIES = "ticker,name,exchange\nAAA,Alpha,NYSE\n"
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """The loosest umask there is."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def on_the_way(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Modes of files under the names that they have before they are whole."""
    seen: dict[str, int] = {}

    def noting(name: str) -> None:
        change = getattr(Path, name)

        def noted(self: Path, *args: Any, **kwargs: Any) -> Any:
            for path in (self, *map(Path, args)):
                if path.is_file():
                    seen[path.name] = stat.S_IMODE(path.stat().st_mode)
            return change(self, *args, **kwargs)

        monkeypatch.setattr(Path, name, noted)

    for name in ("replace", "rename", "hardlink_to", "unlink"):
        noting(name)
    return seen


def open_to_others(folder: Path) -> dict[str, str]:
    """What below a folder, and the folder itself, has another mode than it should."""
    found = {path: stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.rglob("*"))}
    return {
        str(path): oct(mode)
        for path, mode in found.items()
        if mode != (PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
    }


def files_of(folder: Path) -> list[Path]:
    """A tiny market as files of somebody's own."""
    folder.mkdir()
    for name, text in (("prices", PRICES), ("shares", SHARES), ("securities", SECURITIES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def all_work(engine: Engine, folder: Path) -> None:
    """Everything that makes a file, but a fetch."""
    engine.import_files(files_of(folder / "given"))
    engine.build_all()
    out = folder / "out"
    out.mkdir(mode=PRIVATE_FOLDER)
    engine.export(out / "book.xlsx")
    for suffix in ("csv", "json", "jsonl", "parquet"):
        engine.export(out / f"table.{suffix}", sheets=("daily_composition",))
    engine.backup(out / "copy.duckdb")
    engine.restore(out / "copy.duckdb")
    engine.repair()


def test_the_engine_makes_nothing_that_others_can_open(tmp_path: Path, on_the_way: dict[str, int]) -> None:
    engine = open_engine(Settings(tmp_path / "data"))
    all_work(engine, tmp_path)
    made = {path.name for path in (tmp_path / "data").iterdir()}
    assert {"flatcap.duckdb", "flatcap.lock"} <= made
    assert not open_to_others(tmp_path / "data")
    assert not open_to_others(tmp_path / "out")
    assert any(name.startswith(".flatcap-") for name in on_the_way)
    assert {name: oct(mode) for name, mode in on_the_way.items() if mode != PRIVATE_FILE} == {}


def test_a_store_and_its_log_of_changes_are_private_while_they_are_written(tmp_path: Path) -> None:
    from engine.store.database import Database, Session

    seen: dict[str, int] = {}

    def look(session: Session) -> None:
        session.connection.execute("insert or replace into fx select date '2024-03-27', 'EURUSD', 1.1, 1")
        seen.update({path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()})

    database = Database(tmp_path / "data")
    for _ in range(2):
        database.write(look)
    assert "flatcap.duckdb" in seen
    assert set(seen.values()) == {PRIVATE_FILE}
    assert not open_to_others(tmp_path / "data")


def test_a_fetch_makes_nothing_that_others_can_open(tmp_path: Path, on_the_way: dict[str, int]) -> None:
    from engine.store import locks

    database = tmp_path / "data"
    database.mkdir(mode=PRIVATE_FOLDER)
    with locks.fetching(database):
        assert not open_to_others(database)
    assert not open_to_others(database)
    assert set(on_the_way.values()) <= {PRIVATE_FILE}


def test_what_the_app_and_the_command_keep_is_private(tmp_path: Path, on_the_way: dict[str, int]) -> None:
    import logging

    from engine.views.snapshot import save_snapshot
    from tests.functional.fake_engine import performance_view
    from tuiapp import clipboard, crash
    from tuiapp.logfile import LogFile
    from tuiapp.memory import Memory

    state = default_state_dir()
    handler = LogFile(state, Run("00000000", "test"), largest=10)
    for _ in range(3):
        handler.emit(logging.LogRecord("flatcap.test", logging.INFO, "", 0, "said", (), None))
    assert crash.keep(ValueError("odd"), state, datetime(2024, 3, 27, tzinfo=UTC))
    assert "Wrote" in clipboard._to_file("text", "the cell")[0]
    memory = Memory(path=state / "app.json")
    memory.theme = "dark"
    memory.save()
    save_snapshot(state, performance_view())
    assert {path.name for path in state.iterdir()} >= {
        "flatcap.log",
        "flatcap.log.1",
        "flatcap.log.lock",
        "app.json",
        "copied.txt",
    }
    assert not open_to_others(state)
    assert {name: oct(mode) for name, mode in on_the_way.items() if mode != PRIVATE_FILE} == {}


def test_a_run_of_the_program_makes_folders_of_its_own_private_too(tmp_path: Path) -> None:
    given = files_of(tmp_path / "given")
    home = tmp_path / "home"
    home.mkdir(mode=PRIVATE_FOLDER)
    places = {f"XDG_{name}_HOME": str(home / name.lower() / "deep") for name in ("DATA", "STATE", "CONFIG", "CACHE")}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; os.umask(0); from tuiapp.start import entry; entry()",
            "import",
            *map(str, given),
        ],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **places, "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (home / "data" / "deep" / "flatcap" / "flatcap.duckdb").is_file()
    assert (home / "state" / "deep" / "flatcap" / "flatcap.log").is_file()
    assert not open_to_others(home)
