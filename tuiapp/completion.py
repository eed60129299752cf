"""Completing a path as it is typed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from time import monotonic
from typing import Final

from tuiapp.format import counted

MOST: Final = 20_000
"""Entries of a folder that are looked at."""
PATIENCE: Final = 0.3
CHECKED_EVERY: Final = 256


@dataclass(frozen=True, slots=True)
class Completion:
    """What can be made of a text.

    Attributes:
        text: The text, as far as it can go on in one way only.
        candidates: How it could go on, in alphabetical order; none where there is one way or no way.
        note: Why there is no way, or that not all were looked at; empty for neither.
    """

    text: str
    candidates: tuple[str, ...] = ()
    note: str = ""


def complete_path(typed: str) -> Completion:
    """Complete a path: folders end in a slash, hidden names are found by their dot, ``~`` is one's home."""
    if typed == "~":
        return Completion("~/")
    start = typed.rpartition("/")[2]
    folder = typed.removesuffix(start)
    try:
        names, is_cut = _names(Path(folder or ".").expanduser(), start)
    except (OSError, RuntimeError, ValueError) as error:
        return Completion(typed, note=_reason(error))
    if not names:
        return Completion(typed, note="nothing there begins like that" if start else "there is nothing there")
    note = f"of the first {counted(MOST, 'name')}" if is_cut else ""
    return Completion(folder + _common_start(names[0], names[-1]), tuple(names) if len(names) > 1 else (), note)


def _reason(error: Exception) -> str:
    if isinstance(error, NotADirectoryError | FileNotFoundError):
        return "there is no such folder"
    return error.strerror or "it cannot be read" if isinstance(error, OSError) else "it cannot be read"


def _common_start(one: str, other: str) -> str:
    """How the first and the last of all names in order begin, and so every one between them."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(character for character, _ in alike)


def _names(folder: Path, start: str) -> tuple[list[str], bool]:
    """Names in a folder that begin like this and can be shown, and whether it was too large to look at all of them."""
    found: list[str] = []
    end = monotonic() + PATIENCE
    with os.scandir(folder) as entries:
        for number, entry in enumerate(islice(entries, MOST)):
            if number % CHECKED_EVERY == CHECKED_EVERY - 1 and monotonic() > end:
                return sorted(found), True
            if _is_meant(entry.name, start):
                found.append(entry.name + "/" * entry.is_dir())
        return sorted(found), next(entries, None) is not None


def _is_meant(name: str, start: str) -> bool:
    return name.startswith(start) and (start.startswith(".") or not name.startswith(".")) and name.isprintable()
