"""Texts of others on their way out: no formula to a spreadsheet, no secret to a file, no line without an end."""

from __future__ import annotations

import re
from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet program could take for a formula."""

LONGEST_LINE: Final = 4_000
LONGEST_WORD: Final = 1_000
"""Characters of a word that is shown whole; no path that a system knows has a longer part."""

HEAD: Final = 100
TAIL: Final = 20
HIDDEN: Final = "…"

_LONG_WORD: Final = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_CREDENTIALS: Final = re.compile(r"(?<=//)[^\s/?#]*(?=@)|(?<![^\s=\"'(])[^\s/@:=\"'(]+:[^\s/@]+(?=@[\w\[])")
_HEADER: Final = re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)([\"']?\s?[=:]\s?[\"']?)[^\"'\n]+")
_NAMED: Final = re.compile(
    r"(?i)\b([\w-]{0,40}(?:passw(?:or)?d|token|secret|api[_-]?key|access_key|crumb))([\"']?\s?[=:]\s?[\"']?)[^\s&\"']+"
)


def inert(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: with an apostrophe before what begins like one."""
    return f"'{text}" if len(text) > 1 and text.startswith(FORMULA_STARTS) else text


def without_secrets(text: str) -> str:
    """A text without the names and passwords in its addresses, and without the values of what is named a secret."""
    for pattern, shown in ((_CREDENTIALS, HIDDEN), (_HEADER, rf"\1\2{HIDDEN}"), (_NAMED, rf"\1\2{HIDDEN}")):
        text = pattern.sub(shown, text)
    return text


def bounded(text: str, most: int = LONGEST_LINE) -> str:
    """A text that is not too long: of a word without end its beginning and its end, of many words the first ones."""
    text = _LONG_WORD.sub(lambda found: f"{found[0][:HEAD]}…{found[0][-TAIL:]}", text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def storable(text: str) -> str:
    """A text as UTF-8 can hold it: halves of characters, as Python makes of other bytes, are question marks."""
    return text.encode("utf-8", "replace").decode()
