"""The part of the engine's door that speaks with a vendor: plan, fetch, update, diagnose."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from engine.errors import DataError
from engine.events import CancelToken, EventSink, Progress, obeying
from engine.log import timed
from engine.reports import BuildReport, FetchPlan, FetchReport, FetchRequest, UpdateReport
from engine.settings import Settings
from engine.views.fetching import FetchView

if TYPE_CHECKING:
    from engine.fetcher import Fetcher
    from engine.providers.vendor import Vendor, VendorFactory, Wanted
    from engine.store.database import Database

EVERYTHING: Final = FetchRequest()


class Fetching(ABC):
    """Fetching into one store.

    Args:
        settings: What a person has set.
        database: The store.
        events: Where progress goes.
        clock: Gives the present, aware of its zone.
        vendor: Makes the source that is fetched from.
        patience: Scales the waits for a vendor that does not answer.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        events: EventSink,
        clock: Callable[[], datetime],
        vendor: VendorFactory | None = None,
        patience: float = 1.0,
    ) -> None:
        self.settings = settings
        self._database = database
        self._events = events
        self._clock = clock
        self._vendor = vendor or _yahoo
        self._patience = patience

    def plan_fetch(self, request: FetchRequest = EVERYTHING) -> FetchPlan:
        """What a fetch would do now, without asking anybody. Raises ``SettingsError`` where nothing is fetched."""
        return self._fetcher().plan(request)

    def fetch(
        self,
        request: FetchRequest = EVERYTHING,
        *,
        cancel: CancelToken | None = None,
        on_plan: Callable[[FetchPlan], None] | None = None,
    ) -> FetchReport:
        """Fetch what is missing or may have changed. What was stored before a stop is kept, and is not asked again.

        Args:
            request: What is asked for.
            cancel: How a person stops it.
            on_plan: Called with what will be asked, before anybody is and only if no other fetch is under way.

        Raises:
            ProviderError: If the vendor cannot be reached at all, or nothing it says can be used.
            StoreLocked: If another fetch is under way.
        """
        with self._copied(cancel):
            return self._fetch(request, cancel=cancel or CancelToken(), on_plan=on_plan)

    def _fetch(
        self,
        request: FetchRequest,
        *,
        cancel: CancelToken,
        on_plan: Callable[[FetchPlan], None] | None = None,
        ready: Callable[[], None] | None = None,
    ) -> FetchReport:
        with timed("fetch") as told:
            report = self._fetcher().run(request, cancel=cancel, on_plan=on_plan, ready=ready)
            new, changed = report.rows_new, report.rows_changed
            figures = {"asked": report.asked, "failed": len(report.failures), "requests": report.requests}
            phrase = f"{report.outcome}: {report.asked:,} names, {new:,} rows new, {changed:,} changed"
            told(phrase, outcome=report.outcome, rows_new=new, rows_changed=changed, **figures)
        return report

    def update(self, request: FetchRequest = EVERYTHING, *, cancel: CancelToken | None = None) -> UpdateReport:
        """Fetch, then build every index that is defined.

        Where the one of these settings is not there yet, it is built as soon as its largest names are there.
        """
        with self._copied(cancel):
            return self._update(request, cancel or CancelToken())

    def _update(self, request: FetchRequest, token: CancelToken) -> UpdateReport:
        fetched = self._fetch(request, cancel=token, ready=partial(self._first_index, token))
        reports = self.build_all(cancel=token) if fetched.through or self._has_prices() else ()
        return UpdateReport(fetched, reports[0] if reports else None, reports[1:])

    def _first_index(self, cancel: CancelToken) -> None:
        """An index of the names that are there so far, for people who have none yet; without one they wait on."""
        if self._built():
            return
        with suppress(DataError):
            if not self.build(cancel=cancel).problem:
                self._events(Progress("build the index", built=True))

    def _has_prices(self) -> bool:
        return self._database.exists() and self._database.read(
            lambda session: session.rows("build/span")[0][0] is not None
        )

    def fetching(self) -> FetchView:
        """What was fetched, what failed, and what the next fetch would do. Works before the first one."""
        return self._fetcher().view()

    def fetching_elsewhere(self) -> str:
        """Which other process fetches into the store at this moment, in words; empty for none."""
        from engine.store import locks

        owner = locks.owner(self._database.folder, "fetch")
        return "" if owner is None or owner.is_this_process else owner.text

    @contextmanager
    def _copied(self, cancel: CancelToken | None = None) -> Iterator[None]:
        """Keep a copy of the store when work is done that has changed its data; those of the demo are made up.

        Args:
            cancel: What ends a wait of the work for the store.
        """
        from engine.last_good import copied_after

        count = 0 if self.settings.provider == "demo" else self.settings.copies
        with obeying(cancel), copied_after(self._database, count):
            yield

    def _fetcher(self) -> Fetcher:
        from engine.fetcher import Fetcher

        return Fetcher(
            self._database,
            self.settings,
            self._vendor,
            events=self._events,
            clock=self._clock,
            patience=self._patience,
        )

    @abstractmethod
    def build(self, *, full: bool = False, cancel: CancelToken | None = None) -> BuildReport:
        """Compute the index from the stored data: only what is new or changed unless ``full``."""

    @abstractmethod
    def build_all(self, *, full: bool = False, cancel: CancelToken | None = None) -> tuple[BuildReport, ...]:
        """Compute every index that is defined, the one of these settings first."""

    @abstractmethod
    def _built(self) -> bool:
        """Whether the index has a published session, and was built by this version."""


def _yahoo(wanted: Wanted) -> Vendor:
    from engine.providers.yahoo import Yahoo

    return Yahoo(wanted)
