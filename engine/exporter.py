"""What an export is made of, gathered from the views and streamed from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import count, groupby
from math import fsum
from pathlib import Path
from typing import Any, Final

from engine.domain.fields import CHANGE_FIELDS
from engine.errors import DataError
from engine.export.content import WHY_COLUMNS, Rows, WorkbookContent
from engine.provenance import provenance
from engine.settings import Settings
from engine.store.database import Database, Session
from engine.views.analysis import ContributionView, ReturnsView
from engine.views.assembly import UNKNOWN_SECTOR
from engine.views.metrics import metric_fields, relative_fields
from engine.views.quality import Finding
from engine.views.types import ChangesView, IndexStatus, MetricsView, PerformanceView, SectorWeight
from engine.views.why import change_rows

SESSIONS_A_READ: Final = 100
"""Sessions of the composition that are read at once: the store is never held while a file is written."""


def default_path(status: IndexStatus, about: str = "", *, force: bool) -> Path:
    """Name of a workbook in the current folder: one that is free, unless it may be written over."""
    name = "-".join(filter(None, ("flatcap", status.index, about, str(status.session))))
    names = (f"{name}{'' if number == 1 else f'-{number}'}.xlsx" for number in count(1))
    return next(path for path in map(Path, names) if force or not (path.exists() or path.is_symlink()))


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
        sector_weights=cache(lambda: _months(database, settings.index, performance.sessions)),
        provenance=tuple(provenance(database, settings, performance.status, performance.sessions)),
    )


def _members(database: Database, index_name: str, sessions: Sequence[date]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(sessions), SESSIONS_A_READ):
        part = sessions[start : start + SESSIONS_A_READ]
        yield from database.read(_reading({"index_name": index_name, "first": part[0], "last": part[-1]}))


def _reading(span: dict[str, Any]) -> Callable[[Session], list[tuple[Any, ...]]]:
    return lambda session: session.rows("reads/members", span)


def month_ends(sessions: Sequence[date]) -> list[date]:
    """The last of these sessions in each month."""
    return [max(days) for _, days in groupby(sessions, key=lambda day: (day.year, day.month))]


def _months(
    database: Database, index_name: str, sessions: Sequence[date]
) -> tuple[tuple[date, tuple[SectorWeight, ...]], ...]:
    """The weights of the sectors decided at the last session of each month."""
    ends = month_ends(sessions)
    values = {"index_name": index_name, "sessions": ends}
    weights: dict[date, dict[str, list[float]]] = {day: defaultdict(list) for day in ends}
    for day, sector, weight in database.read(lambda session: session.rows("reads/sector_weights", values)):
        weights[day][sector or UNKNOWN_SECTOR].append(weight)
    return tuple((day, _by_weight(parts)) for day, parts in weights.items())


def _by_weight(parts: Mapping[str, Sequence[float]]) -> tuple[SectorWeight, ...]:
    found = [SectorWeight(sector, fsum(weights), len(weights)) for sector, weights in parts.items()]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.sector)))
