"""What libraries say on their own account: into the event log while the app runs, and never onto the terminal."""

from __future__ import annotations

import errno
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tuiapp.eventlog import IN_FILE

if TYPE_CHECKING:
    from tuiapp.eventlog import EventLog

OUTPUT: Final = "textual-output"
"""The thread that writes to the terminal."""
GONE: Final = (errno.EIO, errno.EBADF, errno.EPIPE)
"""How a system says that there is no terminal any more."""

Keep = Callable[[BaseException], str]

OURS: Final = "flatcap."
"""Begins the names of our own logs, which the file of the log has anyway."""

TOLD_ON_SCREEN: Final = "flatcap.fetch"
"""A log that names every symbol that failed: the screen of the data lists them."""


class _Scribe(logging.Handler):
    """Takes down warnings and worse."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self.addFilter(lambda record: record.name != IN_FILE.name)
        self.addFilter(lambda record: record.name != TOLD_ON_SCREEN or record.levelno > logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Take down one record."""
        why = f": {one_line(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else ""
        tone = "bad" if record.levelno >= logging.ERROR else "warn"
        self._log.add(f"{record.name}: {record.getMessage()}{why}", tone, is_in_file=record.name.startswith(OURS))


def one_line(error: BaseException) -> str:
    """An exception by its kind and what it says."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


@contextmanager
def routed(log: EventLog, keep: Keep) -> Iterator[None]:
    """Take down warnings, logs and exceptions that nobody caught; afterwards all goes where it went before.

    Args:
        log: Where it goes.
        keep: Keeps the details of an exception, and gives a sentence that says where.
    """
    scribe, root = _Scribe(log), logging.getLogger()
    before = warnings.showwarning, sys.unraisablehook, threading.excepthook
    # In the place of all others: they would write over the picture.
    handlers, root.handlers = root.handlers, [scribe]
    warnings.showwarning = _warned(log)
    sys.unraisablehook = lambda lost: _lost(log, lost.err_msg or "An error was lost", lost.exc_value, keep)
    threading.excepthook = lambda lost: _ended(log, _name(lost.thread), lost.exc_value, keep)
    try:
        yield
    finally:
        warnings.showwarning, sys.unraisablehook, threading.excepthook = before
        root.handlers = handlers


def _warned(log: EventLog) -> Callable[..., None]:
    def show(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any) -> None:
        log.add(f"{category.__name__}: {message} ({filename}:{lineno})", "warn")

    return show


def _lost(log: EventLog, what: str, error: Any, keep: Keep) -> None:
    if isinstance(error, Exception):
        log.add(f"{what}: {one_line(error)}. {keep(error)}".rstrip(), "bad")


def _ended(log: EventLog, thread: str, error: Any, keep: Keep) -> None:
    """A thread ended. That a connection was dropped is no bug."""
    if thread != OUTPUT or not isinstance(error, OSError) or error.errno not in GONE:
        _lost(log, f"A thread ended ({thread})", error, keep)


def _name(thread: threading.Thread | None) -> str:
    return thread.name if thread is not None else "unknown"
