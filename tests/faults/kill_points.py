"""Moments at which a process can be killed exactly: every step on a file, and both sides of every commit."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import duckdb

STEPS: Final = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.truncate", "os.chmod", "fcntl.ioctl", "open")
"""What Python says before it touches a file; of ``open`` only what writes counts."""

LOCKS: Final = (".lock", ".turn", ".fetch")
WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
Tell = Callable[[str, Any], None]


def state_of(connection: Any) -> str:
    """What all tables of a store hold, as one short word."""
    tables = [row[0] for row in connection.execute("select table_name from duckdb_tables() order by 1").fetchall()]
    parts = [f"select '{table}', count(*), sum(hash(t))::varchar from {table} t" for table in tables]
    found = connection.execute(" union all ".join(parts)).fetchall() if parts else []
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]


class Points:
    """Counts the moments of one process, and ends it at one of them.

    Args:
        folder: Steps on files outside of it do not count.
        last: Number of the moment at which the process is killed, from 0; None for never.
        tell: Where every moment is told, and what is in the store before and after each commit.
    """

    def __init__(self, folder: Path, last: int | None, tell: Tell) -> None:
        self._folder = str(folder)
        self._last = last
        self._tell = tell
        self._count = 0
        self._lock = threading.Lock()

    def watch(self) -> None:
        """Begin; there is no end but that of the process."""
        connect = duckdb.connect

        def watched(database: str, *args: Any, **kwargs: Any) -> Any:
            connection = connect(database, *args, **kwargs)
            return connection if kwargs.get("read_only") else Watched(connection, Path(database), self)

        duckdb.connect = watched  # type: ignore[assignment]
        sys.addaudithook(self._hear)

    def reach(self, name: str) -> None:
        """Be at a moment."""
        with self._lock:
            if self._count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)
            self._count += 1
            self._tell("point", name)

    def tell(self, what: str, value: str) -> None:
        """Tell of a commit: what is about to be in the store (``pending``), or is (``done``)."""
        self._tell(what, value)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event in STEPS and self._is_ours(event, args):
            self.reach(f"{event} {Path(str(args[0])).name}")

    def _is_ours(self, event: str, args: tuple[Any, ...]) -> bool:
        if event == "fcntl.ioctl":
            return True
        path = os.fspath(args[0]) if isinstance(args[0], str | os.PathLike) else ""
        if event == "open" and not (isinstance(args[2], int) and args[2] & WRITES):
            return False
        return str(path).startswith(self._folder) and not str(path).endswith(LOCKS)


class Watched:
    """A connection that may write, with a moment before and after all that lasts."""

    def __init__(self, connection: Any, path: Path, points: Points) -> None:
        self._connection = connection
        self._name = path.name
        self._points = points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Commit; of the store itself what is in it is told before and after."""
        state = state_of(self._connection)
        self._points.reach(f"commit {self._name}")
        self._points.tell("pending", f"{self._name} {state}")
        self._connection.commit()
        self._points.reach(f"committed {self._name}")
        self._points.tell("done", f"{self._name} {state}")

    def execute(self, text: str, *args: Any) -> Any:
        """Run a statement; a checkpoint has a moment of its own."""
        if text == "checkpoint":
            self._points.reach(f"checkpoint {self._name}")
        return self._connection.execute(text, *args)

    def close(self) -> None:
        """Close, which takes what is committed from the log into the file."""
        self._points.reach(f"close {self._name}")
        self._connection.close()
        self._points.reach(f"closed {self._name}")
