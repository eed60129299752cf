"""The ground of all widgets here: lines of text with named tones, drawn one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

TONES: Final = {
    "muted": ("muted", "", ""),
    "faint": ("faint", "", ""),
    "gain": ("gain", "", ""),
    "loss": ("loss", "", ""),
    "gain-deep": ("gain", "gain-ground", "deep-style"),
    "loss-deep": ("loss", "loss-ground", "deep-style"),
    "accent": ("tone-accent", "", ""),
    "second": ("second", "", ""),
    "third": ("third", "", ""),
    "fourth": ("fourth", "", ""),
    "good": ("good", "", ""),
    "warn": ("warn", "", ""),
    "bad": ("bad", "", "bold"),
    "strong": ("", "", "bold"),
    "head": ("muted", "", "underline"),
    "cursor": ("on-cursor", "cursor", "cursor-style"),
    "badge": ("on-badge", "badge", "badge-style"),
}
"""What a text means, and which variables of the theme say how that looks: colour, background, style.

Component classes would do the same, at a tenth of a second for this many tones and widgets before the first paint.
"""

SOLID: Final = frozenset(("cursor", "badge", "gain-deep", "loss-deep", "heading", "cell"))
"""Tones with a background of their own: blanks beside them keep theirs."""

Part = tuple[str, str]
"""A text and the name of its tone; an empty name is plain text."""


def _style(tone: str, variables: Mapping[str, str]) -> Style:
    colour, background, style = TONES[tone]
    return Style.parse(variables.get(style, style)) + Style(
        color=Color.parse(variables[colour]).rich_color if colour else None,
        bgcolor=Color.parse(variables[background]).rich_color if background else None,
    )


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

    ALLOW_SELECT = False
    _toned: dict[str, Style] | None = None

    def tone(self, name: str) -> Style:
        """The style of a tone on this widget's background."""
        if self._toned is None:
            variables, base = self.app.current_theme.variables, self.rich_style
            self._toned = {"": base, **{tone: base + _style(tone, variables) for tone in TONES}}
        return self._toned[name]

    def notify_style_update(self) -> None:
        """Another theme, or another background."""
        self._toned = None
        super().notify_style_update()

    def line(self, parts: Iterable[Part], width: int) -> Strip:
        """One line of so many cells; neighbours of the same tone become one segment."""
        parts = list(parts)
        segments: list[Segment] = []
        text, name = "", ""
        for more, tone in [*parts, (" " * (width - width_of(parts)), "")]:
            if tone == name or (not more.strip(" ") and SOLID.isdisjoint((tone, name))):
                text += more
                continue
            if text:
                segments.append(Segment(text, self.tone(name)))
            text, name = more, tone
        segments.append(Segment(text, self.tone(name)))
        return Strip(segments).adjust_cell_length(width, self.tone(""))

    def take_keys(self) -> None:
        """Take the focus at once, so that the next key is ours already."""
        self.screen.set_focus(self, scroll_visible=False)

    def on_focus(self, event: events.Focus) -> None:
        """Take the keys. Focus is not drawn here, so that nothing is drawn again for it."""
        event.prevent_default()
        self.has_focus = True

    def on_blur(self, event: events.Blur) -> None:
        """Give the keys away likewise."""
        event.prevent_default()
        self.has_focus = False

    def lines(self) -> Sequence[Iterable[Part]]:
        """The parts of all lines, for widgets of a few lines."""
        return ()

    def parts_at(self, y: int) -> Iterable[Part]:
        """The parts of line ``y``; nothing below the last one."""
        lines = self.lines()
        return lines[y] if y < len(lines) else ()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        return self.line(self.parts_at(y), self.size.width)


def fitting(forms: Sequence[list[Part]], width: int) -> list[Part]:
    """The first of several forms of a line that fits, else the last one."""
    return next((form for form in forms if width_of(form) <= width), forms[-1])


def spread(left: list[Part], right: list[Part], width: int) -> list[Part]:
    """Parts at both ends of a line; of the left ones only those that fit whole, but for the first."""
    room = width - width_of(right)
    kept: list[Part] = []
    for text, tone in left:
        size = cell_len(text)
        if size > room:
            kept += [] if kept else [(fit(text, max(0, room)), tone)]
            break
        room -= size
        kept.append((text, tone))
    return [*kept, (" " * max(0, width - width_of(kept) - width_of(right)), ""), *right]
