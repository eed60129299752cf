"""The part of the engine's door that computes: one index, or all that are defined, and where each of them stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.errors import DataError, NoData
from engine.events import CancelToken
from engine.facade_exporting import Exporting
from engine.indices import names, of_index, rules_of
from engine.log import timed
from engine.reports import BuildReport
from engine.settings import Settings
from engine.views.indices import IndexRow, index_row
from engine.views.snapshot import save_snapshot

if TYPE_CHECKING:
    from engine.builder import Builder
    from engine.shared_block import SharedBlock

TOO_FEW: Final = "Too few prices are known of every session."
NOBODY: Final = "No company that its rules let in has a price and a market cap."
"""Why an index has no session."""


class Building(Exporting):
    """Builds of the indices of one store."""

    def build(self, *, full: bool = False, cancel: CancelToken | None = None) -> BuildReport:
        """Compute the index from the stored data: only what is new or changed unless ``full``."""
        with self._copied(cancel):
            return self._build(None, full=full, cancel=cancel)

    def build_all(self, *, full: bool = False, cancel: CancelToken | None = None) -> tuple[BuildReport, ...]:
        """Compute every index that is defined, the one of these settings first; each is stored by itself.

        What keeps another one from being built stands in its report: the data of all are there, and so is the rest.

        Raises:
            DataError: The index of these settings cannot be built; the others are, as far as they can.
        """
        with self._copied(cancel):
            return self._build_all(full=full, cancel=cancel)

    def _build_all(self, *, full: bool, cancel: CancelToken | None) -> tuple[BuildReport, ...]:
        from engine.shared_block import SharedBlock

        shared = SharedBlock() if len(names(self.settings)) > 1 else None
        reports: list[BuildReport] = []
        own: DataError | None = None
        for settings in self._all_settings():
            try:
                reports.append(self._at(settings)._build(shared, full=full, cancel=cancel))
            except NoData:
                raise
            except DataError as error:
                own = own or (error if settings is self.settings else None)
                reports.append(BuildReport.of_failure(settings.index, settings.index_size, error.message, error.hint))
        if own:
            raise own
        return tuple(reports)

    def indices(self) -> tuple[IndexRow, ...]:
        """Every index that is defined, the default first, with where it stands. Works before the first build."""
        defined = [of_index(self.settings, name) for name in names(self.settings)]
        if not self._database.exists():
            return tuple(index_row(None, one, "") for one in defined)
        return self._database.read(
            lambda session: tuple(index_row(session, one, rules_of(one).text()) for one in defined)
        )

    def _all_settings(self) -> list[Settings]:
        """Settings in force for every index, those of this engine first."""
        others = [name for name in names(self.settings) if name != self.settings.index]
        return [self.settings, *(of_index(self.settings, name) for name in others)]

    def _at(self, settings: Settings) -> Building:
        """An engine on the same store for another index."""
        if settings is self.settings:
            return self
        return type(self)(
            settings,
            self._database,
            events=self._events,
            clock=self._clock,
            vendor=self._vendor,
            patience=self._patience,
        )

    def _build(self, shared: SharedBlock | None, *, full: bool, cancel: CancelToken | None) -> BuildReport:
        with timed("build") as told:
            report = self._explained(self._builder(shared).build(full=full, cancel=cancel or CancelToken()))
            figures = {"sessions": report.sessions_built, "first": report.first, "last": report.last}
            told(f"{report.index} {report.sessions_built:,} sessions", index=report.index, **figures)
        if report.sessions_total:
            save_snapshot(self.settings.data_dir, self.performance())
        return report

    def _explained(self, report: BuildReport) -> BuildReport:
        """The report; of an index without a session with the reason."""
        if report.sessions_total:
            return report
        base = self.settings.base_date
        last = self._database.read(lambda session: session.rows("build/span"))[0][1]
        if base is not None and base > last:
            problem = f"Its first session is to be {base} or later (base_date), and the last one with prices is {last}."
            return replace(report, problem=problem, hint="set an earlier base_date, or build again later")
        problem = TOO_FEW if report.sessions_incomplete else NOBODY
        return replace(report, problem=problem, hint="flatcap show coverage says what there is")

    def _builder(self, shared: SharedBlock | None = None) -> Builder:
        from engine.builder import Builder

        settings = self.settings
        return Builder(
            self._database,
            settings.index,
            rules_of(settings),
            self._events,
            shared=shared,
            typed=settings.index_sectors,
        )

    def _built(self) -> bool:
        """Whether the index has a published session, and was built by this version."""
        if not self._database.exists():
            return False
        from engine.views.assembly import Reader

        name = self.settings.index
        return self._database.read(lambda session: Reader(session, name).is_built())
