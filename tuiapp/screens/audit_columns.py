"""Columns of the record of changes: who changed which data, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from engine.views.audit import AuditRow
from tuiapp import format as text
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part, spread

ASKED: Final = 1_000
"""So many changes are shown, the newest ones; the store keeps more."""

NOTHING: Final = "No change is recorded yet: r fetches, flatcap import PATH... takes files in"


def summary(rows: Sequence[AuditRow], width: int) -> list[Part]:
    """How many changes there are, and since when."""
    if not rows:
        return [(" No change of the data is recorded", "muted")]
    counted = text.counted(len(rows), "change") + " of the data"
    said = f" the last {counted}" if len(rows) == ASKED else f" {counted}"
    return spread(
        [(said, "strong"), (f"  since {text.minute(rows[-1].changed_at)} UTC, the newest first", "muted")], [], width
    )


def searched(row: AuditRow) -> str:
    """What the filter looks at."""
    return f"{text.minute(row.changed_at)} {row.command} {row.what} {row.detail} {row.first} {row.last} {row.run_id}"


def said_of(row: AuditRow) -> str:
    """All of a change in one line."""
    counts = {"new": row.rows_new, "changed": row.rows_changed, "removed": row.rows_removed}
    rows = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    span = f"{text.iso(row.first)} to {text.iso(row.last)}" if row.first and row.last else ""
    told = filter(None, (rows, span, f"by {row.command}", f"run {row.run_id}"))
    return text.plain(f"{row.what}: {', '.join(filter(None, (row.detail, *told)))}")


def _day(day: date | None) -> Part:
    return text.iso(day), ""


COLUMNS: Final[tuple[Column[AuditRow], ...]] = (
    Column(
        "when",
        "When (UTC)",
        16,
        lambda r: (text.minute(r.changed_at), "muted"),
        lambda r: r.changed_at,
        0,
        right=False,
        unit="date",
    ),
    Column(
        "command",
        "Command",
        7,
        lambda r: (text.plain(r.command), ""),
        lambda r: r.command,
        need=4,
        right=False,
        down=False,
        most=18,
        unit="text",
    ),
    Column(
        "what",
        "What",
        12,
        lambda r: (text.plain(r.what), ""),
        lambda r: r.what,
        need=0,
        right=False,
        down=False,
        most=18,
        unit="text",
    ),
    Column(
        "detail",
        "Detail",
        14,
        lambda r: (text.plain(r.detail), ""),
        lambda r: r.detail,
        need=1,
        right=False,
        down=False,
        most=30,
        unit="text",
    ),
    Column("new", "New", 9, lambda r: (text.count(r.rows_new), ""), lambda r: r.rows_new, need=2, unit="number"),
    Column(
        "changed",
        "Changed",
        7,
        lambda r: (text.count(r.rows_changed), ""),
        lambda r: r.rows_changed,
        need=3,
        unit="number",
    ),
    Column(
        "removed",
        "Removed",
        7,
        lambda r: (text.count(r.rows_removed), ""),
        lambda r: r.rows_removed,
        need=7,
        aliases=("gone",),
        unit="number",
    ),
    Column("first", "First", 10, lambda r: _day(r.first), lambda r: r.first, need=8, unit="date"),
    Column("last", "Last", 10, lambda r: _day(r.last), lambda r: r.last, need=8, unit="date"),
    Column(
        "run",
        "Run",
        8,
        lambda r: (text.plain(r.run_id), "muted"),
        lambda r: r.run_id,
        need=9,
        right=False,
        unit="text",
    ),
)
