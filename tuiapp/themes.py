"""Colours, and what the terminal can show of them.

Gains are blue and losses orange, a pair that the colour-blind tell apart, and never without sign and arrow.
Every colour of the rich theme is one of the 256 fixed ones, so that it looks the same in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.filter import LineFilter

_RICH: Final = Theme(
    name="flatcap",
    primary="#5fafff",
    secondary="#87afaf",
    accent="#5fd7d7",
    warning="#ffd75f",
    error="#ff5f5f",
    success="#87d787",
    foreground="#d0d0d0",
    background="#1c1c1c",
    surface="#262626",
    panel="#303030",
    variables={
        "muted": "#949494",
        "faint": "#4e4e4e",
        "gain": "#5fafff",
        "loss": "#ffaf5f",
        "tone-accent": "#5fd7d7",
        "second": "#d787d7",
        "good": "#87d787",
        "warn": "#ffd75f",
        "bad": "#ff5f5f",
        "bar": "#303030",
        "cursor": "#005f87",
        "on-cursor": "#ffffff",
        "badge": "#ffd75f",
        "on-badge": "#1c1c1c",
        "gain-ground": "#00005f",
        "loss-ground": "#5f0000",
        "deep-style": "bold",
        "cursor-style": "none",
        "badge-style": "bold",
    },
)


def _ansi(name: str, *, coloured: bool) -> Theme:
    def only(colour: str) -> str:
        return colour if coloured else "ansi_default"

    return Theme(
        name=name,
        ansi=True,
        primary=only("ansi_bright_blue"),
        secondary=only("ansi_cyan"),
        accent=only("ansi_cyan"),
        warning=only("ansi_yellow"),
        error=only("ansi_red"),
        success=only("ansi_green"),
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            "muted": "ansi_default",
            "faint": only("ansi_bright_black"),
            "gain": only("ansi_bright_blue"),
            "loss": only("ansi_yellow"),
            "tone-accent": only("ansi_cyan"),
            "second": only("ansi_magenta"),
            "good": only("ansi_green"),
            "warn": only("ansi_yellow"),
            "bad": only("ansi_red"),
            "bar": "ansi_default",
            "cursor": "ansi_default",
            "on-cursor": "ansi_default",
            "badge": "ansi_default",
            "on-badge": "ansi_default",
            "gain-ground": "ansi_default",
            "loss-ground": "ansi_default",
            "deep-style": "bold",
            "cursor-style": "reverse",
            "badge-style": "bold reverse",
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "border-blurred": "ansi_default",
            "input-selection-background": "ansi_default",
            "input-selection-foreground": "ansi_default",
            "input-cursor-background": "ansi_default",
            "input-cursor-foreground": "ansi_default",
            "input-cursor-text-style": "reverse",
        },
    )


THEMES: Final = (_RICH, _ansi("flatcap-16", coloured=True), _ansi("flatcap-plain", coloured=False))


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the terminal at the other end can do.

    Attributes:
        theme: Name of the theme that it shows well.
        colour: False when no colour is wanted at all (``NO_COLOR``).
        unicode: False when it has to make do with ASCII.
        mouse: False where the terminal's own selection is worth more.
    """

    theme: str = "flatcap"
    colour: bool = True
    unicode: bool = True
    mouse: bool = True


def terminal_of(env: Mapping[str, str], encoding: str) -> Terminal:
    """What the environment and the encoding of the stream say about the terminal.

    The console of Linux reads UTF-8 but has no glyphs for braille, and a mouse over SSH costs a packet a move.
    """
    term = env.get("TERM", "")
    colour = "NO_COLOR" not in env
    rich = env.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or term.endswith(("256color", "kitty"))
    return Terminal(
        theme="flatcap-plain" if not colour else "flatcap" if rich else "flatcap-16",
        colour=colour,
        unicode=encoding.lower().replace("-", "").replace("_", "") == "utf8" and term != "linux",
        mouse="SSH_CONNECTION" not in env,
    )


def filters_of(terminal: Terminal) -> list[LineFilter]:
    """What takes away what the terminal cannot show; made only for those that need it."""
    if terminal.colour and terminal.unicode:
        return []
    from tuiapp.line_filters import AsciiFilter, PlainFilter

    return [AsciiFilter()] * (not terminal.unicode) + [PlainFilter()] * (not terminal.colour)
