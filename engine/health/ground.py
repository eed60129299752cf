"""What every check looks at, and the words in which it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from engine.reports import Check
from engine.settings import Settings
from engine.store.database import Database

BAD, WARN, GOOD = "bad", "warn", "good"
WORST_FIRST: Final = (BAD, WARN, GOOD)

MEGABYTE: Final = 1_000_000

UPDATE: Final = "flatcap update fetches what is missing"
MORE: Final = {
    "yahoo": UPDATE,
    "import": "flatcap import PATH takes in files of your own",
    "demo": "flatcap demo makes the synthetic market",
}
"""How data come in, by provider."""

REPAIR: Final = "flatcap doctor --repair mends it"


@dataclass(frozen=True, slots=True)
class Ground:
    """What is looked at.

    Attributes:
        database: The store.
        settings: What a person has set.
        now: The present, aware of its zone.
    """

    database: Database
    settings: Settings
    now: datetime

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.database.folder


def worst_first(checks: list[Check]) -> tuple[Check, ...]:
    """The same checks, the worst ones first, else as they are."""
    return tuple(sorted(checks, key=lambda check: WORST_FIRST.index(check.state)))
