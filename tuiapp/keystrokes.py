"""What a key that was pressed does: the binding nearest to the focus that answers to it, by the keymap in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.events import Key

from tuiapp import keys


@runtime_checkable
class Typing(Protocol):
    """Something that a person types into."""

    def put(self, character: str) -> None:
        """Take a character in."""
        ...


async def obey(app: App[Any], event: Key) -> bool:
    """Do what a key means, before the next one is looked at; False if it means nothing here."""
    place = app.focused or app.screen
    if event.is_printable and isinstance(place, Typing):
        place.put(event.character or "")
        return True
    return await app._check_bindings(event.key, priority=True) or await _obey(app, event.key)


async def _obey(app: App[Any], pressed: str) -> bool:
    for node, binding in _bound(app):
        if keys.obeys(binding.id, binding.key, pressed) and await app.run_action(binding.action, node):
            return True
    return False


def possible(app: App[Any]) -> Iterator[str]:
    """Ids of all keys that mean something now, the nearest to the focus first."""
    seen = set()
    for node, binding in _bound(app):
        name = binding.id
        if name and name not in seen and app._check_action_state(binding.action, node) is not False:
            seen.add(name)
            yield name


async def run(app: App[Any], name: str) -> bool:
    """Do what the key of this id does; False if it means nothing now."""
    for node, binding in _bound(app):
        if binding.id == name and await app.run_action(binding.action, node):
            return True
    return False


def _bound(app: App[Any]) -> Iterator[tuple[DOMNode, Binding]]:
    """The bindings from the focus outwards, up to the page that covers all else."""
    for node, found in app.screen._modal_binding_chain:
        for bindings in found.key_to_bindings.values():
            for binding in bindings:
                yield node, binding
