"""What is known before a fetch asks, and after."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from engine.fetching.state import FetchState
from engine.fetchwork.lines import Lines
from engine.fetchwork.moment import Moment
from engine.fetchwork.source import Means
from engine.store.database import Session
from engine.store.fetching import read_fetch_state, runs

ENDED_WELL: Final = ("done", "partial")
"""Outcomes of a fetch that has drawn its conclusions."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a fetch starts from.

    Attributes:
        state: What a plan is made from.
        lines: The tickers that every stock has had, and where each ended.
        scales: Ticker to the factor that is fixed for its reported shares.
        imported: Symbols with rows of a person's own.
        concluded: False when the last fetch was stopped before it had drawn its conclusions.
        synthetic: Whether the store holds the demo market.
    """

    state: FetchState
    lines: Lines
    scales: Mapping[str, float] = field(default_factory=dict)
    imported: Set[str] = frozenset()
    concluded: bool = True
    synthetic: bool = False


def known_to(means: Means, moment: Moment) -> Known:
    """What a store knows; nothing where there is none."""
    if not means.database.exists():
        return Known(FetchState(), Lines(()))
    return means.database.read(lambda session: _known(session, means, moment))


def _known(session: Session, means: Means, moment: Moment) -> Known:
    fetches = runs(session)
    return Known(
        state=read_fetch_state(session, means.settings.index, moment.today),
        lines=Lines(
            [(row[0], row[1], row[2]) for row in session.rows("build/renames")],
            [(row[0], row[1]) for row in session.rows("fetching/endings")],
        ),
        scales=dict(session.rows("fetching/scales")),
        imported=frozenset(row[0] for row in session.rows("fetching/imported")),
        concluded=not fetches or fetches[0][2] in ENDED_WELL,
        synthetic=bool(session.rows("reads/origin")[0][1]),
    )
