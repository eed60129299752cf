"""What every company added to the return of a period, linked so that the parts sum to the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any, Final

from engine.errors import SettingsError
from engine.store.database import Session
from engine.views.analysis import ContributionRow, ContributionView, SectorContribution
from engine.views.assembly import UNKNOWN_SECTOR
from engine.views.types import IndexStatus

SERIES: Final = ("PR", "TR")
"""Price return and total return."""


@dataclass(frozen=True, slots=True)
class _Base:
    """Where a period starts: its session, the position of that, and the levels at its close."""

    session: date
    ordinal: int
    level_pr: float
    level_tr: float


def contribution_view(
    session: Session, index_name: str, status: IndexStatus, start: date | None, series: str
) -> ContributionView:
    """Contributions to the return of the sessions from ``start`` to that of ``status``.

    Args:
        session: An open session of the store.
        index_name: Name of the index.
        status: The header, at the last session of the period.
        start: First session whose return counts, or None for the whole history.
        series: ``PR`` or ``TR``.
    """
    if series not in SERIES:
        raise SettingsError(f"{series!r} is not a return series.", hint=f"allowed: {', '.join(SERIES)}")
    base = _base(session, index_name, start or status.first_session, status.session)
    total = series == "TR"
    level = base.level_tr if total else base.level_pr
    count = _ordinal(session, index_name, status.session) - base.ordinal
    found = _added(session, index_name, base.session, status.session, total=total) if count else []
    rows = tuple(_row(one, level, count) for one in found)
    return ContributionView(
        status=status,
        series=series,
        first=base.session,
        last=status.session,
        sessions=count,
        index_return=(status.level_tr if total else status.level_pr) / level - 1 if count else None,
        cap_weight_return=fsum(row.cap_contribution for row in rows) if count else None,
        rows=rows,
        sectors=_sectors(rows, count),
    )


def contributed(session: Session, index_name: str, first: date, last: date) -> dict[int, float]:
    """Linked contributions to the price return from the close of ``first`` to that of ``last``, by listing."""
    if first >= last:
        return {}
    level = session.rows("reads/session_at", {"index_name": index_name, "as_of": first})[0][2]
    return {row[0]: row[7] / level for row in _added(session, index_name, first, last, total=False)}


def _base(session: Session, index_name: str, start: date, last: date) -> _Base:
    values = {"index_name": index_name, "start": start, "last": last}
    return _Base(*session.rows("reads/period_base", values)[0])


def _ordinal(session: Session, index_name: str, day: date) -> int:
    return int(session.rows("reads/session_at", {"index_name": index_name, "as_of": day})[0][1])


def _added(session: Session, index_name: str, first: date, last: date, *, total: bool) -> list[tuple[Any, ...]]:
    values = {"index_name": index_name, "first": first, "last": last, "total": total}
    return session.rows("reads/contributions", values)


def _row(found: tuple[Any, ...], level: float, count: int) -> ContributionRow:
    """One company; sums over the sessions it was held become means over all of them."""
    _, ticker, name, sector, sessions, weight, gain, added, cap_weight, cap_added = found
    return ContributionRow(
        ticker=ticker,
        name=name,
        sector=sector,
        sessions=sessions,
        weight=weight / count,
        return_own=gain,
        contribution=added / level,
        cap_weight=cap_weight / count,
        cap_contribution=cap_added,
    )


def _sectors(rows: Sequence[ContributionRow], count: int) -> tuple[SectorContribution, ...]:
    parts: dict[str, list[ContributionRow]] = defaultdict(list)
    for row in rows:
        parts[row.sector or UNKNOWN_SECTOR].append(row)
    found = [_sector(name, members, count) for name, members in parts.items()]
    return tuple(sorted(found, key=lambda one: (-one.contribution, one.sector)))


def _sector(name: str, rows: Sequence[ContributionRow], count: int) -> SectorContribution:
    return SectorContribution(
        sector=name,
        members=sum(row.sessions for row in rows) / count,
        weight=fsum(row.weight for row in rows),
        contribution=fsum(row.contribution for row in rows),
        cap_weight=fsum(row.cap_weight for row in rows),
        cap_contribution=fsum(row.cap_contribution for row in rows),
    )
