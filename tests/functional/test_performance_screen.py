"""Performance: ranges, bases, benchmarks and figures."""

from __future__ import annotations

from engine.metrics.periods import PERIODS
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import session
from tuiapp.screens.performance import RANGES


def test_the_ranges_are_the_periods_of_the_engine() -> None:
    assert RANGES == PERIODS


async def test_braces_step_through_the_ranges_and_stop_at_the_ends() -> None:
    async with session() as app:
        assert "since 2021-01-29" in app.lines[3]
        await app.press("{", "{", "{")
        assert "since 2021-03-24" in app.lines[3]
        await app.press("{", "{", "{", "{", "{", "{")
        assert "since 2022-02-24" in app.lines[3]
        await app.press("}")
        assert "since 2021-12-24" in app.lines[3]


async def test_a_range_longer_than_history_says_so() -> None:
    async with session() as app:
        await app.press("{")
        assert "(all there is)" in app.lines[3]


async def test_the_change_of_the_range_is_that_of_its_levels() -> None:
    async with session() as app:
        levels = app.app.market.history.level_pr
        assert f"{levels[-1] / levels[0] - 1:+.2%}" in app.lines[3]


async def test_total_return_changes_chart_header_and_figures() -> None:
    async with session() as app:
        await app.press("t")
        assert "Total return" in app.lines[3]
        assert "TR 1," in app.header
        assert "+19.17%" in app.text
        await app.press("t")
        assert "+18.17%" in app.text


async def test_a_benchmark_is_rebased_at_the_start_of_the_range() -> None:
    async with session() as app:
        closes = app.app.market.history.benchmarks["SPY"]
        await app.press("b")
        assert closes[0] is not None
        assert closes[-1] is not None
        assert f"SPY {closes[-1] / closes[0] - 1:+.2%}" in app.lines[3]
        await app.press("b")
        assert "SPY" not in app.text


async def test_without_benchmarks_the_key_says_how_to_get_some() -> None:
    async with session(FakeEngine(performance_view(benchmarks=False))) as app:
        await app.press("b")
        assert "No benchmark is loaded" in app.status


async def test_figures_are_those_of_the_range_and_wait_for_the_engine() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        for label in ("Return", "CAGR", "Volatility", "Sharpe", "Max drawdown", "Turnover pa"):
            assert label in app.lines[-4]
        for value in ("+18.17%", "+12.34%", "15.61%", "+0.83", "-23.45%", "48.21%"):
            assert value in app.lines[-3]


async def test_the_axis_has_round_numbers_and_dates() -> None:
    async with session() as app:
        assert {"1,000", "1,200", "1,400"} <= set(app.text.split())
        assert "2022" in app.lines[-5].split()


async def test_the_chart_ends_at_the_as_of_session() -> None:
    async with session() as app:
        await app.press("a")
        await app.type("2021-06")
        await app.press("enter")
        levels = app.app.market.history.level_pr
        place = app.app.market.place
        assert f"{levels[place]:,.2f}" in app.lines[3]


async def test_one_session_is_no_line_and_no_crash() -> None:
    async with session() as app:
        await app.press("<")
        assert "A line needs two sessions." in app.text
