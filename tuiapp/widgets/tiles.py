"""Figures side by side: a label above its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tuiapp.widgets.line import LineWidget, Part, fit

NARROWEST: Final = 9
WIDE_ENOUGH: Final = 13
WIDEST: Final = 14


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    label: str
    short: str
    value: str
    tone: str = ""


class Tiles(LineWidget):
    """As many tiles as there is room for, the first ones first."""

    def __init__(self) -> None:
        super().__init__(classes="tiles")
        self._tiles: list[Tile] = []
        self._of = ""

    def show(self, tiles: list[Tile], of: str = "") -> None:
        """Show these figures; before them, what they are of where that is not what is seen above."""
        if (tiles, of) != (self._tiles, self._of):
            self._tiles, self._of = tiles, of
            self.refresh()

    def lines(self) -> list[list[Part]]:
        """Labels, then values."""
        of = f" {self._of}  " if self._of else " "
        room = self.size.width - len(of)
        width = max(NARROWEST, min(WIDEST, room // 6))
        shown = self._tiles[: room // width]
        labels = [(fit(tile.label if width >= WIDE_ENOUGH else tile.short, width), "muted") for tile in shown]
        values = [(fit(tile.value, width), tile.tone or "strong") for tile in shown]
        return [[(of, "warn"), *labels], [(" " * len(of), ""), *values]]
