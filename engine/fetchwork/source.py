"""The vendor of one fetch: made when there is something to ask, and asked at one pace from first to last."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Final

from engine import calendar
from engine.events import CancelToken, EventSink
from engine.fetching.asks import Fetched, Job
from engine.fetchwork.moment import Moment
from engine.providers.asking import TRIES
from engine.providers.gathering import Gathering
from engine.providers.throttle import PAUSES, Throttle
from engine.providers.vendor import Vendor, VendorFactory, VendorFault, Wanted
from engine.settings import Settings
from engine.store.database import Database

AT_ONCE: Final = 10
"""Batches that are given together, if so many have arrived: opening the store costs more than to store one."""

LONGEST_REST_S: Final = 0.5
"""More batches are awaited for as long as the last ones took to store, and no longer than this."""

CACHE: Final = "cache"
"""Folder for what a vendor's library keeps, in the data folder."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every fetch of an engine works with.

    Attributes:
        database: The store.
        settings: What a person has set.
        make_vendor: Makes the source.
        events: Where progress goes.
        patience: Scales the waits between tries and the stops that a vendor wants.
    """

    database: Database
    settings: Settings
    make_vendor: VendorFactory
    events: EventSink
    patience: float = 1.0


class Source:
    """A vendor, and the one pace at which it is asked.

    Args:
        means: Store, settings and vendor.
        moment: When it is.
        cancel: How a person stops it.

    Attributes:
        fault: Why the last question had no answer, None when it had one.
        stopped: Why it is not asked any more, None while it is.
        requests: Requests made.
    """

    def __init__(self, means: Means, moment: Moment, cancel: CancelToken) -> None:
        self.fault: VendorFault | None = None
        self.stopped: VendorFault | None = None
        self.requests = 0
        self._means = means
        self._moment = moment
        self._cancel = cancel
        pauses = tuple(seconds * means.patience for seconds in PAUSES)
        self._throttle = Throttle(means.settings.requests_per_second, pauses=pauses)
        self._vendor: Vendor | None = None

    def groups(
        self,
        jobs: Sequence[Job],
        on_pause: Callable[[float], None],
        on_retry: Callable[[int], None],
        tries: int = TRIES,
    ) -> Generator[list[Fetched], None, None]:
        """Batches as they arrive, those together that have arrived. Nothing is asked once the vendor has stopped.

        Args:
            jobs: What is asked.
            on_pause: Told for how many seconds nobody asks.
            on_retry: Told the number of the next try of the one question there is.
            tries: How often a question is asked at most.

        Raises:
            Cancelled: If the work was asked to stop, after what had arrived.
        """
        self._cancel.check()
        if not jobs or self.stopped:
            return
        gathering = Gathering(
            self._prepared(jobs),
            jobs,
            self._throttle,
            workers=self._means.settings.workers,
            cancel=self._cancel,
            on_pause=on_pause,
            on_retry=on_retry,
            patience=self._means.patience,
            tries=tries,
        )
        rest = 0.0
        try:
            with closing(gathering.batches()) as batches:
                for first in batches:
                    time.sleep(rest)
                    began = time.monotonic()
                    yield [first, *islice(batches, min(gathering.waiting, AT_ONCE - 1))]
                    rest = min(time.monotonic() - began, LONGEST_REST_S)
        finally:
            self.requests += gathering.requests
            self.fault, self.stopped = gathering.fault, gathering.stopped

    def _prepared(self, jobs: Sequence[Job]) -> Vendor:
        self._vendor = self._vendor or self._means.make_vendor(self._wanted())
        self._vendor.prepare(tuple(dict.fromkeys(job.symbol for job in jobs if job.symbol)))
        return self._vendor

    def _wanted(self) -> Wanted:
        settings = self._means.settings
        return Wanted(
            cache_dir=self._means.database.folder / CACHE,
            final=self._moment.final,
            is_session=calendar.is_session,
            universe_size=settings.universe_size,
            min_cap_usd=settings.min_cap_usd,
            exchanges=settings.exchanges,
        )
