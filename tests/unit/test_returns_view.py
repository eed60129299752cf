"""Months, falls, extreme days and rolling volatility of a stretch of sessions."""

from __future__ import annotations

import random
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import pytest

from engine.calendar import sessions_between
from engine.metrics import compute
from engine.views.analysis import DayReturn, DrawdownRow, ReturnsView, SeriesTables, YearReturns
from engine.views.returns import returns_view
from tests.unit.performance_views import view_of

SESSIONS = sessions_between(date(2022, 10, 17), date(2024, 5, 15))
DRAWS = random.Random(11)
PRICE = [DRAWS.gauss(0.0004, 0.012) for _ in SESSIONS[1:]]
TOTAL = [each + 0.0001 for each in PRICE]


@pytest.fixture(scope="module")
def whole() -> ReturnsView:
    return returns_view(view_of(SESSIONS, PRICE, TOTAL), None)


@pytest.fixture(scope="module", params=["price", "total"])
def series(request: pytest.FixtureRequest, whole: ReturnsView) -> tuple[list[float], SeriesTables]:
    return (PRICE, whole.price) if request.param == "price" else (TOTAL, whole.total)


def about(value: float) -> Any:
    return pytest.approx(value, rel=1e-12)


def years(sessions: list[date], returns: list[float]) -> dict[int, YearReturns]:
    return {year.year: year for year in returns_view(view_of(sessions, returns), None).price.years}


def test_months_and_years_by_hand() -> None:
    # December: 1.1 × 1.2 = 1.32. January: 0.5, February: 2, of which 0.5 × 2 = 1: nothing gained in the year.
    sessions = [date(2024, 12, 27), date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 2), date(2025, 2, 3)]
    found = years(sessions, [0.1, 0.2, -0.5, 1.0])
    assert found[2024].months == (*[None] * 11, about(0.32))
    assert found[2025].months == (-0.5, 1.0, *[None] * 10)
    assert (found[2024].total, found[2025].total) == (about(0.32), 0.0)


def test_the_return_of_a_month_belongs_to_the_sessions_that_published_it() -> None:
    # 31 March 2025 was not published: its return is part of that of 1 April.
    sessions = [date(2025, 3, 27), date(2025, 3, 28), date(2025, 4, 1)]
    found = years(sessions, [0.01, 0.05])
    assert found[2025].months[2:4] == (about(0.01), about(0.05))


def test_months_compound_to_the_return_between_their_last_levels(series: tuple[list[float], SeriesTables]) -> None:
    returns, tables = series
    levels = np.cumprod([1.0, *(1 + each for each in returns)])
    for year in tables.years:
        of_year = [place for place, day in enumerate(SESSIONS) if day.year == year.year and place]
        assert year.total == pytest.approx(levels[of_year[-1]] / levels[of_year[0] - 1] - 1, rel=1e-10)
        for month, found in enumerate(year.months, start=1):
            of_month = [place for place in of_year if SESSIONS[place].month == month]
            if of_month:
                assert found == pytest.approx(levels[of_month[-1]] / levels[of_month[0] - 1] - 1, rel=1e-9)
            else:
                assert found is None


def test_a_year_is_partial_when_a_session_of_it_has_no_return(whole: ReturnsView) -> None:
    assert {year.year: year.partial for year in whole.price.years} == {2022: True, 2023: False, 2024: True}


@pytest.mark.parametrize(
    ("sessions", "partial"),
    [
        ([date(2023, 12, 29), date(2024, 1, 2), date(2024, 12, 31)], False),
        ([date(2024, 1, 2), date(2024, 1, 3), date(2024, 12, 31)], True),  # no return on the first session
        ([date(2023, 12, 29), date(2024, 1, 2), date(2024, 12, 30)], True),
        ([date(2022, 12, 30), date(2023, 1, 3), date(2023, 12, 29)], False),  # a year ends on its last session
    ],
)
def test_a_year_is_whole_from_the_close_before_it_to_its_last_session(sessions: list[date], partial: bool) -> None:
    assert years(sessions, [0.01, 0.02])[sessions[-1].year].partial is partial


def test_a_year_whose_last_session_was_not_published_is_whole_once_the_next_one_has_begun() -> None:
    sessions = [date(2023, 12, 29), date(2024, 12, 30), date(2025, 1, 2)]
    assert not years(sessions, [0.1, 0.2])[2024].partial


def test_the_table_of_falls_by_hand() -> None:
    # Levels 1, 0.9, 1.0, 0.8, 0.96, 1.2, 1.08: falls of 10 %, 20 % and 10 %, the last one still open.
    sessions = sessions_between(date(2025, 3, 3), date(2025, 3, 11))
    returns = [-0.1, 1 / 0.9 - 1, -0.2, 0.2, 0.25, -0.1]
    found = returns_view(view_of(sessions, returns), None).price.drawdowns
    assert found == (
        DrawdownRow(about(-0.2), sessions[2], sessions[3], sessions[5], 1, 2, days=5),
        DrawdownRow(about(-0.1), sessions[0], sessions[1], sessions[2], 1, 1, days=2),
        DrawdownRow(about(-0.1), sessions[5], sessions[6], None, 1, None, days=1),
    )


def test_falls_are_the_ten_deepest_that_do_not_overlap(series: tuple[list[float], SeriesTables]) -> None:
    """Every pair of sessions is looked at: a peak is above all before it and all up to its recovery."""
    returns, tables = series
    levels = np.cumprod([1.0, *(1 + each for each in returns)])
    found = []
    for place in range(len(levels) - 1):
        if levels[place] == levels[: place + 1].max() and levels[place + 1] < levels[place]:
            later = np.flatnonzero(levels[place + 1 :] >= levels[place])
            end = place + 1 + int(later[0]) if later.size else len(levels)
            trough = place + int(levels[place:end].argmin())
            recovery = SESSIONS[end] if later.size else None
            found.append((levels[trough] / levels[place] - 1, SESSIONS[place], SESSIONS[trough], recovery))
    rows = [(row.depth, row.peak, row.trough, row.recovery) for row in tables.drawdowns]
    assert len(rows) == 10
    assert [row[1:] for row in rows] == [row[1:] for row in sorted(found)[:10]]
    assert [row[0] for row in rows] == pytest.approx([row[0] for row in sorted(found)[:10]], rel=1e-10)


def test_the_deepest_fall_is_the_max_drawdown(series: tuple[list[float], SeriesTables]) -> None:
    returns, tables = series
    (metric,) = (each.value for each in compute(returns) if each.key == "max_drawdown")
    assert tables.drawdowns[0].depth == metric == min(tables.drawdown)


def test_lengths_of_falls_are_counted_in_sessions_and_days(series: tuple[list[float], SeriesTables]) -> None:
    for row in series[1].drawdowns:
        assert row.sessions_down == len(sessions_between(row.peak, row.trough)) - 1
        assert row.days == ((row.recovery or SESSIONS[-1]) - row.peak).days
        back = None if row.recovery is None else len(sessions_between(row.trough, row.recovery)) - 1
        assert row.sessions_back == back


def test_the_series_have_one_value_for_each_session(series: tuple[list[float], SeriesTables]) -> None:
    returns, tables = series
    levels = np.cumprod([1.0, *(1 + each for each in returns)])
    assert tables.drawdown == pytest.approx((levels / np.maximum.accumulate(levels) - 1).tolist(), abs=1e-12)
    assert len(tables.volatility) == len(SESSIONS)
    assert tables.volatility[:63] == (None,) * 63
    for place in (63, 64, 200, len(SESSIONS) - 1):
        last = returns[place - 63 : place]
        assert tables.volatility[place] == pytest.approx(float(np.std(last, ddof=1)) * sqrt(252), rel=1e-11)


def test_best_and_worst_days_are_the_ends_of_all_days(series: tuple[list[float], SeriesTables]) -> None:
    returns, tables = series
    days = sorted(zip(returns, SESSIONS[1:], strict=True))
    assert tables.worst == tuple(DayReturn(day, found) for found, day in days[:10])
    assert tables.best == tuple(DayReturn(day, found) for found, day in days[:-11:-1])


def test_of_equal_days_the_earlier_comes_first() -> None:
    sessions = sessions_between(date(2025, 3, 3), date(2025, 3, 6))
    tables = returns_view(view_of(sessions, [0.01] * 3), None).price
    assert [day.session for day in tables.best] == [day.session for day in tables.worst] == sessions[1:]


def test_a_start_leaves_out_all_returns_before_it() -> None:
    start = date(2023, 3, 4)  # a Saturday; the first return is that of Monday, from the close of Friday
    found = returns_view(view_of(SESSIONS, PRICE), start)
    base = SESSIONS.index(date(2023, 3, 3))
    assert found.sessions == tuple(SESSIONS[base:])
    assert found.price == returns_view(view_of(SESSIONS[base:], PRICE[base:]), None).price
    assert found.price.years[0].partial


@pytest.mark.parametrize("start", [None, date(2030, 1, 1)])
def test_a_single_session_has_empty_tables(start: date | None) -> None:
    found = returns_view(view_of(SESSIONS[:1], []), start)
    assert found.sessions == (SESSIONS[0],)
    assert found.price == found.total == SeriesTables((), (), (), (), drawdown=(0.0,), volatility=(None,))
