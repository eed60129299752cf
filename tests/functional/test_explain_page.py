"""The page that says what a number is made of."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.fields import Field, Unit
from engine.errors import DataError, StoreLocked
from engine.views.explanation import Input, Subject, Value
from engine.views.metrics import metrics_view
from tests.functional.fake_engine import FakeEngine, performance_view, sliced
from tests.functional.harness import Session, session
from tests.functional.test_performance_screen import to_pane
from tuiapp.screens import SCREENS
from tuiapp.screens.explain import Explain
from tuiapp.screens.explained import _inputs, calculable, precise
from tuiapp.screens.tables import TableScreen, place_of


def asked(app: Session) -> list[Subject]:
    return [question[1] for question in app.engine.asked if question[0] == "explain"]


async def test_i_shows_title_value_formula_and_every_input() -> None:
    async with session() as app:
        await app.press("i")
        for said in (
            "level_pr of top100 at 2022-03-24",
            "3.45T   3,450,150,000,000",
            "What the whole company is worth at this close",
            "shares outstanding × close as traded",
            "24,600,000,000 × 140.25 = 3,450,150,000,000",
        ):
            assert said in app.text
        assert app.row("Close").split() == ["Close", "140.25", "2022-03-24", "as", "traded", "[2]"]
        assert "[2] import prices.parquet, taken in 2026-08-28 21:05 UTC" in app.text


async def test_what_is_doubtful_is_marked_without_colour() -> None:
    async with session() as app:
        await app.press("i")
        assert " ! The given cap of 2026-08-21 was held back" in app.text
        assert "!quarantined" in app.text
        assert "3 sessions old" in app.text


async def test_text_from_outside_neither_colours_nor_clicks() -> None:
    async with session() as app:
        await app.press("i")
        assert "\x1b" not in app.text
        assert "import [/b][31mcaps.csv" in app.text


@pytest.mark.parametrize("key", ["escape", "i", "q"])
async def test_the_page_closes_and_the_screen_is_as_it_was(key: str) -> None:
    async with session() as app:
        before = app.text
        await app.press("i", key)
        assert app.text == before
        await app.press("2")
        assert "Rank" in app.text


async def test_right_and_left_go_through_the_numbers_and_each_is_asked_once() -> None:
    async with session() as app:
        await app.press("i", "right", "left", "tab", "shift+tab", "h")
        assert [subject.key for subject in asked(app)] == ["level_pr", "return_pr", "turnover"]
        assert "turnover of top100" in app.text


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_chosen_number_is_always_in_the_list(width: int) -> None:
    async with session(size=(width, 18)) as app:
        await app.press("i", *["right"] * 16)
        labels = " ".join(line[:26] if width == 120 else line for line in app.lines)
        assert "Level TR" in labels


async def test_while_the_engine_is_asked_the_page_says_so() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        engine.gate.clear()
        await app.pilot.press("i")
        await app.pilot.pause()
        assert app.lines[2:4] == [" Level PR", " …"]
        engine.gate.set()
        await app.settled()
        assert "3,450,150,000,000" in app.text


async def test_a_late_answer_does_not_take_the_place_of_the_number_that_is_chosen() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        engine.gate.clear()
        await app.pilot.press("i", "right", "right")
        await app.pilot.pause()
        engine.gate.set()
        await app.settled()
        assert app.lines[2].startswith(" total_return of")
        assert [subject.key for subject in asked(app)] == ["level_pr", "total_return"]


async def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        engine.failure = DataError("There is no such number.", hint="look at another one")
        await app.press("i")
        assert "There is no such number." in app.text
        assert "Next: look at another one" in app.text
        engine.failure = None
        await app.press("right")
        assert "3,450,150,000,000" in app.text
        await app.press("left")
        assert "There is no such number." not in app.text


async def test_where_there_is_no_number_the_line_says_so() -> None:
    engine = FakeEngine(performance_view())
    engine.failure = StoreLocked("The store is being written.")
    async with session(engine) as app:
        await app.press("i")
        assert "There is no number at the cursor" in app.status
        assert not isinstance(app.app.screen, Explain)


async def test_a_page_that_is_longer_than_the_screen_can_be_read_to_its_end() -> None:
    async with session(size=(60, 18)) as app:
        await app.press("i")
        assert "↓ more" in app.footer
        assert "[3] import" not in app.text
        await app.press("end")
        assert "[3] import" in app.text
        assert "more" not in app.footer
        await app.press("g")
        assert "level_pr of" in app.text
        await app.press("pagedown", "pageup", "down", "up")
        assert "level_pr of" in app.text


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
async def test_nothing_is_cut_at_any_width(size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press("i")
        text = app.text
        await app.press("end")
        words = set((text + "\n" + app.text).split())
        for word in ("[1]", "[2]", "[3]", "2026-07-31", "24,600,000,000", "outstanding", "reported", "!quarantined"):
            assert word in words


def test_a_long_name_among_the_inputs_stands_below_its_label() -> None:
    name = Input(Field("name", "Company", Unit.TEXT), "The Very Long Name of a Company Incorporated")
    close = Input(Field("close", "Close", Unit.USD, 2), 140.25)
    shown = ["".join(piece for piece, _ in line).rstrip() for line in _inputs((name, close), 60)]
    assert max(map(len, shown)) < 60
    assert shown[2:4] == [" Company", "   The Very Long Name of a Company Incorporated"]


async def test_the_range_and_the_series_are_those_of_the_screen() -> None:
    async with session() as app:
        await app.press("{", "{", "{", "t", "b", "i", "right", "right")
        assert asked(app)[0] == Subject("performance", "level_tr", date(2022, 3, 24), series="TR")
        assert asked(app)[-1] == Subject("metrics", "total_return", date(2022, 3, 24), period="1Y", series="TR")


async def test_the_as_of_session_is_that_of_the_screen() -> None:
    async with session() as app:
        await app.press("[", "i")
        assert asked(app)[0].session == date(2022, 3, 23)


async def test_a_metric_is_asked_about_in_the_chosen_range_first() -> None:
    async with session() as app:
        await to_pane(app, "Periods")
        await app.press("b", "{", "G", "i")
        (subject,) = asked(app)
        assert (subject.view, subject.period, subject.benchmark) == ("metrics", "5Y", "SPY")


async def test_a_month_is_asked_about_as_the_stretch_of_its_sessions() -> None:
    async with session() as app:
        await to_pane(app, "Months")
        await app.press("i", "right", "right")
        year, january, february = asked(app)
        assert (year.start, year.session) == (date(2022, 1, 3), date(2022, 3, 24))
        assert (january.start, january.session) == (date(2022, 1, 3), date(2022, 1, 31))
        assert (february.start, february.session) == (date(2022, 2, 1), date(2022, 2, 28))
        assert {each.period for each in asked(app)} == {"custom"}


async def test_the_first_month_begins_after_the_first_session() -> None:
    async with session() as app:
        await to_pane(app, "Months")
        await app.press("j", "i")
        assert asked(app)[0].start == date(2021, 2, 1)


async def test_a_fall_is_the_drawdown_from_its_peak_to_where_it_ends() -> None:
    async with session() as app:
        await to_pane(app, "Falls")
        await app.press("j", "i")
        (subject,) = asked(app)
        assert (subject.key, subject.start, subject.session) == (
            "max_drawdown",
            date(2022, 2, 22),
            date(2022, 3, 24),
        )


async def test_best_and_worst_day_are_returns_of_their_sessions() -> None:
    async with session() as app:
        await to_pane(app, "Days")
        await app.press("t", "i", "right")
        view = app.app.market.history
        returns = {session: r for session, r in zip(view.sessions, view.return_tr, strict=True) if r is not None}
        wanted = [max(returns, key=returns.__getitem__), min(returns, key=returns.__getitem__)]
        assert [(each.key, each.session) for each in asked(app)] == [("return_tr", day) for day in wanted]


async def test_rolling_volatility_is_that_of_its_window() -> None:
    async with session() as app:
        await to_pane(app, "Vol")
        await app.press("i")
        (subject,) = asked(app)
        sessions = app.app.market.history.sessions
        assert (subject.key, subject.start, subject.session) == ("volatility", sessions[-63], sessions[-1])


def metric(app: Session, subject: Subject) -> float | None:
    """What the engine's arithmetic says about a metric of a stretch of sessions."""
    history = app.app.market.history
    assert subject.session is not None
    view = sliced(history, history.sessions.index(subject.session))
    (period,) = metrics_view(view, subject.start).periods
    return {each.key: each.value for each in period.price}[subject.key]


@pytest.mark.parametrize("title", ["Months", "Falls", "Vol"])
async def test_what_is_asked_about_is_the_number_that_is_shown(title: str) -> None:
    async with session() as app:
        await to_pane(app, title)
        view = app.engine.returns().price
        wanted = {
            "Months": [view.years[-1].total, *(month for month in view.years[-1].months if month is not None)],
            "Falls": [view.drawdowns[0].depth],
            "Vol": [view.volatility[-1]],
        }[title]
        subjects = [subject for _, subject in app.app.active.subjects() if subject.period == "custom"]
        assert [metric(app, subject) for subject in subjects] == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.id)
async def test_every_screen_has_numbers_to_explain_or_says_that_it_has_none(spec: object) -> None:
    async with session() as app:
        await app.press(spec.key, "i")  # type: ignore[attr-defined]
        assert isinstance(app.app.screen, Explain) or "There is no number at the cursor" in app.status


@pytest.mark.parametrize(
    ("unit", "decimals", "value", "shown"),
    [
        (Unit.FRACTION, 2, 0.0123456789, "1.234568%"),
        (Unit.LEVEL, 2, 1881.3956789, "1,881.395679"),
        (Unit.RATIO, 2, 0.8123456, "0.812346"),
        (Unit.USD, 2, 140.25, "140.25"),
        (Unit.USD, 2, 140.0, "140.00"),
        (Unit.USD, 2, 12.34567, "12.34567"),
        (Unit.USD, 0, 3.45e12, "3,450,000,000,000"),
        (Unit.USD, 2, 3.45e12, "3,450,000,000,000"),
        (Unit.COUNT, 0, 24_600_000_000, "24,600,000,000"),
        (Unit.COUNT, 0, 24_600_000_000.0, "24,600,000,000"),
        (Unit.COUNT, 1, 99.5, "99.500000"),
        (Unit.DATE, 0, date(2022, 3, 24), "2022-03-24"),
        (Unit.TEXT, 0, "as\x1btraded", "astraded"),
        (Unit.RATIO, 2, None, "–"),
    ],
)
def test_an_input_has_digits_enough_for_a_pocket_calculator(
    unit: Unit, decimals: int, value: Value, shown: str
) -> None:
    assert calculable(Field("x", "X", unit, decimals), value) == shown


@pytest.mark.parametrize(
    ("unit", "decimals", "value", "shown"),
    [
        (Unit.FRACTION, 2, 0.1817234567891, "0.1817234568"),
        (Unit.LEVEL, 2, 1881.395678912, "1,881.395679"),
        (Unit.USD, 0, 3_450_150_000_000.0, "3,450,150,000,000"),
        (Unit.COUNT, 0, 100, "100"),
        (Unit.TEXT, 0, "given", "given"),
        (Unit.RATIO, 2, None, "–"),
    ],
)
def test_the_value_itself_is_shown_in_ten_digits(unit: Unit, decimals: int, value: Value, shown: str) -> None:
    assert precise(Field("x", "X", unit, decimals), value) == shown


# -- the column cursor


async def to_column(app: Session, key: str) -> None:
    """Move the column cursor of the table to a column."""
    screen = app.app.active
    assert isinstance(screen, TableScreen)
    await app.press(*["h"] * len(screen.table.columns))
    for _ in screen.table.columns:
        column = screen.table.current_column
        if column is not None and column.key == key:
            return
        await app.press("l")
    raise AssertionError(f"there is no column {key}")


@pytest.mark.parametrize(
    ("keys", "column", "number"),
    [
        ("2", "ticker", "market_cap_usd"),
        ("2", "rank", "rank"),
        ("2", "day", "return_pr"),
        ("2", "cut", "distance"),
        ("2", "days", "days"),
        ("2c", "gap", "gap"),
        ("2c", "return_own", "return_own"),
        ("2cc", "cap_weight", "cap_weight"),
        ("2cc", "sector", "contribution"),
        ("3", "effect_tr", "effect_tr"),
        ("3", "ranks", "rank_after"),
        ("3", "cut_usd", "distance_usd"),
    ],
)
async def test_the_number_in_the_column_of_the_cursor_is_explained_first(keys: str, column: str, number: str) -> None:
    async with session(size=(240, 40)) as app:
        await app.press(*keys)
        await to_column(app, column)
        await app.press("i")
        [subject] = asked(app)
        assert subject.key == number


@pytest.mark.parametrize("keys", ["2", "2c", "2cc", "3"])
async def test_every_column_of_numbers_has_its_explanation(keys: str) -> None:
    async with session() as app:
        await app.press(*keys)
        screen = app.app.active
        assert isinstance(screen, TableScreen)
        subjects = screen.subjects()
        for column in screen.table.columns:
            if column.unit in ("number", "usd", "percent", "bp"):
                key = subjects[place_of(column, subjects)][1].key
                assert key in (column.numbers or (column.key,)), column.key


async def test_of_months_the_month_of_the_column_is_explained_and_of_periods_the_period() -> None:
    async with session(size=(120, 40)) as app:
        await to_pane(app, "Months")
        await to_column(app, "m2")
        await app.press("i")
        first, last = date(2022, 2, 1), date(2022, 2, 28)
        assert [(one.key, one.start, one.session) for one in asked(app)] == [("total_return", first, last)]
        await app.press("escape")
        await to_column(app, "m12")
        await app.press("i")
        assert asked(app)[-1].start == date(2022, 1, 3), "a month without a return leads to the year"
        await app.press("escape")
        await app.press("C")
        await to_column(app, "YTD")
        await app.press("i")
        assert asked(app)[-1].period == "YTD"


async def test_of_the_worst_day_the_worst_day_is_explained() -> None:
    async with session() as app:
        await to_pane(app, "Days")
        view = app.app.market.history
        worst = min((value or 0.0, day) for value, day in zip(view.return_pr, view.sessions, strict=True))
        await to_column(app, "worst_return")
        await app.press("i")
        assert asked(app)[-1].session == worst[1]


async def test_what_an_asterisk_of_the_months_means_is_said_at_60_columns() -> None:
    async with session(size=(60, 18)) as app:
        await to_pane(app, "Months")
        assert "*" in app.row("2022")
        assert "* part of a year" in app.lines[3]
