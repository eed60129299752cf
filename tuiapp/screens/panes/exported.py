"""What part of an index goes into a file for a pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tuiapp.screens.exporting.request import ExportRequest, of_view
from tuiapp.screens.panes.base import WHOLE

if TYPE_CHECKING:
    from tuiapp.screens.panes import PaneSpec
    from tuiapp.screens.panes.base import Pane, Scene

UNZOOMED: Final = "the whole range, not only what is zoomed to"


def of_pane(spec: PaneSpec, pane: Pane, scene: Scene) -> ExportRequest:
    """The sheets of a pane for the sessions whose returns its figures are made of, not only those zoomed to."""
    title, end = f"{spec.title} as of {scene.session}", scene.session
    if not pane.EXPORTS_RANGE or scene.period == WHOLE:
        about = f"{spec.id}-{WHOLE}" if pane.EXPORTS_RANGE else spec.id
        return of_view(pane.SHEETS, title, None, end, about=about, remark=_zoom(pane, scene))
    # A range begins with a close; the first session that is written is the one after it, as in all its figures.
    first = scene.history.sessions[min(scene.start + 1, scene.end)] if scene.start else None
    about = f"{spec.id}-{scene.period}"
    return of_view(pane.SHEETS, f"{title}, {scene.period}", first, end, about=about, remark=_zoom(pane, scene))


def _zoom(pane: Pane, scene: Scene) -> str:
    return UNZOOMED if scene.window is not None and pane.table is None else ""
