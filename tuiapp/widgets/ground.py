"""The ground that all of our widgets stand on."""

from __future__ import annotations

from textual.geometry import Region
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from tuiapp.messages import Arrived


class Ground(Screen[None]):
    """Textual's screen below all of ours, which are widgets on it: changing them draws less than changing it.

    Textual draws a whole screen again when the focus moves; nothing here shows the focus. It does so too when a widget
    comes or goes; what that moves is drawn again anyway.
    """

    AUTO_FOCUS = None
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def on_screen_resume(self) -> None:
        """What covered it is gone: keys mean what is here again."""
        self.post_message(Arrived())

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Ground:
        """Draw again, or only lay out again."""
        super().refresh(*regions, repaint=repaint and not layout, layout=layout, recompose=recompose)
        return self
