"""Files of the store that are not ours alone, and folders in which nothing can be made: told, and nothing is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.facade import open_engine
from engine.settings import Settings
from engine.store.database import Database
from engine.store.files import log_of
from tests.accounts import NOBODY, as_nobody
from tests.store.test_guard import count, filled, refused

root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")


@pytest.fixture
def open_path(tmp_path: Path) -> Iterator[Path]:
    """A folder that every account can come at."""
    shut = [path for path in (tmp_path, *tmp_path.parents) if not path.stat().st_mode & 0o001]
    modes = [path.stat().st_mode for path in shut]
    for path in shut:
        path.chmod(0o755)
    yield tmp_path
    for path, mode in zip(shut, modes, strict=True):
        path.chmod(mode)


@pytest.mark.parametrize("mode", [0o666, 0o660, 0o620, 0o602])
@pytest.mark.parametrize("folder_mode", [0o700, 0o755])
def test_a_store_that_others_can_write_is_refused(tmp_path: Path, mode: int, folder_mode: int) -> None:
    database = filled(tmp_path / "data")
    database.folder.chmod(folder_mode)
    database.path.chmod(mode)
    error = refused(database, rf"^Other people's accounts may change {database.path}\.$")
    assert error.exit_code == 4
    assert error.hint.startswith(f"chmod 600 {database.path}, or flatcap doctor --repair")


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640])
def test_a_store_that_others_can_only_read_is_used(tmp_path: Path, mode: int) -> None:
    database = filled(tmp_path / "data")
    database.path.chmod(mode)
    assert database.read(count) == 1


def test_a_store_that_others_can_write_is_closed_by_a_repair(tmp_path: Path) -> None:
    database = filled(tmp_path / "data")
    database.path.chmod(0o666)
    open_engine(Settings(data_dir=database.folder)).repair()
    assert database.read(count) == 1


def test_a_log_that_others_can_come_at_and_write_is_refused(tmp_path: Path) -> None:
    database = filled(tmp_path / "data")
    log_of(database.path).touch()
    log_of(database.path).chmod(0o666)
    assert database.read(count) == 1
    database.folder.chmod(0o711)
    refused(database, rf"^Other people's accounts may change {log_of(database.path)}\.$")


@root
def test_a_store_of_another_account_is_refused(tmp_path: Path) -> None:
    database = filled(tmp_path / "data")
    os.chown(database.path, NOBODY, NOBODY)
    error = refused(database, rf"^{database.path} belongs to nobody\.$")
    assert error.hint.startswith(f"check its owner: chown root {database.path}")


@root
@pytest.mark.parametrize("made", [True, False])
def test_a_folder_in_which_nothing_can_be_made_is_named(open_path: Path, made: bool) -> None:
    """With files of locks or without, it is the folder that has to be mended."""
    database = filled(open_path / "data")
    if not made:
        for lock in database.folder.glob("flatcap.[lt]*"):
            lock.unlink()
    database.folder.chmod(0o500)
    with as_nobody(database.folder, *database.folder.iterdir()):
        # Locks that were proved by this process are not proved again.
        from engine.store.locks import prove

        prove.cache_clear()
        with pytest.raises(StoreError) as caught:
            database.write(count)
    assert caught.value.message == f"You have no permission to use {database.folder}."


@root
@pytest.mark.parametrize("below", ["data", "some/where/data"])
def test_the_folder_above_is_named_in_which_none_can_be_made(open_path: Path, below: str) -> None:
    place = open_path / "place"
    place.mkdir(mode=0o755)
    with as_nobody(), pytest.raises(StoreError) as caught:
        Database(place / below).write(count)
    assert caught.value.message == f"You have no permission to use {place}."


def test_what_lies_below_a_file_is_no_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    engine = open_engine(Settings(data_dir=tmp_path / "file" / "data"))
    for ask in (engine.performance, engine.indices, engine.data_version):
        with pytest.raises(StoreError, match=r"file/data is not a folder\.$"):
            ask()
