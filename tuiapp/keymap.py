"""A keymap of a person's own: a TOML file that says which keys an id of ``flatcap keys`` has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.env_file import default_config_dir
from engine.errors import SettingsError
from engine.small_file import read_small, read_toml, why
from tuiapp import keynames
from tuiapp.keylist import KEYS, Key
from tuiapp.scopes import EVERYWHERE, EXPORT, MET, PALETTE

if TYPE_CHECKING:
    from engine.settings import Settings

NEXT_STEP: Final = 'flatcap keys lists every id with its keys; a line of the keymap is "app.export" = "ctrl+e"'
NEVER_WITHOUT: Final = ("app.quit", "app.help", "app.back", "page.close", "palette.close", "export.close")
"""What has to have a key: without one there is no way out, or none to find it."""
KEEPS_ESCAPE: Final = ("app.back", "page.close", "palette.close", "export.close")
ON_SHEETS: Final = ("export.tick", "export.all")
"""What characters do where none is typed."""
LARGEST: Final = 100_000

Keys: TypeAlias = dict[str, tuple[str, ...]]
Line: TypeAlias = Callable[[str], str]
"""Where an id stands in the file, as the beginning of a sentence."""


def keymap_file(settings: Settings) -> Path:
    """The file of keys that these settings lead to."""
    return settings.keymap or default_config_dir() / "keymap.toml"


def of_settings(settings: Settings) -> Keys:
    """The keymap that these settings lead to; only a file that was asked for by name has to be there.

    Raises:
        SettingsError: It cannot be read, or something in it cannot be.
    """
    return load(keymap_file(settings), named=settings.keymap is not None)


def load(path: Path, *, named: bool = False) -> Keys:
    """The keys of the ids that a keymap names.

    Args:
        path: The file.
        named: Whether a person asked for this file: then it has to be there.

    Raises:
        SettingsError: It cannot be read, or something in it cannot be: all of that is told at once.
    """
    text = _read(path, named=named)
    line = _lines(text)
    entries = dict(_entries(_parsed(path, text)))
    problems: list[str] = []
    keymap: Keys = {}
    for name, value in entries.items():
        found, wrong = _checked(name, value)
        problems += [line(name) + each for each in wrong]
        if not wrong:
            keymap[name] = found
    problems += (line(name) + problem for name, problem in _clashes(keymap))
    if problems:
        raise SettingsError(f"The keymap {path} cannot be used: {'; '.join(problems)}.", hint=NEXT_STEP)
    return keymap


def _read(path: Path, *, named: bool) -> str:
    try:
        if not path.exists() and not named:
            return ""
        return read_small(path, LARGEST)
    except (OSError, ValueError) as error:
        raise SettingsError(f"The keymap {path} cannot be read: {why(error)}.", hint=NEXT_STEP) from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return read_toml(text)
    except ValueError as error:
        raise SettingsError(f"The keymap {path} cannot be read: {why(error)}.", hint=NEXT_STEP) from error


def _entries(found: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Ids and their values; ``app.export`` without quotes is a table within a table."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _entries(value, f"{before}{name}.")
        else:
            yield before + name, value


def _lines(text: str) -> Line:
    """Find the line of an id, or of its last part where it stands in a table."""
    lines = text.splitlines()

    def line(name: str) -> str:
        for wanted in (name, name.rpartition(".")[2]):
            pattern = re.compile(rf"""\s*["']?{re.escape(wanted)}["']?\s*=""")
            for number, each in enumerate(lines, start=1):
                if pattern.match(each):
                    return f"line {number}: "
        return ""

    return line


def _checked(name: str, value: Any) -> tuple[tuple[str, ...], list[str]]:
    """The keys of one entry, and what is wrong with it."""
    ids = {key.id: key for key in KEYS}
    if name not in ids:
        near = get_close_matches(name, ids, n=1, cutoff=0.5)
        return (), [f"{name!r} is no id" + (f", is {near[0]} meant?" if near else "")]
    written = [value] if isinstance(value, str) and value else value or []
    if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
        return (), [f"{name} wants a key between quotes, or a list of such keys"]
    keys = tuple(dict.fromkeys(keynames.canonical(each) or each for each in written))
    return keys, [f"{name}: {problem}" for problem in _wrong(ids[name], keys, written)]


def _wrong(key: Key, keys: tuple[str, ...], written: list[str]) -> Iterator[str]:
    for each in written:
        known = keynames.canonical(each)
        if known is None:
            yield f"{each!r} is no key"
        elif known in keynames.TAKEN:
            yield f"{each!r} cannot be used, {keynames.TAKEN[known]}"
        elif key.scope in (PALETTE, EXPORT) and key.id not in ON_SHEETS and (len(known) == 1 or known == "space"):
            yield f"{each!r} is a character, and those are typed in the {key.scope}"
    if key.id in NEVER_WITHOUT and not keys:
        yield "it needs a key"
    elif key.id in KEEPS_ESCAPE and "escape" not in keys:
        yield "Esc has to be among its keys"


def _clashes(keymap: Keys) -> Iterator[tuple[str, str]]:
    """Ids that were given a key that means something else in the same place; of several the one met most often."""
    found: dict[tuple[str, str], list[tuple[Key, Key]]] = {}
    for scopes in MET:
        here = [key for key in KEYS if key.scope in scopes]
        for one, other in combinations(here, 2):
            pair = (one, other) if one.id in keymap else (other, one)
            for shared in _shared(*pair, keymap):
                found.setdefault((pair[0].id, shared), []).append(pair)
    for (name, shared), pairs in found.items():
        yield name, _clash(*max(pairs, key=lambda pair: _places(pair[1])), shared)


def _places(key: Key) -> int:
    """In how many places a key is in force."""
    return sum(key.scope in scopes for scopes in MET)


def _shared(one: Key, other: Key, keymap: Keys) -> list[str]:
    """Keys that two ids share now, and did not share as they were declared."""
    if one.id not in keymap:
        return []
    ours, theirs = keymap[one.id], keymap.get(other.id, other.keys)
    return [key for key in ours if key in theirs and not (key in one.keys and key in other.keys)]


def _clash(one: Key, other: Key, shared: str) -> str:
    where = other.scope if other.scope != EVERYWHERE else one.scope
    return f"{shared!r} of {one.id} is the key of {other.id} ({where}: {other.text})"
