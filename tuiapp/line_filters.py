"""The last step of drawing: what a terminal cannot show, or a person does not want, is taken out of every line."""

from __future__ import annotations

from functools import cache
from typing import Final
from unicodedata import normalize

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tuiapp.format import BLOCKS

BRAILLE: Final = 0x2800
# Dots of a braille cell by row, from the top.
ROWS: Final = (0x09, 0x12, 0x24, 0xC0)
LIKE: Final = {
    "▲": "^",
    "▼": "v",
    "–": "-",
    "…": "~",
    "·": "|",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "×": "x",
    "◂": "<",
    "─": "-",
    "━": "#",
    "┈": ".",
    "│": "|",
    "└": "+",
    "┬": "+",
    "┤": "+",
    "┊": ":",
    "▏": "|",
    "•": "*",
    "●": "o",
    "√": "V",
    "−": "-",
    "†": "+",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
}
_TABLE: Final = str.maketrans({**LIKE, **dict(zip(BLOCKS, "_..-=+#", strict=True))})


def _of_braille(dots: int) -> str:
    """The ASCII character that looks most like a braille cell: by height, or upright if it fills three rows."""
    filled = [row for row, mask in enumerate(ROWS) if dots & mask]
    if not filled:
        return " "
    if len(filled) >= 3:
        return "|"
    return "'-_."[filled[0]] if len(filled) == 1 else ('"', "=", ":")[filled[0] if filled[0] < 3 else 2]


@cache
def _ascii_char(char: str) -> str:
    if char.isascii():
        return char
    if BRAILLE <= ord(char) < BRAILLE + 256:
        return _of_braille(ord(char) - BRAILLE)
    width = cell_len(char)
    letter = normalize("NFKD", char)[:1] if width == 1 else ""
    return letter if letter.isascii() and letter.isalnum() else "?" * width


@cache
def _ascii(text: str) -> str:
    return text if text.isascii() else "".join(map(_ascii_char, text.translate(_TABLE)))


class AsciiFilter(LineFilter):
    """Writes ASCII for lines, braille, blocks and arrows, cell by cell."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 (Textual's signature)
        """The same cells in ASCII."""
        return [Segment(_ascii(text), style, control) for text, style, control in segments]


@cache
def _colourless(style: Style) -> Style:
    attributes = {
        name: value
        for name in ("bold", "reverse", "underline", "italic", "strike")
        if (value := getattr(style, name)) is not None
    }
    return Style(**attributes)


class PlainFilter(LineFilter):
    """Takes every colour and grey away; bold, reverse and underline stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 (Textual's signature)
        """The same cells without colour."""
        return [Segment(text, style and _colourless(style), control) for text, style, control in segments]
