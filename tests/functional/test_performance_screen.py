"""Performance: ranges, bases, benchmarks and figures."""

from __future__ import annotations

from datetime import date
from math import prod
from statistics import stdev

import pytest

from engine.domain.fields import Field, Unit
from engine.metrics.periods import PERIODS
from engine.views.metrics import metric_fields
from engine.views.types import Metric
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp.screens.panes import PANES
from tuiapp.screens.panes.periods import MetricRow, _cell
from tuiapp.screens.performance import RANGES, Performance


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


@pytest.mark.parametrize("title", ["Months", "Days"])
async def test_on_the_first_session_a_table_of_returns_says_why_it_is_empty(title: str) -> None:
    async with session() as app:
        await app.press("<")
        await to_pane(app, title)
        assert "the first session has no return" in app.text


async def to_pane(app: Session, title: str) -> None:
    """Go on until the tab of this title is the chosen one."""
    titles = [spec.title for spec in PANES]
    await app.press(*["c"] * titles.index(title))


async def test_c_goes_through_all_panes_and_comes_back() -> None:
    async with session() as app:
        seen = []
        for _ in PANES:
            seen.append(app.lines[3].split()[0])
            await app.press("c")
        assert len(set(seen)) == len(PANES)
        assert app.lines[3].split()[0] == seen[0]
        await app.press("C")
        assert app.lines[3].split()[0] == seen[-1]


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_all_panes_and_the_range_are_named_at_every_width(width: int) -> None:
    async with session(size=(width, 24)) as app:
        for spec in PANES:
            assert spec.title in app.lines[2].split()
        assert "{ all }" in app.lines[2] or "5Y  all }" in app.lines[2]
        assert "as of" in app.header
        assert "2022-03-24" in app.header


async def test_escape_takes_back_a_filter_and_then_shows_the_chart() -> None:
    async with session() as app:
        await to_pane(app, "Periods")
        await app.press("/")
        await app.type("drawdown")
        await app.press("enter")
        assert "Sharpe" not in app.text
        await app.press("escape")
        assert "Sharpe" in app.text
        await app.press("escape")
        assert "Price return" in app.lines[3]


async def test_the_drawdown_is_the_fall_from_the_highest_level_of_the_range() -> None:
    async with session() as app:
        await to_pane(app, "Drawdown")
        levels = app.app.market.history.level_pr
        falls = [level / max(levels[: place + 1]) - 1 for place, level in enumerate(levels)]
        assert f"{falls[-1]:+.2%} now" in app.lines[3]
        assert f"{min(falls):+.2%}" in app.lines[3]
        await app.press("{", "{", "{", "{", "{", "{", "{")
        month = levels[app.app.market.history.sessions.index(date(2022, 2, 24)) :]
        falls = [level / max(month[: place + 1]) - 1 for place, level in enumerate(month)]
        assert f"{falls[-1]:+.2%} now" in app.lines[3]


async def test_a_benchmark_falls_beside_the_index() -> None:
    async with session() as app:
        await to_pane(app, "Drawdown")
        await app.press("b")
        closes = [close or 0.0 for close in app.app.market.history.benchmarks["SPY"]]
        worst = min(close / max(closes[: place + 1]) - 1 for place, close in enumerate(closes))
        assert f"SPY {worst:+.2%}" in app.lines[3]


async def test_volatility_is_that_of_the_last_63_returns() -> None:
    async with session() as app:
        await to_pane(app, "Vol")
        returns = [change for change in app.app.market.history.return_pr[-63:] if change is not None]
        assert f"{stdev(returns) * 252**0.5:.2%} now" in app.lines[3]


async def test_volatility_of_too_few_returns_says_how_many_it_needs() -> None:
    async with session() as app:
        await app.press("a")
        await app.type("2021-03")
        await app.press("enter")
        await to_pane(app, "Vol")
        assert "needs 63 returns; there are 43" in app.lines[3]


async def test_a_short_range_has_the_volatility_of_returns_before_it() -> None:
    async with session() as app:
        await app.press("{", "{", "{", "{", "{", "{", "{")
        await to_pane(app, "Vol")
        assert "now" in app.lines[3]


async def test_periods_has_every_metric_and_marks_what_is_short() -> None:
    async with session() as app:
        await to_pane(app, "Periods")
        for field in metric_fields():
            assert any(line.startswith(f" {field.label} ") for line in app.lines)
        assert {"1M", "3Y*", "5Y*", "all"} <= set(app.lines[4].split())
        assert app.row("Sharpe").split()[1:3] == ["+0.83*", "+0.83"]
        assert "* short history" in app.lines[3]


async def test_periods_follows_basis_and_benchmark() -> None:
    async with session(size=(80, 40)) as app:
        await to_pane(app, "Periods")
        assert "Beta" not in app.text
        await app.press("b")
        assert "against SPY, 299 common sessions" in app.text
        assert app.row("Beta").split()[1:3] == ["1.07*", "1.07"]
        await app.press("t")
        assert app.row("Sharpe").split()[2] == "+0.84"
        assert app.row("Beta").split()[2] == "1.08"


async def test_a_figure_without_room_loses_decimals_and_not_digits() -> None:
    field = Field("total_return", "Return", Unit.FRACTION, 2, signed=True)
    for value, mark, shown in ((12.3456, "", "+1,235%"), (1.23456, "", "+123.5%"), (0.123456, "*", "+12.3%*")):
        row = MetricRow(field, {"all": Metric("total_return", value, short_history=bool(mark))})
        assert _cell(row, "all")[0] == shown


@pytest.mark.parametrize(("width", "shown"), [(60, "+3 +3 -7"), (80, "+3.3 +3.3 -7.2"), (120, "+3.28 +3.30 -7.20")])
async def test_months_are_compounded_from_the_returns_of_their_sessions(width: int, shown: str) -> None:
    async with session(size=(width, 24)) as app:
        await to_pane(app, "Months")
        view = app.app.market.history
        months = [
            prod(
                1 + (r or 0.0) for d, r in zip(view.sessions, view.return_pr, strict=True) if (d.year, d.month) == each
            )
            for each in ((2022, 1), (2022, 2), (2022, 3))
        ]
        decimals = {60: 0, 80: 1, 120: 2}[width]
        assert shown.split() == [f"{100 * (growth - 1):+.{decimals}f}" for growth in months]
        assert app.row("2022").split()[1:4] == shown.split()
        assert app.row("2022").split()[-1].endswith("*")


async def test_falls_and_days_are_of_the_range() -> None:
    async with session() as app:
        await to_pane(app, "Falls")
        assert "since 2021-01-29" in app.lines[3]
        assert "not yet" in app.row("2022-02-21")
        await app.press("{", "{", "{", "{", "{", "{", "{")
        assert "since 2022-02-24" in app.lines[3]
        await app.press("c")
        returns = [r for r in app.app.market.history.return_pr[-20:] if r is not None]
        best, worst = app.lines[5].split()[3], app.lines[5].split()[6]
        assert (best, worst) == (f"▲{max(returns):+.2%}", f"▼{min(returns):+.2%}")


async def test_a_fall_is_explained_up_to_where_it_ends() -> None:
    async with session() as app:
        await to_pane(app, "Falls")
        view, screen = app.app.market.history, app.app.active
        assert isinstance(screen, Performance)
        for row in screen.table.rows:
            [(_, subject)] = screen.subjects()
            assert subject.session == (row.row.recovery or view.sessions[-1])
            assert subject.start == view.sessions[view.sessions.index(row.row.peak) + 1]
            await app.press("j")
        assert {row.row.recovery is None for row in screen.table.rows} == {True, False}


async def test_a_benchmark_that_a_pane_does_not_draw_is_said() -> None:
    async with session() as app:
        await to_pane(app, "Days")
        await app.press("b")
        assert "Benchmark: SPY, shown in Chart, Drawdown, Periods" in app.status


@pytest.mark.parametrize("title", [spec.title for spec in PANES])
async def test_a_pane_of_one_session_is_no_crash(title: str) -> None:
    async with session() as app:
        await app.press("<")
        await to_pane(app, title)
        assert title in app.lines[2]
        await app.press("{", "b", "t", "j", ">")
        assert app.lines[3].strip()


async def test_a_pane_asks_once_for_each_session_and_range() -> None:
    async with session() as app:
        await to_pane(app, "Falls")
        await app.press("c", "C", "t", "{", "}", "[")
        asked = [question[1:] for question in app.engine.asked if question[0] == "returns"]
        assert len(asked) == len(set(asked)) == 3
