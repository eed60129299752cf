"""Changes: day by day and between two dates."""

from __future__ import annotations

from datetime import date

from engine.errors import DataError
from tests.functional.harness import session


async def test_changes_are_listed_newest_first() -> None:
    async with session() as app:
        await app.press("3")
        sessions = [line.split()[0] for line in app.lines[5:-2]]
        assert sessions == sorted(sessions, reverse=True)
        assert "Day by day 2021-01-29 → 2022-03-24" in app.lines[2]


async def test_the_timeline_and_the_sums_stand_above() -> None:
    async with session() as app:
        await app.press("3")
        assert "▲ 100 in  ▼ 100 out" in app.lines[2]
        assert "changes a month" in app.lines[3]


async def test_a_typed_date_compares_it_with_the_as_of_session() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter")
        assert ("compare", date(2021, 8, 31), date(2022, 3, 24)) in app.engine.asked
        assert "Compared 2021-08-31 → 2022-03-24" in app.lines[2]
        assert "turnover 21.0%" in app.lines[2]


async def test_the_comparison_follows_the_as_of_session_and_ends_with_escape() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter", "[")
        assert "Compared 2021-08-31 → 2022-03-23" in app.lines[2]
        await app.press("escape")
        assert "Day by day" in app.lines[2]


async def test_a_date_before_the_index_is_refused() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("1999")
        await app.press("enter")
        assert "The index begins on 2021-01-29" in app.status
        assert "Day by day" in app.lines[2]


async def test_a_refused_question_leaves_a_notice_that_a_key_undoes() -> None:
    async with session() as app:
        await app.press("3")
        app.engine.failure = DataError("There is no such session.", hint="choose another date")
        await app.press("[")
        assert "There is no such session." in app.text
        app.engine.failure = None
        await app.press("r")
        assert "Day by day" in app.lines[2]
