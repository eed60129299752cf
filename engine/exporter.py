"""What an export is made of, gathered from the views and streamed from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Final

from engine import __version__
from engine.export.content import Rows, Value, WorkbookContent
from engine.index.rules import METHODOLOGY_VERSION
from engine.settings import Settings
from engine.store.database import Database, Session
from engine.views.assembly import Reader
from engine.views.metrics import metric_fields
from engine.views.types import ChangesView, IndexStatus, MetricsView, PerformanceView

SESSIONS_A_READ: Final = 100
"""Sessions of the composition that are read at once: the store is never held while a file is written."""


def default_path(status: IndexStatus, *, force: bool) -> Path:
    """Name of a workbook in the current folder: one that is free, unless it may be written over."""
    name = f"flatcap-{status.index}-{status.session}"
    names = (f"{name}{'' if number == 1 else f'-{number}'}.xlsx" for number in count(1))
    return next(path for path in map(Path, names) if force or not path.exists())


def contents(
    database: Database,
    settings: Settings,
    *,
    performance: PerformanceView,
    metrics: MetricsView,
    changes: ChangesView,
) -> WorkbookContent:
    """Everything that a workbook or a table may show of these sessions."""
    span = {"index_name": settings.index, "first": min(performance.sessions, default=date.max),
            "last": max(performance.sessions, default=date.min)}  # fmt: skip
    total = database.read(lambda session: int(session.rows("reads/count_members", span)[0][0]))
    rows = [
        (row.session, row.kind, row.ticker, row.rank_before, row.rank_after, row.market_cap_usd) for row in changes.rows
    ]
    return WorkbookContent(
        performance=performance,
        metrics=metrics,
        metric_fields=metric_fields(),
        composition=Rows(total, _members(database, settings.index, performance.sessions)),
        changes=Rows(len(rows), rows),
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
    for name, value in database.read(lambda session: Reader(session, settings.index).rules()).items():
        if name != "methodology_version":
            yield f"rule {name}", value
    yield "setting cost_bps", f"{settings.cost_bps:g} ({settings.origins.get('cost_bps', 'default')})"
