"""The part of the engine's door through which data leave it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine.events import CancelToken, obeying
from engine.facade_upkeep import Upkeep
from engine.log import timed
from engine.views.analysis import ContributionView, ReturnsView
from engine.views.types import ChangesView, CoverageView, MetricsView, PerformanceView


class Exporting(Upkeep):
    """Workbooks and tables of the views."""

    def export(
        self,
        path: Path | None = None,
        *,
        sheets: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        force: bool = False,
        about: str = "",
        cancel: CancelToken | None = None,
    ) -> Path:
        """Write an ``.xlsx`` workbook or a table (``.csv``, ``.json``, ``.jsonl``, ``.parquet``) and give its path.

        Without ``path``: ``flatcap-<index>-<last session>.xlsx`` in the current folder, with ``about`` before the
        session where it says what part of the index is written, numbered if that is taken. Raises ``ExportError``.
        """
        from engine.export.files import check_request, write_file
        from engine.exporter import contents, default_path, require_sessions

        with obeying(cancel):
            performance = self.performance(start, end)
            require_sessions(performance)
            target = path or default_path(performance.status, about, force=force)
            check_request(target, sheets)
            content = contents(
                self._database,
                self.settings,
                performance=performance,
                metrics=self.metrics(start, end),
                changes=self.changes(start, end),
                returns=lambda: self.returns(start, end),
                contributions=lambda series: self.contributions(start, end, series=series),
                findings=lambda: self.coverage().findings,
            )
        with obeying(cancel), timed("export") as told:
            written = write_file(target, content, sheets=sheets, force=force, events=self._events, cancel=cancel)
            told(str(written), bytes=written.stat().st_size)
        return written

    @abstractmethod
    def performance(
        self, start: date | None = None, end: date | None = None, *, as_of: date | None = None
    ) -> PerformanceView:
        """Levels and returns of the published sessions."""

    @abstractmethod
    def metrics(self, start: date | None = None, end: date | None = None) -> MetricsView:
        """Metrics by period."""

    @abstractmethod
    def changes(self, start: date | None = None, end: date | None = None) -> ChangesView:
        """Additions and deletions day by day."""

    @abstractmethod
    def returns(self, start: date | None = None, end: date | None = None) -> ReturnsView:
        """Months and falls."""

    @abstractmethod
    def contributions(
        self, start: date | None = None, end: date | None = None, *, series: str = "PR"
    ) -> ContributionView:
        """What every company added to the return."""

    @abstractmethod
    def coverage(self) -> CoverageView:
        """What the store holds and what was found in it."""
