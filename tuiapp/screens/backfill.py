"""The mark of sessions that were computed from names which were only listed later."""

from __future__ import annotations

from datetime import date

from engine.views.status import IndexStatus
from tuiapp.widgets.line import Part, spread, width_of


def meaning(before: date) -> str:
    """What it means, in one sentence."""
    return f"back-filled (survivorship-biased): names listed on {before}, used for earlier sessions"


def marked(line: list[Part], status: IndexStatus, first: date, width: int) -> list[Part]:
    """A line about sessions from ``first`` on, with the mark at its end if some of them are back-filled."""
    before = status.backfilled_before
    if before is None or first >= before:
        return spread(line, [], width)
    long = f"  back-filled before {before} "
    said = long if width_of(line) + len(long) <= width else "  back-filled "
    return spread(line, [(said, "warn")], width)
