"""Whose the data folder is, and by how many names the store goes: looked at before anything is opened."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StoreError
from engine.facade import open_engine
from engine.settings import Settings
from engine.store import guard
from engine.store.database import STORE_NAME, Database, Session
from engine.store.files import log_of

KEPT = "flatcap-before-restore-20260102T030405Z.duckdb"


def count(session: Session) -> int:
    return int(session.connection.execute("select count(*) from fx").fetchall()[0][0])


def filled(folder: Path) -> Database:
    database = Database(folder)
    database.write(lambda session: session.connection.execute("insert into fx values ('2024-01-02', 'EURUSD', 1.1, 1)"))
    return database


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.exists()}


def refused(database: Database, words: str) -> StoreError:
    """Both reading and writing are refused in these words, and nothing is changed."""
    before = contents(database.folder)
    for use in (database.read, database.write):
        with pytest.raises(StoreError, match=words) as caught:
            use(count)
    assert contents(database.folder) == before
    return caught.value


@pytest.mark.parametrize("mode", [0o770, 0o720, 0o702, 0o777])
def test_a_folder_that_others_can_write_is_refused(tmp_path: Path, mode: int) -> None:
    database = filled(tmp_path / "data")
    database.folder.chmod(mode)
    error = refused(database, "^Other people's accounts may change what is in ")
    assert error.exit_code == 4
    assert error.hint.startswith(f"chmod 700 {database.folder}, or flatcap doctor --repair")


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o750])
def test_a_folder_that_others_can_only_read_is_used(tmp_path: Path, mode: int) -> None:
    database = filled(tmp_path / "data")
    database.folder.chmod(mode)
    assert database.read(count) == 1


def test_a_folder_that_others_can_write_is_closed_by_a_repair(tmp_path: Path) -> None:
    database = filled(tmp_path / "data")
    database.folder.chmod(0o777)
    engine = open_engine(Settings(data_dir=database.folder))
    found = {check.name: check for check in engine.diagnose()}
    assert (found["store"].state, found["permissions"].state) == ("bad", "bad")
    assert "chmod 700" in found["store"].hint
    engine.repair()
    assert stat.S_IMODE(database.folder.stat().st_mode) == 0o700
    assert database.read(count) == 1


def test_a_folder_of_another_account_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = filled(tmp_path / "data")
    monkeypatch.setattr(os, "geteuid", lambda: database.folder.stat().st_uid + 1)
    assert "--data-dir" in refused(database, rf"^{database.folder} belongs to ").hint


def test_an_account_without_a_name_is_told_by_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    def nobody(uid: int) -> Any:
        raise KeyError(uid)

    database = filled(tmp_path / "data")
    uid = database.folder.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    refused(database, f"belongs to the account {uid}")


def test_a_store_with_a_name_elsewhere_is_refused(tmp_path: Path) -> None:
    database = filled(tmp_path / "data")
    (tmp_path / "other.duckdb").hardlink_to(database.path)
    error = refused(database, r"flatcap\.duckdb has 2 names")
    assert f"-samefile {database.path}" in error.hint
    (tmp_path / "other.duckdb").unlink()
    assert database.read(count) == 1


@pytest.mark.parametrize("there", [True, False])
def test_a_store_that_is_a_link_is_refused(tmp_path: Path, there: bool) -> None:
    database = filled(tmp_path / "data")
    elsewhere = tmp_path / "elsewhere.duckdb"
    database.path.rename(elsewhere)
    database.path.symlink_to(elsewhere if there else tmp_path / "nowhere")
    before = elsewhere.read_bytes()
    with pytest.raises(StoreError, match="is a link to another file"):
        database.write(count)
    if there:
        refused(database, "is a link to another file")
    assert database.path.is_symlink()
    assert elsewhere.read_bytes() == before


@pytest.mark.parametrize("use", ["read", "write"])
def test_a_restore_that_was_cut_short_is_undone(tmp_path: Path, use: str) -> None:
    database = filled(tmp_path)
    (tmp_path / KEPT).hardlink_to(database.path)
    (tmp_path / "flatcap-before-restore-20250101T000000Z.duckdb").write_bytes(b"another copy")
    assert getattr(database, use)(count) == 1
    assert not (tmp_path / KEPT).exists()
    assert (tmp_path / "flatcap-before-restore-20250101T000000Z.duckdb").exists()
    assert database.path.stat().st_nlink == 1


def test_the_log_of_a_store_comes_back_with_it(tmp_path: Path) -> None:
    store = tmp_path / STORE_NAME
    store.write_bytes(b"store")
    (tmp_path / KEPT).hardlink_to(store)
    log_of(tmp_path / KEPT).write_bytes(b"log")
    guard.require_one_name(store)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        STORE_NAME: b"store",
        f"{STORE_NAME}.wal": b"log",
    }


def test_only_the_name_of_an_interrupted_restore_is_taken_away(tmp_path: Path) -> None:
    database = filled(tmp_path)
    for name in (KEPT, "mine.duckdb"):
        (tmp_path / name).hardlink_to(database.path)
    with pytest.raises(StoreError, match="has 2 names"):
        database.read(count)
    assert (tmp_path / "mine.duckdb").exists()


def test_folders_above_are_not_judged(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    assert filled(tmp_path / "shared" / "data").read(count) == 1
