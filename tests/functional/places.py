"""Every place of the app that a person can stand at, made from its declarations: views, pages, prompts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tuiapp.screens import SCREENS
from tuiapp.screens.composition import Composition
from tuiapp.screens.data import Data
from tuiapp.screens.panes import PANES

PANES_OF: Final = {"performance": len(PANES), "composition": len(Composition.TITLES), "data": len(Data.TITLES)}
"""How many views a screen has; one that is not here has one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A name, and the keys that lead there from the first screen."""

    name: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


VIEWS: Final = tuple(
    Place(f"{spec.id}-{place + 1}", (spec.key, *("c",) * place))
    for spec in SCREENS
    for place in range(PANES_OF.get(spec.id, 1))
)
PAGES: Final = (
    Place("help", ("2", "?")),
    Place("explanation", ("2", "j", "j", "i")),
    Place("explanation-of-the-level", ("i",)),
    Place("a-company", ("2", "j", "j", "enter")),
    Place("a-finding", ("7", "enter")),
    Place("a-failed-fetch", ("7", "C", "enter")),
    Place("events", ("2", "@")),
    Place("diagnostics", ("f12",)),
    Place("palette", (":", "e")),
    Place("export", ("E", "up")),
)
PROMPTS: Final = (
    Place("as-of", ("a",)),
    Place("filter", ("2", "/")),
    Place("compare", ("3", "d")),
    Place("rename", ("7", "n")),
    Place("issuer", ("7", "o")),
    Place("final-price", ("7", "j", "f")),
)
PLACES: Final = (*VIEWS, *PAGES, *PROMPTS)


def walk() -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Every place with the keys that lead to it from the one before, after as many Esc as closed that.

    A view is one key further than the one before it; pages and prompts lie above any of them.
    """
    for view in VIEWS:
        yield view, view.keys[-1:]
    for place in (*PAGES, *PROMPTS):
        yield place, place.keys
