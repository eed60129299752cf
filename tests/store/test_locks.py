"""The locks of a store: who waits for whom, who is named, and where there are none."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StoreError, StoreLocked
from engine.store import locks
from engine.store.owner import Owner, named, sign, signed

OTHER = 1
"""A process that is not this one and is always there."""


@contextmanager
def held(folder: Path, **changed: Any) -> Iterator[Path]:
    """The store is held by what looks like another process."""
    with locks.exclusive(folder, command="update"):
        file = folder / "flatcap.lock"
        record = json.loads(file.read_text(encoding="utf-8")) | {"pid": OTHER, "started": None} | changed
        file.write_text(json.dumps(record), encoding="utf-8")
        yield file


def test_the_writer_signs_for_as_long_as_it_holds_the_store(tmp_path: Path) -> None:
    with locks.exclusive(tmp_path, command="update"):
        owner = locks.owner(tmp_path)
    assert owner is not None
    assert (owner.pid, owner.command, owner.alive, owner.is_this_process) == (os.getpid(), "update", True, True)
    assert (tmp_path / "flatcap.lock").read_bytes() == b""
    assert locks.owner(tmp_path) is None


def test_the_record_is_one_line_with_all_that_is_known(tmp_path: Path) -> None:
    with locks.fetching(tmp_path, "fetch"):
        lines = (tmp_path / "flatcap.fetch").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert sorted(json.loads(lines[0])) == ["command", "host", "pid", "since", "started", "user"]


def test_readers_leave_no_trace(tmp_path: Path) -> None:
    with locks.shared(tmp_path):
        assert {path.read_bytes() for path in tmp_path.iterdir()} == {b""}
        assert locks.owner(tmp_path) is None


def test_an_owner_is_named_as_people_know_it() -> None:
    today = datetime.now(UTC).replace(hour=12, minute=3, second=11)
    owner = Owner(123, "ann", "here", "update", today, True)
    assert owner.text == "flatcap update (process 123, ann, since 12:03:11 UTC)"
    assert Owner(123, "ann", "there", "app", today).text == "the app (process 123 on there, ann, since 12:03:11 UTC)"
    old = Owner(7, "", "here", "library", datetime(2024, 1, 2, 3, 4, tzinfo=UTC), False)
    assert old.text == "a program (process 7, since 2024-01-02 03:04 UTC), which has ended"
    assert Owner().text == "another process"
    assert [named(command) for command in ("summary", "")] == ["flatcap", "a program"]


def test_who_waits_is_told_for_whom_once_and_that_it_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE_S", 0.0)
    told: list[str] = []
    with held(tmp_path), pytest.raises(StoreLocked), locks.shared(tmp_path, 0.2, told.append):
        pass
    assert len(told) == 2
    assert told[0].startswith(f"flatcap update (process {OTHER}, ")
    assert told[1] == ""


def test_another_owner_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE_S", 0.0)
    monkeypatch.setattr(locks, "LOOK_S", 0.0)
    told: list[str] = []

    def hear(text: str) -> None:
        told.append(text.partition(" (")[0])
        record = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({**record, "command": "build"}), encoding="utf-8")

    with held(tmp_path) as file, pytest.raises(StoreLocked), locks.exclusive(tmp_path, 0.2, hear):
        pass
    assert told == ["flatcap update", "flatcap build", ""]


def test_a_writer_is_told_that_others_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE_S", 0.0)
    told: list[str] = []
    reads = pytest.raises(StoreLocked, match="is being read by other sessions")
    with locks.shared(tmp_path), reads, locks.exclusive(tmp_path, 0.1, told.append):
        pass
    assert told == [locks.READERS, ""]
    assert (tmp_path / "flatcap.lock").read_bytes() == b""


def test_a_short_wait_is_not_told_at_all(tmp_path: Path) -> None:
    told: list[str] = []
    with held(tmp_path), pytest.raises(StoreLocked), locks.shared(tmp_path, 0.02, told.append):
        pass
    assert told == []


def test_a_thread_that_waits_for_another_one_of_its_process_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE_S", 0.0)
    told: list[str] = []
    with locks.exclusive(tmp_path), pytest.raises(StoreLocked), locks.shared(tmp_path, 0.05, told.append):
        pass
    assert told == []


def test_without_patience_nothing_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slept(_: float) -> None:
        raise AssertionError

    monkeypatch.setattr(time, "sleep", slept)
    with held(tmp_path), pytest.raises(StoreLocked, match=r"is being written by flatcap update \(process 1, "):
        locks.shared(tmp_path, 0).__enter__()
    with locks.exclusive(tmp_path, 0), pytest.raises(StoreLocked):
        locks.exclusive(tmp_path, 0).__enter__()


@pytest.mark.parametrize(
    ("changed", "alive"),
    [
        ({"pid": os.getpid()}, True),
        ({"pid": os.getpid(), "started": 1}, False),
        ({"pid": 2**31 - 1}, False),
        ({"pid": 2**70}, False),
        ({"host": "elsewhere"}, None),
    ],
)
def test_an_owner_that_has_ended_or_is_elsewhere_is_recognised(
    tmp_path: Path, changed: dict[str, Any], alive: bool | None
) -> None:
    if changed.get("started") and not Path("/proc/self/stat").exists():
        pytest.skip("this system does not say when a process began")
    with held(tmp_path, **changed):
        owner = locks.owner(tmp_path)
    assert owner is not None
    assert owner.alive is alive


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"123\n",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b'{"pid": "1"}',
        b'{"pid": -1}',
        b'{"pid": 1}',
        b'{"pid": 1, "since": "yesterday"}',
        b"[" * 5_000,
        b'{"pid": 1, "since": "2026-01-01", "user": "' + b"a" * 5_000,
    ],
)
def test_a_line_that_says_nothing_names_nobody(tmp_path: Path, line: bytes) -> None:
    with locks.exclusive(tmp_path):
        (tmp_path / "flatcap.lock").write_bytes(line)
        assert locks.owner(tmp_path) == Owner()


def test_a_line_of_others_brings_no_escape_sequence_along(tmp_path: Path) -> None:
    with held(tmp_path, user="ann\x1b]0;x\x07\n\u202e", command="up\x1b[2Jdate" + "a" * 500):
        owner = locks.owner(tmp_path)
    assert owner is not None
    assert owner.text.isprintable()
    assert len(owner.text) < 200


def test_a_full_disk_keeps_nobody_from_holding_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with locks.exclusive(tmp_path):
        assert locks.owner(tmp_path) == Owner()


def test_a_second_fetch_is_told_who_is_at_it(tmp_path: Path) -> None:
    for command, what in (("update", "A fetch into"), ("restore", "A restore of"), ("doctor", "A repair of")):
        under_way = pytest.raises(StoreLocked, match=rf"^{what} .+ is under way: flatcap {command} \(process ")
        with locks.fetching(tmp_path, command), under_way, locks.fetching(tmp_path):
            pass


def test_locks_that_exclude_nobody_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    with pytest.raises(StoreError, match="without working locks: two sessions get the same one") as caught:
        locks.exclusive(tmp_path).__enter__()
    assert "--data-dir" in caught.value.hint
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flatcap.lock", "flatcap.turn"]


def test_locks_that_the_file_system_does_not_have_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    for take in (locks.shared, locks.exclusive, locks.fetching):
        with pytest.raises(StoreError, match="without working locks: No locks available"):
            take(tmp_path).__enter__()


def test_locks_are_proved_once_a_folder_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes: list[str] = []
    real = os.open

    def seen(path: Any, *args: Any) -> int:
        if "flatcap-locks" in str(path):
            probes.append(str(path))
        return real(path, *args)

    monkeypatch.setattr(os, "open", seen)
    for _ in range(3):
        with locks.exclusive(tmp_path):
            pass
    assert len(probes) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flatcap.lock", "flatcap.turn"]


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "flatcap.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"flatcap\.lock is a link"):
        locks.shared(tmp_path).__enter__()
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_whose_record_is_of_a_killed_writer_is_free(tmp_path: Path) -> None:
    handle = os.open(tmp_path / "flatcap.lock", os.O_RDWR | os.O_CREAT)
    sign(handle, "update")
    assert signed(handle) is not None
    os.close(handle)
    assert locks.owner(tmp_path) is None
    with locks.exclusive(tmp_path, 0):
        pass


def test_a_waiting_writer_goes_before_readers_that_come_after_it(tmp_path: Path) -> None:
    order: list[str] = []
    waits, reading = threading.Event(), threading.Event()

    def write() -> None:
        with locks.exclusive(tmp_path, 20, lambda text: waits.set() if text else None):
            order.append("writer")

    def read() -> None:
        reading.set()
        with locks.shared(tmp_path, 20):
            order.append("reader")

    with locks.shared(tmp_path):
        writer = threading.Thread(target=write)
        writer.start()
        assert waits.wait(20)
        reader = threading.Thread(target=read)
        reader.start()
        assert reading.wait(20)
        reader.join(0.05)
        assert order == []
    writer.join(20)
    reader.join(20)
    assert order == ["writer", "reader"]
