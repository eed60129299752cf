"""A vendor as a provider: several workers ask, and batches come as they are complete."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Final

from engine.errors import Cancelled
from engine.events import CancelToken
from engine.fetching.asks import GONE, Fetched, Job
from engine.providers.arrivals import Arrivals
from engine.providers.asking import TRIES, Asker, Result, ignore
from engine.providers.throttle import Throttle
from engine.providers.vendor import UNREACHABLE, UNUSABLE, Vendor, VendorFault

HOPELESS: Final = 8
"""So many jobs in a row without any answer, and nothing else is asked."""

ROOM: Final = 12
"""Batches that wait to be stored; then the workers wait."""

TICK_S: Final = 1.0
"""How often a pause is told."""

SLICE_S: Final = 0.1
"""How soon a worker that sleeps sees that it is to stop."""


class Gathering:
    """Jobs asked of a vendor: a provider with a batch for each job, in the order of completion. Gone through once.

    Args:
        vendor: Prepared already.
        jobs: What is asked, in the order of asking.
        throttle: The pace of every request.
        workers: Requests under way at once.
        cancel: How a person stops it.
        on_pause: Told for how many seconds nobody asks, in the thread that takes the batches: when a pause begins,
            every second while it lasts, and 0 when it or the work is over.
        on_retry: Told the number of the next try, in the same thread, as long as one worker asks all alone.
        patience: Scales the waits between tries.
        tries: How often a question is asked at most.

    Attributes:
        fault: That of the last question of the job that was worked on last; None when it was answered.
        stopped: Why it ended before every job was asked; None when it did not, or when a person stopped it.
    """

    def __init__(
        self,
        vendor: Vendor,
        jobs: Sequence[Job],
        throttle: Throttle,
        *,
        workers: int,
        cancel: CancelToken,
        on_pause: Callable[[float], None] = ignore,
        on_retry: Callable[[int], None] = ignore,
        patience: float = 1.0,
        tries: int = TRIES,
    ) -> None:
        self.fault: VendorFault | None = None
        self.stopped: VendorFault | None = None
        self._vendor = vendor
        self._jobs = iter(tuple(jobs))
        self._throttle = throttle
        self._workers = max(min(workers, len(jobs)), 1)
        self._cancel = cancel
        self._stop = _Stop(cancel)
        self._on_pause = on_pause
        self._on_retry = on_retry
        self._retry = 0
        self._arrivals = Arrivals(ROOM, self._workers)
        self._asker = Asker(
            vendor,
            throttle,
            self._stop,
            on_limit=self._arrivals.nudge,
            on_retry=self._tries_again if self._workers == 1 else ignore,
            patience=patience,
            tries=tries,
        )
        self._lock = Lock()
        self._unanswered = 0

    @property
    def name(self) -> str:
        """The vendor's."""
        return self._vendor.name

    @property
    def requests(self) -> int:
        """Times the vendor was asked."""
        return self._asker.requests

    @property
    def waiting(self) -> int:
        """Batches that have arrived: so many can be had without a wait."""
        return len(self._arrivals)

    def batches(self) -> Generator[Fetched, None, None]:
        """Each job that was answered, be it in part or with failures only.

        No worker is alive any more when this has ended, in whatever way; an exception of a worker is raised here.

        Raises:
            Cancelled: If a person stopped the work, after all batches that had arrived.
        """
        with ThreadPoolExecutor(self._workers, thread_name_prefix=self.name) as pool:
            try:
                futures = [pool.submit(self._work) for _ in range(self._workers)]
                for future in futures:
                    future.add_done_callback(self._left)
                yield from self._arriving()
            finally:
                self._stop.cancel()
                self._arrivals.close()
        for future in futures:
            future.result()
        self._cancel.check()

    def _arriving(self) -> Iterator[Fetched]:
        told = 0.0
        while not self._arrivals.over:
            batch = self._arrivals.get(TICK_S if told else None)
            if batch is not None:
                yield batch
            retry, self._retry = self._retry, 0
            if retry:
                self._on_retry(retry)
            told, before = self._throttle.paused_for(), told
            if told or before:
                self._on_pause(told)
        if told:
            self._on_pause(0.0)

    def _left(self, worker: Future[None]) -> None:
        if worker.exception() is not None:
            self._stop.cancel()
        self._arrivals.leave()

    # -- in the workers

    def _tries_again(self, nth: int) -> None:
        self._retry = nth
        self._arrivals.nudge()

    def _work(self) -> None:
        with suppress(Cancelled):
            while (job := self._next_job()) is not None:
                self._work_on(job)

    def _next_job(self) -> Job | None:
        self._stop.check()
        with self._lock:
            return next(self._jobs, None)

    def _work_on(self, job: Job) -> None:
        """Deliver what was answered, though the work may be stopped between two questions."""
        results: list[Result] = []
        try:
            self._ask_all(job, results)
        except VendorFault as fault:
            self._give_up(fault)
        finally:
            if results:
                self._arrivals.put(Fetched(job, tuple(result.answer for result in results)))
                self._judge(results)

    def _ask_all(self, job: Job, results: list[Result]) -> None:
        """Ask one question after the other; of a symbol that is gone nothing more."""
        for ask in job.asks:
            results.append(self._asker.ask(ask))
            if results[-1].answer.outcome == GONE:
                return

    def _judge(self, results: Sequence[Result]) -> None:
        """Give up when job after job has no answer at all: then it is the vendor or the network, not the symbols."""
        faults = [result.fault for result in results]
        silent = all(fault is not None and fault.kind in (UNREACHABLE, UNUSABLE) for fault in faults)
        with self._lock:
            self.fault = faults[-1]
            self._unanswered = self._unanswered + 1 if silent else 0
            hopeless = self._unanswered >= HOPELESS
        if hopeless and faults[-1] is not None:
            self._give_up(faults[-1])

    def _give_up(self, fault: VendorFault) -> None:
        with self._lock:
            self.stopped = self.stopped or fault.with_traceback(None)
        self._stop.cancel()


class _Stop(CancelToken):
    """A person's wish to stop and our own in one: what the workers look at, and sleep on."""

    def __init__(self, person: CancelToken) -> None:
        super().__init__()
        self._person = person

    def wait(self, seconds: float) -> None:
        """Sleep in slices, to see either in time."""
        self.check()
        while seconds > 0:
            self._person.wait(min(seconds, SLICE_S))
            seconds -= SLICE_S
            self.check()

    def check(self) -> None:
        """Raise ``Cancelled`` for either."""
        self._person.check()
        super().check()
