"""The ground of all widgets here: lines of text with named tones, drawn one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

TONES: Final = (
    "muted",
    "faint",
    "gain",
    "loss",
    "accent",
    "second",
    "head",
    "cursor",
    "badge",
    "good",
    "warn",
    "bad",
    "strong",
)

SOLID: Final = frozenset(("cursor", "badge"))
"""Tones with a background of their own: blanks beside them keep theirs."""

Part = tuple[str, str]
"""A text and the name of its tone; an empty name is plain text."""


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly so many cells; what is cut is marked."""
    size = len(text) if text.isascii() else cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 1 else set_cell_size(text, width)
    return " " * (width - size) + text if right else text + " " * (width - size)


def width_of(parts: Iterable[Part]) -> int:
    """Cells that these parts take."""
    return sum(cell_len(text) for text, _ in parts)


class LineWidget(Widget):
    """A widget that draws its lines from parts. Text is data here, never markup."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"tone--{tone}" for tone in TONES}
    ALLOW_SELECT = False

    def tone(self, name: str) -> Style:
        """The style of a tone on this widget's background."""
        return self.get_component_rich_style(f"tone--{name}") if name else self.rich_style

    def line(self, parts: Iterable[Part], width: int) -> Strip:
        """One line of so many cells; neighbours of the same tone become one segment."""
        segments: list[Segment] = []
        text, name = "", ""
        for more, tone in parts:
            if tone == name or (not more.strip(" ") and SOLID.isdisjoint((tone, name))):
                text += more
                continue
            if text:
                segments.append(Segment(text, self.tone(name)))
            text, name = more, tone
        segments.append(Segment(text, self.tone(name)))
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def parts_at(self, y: int) -> Iterable[Part]:
        """The parts of line ``y``; nothing below the last one."""
        return ()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        return self.line(self.parts_at(y), self.size.width)

    def refresh_line(self, y: int) -> None:
        """Draw one line again, and only that."""
        self.refresh(Region(0, y, self.size.width, 1))


def spread(left: list[Part], right: list[Part], width: int) -> list[Part]:
    """Parts at both ends of a line; what stands at the right end stays whole."""
    room = width - width_of(right)
    kept: list[Part] = []
    for text, tone in left:
        room -= cell_len(text)
        if room < 0:
            kept.append((fit(text, cell_len(text) + room), tone))
            room = 0
            break
        kept.append((text, tone))
    return [*kept, (" " * room, ""), *right]
