"""Whether there are copies of the store to go back to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from engine.copies import copies_beside
from engine.domain.words import counted
from engine.health.ground import GOOD, MEGABYTE, WARN, Ground
from engine.reports import Check
from engine.views.copies import CopyRow

NONE_SOUND: Final = "flatcap backup writes one; keep it on another disk"


def of_copies(ground: Ground) -> Iterator[Check]:
    """The copies beside the store, of which not every block is looked at."""
    found = copies_beside(ground.folder) if ground.folder.is_dir() else ()
    sound = [row for row in found if row.sound]
    if not found:
        return
    listed = "; ".join(_told(row, ground.now) for row in found)
    state = GOOD if sound else WARN
    yield Check(
        "copies", state, f"{counted(len(found), 'file')} beside the store: {listed}.", "" if sound else NONE_SOUND
    )


def _told(row: CopyRow, now: datetime) -> str:
    what = f"{row.path.name} ({row.size / MEGABYTE:,.1f} MB, {_age((now - row.at).total_seconds())}"
    return f"{what}{f', to {row.last}' if row.last else ''})" if row.sound else f"{what}, cannot be used)"


def _age(seconds: float) -> str:
    minutes = max(int(seconds // 60), 0)
    if minutes < 60:
        return f"{counted(minutes, 'minute')} old"
    return f"{counted(minutes // 60, 'hour')} old" if minutes < 2880 else f"{counted(minutes // 1440, 'day')} old"
