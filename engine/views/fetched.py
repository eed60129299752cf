"""What was fetched, what failed and what was found out, from the store's records of fetches."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.calendar import sessions_behind
from engine.reports import FetchPlan
from engine.store.database import Session
from engine.store.fetching import failures, freshness, last_notes, runs, stored
from engine.views.fetching import FetchView, RunRow

INTERRUPTED: Final = ("stopped", "it was interrupted")
"""Outcome and reason, as the next fetch writes them down for one that was ended from outside."""


def fetch_view(session: Session | None, plan: FetchPlan, now: datetime) -> FetchView:
    """The records of fetches beside what the next one would do.

    Args:
        session: An open session, None where there is no store yet.
        plan: What the next fetch would do.
        now: The present, aware of its zone.
    """
    if session is None:
        return FetchView(plan, (), (), (), None, None, None)
    fresh_at, through = freshness(session)
    names, last = stored(session)
    return FetchView(
        plan=plan,
        runs=tuple(RunRow(*row) for row in runs(session)),
        failures=failures(session),
        notes=last_notes(session),
        fresh_at=fresh_at,
        through=through,
        behind=sessions_behind(through, now) if through else None,
        names=names,
        last=last,
    )


def interrupted(view: FetchView) -> FetchView:
    """The same when no fetch is under way: one that seems to run was ended from outside."""
    outcome, reason = INTERRUPTED
    runs = (replace(run, outcome=outcome, reason=reason) if run.outcome == "running" else run for run in view.runs)
    return replace(view, runs=tuple(runs))
