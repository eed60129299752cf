"""What is made of the declared keys and a person's own: bindings, footer, help and the README's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tuiapp.keylist import KEYS, Key
from tuiapp.keys_in_force import (
    NO_KEY,
    answers,
    declared,
    effective,
    in_scopes,
    is_changed,
    obeys,
    put_in_force,
    shown,
    text,
)
from tuiapp.scopes import (
    AUDIT,
    CHANGES,
    CHART,
    COMPOSITION,
    CONTRIBUTIONS,
    DATA,
    DECISIONS,
    EVENTS,
    EVERYWHERE,
    EXPLANATION,
    EXPORT,
    FETCHES,
    FINDINGS,
    FIRST_RUN,
    INDICES,
    MEMBERS,
    NAME,
    PAGE,
    PALETTE,
    PERFORMANCE,
    SCOPES,
    SESSIONS,
    TABLE,
    WRITTEN,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.binding import Binding

__all__ = [
    "AUDIT",
    "CHANGES",
    "CHART",
    "COMPOSITION",
    "CONTRIBUTIONS",
    "DATA",
    "DECISIONS",
    "EVENTS",
    "EVERYWHERE",
    "EXPLANATION",
    "EXPORT",
    "FETCHES",
    "FINDINGS",
    "FIRST_RUN",
    "INDICES",
    "KEYS",
    "MEMBERS",
    "NAME",
    "NO_KEY",
    "PAGE",
    "PALETTE",
    "PERFORMANCE",
    "SCOPES",
    "SESSIONS",
    "TABLE",
    "WRITTEN",
    "Key",
    "always",
    "answers",
    "binding",
    "bindings",
    "effective",
    "hint",
    "hints",
    "in_scopes",
    "is_changed",
    "key_table",
    "obeys",
    "put_in_force",
    "shown",
    "text",
]

HELP: Final = "app.help"
QUIT: Final = "app.quit"
ALWAYS_SHOWN: Final = (HELP, QUIT)
EXPLAIN: Final = "app.explain"
THEN: Final = (EXPLAIN, "app.palette")
OWN_FIRST: Final = 2
"""Hints of a screen's own that stand before those that explain and lead anywhere."""
PAIRED: Final = {
    "range.longer": "range.shorter",
    "contributions.longer": "contributions.shorter",
    "session.on": "session.back",
    "name.on": "name.back",
    "name.longer": "name.shorter",
    "explanation.on": "explanation.back",
}
"""Keys whose hint is shared with the one that goes the other way."""


def bindings(scope: str) -> list[Binding]:
    """The bindings of one scope as they are declared, for the ``BINDINGS`` of its widget, screen or app."""
    return [binding(key.id) for key in KEYS if key.scope == scope]


def binding(name: str, action: str = "") -> Binding:
    """The binding of one id, with another action if one is given: where it is pressed on a page of its own."""
    from textual.binding import Binding

    key = declared(name)
    return Binding(",".join(key.keys), action or key.action, key.text, id=key.id, show=bool(key.hint))


def hints(*scopes: str, explains: bool = True, idle: Collection[str] = ()) -> list[tuple[str, str]]:
    """Keys and words of the footer, the most useful first, without those that are always shown or ``idle`` now."""
    left_out = (*ALWAYS_SHOWN, *idle) if explains else (*ALWAYS_SHOWN, *idle, EXPLAIN)
    hinted = [key for key in in_scopes(*scopes) if key.hint and key.keys and key.id not in left_out]
    own = [key for key in hinted if key.scope not in (TABLE, EVERYWHERE)]
    first = [*own[:OWN_FIRST], *(key for name in THEN for key in hinted if key.id == name), *own[OWN_FIRST:]]
    return [(_hinted(key), key.hint) for key in [*first, *(key for key in hinted if key not in first)]]


def _hinted(key: Key) -> str:
    other = PAIRED.get(key.id)
    return f"{shown(other)} {shown(key.id)}" if other else shown(key.id)


def always() -> list[tuple[str, str]]:
    """Keys and words that the footer never loses."""
    return [(shown(name), declared(name).hint) for name in ALWAYS_SHOWN]


def hint(name: str, text: str = "") -> tuple[str, str]:
    """One key and its word, or another text, for the last line of a page."""
    return _hinted(declared(name)), text or declared(name).hint


def key_table() -> list[tuple[str, str, str]]:
    """Keys, where they work and what they do, one row a key: the table of the README."""
    return [(key.shown, key.scope, key.text) for key in in_scopes(*SCOPES)]
