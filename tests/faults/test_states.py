"""Every fault under every command: one sentence, a next step, its exit code, and not a byte of the store is changed."""

from __future__ import annotations

import functools
import hashlib
import shutil
import stat
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from engine.errors import ClockBehind, EngineError, StoreError
from engine.facade import Engine, open_engine
from engine.settings import Settings
from engine.store.database import Database
from tests.faults.faults import FAULTS, a_year_back, files, log, store, unlogged
from tests.functional.harness import session
from tests.store.engines import built, three_names
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

PRICES: Final = "date,ticker,close\n2024-01-05,AA,10.5\n2024-01-05,BB,20\n2024-01-05,CC,6\n"

COMMANDS: Final = {
    "summary": (),
    "show": ("show", "composition"),
    "plan": ("fetch", "--plan"),
    "update": ("update",),
    "import": ("import", "{out}/prices.csv"),
    "build": ("build", "--full"),
    "export": ("export", "{out}/levels.csv"),
    "backup": ("backup", "{out}/x.backup"),
    "decide": ("decide", "rename", "AA", "AB", "2024-01-04"),
}
"""Every command that needs the store; the words stand after the folder."""

WRITES: Final = ("update", "import", "build", "decide")


def nobody(*_: object, **__: object) -> NoReturn:
    """A vendor that must not be asked: the store is at fault, and nothing could be kept."""
    raise AssertionError("a vendor was asked")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small sound store, to be copied."""
    folder = tmp_path_factory.mktemp("sound") / "data"
    built(folder, three_names(), index_size=2)
    return folder


class RealDesk:
    """A real engine for the app where the harness has a fake one."""

    open = staticmethod(functools.partial(open_engine, vendor=nobody))
    gate = work_gate = threading.Event()


@dataclass(frozen=True)
class Ground:
    """A data folder of a test, and a folder for what is written elsewhere."""

    folder: Path
    out: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *argv: str) -> tuple[int, str, str]:
        words = [word.format(out=self.out) for word in argv]
        opener = functools.partial(open_engine, vendor=nobody)
        world = World(lambda: {"FLATCAP_INDEX_SIZE": "2"}, lambda: False, opener)
        code = main(["--data-dir", str(self.folder), *words], world)
        return code, *self.capsys.readouterr()

    def told(self, text: str) -> str:
        """A text of the table with the paths of this ground."""
        return text.format(store=store(self.folder), folder=self.folder)


@pytest.fixture
def ground(sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ground:
    shutil.copytree(sound, tmp_path / "data")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "prices.csv").write_text(PRICES, encoding="utf-8")
    return Ground(tmp_path / "data", tmp_path / "out", capsys)


def fingerprints(ground: Ground) -> dict[str, str]:
    """What every file of a ground holds: the store, what lies beside it, and what was written elsewhere."""
    return {str(path): _content(path) for path in files(ground.folder.parent)}


def _content(path: Path) -> str:
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        return stat.filemode(mode)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_sentence_and_nothing_is_lost(ground: Ground, name: str, command: str) -> None:
    fault = FAULTS[name]
    fault.make(ground.folder)
    before = fingerprints(ground)
    code, out, err = ground.run(*COMMANDS[command])
    sentence, hint, *more = err.splitlines()
    assert (code, out, more) == (4, "", [])
    assert sentence.startswith("flatcap: ")
    assert ground.told(fault.said) in sentence
    assert hint.startswith("  hint: ")
    assert ground.told(fault.step) in hint
    assert fingerprints(ground) == before


@pytest.mark.parametrize("name", FAULTS)
def test_doctor_names_a_fault_first_and_changes_nothing(ground: Ground, name: str) -> None:
    fault = FAULTS[name]
    fault.make(ground.folder)
    before = fingerprints(ground)
    code, out, err = ground.run("doctor")
    worst, hint, *_ = out.splitlines()
    assert (code, err) == (1, "")
    assert worst.startswith("bad   store: ")
    assert ground.told(fault.said) in worst
    assert ground.told(fault.step) in hint
    assert fingerprints(ground) == before


@pytest.mark.parametrize("name", FAULTS)
async def test_the_app_shows_a_fault_and_its_next_step(sound: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(sound, folder)
    fault = FAULTS[name]
    fault.make(folder)
    desk: Any = RealDesk()
    async with session(desk, size=(200, 30), folder=folder) as app:
        shown = " ".join(app.text.split())
        assert fault.said.format(store=store(folder), folder=folder) in shown
        assert fault.step.format(store=store(folder), folder=folder) in shown


def test_what_a_killed_writer_has_committed_is_there(ground: Ground) -> None:
    unlogged(ground.folder)
    assert ground.run("show", "composition")[0] == 0
    assert ground.run("import", "{out}/prices.csv")[0] == 0
    assert not log(ground.folder).exists()
    found = Database(ground.folder).read(lambda session: session.connection.execute("from fx").fetchall())
    assert len(found) == 200


def engine_at_a_year_ago(folder: Path) -> Engine:
    return open_engine(Settings(data_dir=folder, index_size=2), clock=a_year_back, vendor=nobody)


def test_a_clock_that_is_behind_changes_nothing_and_reads_go_on(ground: Ground) -> None:
    assert ground.run("import", "{out}/prices.csv")[0] == 0
    before = fingerprints(ground)
    engine = engine_at_a_year_ago(ground.folder)
    assert engine.composition().rows
    for work in (
        lambda: engine.import_files([ground.out / "prices.csv"]),
        lambda: engine.build(full=True),
        lambda: engine.update(),
    ):
        with pytest.raises(ClockBehind, match="The clock of this machine says") as refused:
            work()
        assert "set the clock" in refused.value.hint
    assert fingerprints(ground) == before


def sentence_of(work: Any) -> str:
    with pytest.raises(EngineError) as failed:
        work()
    assert failed.value.hint
    return failed.value.message


def test_a_folder_that_is_deleted_while_a_write_goes_on_is_told(ground: Ground) -> None:
    database = Database(ground.folder)
    with pytest.raises(StoreError, match="is gone: the folder was deleted or moved while it was used") as failed:
        database.write(lambda _: shutil.rmtree(ground.folder))
    assert failed.value.hint == "put the folder back, or run it again to begin anew"
    assert not ground.folder.exists()


def test_of_a_store_that_is_deleted_under_a_session_no_part_is_written_anew(ground: Ground) -> None:
    engine = open_engine(Settings(data_dir=ground.folder, index_size=2), vendor=nobody)
    assert engine.composition().rows
    shutil.rmtree(ground.folder)
    assert "There are no data" in sentence_of(engine.composition)
    assert "is gone" in sentence_of(lambda: engine.import_files([ground.out / "prices.csv"]))
    assert not ground.folder.exists()


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.repairs])
def test_a_repair_without_a_copy_beside_goes_back_to_what_is_whole(ground: Ground, name: str) -> None:
    shown = ground.run("show", "composition")[1]
    FAULTS[name].make(ground.folder)
    _, out, err = ground.run("doctor", "--repair")
    assert (err, "bad   store" in out) == ("", False)
    assert ground.run("show", "composition")[:2] == (0, shown)
