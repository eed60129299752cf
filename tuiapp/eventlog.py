"""What was said while the app ran: one line a cause, however often it came."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from engine.domain.texts import without_secrets
from tuiapp.format import plain

MOST: Final = 500
LONGEST: Final = 1_000
"""Characters of one line."""
NEARBY: Final = 20
"""The same again is the same line still, if no more others came between."""

IN_FILE: Final = logging.getLogger("flatcap.app")
"""The log of what the app says, for the file."""

LEVELS: Final = {"warn": logging.WARNING, "bad": logging.ERROR}
"""How a tone is called in the file; others are not written there."""

Clock = Callable[[], datetime]


def local_now() -> datetime:
    """The clock on the wall; tests give their own."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was said.

    Attributes:
        moment: When it was said last, by the clock of this machine.
        text: What was said, harmless to show.
        tone: An empty string, ``good``, ``warn`` or ``bad``.
        count: How often.
    """

    moment: datetime
    text: str
    tone: str = ""
    count: int = 1


class EventLog:
    """The last things that were said, oldest first. Safe to use from several threads.

    Args:
        clock: Gives the present.

    Attributes:
        on_change: Called after every change, in the thread that made it; None where nobody looks.
    """

    def __init__(self, clock: Clock = local_now) -> None:
        self.on_change: Callable[[], None] | None = None
        self.now = clock
        self._events: deque[Event] = deque(maxlen=MOST)
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Event]:
        with self._lock:
            return iter(tuple(self._events))

    def __len__(self) -> int:
        return len(self._events)

    def add(self, text: str, tone: str = "", *, is_in_file: bool = False) -> None:
        """Take down what was said; what was said shortly before only counts, and becomes the newest line.

        Args:
            text: What was said.
            tone: An empty string, ``good``, ``warn`` or ``bad``: the last two go into the file of the log, too.
            is_in_file: Whether it is there already.
        """
        event = Event(self.now(), bounded(text), tone)
        if tone in LEVELS and not is_in_file:
            IN_FILE.log(LEVELS[tone], "%s", event.text)
        with self._lock:
            self._put(event)
        if (told := self.on_change) is not None:
            told()

    def _put(self, event: Event) -> None:
        for place in range(len(self._events) - 1, max(-1, len(self._events) - 1 - NEARBY), -1):
            known = self._events[place]
            if (known.text, known.tone) == (event.text, event.tone):
                del self._events[place]
                self._events.append(replace(event, count=known.count + 1))
                return
        self._events.append(event)


def bounded(text: str) -> str:
    """A text as one harmless line that is not too long."""
    line = plain(" ".join(without_secrets(text[: 4 * LONGEST]).split()))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
