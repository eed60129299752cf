"""The two lines above a pane: which panes and ranges there are, and what is shown."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region

from tuiapp.screens.paned import Line, no_line
from tuiapp.widgets.line import LineWidget, Part, spread, width_of
from tuiapp.widgets.tabs import choice, tabs


class Legend(LineWidget):
    """The panes and ranges there are, and what the pane shows."""

    def __init__(self, titles: Sequence[str], ranges: Sequence[str]) -> None:
        super().__init__(classes="legend")
        self._titles = titles
        self._ranges = ranges
        self._said: tuple[Line, str, str] = (no_line, "", "")

    def show(self, line: Line, pane: str, period: str) -> None:
        """Show the line of a pane, and mark the pane and a range."""
        before, self._said = self.lines(), (line, pane, period)
        # Out of sight there is no width, and without one all lines are the same.
        if not self.size.width:
            self.refresh()
            return
        now = self.lines()
        changed = [Region(0, y, self.size.width, 1) for y, line in enumerate(now) if line != before[y]]
        if changed:
            self.refresh(*changed)

    def lines(self) -> list[list[Part]]:
        """Panes and ranges, then the line of the pane."""
        line, pane, period = self._said
        left: list[Part] = [(" ", ""), *tabs(self._titles, pane)]
        right = choice(self._ranges, period, "{ }", self.size.width - width_of(left))
        return [spread(left, right, self.size.width), line(self.size.width)]
