"""What others have done to the store, in one line: what is new, and by which command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tuiapp import format as text
from tuiapp import keys

if TYPE_CHECKING:
    from engine.views.audit import AuditRow
    from engine.views.types import PerformanceView

APP: Final = "app"
BUILDS: Final = ("update", APP)
"""Commands that build what they have brought."""

INDEX: Final = "index "
"""Begins what a build has changed, before the name of the index."""

WELL_AGAIN: Final = "The store can be read again"

OF_ITSELF: Final = {"store": "The store was {}", "schema": "The store was brought {}", "decision": "Decided: {}"}
"""Changes whose record says all there is."""


def of_change(before: PerformanceView | None, now: PerformanceView, change: AuditRow | None, *, is_new: bool) -> str:
    """What there is to say of another market than before, and of the newest change of another process.

    Args:
        before: What was shown, None where nothing was.
        now: What is shown from here on.
        change: The newest change, None where it is our own.
        is_new: Whether nobody was told of it yet.
    """
    by = f", by {_who(change)}" if change is not None and (is_new or before is not None) else ""
    if change is not None and is_new and change.what in OF_ITSELF:
        return f"{OF_ITSELF[change.what].format(text.plain(change.detail))}{by}"
    if before is None or before.sessions[-1] < now.sessions[-1]:
        return f"New data to {now.sessions[-1]}{by}"
    if replace(now, status=before.status) != before:
        return f"The index is another one{by}"
    if change is None or not is_new or change.what.startswith(INDEX):
        return ""
    return f"New data{by}{_next_step(now, change)}"


def of_end(who: str) -> str:
    """A fetch of another process is over, and has brought nothing that is told otherwise."""
    return f"The fetch has ended: {text.plain(who)}"


def _who(change: AuditRow) -> str:
    return "another session of the app" if change.command == APP else f"flatcap {text.plain(change.command)}"


def _next_step(now: PerformanceView, change: AuditRow) -> str:
    if now.status.outdated != "data" or change.command in BUILDS:
        return ""
    return f"; {keys.shown('app.reload')} builds the index again"
