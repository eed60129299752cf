"""What a fetch would do, and what fetches did, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Final

from engine.domain.fields import Field, Unit
from engine.fetching.asks import FAILED
from engine.reports import FetchPlan
from engine.views.fetching import FetchView, RunRow
from tuiapp.cli.output import Cell, Table, attributes

PLAN_FIELDS: Final = (
    Field("stage", "Stage", Unit.TEXT, text="What is asked for."),
    Field("names", "Names", Unit.COUNT, 0, text="Names concerned; 0 where that is not known yet."),
    Field("requests", "Requests", Unit.COUNT, 0, text="Requests."),
    Field("text", "What", Unit.TEXT, text="The same in words."),
)

RUN_FIELDS: Final = (
    Field("started_at", "Began (UTC)", Unit.TEXT, text="When the fetch began, UTC."),
    Field("ended_at", "Ended (UTC)", Unit.TEXT, text="When it ended, UTC; empty while it runs."),
    Field("outcome", "Outcome", Unit.TEXT, text="running, done, partial, stopped or failed."),
    Field("session", "Through", Unit.DATE, text="Last session of the prices, or the session of a note."),
    Field("asked", "Asked", Unit.COUNT, 0, text="Names asked for."),
    Field("failed", "Failed", Unit.COUNT, 0, text="Names without an answer that could be used."),
    Field("remaining", "Left", Unit.COUNT, 0, text="Names that were not asked for."),
    Field("requests", "Requests", Unit.COUNT, 0, text="Requests made."),
    Field("text", "Why", Unit.TEXT, text="Why it stopped or failed, or what was found."),
)

FAILURE_FIELDS: Final = (
    Field("symbol", "Symbol", Unit.TEXT, text="Symbol that failed."),
    Field("kind", "What", Unit.TEXT, text="What was asked for, or the kind of a note."),
    Field("text", "Why", Unit.TEXT),
)

NOTE_FIELDS: Final = (
    Field("kind", "Note", Unit.TEXT),
    Field("symbol", "Ticker", Unit.TEXT),
    Field("session", "Session", Unit.DATE),
    Field("text", "Found", Unit.TEXT),
)

FETCH_FIELDS: Final = (
    Field("record", "Record", Unit.TEXT, text="run, failure or note."),
    *RUN_FIELDS[:3],
    *FAILURE_FIELDS[:2],
    *RUN_FIELDS[3:],
)
"""All three in one table, for programs."""


def plan_table(plan: FetchPlan) -> Table:
    """One row a stage."""
    return Table(PLAN_FIELDS, attributes(plan.lines, PLAN_FIELDS))


def plan_object(plan: FetchPlan) -> dict[str, object]:
    """A plan for programs."""
    return asdict(plan)


def runs_table(view: FetchView) -> Table:
    """One row a fetch, the latest first."""
    return _table(RUN_FIELDS, _runs(view))


def failures_table(view: FetchView) -> Table:
    """One row a name that failed."""
    return _table(FAILURE_FIELDS, _failures(view))


def notes_table(view: FetchView) -> Table:
    """One row something that was found out."""
    return _table(NOTE_FIELDS, _notes(view))


def fetches_table(view: FetchView) -> Table:
    """Runs, failures and notes, one row each."""
    return _table(FETCH_FIELDS, (*_runs(view), *_failures(view), *_notes(view)))


def _table(fields: tuple[Field, ...], rows: Iterable[dict[str, Cell]]) -> Table:
    return Table(fields, [tuple(row.get(field.key) for field in fields) for row in rows])


def _runs(view: FetchView) -> Iterator[dict[str, Cell]]:
    for run in view.runs:
        moments: dict[str, Cell] = {"started_at": run.started_at, "ended_at": run.ended_at}
        yield {"record": "run", **moments, "outcome": run.outcome, "session": run.through, **_counts(run)}


def _counts(run: RunRow) -> dict[str, Cell]:
    counts = {"asked": run.asked, "failed": run.failed, "remaining": run.remaining, "requests": run.requests}
    return {**counts, "text": run.reason}


def _failures(view: FetchView) -> Iterator[dict[str, Cell]]:
    for each in view.failures:
        yield {"record": "failure", "outcome": FAILED, "kind": each.kind, "symbol": each.symbol, "text": each.reason}


def _notes(view: FetchView) -> Iterator[dict[str, Cell]]:
    for each in view.notes:
        yield {"record": "note", "kind": each.kind, "symbol": each.ticker, "session": each.session, "text": each.text}
