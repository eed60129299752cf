"""What every screen and every key has to keep, whichever are added."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from tests.functional.harness import Session, session
from tuiapp import keys
from tuiapp.screens import SCREENS, ScreenSpec

IDS = [spec.id for spec in SCREENS]
# tmux, screen and terminals keep these for themselves, or cannot tell them from other keys.
TAKEN = {f"ctrl+{letter}" for letter in "mhjiabs"}


def scopes(spec: ScreenSpec) -> tuple[str, ...]:
    return (*spec.load().SCOPES, keys.EVERYWHERE)


@pytest.mark.parametrize("spec", SCREENS, ids=IDS)
async def test_a_screen_opens_with_its_key_and_draws_something(spec: ScreenSpec) -> None:
    async with session() as app:
        await app.press("2" if spec.key == "1" else "1", spec.key)
        assert app.app.active.id == spec.id
        assert not app.app.active.has_notice
        assert sum(bool(line) for line in app.lines) > 12


@pytest.mark.parametrize("spec", SCREENS, ids=IDS)
async def test_a_screen_has_help_that_names_all_its_keys(spec: ScreenSpec) -> None:
    async with session(size=(80, 90)) as app:
        await app.press(spec.key, "?")
        assert spec.about in " ".join(app.text.split())
        for key in keys.in_scopes(*scopes(spec)):
            assert key.text in app.text


@pytest.mark.parametrize("spec", SCREENS, ids=IDS)
def test_no_key_of_a_screen_is_bound_twice(spec: ScreenSpec) -> None:
    found = list(keys.in_scopes(*scopes(spec)))
    everywhere = [key for item in found if item.scope == keys.EVERYWHERE for key in item.keys]
    for scope in spec.load().SCOPES:
        own = [key for item in found if item.scope == scope for key in item.keys]
        assert not [key for key, times in Counter([*own, *everywhere]).items() if times > 1]
    nearest = [key for item in found if item.scope in spec.load().SCOPES for key in item.keys]
    assert max(Counter(nearest).values(), default=1) == 1


@pytest.mark.parametrize("spec", SCREENS, ids=IDS)
async def test_every_key_of_the_footer_does_something(spec: ScreenSpec) -> None:
    hinted = [key for key in keys.in_scopes(*scopes(spec)) if key.hint and key.action != "quit"]
    for key in hinted:
        async with session(size=(180, 40)) as app:
            await app.press(spec.key)
            assert key.hint in app.footer
            before = state(app)
            await app.pilot.press(_back_of(key) if "1" in key.action else key.keys[0])
            await app.settled()
            assert state(app) != before, key.id


def _back_of(key: keys.Key) -> str:
    """The other key of a pair: at the end of a range there is nothing further on."""
    action = key.action.replace("(1)", "(-1)")
    return next(item.keys[0] for item in keys.KEYS if item.action == action and item.scope == key.scope)


def state(app: Session) -> tuple[str, object]:
    return app.text, app.app.screen


def test_every_key_has_an_id_of_its_own_and_a_line_of_help() -> None:
    assert max(Counter(key.id for key in keys.KEYS).values()) == 1
    assert all(key.text and key.keys and key.shown for key in keys.KEYS)


def test_no_key_is_one_that_terminals_keep() -> None:
    assert not TAKEN & {key for item in keys.KEYS for key in item.keys}


def test_every_screen_is_shown_by_the_key_it_names() -> None:
    shown = {key.id.removeprefix("screen."): key.keys for key in keys.KEYS if key.id.startswith("screen.")}
    assert all(shown[spec.id] == (spec.key,) for spec in SCREENS)


def test_the_table_of_keys_needs_no_terminal_library() -> None:
    code = "import sys, tuiapp.keys as k; print(len(k.key_table()), 'textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(keys.KEYS)), "False"]


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_footer_never_loses_help_and_quit(width: int) -> None:
    async with session(size=(width, 24)) as app:
        for spec in SCREENS:
            await app.press(spec.key)
            assert app.footer.endswith("? help  q quit")
