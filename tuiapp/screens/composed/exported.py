"""What part of an index goes into a file for a view of its composition."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tuiapp.screens.exporting.request import ExportRequest, of_view

if TYPE_CHECKING:
    from tuiapp.screens.composition import Stretch


def of_members(session: date) -> ExportRequest:
    """The members of one session."""
    return of_view(("daily_composition",), f"the members of {session}", session, session, about="members")


def of_companies(stretch: Stretch) -> ExportRequest:
    """What the companies added to the return of a range, to both series of it."""
    return _of_stretch(("contributions",), "contributions", stretch)


def of_sectors(stretch: Stretch) -> ExportRequest:
    """What the sectors added likewise, and their weights."""
    return _of_stretch(("sector_contributions", "sector_weights"), "sectors", stretch)


def _of_stretch(sheets: tuple[str, ...], name: str, stretch: Stretch) -> ExportRequest:
    what = f"{name} of {stretch.start} … {stretch.last}"
    return of_view(sheets, what, stretch.start, stretch.last, about=f"{name}-{stretch.period}")
