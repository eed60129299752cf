"""The keys in force: as they are declared, but for those that a keymap has given other keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tuiapp import keynames
from tuiapp.keylist import KEYS, Key

NO_KEY: Final = "(no key)"

_changed: dict[str, tuple[str, ...]] = {}
_BY_ID: Final = {key.id: key for key in KEYS}


def put_in_force(keymap: Mapping[str, Sequence[str]]) -> None:
    """Let a keymap of a person's own count from now on: the keys of each id that it names, in the place of all others.

    Args:
        keymap: Ids with their keys, as ``tuiapp.keymap`` loads them; none for the keys as they are declared.
    """
    _changed.clear()
    _changed.update({name: tuple(keys) for name, keys in keymap.items()})


def is_changed(key: Key) -> bool:
    """Whether a keymap has given this key other keys."""
    return _BY_ID[key.id].keys != effective(key).keys


def declared(name: str) -> Key:
    """The key of an id as it is declared."""
    return _BY_ID[name]


def effective(key: Key) -> Key:
    """A key as it is in force."""
    keys = _changed.get(key.id)
    if keys is None or keys == _BY_ID[key.id].keys:
        return key
    return replace(key, keys=keys, shown=" ".join(map(keynames.shown, keys)))


def shown(name: str) -> str:
    """The key of an id, for a sentence: the first one where it has several."""
    keys = effective(_BY_ID[name]).keys
    return keynames.shown(keys[0]) if keys else NO_KEY


def obeys(name: str | None, declared: str, pressed: str) -> bool:
    """Whether a binding answers to a key that was pressed.

    Args:
        name: Id of the binding, None for one that no keymap can change.
        declared: The key that it was declared with, as Textual calls it.
        pressed: The key, as Textual calls it.
    """
    keys = _changed.get(name or "")
    return declared == pressed if keys is None else pressed in map(keynames.textual_name, keys)


def answers(name: str, pressed: str) -> bool:
    """Whether a key that was pressed, as Textual calls it, is one of an id."""
    return pressed in map(keynames.textual_name, effective(_BY_ID[name]).keys)


def in_scopes(*scopes: str) -> Iterator[Key]:
    """The keys of these scopes as they are in force, the nearest scope first."""
    for scope in scopes:
        yield from (effective(key) for key in KEYS if key.scope == scope)


def text(name: str) -> str:
    """What the key of an id does."""
    return _BY_ID[name].text
