"""A shared/exclusive lock between processes, on files beside the store.

DuckDB locks its own file for one process, readers included, and loses that lock silently when the same process
opens the file in another way. So the store is opened for short moments only, under a lock of ours: readers share,
a writer is alone, and a turnstile keeps eager readers from starving the writer.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.errors import StoreError, StoreLocked

POLL_S = 0.005
WAIT_S = 10.0


@contextmanager
def shared(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the store for reading, together with other readers."""
    with _file(folder, "turn") as turn, _file(folder, "lock") as lock:
        deadline = time.monotonic() + wait_s
        _take(turn, fcntl.LOCK_SH, deadline, folder)
        _take(lock, fcntl.LOCK_SH, deadline, folder)
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield


@contextmanager
def exclusive(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the store for writing, alone."""
    with _file(folder, "turn") as turn, _file(folder, "lock") as lock:
        deadline = time.monotonic() + wait_s
        _take(turn, fcntl.LOCK_EX, deadline, folder)
        _take(lock, fcntl.LOCK_EX, deadline, folder)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield


@contextmanager
def fetching(folder: Path) -> Iterator[None]:
    """Be the only fetch into the store; a second one is declined at once."""
    with _file(folder, "fetch") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreLocked(
                f"A fetch into {folder} was begun{_owner(folder, 'fetch')} and has not ended.",
                hint="wait until it has ended; flatcap show coverage --fetches says how it went",
            ) from None
        except OSError as error:
            raise _without_locks(folder, error) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that holds a lock.

    Attributes:
        pid: Its number, None where it has not said so yet.
        since: When it took the lock, in seconds since the epoch.
        alive: Whether there is such a process on this machine.
    """

    pid: int | None
    since: float
    alive: bool


def owner(folder: Path, name: str = "lock") -> Owner | None:
    """Who writes the store (``lock``) or fetches into it (``fetch``) at this moment."""
    path = folder / f"flatcap.{name}"
    if not path.exists():
        return None
    with _file(folder, name) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
        except BlockingIOError:
            pid = int(os.pread(handle, 20, 0) or 0) or None
            return Owner(pid, os.fstat(handle).st_mtime, pid is not None and _is_alive(pid))
        except OSError as error:
            raise _without_locks(folder, error) from error


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _file(folder: Path, name: str) -> Iterator[int]:
    path = folder / f"flatcap.{name}"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be opened: {error.strerror}.", hint="check the folder's owner and permissions"
        ) from error
    try:
        yield handle
    finally:
        os.close(handle)


def _take(handle: int, mode: int, deadline: float, folder: Path) -> None:
    while True:
        try:
            fcntl.flock(handle, mode | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StoreLocked(
                    f"The store in {folder} is being written{_owner(folder)}.",
                    hint="wait until that command has ended and try again",
                ) from None
            time.sleep(POLL_S)
        except OSError as error:
            raise _without_locks(folder, error) from error


def _without_locks(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{folder} is on a file system without working locks: {error.strerror}.",
        hint="choose a local folder with --data-dir",
    )


def _owner(folder: Path, name: str = "lock") -> str:
    try:
        pid = (folder / f"flatcap.{name}").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return f" by process {pid}" if pid else ""
