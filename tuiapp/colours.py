"""Colours of every theme.

Gains are blue and losses orange or the nearest that the terminal has, a pair that the colour-blind tell apart, and
never without sign and arrow. Every colour of the rich themes is one of the 256 fixed ones, so that it looks the same
in both.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DEFAULT: Final = "ansi_default"


def _rich(name: str, colours: dict[str, str], *, dark: bool, **styles: str) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=colours["gain"],
        secondary=colours["muted"],
        accent=colours["tone-accent"],
        warning=colours["warn"],
        error=colours["bad"],
        success=colours["good"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["bar"],
        variables={
            **{tone: colour for tone, colour in colours.items() if tone not in ("foreground", "background", "surface")},
            "deep-style": "bold",
            "cursor-style": "none",
            "badge-style": "bold",
            **styles,
        },
    )


def _ansi(name: str, colours: dict[str, str], *, dark: bool = True) -> Theme:
    """A theme of the colours that a person has set in the terminal; what is not named is its default."""
    ground, text = colours.get("background", DEFAULT), colours.get("foreground", DEFAULT)

    def colour(tone: str) -> str:
        return colours.get(tone, text)

    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        primary=colour("gain"),
        secondary=colour("muted"),
        accent=colour("tone-accent"),
        warning=colour("warn"),
        error=colour("bad"),
        success=colour("good"),
        foreground=text,
        background=ground,
        surface=ground,
        panel=ground,
        boost=ground,
        variables={
            **{tone: colour(tone) for tone in TEXT_TONES},
            "faint": colour("faint"),
            "on-cursor": text,
            "on-badge": text,
            **dict.fromkeys(("bar", "cursor", "badge", "gain-ground", "loss-ground"), ground),
            "deep-style": "bold",
            "cursor-style": "reverse",
            "badge-style": "bold reverse",
            "ansi-background": ground,
            "ansi-foreground": text,
            "border-blurred": text,
            "input-selection-background": ground,
            "input-selection-foreground": text,
            "input-cursor-background": ground,
            "input-cursor-foreground": text,
            "input-cursor-text-style": "reverse",
        },
    )


TEXT_TONES: Final = (
    "muted",
    "gain",
    "loss",
    "tone-accent",
    "second",
    "third",
    "fourth",
    "good",
    "warn",
    "bad",
)
"""Variables of the tones that text is written in."""

DARK: Final = _rich(
    "dark",
    {
        "foreground": "#d0d0d0",
        "background": "#1c1c1c",
        "surface": "#262626",
        "bar": "#303030",
        "muted": "#9e9e9e",
        "faint": "#4e4e4e",
        "gain": "#5fafff",
        "loss": "#ffaf5f",
        "tone-accent": "#5fd7d7",
        "second": "#d787d7",
        "third": "#afd75f",
        "fourth": "#ffafaf",
        "good": "#87d787",
        "warn": "#ffd75f",
        "bad": "#ff8787",
        "cursor": "#005f87",
        "on-cursor": "#ffffff",
        "badge": "#ffd75f",
        "on-badge": "#1c1c1c",
        "gain-ground": "#00005f",
        "loss-ground": "#5f0000",
    },
    dark=True,
)

LIGHT: Final = _rich(
    "light",
    {
        "foreground": "#262626",
        "background": "#ffffff",
        "surface": "#eeeeee",
        "bar": "#e4e4e4",
        "muted": "#585858",
        "faint": "#b2b2b2",
        "gain": "#005faf",
        "loss": "#875f00",
        "tone-accent": "#005f87",
        "second": "#870087",
        "third": "#5f5f00",
        "fourth": "#af005f",
        "good": "#005f00",
        "warn": "#5f5f00",
        "bad": "#af0000",
        "cursor": "#afd7ff",
        "on-cursor": "#000000",
        "badge": "#ffd75f",
        "on-badge": "#262626",
        "gain-ground": "#d7d7ff",
        "loss-ground": "#ffffd7",
    },
    dark=False,
)

HIGH_CONTRAST: Final = _rich(
    "high-contrast",
    {
        "foreground": "#ffffff",
        "background": "#000000",
        "surface": "#000000",
        "bar": "#1c1c1c",
        "muted": "#d0d0d0",
        "faint": "#808080",
        "gain": "#87d7ff",
        "loss": "#ffaf00",
        "tone-accent": "#00ffff",
        "second": "#ffafff",
        "third": "#afff5f",
        "fourth": "#ffd7af",
        "good": "#5fff5f",
        "warn": "#ffff00",
        "bad": "#ffafaf",
        "cursor": "#ffff00",
        "on-cursor": "#000000",
        "badge": "#ffffff",
        "on-badge": "#000000",
        "gain-ground": "#00005f",
        "loss-ground": "#5f0000",
    },
    dark=True,
    **{"cursor-style": "bold"},
)

ANSI_DARK: Final = _ansi(
    "ansi-dark",
    {
        "faint": "ansi_bright_black",
        "gain": "ansi_bright_blue",
        "loss": "ansi_yellow",
        "tone-accent": "ansi_cyan",
        "second": "ansi_bright_magenta",
        "third": "ansi_bright_green",
        "fourth": "ansi_bright_red",
        "good": "ansi_green",
        "warn": "ansi_bright_yellow",
        "bad": "ansi_bright_red",
    },
)

# Yellow, cyan and green cannot be read on white: of the colours that can, blue and red are told apart by all.
ANSI_LIGHT: Final = _ansi(
    "ansi-light",
    {
        "faint": "ansi_bright_black",
        "gain": "ansi_blue",
        "loss": "ansi_red",
        "tone-accent": "ansi_blue",
        "second": "ansi_magenta",
        "third": "ansi_red",
        "fourth": "ansi_blue",
        "good": "ansi_blue",
        "warn": "ansi_magenta",
        "bad": "ansi_red",
    },
    dark=False,
)

HIGH_CONTRAST_16: Final = _ansi(
    "high-contrast-16",
    {
        "foreground": "ansi_bright_white",
        "background": "ansi_black",
        "faint": "ansi_white",
        "gain": "ansi_bright_cyan",
        "loss": "ansi_bright_yellow",
        "tone-accent": "ansi_bright_cyan",
        "second": "ansi_bright_magenta",
        "third": "ansi_bright_green",
        "fourth": "ansi_bright_white",
        "good": "ansi_bright_green",
        "warn": "ansi_bright_yellow",
        "bad": "ansi_bright_yellow",
    },
)

PLAIN: Final = _ansi("plain", {})
"""No colour and no grey at all."""

THEMES: Final = (DARK, LIGHT, HIGH_CONTRAST, ANSI_DARK, ANSI_LIGHT, HIGH_CONTRAST_16, PLAIN)
