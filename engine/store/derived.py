"""Derived tables: replaced from a session on, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.index.build import Outcome
from engine.store.database import Session

_TABLES: Final = {
    "index_session": "sessions",
    "constituent": "constituents",
    "index_change": "changes",
    "contribution": "contributions",
    "market_state": "states",
    "finding": "findings",
    "listing_spell": "spells",
}


def replace_rows(session: Session, index_name: str, outcomes: Sequence[Outcome]) -> None:
    """Put the rows of each outcome, in order, in the place of everything after its ``after``."""
    for outcome in outcomes:
        for table, name in _TABLES.items():
            rows = getattr(outcome, name)
            session.stage(rows)
            try:
                session.run(f"build/clear_{table}", {"index_name": index_name, "after": outcome.after})
                if rows.height:
                    session.run(f"build/add_{table}", {"index_name": index_name})
            finally:
                session.unstage()


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
