"""Every key does something, or says why not, at every place where it is offered."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import pytest

from engine.errors import StoreLocked
from tests.functional.fake_analysis import DECISIONS
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tests.functional.places import PAGES, PANES_OF, PLACES, VIEWS, Place, walk
from tuiapp import keys
from tuiapp.screens import SCREENS, ScreenSpec
from tuiapp.screens.pages import PageScreen

PRELUDE: Final = ("[", "[", "j", "j", "j", "l")
"""Away from the ends, so that there is something on either side."""
ELSEWHERE: Final = ("quit", "suspend_process", "redraw", "back")
"""What is done by keys that others test: it ends the app, leaves it, draws the same, or comes after every other key."""
STARTS_WORK: Final = ("enter", "d", "i", "r", "R")
"""Keys that get an app out of trouble: tested where the trouble is."""
LEVELS: Final = 6
HEADINGS: Final = 5
"""Lines at the top that hold words of ours alone: header, names of the views, headings of a table."""


class Witness:
    """What a person could notice: the picture, the page, and whether something was said, be it the same again."""

    def __init__(self, app: Session) -> None:
        self._app = app
        self._said = 0
        say = app.app.say

        def count(what: str, tone: str = "") -> None:
            self._said += bool(what)
            say(what, tone)

        app.app.say = count  # type: ignore[method-assign]

    @property
    def seen(self) -> tuple[object, ...]:
        """Everything that can be noticed."""
        return self._app.app.screen._compositor.render_strips(), self._app.app.screen, self._said


def offered(app: Session) -> list[keys.Key]:
    """The keys that mean something now, according to the screen or the page."""
    page = app.app.screen
    if isinstance(page, PageScreen):
        return list(keys.in_scopes(*page.scopes))
    return list(keys.in_scopes(*app.app.active.scopes, keys.EVERYWHERE))


def is_elsewhere(key: keys.Key, shown: str) -> bool:
    """Whether a key is tested elsewhere, or shows the screen that is shown."""
    return key.action.removeprefix("app.") in ELSEWHERE or key.id == f"screen.{shown}"


def is_own(key: keys.Key, place: Place) -> bool:
    """Whether a key is tried here where there is little time: what many places share, only at the first of them."""
    first_of = {
        keys.EVERYWHERE: "performance-1",
        keys.PERFORMANCE: "performance-1",
        keys.CHART: "performance-1",
        keys.COMPOSITION: "composition-1",
        keys.TABLE: "composition-1",
        keys.DATA: "data-1",
        keys.PAGE: "help",
    }
    return place.name == first_of.get(key.scope, place.name)


def partners(key: keys.Key) -> list[str]:
    """Keys of the same scope that do the same in another measure or direction: they make room for this one."""
    name = key.action.partition("(")[0]
    return [one.keys[0] for one in keys.KEYS if one.scope == key.scope and one.action.startswith(f"{name}(")]


@asynccontextmanager
async def at(place: Place) -> AsyncIterator[tuple[Session, Witness]]:
    engine = FakeEngine(performance_view())
    engine.decisions = DECISIONS
    async with session(engine) as app:
        await app.press(*place.keys)
        if place in VIEWS:
            await app.press(*PRELUDE)
        yield app, Witness(app)


async def is_noticed(app: Session, witness: Witness, key: str) -> bool:
    app.app.say("")
    await app.settled()
    before = witness.seen
    await app.press(key)
    return witness.seen != before


def where(app: Session) -> tuple[object, ...]:
    return len(app.app.screen_stack), app.app.active.id, app.app._prompt, tuple(app.app.active.scopes)


async def is_noticed_somehow(place: Place, key: keys.Key) -> bool:
    """In an app of its own, first as it is, then after each of its partners."""
    for partner in ("", *partners(key)):
        async with at(place) as (app, witness):
            await app.press(*filter(None, (partner,)))
            if await is_noticed(app, witness, key.keys[0]):
                return True
    return False


async def silent_at(place: Place, *, all_keys: bool) -> list[str]:
    """Names of the keys that do nothing and say nothing."""
    silent: list[keys.Key] = []
    async with at(place) as (app, witness):
        home = where(app)
        for key in offered(app):
            if is_elsewhere(key, app.app.active.id or "") or not (all_keys or is_own(key, place)):
                continue
            if not await is_noticed(app, witness, key.keys[0]):
                silent.append(key)
            if where(app) != home:
                await back(app, place)
    return [key.id for key in silent if not await is_noticed_somehow(place, key)]


@pytest.mark.parametrize("place", [*VIEWS, *PAGES], ids=str)
async def test_a_key_of_a_place_is_never_silent(place: Place) -> None:
    assert not await silent_at(place, all_keys=False)


@pytest.mark.slow
@pytest.mark.parametrize("place", [*VIEWS, *PAGES], ids=str)
async def test_a_key_that_is_offered_is_never_silent(place: Place) -> None:
    assert not await silent_at(place, all_keys=True)


async def back(app: Session, place: Place) -> None:
    """Level by level to the first screen, and from there to the place again."""
    for _ in range(9):
        before = where(app), app.text
        await app.press("escape")
        if (where(app), app.text) == before:
            break
    await app.press(*place.keys)


async def test_no_key_means_two_things_and_nothing_is_cut_at_any_place() -> None:
    async with session() as app:
        for place, way in walk():
            await app.press(*way)
            bound = Counter(name for key in offered(app) for name in key.keys)
            assert max(bound.values()) == 1, place
            assert place not in VIEWS or "…" not in "".join((*app.lines[:HEADINGS], app.footer)), place
            await app.press(*["escape"] * (place not in VIEWS))


async def test_escape_leads_back_level_by_level() -> None:
    async with session() as app:
        first = app.lines[:-2]
        for place in PLACES:
            await app.press(*place.keys)
            for _ in range(LEVELS):
                if app.lines[:-2] == first and app.app._prompt is None:
                    break
                before = app.text, where(app)
                await app.press("escape")
                assert (app.text, where(app)) != before, place
            assert app.lines[:-2] == first, place


def unbuilt() -> FakeEngine:
    return FakeEngine()


def empty() -> FakeEngine:
    return FakeEngine(stored=False)


def failing() -> FakeEngine:
    engine = FakeEngine(performance_view())
    engine.failure = StoreLocked("The store is in use by another process.", hint="wait until it is done")
    return engine


def fails_later() -> FakeEngine:
    """It draws the first screen, and refuses everything after."""
    return FakeEngine(performance_view())


STATES = {
    unbuilt: "no index has been built",
    empty: "no data yet",
    failing: "in use by another process",
    fails_later: "in use by another process",
}
IN_TURN = tuple(zip(STATES, itertools.cycle(SCREENS[:2]), strict=False))


@pytest.mark.parametrize(("made", "spec"), IN_TURN, ids=lambda one: getattr(one, "id", None) or one.__name__)
async def test_in_trouble_every_key_is_obeyed_or_passed_over(made: Callable[[], FakeEngine], spec: ScreenSpec) -> None:
    async with session(made()) as app:
        if made is fails_later:
            app.engine.failure = failing().failure
            await app.press("2" if spec.key == "1" else "3", "r")
        await app.press(spec.key)
        assert STATES[made] in app.text
        assert app.footer.endswith("? help  q quit")
        for key in keys.KEYS:
            if not is_elsewhere(key, "") and key.keys[0] not in STARTS_WORK:
                await app.pilot.press(key.keys[0], *["escape"] * (len(app.app.screen_stack) > 1))
        await app.settled()
        await app.press("escape", "escape", "escape", spec.key)
        assert STATES[made] in app.text


async def test_while_it_loads_every_key_is_obeyed_or_passed_over() -> None:
    engine = FakeEngine(performance_view())
    engine.gate.clear()
    async with session(engine, settle=False) as app:
        await app.shown("Loading")
        assert app.footer.endswith("? help  q quit")
        for key in keys.KEYS:
            if not is_elsewhere(key, "") and key.scope != keys.FIRST_RUN:
                await app.pilot.press(key.keys[0])
        await app.pilot.press("escape", "escape", "escape", "1")
        engine.gate.set()
        await app.settled()
        await app.press("escape", "escape", "escape", "1")
        assert app.footer.endswith("? help  q quit")


@pytest.mark.parametrize("name", sorted(PANES_OF))
async def test_what_failed_is_told_again_in_the_view_that_one_comes_back_to(name: str) -> None:
    key = next(spec.key for spec in SCREENS if spec.id == name)
    async with session() as app:
        app.engine.failure = failing().failure
        await app.press("3", key, "c", "c", "c", "C", "C", "C")
        assert STATES[failing] in app.text or name == "performance"
        assert "no rows" not in app.text
