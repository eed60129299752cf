"""What changed the view, newest last, to be taken back one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from tuiapp.format import DOWN, UP

MOST: Final = 100
MOST_SAID: Final = 3
SCREEN: Final = ("screen",)
SESSION: Final = ("session",)
INDEX: Final = ("index",)
NO_CHANGE: Final = ("column",)
"""Parts of the state of a screen that say only where a cursor stands."""
STEPPED: Final = ("session", "period", "window")
"""What is reached in steps: some in a row by the same key are one change."""

Path = tuple[str, ...]
"""Where in a view something stands."""


@dataclass(frozen=True, slots=True)
class ViewState:
    """How the market is looked at.

    Attributes:
        screen: Id of the screen.
        session: As-of session, None for the latest.
        screens: State of every screen that was shown, by its id.
        index: Name of the index.
    """

    screen: str
    session: date | None
    screens: dict[str, dict[str, Any]] = field(default_factory=dict)
    index: str = ""


@dataclass(frozen=True, slots=True)
class _Change:
    """What a key changed."""

    key: str = ""
    places: frozenset[Path] = frozenset()

    def goes_on(self, before: _Change) -> bool:
        """Whether it is one more step of the change before."""
        return bool(self.key) and self == before and all(place[-1] in STEPPED for place in self.places)


class Undo:
    """The views before this one."""

    def __init__(self) -> None:
        self._views: deque[ViewState] = deque(maxlen=MOST)
        self._now: ViewState | None = None
        self._last = _Change()
        self._goes_back = False

    def __len__(self) -> int:
        return len(self._views)

    def see(self, now: ViewState, key: str = "") -> None:
        """Take down what has changed since the view was seen last; ``key`` is the one that was obeyed since."""
        before, self._now = self._now, now
        change = _Change()
        if before is not None and not self._goes_back:
            change = _Change(key, frozenset(_differences(before, now)))
            if change.places and not change.goes_on(self._last):
                self._views.append(before)
        self._last = change if change.places else _Change()
        self._goes_back = False

    def take_back(self) -> ViewState | None:
        """The view before the last change, None if there is none. What comes next is its outcome, and no change."""
        while self._views:
            view = self._views.pop()
            if self._now is not None and any(_differences(self._now, view)):
                self._goes_back = True
                return view
        return None

    def forget(self) -> None:
        """Another store is looked at: nothing before counts."""
        self._views.clear()
        self._now, self._last, self._goes_back = None, _Change(), False


def _differences(one: ViewState, other: ViewState) -> Iterator[Path]:
    """Where two views differ. A screen that was shown in only one of them was not changed."""
    if one.screen != other.screen:
        yield SCREEN
    if one.session != other.session:
        yield SESSION
    if one.index != other.index:
        yield INDEX
    for name in one.screens.keys() & other.screens.keys():
        yield from _unlike(one.screens[name], other.screens[name], (name,))


def _unlike(one: Mapping[str, Any], other: Mapping[str, Any], place: Path) -> Iterator[Path]:
    if one == other:
        return
    for key in dict.fromkeys((*one, *other)):
        mine, yours = one.get(key), other.get(key)
        if key in NO_CHANGE or mine == yours:
            continue
        if isinstance(mine, dict) and isinstance(yours, dict):
            yield from _unlike(mine, yours, (*place, key))
        else:
            yield (*place, key)


def in_words(before: ViewState, now: ViewState, titles: Mapping[str, str]) -> str:
    """What is different in a view now from the one before.

    Args:
        before: The view that was left.
        now: The view that is shown.
        titles: Titles of the screens by their ids.
    """
    places = sorted(_differences(before, now), key=lambda place: (place not in (INDEX, SCREEN, SESSION), place))
    words = dict.fromkeys(_word(now, place, titles) for place in places)
    return ", ".join(list(words)[:MOST_SAID])


def _word(now: ViewState, place: Path, titles: Mapping[str, str]) -> str:
    if place == SCREEN:
        return titles.get(now.screen, now.screen)
    if place == INDEX:
        return now.index
    if place == SESSION:
        return f"as of {now.session}" if now.session else "the latest session"
    state: Mapping[str, Any] = now.screens
    for key in place[:-1]:
        state = state[key]
    said = WORDS.get(place[-1])
    return said(state) if said is not None else f"{place[-1]} {state.get(place[-1])}"


def _order(state: Mapping[str, Any]) -> str:
    if not state.get("sort"):
        return "the order of the screen"
    return f"sorted by {state['sort']} {DOWN if state.get('down') else UP}"


def _filter(state: Mapping[str, Any]) -> str:
    return f"filter {state['filter']}" if state.get("filter") else "no filter"


def _benchmark(state: Mapping[str, Any]) -> str:
    named = state.get("benchmarks") or state.get("benchmark")
    names = [named] if isinstance(named, str) else named or []
    return f"benchmark {', '.join(map(str, names))}" if names else "no benchmark"


def _window(state: Mapping[str, Any]) -> str:
    window = state.get("window")
    return f"{window[0]} to {window[-1]}" if window else "the whole range"


WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "pane": lambda state: str(state["pane"]).capitalize(),
    "sort": _order,
    "down": _order,
    "filter": _filter,
    "period": lambda state: f"range {state['period']}",
    "total": lambda state: "total return" if state["total"] else "price return",
    "series": lambda state: "total return" if state["series"] == "TR" else "price return",
    "benchmark": _benchmark,
    "benchmarks": _benchmark,
    "log": lambda state: "logarithmic scale" if state["log"] else "linear scale",
    "window": _window,
    "other": lambda state: f"compared with {state['other']}" if state["other"] else "day by day",
}
"""What is said of a part of the state of a screen."""
