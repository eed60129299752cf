"""What was fetched, what came of it, and what the next fetch would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.fetching.notes import FetchNote
from engine.reports import FetchFailure, FetchPlan


@dataclass(frozen=True, slots=True)
class RunRow:
    """One fetch. Moments are UTC.

    Attributes:
        started_at: When it began.
        ended_at: When it ended; None while it runs, or when it was killed.
        outcome: ``running``, ``done``, ``partial``, ``stopped`` or ``failed``.
        asked: Names asked for.
        failed: Of those, names without an answer that could be used.
        remaining: Names of the plan that were not asked for.
        requests: Requests made.
        through: Last session of the prices of most names, None without.
        reason: Why it stopped or failed; empty otherwise.
    """

    started_at: datetime
    ended_at: datetime | None
    outcome: str
    asked: int
    failed: int
    remaining: int
    requests: int
    through: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class FetchView:
    """The fetch pane of the Data screen, and ``show coverage --fetches``.

    Attributes:
        plan: What the next fetch would do.
        runs: The last twenty, the latest first.
        failures: Names that failed when they were last asked for, by symbol.
        notes: What the last run found out that had anything to tell.
        fresh_at: When the last fetch succeeded (UTC), None for never. A failure does not move it.
        through: Last session that it had, by the source's own dates.
        behind: NYSE sessions closed since ``through``, None without.
        names: Names whose prices are stored, however they came.
        last: Last session of any of them, None without.
    """

    plan: FetchPlan
    runs: tuple[RunRow, ...]
    failures: tuple[FetchFailure, ...]
    notes: tuple[FetchNote, ...]
    fresh_at: datetime | None
    through: date | None
    behind: int | None
    names: int = 0
    last: date | None = None
