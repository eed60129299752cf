"""Themes: every text can be read, gains and losses are told apart by all, and the terminal decides what is offered."""

from __future__ import annotations

from itertools import pairwise
from math import dist

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from engine.settings import SETTINGS, Settings
from tests.functional.harness import NOWHERE
from tuiapp.colours import ANSI_DARK, ANSI_LIGHT, DARK, HIGH_CONTRAST, HIGH_CONTRAST_16, LIGHT, TEXT_TONES, THEMES
from tuiapp.memory import Memory
from tuiapp.themes import AUTO, NAMES, Terminal, as_chosen, is_ansi, offered, spoken, terminal_of
from tuiapp.widgets.line import TONES

RICH = (DARK, LIGHT, HIGH_CONTRAST)
# Colours 0 to 15 of a console, and of xterm.
VGA = "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
XTERM = (
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
)
# What is left of red, green and blue (linear) without the first or the second kind of cones, after Machado 2009.
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
FULL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

Light = tuple[float, float, float]


def light(colour: str) -> Light:
    """The linear red, green and blue of a colour in hexadecimal."""
    parts = [int(colour.lstrip("#")[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """The contrast of WCAG 2.1."""
    bright, dim = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(light, (one, other))), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def difference(one: str, other: str, eyes: tuple[Light, ...]) -> float:
    """How far apart two colours are in CIELAB, seen with these eyes."""
    seen = [[min(1, max(0, sum(map(lambda a, b: a * b, row, light(each))))) for row in eyes] for each in (one, other)]
    return dist(*map(lab, seen))


def lab(seen: list[float]) -> Light:
    red, green, blue = seen
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def named(colour: str, palette: str, default: str) -> str:
    """A colour of a theme in hexadecimal, on a terminal with this palette."""
    number = Color.parse(colour).rich_color.number if colour != "ansi_default" else None
    return palette.split()[number] if number is not None else default


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_theme_says_how_every_tone_looks(theme: Theme) -> None:
    for colour, background, style in TONES.values():
        assert not colour or Color.parse(theme.variables[colour])
        assert not background or Color.parse(theme.variables[background])
        assert Style.parse(theme.variables.get(style, style)) is not None


@pytest.mark.parametrize("theme", RICH, ids=lambda theme: theme.name)
def test_every_text_can_be_read_on_every_ground(theme: Theme) -> None:
    least = 7.0 if theme is HIGH_CONTRAST else 4.5
    assert theme.foreground
    assert theme.background
    texts = {tone: theme.variables[tone] for tone in TEXT_TONES} | {"": theme.foreground}
    for ground in (theme.background, theme.variables["bar"]):
        assert {tone for tone, text in texts.items() if contrast(text, ground) < least} == set()
    for text, ground in (
        ("on-cursor", "cursor"),
        ("on-badge", "badge"),
        ("gain", "gain-ground"),
        ("loss", "loss-ground"),
    ):
        assert contrast(theme.variables[text], theme.variables[ground]) >= least, (text, ground)


@pytest.mark.parametrize("palette", [VGA, XTERM])
@pytest.mark.parametrize(
    ("theme", "ground", "least"), [(ANSI_DARK, "000000", 3.9), (ANSI_LIGHT, "ffffff", 4.5), (HIGH_CONTRAST_16, "", 6.5)]
)
def test_every_text_can_be_read_in_the_colours_of_a_terminal(
    theme: Theme, ground: str, least: float, palette: str
) -> None:
    ground = ground or named(theme.background or "", palette, "")
    for tone in TEXT_TONES:
        text = named(theme.variables[tone], palette, "ffffff" if ground == "000000" else "000000")
        assert contrast(text, ground) >= least, tone


@pytest.mark.parametrize("eyes", [FULL, PROTAN, DEUTAN], ids=["full", "protan", "deutan"])
@pytest.mark.parametrize("theme", THEMES[:-1], ids=lambda theme: theme.name)
def test_gains_and_losses_are_told_apart_by_the_colour_blind(theme: Theme, eyes: tuple[Light, ...]) -> None:
    gain, loss = (named(theme.variables[tone], XTERM, "") if theme.ansi else theme.variables[tone] for tone in PAIR)
    assert difference(gain, loss, eyes) > 40


PAIR = ("gain", "loss")


def test_red_and_green_would_not_be_told_apart() -> None:
    assert difference("#ff5f5f", "#87af00", DEUTAN) < 40 < difference("#ff5f5f", "#87af00", FULL)


@pytest.mark.parametrize("theme", RICH, ids=lambda theme: theme.name)
def test_rich_colours_are_the_same_with_256_of_them(theme: Theme) -> None:
    colours = [theme.foreground, theme.background, theme.surface, *theme.variables.values()]
    for colour in (colour for colour in colours if colour and colour.startswith("#")):
        levels = {0, 0x5F, 0x87, 0xAF, 0xD7, 0xFF}
        red, green, blue = RichColor.parse(colour).triplet or (1, 2, 3)
        is_grey = red == green == blue and ((red - 8) % 10 == 0 or red == 0x80)
        assert is_grey or {red, green, blue} <= levels, colour


@pytest.mark.parametrize(
    ("env", "theme"),
    [
        ({"TERM": "xterm-256color"}, "dark"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ({"TERM": "xterm-kitty"}, "dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "12;8"}, "dark"),
        ({"TERM": "xterm"}, "ansi-dark"),
        ({"TERM": "linux"}, "ansi-dark"),
        ({"TERM": "screen", "COLORFGBG": "0;default;15"}, "ansi-light"),
        ({"TERM": "screen", "COLORFGBG": "15;0"}, "ansi-dark"),
        ({"TERM": "screen", "COLORFGBG": "nonsense"}, "ansi-dark"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "plain"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "plain"),
    ],
)
def test_the_terminal_decides_the_theme(env: dict[str, str], theme: str) -> None:
    assert terminal_of(env, "utf-8").theme == theme


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"])
def test_over_ssh_the_mouse_is_left_to_the_terminal(name: str) -> None:
    terminal = terminal_of({"TERM": "xterm", name: "192.0.2.1"}, "utf-8")
    assert terminal.remote
    assert not terminal.mouse
    assert terminal_of({"TERM": "xterm"}, "utf-8").mouse


@pytest.mark.parametrize(
    ("env", "through"),
    [
        ({"TERM": "xterm-256color"}, ""),
        ({"TERM": "screen", "TMUX": "/tmp/tmux-0/default,1,0"}, "tmux"),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts-0.host"}, "screen"),
        ({"TERM": "screen-256color"}, "either"),
        ({"TERM": "tmux-256color"}, ""),
        ({"TERM": "linux"}, "file"),
        ({"TERM": "vt220"}, "file"),
        ({}, "file"),
    ],
)
def test_the_environment_says_what_takes_a_text_to_the_clipboard(env: dict[str, str], through: str) -> None:
    assert terminal_of(env, "utf-8").through == through


def test_a_terminal_of_sixteen_colours_is_offered_what_it_shows() -> None:
    assert sorted(offered(Terminal())) == sorted(NAMES)
    assert offered(Terminal(rich=False)) == ("high-contrast", "ansi-dark", "ansi-light")
    assert offered(Terminal(colour=False)) == ()


def test_themes_of_the_ground_of_the_terminal_come_first() -> None:
    dark = terminal_of({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, "utf-8")
    assert offered(dark) == ("dark", "high-contrast", "ansi-dark", "light", "ansi-light")
    light = terminal_of({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "utf-8")
    assert offered(light)[:2] == ("light", "ansi-light")


def chosen(terminal: Terminal, *, setting: str = AUTO, remembered: str = "") -> Terminal:
    return as_chosen(terminal, Settings(data_dir=NOWHERE, theme=setting), Memory(theme=remembered))


def test_no_color_goes_before_a_setting_and_that_before_what_was_chosen_last() -> None:
    assert chosen(Terminal()).theme == "dark"
    assert chosen(Terminal(), remembered="light").theme == "light"
    assert chosen(Terminal(), setting="high-contrast", remembered="light").theme == "high-contrast"
    assert chosen(Terminal(), setting="high-contrast").theme_is_set
    assert chosen(Terminal(colour=False, theme="plain"), setting="light").theme == "plain"
    assert chosen(Terminal(), remembered="solarized").theme == "dark"


@pytest.mark.parametrize(("name", "near"), [("dark", "ansi-dark"), ("light", "ansi-light")])
def test_what_comes_nearest_is_shown_and_said(name: str, near: str) -> None:
    terminal = chosen(Terminal(rich=False, theme="ansi-dark"), setting=name)
    assert terminal.theme == near
    assert name in terminal.remark
    assert near in terminal.remark
    assert not chosen(Terminal(), setting=name).remark


def test_high_contrast_has_a_form_for_sixteen_colours() -> None:
    terminal = chosen(Terminal(rich=False, theme="ansi-dark"), setting="high-contrast")
    assert is_ansi(terminal.theme)
    assert spoken(terminal.theme) == "high-contrast"
    assert not terminal.remark


@pytest.mark.parametrize(
    ("setting", "remembered", "mouse"),
    [("auto", None, False), ("auto", True, True), ("on", False, True), ("off", True, False)],
)
def test_a_setting_goes_before_what_was_last_done_with_the_mouse(
    setting: str, remembered: bool | None, mouse: bool
) -> None:
    settings = Settings(data_dir=NOWHERE, mouse=setting)
    assert as_chosen(Terminal(mouse=False), settings, Memory(mouse=remembered)).mouse is mouse


def test_the_setting_knows_every_theme_by_its_name() -> None:
    setting = next(setting for setting in SETTINGS if setting.name == "theme")
    assert setting.allowed.split(", ") == [AUTO, *NAMES]
    assert all(spoken(name) == name for name in NAMES)
    assert all(one != other for one, other in pairwise(sorted(theme.name for theme in THEMES)))
