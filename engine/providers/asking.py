"""One question at a time, asked until there is an answer or no hope of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from engine.events import CancelToken
from engine.fetching.asks import FAILED, Answer, Ask
from engine.providers.throttle import Throttle
from engine.providers.vendor import LIMITED, Vendor, VendorFault

WAITS: Final = (1.0, 2.0, 4.0)
"""Seconds before the second, third and fourth try."""

TRIES: Final = len(WAITS) + 1
"""How often a question is asked at most."""


def ignore(_: float) -> None:
    """Take a number and do nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """An answer, and the fault that stayed where it is none."""

    answer: Answer
    fault: VendorFault | None = None


class Asker:
    """Asks a vendor at the pace of a throttle. Safe to use from several threads.

    Args:
        vendor: Prepared already.
        throttle: The pace of every try.
        stop: Ends every wait.
        on_limit: Told when the vendor wants a pause.
        on_retry: Told the number of the next try of a question, before the wait for it.
        patience: Scales the waits between tries.
        tries: How often a question is asked at most.

    Attributes:
        requests: Times the vendor was asked.
    """

    def __init__(
        self,
        vendor: Vendor,
        throttle: Throttle,
        stop: CancelToken,
        *,
        on_limit: Callable[[], None],
        on_retry: Callable[[int], None] = ignore,
        patience: float,
        tries: int = TRIES,
    ) -> None:
        self.requests = 0
        self._vendor = vendor
        self._throttle = throttle
        self._stop = stop
        self._on_limit = on_limit
        self._on_retry = on_retry
        self._waits = tuple(seconds * patience for seconds in WAITS[: tries - 1])
        self._lock = Lock()

    def ask(self, ask: Ask) -> Result:
        """The answer; a failed one with the fault that stayed after the last try, or that asking again cannot help.

        Raises:
            VendorFault: If the vendor wants a pause and all pauses are used up.
            Cancelled: If the work is to stop.
        """
        waits = list(self._waits)
        tries = 0
        while True:
            tries += 1
            tried = self._try(ask)
            if tried is None:
                continue
            if tried.fault is None or not tried.fault.retry or not waits:
                return replace(tried, answer=replace(tried.answer, requests=tried.answer.requests + tries - 1))
            self._on_retry(tries + 1)
            self._stop.wait(waits.pop(0))

    def _try(self, ask: Ask) -> Result | None:
        """What came of one try; None when the vendor wants a pause before the next one."""
        turn = self._throttle.take(self._stop)
        try:
            answer = self._vendor.ask(ask)
        except VendorFault as fault:
            self._count(1)
            if fault.kind != LIMITED:
                return Result(Answer(ask, FAILED, reason=fault.reason), fault)
            if not self._throttle.limited(turn):
                raise
            self._on_limit()
            return None
        self._count(answer.requests)
        self._throttle.answered(turn)
        return Result(answer)

    def _count(self, requests: int) -> None:
        """A vendor may need several requests for one answer (pages of a list): the pace is that of requests."""
        with self._lock:
            self.requests += requests
        self._throttle.charge(requests - 1)
