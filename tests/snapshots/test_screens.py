"""The screens as text, compared with files that a person can read: ``SNAPSHOT_UPDATE=1 pytest tests/snapshots``."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.errors import ProviderError
from engine.events import Progress
from tests.functional.fake_analysis import DECISIONS
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.fake_fetching import RUNS, UNFETCHED
from tests.functional.harness import session
from tuiapp.screens import SCREENS, ScreenSpec
from tuiapp.screens.panes import PANES, PaneSpec
from tuiapp.themes import Terminal

DATA = Path(__file__).parent / "data"
SIZES = ((80, 24), (120, 40), (60, 18))


def same_as_kept(name: str, text: str) -> None:
    """Compare with the file of this name, or write it when asked to."""
    path = DATA / f"{name}.txt"
    if os.environ.get("SNAPSHOT_UPDATE"):
        DATA.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert path.is_file(), f"{path} is missing: run with SNAPSHOT_UPDATE=1 and look at it"
    assert text + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.id)
async def test_a_screen_looks_as_it_did(spec: ScreenSpec, size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press(spec.key)
        same_as_kept(f"{spec.id}-{size[0]}x{size[1]}", app.text)


@pytest.mark.parametrize("size", [(80, 24), (60, 18)], ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("pane", PANES[1:], ids=lambda pane: pane.id)
async def test_a_pane_of_the_performance_screen_looks_as_it_did(pane: PaneSpec, size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press("b", *["c"] * PANES.index(pane))
        same_as_kept(f"performance-{pane.id}-{size[0]}x{size[1]}", app.text)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_an_explanation_looks_as_it_did(size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press("i")
        same_as_kept(f"explain-{size[0]}x{size[1]}", app.text)


@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]], ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("composition-contributions", "2c}}}"),
        ("composition-sectors", "2cc"),
        ("data-finding", "7\r"),
        ("data-stored", "7c"),
        ("data-decisions", "7cc"),
        ("data-fetches", "7C"),
    ],
)
async def test_a_view_of_a_screen_of_tables_looks_as_it_did(name: str, keys: str, size: tuple[int, int]) -> None:
    engine = FakeEngine(performance_view())
    engine.decisions = DECISIONS
    async with session(engine, size=size) as app:
        await app.press(*("enter" if key == "\r" else key for key in keys))
        same_as_kept(f"{name}-{size[0]}x{size[1]}", app.text)


async def test_a_benchmark_lies_below_the_index() -> None:
    async with session() as app:
        await app.press("b")
        same_as_kept("performance-benchmark", app.text)


async def test_a_comparison_of_two_dates() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter")
        same_as_kept("changes-compared", app.text)


async def test_the_cut_and_what_is_below_it() -> None:
    async with session() as app:
        await app.press("2", "G")
        same_as_kept("composition-cut", app.text)


async def test_help_of_a_screen() -> None:
    async with session(size=(80, 40)) as app:
        await app.press("3", "?")
        same_as_kept("help-changes", app.text)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_the_first_run(size: tuple[int, int]) -> None:
    async with session(FakeEngine(stored=False), size=size) as app:
        same_as_kept(f"empty-{size[0]}x{size[1]}", app.text)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_a_first_run_that_failed(size: tuple[int, int]) -> None:
    engine = FakeEngine(stored=False)
    engine.fetch_failure = ProviderError("Yahoo cannot be reached: no connection.", hint="what was stored is there")
    async with session(engine, size=size) as app:
        engine.fetch_view = replace(UNFETCHED, runs=(replace(RUNS[2], outcome="failed", reason="no connection"),))
        await app.press("enter")
        same_as_kept(f"empty-failed-{size[0]}x{size[1]}", app.text)
        await app.press("7")
        same_as_kept(f"data-failed-{size[0]}x{size[1]}", app.text)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("built", [True, False], ids=["built", "unbuilt"])
async def test_a_fetch_under_way(built: bool, size: tuple[int, int]) -> None:
    engine = FakeEngine(stored=False)
    status = engine.built.status
    fetched = replace(status, source="yahoo", names_wanted=250, names_have=120, backfilled_before=date(2022, 3, 24))
    engine.built = replace(engine.built, status=fetched)
    engine.fetch_progress = (Progress("prices", 118, 250, "names", 2, 190.0, built=built),)
    engine.work_gate.clear()
    async with session(engine, size=size) as app:
        await app.pilot.press("enter")
        await app.shown("118/250")
        if built:
            await app.shown("+18.17%")
        same_as_kept(f"fetching-{'built' if built else 'unbuilt'}-{size[0]}x{size[1]}", app.text)


async def test_the_screen_of_a_terminal_without_unicode() -> None:
    async with session(FakeEngine(performance_view(synthetic=True)), terminal=Terminal(unicode=False)) as app:
        same_as_kept("performance-ascii", app.text)
