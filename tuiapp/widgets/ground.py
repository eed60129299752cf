"""The ground that all of our widgets stand on."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget


class Ground(Screen[None]):
    """Textual's screen below all of ours, which are widgets on it: changing them draws less than changing it.

    Textual draws a whole screen again when the focus moves; nothing here shows the focus.
    """

    AUTO_FOCUS = None
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
