"""What stands in for everything on a terminal that is too small."""

from __future__ import annotations

from typing import Final

from tuiapp.widgets.line import LineWidget, Part

WIDTH: Final = 60
HEIGHT: Final = 18


class TooSmall(LineWidget):
    """Says what there is and what is needed."""

    def __init__(self) -> None:
        super().__init__(id="too-small")

    def parts_at(self, y: int) -> list[Part]:
        """One sentence, in the middle where there is room."""
        if y != self.size.height // 2:
            return []
        have = self.app.size
        text = f"have {have.width}x{have.height}, need {WIDTH}x{HEIGHT}"
        return [(" " * max(0, (self.size.width - len(text)) // 2) + text, "")]
