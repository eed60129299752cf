"""The NYSE calendar against facts written by hand and against a second library."""

from __future__ import annotations

import subprocess
import sys
import warnings
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.calendar import (
    close_time,
    is_half_day,
    is_session,
    last_closed_session,
    next_session,
    previous_session,
    sessions_behind,
    sessions_between,
)

NEW_YORK = ZoneInfo("America/New_York")

CLOSED = {
    "new year on a Sunday is observed on Monday": date(2023, 1, 2),
    "Martin Luther King": date(2026, 1, 19),
    "Washington's birthday": date(2021, 2, 15),
    "Good Friday 2015": date(2015, 4, 3),
    "Good Friday 2021": date(2021, 4, 2),
    "Good Friday 2024": date(2024, 3, 29),
    "Good Friday 2026": date(2026, 4, 3),
    "Memorial Day": date(2025, 5, 26),
    "Juneteenth, on a Sunday in its first year": date(2022, 6, 20),
    "Juneteenth": date(2024, 6, 19),
    "Independence Day on a Saturday is observed on Friday": date(2026, 7, 3),
    "Independence Day on a Sunday is observed on Monday": date(2021, 7, 5),
    "Labor Day": date(2023, 9, 4),
    "Thanksgiving": date(2022, 11, 24),
    "Christmas on a Saturday is observed on Friday": date(2021, 12, 24),
    "Christmas on a Sunday is observed on Monday": date(2022, 12, 26),
    "11 September, first day": date(2001, 9, 11),
    "11 September, last day": date(2001, 9, 14),
    "mourning for Reagan": date(2004, 6, 11),
    "mourning for Ford": date(2007, 1, 2),
    "hurricane Sandy, first day": date(2012, 10, 29),
    "hurricane Sandy, second day": date(2012, 10, 30),
    "mourning for Bush": date(2018, 12, 5),
    "mourning for Carter": date(2025, 1, 9),
    "a Saturday": date(2024, 3, 2),
    "a Sunday": date(2024, 3, 3),
}

OPEN = {
    "Juneteenth before it was a holiday": date(2020, 6, 19),
    "Juneteenth 2021, signed into law two days earlier": date(2021, 6, 18),
    "new year on a Saturday is not observed": date(2021, 12, 31),
    "new year on a Saturday is not observed, 2010": date(2010, 12, 31),
    "Columbus Day": date(2024, 10, 14),
    "Veterans Day": date(2022, 11, 11),
    "Election Day": date(2024, 11, 5),
    "the day after Sandy": date(2012, 10, 31),
    "the day after September 2001": date(2001, 9, 17),
    "Easter Monday": date(2024, 4, 1),
    "the day before the mourning for Carter": date(2025, 1, 8),
}

HALF_DAYS = {
    "day after Thanksgiving": date(2024, 11, 29),
    "Christmas Eve on a weekday": date(2025, 12, 24),
    "3 July on a weekday": date(2025, 7, 3),
    "3 July on a Monday": date(2023, 7, 3),
    "Christmas Eve 2018": date(2018, 12, 24),
    "3 July 2013": date(2013, 7, 3),
}

FULL_DAYS = {
    "2 July when the holiday is observed on Friday the 3rd": date(2026, 7, 2),
    "3 July when the holiday is observed on Monday the 5th": date(2021, 7, 2),
    "23 December when the holiday is observed on the 24th": date(2021, 12, 23),
    "new year's eve": date(2024, 12, 31),
}


@pytest.mark.parametrize("day", CLOSED.values(), ids=CLOSED.keys())
def test_the_exchange_is_closed(day: date) -> None:
    assert not is_session(day)


@pytest.mark.parametrize("day", OPEN.values(), ids=OPEN.keys())
def test_the_exchange_is_open(day: date) -> None:
    assert is_session(day)


@pytest.mark.parametrize("day", HALF_DAYS.values(), ids=HALF_DAYS.keys())
def test_prices_of_a_half_day_are_final_at_a_quarter_past_one(day: date) -> None:
    assert is_half_day(day)
    assert close_time(day) == datetime(day.year, day.month, day.day, 13, 15, tzinfo=NEW_YORK)


@pytest.mark.parametrize("day", FULL_DAYS.values(), ids=FULL_DAYS.keys())
def test_prices_of_a_full_day_are_final_at_a_quarter_past_four(day: date) -> None:
    assert not is_half_day(day)
    assert close_time(day) == datetime(day.year, day.month, day.day, 16, 15, tzinfo=NEW_YORK)


def test_a_closed_day_has_no_close() -> None:
    with pytest.raises(ValueError, match="2025-01-09 is not a NYSE session"):
        close_time(date(2025, 1, 9))


@pytest.mark.parametrize(
    ("year", "sessions"),
    [(2001, 248), (2012, 250), (2020, 253), (2021, 252), (2022, 251), (2024, 252), (2025, 250)],
)
def test_a_year_has_the_published_number_of_sessions(year: int, sessions: int) -> None:
    assert len(sessions_between(date(year, 1, 1), date(year, 12, 31))) == sessions


def test_a_span_of_sessions_includes_both_ends() -> None:
    assert sessions_between(date(2025, 1, 8), date(2025, 1, 10)) == [date(2025, 1, 8), date(2025, 1, 10)]


def test_a_span_that_ends_before_it_starts_is_empty() -> None:
    assert sessions_between(date(2025, 1, 10), date(2025, 1, 8)) == []


def test_the_neighbours_of_a_session_are_itself() -> None:
    assert next_session(date(2024, 6, 18)) == previous_session(date(2024, 6, 18)) == date(2024, 6, 18)


def test_the_neighbours_of_a_holiday_weekend_lie_around_it() -> None:
    assert next_session(date(2026, 7, 3)) == date(2026, 7, 6)
    assert previous_session(date(2026, 7, 5)) == date(2026, 7, 2)


def test_the_session_before_new_year_may_be_in_another_year() -> None:
    assert previous_session(date(2023, 1, 2)) == date(2022, 12, 30)


def test_a_session_is_closed_from_its_very_minute() -> None:
    assert last_closed_session(datetime(2025, 1, 8, 16, 14, 59, tzinfo=NEW_YORK)) == date(2025, 1, 7)
    assert last_closed_session(datetime(2025, 1, 8, 16, 15, tzinfo=NEW_YORK)) == date(2025, 1, 8)


def test_the_last_closed_session_of_a_closed_day_is_the_one_before() -> None:
    assert last_closed_session(datetime(2025, 1, 9, 23, 0, tzinfo=NEW_YORK)) == date(2025, 1, 8)


def test_the_moment_is_read_in_new_york_whatever_its_zone() -> None:
    # 20:15 UTC is 16:15 in summer time and 15:15 in winter time.
    assert last_closed_session(datetime(2025, 7, 9, 20, 15, tzinfo=UTC)) == date(2025, 7, 9)
    assert last_closed_session(datetime(2025, 1, 8, 20, 15, tzinfo=UTC)) == date(2025, 1, 7)
    # Early Thursday in Tokyo is still Wednesday afternoon in New York.
    tokyo = datetime(2025, 7, 10, 5, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert last_closed_session(tokyo) == date(2025, 7, 8)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        last_closed_session(datetime(2025, 1, 8, 12, 0))


def test_sessions_behind_counts_closed_sessions_only() -> None:
    monday_noon = datetime(2025, 1, 13, 12, 0, tzinfo=NEW_YORK)
    # Tuesday 7: behind by 8 and 10 January; 9 was a holiday and 13 is still open.
    assert sessions_behind(date(2025, 1, 7), monday_noon) == 2
    assert sessions_behind(date(2025, 1, 10), monday_noon) == 0


def test_sessions_behind_is_never_negative() -> None:
    assert sessions_behind(date(2025, 1, 13), datetime(2025, 1, 13, 12, 0, tzinfo=NEW_YORK)) == 0


def test_the_calendar_agrees_with_a_second_library_on_sessions_and_half_days() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exchange_calendars = pytest.importorskip("exchange_calendars")
        first, last = date(2007, 1, 1), date.fromisoformat("2027-06-30")
        other = exchange_calendars.get_calendar("XNYS", start=first, end=last)
        sessions = [stamp.date() for stamp in other.sessions]
        half_days = [stamp.date() for stamp in other.early_closes]

    assert sessions_between(first, last) == sessions
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    assert [day for day in days if is_half_day(day)] == half_days


def test_importing_the_calendar_does_not_load_the_library() -> None:
    code = "import sys, engine.calendar; print('holidays' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_the_table_of_closed_days_is_what_the_library_says_of_the_past() -> None:
    from engine import closed_days
    from tests import closed_days as writer

    for name, category in writer.TABLES.items():
        past = [line for line in writer.table(name, category).split("\n") if "2000" <= line[:4] <= "2025"]
        assert past == [line for line in getattr(closed_days, name).split("\n") if "2000" <= line[:4] <= "2025"]


def test_years_outside_the_table_ask_the_library() -> None:
    assert is_session(date(1999, 12, 31))
    assert not is_session(date(2035, 7, 4))
