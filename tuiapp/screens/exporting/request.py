"""What is asked for when a file is to be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

SOURCES: Final = "provenance"
"""The sheet that every workbook of the app has."""
UNFILTERED: Final = "all rows, whatever the filter"
UNSORTED: Final = "in the usual order, whatever the sort"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What goes into a file, and into which.

    Attributes:
        sheets: Names of its sheets.
        what: What a person calls that: ``the falls of 1Y``.
        start: First session whose return counts, None for the first of the index.
        end: Last session, None for the latest.
        about: What of it stands in the name of a file that has no other name.
        remark: What the file holds beyond what is seen; empty for nothing.
        path: The file; None for a new one in the current folder.
        force: Whether it may be written over.
    """

    sheets: tuple[str, ...]
    what: str
    start: date | None = None
    end: date | None = None
    about: str = ""
    remark: str = ""
    path: Path | None = None
    force: bool = False


def of_view(
    sheets: tuple[str, ...], what: str, start: date | None, end: date | None, *, about: str, remark: str = ""
) -> ExportRequest:
    """A workbook of what a view shows, and of where that comes from."""
    return ExportRequest((*sheets, SOURCES), what, start, end, about.lower(), remark)
