"""The real command many times without the seconds of its imports: each one is a fork of a process that has them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from tests.yahoo import command

ROOT: Final = Path(__file__).parents[2]
TOO_LONG: Final = 120.0
"""Seconds after which a command hangs."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: a negative code is the number of the signal that killed it."""

    code: int
    out: str
    err: str


class Running:
    """A command that is under way."""

    def __init__(self, pid: int, forks: Forks, folder: Path) -> None:
        self.pid = pid
        self._forks = forks
        self._folder = folder

    def kill(self) -> None:
        """End it this moment; it has no say."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def interrupt(self) -> None:
        """Press ctrl+c."""
        os.kill(self.pid, signal.SIGINT)

    def alive(self) -> bool:
        """Whether it has not ended yet."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def wait(self) -> Ended:
        """Wait for its end."""
        code = self._forks.read()["code"]
        out, err = (Path(self._folder, name).read_text(encoding="utf-8") for name in ("out", "err"))
        return Ended(code, out, err)


class Forks:
    """Starts commands, one at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.yahoo.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def start(self, argv: Sequence[str], env: Mapping[str, str], folder: Path) -> Running:
        """Start a command with this environment alone; what it writes is kept in a folder."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"argv": list(argv), "env": dict(env), "folder": str(folder)}) + "\n")
        self._process.stdin.flush()
        return Running(self.read()["pid"], self, folder)

    def read(self) -> dict[str, Any]:
        """The next thing that is told of a command."""
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def close(self) -> None:
        """Start no more."""
        self._process.communicate(timeout=30)


def serve() -> None:
    """Fork a command for every line of the standard input."""
    # Polars is left out: its threads do not survive a fork.
    import curl_cffi  # noqa: F401
    import duckdb  # noqa: F401
    import yfinance  # noqa: F401

    assert "polars" not in sys.modules
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(order["argv"], order["env"], Path(order["folder"]))
        _tell(pid=pid)
        _tell(code=_code_of(pid))


def _become(argv: list[str], env: dict[str, str], folder: Path) -> NoReturn:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for handle, name in ((0, os.devnull), (1, str(folder / "out")), (2, str(folder / "err"))):
        opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, handle)
        os.close(opened)
    sys.argv = ["flatcap", *argv]
    command.entry()


def _code_of(pid: int) -> int:
    """Wait for the end of a process; one that hangs is killed."""
    ends = time.monotonic() + TOO_LONG
    while (found := os.waitpid(pid, os.WNOHANG)) == (0, 0):
        if time.monotonic() > ends:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    return os.waitstatus_to_exitcode(found[1])


def _tell(**what: int) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
