"""The log of the program: JSON lines in a file of the person's own, which several runs may write at once.

A log that cannot be written is told once, and is never an error: nothing depends on it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from engine import __version__
from engine.domain.texts import HIDDEN, LONGEST_LINE, bounded, storable, without_secrets
from engine.errors import EngineError
from engine.run import Run, new_run
from engine.settings import default_state_dir

NAME: Final = "flatcap.log"
LARGEST: Final = 1_000_000
"""Bytes from which on the next line begins a new file."""

KEPT: Final = 5
"""Full files that are kept: ``flatcap.log.1`` is the newest of them."""

MOST_TYPED: Final = 2_000
"""Characters of a command line."""

MOST_OF_TRACEBACK: Final = 100_000
"""Characters of it."""

NAMED_SECRET: Final = re.compile(r"--?[\w-]*(key|token|secret|passw(or)?d)", re.IGNORECASE)
"""A word of a command line after which a secret comes; none of ours is one."""

TRIES: Final = 100
BETWEEN_TRIES: Final = 0.002

OURS: Final = logging.getLogger("flatcap")
OF_RUN: Final = "flatcap.run"
"""The log of the run itself, which is for the file alone: people are told by other means."""

log: Final = logging.getLogger(OF_RUN)
_PYTHON: Final = sys.version.partition(" ")[0]


class LogFile(logging.Handler):
    """Writes every record as one line.

    Args:
        folder: The state folder; made if it is not there.
        run: The run of the program, which every line names.
        largest: Bytes of a full file.
    """

    def __init__(self, folder: Path, run: Run, *, largest: int = LARGEST) -> None:
        super().__init__()
        self._path = folder / NAME
        self._run = run
        self._largest = largest
        self.problem = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; where that cannot be done, ``problem`` says why."""
        try:
            self._append((json.dumps(self._fields(record), default=str) + "\n").encode())
        except OSError as error:
            self.problem = f"The log {self._path} cannot be written: {error.strerror or error}."

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        fields: dict[str, Any] = {
            "at": at,
            "level": record.levelname.lower(),
            "run": self._run.id,
            "command": self._run.command,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "figures", {}),
        }
        told = {name: _told(value) for name, value in fields.items()}
        if record.exc_info and record.exc_info[1] is not None:
            told["traceback"] = _told(logging.Formatter().formatException(record.exc_info), MOST_OF_TRACEBACK)
        return told

    def _append(self, line: bytes) -> None:
        """Write a line at the end of the file, whichever run has begun it."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        guard = os.open(self._path.with_suffix(".log.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if _is_ours(guard):
                self._rotate(len(line))
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.write(file, line)
            finally:
                os.close(file)
        finally:
            os.close(guard)

    def _rotate(self, more: int) -> None:
        """Begin a new file where the line has no room in this one."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            return
        if size and size + more > self._largest:
            for number in range(KEPT - 1, 0, -1):
                with suppress(FileNotFoundError):
                    self._numbered(number).replace(self._numbered(number + 1))
            self._path.replace(self._numbered(1))

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{NAME}.{number}")


def _told(value: Any, most: int = LONGEST_LINE) -> Any:
    """A value as it may stand in a file that people send to others."""
    if isinstance(value, list):
        return [_told(each, most) for each in value]
    return without_secrets(bounded(value, most)) if isinstance(value, str) else value


def _is_ours(guard: int) -> bool:
    """Whether this run alone may begin a new file now; one that was stopped in the middle holds nobody up."""
    for _ in range(TRIES):
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(BETWEEN_TRIES)
        else:
            return True
    return False


class RunLog:
    """One run of the program in the log: its first line, its last line, and what it says in between.

    Args:
        words: The words of the command line.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._words = words
        self._began = time.monotonic()
        self._handler: LogFile | None = None
        self._others: LogFile | None = None

    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self._began

    def begin(self, run: Run, level: str, *, told: int = logging.WARNING, folder: Path | None = None) -> str:
        """Take the place in the log, and write the first line; once a run. Gives why it cannot be written, if so.

        Args:
            run: The run.
            level: From which level on the file is told.
            told: From which level on people are told.
            folder: The state folder, None for the one of the person.
        """
        if self._handler is not None:
            return ""
        self._handler = LogFile(folder or default_state_dir(), run)
        self._handler.setLevel(level.upper())
        OURS.addHandler(self._handler)
        self._others = LogFile(folder or default_state_dir(), run)
        self._others.setLevel(max(logging.WARNING, self._handler.level))
        self._others.addFilter(lambda record: record.name.partition(".")[0] != OURS.name)
        logging.getLogger().addHandler(self._others)
        OURS.setLevel(min(self._handler.level, told))
        figures = {"version": __version__, "argv": typed(self._words), "pid": os.getpid(), "python": _PYTHON}
        log.info("began", extra={"figures": figures})
        return self._handler.problem

    def end(self, code: int, error: BaseException | None = None, *, expected: bool = False) -> None:
        """Write why the run failed, if it did, and the last line; leave the log.

        Args:
            code: The exit code.
            error: What ended the run, None where nothing did.
            expected: Whether it is a failure that is no bug: its sentence says all there is.
        """
        if self._handler is None:
            return
        if isinstance(error, EngineError):
            log.error("%s", storable(error.message), extra={"figures": {"hint": error.hint}})
        elif expected:
            self._say(str(error or ""))
        elif error is not None and not isinstance(error, KeyboardInterrupt):
            log.error("%s: %s", type(error).__name__, error, exc_info=error)
        log.info("ended", extra={"figures": {"exit_code": code, "seconds": round(self.seconds(), 3)}})
        OURS.removeHandler(self._handler)
        if self._others is not None:
            logging.getLogger().removeHandler(self._others)
        OURS.setLevel(logging.NOTSET)
        self._handler = None

    def _say(self, sentence: str) -> None:
        if sentence:
            log.error("%s", storable(sentence))


@cache
def run_of_app() -> Run:
    """The run of the app in this process, however often it opens its engine."""
    return new_run("app")


def typed(words: Sequence[str]) -> list[str]:
    """The words of a command line as they were typed, without secrets. A long one is cut."""
    shown: list[str] = []
    room = MOST_TYPED
    for before, typed_word in pairwise(("", *words)):
        word = HIDDEN if NAMED_SECRET.fullmatch(before) else without_secrets(typed_word[: 2 * MOST_TYPED])
        if len(word) >= room:
            return [*shown, word[: room - 1] + "…"]
        shown.append(word)
        room -= len(word) + 1
    return shown
