"""What a setting is: its name, its default, what is allowed, and how its text becomes a value."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

PREFIX: Final = "FLATCAP_"

SYMBOL: Final = r"[A-Z0-9^][A-Z0-9.^=-]{0,19}"
"""How vendors write symbols."""

INDEX_NAME: Final = r"[a-z0-9][a-z0-9_-]{0,31}"
INDEX_NAME_ALLOWED: Final = "1 to 32 of a-z, 0-9, - and _, a letter or digit first"

LONGEST_PATH: Final = 4_095
LONGEST_PART: Final = 255
"""Bytes of a path, and of each of its parts."""

EXCHANGE_NAMES: Final = {
    "NYSE": "NYSE",
    "NASDAQ": "NASDAQ",
    "NYSE AMERICAN": "NYSE AMERICAN",
    "AMEX": "NYSE AMERICAN",
}
"""How people write the exchanges that an index can be narrowed to, and the name of each."""

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Setting:
    """The declaration of one setting.

    Attributes:
        name: Field of ``Settings``.
        default: Its default as a person would type it; empty where it depends on the machine.
        allowed: What is allowed, to end the sentence "allowed: ...".
        text: One sentence that explains it.
        parse: Text to value; raises ``ValueError`` for what is not allowed.
    """

    name: str
    default: str
    allowed: str
    text: str
    parse: Callable[[str], Any]

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return f"{PREFIX}{self.name.upper()}"


def integer(name: str, default: int, low: int, high: int, text: str) -> Setting:
    """A whole number between two others."""

    def parse(raw: str) -> int:
        return _within(int(raw), low, high)

    return Setting(name, str(default), f"a whole number from {low:,} to {high:,}", text, parse)


def number(name: str, default: float, low: float, high: float, text: str) -> Setting:
    """A number between two others."""

    def parse(raw: str) -> float:
        return _within(float(raw), low, high)

    return Setting(name, f"{default:g}", f"a number from {low:,g} to {high:,g}", text, parse)


def choice(name: str, choices: tuple[str, ...], text: str, *, default: str = "") -> Setting:
    """One of a few words, the first of them unless ``default`` says otherwise."""

    def parse(raw: str) -> str:
        if raw.lower() not in choices:
            raise ValueError(raw)
        return raw.lower()

    return Setting(name, default or choices[0], ", ".join(choices), text, parse)


def words(name: str, default: str, pattern: str, allowed: str, text: str) -> Setting:
    """Words of a pattern between commas, each once; ``none`` is no word at all."""

    def parse(raw: str) -> tuple[str, ...]:
        return _each(raw, lambda word: _matching(pattern, word.upper()))

    return Setting(name, default, f"{allowed}, between commas, or none", text, parse)


def sector_list(raw: str) -> tuple[str, ...]:
    """Names of sectors between commas, as they are written; two that differ by case alone are one."""
    first: dict[str, str] = {}
    for sector in _each(raw, lambda word: _matching(r"[^\x00-\x1f\x7f]{1,60}", " ".join(word.split()))):
        first.setdefault(sector.casefold(), sector)
    return tuple(first.values())


def exchange_list(raw: str) -> tuple[str, ...]:
    """Names of exchanges between commas, by the name that each has here."""
    return _each(raw, lambda word: EXCHANGE_NAMES.get(" ".join(word.upper().split())))


def day(raw: str) -> date | None:
    """A day written ``YYYY-MM-DD``, None for no text."""
    return date.fromisoformat(_matching(r"\d{4}-\d\d-\d\d", raw)) if raw else None


def folder(raw: str) -> Path:
    """A path as an absolute one; refused where no file system has room for it."""
    if "\0" in raw:
        raise ValueError(raw)
    try:
        path = Path(raw).expanduser().absolute()
    except RuntimeError as error:  # nobody has this name
        raise ValueError(raw) from error
    sizes = [len(os.fsencode(part)) for part in (str(path), *path.parts)]
    if sizes[0] > LONGEST_PATH or max(sizes[1:]) > LONGEST_PART:
        raise ValueError(raw)
    return path


def file(raw: str) -> Path | None:
    """A file as an absolute path, None for no text."""
    return folder(raw) if raw else None


def index_name(raw: str) -> str:
    """The name of an index."""
    return _matching(INDEX_NAME, raw)


def band(raw: str) -> float:
    """A factor above one, or 0 for none."""
    return 0.0 if float(raw) == 0 else _within(float(raw), 1.01, 1000)


def _each(raw: str, known: Callable[[str], str | None]) -> tuple[str, ...]:
    if raw.strip().lower() == "none":
        return ()
    found = [known(word.strip()) for word in raw.split(",")]
    if None in found:
        raise ValueError(raw)
    return tuple(dict.fromkeys(word for word in found if word))


def _matching(pattern: str, word: str) -> str:
    if not re.fullmatch(pattern, word):
        raise ValueError(word)
    return word


def _within(value: _Number, low: float, high: float) -> _Number:
    if not low <= value <= high:
        raise ValueError(value)
    return value
