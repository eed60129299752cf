"""What stands in for everything on a terminal that is too small."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from tuiapp.widgets.line import LineWidget, Part

WIDTH: Final = 60
HEIGHT: Final = 18


class TooSmall(LineWidget):
    """Says what there is and what is needed."""

    def __init__(self) -> None:
        super().__init__(id="too-small")

    def parts_at(self, y: int) -> list[Part]:
        """One sentence, in the middle where there is room, in as many lines as it takes."""
        have = self.app.size
        lines = wrap(f"have {have.width}x{have.height}, need {WIDTH}x{HEIGHT}", max(1, have.width - 1))
        at = y - max(0, (self.size.height - len(lines)) // 2)
        return [(lines[at].center(self.size.width).rstrip(), "")] if 0 <= at < len(lines) else []
