"""How keys are called: as a person writes them, as Textual knows them, and as they are shown."""

from __future__ import annotations

import string
import unicodedata
from typing import Final

SHOWN: Final = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "insert": "Ins",
    "delete": "Del",
    "backspace": "Backspace",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}
"""Keys that have a name instead of a character."""

SYNONYMS: Final = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "del": "delete",
    "ins": "insert",
}
TAKEN: Final = {
    "ctrl+m": "a terminal sends it for Enter",
    "ctrl+j": "a terminal sends it for Enter",
    "ctrl+h": "a terminal sends it for Backspace",
    "ctrl+i": "a terminal sends it for Tab",
    "ctrl+b": "tmux keeps it",
    "ctrl+a": "screen keeps it",
    "ctrl+s": "it halts the terminal",
    "ctrl+q": "it always quits",
}
"""Keys that cannot be given to anything, and why."""

_REPLACED: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_CONTROL: Final = frozenset(string.ascii_lowercase + string.digits)


def textual_name(key: str) -> str:
    """A key as Textual calls it: ``question_mark`` for ``?``."""
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return _REPLACED.get(name, name)


_CHARACTERS: Final = {textual_name(character): character for character in string.punctuation}


def canonical(written: str) -> str | None:
    """A key as it is declared here, however a person writes it; None if there is no such key."""
    key = written if len(written) == 1 else written.strip()
    if len(key) == 1:
        return "space" if key == " " else key if key.isprintable() and not key.isspace() else None
    *modifiers, last = key.lower().split("+")
    last = SYNONYMS.get(last, last)
    if not modifiers:
        return last if last in SHOWN else _CHARACTERS.get(last)
    return _with_modifiers(tuple(modifiers), last)


def _with_modifiers(modifiers: tuple[str, ...], last: str) -> str | None:
    if modifiers == ("shift",) and len(last) == 1 and last.isalpha():
        return last.upper()
    allowed = {
        ("ctrl",): SHOWN.keys() | _CONTROL,
        ("shift",): SHOWN.keys(),
        ("ctrl", "shift"): SHOWN.keys(),
        ("alt",): _CONTROL,
    }
    return "+".join((*modifiers, last)) if last in allowed.get(modifiers, ()) else None


def shown(key: str) -> str:
    """A key as people read it: ``Esc``, ``ctrl+u``, ``shift+←``."""
    before, plus, last = key.rpartition("+") if len(key) > 1 else ("", "", key)
    return f"{before}{plus}{SHOWN.get(last, last)}"
