"""Enter on a row that stands for a session leads all screens there."""

from __future__ import annotations

from datetime import date

import pytest

from tests.functional.harness import Session, session
from tuiapp.screens.panes import PANES

PLACES = {spec.id: place for place, spec in enumerate(PANES)}


async def to_pane(app: Session, name: str) -> None:
    await app.press(*["c"] * PLACES[name])


async def test_a_fall_leads_to_its_trough_and_u_comes_back() -> None:
    async with session() as app:
        before = app.app.market.session
        await to_pane(app, "falls")
        trough = app.app.active.pane.widget.current.row.trough  # type: ignore[attr-defined]
        assert "Enter go to" in app.footer
        await app.press("enter")
        assert app.app.market.session == trough != before
        await app.press("u")
        assert app.app.market.session == before


@pytest.mark.parametrize(("column", "end"), [("best", "best"), ("worst_return", "worst")])
async def test_a_day_leads_to_the_one_under_the_column_cursor(column: str, end: str) -> None:
    async with session() as app:
        await to_pane(app, "days")
        table = app.app.active.pane.widget  # type: ignore[attr-defined]
        table.restore({**table.state(), "column": column})
        day = getattr(table.current, end).session
        await app.press("enter")
        assert app.app.market.session == day


@pytest.mark.parametrize(("column", "last"), [("m3", date(2021, 3, 31)), ("total", date(2021, 12, 31))])
async def test_a_month_leads_to_its_last_session_and_a_year_to_its(column: str, last: date) -> None:
    async with session() as app:
        await to_pane(app, "months")
        table = app.app.active.pane.widget  # type: ignore[attr-defined]
        table.restore({**table.state(), "column": column})
        await app.press("G", "enter")
        assert app.app.market.session == last


async def test_a_month_without_a_session_leads_nowhere_and_says_so() -> None:
    async with session() as app:
        before = app.app.market.session
        await to_pane(app, "months")
        table = app.app.active.pane.widget  # type: ignore[attr-defined]
        table.restore({**table.state(), "column": "m12"})
        await app.press("enter")
        assert "There is no session at the cursor to go to" in app.status
        assert app.app.market.session == before


async def test_the_help_of_such_a_table_names_the_key() -> None:
    async with session() as app:
        await to_pane(app, "days")
        await app.press("?", "pagedown")
        assert "all screens as of this day, trough, end of month" in app.text
