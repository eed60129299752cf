"""What long work reports while it runs, and how it is asked to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
        waiting_for: Who holds the store while the work waits for it, in words; empty while it waits for nobody.
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
    waiting_for: str = ""


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

    @property
    def is_set(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep for so long, or raise ``Cancelled`` as soon as the work is asked to stop."""
        if self._event.wait(seconds):
            self.check()

    def check(self) -> None:
        """Raise ``Cancelled`` if the work was asked to stop."""
        if self.is_set:
            raise stopped()


def stopped() -> Cancelled:
    """What work ends with that was asked to stop."""
    return Cancelled("Stopped as asked.", hint="what was finished is kept; run it again to go on")


_obeyed: ContextVar[tuple[CancelToken, ...]] = ContextVar("_obeyed", default=())


@contextmanager
def obeying(cancel: CancelToken | None) -> Iterator[None]:
    """Let a token end every wait of this thread for the store, whoever waits; None changes nothing."""
    before = _obeyed.set((*_obeyed.get(), cancel) if cancel else _obeyed.get())
    try:
        yield
    finally:
        _obeyed.reset(before)


def is_told_to_stop() -> bool:
    """Whether any of the tokens that this thread obeys was set."""
    return any(cancel.is_set for cancel in _obeyed.get())
