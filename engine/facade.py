"""The only door to the engine: ``open_engine(settings)`` gives an ``Engine``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine.events import CancelToken, EventSink, silent
from engine.reports import BuildReport, ImportReport
from engine.settings import Settings
from engine.views.types import (
    ChangesView,
    CompositionView,
    CoverageView,
    IndexStatus,
    MetricsView,
    PerformanceView,
    StockView,
)


class Engine:
    """Fetch, build, views and export over one store. Safe to call from several threads."""

    def __init__(self, settings: Settings, *, events: EventSink = silent) -> None:
        self.settings = settings
        self._events = events

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
        raise NotImplementedError

    def load_demo(self) -> bool:
        """Make the synthetic market in an empty store and build its index; False if it was there already."""
        raise NotImplementedError

    def build(self, *, full: bool = False, cancel: CancelToken | None = None) -> BuildReport:
        """Compute the index from the stored data: only what is new or changed unless ``full``."""
        raise NotImplementedError

    # -- views out; all raise NoData when there is no index
    def data_version(self) -> int:
        """Number that grows with every change of the store (0: empty)."""
        raise NotImplementedError

    def status(self, as_of: date | None = None) -> IndexStatus:
        """The header at the last published session on or before ``as_of``."""
        raise NotImplementedError

    def performance(
        self, start: date | None = None, end: date | None = None, *, as_of: date | None = None
    ) -> PerformanceView:
        """Levels and returns of the published sessions from ``start`` to ``end`` (or ``as_of``), inclusive."""
        raise NotImplementedError

    def metrics(self, start: date | None = None, end: date | None = None) -> MetricsView:
        """Metrics by the standard periods ending at ``end``, or of one ``custom`` period when ``start`` is given."""
        raise NotImplementedError

    def composition(self, as_of: date | None = None) -> CompositionView:
        """Members decided at the close of the last published session on or before ``as_of``."""
        raise NotImplementedError

    def changes(self, start: date | None = None, end: date | None = None) -> ChangesView:
        """Additions and deletions day by day, for sessions from ``start`` to ``end`` inclusive."""
        raise NotImplementedError

    def compare(self, before: date, after: date) -> ChangesView:
        """Additions and deletions between the members decided at two dates."""
        raise NotImplementedError

    def stock(self, ticker: str, start: date | None = None, end: date | None = None) -> StockView:
        """One ticker through time. Raises ``DataError`` when the ticker is not in the store."""
        raise NotImplementedError

    def coverage(self) -> CoverageView:
        """What the store holds and what was found in it. Works before the first build."""
        raise NotImplementedError

    def export(
        self,
        path: Path | None = None,
        *,
        sheets: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        force: bool = False,
        cancel: CancelToken | None = None,
    ) -> Path:
        """Write a workbook (``.xlsx``) or one table (``.csv``, ``.json``, ``.parquet``) and give its full path.

        Without ``path``: ``flatcap-<index>-<last session>.xlsx`` in the current folder. Raises ``ExportError``.
        """
        raise NotImplementedError


def open_engine(settings: Settings, *, events: EventSink = silent) -> Engine:
    """Wire an engine for these settings. Opens nothing yet: the store is touched at the first question."""
    return Engine(settings, events=events)
