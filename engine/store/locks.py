"""A shared/exclusive lock between processes, on files beside the store.

DuckDB locks its own file for one process, readers included, and loses that lock silently when the same process
opens the file in another way. So the store is opened for short moments only, under a lock of ours: readers share,
a writer is alone, and a turnstile keeps eager readers from starving the writer. Whoever waits at the turnstile touches
it, and a writer that sees that it was touched lets others in before it comes again. Who writes signs ``flatcap.lock``,
who fetches ``flatcap.fetch``; readers leave no trace.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from engine.errors import StoreError, StoreLocked
from engine.events import is_told_to_stop, stopped
from engine.store.failures import of_system
from engine.store.owner import UNKNOWN, Owner, sign, signed, unsign

POLL_S: Final = 0.003
WAIT_S: Final = 10.0
PATIENCE_S: Final = 0.3
"""Whoever waits for longer is told for whom."""

LOOK_S: Final = 0.1
"""How often it is looked who holds the store by now."""

PUT_AWAY_S: Final = 1.0
"""How long work that was asked to stop waits at most, to put away what it has by then."""

REST_S: Final = (0.03, 1.0)
"""How long a writer that others wait for stays away at least and at most: a quarter of the time that it held the
store, in which all of them can try, on a slow machine too."""

READERS: Final = "sessions that are reading it"

WaitSink = Callable[[str], None]
"""Is told for whom a lock is waited for, again when that changes, and an empty text once the wait is over."""


def unheard(_: str) -> None:
    """Take the news of a wait and do nothing."""


@contextmanager
def shared(folder: Path, wait_s: float = WAIT_S, on_wait: WaitSink = unheard) -> Iterator[None]:
    """Hold the store for reading, together with other readers."""
    with _file(folder, "turn") as turn, _file(folder, "lock") as lock:
        with _waiting(folder, wait_s, on_wait) as wait:
            wait.take(turn, fcntl.LOCK_SH, lambda: _writer(lock))
            wait.take(lock, fcntl.LOCK_SH, lambda: _writer(lock))
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield


@contextmanager
def exclusive(
    folder: Path, wait_s: float = WAIT_S, on_wait: WaitSink = unheard, command: str = "library"
) -> Iterator[None]:
    """Hold the store for writing, alone."""
    touched = False
    with _file(folder, "turn") as turn, _file(folder, "lock") as lock:
        prove(folder)
        with _waiting(folder, wait_s, on_wait) as wait:
            wait.take(turn, fcntl.LOCK_EX, lambda: _writer(lock))
            before, began = os.fstat(turn).st_mtime_ns, time.monotonic()
            sign(lock, command)
            try:
                wait.take(lock, fcntl.LOCK_EX, lambda: None)
            except BaseException:
                unsign(lock)
                raise
        try:
            yield
        finally:
            unsign(lock)
            touched = os.fstat(turn).st_mtime_ns != before
    if touched:
        time.sleep(min(max((time.monotonic() - began) / 4, REST_S[0]), REST_S[1]))


@contextmanager
def fetching(folder: Path, command: str = "library") -> Iterator[None]:
    """Be the only fetch into the store; a second one is declined at once."""
    with _file(folder, "fetch") as lock:
        if not _took_soon(lock, folder):
            who = signed(lock) or UNKNOWN
            raise StoreLocked(
                f"{_DOING.get(who.command, 'A fetch into')} {folder} is under way: {who.text}.",
                hint="wait until it has ended; flatcap show coverage --fetches says how it went",
            )
        sign(lock, command)
        try:
            yield
        finally:
            unsign(lock)


_DOING: Final = {"restore": "A restore of", "doctor": "A repair of"}
"""What the lock of a fetch is held for besides."""


def owner(folder: Path, name: str = "lock") -> Owner | None:
    """Who writes the store (``lock``) or fetches into it (``fetch``) at this moment."""
    if not (folder / f"flatcap.{name}").exists():
        return None
    with _file(folder, name) as handle:
        return None if _took(handle, fcntl.LOCK_SH, folder) else signed(handle) or UNKNOWN


@cache
def prove(folder: Path) -> None:
    """See once that two of us exclude each other here.

    Raises:
        StoreError: They do not, or nothing can be written.
    """
    probe = folder / f".flatcap-locks-{os.getpid()}-{threading.get_ident()}.part"
    try:
        with _opened(probe) as first, _opened(probe) as second:
            probe.unlink(missing_ok=True)
            if _took(first, fcntl.LOCK_EX, folder) and _took(second, fcntl.LOCK_EX, folder):
                raise _without_locks(folder, "two sessions get the same one")
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


class _Wait:
    """One wait, for two locks in turn: told after a moment, and again when another holds them.

    It ends as soon as its thread is asked to stop: nothing has begun.
    """

    def __init__(self, folder: Path, wait_s: float, on_wait: WaitSink) -> None:
        began = time.monotonic()
        self._folder = folder
        self._puts_away = is_told_to_stop()
        self._deadline = began + (min(wait_s, PUT_AWAY_S) if self._puts_away else wait_s)
        self._look = began + PATIENCE_S
        self._on_wait = on_wait
        self._told = ""

    def take(self, handle: int, mode: int, held_by: Callable[[], Owner | None]) -> None:
        """Take a lock. ``held_by``: who writes, None where it is held by readers."""
        while not _took(handle, mode, self._folder):
            now = time.monotonic()
            self._require_time(now, held_by)
            if now >= self._look:
                self._look = now + LOOK_S
                self._tell(held_by())
            with suppress(OSError):
                os.utime(handle)
            time.sleep(POLL_S)

    def _require_time(self, now: float, held_by: Callable[[], Owner | None]) -> None:
        """Raise what the wait ends with when it has lasted long enough."""
        is_over = now >= self._deadline
        if is_told_to_stop() and (is_over or not self._puts_away):
            raise stopped()
        if is_over:
            raise _locked(self._folder, held_by())

    def _tell(self, who: Owner | None) -> None:
        """Tell of another one; what this process does itself is told by that work."""
        text = "" if who and who.is_this_process else who.text if who else READERS
        if text and text != self._told:
            self._told = text
            self._on_wait(text)

    def end(self) -> None:
        """Tell that it is over, if it was told at all."""
        if self._told:
            self._on_wait("")


@contextmanager
def _waiting(folder: Path, wait_s: float, on_wait: WaitSink) -> Iterator[_Wait]:
    wait = _Wait(folder, wait_s, on_wait)
    try:
        yield wait
    finally:
        wait.end()


def _writer(lock: int) -> Owner:
    """Who keeps the turnstile shut: only a writer does so for long."""
    return signed(lock) or UNKNOWN


def _locked(folder: Path, who: Owner | None) -> StoreLocked:
    doing = f"written by {who.text}" if who else "read by other sessions"
    return StoreLocked(
        f"The store in {folder} is being {doing}.",
        hint="wait until that has ended and try again; FLATCAP_WAIT_SECONDS says how long flatcap waits",
    )


def _took(handle: int, mode: int, folder: Path) -> bool:
    """Take a lock if it is free. Raises ``StoreError`` where there are none."""
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise _without_locks(folder, str(error.strerror)) from error
    return True


def _took_soon(handle: int, folder: Path) -> bool:
    """The same; who only looks whether it is free, as ``owner`` does, is gone in a moment."""
    deadline = time.monotonic() + LOOK_S
    while not (took := _took(handle, fcntl.LOCK_EX, folder)) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return took


def _without_locks(folder: Path, why: str) -> StoreError:
    return StoreError(
        f"{folder} is on a file system without working locks: {why}.", hint="choose a local folder with --data-dir"
    )


def _file(folder: Path, name: str) -> AbstractContextManager[int]:
    return _opened(folder / f"flatcap.{name}")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    flags = os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600)
        except OSError as error:
            if error.errno != errno.EROFS or not path.exists():
                raise
            handle = os.open(path, os.O_RDONLY | flags)  # a reader's lock can be had there, too
    except OSError as error:
        error.filename = str(path if os.path.lexists(path) else path.parent)
        raise of_system(error, path) from error
    try:
        yield handle
    finally:
        os.close(handle)
