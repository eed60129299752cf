"""Whether the clock of this machine can be right, by what it said when the data were changed last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.errors import ClockBehind

if TYPE_CHECKING:
    from engine.store.database import Session

BEHIND: Final = timedelta(days=1)
"""So far it may be behind the newest record of a change: corrections of a clock are smaller."""


HINT: Final = "set the clock; where it is right after all, put a copy of before back with flatcap restore"


def doubt(session: Session) -> str:
    """Why the clock cannot be right, as a sentence; empty where it can."""
    found: datetime | None = session.rows("audit/newest")[0][0]
    if found is None or (changed_at := found.replace(tzinfo=UTC)) - session.now() <= BEHIND:
        return ""
    now = session.now().astimezone(UTC)
    return (
        f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, "
        f"and the data were changed at {changed_at:%Y-%m-%d %H:%M} UTC."
    )


def require_clock(session: Session) -> None:
    """Refuse to change data at a moment that cannot be.

    Raises:
        ClockBehind: The clock is behind what is stored.
    """
    if sentence := doubt(session):
        raise ClockBehind(sentence, hint=HINT)
