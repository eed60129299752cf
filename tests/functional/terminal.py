"""A program in a pseudo-terminal, and what it has written there: cells, modes, bytes."""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte

ROOT = Path(__file__).parents[2]
# Sequences that pyte would take for text: private ones with < = >, and requests that end in $p.
PRIVATE = re.compile(rb"\x1b\[[<=>][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$[a-z]|\x1b\[\?u|\x1b\][^\x07\x1b]*(\x07|\x1b\\)")
MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
# All that a terminal may be told: places, colours, modes, questions about modes, the keyboard, the pointer; and a new
# line is always the first column too.
OURS = re.compile(
    rb"\x1b\[[0-9;]*[Hm]|\x1b\[\?[0-9;]+[hl]|\x1b\[\?[0-9;]+\$p|\x1b\[[<>][0-9]*u|\x1b\]22;default\x07|\r\n"
)
FOREIGN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
# Wrapping lines, and showing the cursor.
ON_BY_DEFAULT = (7, 25)
PATIENCE = 30.0


class PseudoTerminal:
    """Starts a program with a terminal of its own; ``raw`` is everything it wrote.

    ``without`` names variables that it does not see, and ``aside`` the one standard stream that is no terminal: what is
    written there is kept in ``written_aside``.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        without: Sequence[str] = (),
        aside: str = "",
        cwd: Path = ROOT,
    ) -> None:
        self.raw = b""
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._master, terminal = os.openpty()
        self.resize(*size)
        base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        base |= {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "PYTHONUTF8": "1", **(env or {})}
        streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
        if aside:
            streams[aside] = subprocess.DEVNULL if aside == "stdin" else subprocess.PIPE
        self.process = subprocess.Popen(
            argv,
            **streams,
            start_new_session=True,
            cwd=cwd,
            env={name: value for name, value in base.items() if name not in without},
        )
        os.close(terminal)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        self.hang_up()

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen.resize(rows, columns)

    def hang_up(self) -> None:
        """Close the terminal."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def read(self, seconds: float) -> bytes:
        """What is written within so many seconds; less waiting as soon as something is."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return b""
        self.raw += data
        self._stream.feed(PRIVATE.sub(b"", data))
        return data

    def wait_for(self, text: str) -> None:
        """Read until a text stands on the screen."""
        end = time.monotonic() + PATIENCE
        while text not in self.text:
            assert time.monotonic() < end, f"{text!r} was not seen:\n{self.text}"
            assert self.read(0.05) or self.process.poll() is None, f"it ended:\n{self.text}"

    def rest(self, quiet: float = 0.4) -> None:
        """Read until nothing is written for a while."""
        while self.read(quiet):
            pass

    def rest_for(self, seconds: float) -> None:
        """Read for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def leave(self) -> int:
        """Read until the program has ended, and give its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it does not end:\n{self.text}"
            self.read(0.05)
        self.rest(0.05)
        return self.process.returncode

    @property
    def written_aside(self) -> bytes:
        """What a program that has ended wrote to the stream that is no terminal."""
        pipe = self.process.stdout or self.process.stderr
        return pipe.read() if pipe else b""

    @property
    def foreign(self) -> set[str]:
        """Everything that moves, hides or colours and that we did not write; and marks that turn text round."""
        return set(FOREIGN.findall(OURS.sub(b"", self.raw).decode("utf-8", "surrogateescape")))

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self._screen.display)

    @property
    def rows(self) -> list[str]:
        """The same line by line."""
        return list(self._screen.display)

    @property
    def modes_left_on(self) -> set[int]:
        """Private modes that are not as they were; those that are on by default count when they are off."""
        on: set[int] = set()
        for found in MODE.finditer(self.raw):
            for mode in map(int, found[1].split(b";")):
                wanted = (found[2] == b"h") != (mode in ON_BY_DEFAULT)
                (on.add if wanted else on.discard)(mode)
        return on

    @property
    def colours(self) -> set[bytes]:
        """Every colour that was asked for: numbers of the sequences that set one."""
        numbers = {n for found in COLOUR.finditer(self.raw) for n in found[0][2:-1].split(b";")}
        wanted = {str(n).encode() for n in (*range(30, 38), 38, *range(40, 48), 48, *range(90, 98), *range(100, 108))}
        return numbers & wanted


def fake_app(folder: Path, *arguments: str) -> list[str]:
    """The command line of the app over a market of the tests."""
    return [sys.executable, "-m", "tests.functional.fake_app", str(folder), *arguments]
