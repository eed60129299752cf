"""The indices of a store, side by side, as people choose among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.settings import Settings

if TYPE_CHECKING:
    from engine.store.database import Session


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One index.

    Attributes:
        index: Its name.
        title: What its definition calls it, empty where it says nothing.
        size: N.
        weighting: ``equal`` or ``cap``.
        rebalance: ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        buffer: Ranks of grace.
        sectors: Sectors that count, empty for all of them.
        exchanges: Exchanges that count, empty for all of them.
        base_level: Level of the first session.
        base_date: First day that the index may begin on, None for the first session there is.
        cost_bps: Cost per side in basis points.
        origin: Where it is defined: ``settings`` or the file's name.
        first_session: First published session, None before the first build.
        last_session: Last published session, likewise.
        level_pr: Price-return level of the last session, likewise.
        return_pr: Price return of the last session, likewise.
        outdated: ``data``, ``settings`` or empty, as in ``IndexStatus``.
    """

    index: str
    title: str
    size: int
    weighting: str
    rebalance: str
    buffer: int
    sectors: tuple[str, ...]
    exchanges: tuple[str, ...]
    base_level: float
    base_date: date | None
    cost_bps: float
    origin: str
    first_session: date | None
    last_session: date | None
    level_pr: float | None
    return_pr: float | None
    outdated: str


def index_row(session: Session | None, settings: Settings, rules: str) -> IndexRow:
    """Where an index stands.

    Args:
        session: An open session of the store, None where there is none.
        settings: The settings in force for the index.
        rules: Its rules, as they are stored with a build.
    """
    definition = settings.definitions.get(settings.index)
    first, last, level, gained, outdated = _stands(session, settings.index, rules) if session else _NOWHERE
    return IndexRow(
        index=settings.index,
        title=settings.title,
        size=settings.index_size,
        weighting=settings.weighting,
        rebalance=settings.rebalance,
        buffer=settings.buffer,
        sectors=settings.index_sectors,
        exchanges=settings.index_exchanges,
        base_level=settings.base_level,
        base_date=settings.base_date,
        cost_bps=settings.cost_bps,
        origin=definition.path.name if definition else "settings",
        first_session=first,
        last_session=last,
        level_pr=level,
        return_pr=gained,
        outdated=outdated,
    )


_NOWHERE: tuple[Any, ...] = (None, None, None, None, "")


def _stands(session: Session, name: str, rules: str) -> tuple[Any, ...]:
    """First and last session, level and return of the last, and why a build would change it."""
    from engine.views.assembly import Reader

    if not Reader(session, name, rules).is_built():
        return _NOWHERE
    status = Reader(session, name, rules).status(None)
    return status.first_session, status.last_session, status.level_pr, status.return_pr, status.outdated
