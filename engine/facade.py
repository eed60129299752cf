"""The only door to the engine: ``open_engine(settings)`` gives an ``Engine``."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.errors import DataError
from engine.events import CancelToken, EventSink, Progress, silent
from engine.facade_building import Building
from engine.indices import DEFAULT_INDEX, of_index, rules_of
from engine.log import timed, traced
from engine.reports import DecisionReport, ImportReport
from engine.run import NO_RUN, Run, utc_now
from engine.settings import Settings
from engine.views.analysis import BubbleView, ContributionView, ReturnsView
from engine.views.cache import Inside, ViewCache
from engine.views.explanation import Explanation, Subject
from engine.views.quality import Decision
from engine.views.types import (
    ChangesView,
    CompositionView,
    CoverageView,
    IndexStatus,
    MetricsView,
    PerformanceView,
    StockView,
)

if TYPE_CHECKING:
    from engine.providers.vendor import VendorFactory
    from engine.store.database import Database, Session
    from engine.views.assembly import Reader

T = TypeVar("T")
Clock = Callable[[], datetime]


class Engine(Building):
    """Import, fetch, build, views and export over one store. Safe to call from several threads.

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
        events: EventSink = silent,
        clock: Clock = utc_now,
        vendor: VendorFactory | None = None,
        patience: float = 1.0,
    ) -> None:
        super().__init__(settings, database, events=events, clock=clock, vendor=vendor, patience=patience)
        self._cache = ViewCache(settings.cache_mb * 1_000_000)

    # -- data in

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        kind: str | None = None,
        prices: str = "as-traded",
        cancel: CancelToken | None = None,
    ) -> ImportReport:
        """Take files or folders of files into the store. ``prices``: ``as-traded`` or ``split-adjusted``."""
        from engine.importer import Importer

        importer = Importer(self._database, events=self._events, clock=self._clock)
        with self._copied(cancel), timed("import") as told:
            self._refuse_demo()
            report = importer.run(paths, kind=kind, prices=prices, cancel=cancel or CancelToken())
            new, changed = (sum(getattr(file, name) for file in report.files) for name in ("rows_new", "rows_changed"))
            figures = {"files": len(report.files), "rows_new": new, "rows_changed": changed}
            told(f"{len(report.files):,} files, {new:,} rows new, {changed:,} changed", **figures)
        return report

    def load_demo(self) -> bool:
        """Make the synthetic market in an empty store and build the indices that are defined; False if it is there.

        A making that was cut short is completed. An index that nobody defines waits for its ``build``.
        """
        first = self._at(of_index(self.settings, DEFAULT_INDEX))
        if first._built():
            return False
        if not self._has_data():
            self._make_market()
        first.build_all(full=True)
        return True

    def _make_market(self) -> None:
        # Only now: what makes the market costs 35 MB.
        from engine.providers.demo import demo_frames
        from engine.store.ingest import merge_batch

        self._events(Progress("make the synthetic market"))
        frames = demo_frames()
        taken_at = self._clock().astimezone(UTC).replace(tzinfo=None)
        self._database.write(
            lambda session: merge_batch(session, frames, at=taken_at, source="synthetic", detail="demo market")
        )

    def _has_data(self) -> bool:
        """Whether any batch was ever taken in."""
        return self._database.exists() and self._database.read(
            lambda session: session.rows("reads/origin")[0][0] is not None
        )

    def _refuse_demo(self) -> None:
        """Real data never enter the demo's store."""
        if not self._database.exists():
            return
        synthetic = self._database.read(lambda session: session.rows("reads/origin")[0][1])
        if synthetic:
            raise DataError(
                f"{self._database.folder} holds the synthetic demo market; nothing was imported.",
                hint="choose another folder with --data-dir",
            )

    # -- views out; all raise NoData when there is no index

    def data_version(self) -> int:
        """Number that grows with every change of the store (0: empty)."""
        if not self._database.exists():
            return 0
        return self._database.read(lambda session: int(session.rows("reads/version")[0][0]))

    def stamp(self) -> Hashable:
        """Something else than before as soon as anybody has changed the store; no file is opened for it."""
        return self._database.stamp()

    def inside(self) -> Inside:
        """The store's file and the cache, for a person who looks whether all is well."""
        from engine.store.statements import migrations

        path = self._database.path
        size = self._database.size()
        return Inside(path, size, migrations()[-1][0], self.data_version(), self._cache.status())

    def status(self, as_of: date | None = None) -> IndexStatus:
        """The header at the last published session on or before ``as_of``."""
        return self._view(("status", as_of), lambda reader: self._dated(reader.status(as_of)))

    def performance(
        self, start: date | None = None, end: date | None = None, *, as_of: date | None = None
    ) -> PerformanceView:
        """Levels and returns of the published sessions from ``start`` to ``end`` (or ``as_of``), inclusive."""
        last = end or as_of

        def make(reader: Reader) -> PerformanceView:
            view = reader.performance(start, last)
            return self._after_cost(replace(view, status=self._dated(view.status)))

        return self._view(("performance", start, last), make)

    def _after_cost(self, view: PerformanceView) -> PerformanceView:
        """Levels net of the cost that a person has set; a view that begins later begins at its gross level."""
        from engine.index.costs import net_levels

        cost = self.settings.cost_bps
        if not cost or not view.sessions:
            return view
        traded = (None, *view.turnover[1:])
        series = ((view.level_pr, view.return_pr), (view.level_tr, view.return_tr))
        net_pr, net_tr = (net_levels(level[0], (None, *gained[1:]), traded, cost) for level, gained in series)
        return replace(view, cost_bps=cost, net_pr=net_pr, net_tr=net_tr)

    def metrics(self, start: date | None = None, end: date | None = None) -> MetricsView:
        """Metrics by the standard periods ending at ``end``, or of one ``custom`` period when ``start`` is given."""
        from engine.views.metrics import metrics_view

        whole = self.performance(end=end)
        rate = self.settings.risk_free
        return self._keep(("metrics", start, end), lambda: metrics_view(whole, start, rate))

    def composition(self, as_of: date | None = None) -> CompositionView:
        """Members decided at the close of the last published session on or before ``as_of``."""

        def make(reader: Reader) -> CompositionView:
            view = reader.composition(as_of)
            return replace(view, status=self._dated(view.status))

        return self._view(("composition", as_of), make)

    def changes(self, start: date | None = None, end: date | None = None) -> ChangesView:
        """Additions and deletions day by day, for sessions from ``start`` to ``end`` inclusive."""

        def make(reader: Reader) -> ChangesView:
            view = reader.changes(start, end)
            return replace(view, status=self._dated(view.status))

        return self._view(("changes", start, end), make)

    def compare(self, before: date, after: date) -> ChangesView:
        """Additions and deletions between the members decided at two dates, the earlier one first."""
        early, late = sorted((before, after))
        return self._keep(("compare", early, late), lambda: self._compare(early, late))

    def _compare(self, early: date, late: date) -> ChangesView:
        from engine.views.comparison import compared, ends

        name = self.settings.index
        found = self._database.read(lambda session: ends(self._reader(session), session, name, early, late))
        view = found.view
        ranks = self._builder().rankings((view.first, view.last))
        rows = compared(view.last, found.decided, ranks, found.cut, found.ordinal, found.contributions)
        return replace(view, status=self._dated(view.status), rows=rows)

    def stock(self, ticker: str, start: date | None = None, end: date | None = None) -> StockView:
        """One ticker through time. Raises ``DataError`` when the ticker is not in the store."""
        symbol = ticker.strip().upper().replace(".", "-").replace("/", "-")

        def make(reader: Reader) -> StockView:
            view = reader.stock(symbol, start, end, asked=ticker.strip())
            return replace(view, status=self._dated(view.status))

        return self._view(("stock", symbol, start, end), make)

    def companies(self) -> tuple[tuple[str, str], ...]:
        """Every ticker that ``stock`` knows, and the name of its company, by ticker."""
        return self._view(("companies",), lambda reader: reader.companies())

    def coverage(self) -> CoverageView:
        """What the store holds and what was found in it. Works before the first build."""
        from engine.views.coverage import coverage_view

        name, rules = self.settings.index, rules_of(self.settings)
        view = self._keep(
            ("coverage",), lambda: self._database.read(lambda session: coverage_view(session, name, rules))
        )
        status = self.status() if self._built() else None
        return replace(view, status=status, store_bytes=self._database.path.stat().st_size)

    def returns(self, start: date | None = None, end: date | None = None) -> ReturnsView:
        """Months, falls, extreme days and rolling volatility up to ``end``, of the returns from ``start`` on."""
        from engine.views.returns import returns_view

        whole = self.performance(end=end)
        return self._keep(("returns", start, end), lambda: returns_view(whole, start))

    def contributions(
        self, start: date | None = None, end: date | None = None, *, series: str = "PR"
    ) -> ContributionView:
        """What every company added to the return of the sessions from ``start`` to ``end`` inclusive.

        Both the same session: of that day. ``series``: ``PR`` or ``TR``.
        """
        from engine.views.contributions import contribution_view

        status = self.status(end)
        name = self.settings.index
        return self._keep(
            ("contributions", start, end, series),
            lambda: self._database.read(lambda session: contribution_view(session, name, status, start, series)),
        )

    def bubble(self, as_of: date | None = None, *, width: int = 5) -> BubbleView:
        """Ranks N - ``width`` to N + ``width`` (10 at most) at the close of a session."""
        from engine.views.comparison import bubble_view

        return bubble_view(self.composition(as_of), width)

    def explain(self, subject: Subject) -> Explanation:
        """What a number is made of. Raises ``DataError`` for one that there is not."""
        from engine.views.explain import explain

        def make() -> Explanation:
            found = explain(self, self._database.read, subject)
            return replace(found, status=self._dated(found.status))

        return self._keep(("explain", subject), make)

    # -- what a person decides about the data; the index is built again from the session it touches

    def decide(self, decision: Decision) -> DecisionReport:
        """Store a decision about the data. ``build`` takes it in. Raises ``DataError`` when it fits nothing."""
        from engine.decisions import Decider

        with self._copied(), timed("decide") as told:
            report = Decider(self._database, self.settings.index, self._clock).decide(decision)
            told(report.text, kind=decision.kind, changed=report.changed)
        return report

    def withdraw(self, decision: Decision) -> DecisionReport:
        """Take a decision back. ``build`` takes it in. Raises ``DataError`` when there is no such decision."""
        from engine.decisions import Decider

        with self._copied(), timed("decide") as told:
            report = Decider(self._database, self.settings.index, self._clock).withdraw(decision)
            told(report.text, kind=decision.kind, changed=report.changed)
        return report

    def _dated(self, status: IndexStatus) -> IndexStatus:
        """How far behind the market the data are; a synthetic market is never behind."""
        from engine.calendar import sessions_behind

        if status.synthetic:
            return status
        return replace(status, sessions_behind=sessions_behind(status.last_session, self._clock()))

    def _view(self, question: tuple[Hashable, ...], make: Callable[[Reader], T]) -> T:
        return self._keep(question, lambda: self._read(make))

    def _keep(self, question: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        def made() -> T:
            with traced("view", f"made {question[0]}"):
                return make()

        return self._cache.get((self.stamp(), self._clock().date()), question, made)

    def _read(self, make: Callable[[Reader], T]) -> T:
        return self._database.read(lambda session: make(self._reader(session)))

    def _reader(self, session: Session) -> Reader:
        from engine.views.assembly import Reader

        return Reader(session, self.settings.index, rules_of(self.settings).text(), self.settings.universe_size)


def open_engine(
    settings: Settings,
    *,
    events: EventSink = silent,
    clock: Clock = utc_now,
    vendor: VendorFactory | None = None,
    patience: float = 1.0,
    run: Run = NO_RUN,
) -> Engine:
    """Wire an engine for these settings. Opens nothing yet: the store is touched at the first question."""
    from engine.store.database import Database

    database = Database(settings.data_dir, run=run, clock=clock, events=events, wait_s=settings.wait_seconds)
    return Engine(settings, database, events=events, clock=clock, vendor=vendor, patience=patience)
