"""The charts as text: crosshair, window, several benchmarks, a strip below, plain characters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import session
from tests.snapshots.test_screens import SIZES, same_as_kept
from tuiapp.themes import Terminal


def market() -> FakeEngine:
    """Two benchmarks, of which one ends before the index does."""
    view = performance_view()
    spy = view.benchmarks["SPY"]
    other = tuple(None if place > 250 else level * 0.9 for place, level in enumerate(view.level_tr))
    return FakeEngine(replace(view, benchmarks={"SPY": spy, "QQQ": other}))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("crosshair", ["x", *["H"] * 4]),
        ("window", ["z", "("]),
        ("benchmarks", ["B", "v"]),
        ("benchmarks-crosshair", ["B", "x", "H"]),
        ("drawdown-window", ["c", "B", "z", "x"]),
    ],
)
async def test_a_chart_looks_as_it_did(name: str, keys: list[str], size: tuple[int, int]) -> None:
    async with session(market(), size=size) as app:
        await app.press(*keys)
        same_as_kept(f"chart-{name}-{size[0]}x{size[1]}", app.text)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_a_chart_of_plain_characters_looks_as_it_did(size: tuple[int, int]) -> None:
    async with session(market(), size=size, terminal=Terminal(unicode=False)) as app:
        await app.press("B", "x", "H")
        same_as_kept(f"chart-plain-{size[0]}x{size[1]}", app.text)


async def test_a_chart_of_one_session_looks_as_it_did() -> None:
    async with session(market()) as app:
        await app.press("<")
        same_as_kept("chart-one-session", app.text)
