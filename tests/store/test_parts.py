"""Parts: files under their hidden names until they are whole, and what becomes of those that a killed run has left."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine import parts
from engine.export.atomic import replacing
from engine.facade import Engine
from engine.last_good import keep
from engine.settings import Settings
from engine.store.database import Database
from tests.store.engines import built, three_names

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)

MAKES_ONE = """
import sys
from pathlib import Path
from engine.parts import new_part
print(new_part(Path(sys.argv[1]))[1].name)
"""


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a part whose process has ended."""
    folder = tmp_path_factory.mktemp("gone")
    told = subprocess.run([sys.executable, "-c", MAKES_ONE, str(folder)], check=True, capture_output=True, text=True)
    return told.stdout.strip()


def named(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_bytes(b"half")
    return [folder / name for name in names]


def test_a_part_is_its_own_processs_as_long_as_that_runs(tmp_path: Path) -> None:
    handle, path = parts.new_part(tmp_path)
    os.close(handle)
    parts.clear_abandoned(tmp_path)
    assert path.exists()
    assert parts.is_abandoned(path) is False
    assert parts.is_abandoned(parts.free_part(tmp_path)) is False


def test_the_part_of_a_process_that_has_ended_goes_before_the_next_one_is_made(tmp_path: Path, gone: str) -> None:
    named(tmp_path, gone)
    with replacing(tmp_path / "x.csv", force=False) as file:
        file.write(b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_a_number_that_another_process_was_given_keeps_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parts.free_part(tmp_path)
    monkeypatch.setattr("engine.process.started", lambda _: 1)
    assert parts.is_abandoned(path) is True


@pytest.mark.parametrize("name", [".flatcap-abc.part", ".flatcap-00000000-1-1-a.part", ".flatcap-x-1-1-a.part"])
def test_of_a_part_of_another_machine_nothing_is_known(tmp_path: Path, name: str) -> None:
    named(tmp_path, name)
    assert parts.is_abandoned(tmp_path / name) is None
    parts.clear_abandoned(tmp_path)
    assert (tmp_path / name).exists()


def test_a_link_under_such_a_name_is_not_followed_and_stays(tmp_path: Path, gone: str) -> None:
    (tmp_path / "mine").touch()
    (tmp_path / gone).symlink_to(tmp_path / "mine")
    parts.clear_abandoned(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"mine", gone}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = built(tmp_path / "data", three_names(), index_size=2)
    settings = Settings(data_dir=made.settings.data_dir, index_size=2, provider="import")
    return Engine(settings, Database(settings.data_dir), clock=lambda: NOW)


def test_doctor_sees_what_a_killed_run_has_left_at_once(engine: Engine, gone: str) -> None:
    folder = engine.settings.data_dir
    left = named(folder, gone, f"{gone}.wal", ".flatcap-abc.part")
    check = next(check for check in engine.diagnose() if check.name == "leftovers")
    assert (check.state, check.text) == (
        "warn",
        f"Interrupted runs left 2 files behind: {gone}, {gone}.wal.",
    )
    assert engine.repair().done == tuple(f"{path}, which an interrupted run had left, is gone." for path in left[:2])
    assert left[2].exists()


def test_what_lies_there_in_vain_makes_room_for_the_next_copy(
    engine: Engine, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = engine.settings.data_dir
    (left,) = named(folder, gone)

    class Disk:
        @property
        def free(self) -> int:
            return 0 if left.exists() else 10**12

    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk())
    keep(Database(folder), 1)
    assert (folder / "flatcap-last-good.duckdb").exists()


def test_a_kill_while_a_store_is_set_aside_never_leaves_it_without_its_log(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.store import backup
    from tests.store.test_backup import killed_writer

    folder = engine.settings.data_dir
    killed_writer(folder)
    steps = 0

    def killed_at(step: int, name: str) -> Any:
        change = getattr(Path, name)

        def counted(self: Path, *args: Any, **kwargs: Any) -> Any:
            nonlocal steps
            if steps == step:
                raise KeyboardInterrupt
            steps += 1
            return change(self, *args, **kwargs)

        return counted

    rows = "select count(*) from fx"
    for step in range(3):
        fresh = folder / "fresh"
        fresh.write_bytes(b"of the repair")
        steps = 0
        with monkeypatch.context() as patch, Database(folder).exclusive():
            for name in ("replace", "hardlink_to"):
                patch.setattr(Path, name, killed_at(step, name))
            with pytest.raises(KeyboardInterrupt):
                backup.swap(Database(folder), fresh, folder / "flatcap-before-repair-20240301T123000Z.duckdb")
        found = Database(folder).read(lambda session: session.connection.execute(rows).fetchall())
        assert found == [(1,)], step
        assert not list(folder.glob("flatcap-before-*"))
