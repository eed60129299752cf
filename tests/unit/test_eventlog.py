from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from tuiapp.eventlog import LONGEST, MOST, NEARBY, Event, EventLog

NOON = datetime(2026, 8, 28, 12, 0, tzinfo=UTC)


class Clock:
    """One second later at every look."""

    def __init__(self) -> None:
        self.seconds = 0

    def __call__(self) -> datetime:
        self.seconds += 1
        return NOON + timedelta(seconds=self.seconds)


def test_lines_are_kept_in_their_order_with_moment_and_tone() -> None:
    log = EventLog(Clock())
    log.add("begun")
    log.add("done", "good")
    first, second = log
    assert first == Event(NOON + timedelta(seconds=1), "begun")
    assert second == Event(NOON + timedelta(seconds=2), "done", "good")


def test_the_same_again_is_one_line_with_a_count_and_the_last_moment() -> None:
    log = EventLog(Clock())
    for text in ("no network", "other", "no network", "no network"):
        log.add(text, "bad")
    assert [(event.text, event.count) for event in log] == [("other", 1), ("no network", 3)]
    assert list(log)[-1].moment == NOON + timedelta(seconds=4)


def test_the_same_words_in_another_tone_are_another_line() -> None:
    log = EventLog(Clock())
    log.add("r goes on", "warn")
    log.add("r goes on", "bad")
    assert len(log) == 2


def test_the_same_after_many_others_is_a_line_of_its_own() -> None:
    log = EventLog(Clock())
    log.add("again")
    for number in range(NEARBY):
        log.add(str(number))
    log.add("again")
    assert [event.count for event in log if event.text == "again"] == [1, 1]


def test_only_the_last_lines_are_kept() -> None:
    log = EventLog(Clock())
    for number in range(MOST + 10):
        log.add(str(number))
    assert len(log) == MOST
    assert next(iter(log)).text == "10"


def test_what_is_kept_is_one_harmless_line_of_bounded_length() -> None:
    log = EventLog(Clock())
    log.add("two\nlines \x1b[31m\u202e and\ttab")
    log.add("x" * (LONGEST + 1))
    harmless, long = (event.text for event in log)
    assert harmless == "two lines [31m and tab"
    assert len(long) == LONGEST
    assert long.endswith("…")


def test_whoever_follows_the_log_is_told_of_every_line() -> None:
    log = EventLog(Clock())
    told: list[int] = []
    log.on_change = lambda: told.append(len(log))
    log.add("one")
    log.add("one")
    log.add("two")
    assert told == [1, 1, 2]


def test_lines_of_many_threads_are_all_counted() -> None:
    log = EventLog(Clock())

    def speak() -> None:
        for _ in range(200):
            log.add("busy")

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.count for event in log] == [800]


def test_a_log_can_be_read_while_it_grows() -> None:
    log = EventLog(Clock())
    log.add("one")
    for event in log:
        if len(log) < 5:
            log.add(f"after {event.text}")
    assert len(log) == 2
