"""Figures side by side: a label above its value."""

from __future__ import annotations

from dataclasses import dataclass

from tuiapp.widgets.line import LineWidget, Part, fit

NARROWEST = 10
WIDEST = 14


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure."""

    label: str
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

    def parts_at(self, y: int) -> list[Part]:
        """Labels, then values."""
        width = max(NARROWEST, min(WIDEST, (self.size.width - 1) // 6))
        shown = self._tiles[: (self.size.width - 1) // width]
        parts: list[Part] = [(" ", "")]
        for tile in shown:
            parts.append((fit(tile.label, width), "muted") if y == 0 else (fit(tile.value, width), tile.tone or "strong"))
        return parts
