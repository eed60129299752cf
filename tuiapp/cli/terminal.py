"""What the terminal at the other end can do for the app, as far as it can be told without asking it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from typing import Final

from engine.reports import Check

NEEDED: Final = (60, 18)
"""Columns and lines that the app needs."""

GOOD, WARN = "good", "warn"
NO_CLIPBOARD: Final = ("linux",)
REMOTE: Final = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")


def checks(env: Mapping[str, str], *, interactive: bool) -> Iterator[Check]:
    """What the environment says; one line where there is no terminal."""
    term = env.get("TERM", "")
    if not interactive:
        yield Check("terminal", GOOD, "There is no terminal here: flatcap prints plain text.")
        return
    yield _size(term)
    yield _colours(env, term)
    yield _characters(term)
    yield _clipboard(env, term)
    yield _mouse(env)


def _size(term: str) -> Check:
    width, height = shutil.get_terminal_size()
    have = f"TERM is {term or 'not set'}, {width}x{height}"
    if width < NEEDED[0] or height < NEEDED[1]:
        return Check("terminal", WARN, f"{have}.", f"make it larger: the app needs {NEEDED[0]}x{NEEDED[1]}")
    return Check("terminal", GOOD, f"{have}; the app needs {NEEDED[0]}x{NEEDED[1]}.")


def _colours(env: Mapping[str, str], term: str) -> Check:
    if "NO_COLOR" in env:
        return Check("colours", GOOD, "None, because NO_COLOR is set.")
    if env.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit") or term.endswith("kitty"):
        return Check("colours", GOOD, "16 million.")
    if "256color" in term:
        return Check("colours", GOOD, "256.")
    return Check("colours", GOOD, "16: the app shows the theme that comes nearest.")


def _characters(term: str) -> Check:
    encoding = getattr(sys.__stderr__, "encoding", None) or "unknown"
    if encoding.lower().replace("-", "").replace("_", "") != "utf8":
        hint = "choose a UTF-8 locale, such as LANG=C.UTF-8"
        return Check("characters", WARN, f"The encoding is {encoding}: charts are drawn in ASCII.", hint)
    if term == "linux":
        return Check("characters", GOOD, "UTF-8, but a console without braille: charts are drawn in ASCII.")
    return Check("characters", GOOD, "UTF-8.")


def _clipboard(env: Mapping[str, str], term: str) -> Check:
    """No terminal says whether it takes copies (OSC 52)."""
    if env.get("TMUX") or term.startswith("tmux"):
        return Check("clipboard", GOOD, "Copies go through tmux; where they do not arrive: set -s set-clipboard on.")
    if env.get("STY") or term.startswith("screen"):
        return Check("clipboard", GOOD, "Copies go through screen, if the terminal behind it takes OSC 52.")
    if term in NO_CLIPBOARD or term.startswith("vt"):
        return Check("clipboard", GOOD, "There is none: copies go to a file.")
    return Check("clipboard", GOOD, "Copies go straight to the terminal, if it takes OSC 52.")


def _mouse(env: Mapping[str, str]) -> Check:
    if any(env.get(name) for name in REMOTE):
        return Check("mouse", GOOD, "Left to the terminal over SSH; FLATCAP_MOUSE=on or the key % takes it.")
    return Check("mouse", GOOD, "Used; FLATCAP_MOUSE=off or the key % leaves it to the terminal.")
