"""Copies of a store beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One copy.

    Attributes:
        path: Its file.
        at: When it was last written (UTC).
        size: Its bytes.
        sound: Whether it opens and is a store; not every block is looked at.
        sessions: Sessions with a price.
        last: The last of them, None without any.
    """

    path: Path
    at: datetime
    size: int
    sound: bool
    sessions: int = 0
    last: date | None = None
