"""Disks that are full, limited, read-only or of somebody else: what was stored stays whole, and a sentence says why."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from engine.store.database import Database
from engine.store.invariants import breaches
from tests.accounts import as_nobody
from tests.faults.faults import files, log, store
from tests.faults.test_states import PRICES, Ground, fingerprints, ground, sound
from tuiapp.logfile import NAME

__all__ = ["ground", "sound"]

ROOT: Final = Path(__file__).parents[2]

FULL: Final = "There is no space left on the disk of {folder}."
ROOM: Final = "make room and run it again; everything that was stored is kept"


def broken(folder: Path) -> list[str]:
    """Rules of the tables that do not hold."""
    return [breach.invariant.name for breach in Database(folder).read(breaches)]


def can_mount() -> bool:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    probe = f"mount -t tmpfs -o size=1m tmpfs {tempfile.gettempdir()}"
    return subprocess.run(["unshare", "-m", "sh", "-c", probe], capture_output=True, check=False).returncode == 0


mounts = pytest.mark.skipif(not can_mount(), reason="only root can mount a small disk, in a namespace of its own")
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")


@pytest.fixture
def disk(sound: Path, tmp_path: Path) -> Any:
    """What commands say on a file system of a kind."""
    (sound.parent / "prices.csv").write_text(PRICES, encoding="utf-8")
    (tmp_path / "place").mkdir()

    def run(kind: str) -> Any:
        words = [sys.executable, "-m", "tests.faults.mounted", kind, str(sound), str(tmp_path / "place")]
        done = subprocess.run(["unshare", "-m", *words], capture_output=True, check=False, cwd=ROOT, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[0])

    return run


@mounts
def test_a_full_disk_changes_nothing_and_can_be_read(disk: Any, tmp_path: Path) -> None:
    found = disk("full")
    folder = tmp_path / "place" / "data"
    assert found["answers"].pop("show")[0] == 0
    for verb, (code, out, err) in found["answers"].items():
        assert (code, out) == (1 if verb in ("export", "backup") else 4, "")
        sentence, hint = err.splitlines()
        assert "no space left on the disk" in sentence
        assert "space" in hint or "room" in hint
    assert found["answers"]["import"][2].splitlines()[0] == f"flatcap: {FULL.format(folder=folder)}"
    assert found["same"]
    assert found["broken"] == []
    assert not [name for name in found["left"] if name.startswith(".flatcap-") or name.endswith((".new", ".part"))]
    assert found["again"][0] == 0


@mounts
def test_on_a_disk_with_little_room_what_is_acknowledged_is_there(disk: Any) -> None:
    found = disk("tight")
    assert found["broken"] == []
    for code, _, err in found["answers"].values():
        assert code == 0 or "no space left on the disk" in err
        assert "Traceback" not in err
    assert found["again"][0] == 0


@mounts
def test_a_read_only_disk_can_be_read_and_is_told(disk: Any, tmp_path: Path) -> None:
    found = disk("read-only")
    folder = tmp_path / "place" / "data"
    assert found["answers"].pop("show")[0] == 0
    for verb in ("import", "build"):
        code, out, err = found["answers"][verb]
        assert (code, out) == (4, "")
        assert err.splitlines() == [
            f"flatcap: {folder} is on a read-only file system.",
            "  hint: make it writable, or choose another --data-dir",
        ]
    assert found["same"]
    assert found["broken"] == []


@contextmanager
def largest(size: int) -> Iterator[None]:
    """No file may be made larger than this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 2_000, 20_000])
@pytest.mark.parametrize("verb", ["import", "build", "export", "backup"])
def test_a_limit_of_file_sizes_leaves_the_store_whole(ground: Ground, verb: str, size: int) -> None:
    words = {
        "import": ("{out}/prices.csv",),
        "build": ("--full",),
        "export": ("{out}/levels.csv",),
        "backup": ("{out}/x.backup",),
    }
    with largest(size):
        code, out, err = ground.run(verb, *words[verb])
    assert "Traceback" not in err
    if code:
        assert code == (1 if verb in ("export", "backup") else 4)
        assert out == ""
        assert "larger than the system allows" in err
        assert "\n  hint: " in err
    assert broken(ground.folder) == []
    assert not [path for path in files(ground.folder.parent) if path.suffix in (".part", ".new")]
    assert ground.run("import", "{out}/prices.csv")[0] == 0
    assert not log(ground.folder).exists()


@pytest.fixture
def open_place(sound: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that every account can enter, with a store in it; all that is needed is loaded already."""
    with tempfile.TemporaryDirectory(prefix="flatcap-test-") as place:
        Path(place).chmod(0o755)
        for name in ("CONFIG", "STATE", "CACHE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", f"{place}/{name}")
        shutil.copytree(sound, Path(place) / "data")
        yield Path(place)


@root
@pytest.mark.parametrize("words", [("show", "composition"), ("build", "--full")])
def test_the_folder_of_another_account_is_told(
    open_place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    ground = Ground(open_place / "data", open_place, capsys)
    ground.run("show", "composition")
    with as_nobody():
        code, out, err = ground.run(*words)
    assert (code, out) == (4, "")
    assert f"flatcap: {ground.folder} belongs to root.\n  hint: run flatcap as root" in err


@root
@pytest.mark.parametrize("words", [("show", "composition"), ("build", "--full")])
def test_a_store_that_may_not_be_opened_is_told(
    open_place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    ground = Ground(open_place / "data", open_place, capsys)
    ground.run("show", "composition")
    before = fingerprints(ground)
    store(ground.folder).chmod(0)
    with as_nobody(ground.folder, *ground.folder.iterdir()):
        code, out, err = ground.run(*words)
    assert (code, out) == (4, "")
    assert f"flatcap: You have no permission to use {store(ground.folder)}.\n  hint: check its owner" in err
    assert fingerprints(ground) == before


SYSTEM: Final = {
    errno.ENOSPC: (FULL, ROOM),
    errno.EDQUOT: ("Your disk quota is used up: nothing more can be stored in {folder}.", ROOM),
    errno.EROFS: ("{folder} is on a read-only file system.", "choose another --data-dir"),
    errno.EIO: ("The disk of {folder} cannot be read or written.", "another disk"),
    errno.EACCES: ("You have no permission to use ", "check its owner and permissions"),
}


@pytest.mark.parametrize("number", SYSTEM, ids=errno.errorcode.get)
def test_what_the_system_refuses_while_a_store_is_made_leaves_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: Path, *_: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    shutil.rmtree(ground.folder)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        code, out, err = ground.run("import", "{out}/prices.csv")
    said, step = SYSTEM[number]
    sentence, hint = err.splitlines()
    assert (code, out) == (4, "")
    assert said.format(folder=ground.folder) in sentence
    assert step in hint
    assert [path.name for path in files(ground.folder)] == []
    assert ground.run("import", "{out}/prices.csv")[0] == 0


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO], ids=errno.errorcode.get)
def test_what_the_system_refuses_while_a_file_is_synced_leaves_none(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = fingerprints(ground)

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    for words in (("export", "{out}/levels.csv"), ("backup", "{out}/x.backup")):
        code, out, err = ground.run(*words)
        assert (code, out) == (1, "")
        assert err.startswith("flatcap: Cannot write ")
        assert "\n  hint: " in err
    assert fingerprints(ground) == before


def _file_for_its_folder(state: Path) -> None:
    state.parent.mkdir(parents=True)
    state.write_text("", encoding="utf-8")


def _directory_for_the_log(state: Path) -> None:
    (state / NAME).mkdir(parents=True)


def _directory_for_its_lock(state: Path) -> None:
    (state / f"{NAME}.lock").mkdir(parents=True)


BESIDE: Final = {
    "a file in the place of its folder": _file_for_its_folder,
    "a directory in the place of the log": _directory_for_the_log,
    "a directory in the place of its lock": _directory_for_its_lock,
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_log_that_cannot_be_written_is_told_once_and_stops_nothing(ground: Ground, name: str) -> None:
    state = Path(os.environ["XDG_STATE_HOME"]) / "flatcap"
    BESIDE[name](state)
    for words in (("show", "composition"), ("build", "--full")):
        code, out, err = ground.run(*words)
        assert code == 0
        assert out
        assert err.count(f"The log {state / NAME} cannot be written") == 1


def test_a_file_in_the_place_of_the_settings_folder_stops_nothing(ground: Ground) -> None:
    config = Path(os.environ["XDG_CONFIG_HOME"])
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("", encoding="utf-8")
    assert ground.run("show", "composition")[0] == 0
