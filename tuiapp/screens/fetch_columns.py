"""Columns of the fetches: runs, names without an answer, and what the last run found out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.fetching.notes import NOTES, FetchNote
from engine.reports import FetchFailure
from engine.views.fetching import FetchView, RunRow
from tuiapp import format as text
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part, spread
from tuiapp.widgets.row_table import Group

TONES: Final = {"done": "good", "partial": "warn", "stopped": "warn", "failed": "bad", "running": "accent"}
NO_ANSWER: Final = "no answer that could be used; asked for again next time"
NOT_ENDED: Final = "it has not ended"
TICKER: Final = 6
FOUND_OUT: Final = "what the last fetch found out"
RUNS: Final = "fetches, the latest first"
RUNNING: Final = "running"


@dataclass(frozen=True, slots=True)
class Line:
    """A run, a failure or a note.

    Attributes:
        when: When a run began (UTC), or the session that a note is about.
        what: Outcome of a run, kind of a failure or a note.
        said: What there is to say, with its ticker in front.
        tone: Tone of ``what``.
    """

    when: date | None
    what: str
    said: str
    tone: str = ""


def groups(view: FetchView) -> list[Group[Line]]:
    """Failures, then notes, then runs, the latest first."""
    return [
        Group([_of_failure(failure) for failure in view.failures], NO_ANSWER),
        Group([_of_note(note) for note in view.notes], FOUND_OUT),
        Group([_of_run(run) for run in view.runs], RUNS),
    ]


def is_running(view: FetchView) -> bool:
    """Whether a fetch is under way, here or elsewhere."""
    return bool(view.runs) and view.runs[0].outcome == RUNNING


def _of_run(run: RunRow) -> Line:
    if run.outcome == RUNNING:
        return Line(run.started_at, run.outcome, NOT_ENDED, TONES[run.outcome])
    took = f" in {text.duration((run.ended_at - run.started_at).total_seconds())}" if run.ended_at else ""
    said = [
        text.plain(run.reason),
        text.counted(run.asked, "name") if run.asked else "",
        f"{run.failed:,} failed" if run.failed else "",
        f"{run.remaining:,} not asked" if run.remaining else "",
        f"through {run.through}" if run.through else "",
        f"{text.counted(run.requests, 'request')}{took}" if run.requests else "",
    ]
    return Line(run.started_at, run.outcome, ", ".join(filter(None, said)), TONES.get(run.outcome, ""))


def _of_failure(failure: FetchFailure) -> Line:
    said = _about(failure.symbol, failure.reason) if failure.symbol else text.plain(f"{failure.what}: {failure.reason}")
    return Line(None, failure.kind, said, "warn")


def _of_note(note: FetchNote) -> Line:
    tone = "warn" if note.kind in NOTES and NOTES[note.kind].finding else ""
    return Line(note.session, note.kind, _about(note.ticker, note.text), tone)


def _about(ticker: str, said: str) -> str:
    return text.plain(f"{ticker:<{TICKER}} {said}" if ticker else said)


def searched(row: Line) -> str:
    """What the filter looks at."""
    return f"{text.minute(row.when)} {row.what} {row.said}"


def fresh(view: FetchView, width: int) -> list[Part]:
    """When the last fetch succeeded, what it had, and how far that is behind the market."""
    if view.fresh_at is None:
        return spread([_nothing_fresh(view)], [], width)
    parts: list[Part] = [
        (f" fresh: {view.fresh_at:%Y-%m-%d %H:%M} UTC", "strong"),
        (f", through {view.through}" if view.through else "", ""),
    ]
    if view.behind is not None:
        parts.append((f", {view.behind:,} behind", "warn" if view.behind else "good"))
    return spread(parts, [], width)


def _nothing_fresh(view: FetchView) -> Part:
    said = "no fetch has ended well yet" if view.runs else "Nothing was fetched yet"
    there = f"; stored: {text.counted(view.names, 'name')} to {view.last}" if view.names else ""
    return f" {said}{there}", "warn"


def following(view: FetchView, room: int) -> list[Part]:
    """What the next fetch would do, in as many words as there is room for."""
    plan = view.plan
    if is_running(view):
        return _first_fitting(["a fetch is under way", "under way"], room)
    if not plan.requests:
        return _first_fitting(["next: nothing to ask"], room)
    asks = f"next: {text.counted(plan.requests, 'request')}"
    took = f", about {text.duration(plan.seconds)}" if plan.seconds else ""
    return _first_fitting([f"{asks}{took}", asks], room)


def _first_fitting(wordings: list[str], room: int) -> list[Part]:
    fitting = (said for said in wordings if len(said) <= room)
    return [(next(fitting, ""), "muted")]


def _in_order(row: Line) -> str | None:
    return None if row.when is None else row.when.isoformat()


COLUMNS: Final[tuple[Column[Line], ...]] = (
    Column(
        "when",
        "When (UTC)",
        16,
        lambda r: (text.minute(r.when), "muted"),
        _in_order,
        need=0,
        right=False,
        unit="date",
        value=lambda r: r.when,
    ),
    Column(
        "what",
        "What",
        12,
        lambda r: (text.plain(r.what), r.tone),
        lambda r: r.what,
        0,
        right=False,
        down=False,
        unit="text",
    ),
    Column(
        "said",
        "What came of it",
        24,
        lambda r: (r.said, ""),
        lambda r: r.said,
        1,
        right=False,
        down=False,
        most=140,
        unit="text",
    ),
)
