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

    def show(self, tiles: list[Tile]) -> None:
        """Show these figures."""
        if tiles != self._tiles:
            self._tiles = tiles
            self.refresh()

    def lines(self) -> list[list[Part]]:
        """Labels, then values."""
        width = max(NARROWEST, min(WIDEST, (self.size.width - 1) // 6))
        shown = self._tiles[: (self.size.width - 1) // width]
        labels = [(fit(tile.label if width >= WIDE_ENOUGH else tile.short, width), "muted") for tile in shown]
        values = [(fit(tile.value, width), tile.tone or "strong") for tile in shown]
        return [[(" ", ""), *labels], [(" ", ""), *values]]
