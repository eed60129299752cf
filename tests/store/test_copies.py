"""The last good copies of a store: when they are kept, how many, and that the work never fails for one."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import stat
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import last_good
from engine.errors import DataError, StoreDamaged, StoreLocked
from engine.facade import Engine
from engine.settings import Settings
from engine.store import files
from engine.store.database import STORE_NAME, Database, Session
from engine.views.quality import Decision
from tests.store.engines import DAYS, built, three_names, write

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
LAST, ONE_BEFORE = "flatcap-last-good.duckdb", "flatcap-last-good-1.duckdb"

pytestmark = pytest.mark.usefixtures("kept_copies")


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("built"), three_names(), index_size=2, copies=0).settings.data_dir


@pytest.fixture
def folder(tmp_path: Path, _built: Path) -> Path:
    """Three names, three sessions, two places, no copy."""
    return Path(shutil.copytree(_built, tmp_path / "data"))


def at(folder: Path, copies: int = 2) -> Engine:
    settings = Settings(data_dir=folder, index_size=2, provider="import", copies=copies)
    return Engine(settings, Database(folder), clock=lambda: NOW)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*last-good*"))


def version(folder: Path, name: str) -> int:
    """The version of the data in a copy."""
    place = folder.parent / f"of-{name}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    shutil.copy(folder / name, place / STORE_NAME)
    return at(place).data_version()


def test_a_build_that_changes_nothing_keeps_no_copy(folder: Path) -> None:
    at(folder).build()
    assert kept(folder) == []


def test_a_build_keeps_one_copy_and_the_one_before(folder: Path) -> None:
    engine = at(folder)
    engine.build(full=True)
    assert kept(folder) == [LAST]
    assert (folder / LAST).read_bytes() == (folder / STORE_NAME).read_bytes()
    assert stat.S_IMODE((folder / LAST).stat().st_mode) == 0o600
    first = version(folder, LAST)
    engine.build(full=True)
    assert (version(folder, LAST), version(folder, ONE_BEFORE)) == (engine.data_version(), first)
    engine.build(full=True)
    assert kept(folder) == [ONE_BEFORE, LAST]
    assert not list(folder.glob(".flatcap-*"))


def test_every_work_that_changes_data_keeps_a_copy(folder: Path, tmp_path: Path) -> None:
    engine = at(folder, copies=1)
    backup = engine.backup(tmp_path / "x.backup").path
    prices = tmp_path / "prices.csv"
    prices.write_text("date,ticker,close\n2024-01-05,AA,12\n", encoding="utf-8")
    ended = Decision("final-price", "AA", DAYS[2], price=2.5)
    for work in (
        lambda: engine.import_files([prices]),
        lambda: engine.build(full=True),
        lambda: engine.build_all(full=True),
        lambda: engine.restore(backup),
        lambda: engine.decide(ended),
        lambda: engine.withdraw(ended),
    ):
        (folder / LAST).unlink(missing_ok=True)
        work()
        assert kept(folder) == [LAST]
        assert version(folder, LAST) == engine.data_version()


def test_what_is_built_of_several_indices_is_one_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(last_good, "keep", lambda _, count: made.append(count))
    engine = at(folder)
    with engine._copied():
        engine.build_all(full=True)
        engine.build(full=True)
    assert made == [2]


def test_work_that_fails_keeps_a_copy_of_what_it_had_stored(folder: Path) -> None:
    engine = at(folder)

    def fail() -> None:
        with engine._copied():
            write(engine, "update data_version set version = version + 1")
            raise DataError("no")

    with pytest.raises(DataError):
        fail()
    assert version(folder, LAST) == engine.data_version()


@pytest.mark.parametrize("settings", [{"copies": 0}, {"provider": "demo"}])
def test_copies_can_be_left_out_and_the_demo_has_none(folder: Path, settings: dict[str, object]) -> None:
    chosen = Settings(data_dir=folder, index_size=2, **settings)  # type: ignore[arg-type]
    Engine(chosen, Database(folder), clock=lambda: NOW).build(full=True)
    assert kept(folder) == []


def test_copies_beyond_the_number_that_is_kept_go(folder: Path) -> None:
    database = Database(folder)
    for _ in range(4):
        last_good.keep(database, 3)
    assert kept(folder) == [ONE_BEFORE, "flatcap-last-good-2.duckdb", LAST]
    (folder / "flatcap-last-good-mine.duckdb").touch()
    last_good.keep(database, 1)
    assert kept(folder) == ["flatcap-last-good-mine.duckdb", LAST]


def test_a_newer_copy_of_another_process_stays_the_last(folder: Path) -> None:
    (folder / LAST).write_bytes(b"newer")
    os.utime(folder / LAST, ns=(2**62, 2**62))
    last_good.keep(Database(folder), 2)
    assert kept(folder) == [LAST]
    assert (folder / LAST).read_bytes() == b"newer"


Usage = namedtuple("Usage", "total used free")


def test_without_room_no_copy_is_made_and_that_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 9, 1))
    at(folder).build(full=True)
    assert kept(folder) == []
    assert "No copy of the store was kept: 0 MB are free" in caplog.text


def test_a_copy_that_cannot_be_written_fails_no_work_and_leaves_the_last_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    engine = at(folder)
    engine.build(full=True)
    before = (folder / LAST).read_bytes()
    monkeypatch.setattr("engine.store.backup.clone", full)
    with caplog.at_level(logging.WARNING):
        assert engine.build(full=True).sessions_total == 3
    assert "No copy of the store was kept" in caplog.text
    assert (folder / LAST).read_bytes() == before
    assert not list(folder.glob(".flatcap-*"))


def test_a_copy_with_a_damaged_block_never_gets_the_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiled(source: object, target: object) -> None:
        files.clone(source, target)  # type: ignore[arg-type]
        size = target.tell()  # type: ignore[attr-defined]
        for place in range(3 * 4096 + 50_000, size, 100_000):
            target.seek(place)  # type: ignore[attr-defined]
            target.write(b"\xff\x00\xff")  # type: ignore[attr-defined]

    last_good.keep(Database(folder), 2)
    before = (folder / LAST).read_bytes()
    monkeypatch.setattr("engine.store.backup.clone", spoiled)
    with pytest.raises(StoreDamaged):
        last_good.keep(Database(folder), 2)
    assert kept(folder) == [LAST]
    assert (folder / LAST).read_bytes() == before


def test_copies_beside_are_listed_the_newest_first_and_say_what_they_hold(folder: Path) -> None:
    engine = at(folder)
    engine.build(full=True)
    broken = folder / "flatcap-before-repair-20240101T000000Z.duckdb"
    broken.write_bytes(b"no store" * 1000)
    os.utime(broken, (1, 1))
    last, unsound = engine.copies()
    assert (last.path, last.sound, last.sessions, last.last) == (folder / LAST, True, 3, DAYS[-1])
    assert last.size == (folder / LAST).stat().st_size
    assert (unsound.path, unsound.sound) == (broken, False)
    check = next(check for check in engine.diagnose() if check.name == "copies")
    assert check.state == "good"
    assert f"{LAST} (" in check.text
    assert f"to {DAYS[-1]})" in check.text
    (folder / LAST).unlink()
    assert next(check.state for check in engine.diagnose() if check.name == "copies") == "warn"


def test_no_byte_is_copied_while_this_process_has_the_store_open(folder: Path) -> None:
    impatient = Database(folder, wait_s=0)

    def copied(_: Session) -> None:
        with pytest.raises(StoreLocked):
            last_good.keep(impatient, 1)

    Database(folder).read(copied)
    assert kept(folder) == []
    last_good.keep(impatient, 1)
    assert kept(folder) == [LAST]


def test_work_that_has_changed_nothing_opens_the_store_once_before_and_never_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(folder)
    opened: list[str] = []
    real = Database.read

    def counted(self: Database, work: Callable[[Session], object]) -> object:
        opened.append("read")
        return real(self, work)

    monkeypatch.setattr(Database, "read", counted)
    with last_good.copied_after(database, 2):
        opened.append("work")
    assert opened == ["read", "work"]
    assert kept(folder) == []
