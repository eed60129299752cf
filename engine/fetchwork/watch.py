"""What a person sees of a fetch while it runs: how far it is, how long it still takes, and why it waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from engine.events import EventSink, Progress
from engine.fetching.asks import FAILED, PRICES, Answer, Job
from engine.providers.asking import TRIES

UNIVERSE: Final = "ask Yahoo for the universe"
REACH: Final = "the universe cannot be had; ask Yahoo for {symbol}"
FETCH: Final = "fetch prices"
ENOUGH: Final = 3
"""Names after which the pace says how long the rest will take."""


class Watch:
    """Progress of one stage.

    Args:
        events: Where it goes.
        stage: What is being done.
        jobs: All of it.
        clock: Gives seconds that only grow.

    Attributes:
        stage: What is being done now.
    """

    def __init__(
        self, events: EventSink, stage: str, jobs: Iterable[Job], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._events = events
        self.stage = stage
        self._total = sum(1 for job in jobs for ask in job.asks if ask.kind == PRICES)
        self._clock = clock
        self._began = clock()
        self._done = 0
        self._failed = 0
        self.pause(0.0)

    def advance(self, answers: Iterable[Answer]) -> None:
        """So many more names have answered."""
        prices = [answer for answer in answers if answer.ask.kind == PRICES]
        self._done += len(prices)
        self._failed += sum(answer.outcome == FAILED for answer in prices)
        self.pause(0.0)

    def pause(self, seconds: float) -> None:
        """Everybody waits for so long, or goes on."""
        self._events(self._progress(seconds))

    def retry(self, nth: int) -> None:
        """The one question there is had no answer, and is asked again."""
        self._events(replace(self._progress(0.0), nth_try=nth, tries=TRIES))

    def _progress(self, pause: float) -> Progress:
        unit = "names" if self._total else ""
        return Progress(self.stage, self._done, self._total, unit, self._failed, self._seconds_left(pause), pause)

    def _seconds_left(self, pause: float) -> float | None:
        if not ENOUGH <= self._done < self._total:
            return None
        return pause + (self._clock() - self._began) / self._done * (self._total - self._done)
