from __future__ import annotations

import errno
import gc
import logging
import sys
import threading
import warnings

import pytest

from tuiapp.eventlog import Event, EventLog
from tuiapp.noise import routed

KEPT = "The details are in /tmp/crash.txt."


def keep(_: BaseException) -> str:
    return KEPT


@pytest.fixture
def log() -> EventLog:
    return EventLog()


def only(log: EventLog) -> Event:
    (event,) = log
    return event


def test_a_warning_is_a_line_of_the_log_and_not_on_stderr(log: EventLog, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with routed(log, keep):
            warnings.warn("columns will be gone", FutureWarning, stacklevel=1)
    assert only(log).text.startswith("FutureWarning: columns will be gone (")
    assert only(log).tone == "warn"
    assert capfd.readouterr() == ("", "")


def test_logs_of_libraries_are_lines_from_warnings_on(log: EventLog) -> None:
    library = logging.getLogger("some.library")
    with routed(log, keep):
        library.info("all is well")
        library.warning("slow: %s s", 3)
        library.error("gone")
    assert [(event.text, event.tone) for event in log] == [
        ("some.library: slow: 3 s", "warn"),
        ("some.library: gone", "bad"),
    ]


@pytest.mark.parametrize(
    ("thread", "number", "kept"),
    [
        ("textual-output", errno.EIO, False),
        ("textual-output", errno.EBADF, False),
        ("textual-output", errno.EPIPE, False),
        ("textual-output", errno.ENOSPC, True),
        ("some-library", errno.EIO, True),
    ],
)
def test_a_dropped_connection_is_no_bug(log: EventLog, thread: str, number: int, kept: bool) -> None:
    def fail() -> None:
        raise OSError(number, "no")

    with routed(log, keep):
        ending = threading.Thread(target=fail, name=thread)
        ending.start()
        ending.join()
    assert bool(len(log)) is kept


def test_the_exception_of_a_log_record_is_told_with_it(log: EventLog) -> None:
    with routed(log, keep):
        try:
            raise OSError("disk full")
        except OSError:
            logging.getLogger("some.library").exception("cannot cache")
    assert only(log).text == "some.library: cannot cache: OSError: disk full"


def test_symbols_that_failed_are_left_to_the_screen_of_the_data(log: EventLog) -> None:
    with routed(log, keep):
        logging.getLogger("flatcap.fetch").warning("prices ABC failed: no answer")
    assert len(log) == 0


def test_an_exception_in_a_thread_is_a_line_that_says_where_the_details_are(
    log: EventLog, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise KeyError("x")

    with routed(log, keep):
        thread = threading.Thread(target=fail, name="reader")
        thread.start()
        thread.join()
    assert only(log).text == f"A thread ended (reader): KeyError: 'x'. {KEPT}"
    assert only(log).tone == "bad"
    assert capfd.readouterr() == ("", "")


def test_an_exception_that_nobody_could_take_is_a_line(log: EventLog) -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError("too late")

    with routed(log, keep):
        Broken()
        gc.collect()
    assert "ValueError: too late" in only(log).text


def test_afterwards_all_goes_where_it_went_before(log: EventLog) -> None:
    before = warnings.showwarning, sys.unraisablehook, threading.excepthook, list(logging.getLogger().handlers)
    with routed(log, keep), pytest.raises(RuntimeError), routed(log, keep):
        raise RuntimeError
    assert before == (
        warnings.showwarning,
        sys.unraisablehook,
        threading.excepthook,
        list(logging.getLogger().handlers),
    )
