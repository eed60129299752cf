"""What an export is made of, gathered from the views and streamed from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Final

from engine import __version__
from engine.domain.fields import CHANGE_FIELDS
from engine.errors import DataError
from engine.export.content import WHY_COLUMNS, Rows, Value, WorkbookContent
from engine.index.rules import METHODOLOGY_VERSION
from engine.settings import Settings
from engine.store.database import Database, Session
from engine.store.fetching import freshness
from engine.views.analysis import ContributionView, ReturnsView
from engine.views.assembly import Reader
from engine.views.metrics import metric_fields, relative_fields
from engine.views.quality import Finding
from engine.views.types import ChangesView, IndexStatus, MetricsView, PerformanceView
from engine.views.why import change_rows

SESSIONS_A_READ: Final = 100
"""Sessions of the composition that are read at once: the store is never held while a file is written."""


def default_path(status: IndexStatus, *, force: bool) -> Path:
    """Name of a workbook in the current folder: one that is free, unless it may be written over."""
    name = f"flatcap-{status.index}-{status.session}"
    names = (f"{name}{'' if number == 1 else f'-{number}'}.xlsx" for number in count(1))
    return next(path for path in map(Path, names) if force or not path.exists())


def require_sessions(performance: PerformanceView) -> None:
    """Refuse to export nothing. Raises ``DataError``."""
    if not performance.sessions:
        status = performance.status
        raise DataError(
            f"There is no session of {status.index} in this range; the last one before its end is {status.session}.",
            hint="choose an earlier first session",
        )


def contents(
    database: Database,
    settings: Settings,
    *,
    performance: PerformanceView,
    metrics: MetricsView,
    changes: ChangesView,
    returns: Callable[[], ReturnsView],
    contributions: Callable[[str], ContributionView],
    findings: Callable[[], tuple[Finding, ...]],
) -> WorkbookContent:
    """Everything that a workbook or a table may show of these sessions.

    Args:
        database: The store, for the composition.
        settings: The settings in use.
        performance: Levels and returns of the sessions.
        metrics: Metrics of the same sessions.
        changes: Changes of the same sessions.
        returns: Gives months and falls of the same sessions.
        contributions: Gives the contributions to their return, of ``PR`` or ``TR``.
        findings: Gives what was found in the data.
    """
    span = {"index_name": settings.index, "first": min(performance.sessions, default=date.max),
            "last": max(performance.sessions, default=date.min)}  # fmt: skip
    total = database.read(lambda session: int(session.rows("reads/count_members", span)[0][0]))
    rows = [*change_rows(changes.rows, CHANGE_FIELDS + WHY_COLUMNS)]
    return WorkbookContent(
        performance=performance,
        metrics=metrics,
        metric_fields=metric_fields(),
        relative_fields=relative_fields(),
        composition=Rows(total, _members(database, settings.index, performance.sessions)),
        changes=Rows(len(rows), rows),
        returns=returns,
        contributions=lambda: (contributions("PR"), contributions("TR")),
        findings=findings,
        provenance=tuple(_provenance(database, settings, performance.status, performance.sessions)),
    )


def _members(database: Database, index_name: str, sessions: Sequence[date]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(sessions), SESSIONS_A_READ):
        part = sessions[start : start + SESSIONS_A_READ]
        yield from database.read(_reading({"index_name": index_name, "first": part[0], "last": part[-1]}))


def _reading(span: dict[str, Any]) -> Callable[[Session], list[tuple[Any, ...]]]:
    return lambda session: session.rows("reads/members", span)


def _provenance(
    database: Database, settings: Settings, status: IndexStatus, sessions: Sequence[date]
) -> Iterator[tuple[str, Value]]:
    yield "flatcap version", __version__
    yield "methodology version", METHODOLOGY_VERSION
    yield "index", status.index
    yield "first session exported", sessions[0] if sessions else None
    yield "last session exported", sessions[-1] if sessions else None
    yield "sessions exported", len(sessions)
    yield "first session of the index", status.first_session
    yield "last session of the index", status.last_session
    for source, batches, new, changed, taken_at in database.read(lambda session: session.rows("reads/sources")):
        yield (
            f"source {source}",
            f"{batches} batches, {new} rows new, {changed} changed, last at {taken_at:%Y-%m-%d %H:%M:%S} UTC",
        )
    yield from _fetched(database, status, sessions)
    yield from _decided(database)
    for name, value in database.read(lambda session: Reader(session, settings.index).rules()).items():
        if name != "methodology_version":
            yield f"rule {name}", value
    for name in ("cost_bps", "risk_free"):
        yield f"setting {name}", f"{getattr(settings, name):g} ({settings.origins.get(name, 'default')})"


def _fetched(database: Database, status: IndexStatus, sessions: Sequence[date]) -> Iterator[tuple[str, Value]]:
    """When data were last fetched, up to which session, and what of them is of names that were only listed later."""
    fresh_at, through = database.read(freshness)
    if fresh_at is not None:
        yield "last fetch", f"{fresh_at:%Y-%m-%d %H:%M:%S} UTC"
        yield "fetched up to", through
    before = status.backfilled_before
    if before is not None and sessions and sessions[0] < before:
        yield "back-filled before", before
        yield "back-filled means", "survivorship-biased: of companies that were listed then, not on the session itself"


def _decided(database: Database) -> Iterator[tuple[str, Value]]:
    """What a person has decided about the data: the price, the new ticker or the name, else that it is so."""
    for kind, ticker, day, price, text in database.read(lambda session: session.rows("reads/decisions")):
        about = " ".join(filter(None, ("decision", kind, ticker, str(day or ""))))
        yield about, text or ("yes" if price is None else price)
