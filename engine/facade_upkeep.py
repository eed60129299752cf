"""The part of the engine's door for those who look after a store: is all well, who changed what, copies of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.events import CancelToken
from engine.facade_fetching import Fetching
from engine.log import timed
from engine.reports import BackupReport, Check, RepairReport, RestoreReport
from engine.views.audit import AuditRow
from engine.views.copies import CopyRow

if TYPE_CHECKING:
    from engine.health.ground import Ground


class Upkeep(Fetching):
    """Checks, the record of changes, backup, restore and repair of one store."""

    def diagnose(self, *, online: bool = False) -> tuple[Check, ...]:
        """Look at the store and, if asked, at each host of the vendor; the worst first."""
        from engine.health.diagnosis import diagnose

        return diagnose(self._ground(), online=online)

    def audit(self, limit: int = 200) -> tuple[AuditRow, ...]:
        """The last changes of the stored data, newest first. Works before the first build; empty without a store."""
        from engine.store.audit import read

        if not self._database.exists():
            return ()
        return self._database.read(lambda session: read(session, limit))

    def backup(self, path: Path | None = None, *, force: bool = False) -> BackupReport:
        """Write a whole copy of the store that opens on its own, and look at it.

        Without ``path``: a dated name in the current folder, numbered if that is taken. Raises ``ExportError``,
        ``NoData`` where there is no store.
        """
        from engine.copies import back_up

        with timed("backup") as told:
            report = back_up(self._database, path, self._clock(), force=force)
            told(str(report.path), bytes=report.size)
        return report

    def restore(self, path: Path) -> RestoreReport:
        """Put a copy in the place of the store, and keep the store that was there beside it.

        Raises:
            StoreError: The file is no store, is damaged or too new; nothing was changed.
        """
        from engine.copies import restore

        with self._copied(), timed("restore") as told:
            report = restore(self._database, path, self._clock())
            told(str(report.path), sessions=report.sessions)
        return report

    def repair(self, *, cancel: CancelToken | None = None) -> RepairReport:
        """Mend what ``diagnose`` finds bad and can be mended, after a backup.

        A store that cannot be read is made anew of what can be, and of the newest sound copy beside it.

        Raises:
            StoreDamaged: The file cannot be read at all, and there is no copy.
        """
        from engine.health.diagnosis import diagnose
        from engine.health.ground import BAD
        from engine.health.repair import mend

        token = cancel or CancelToken()
        with self._copied(token):
            mended = mend(self._ground(), lambda name: self._build_again(name, token))
        left = tuple(check for check in diagnose(self._ground()) if check.state == BAD)
        return RepairReport(mended.copy, mended.done, left, mended.lost)

    def _build_again(self, index: str, cancel: CancelToken) -> None:
        """Build any of the indices that are defined from its start."""
        from engine.indices import of_index

        settings, database = of_index(self.settings, index), self._database.despite_clock()
        of_its_own = type(self)(settings, database, events=self._events, clock=self._clock, vendor=self._vendor)
        of_its_own.build(full=True, cancel=cancel)

    def copies(self) -> tuple[CopyRow, ...]:
        """The copies of the store beside it, the newest first."""
        from engine.copies import copies_beside

        return copies_beside(self._database.folder)

    def _ground(self) -> Ground:
        from engine.health.ground import Ground

        return Ground(self._database.despite_clock(), self.settings, self._clock())
