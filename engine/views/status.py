"""The two answers that an app draws first, from the last view that was kept. The others are in ``engine.views.types``.

A module of its own: making the classes of all answers takes longer than reading the view.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What every screen's header says.

    Attributes:
        index: Name of the index, ``top100``.
        size: N, the number of places.
        session: The as-of session.
        level_pr: Price-return level at ``session``.
        level_tr: Total-return level at ``session``.
        return_pr: Price return of ``session`` against the published session before, or None on the first.
        return_tr: Total return likewise.
        members: Members decided at the close of ``session``.
        held: Members held into ``session``.
        priced: Of the members held into ``session``, those with a price.
        source: Where the data come from: ``synthetic``, ``import``, ``yahoo``.
        synthetic: True when the market is the demo's.
        first_session: First published session.
        last_session: Last published session.
        sessions_behind: NYSE sessions closed since ``last_session``, or None when the market is synthetic.
        data_version: Number that grows with every change of the store.
        outdated: Why the index is not what a build would make of it now: ``data`` (raw data or decisions have changed
            since), ``settings`` (it was built with others than those in force); empty when it is.
        backfilled_before: Sessions before this one come from names that were only listed later (survivorship-biased):
            the first snapshot of the universe; None where nothing was fetched for earlier sessions.
        names_wanted: Names of the universe that is fetched, 0 where nothing is fetched.
        names_have: Of those, names that have been asked for with an answer.
        weighting: ``equal`` or ``cap``.
        clock: What is wrong with the clock of this machine, as a sentence; empty when nothing is.
    """

    index: str
    size: int
    session: date
    level_pr: float
    level_tr: float
    return_pr: float | None
    return_tr: float | None
    members: int
    held: int
    priced: int
    source: str
    synthetic: bool
    first_session: date
    last_session: date
    sessions_behind: int | None
    data_version: int
    outdated: str = ""
    backfilled_before: date | None = None
    names_wanted: int = 0
    names_have: int = 0
    weighting: str = "equal"
    clock: str = ""

    @property
    def backfilled(self) -> bool:
        """Whether ``session`` is back-filled."""
        return self.backfilled_before is not None and self.session < self.backfilled_before


@dataclass(frozen=True, slots=True)
class PerformanceView:
    """Levels, returns and turnover by session: parallel tuples, oldest first.

    ``benchmarks`` maps a symbol to its closes on these sessions (None where it has none). With a cost set,
    ``net_pr`` and ``net_tr`` are the levels after it, from the same level on the first session of the view; without
    one they are empty.
    """

    status: IndexStatus
    sessions: tuple[date, ...]
    level_pr: tuple[float, ...]
    level_tr: tuple[float, ...]
    return_pr: tuple[float | None, ...]
    return_tr: tuple[float | None, ...]
    members: tuple[int, ...]
    priced: tuple[int, ...]
    turnover: tuple[float | None, ...]
    benchmarks: dict[str, tuple[float | None, ...]] = field(default_factory=dict)
    cost_bps: float = 0.0
    net_pr: tuple[float, ...] = ()
    net_tr: tuple[float, ...] = ()
