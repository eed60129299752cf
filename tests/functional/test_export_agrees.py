"""The file of a view holds the numbers that the view shows: over the real engine and the demo market."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import fsum
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.facade import open_engine
from engine.settings import Settings, demo_settings
from tests.functional.fake_engine import FakeEngine
from tests.functional.harness import Session, without_waits
from tuiapp.app import FlatcapApp
from tuiapp.screens.composition import Composition
from tuiapp.screens.performance import Performance

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo market, made once."""
    found = demo_settings(Settings(tmp_path_factory.mktemp("market")))
    assert open_engine(found).load_demo()
    return found


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Session]:
    app = FlatcapApp(settings)
    async with without_waits(), app.run_test(size=(120, 40)) as pilot:
        found = Session(app, pilot, FakeEngine())
        await found.settled()
        yield found


def sheet(app: Session, name: str) -> Rows:
    """The rows of a sheet of the file that was written, by the names of their columns."""
    (path,) = Path().glob("flatcap-*.xlsx")
    assert f"Wrote {path.resolve()}" in app.app._status.text
    book = openpyxl.load_workbook(path)
    head, *rows = [[cell.value for cell in row] for row in book[name].iter_rows()]
    assert "provenance" in book.sheetnames
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("steps", [1, 5])
async def test_the_figures_of_a_range_are_those_of_the_tiles(settings: Settings, steps: int) -> None:
    async with running(settings) as app:
        await app.press("[", *["{"] * steps, "e")
        screen = app.app.active
        assert isinstance(screen, Performance)
        figures = screen.scene().figures
        assert figures is not None
        shown = {metric.key: metric.value for metric in figures.price}
        ranges = ("custom", figures.period)
        (row,) = (
            row
            for row in sheet(app, "summary_metrics")
            if row["series"] == "PR" and not row["benchmark"] and row["period"] in ranges
        )
        assert {key: row[key] for key in shown} == shown
        performance = sheet(app, "index_performance")
        assert len([each for each in performance if each["session"].date() > figures.first]) == figures.observations
        assert performance[-1]["session"].date() == app.app.market.session


async def test_the_members_are_those_of_the_session(settings: Settings) -> None:
    async with running(settings) as app:
        await app.press("[", "[", "2", "e")
        screen = app.app.active
        assert isinstance(screen, Composition)
        assert screen._ranking is not None
        rows = sheet(app, "daily_composition")
        assert [row["ticker"] for row in rows] == [row.ticker for row in screen._ranking.rows]
        assert {row["session"].date() for row in rows} == {app.app.market.session}


@pytest.mark.parametrize("steps", [0, 4])
async def test_the_contributions_are_those_of_the_range(settings: Settings, steps: int) -> None:
    async with running(settings) as app:
        await app.press("2", "c", *["}"] * steps, "e")
        screen = app.app.active
        assert isinstance(screen, Composition)
        assert screen._added is not None
        view = screen._added.view
        rows = [row for row in sheet(app, "contributions") if row["series"] == "PR"]
        assert {row["ticker"]: row["contribution"] for row in rows} == {
            row.ticker: row.contribution for row in view.rows
        }
        assert fsum(row["contribution"] for row in rows) == pytest.approx(view.index_return, rel=1e-12)


async def test_the_falls_are_those_of_the_range(settings: Settings) -> None:
    async with running(settings) as app:
        await app.press("{", "{", *["c"] * 5, "e")
        screen = app.app.active
        assert isinstance(screen, Performance)
        tables = screen.scene().tables
        assert tables is not None
        rows = [row for row in sheet(app, "drawdowns") if row["series"] == "PR"]
        assert [row["depth"] for row in rows] == [fall.depth for fall in tables.drawdowns]
        assert [row["trough"].date() for row in rows] == [fall.trough for fall in tables.drawdowns]


async def test_the_changes_between_two_dates_are_those_after_the_first(settings: Settings) -> None:
    async with running(settings) as app:
        sessions = app.app.market.history.sessions
        await app.press("3", "d")
        await app.type(sessions[-30].isoformat())
        await app.press("enter", "e")
        days = {row["session"].date() for row in sheet(app, "composition_changes")}
        assert days
        assert days <= set(sessions[-29:])
