"""The pace of questions to a vendor: one bucket for all workers, and a stop for all when the vendor wants one."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from engine.events import CancelToken
from engine.fetching.budget import BATCH, BREATH

JITTER: Final = 0.5
"""Gaps between questions differ from their mean by up to this fraction."""

SLACK: Final = 2.0
"""Gaps that questions may come early after the pace was not used: at most five at once."""

PAUSES: Final = (60.0, 120.0, 300.0)
"""Seconds of the first, second and third stop in a row."""


class Throttle:
    """A bucket from which every worker takes before it asks. Safe to use from several threads.

    Args:
        per_second: Questions in a second, on the average; 0 for as many as come.
        clock: Gives seconds that only grow.
        draw: Gives a number from 0 up to, and not including, 1.
        pauses: Seconds of the stops in a row; after the last one the limit is used up.
        spread: Pauses differ from these by up to this fraction.
    """

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
        pauses: Sequence[float] = PAUSES,
        spread: float = 0.2,
    ) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._draw = draw
        self._pauses = tuple(pauses)
        self._spread = spread
        self._lock = threading.Lock()
        self._next = clock()
        self._until = self._next
        self._taken = 0
        self._round = 0
        self._in_a_row = 0

    def take(self, cancel: CancelToken) -> int:
        """Wait for a turn to ask, and give the number of the round it belongs to: each pause begins a new one.

        Raises:
            Cancelled: If the work was asked to stop meanwhile.
        """
        cancel.check()
        while True:
            seconds, round_ = self._turn()
            if seconds <= 0:
                return round_
            cancel.wait(seconds)

    def charge(self, questions: int) -> None:
        """So many more questions were asked in one turn (pages of a list): those that come wait for it."""
        with self._lock:
            self._advance(questions)

    def limited(self, taken: int | None = None) -> bool:
        """The vendor wants a stop: nobody asks for the next pause. False when all pauses are used up.

        Args:
            taken: Round of the question, None for the present one. What was asked before a pause began adds no other.
        """
        with self._lock:
            if self._is_old(taken):
                return True
            if self._in_a_row == len(self._pauses):
                return False
            self._until = self._clock() + self._around(self._pauses[self._in_a_row], self._spread)
            self._next = max(self._next, self._until)
            self._in_a_row += 1
            self._round += 1
            return True

    def answered(self, taken: int | None = None) -> None:
        """A good answer: the next pause is the first one again, unless the question is from before the last pause."""
        with self._lock:
            if not self._is_old(taken):
                self._in_a_row = 0

    def paused_for(self) -> float:
        """Seconds until anybody asks again, 0 without a pause."""
        return max(self._until - self._clock(), 0.0)

    def _turn(self) -> tuple[float, int]:
        """Seconds to wait, 0 when the turn was taken, and the round."""
        with self._lock:
            now, free = self._clock(), max(self._next, self._until)
            if now < free:
                return free - now, self._round
            self._next = max(self._next, now - SLACK * self._gap)
            self._advance(1)
            return 0.0, self._round

    def _advance(self, questions: int) -> None:
        for _ in range(questions):
            self._taken += 1
            breath = BREATH * self._gap if self._taken % BATCH == 0 else 0.0
            self._next += self._around(self._gap, JITTER) + breath

    def _around(self, seconds: float, fraction: float) -> float:
        return seconds * (1 + fraction * (2 * self._draw() - 1))

    def _is_old(self, taken: int | None) -> bool:
        """Whether a question was asked before the last pause began."""
        return self._clock() < self._until or (taken is not None and taken < self._round)
