"""A person's files into the store, file by file, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine import calendar
from engine.errors import DataError
from engine.events import CancelToken, EventSink, Progress
from engine.providers.files import FileImport, ParsedFile, no_splits
from engine.reports import FileReport, ImportReport
from engine.store.database import Database, Session
from engine.store.ingest import Merged, merge_batch
from engine.store.refusals import keep_refused

if TYPE_CHECKING:
    import polars as pl


class Importer:
    """Takes files into one store.

    Args:
        database: The store.
        events: Where progress goes.
        clock: Gives the present: prices after the last closed session are refused, because they are not final.
    """

    def __init__(self, database: Database, *, events: EventSink, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._events = events
        self._clock = clock

    def run(self, paths: Sequence[Path], *, kind: str | None, prices: str, cancel: CancelToken) -> ImportReport:
        """Import files and folders. A file is taken whole or not at all; what was taken before a stop is kept."""
        now = self._clock().astimezone(UTC)
        source = self._found(paths, kind, prices, now)
        reports: list[FileReport] = []
        touched: list[date] = []
        total = len(source.sources)
        self._events(Progress("import", 0, total, "files"))
        with closing(source.batches()) as batches:
            for parsed in batches:
                cancel.check()
                merged = self._store(parsed, source.name, now)
                reports.append(_report(parsed, merged))
                touched += [one.earliest for one in merged.values() if one.earliest is not None]
                self._events(Progress(f"import {parsed.detail}", len(reports), total, "files"))
        return ImportReport(tuple(reports), min(touched, default=None))

    def _found(self, paths: Sequence[Path], kind: str | None, prices: str, now: datetime) -> FileImport:
        """The files and their kinds; one that cannot be told stops the import before anything is stored."""
        splits = self._known_splits()
        try:
            return FileImport(
                paths,
                kind=kind,
                prices=prices,
                splits=splits,
                is_session=calendar.is_session,
                today=now.date(),
                final=calendar.last_closed_session(now),
            )
        except DataError as error:
            raise DataError(error.message, hint=f"{error.hint}; nothing was imported") from error

    def _known_splits(self) -> pl.DataFrame:
        if not self._database.exists():
            return no_splits()
        return self._database.read(lambda session: session.frame("build/splits", {"last": date.max}))

    def _store(self, parsed: ParsedFile, source: str, now: datetime) -> dict[str, Merged]:
        at = now.replace(tzinfo=None)

        def store(session: Session) -> dict[str, Merged]:
            keep_refused(session, parsed.detail, parsed.kind, parsed.lost, at)
            return merge_batch(session, parsed.frames, at=at, source=source, detail=parsed.detail)

        return self._database.write(store)


def _report(parsed: ParsedFile, merged: dict[str, Merged]) -> FileReport:
    return FileReport(
        path=parsed.path,
        kind=parsed.kind,
        rows_read=parsed.rows_read,
        rows_new=sum(one.rows_new for one in merged.values()),
        rows_changed=sum(one.rows_changed for one in merged.values()),
        rows_unchanged=sum(one.rows_unchanged for one in merged.values()) + parsed.repeated,
        refused=parsed.refused,
        first=parsed.first,
        last=parsed.last,
    )
