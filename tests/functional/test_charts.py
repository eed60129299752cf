"""Charts by key: crosshair, window, scale, several benchmarks, what is copied, what is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.views.types import PerformanceView
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp import clipboard
from tuiapp.screens.performance import Performance
from tuiapp.themes import Terminal

CHARTS = {"Chart": 0, "Drawdown": 1, "Vol": 2}


def screen(app: Session) -> Performance:
    shown = app.app.shown["performance"]
    assert isinstance(shown, Performance)
    return shown


def with_benchmarks(**closes: float) -> FakeEngine:
    """A market with the benchmarks named; each is the index times a number."""
    view = performance_view()
    made: dict[str, tuple[float | None, ...]] = {
        symbol: tuple(level * times for level in view.level_pr) for symbol, times in closes.items()
    }
    return FakeEngine(replace(view, benchmarks=made))


def upright(app: Session) -> int:
    """The column in which the crosshair stands, -1 for none."""
    return next((line.index("┊") for line in app.lines if "┊" in line), -1)


def view(app: Session) -> PerformanceView:
    return app.app.market.history


# -- crosshair


async def test_the_crosshair_reads_date_and_value_of_the_session_it_stands_on() -> None:
    async with session() as app:
        await app.press("x", *["left"] * 3)
        day, level = view(app).sessions[-4], view(app).level_pr[-4]
        assert f"{day}  PR {level:,.2f}" in app.lines[3]
        assert f"cross {day}" in app.status
        assert "as of Thu 2022-03-24" in app.header
        assert upright(app) > 0


@pytest.mark.parametrize(("key", "sessions"), [("H", 10), ("shift+left", 10), ("h", 1)])
async def test_the_crosshair_moves_by_one_or_by_ten(key: str, sessions: int) -> None:
    async with session() as app:
        await app.press("x", key)
        assert str(view(app).sessions[-1 - sessions]) in app.lines[3]


async def test_home_and_end_take_the_crosshair_to_the_ends_of_the_picture() -> None:
    async with session() as app:
        await app.press("x", "home")
        assert str(view(app).sessions[0]) in app.lines[3]
        await app.press("left")
        assert "first session of the range" in app.status
        await app.press("end")
        assert str(view(app).sessions[-1]) in app.lines[3]


async def test_without_a_crosshair_the_same_keys_walk_the_as_of_session() -> None:
    async with session() as app:
        await app.press("H")
        assert app.app.market.session == view(app).sessions[-11]
        await app.press("home")
        assert app.app.market.session == view(app).sessions[0]
        await app.press("G")
        assert app.app.market.before_latest == 0


async def test_enter_takes_the_session_under_the_crosshair_as_the_as_of_session() -> None:
    async with session() as app:
        await app.press("enter")
        assert "x sets the crosshair" in app.status
        await app.press("x", "H", "enter")
        assert app.app.market.session == view(app).sessions[-11]
        assert upright(app) == -1


async def test_escape_takes_the_crosshair_away_first_then_the_window_then_the_pane() -> None:
    async with session() as app:
        await app.press("c", "z", "x")
        await app.press("escape")
        assert upright(app) == -1
        assert "window" in app.lines[3]
        await app.press("escape")
        assert "window" not in app.lines[3]
        assert "Drawdown" in app.lines[3]
        await app.press("escape")
        assert "Price return" in app.lines[3]


@pytest.mark.parametrize("pane", list(CHARTS))
async def test_every_chart_has_a_crosshair_that_reads_what_is_drawn(pane: str) -> None:
    async with session() as app:
        await app.press(*["c"] * CHARTS[pane], "x", *["left"] * 20)
        chart = screen(app).chart
        assert chart is not None
        value = chart.shown(chart.curves[0].values[-21])
        assert f"{view(app).sessions[-21]}  PR {value}" in app.lines[3]


async def test_the_crosshair_stays_on_its_session_from_chart_to_chart_and_range_to_range() -> None:
    async with session() as app:
        await app.press("x", *["left"] * 5, "c")
        assert str(view(app).sessions[-6]) in app.lines[3]
        await app.press("{")
        assert str(view(app).sessions[-6]) in app.lines[3]


async def test_a_table_has_no_crosshair_and_its_keys_are_its_own() -> None:
    async with session() as app:
        await app.press("x", "c", "c", "c")
        assert "Metrics" in app.lines[3]
        assert "cross" not in app.status
        await app.press("C")
        assert "cross" in app.status


async def test_a_step_of_the_crosshair_draws_no_more_than_its_bands() -> None:
    async with session() as app:
        await app.press("}", *["{"] * 6, "x", "left")
        chart = screen(app).pane.widget
        drawn: list[object] = []
        own = type(chart).refresh

        def refresh(widget: Any, *regions: Any, **how: Any) -> Any:
            drawn.append((widget, regions))
            return own(widget, *regions, **how)

        chart.refresh = refresh.__get__(chart)  # type: ignore[method-assign]
        before = upright(app)
        await app.press("left")
        assert upright(app) < before
        assert not drawn


async def test_what_is_explained_is_the_session_under_the_crosshair() -> None:
    async with session() as app:
        await app.press("x", *["left"] * 7)
        label, subject = screen(app).subjects()[0]
        assert (label, subject.session) == ("Level PR", view(app).sessions[-8])


async def test_a_benchmark_without_a_close_that_day_has_no_value() -> None:
    market = performance_view()
    closes = list(market.benchmarks["SPY"])
    closes[-3] = None
    async with session(FakeEngine(replace(market, benchmarks={"SPY": tuple(closes)}))) as app:
        await app.press("b", "x", "left", "left")
        assert "SPY –" in app.lines[3]
        await app.press("left")
        assert "SPY –" not in app.lines[3]


@pytest.mark.parametrize("keys", [("left", "z", *["left"] * 90), ("z", "("), ("z", "z", "(", ")"), ("z", "0"), ("{",)])
async def test_the_status_line_names_the_session_that_the_crosshair_reads(keys: tuple[str, ...]) -> None:
    async with session() as app:
        await app.press("x", "H", "H", *keys)
        at = screen(app).viewport.crosshair
        assert at is not None
        day = str(view(app).sessions[at])
        assert day in app.lines[3]
        assert f"cross {day}" in app.status


async def test_another_range_without_the_session_leaves_no_crosshair_in_the_status_line() -> None:
    async with session() as app:
        await app.press("x", *["H"] * 5, "{", "{", "{", "{", "{", "{", "{")
        assert screen(app).viewport.crosshair is None
        assert "cross" not in app.status


async def test_the_change_of_the_day_stands_behind_the_value_of_the_index() -> None:
    async with session(with_benchmarks(SPY=0.5, QQQ=2.0), size=(120, 40)) as app:
        await app.press("B", "x")
        level, day = view(app).level_pr[-1], view(app).return_pr[-1]
        assert f"PR {level:,.2f} " in app.lines[3]
        said = app.lines[3].partition(f"PR {level:,.2f} ")[2]
        assert said.split()[:3] == ["▲" if (day or 0) > 0 else "▼", f"{day:+.2%}", "QQQ"]


async def test_a_chart_that_is_on_its_way_is_loading_and_not_too_short() -> None:
    async with session() as app:
        app.engine.gate.clear()
        await app.pilot.press("c")
        await app.shown("Loading …")
        assert "A line needs" not in app.text
        app.engine.gate.set()
        await app.settled()
        assert "Loading" not in app.text


async def test_the_crosshair_leaves_with_a_resize_where_it_was() -> None:
    async with session() as app:
        await app.press("x", *["left"] * 40)
        day = view(app).sessions[-41]
        await app.pilot.resize_terminal(120, 40)
        await app.settled()
        assert str(day) in app.lines[3]
        assert upright(app) > 80


# -- window and scale


async def test_zooming_says_the_window_and_its_return_and_whose_the_figures_are() -> None:
    async with session() as app:
        await app.press("z")
        levels, days = view(app).level_pr[150:], view(app).sessions[150:]
        assert f"{levels[-1] / levels[0] - 1:+.2%} window {days[0]} to {days[-1]}" in app.lines[3]
        assert app.lines[-4].startswith(" all  Return")
        await app.press("Z")
        assert "since 2021-01-29" in app.lines[3]
        assert app.lines[-4].startswith(" Return")


async def test_panning_moves_the_window_and_0_shows_the_whole_range() -> None:
    async with session() as app:
        await app.press("z", "z", "(")
        first, last = screen(app).viewport.window or (0, 0)
        assert f"window {view(app).sessions[first]} to {view(app).sessions[last]}" in app.lines[3]
        assert last < 299
        await app.press(")")
        assert (screen(app).viewport.window or (0, 0))[1] == 299
        await app.press(")")
        assert "The range ends here" in app.status
        await app.press("0")
        assert "window" not in app.lines[3]


@pytest.mark.parametrize("key", ["z", "Z", "(", ")", "0", "v", "x", "enter", "y", "Y", "H", "L"])
@pytest.mark.parametrize("first", ["", "<"])
async def test_every_key_of_a_chart_does_something_or_says_why_not(key: str, first: str) -> None:
    async with session() as app:
        await app.press(*first, "c")
        before = app.text
        await app.press(key)
        assert app.text != before


@pytest.mark.parametrize("key", ["{", "[", "a"])
async def test_another_range_or_session_is_shown_whole(key: str) -> None:
    async with session() as app:
        await app.press("z", *(["a", "2", "0", "2", "1", "enter"] if key == "a" else [key]))
        assert "window" not in app.lines[3]


async def test_a_window_of_the_drawdown_falls_from_the_highest_level_of_the_range() -> None:
    async with session() as app:
        levels = view(app).level_pr
        falls = [level / max(levels[: place + 1]) - 1 for place, level in enumerate(levels)][150:]
        await app.press("c", "z")
        deepest = min(falls)
        assert f"deepest ▼ {deepest:+.2%} {view(app).sessions[150 + falls.index(deepest)]}" in app.lines[3]


async def test_the_level_has_a_logarithmic_scale_and_says_so() -> None:
    async with session() as app:
        await app.press("v")
        assert "log scale" in app.lines[3]
        await app.press("v")
        assert "log scale" not in app.lines[3]


@pytest.mark.parametrize("pane", ["Drawdown", "Vol"])
async def test_only_the_level_has_a_logarithmic_scale(pane: str) -> None:
    async with session() as app:
        await app.press(*["c"] * CHARTS[pane], "v")
        assert "Only the level has a logarithmic scale" in app.status
        assert not screen(app).log_scale


async def test_a_tall_screen_shows_the_drawdown_below_the_level() -> None:
    async with session(size=(80, 30)) as app:
        levels = view(app).level_pr
        deepest = min(level / max(levels[: place + 1]) - 1 for place, level in enumerate(levels))
        assert f"drawdown PR, deepest {deepest:+.2%}" in app.text
        assert f"{deepest:.1%} ┤" in app.text


async def test_a_screen_of_29_lines_has_no_room_for_it() -> None:
    async with session(size=(80, 29)) as app:
        assert "deepest" not in app.text


# -- benchmarks


async def test_all_benchmarks_are_drawn_with_their_names_and_what_they_came_to() -> None:
    async with session(with_benchmarks(SPY=2.0, QQQ=0.5)) as app:
        levels = view(app).level_pr
        grown = f"{levels[-1] / levels[0] - 1:+.2%}"
        await app.press("B")
        assert f"QQQ {grown}" in app.lines[3]
        assert f"SPY {grown}" in app.lines[3]
        ends = [line.split()[-1] for line in app.lines[4:-6] if line.split()]
        assert {"PR", "QQQ", "SPY"} <= set(ends)
        await app.press("B")
        assert "SPY" not in app.text


async def test_no_more_than_four_curves_are_drawn_and_that_is_said() -> None:
    async with session(with_benchmarks(A=1, B=2, C=3, D=4, E=5)) as app:
        await app.press("B")
        assert "3 of 5 benchmarks are drawn; b shows one at a time" in app.status
        chart = screen(app).chart
        assert chart is not None
        assert [curve.name for curve in chart.curves] == ["PR", "A", "B", "C"]
        await app.press("b")
        assert screen(app).benchmarks == ("B",)


@pytest.mark.parametrize(("width", "said"), [(120, "SPY 0.00% from 2021-03-01 to 2021-12-03"), (60, "SPY 0.00%*")])
async def test_a_benchmark_of_a_part_of_the_sessions_says_so(width: int, said: str) -> None:
    market = performance_view()
    closes = tuple(100.0 if 21 <= place <= 220 else None for place in range(300))
    async with session(FakeEngine(replace(market, benchmarks={"SPY": closes})), size=(width, 24)) as app:
        await app.press("b")
        assert said in app.lines[3]


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_crosshair_reads_every_curve_at_every_width(width: int) -> None:
    async with session(with_benchmarks(SPY=1.1, QQQ=1.2, IWM=1.3), size=(width, 24)) as app:
        await app.press("B", "x", "left")
        for name in ("PR", "SPY", "QQQ", "IWM"):
            assert f"{name} 1," in app.lines[3]
        assert f"cross {view(app).sessions[-2]}" in app.status


async def test_periods_measures_against_every_benchmark_that_is_chosen() -> None:
    async with session(size=(80, 50)) as app:
        await app.press("B", "c", "c", "c")
        assert "against SPY" in app.text


async def test_turnover_stands_beside_the_return_that_it_bought() -> None:
    async with session() as app:
        await app.press("c", "c", "c")
        rows = [line.split("  ")[0].strip() for line in app.lines[5:8]]
        assert rows == ["Return", "CAGR", "Turnover p.a."]


@pytest.mark.parametrize("key", ["b", "B"])
async def test_without_a_benchmark_both_keys_say_how_to_get_one(key: str) -> None:
    async with session(FakeEngine(performance_view(benchmarks=False))) as app:
        await app.press(key)
        assert "No benchmark is loaded: import" in app.status


async def test_a_hostile_benchmark_is_harmless() -> None:
    async with session(with_benchmarks(**{"\x1b[31m[/b]\u202eX": 1.5})) as app:
        await app.press("b", "x", "left")
        assert "\x1b" not in app.text
        assert "\u202e" not in app.text


# -- without braille


async def test_without_unicode_a_chart_is_made_of_plain_characters() -> None:
    async with session(terminal=Terminal(unicode=False)) as app:
        await app.press("b", "x", "left")
        assert app.text.isascii()
        assert "o" in "".join(line.partition("|")[2] for line in app.lines[4:16])
        assert any("X" in line.partition("|")[2] for line in app.lines[4:16])


# -- copying


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Texts that were copied, and what they were called."""
    found: list[tuple[str, str]] = []

    def copy(_: object, text: str, what: str) -> tuple[str, str]:
        found.append((text, what))
        return "Copied", ""

    monkeypatch.setattr(clipboard, "copy", copy)
    return found


async def test_y_copies_the_session_under_the_crosshair_or_the_as_of_one(copied: list[tuple[str, str]]) -> None:
    async with session() as app:
        await app.press("b", "y", "x", "left", "y")
        for at, (text, what) in zip((-1, -2), copied, strict=True):
            assert text.startswith(f"{view(app).sessions[at]}  PR {view(app).level_pr[at]:,.2f}  SPY ")
            assert str(view(app).sessions[at]) in what


async def test_all_that_is_drawn_is_copied_in_full_precision(copied: list[tuple[str, str]]) -> None:
    async with session() as app:
        await app.press("b", "z", "Y")
        (text, what), *_ = copied
        head, *rows = text.splitlines()
        assert head.split("\t") == ["session", "level_pr", "SPY_rebased"]
        levels, days = view(app).level_pr[150:], view(app).sessions[150:]
        assert [row.split("\t")[0] for row in rows] == [str(day) for day in days]
        assert [float(row.split("\t")[1]) for row in rows] == list(levels)
        assert what == "150 sessions with 2 series"


# -- what is remembered


async def test_the_view_of_the_charts_is_taken_up_again() -> None:
    async with session() as app:
        await app.press("c", "b", "{", "v", "t", "C", "v", "z")
        state = screen(app).state()
    assert (state["pane"], state["period"], state["log"], state["benchmarks"]) == ("chart", "5Y", True, ["SPY"])
    async with session() as app:
        before = app.text
        screen(app).restore(state)
        await app.settled()
        assert screen(app).state() == state
        assert app.text != before
        assert "window" in app.lines[3]
        assert "log scale" in app.lines[3]


async def test_a_pane_that_is_restored_takes_the_keys() -> None:
    async with session() as app:
        screen(app).restore({"pane": "falls", "tables": {"falls": {"sort": "days", "down": True}}})
        await app.settled()
        assert "Falls PR" in app.lines[3]
        assert screen(app).state()["tables"]["falls"]["sort"] == "days"


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"pane": "none", "period": "9Y", "total": "yes", "benchmarks": 7, "log": [], "window": "x", "tables": 3},
        {"window": ["2021-01-29"], "benchmarks": [1, None], "tables": {"falls": 4}},
        {"window": ["1999-01-01", "1999-01-02"], "benchmarks": ["GONE"]},
    ],
)
async def test_a_state_that_makes_no_sense_is_passed_over(state: dict[str, Any]) -> None:
    async with session() as app:
        before = app.text
        screen(app).restore(state)
        await app.settled()
        assert app.text == before
