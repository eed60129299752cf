"""Derived tables: replaced from a session on, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.index.build import Outcome
from engine.store.audit import INDEX, DataChange, note_rows
from engine.store.database import Session

SESSIONS: Final = "index_session"

_TABLES: Final = {
    SESSIONS: "sessions",
    "constituent": "constituents",
    "index_change": "changes",
    "contribution": "contributions",
    "market_state": "states",
    "finding": "findings",
    "listing_spell": "spells",
}

DERIVED: Final = tuple(_TABLES)
"""Names of all tables that are computed."""


def replace_rows(session: Session, index_name: str, outcomes: Sequence[Outcome]) -> None:
    """Put the rows of each outcome, in order, in the place of everything after its ``after``."""
    cleared = 0
    for outcome in outcomes:
        for table, name in _TABLES.items():
            rows = getattr(outcome, name)
            session.stage(rows)
            try:
                values = {"index_name": index_name, "after": outcome.after}
                gone = session.rows(f"build/clear_{table}", values)[0][0]
                cleared += gone if table == SESSIONS else 0
                if rows.height:
                    session.run(f"build/add_{table}", {"index_name": index_name})
            finally:
                session.unstage()
    _note(session, index_name, outcomes, cleared)


def _note(session: Session, index_name: str, outcomes: Sequence[Outcome], cleared: int) -> None:
    """Record the sessions that were computed: in the place of earlier ones, and beyond them."""
    computed = [day for outcome in outcomes for day in outcome.sessions["session"].to_list()]
    count = len(computed)
    figures = (max(count - cleared, 0), min(count, cleared), max(cleared - count, 0))
    first, last = min(computed, default=None), max(computed, default=None)
    note_rows(session, DataChange(f"{INDEX} {index_name}", f"{count:,} sessions computed", *figures, first, last))


def record_build(session: Session, index_name: str, rules: str, ingest_id: int) -> int:
    """Note under which rules and up to which batch an index was built; gives its incomplete sessions."""
    found = session.row("build/count_incomplete", {"index_name": index_name})
    incomplete = int(found[0]) if found else 0
    session.run("build/clear_record", {"index_name": index_name})
    session.run(
        "build/add_record",
        {"index_name": index_name, "rules": rules, "ingest_id": ingest_id, "sessions_incomplete": incomplete},
    )
    session.run("ingest/bump")
    return incomplete
