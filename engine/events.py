"""What long work reports while it runs, and how it is asked to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of long work.

    Attributes:
        stage: What is being done, a short phrase in the present (``import prices.parquet``).
        done: Units finished.
        total: Units in all, or 0 when that is not known.
        unit: What is counted (``rows``, ``sessions``, ``files``, ``names``).
        failed: Units that failed, of those finished.
        seconds_left: How long the stage will still take, None when that is not known.
        paused: Seconds until the work goes on by itself, 0 while it runs (a vendor's limit).
        nth_try: Number of the try that is about to be made of the one question there is, 0 for the first one.
        tries: How often it is tried at most.
        built: True once when there is a new index to look at while the work goes on.
    """

    stage: str
    done: int = 0
    total: int = 0
    unit: str = ""
    failed: int = 0
    seconds_left: float | None = None
    paused: float = 0.0
    nth_try: int = 0
    tries: int = 0
    built: bool = False


EventSink = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Take an event and do nothing: the sink of work that nobody watches."""


class CancelToken:
    """A flag that a person sets and long work looks at between its steps."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Sleep for so long, or raise ``Cancelled`` as soon as the work is asked to stop."""
        if self._event.wait(seconds):
            self.check()

    def check(self) -> None:
        """Raise ``Cancelled`` if the work was asked to stop."""
        if self._event.is_set():
            raise Cancelled("Stopped as asked.", hint="what was finished is kept; run it again to go on")
