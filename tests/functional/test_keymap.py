from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.functional.fake_engine import FakeEngine
from tests.functional.harness import session
from tuiapp import keys
from tuiapp.scopes import MET
from tuiapp.screens import SCREENS
from tuiapp.screens.explain import Explain
from tuiapp.screens.found import Found


@contextmanager
def keymap(**changed: tuple[str, ...]) -> Iterator[None]:
    """A keymap in force; ids are written with two underscores for their dot."""
    keys.put_in_force({name.replace("__", "."): found for name, found in changed.items()})
    try:
        yield
    finally:
        keys.put_in_force({})


async def test_a_key_of_the_app_is_another_one_and_the_old_one_does_nothing() -> None:
    with keymap(app__help=("f5",)):
        async with session() as app:
            before = app.text
            await app.press("?")
            assert app.text == before
            assert app.footer.endswith("F5 help  q quit")
            await app.press("f5")
            assert app.text != before


async def test_keys_of_screen_table_and_chart_are_other_ones() -> None:
    with keymap(
        performance__pane=("n",), table__down=("ctrl+n",), chart__crosshair=("ctrl+x",), screen__composition=("f2",)
    ):
        async with session() as app:
            await app.press("c")
            assert app.app.active.state()["pane"] == "chart"
            await app.press("n")
            assert app.app.active.state()["pane"] == "drawdown"
            await app.press("f2", "down", "j")
            assert "row 1 of" in app.text
            await app.press("ctrl+n")
            assert "row 2 of" in app.text
            assert "F2 Composition" in app.header


async def test_two_views_of_one_screen_may_use_one_key() -> None:
    with keymap(members__cut=("t",)):
        async with session() as app:
            await app.press("2", "t")
            assert "row 1 of" not in app.text
            await app.press("c", "t")
            assert app.app.active.state()["series"] == "TR"


async def test_another_id_that_shares_a_key_keeps_it() -> None:
    with keymap(findings__open=("o",), data__issuer=("f3",)):
        async with session() as app:
            await app.press("7", "enter")
            assert len(app.app.screen_stack) == 1
            await app.press("o")
            assert isinstance(app.app.screen, Found)
            await app.press("o")
            assert len(app.app.screen_stack) == 1
            await app.press("c", "c", "c", "c", "enter")
            assert app.app.active.state()["pane"] == "fetches"


async def test_keys_of_pages_are_other_ones_and_shown_so() -> None:
    with keymap(explanation__on=("n",), page__close=("escape", "x")):
        async with session() as app:
            await app.press("i", "n")
            assert isinstance(app.app.screen, Explain)
            assert " 2/" in app.text
            assert "← n" in app.footer
            await app.press("q")
            assert isinstance(app.app.screen, Explain)
            await app.press("x")
            assert not isinstance(app.app.screen, Explain)


async def test_the_keys_of_a_first_run_are_other_ones_and_shown_so() -> None:
    with keymap(first__demo=("m",)):
        async with session(FakeEngine(stored=False)) as app:
            assert "m  " in app.text
            assert "m demo market" in app.footer
            await app.press("m")
            assert app.engine.opened_with[-1].provider == "demo"


async def test_sentences_name_the_key_in_force() -> None:
    with keymap(app__back=("escape", "backspace"), app__stop=("f9",), app__reload=("f5",)):
        async with session(FakeEngine(stored=True)) as app:
            assert "F5" in app.text
            assert "r  " not in app.footer


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.id)
async def test_the_keys_of_a_screen_meet_as_they_are_declared_to(spec: object) -> None:
    async with session() as app:
        await app.press(spec.key)  # type: ignore[attr-defined]
        for _ in range(max(1, len(spec.panes))):  # type: ignore[attr-defined]
            scopes = {*app.app.active.scopes, keys.EVERYWHERE}
            assert any(scopes <= set(met) for met in MET), scopes
            await app.press("c")


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.id)
async def test_the_views_of_a_screen_are_those_that_are_declared(spec: object) -> None:
    async with session() as app:
        await app.press(spec.key)  # type: ignore[attr-defined]
        for name, title in spec.panes:  # type: ignore[attr-defined]
            assert app.app.active.state()["pane"] == name
            assert title in app.text
            await app.press("c")
