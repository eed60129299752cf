"""From a vendor into the store: what would be asked for, the fetch itself, and how the last ones went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime

from engine.domain.words import counted
from engine.errors import SettingsError, StoreError, StoreLocked
from engine.events import CancelToken, EventSink
from engine.fetching.plan import make_plan, wanted_day
from engine.fetchwork.known import known_to
from engine.fetchwork.moment import Moment
from engine.fetchwork.source import Means
from engine.providers.vendor import VendorFactory
from engine.reports import FetchPlan, FetchReport, FetchRequest
from engine.settings import Settings
from engine.store import locks
from engine.store.database import Database
from engine.store.fetching import underway
from engine.views.fetched import fetch_view, interrupted
from engine.views.fetching import FetchView


class Fetcher:
    """Fetches into one store.

    Args:
        database: The store.
        settings: What a person has set.
        vendor_factory: Makes the source.
        events: Where progress goes.
        clock: Gives the present, aware of its zone.
        patience: Scales the waits between tries and the stops that a vendor wants.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        vendor_factory: VendorFactory,
        *,
        events: EventSink,
        clock: Callable[[], datetime],
        patience: float = 1.0,
    ) -> None:
        self._means = Means(database, settings, vendor_factory, events, patience)
        self._clock = clock

    def plan(self, request: FetchRequest) -> FetchPlan:
        """What a fetch would do now, without asking anybody."""
        self._refuse_provider()
        return self._plan(request, Moment(self._clock()))

    def run(
        self,
        request: FetchRequest,
        *,
        cancel: CancelToken,
        ready: Callable[[], None] | None = None,
        on_plan: Callable[[FetchPlan], None] | None = None,
    ) -> FetchReport:
        """Fetch what is missing or may have changed.

        Args:
            request: What is asked for.
            cancel: How a person stops it.
            ready: Called once, when the largest names are stored and others are still to come.
            on_plan: Called with what will be asked, before anybody is.
        """
        # Frames come with it, and who only wants to know how it stands needs none.
        from engine.fetchwork.run import Run

        self._refuse_provider()
        database = self._means.database
        if not database.exists():
            database.write(lambda _: None)
        with _alone(database):
            return Run(self._means, Moment(self._clock()), request, cancel, ready, on_plan).carry_out()

    def view(self) -> FetchView:
        """How the last fetches went, and what the next one would do."""
        moment = Moment(self._clock())
        plan = self._plan(FetchRequest(), moment) if self._means.settings.provider == "yahoo" else self._no_plan(moment)
        database = self._means.database
        if not database.exists():
            return FetchView(plan, (), (), (), None, None, None)
        is_under_way = locks.owner(database.folder, "fetch") is not None
        view = database.read(lambda session: fetch_view(session, plan, moment.now))
        return view if is_under_way else interrupted(view)

    def _plan(self, request: FetchRequest, moment: Moment) -> FetchPlan:
        return make_plan(known_to(self._means, moment).state, self._means.settings, moment.now, request).plan

    def _no_plan(self, moment: Moment) -> FetchPlan:
        settings = self._means.settings
        since = wanted_day(settings, moment.now, FetchRequest())
        return FetchPlan(settings.provider, (), 0, 0.0, since, moment.final)

    def _refuse_provider(self) -> None:
        provider = self._means.settings.provider
        if provider != "yahoo":
            raise SettingsError(
                f"Nothing is fetched with provider {provider}.",
                hint="choose --provider yahoo; your own files come in with flatcap import PATH",
            )


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Be the only fetch. Another one that is under way is named, and how far it is."""
    with ExitStack() as held:
        try:
            held.enter_context(database.fetching())
        except StoreLocked as error:
            raise StoreLocked(f"{error.message}{_how_far(database)}", hint=error.hint) from None
        yield


def _how_far(database: Database) -> str:
    with suppress(StoreError):
        names = database.read(underway)
        if names is not None:
            return f" {counted(names, 'name')} answered so far."
    return ""
