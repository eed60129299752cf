"""The sole writer of stderr: narration, progress, and the one road from a failure to an exit code."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final, NoReturn

import click

from engine.domain.texts import bounded, without_secrets
from engine.errors import EngineError
from engine.events import CancelToken, Progress, obeying
from tuiapp.cli import output
from tuiapp.cli.output import ReaderLeft, plain
from tuiapp.logfile import OF_RUN

INTERRUPTED: Final = 130
OF_SIGNALS: Final = 128
"""What a shell adds to the number of a signal that ended a command."""

REDRAW_SECONDS: Final = 0.1

OURS: Final = "flatcap."
"""Begins the names of our own logs; people are not told it."""

TOLD_BY_COMMAND: Final = "flatcap.fetch"
"""A log whose failures the command sums up in one sentence: it speaks when more is asked for."""

Expected = (EngineError, click.ClickException, click.Abort, KeyboardInterrupt, ReaderLeft)
"""What ``report`` can explain; any other exception is a bug and is shown whole."""


def note(text: str) -> None:
    """Say something that is not data; to nobody, where the terminal is gone."""
    with contextlib.suppress(OSError):
        sys.stderr.write(plain(bounded(without_secrets(text))) + "\n")
        sys.stderr.flush()


def report(error: BaseException, told: Callable[[str], str] = str) -> int:
    """Say what failed and what to do about it, and give the exit code.

    Args:
        error: One of ``Expected``.
        told: Gives a hint of the engine with its commands as this run has to be told them.
    """
    if isinstance(error, ReaderLeft):
        return 0
    if isinstance(error, EngineError):
        return _failed(error.message, told(error.hint), error.exit_code)
    if isinstance(error, click.ClickException):
        return _failed(error.format_message(), _usage_hint(error), error.exit_code)
    return _failed("Interrupted.", "", INTERRUPTED)


def _failed(sentence: str, hint: str, code: int) -> int:
    note(f"flatcap: {sentence}")
    if hint:
        note(f"  hint: {hint}")
    return code


def _usage_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{context.command_path} --help" if context else "flatcap --help"


def open_closed_streams() -> None:
    """Give standard streams that are closed (``>&-``) the null device, so that no file of ours takes their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # The system gives the lowest number that is free: that of the stream.
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def leave(code: int) -> NoReturn:
    """End the process with this code, or with 1 and a traceback when a bug is on its way up."""
    error = sys.exception()
    if isinstance(error, SystemExit):
        code = error.code if isinstance(error.code, int) else 1
    elif error is not None:
        _tell_bug(error)
        code = 1
    with contextlib.suppress(ReaderLeft, EngineError, ValueError):
        output.flush()
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    logging.shutdown()
    # DuckDB writes "nanobind: leaked ..." to stderr when the interpreter is taken down after it has handed
    # over Arrow data. All is flushed and closed by now, so the interpreter need not be taken down.
    os._exit(code)


def _tell_bug(error: BaseException) -> None:
    """Show the whole traceback; what the error says may be a text of others."""
    from traceback import format_exception

    for line in "".join(format_exception(error)).rstrip("\n").split("\n"):
        note(line)


def interactive() -> bool:
    """True when a person sits at a terminal that can show the app: it reads stdin and draws on stderr."""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    return all(stream is not None and stream.isatty() for stream in streams) and _can_draw()


def _can_draw() -> bool:
    return os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")


class ProgressLine:
    """One line on a terminal that is rewritten while work goes on; nothing at all in a pipe."""

    def __init__(self) -> None:
        self._drawn = 0
        self._next = 0.0
        self._shown: tuple[str, bool, int, str] | None = None

    def __call__(self, event: Progress) -> None:
        """Show how far the work is."""
        now, shown = time.monotonic(), _kind(event)
        if not sys.stderr.isatty() or (now < self._next and shown == self._shown):
            return
        if not event.stage:
            self.clear()
            return
        if event.built:
            self.clear()
            note("There is an index of the largest names now; the fetch goes on.")
            return
        self._next, self._shown = now + REDRAW_SECONDS, shown
        self._draw(progress_text(event))

    def clear(self) -> None:
        """Take the line away."""
        if self._drawn:
            self._draw("")
            sys.stderr.write("\r")
            self._drawn = 0

    def _draw(self, text: str) -> None:
        text = plain(text)[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write("\r" + text.ljust(self._drawn))
        sys.stderr.flush()
        self._drawn = len(text)


def _kind(event: Progress) -> tuple[str, bool, int, str]:
    """What is told at once when it is another than before."""
    return event.stage, event.paused > 0, event.nth_try, event.waiting_for


def progress_text(event: Progress) -> str:
    """One event as people read it."""
    if event.waiting_for:
        return f"Waiting for {event.waiting_for}"
    if event.paused:
        return f"Yahoo asks us to wait: {math.ceil(event.paused)} s; ctrl+c stops, what is stored is kept"
    if event.total:
        share = f" {event.done:,}/{event.total:,} {event.unit} ({event.done / event.total:.0%})"
    else:
        share = f" {event.done:,} {event.unit}" if event.done else ""
    if event.nth_try:
        share += f"; no answer, try {event.nth_try} of {event.tries}"
    failed = f", {event.failed:,} failed" if event.failed else ""
    left = f", {output.duration(event.seconds_left)} left" if event.seconds_left is not None else ""
    return event.stage + share + failed + left


class _Narrator(logging.Handler):
    def __init__(self, line: ProgressLine, verbose: bool) -> None:
        super().__init__()
        self._line = line
        told = TOLD_BY_COMMAND
        self.addFilter(lambda record: record.name != OF_RUN)
        self.addFilter(lambda record: verbose or record.name != told or record.levelno > logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record as one line."""
        self._line.clear()
        name = record.name.removeprefix(OURS)
        note(f"flatcap: {record.levelname.lower()}: {name}: {record.getMessage()}")


def start_log(level: int, line: ProgressLine) -> None:
    """Let the log speak on stderr, from this level on, in the place of the progress line."""
    hush_log()
    root = logging.getLogger()
    root.setLevel(level)
    narrator = _Narrator(line, verbose=level <= logging.INFO)
    narrator.setLevel(level)
    root.addHandler(narrator)


def hush_log() -> None:
    """Keep the log off the terminal while the app draws on it."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Narrator)]:
        root.removeHandler(handler)
    if not root.handlers:
        root.addHandler(logging.NullHandler())


STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What asks the work to stop."""


@contextlib.contextmanager
def stoppable(line: ProgressLine, stopped_by: Callable[[int], None]) -> Iterator[CancelToken]:
    """Turn the first signal to stop into a polite request to stop at the next step; the second one interrupts.

    Args:
        line: The progress line, which makes room.
        stopped_by: Called with the number of the signal.
    """
    cancel = CancelToken()

    def ask(number: int, _frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.default_int_handler)
        cancel.cancel()
        stopped_by(number)
        line.clear()
        again = "ctrl+c again" if number == signal.SIGINT else f"{signal.Signals(number).name} again"
        note(f"Stopping at the next step; {again} stops at once.")

    # Under nohup the end of the terminal is ignored, and stays so.
    heard = [number for number in STOPS if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heard}
    try:
        with obeying(cancel):
            yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
