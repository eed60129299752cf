"""Who holds a lock: one line that the holder leaves in the file of the lock, and what it says to others.

The line is a courtesy: the lock alone decides. A line that outlived its process, or that cannot be read, names nobody.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from engine.process import host, is_alive, started

LONGEST: Final = 1_000
"""Bytes of a line; no more are read of what others may have put there."""

WORD: Final = 60
"""Characters of a name or a command that are shown."""

NAMED: Final = {"app": "the app", "summary": "flatcap", "library": "a program"}
"""Commands that nobody types as they are recorded."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that holds a lock, as far as it has said who it is.

    Attributes:
        pid: Its number, None where nothing is known of it.
        user: The account it runs under.
        host: The machine it runs on.
        command: What was asked for, as in ``Run``.
        since: When it took the lock.
        alive: Whether it still runs; None for a process of another machine, which cannot be seen from here.
    """

    pid: int | None = None
    user: str = ""
    host: str = ""
    command: str = ""
    since: datetime | None = None
    alive: bool | None = None

    @property
    def text(self) -> str:
        """``flatcap update (process 123, ann, since 12:03:11 UTC)``."""
        if self.pid is None:
            return "another process"
        elsewhere = f" on {self.host}" if self.alive is None else ""
        parts = (f"process {self.pid}{elsewhere}", self.user, _since(self.since))
        ended = ", which has ended" if self.alive is False else ""
        return f"{named(self.command)} ({', '.join(part for part in parts if part)}){ended}"

    @property
    def is_this_process(self) -> bool:
        """Whether another thread of this process holds it."""
        return bool(self.alive) and self.pid == os.getpid()


UNKNOWN: Final = Owner()


def named(command: str) -> str:
    """A command as people know it."""
    return NAMED.get(command) or (f"flatcap {command}" if command else "a program")


def sign(handle: int, command: str) -> None:
    """Say in the file of a lock who holds it. A full disk keeps nobody from holding it."""
    record = {
        "pid": os.getpid(),
        "started": started(os.getpid()),
        "host": host(),
        "user": _user(),
        "command": command,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{json.dumps(record)}\n".encode(), 0)


def unsign(handle: int) -> None:
    """Take the line away: who holds the lock from now on has not said who it is."""
    with suppress(OSError):
        os.ftruncate(handle, 0)


def signed(handle: int) -> Owner | None:
    """Who has signed last, None where nobody has or what is there says nothing."""
    try:
        record = json.loads(os.pread(handle, LONGEST, 0))
        return _owner(record) if isinstance(record, dict) else None
    except (OSError, ValueError, RecursionError):
        return None


def _owner(record: dict[str, Any]) -> Owner:
    """The owner of a line. Raises ``ValueError`` where it has no number."""
    pid, where = record.get("pid"), _word(record.get("host"))
    if not isinstance(pid, int) or pid <= 0:
        raise ValueError(pid)
    alive = is_alive(pid, record.get("started")) if where == host() else None
    since = datetime.fromisoformat(str(record.get("since"))).astimezone(UTC)
    return Owner(pid, _word(record.get("user")), where, _word(record.get("command")), since, alive)


def _word(value: object) -> str:
    """Text of a line: it came through a file, and goes to a terminal."""
    return "".join(letter for letter in str(value or "") if letter.isprintable())[:WORD]


def _since(moment: datetime | None) -> str:
    if moment is None:
        return ""
    today = moment.date() == datetime.now(UTC).date()
    return f"since {moment:%H:%M:%S} UTC" if today else f"since {moment:%Y-%m-%d %H:%M} UTC"


def _user() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
