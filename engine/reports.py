"""What an import and a build say they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows of a file that were not taken, for one reason.

    Attributes:
        reason: One short phrase a person can read (``close is not a positive number``).
        rows: How many rows.
        examples: Up to three rows as text, the first ones in the file.
    """

    reason: str
    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file."""

    path: Path
    kind: str
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    refused: tuple[Refusal, ...]
    first: date | None
    last: date | None

    @property
    def rows_refused(self) -> int:
        """Rows not taken, over all reasons."""
        return sum(refusal.rows for refusal in self.refused)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, file by file.

    Attributes:
        files: One report a file, in the order they were read.
        earliest: Earliest session whose stored data changed; None if nothing changed.
    """

    files: tuple[FileReport, ...]
    earliest: date | None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        index: Name of the index.
        first: First session computed, None if there was nothing to do.
        last: Last session of the index after the build.
        sessions_built: Sessions computed now.
        sessions_total: Published sessions in all.
        sessions_incomplete: Sessions of the history without a level, because too few prices are known.
        additions: Additions in the sessions computed now.
        deletions: Deletions in the sessions computed now.
        full: True when the history was computed from its start.
        members: Members decided at the last session.
        size: N.
    """

    index: str
    first: date | None
    last: date | None
    sessions_built: int
    sessions_total: int
    sessions_incomplete: int
    additions: int
    deletions: int
    full: bool
    members: int
    size: int


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """What became of a decision about the data.

    Attributes:
        text: One sentence that says what is decided now, or was withdrawn.
        changed: False when it was so already.
        earliest: First session whose index it can change; None if none.
    """

    text: str
    changed: bool
    earliest: date | None
