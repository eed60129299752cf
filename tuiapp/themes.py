"""What the terminal can show, and which theme that leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tuiapp.colours import ANSI_DARK, ANSI_LIGHT, DARK, HIGH_CONTRAST, HIGH_CONTRAST_16, LIGHT, PLAIN, THEMES

if TYPE_CHECKING:
    from textual.filter import LineFilter
    from textual.theme import Theme

    from engine.settings import Settings
    from tuiapp.memory import Memory
    from tuiapp.shell import Shell

AUTO: Final = "auto"
NAMES: Final = (DARK.name, LIGHT.name, HIGH_CONTRAST.name, ANSI_DARK.name, ANSI_LIGHT.name)
"""Themes to choose from."""
ON_DARK: Final = (DARK.name, HIGH_CONTRAST.name, ANSI_DARK.name, LIGHT.name, ANSI_LIGHT.name)
ON_LIGHT: Final = (LIGHT.name, ANSI_LIGHT.name, DARK.name, HIGH_CONTRAST.name, ANSI_DARK.name)
"""The order in which a key goes through them: those of the terminal's own ground come first."""

SIXTEEN: Final = {
    DARK.name: ANSI_DARK,
    LIGHT.name: ANSI_LIGHT,
    HIGH_CONTRAST.name: HIGH_CONTRAST_16,
    ANSI_DARK.name: ANSI_DARK,
    ANSI_LIGHT.name: ANSI_LIGHT,
}
"""What comes nearest to each on a terminal of sixteen colours."""

OF_TERMINAL: Final = 16
"""Colours that every terminal of colours has; those from 7 on are light, but for 8."""

_BY_NAME: Final = {theme.name: theme for theme in THEMES}


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the terminal at the other end can do.

    Attributes:
        theme: Name of the theme that it shows well.
        colour: False when no colour is wanted at all (``NO_COLOR``).
        unicode: False when it has to make do with ASCII.
        mouse: False where the terminal's own selection is worth more.
        where: ``user@host``, as far as it is known.
        remote: Whether it is at the other end of SSH.
        light: Whether its own ground is light, as far as it says so.
        rich: False when it has sixteen colours.
        through: What takes a text to its clipboard: nothing else (empty), ``tmux``, ``screen``, ``either`` of these
            two at the other end of SSH, or ``file`` where it has none.
        theme_is_set: Whether a setting names the theme.
        mouse_is_set: Whether a setting says if there is a mouse.
        remark: Why a theme that was asked for is not shown, empty if it is.
    """

    theme: str = DARK.name
    colour: bool = True
    unicode: bool = True
    mouse: bool = True
    where: str = ""
    remote: bool = False
    light: bool = False
    rich: bool = True
    through: str = ""
    theme_is_set: bool = False
    mouse_is_set: bool = False
    remark: str = ""


def terminal_of(env: Mapping[str, str], encoding: str, host: str = "") -> Terminal:
    """What the environment, the encoding of the stream and the name of the host say about the terminal.

    The console of Linux reads UTF-8 but has no glyphs for braille, and a mouse over SSH costs a packet a move.
    """
    term = env.get("TERM", "")
    colour = "NO_COLOR" not in env
    rich = env.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or term.endswith(("256color", "kitty"))
    remote = any(env.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
    user = env.get("USER") or env.get("LOGNAME") or ""
    light = _is_light(env.get("COLORFGBG", ""))
    name = LIGHT.name if light else DARK.name
    return Terminal(
        theme=_shown(name, colour=colour, rich=rich).name,
        colour=colour,
        unicode=encoding.lower().replace("-", "").replace("_", "") == "utf8" and term != "linux",
        mouse=not remote,
        where=f"{user}@{host}".strip("@"),
        remote=remote,
        light=light,
        rich=rich,
        through=_through(env, term),
    )


def _is_light(colours: str) -> bool:
    """Whether ``COLORFGBG`` names a light background: ``0;15``."""
    ground = colours.rpartition(";")[2]
    return ground.isdecimal() and 7 <= int(ground) < OF_TERMINAL and int(ground) != 8


def _through(env: Mapping[str, str], term: str) -> str:
    if env.get("TMUX"):
        return "tmux"
    if env.get("STY"):
        return "screen"
    if term.startswith("tmux"):
        return ""
    if term.startswith("screen"):
        return "either"
    return "file" if term in ("dumb", "linux", "") or term.startswith("vt") else ""


def _shown(name: str, *, colour: bool, rich: bool) -> Theme:
    if not colour:
        return PLAIN
    return _BY_NAME[name] if rich else SIXTEEN[name]


def is_ansi(theme: str) -> bool:
    """Whether a theme uses the colours that a person has set in the terminal."""
    return _BY_NAME[theme].ansi


def spoken(theme: str) -> str:
    """What a person calls a theme, whichever of its forms is shown."""
    return theme if theme in NAMES else next((name for name, near in SIXTEEN.items() if near.name == theme), theme)


def offered(terminal: Terminal) -> tuple[str, ...]:
    """Names of the themes that this terminal shows as they are meant."""
    if not terminal.colour:
        return ()
    names = ON_LIGHT if terminal.light else ON_DARK
    return names if terminal.rich else tuple(name for name in names if name not in (DARK.name, LIGHT.name))


def as_chosen(terminal: Terminal, settings: Settings, memory: Memory) -> Terminal:
    """The terminal with what a person has set, or else chose in the app the last time."""
    name = settings.theme if settings.theme != AUTO else memory.theme
    theme = _shown(name, colour=terminal.colour, rich=terminal.rich).name if name in NAMES else terminal.theme
    mouse = terminal.mouse if memory.mouse is None else memory.mouse
    return replace(
        terminal,
        theme=theme,
        theme_is_set=settings.theme != AUTO,
        mouse=mouse if settings.mouse == AUTO else settings.mouse == "on",
        mouse_is_set=settings.mouse != AUTO,
        remark=_remark(name, terminal),
    )


def _remark(name: str, terminal: Terminal) -> str:
    if name not in NAMES or name in offered(terminal):
        return ""
    why = f"with sixteen colours {SIXTEEN[name].name} comes nearest" if terminal.colour else "NO_COLOR is set"
    return f"The theme {name} is not shown: {why}"


def take(app: Shell, name: str = "") -> str:
    """Take a theme, the next one if none is named; what to say about it."""
    names = offered(app.terminal)
    if not names:
        return "NO_COLOR is set: there are no colours to choose from"
    if name and name not in names:
        return f"This terminal has sixteen colours; its themes are {', '.join(names)}"
    chosen = name or names[(names.index(spoken(app.theme)) + 1) % len(names)]
    _put_on(app, _shown(chosen, colour=True, rich=app.terminal.rich))
    app.memory.theme = chosen
    return f"Theme {chosen}{'; the next start takes that of FLATCAP_THEME' if app.terminal.theme_is_set else ''}"


def _put_on(app: Shell, theme: Theme) -> None:
    app.ansi_color = theme.ansi
    app.theme = theme.name

    def draw() -> None:
        for screen in app.screen_stack:
            for widget in screen.walk_children(with_self=True):
                widget.notify_style_update()
                widget.refresh()

    # Styles come first, which Textual puts off likewise. Two themes may differ in nothing but in their tones.
    app.call_next(draw)


def filters_of(terminal: Terminal) -> list[LineFilter]:
    """What takes away what the terminal cannot show; made only for those that need it."""
    if terminal.colour and terminal.unicode:
        return []
    from tuiapp.line_filters import AsciiFilter, PlainFilter

    return [AsciiFilter()] * (not terminal.unicode) + [PlainFilter()] * (not terminal.colour)
