"""Going from one index to another: the page, the palette, and that nothing of the one is drawn as the other."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.events import CancelToken
from engine.reports import BuildReport
from engine.settings import Settings
from engine.views.snapshot import save_snapshot
from engine.views.types import PerformanceView
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view
from tests.functional.fake_indices import DEFINED, FakeIndices, called
from tests.functional.harness import NOWHERE, Session, session, without_waits
from tuiapp.app import FlatcapApp
from tuiapp.memory import Memory
from tuiapp.screens.indices import IndexList

TOP50 = "top50"
LONG = "technology-and-health-care-30"
BEGINNING = "technology-"
TIMES = 7.0
"""How many times as high the levels of the other index are."""


def other_history(count: int = 300, name: str = TOP50) -> PerformanceView:
    return called(performance_view(count), name, times=TIMES)


class Defined:
    """Three indices: one that is shown, one that is built, and one that is not."""

    def __init__(self, *, built: bool = True, sessions: int = 300) -> None:
        self.top100 = FakeEngine(performance_view())
        self.top50 = FakeEngine(other_history(sessions) if built else None)
        self.long = FakeEngine(None)
        self.top50.built, self.long.built = other_history(), other_history(name=LONG)
        self.factory = FakeIndices({"top100": self.top100, TOP50: self.top50, LONG: self.long})


@asynccontextmanager
async def app_over(
    there: Defined, *, size: tuple[int, int] = (80, 24), folder: Path = NOWHERE, memory: Memory | None = None
) -> AsyncIterator[Session]:
    settings = Settings(data_dir=folder, indices=DEFINED[TOP50].path, definitions=DEFINED)
    app = FlatcapApp(settings, factory=there.factory.open, memory=memory)
    async with without_waits(), app.run_test(size=size) as pilot:
        running = Session(app, pilot, there.top100)
        await running.settled()
        yield running
        for engine in (there.top100, there.top50, there.long):
            engine.gate.set()
            engine.work_gate.set()
        await running.settled()


def line_of(app: Session, name: str) -> str:
    """The line of the page with the index of this name."""
    return next(line for line in app.lines[2:] if line[3:].startswith(name))


# -- the page


async def test_the_page_lists_the_indices_with_their_rules_and_where_they_stand() -> None:
    async with app_over(Defined()) as app:
        await app.press("I")
        top100, top50, long = (line_of(app, name) for name in ("top100", TOP50, BEGINNING))
        assert re.search(r"• top100 +100 equal, d.* 1,\d{3}\.\d\d .*2022-03-24 +up to date", top100)
        assert "50 by cap" in top50
        assert "up to date" in top50
        assert "•" not in top50
        assert "not built" in long


async def test_everything_about_the_index_at_the_cursor_stands_below_the_list() -> None:
    async with app_over(Defined()) as app:
        await app.press("I", "j", "j")
        assert f"Title of {LONG}" in app.text
        assert "30 equal, daily, buffer 5, Technology, Health Care" in app.text
        assert "r builds it" in app.text


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
async def test_the_page_has_no_line_that_is_cut_at_the_edge(size: tuple[int, int]) -> None:
    async with app_over(Defined(), size=size) as app:
        await app.press("I")
        assert all(len(line) <= size[0] for line in app.lines)
        for row, state in (("top100", "up to date"), (BEGINNING, "not built")):
            assert line_of(app, row).endswith(state)


async def test_with_one_index_the_page_says_how_to_define_more() -> None:
    async with session() as app:
        await app.press("I")
        assert "flatcap config template --indices" in app.text
        assert "indices.toml" in app.text


async def test_a_refusal_stands_on_the_page() -> None:
    there = Defined()
    async with app_over(there) as app:
        there.top100.failure = DataError("The store is not to be read.")
        await app.press("I")
        assert "The store is not to be read." in app.text
        await app.press("enter", "escape")
        assert app.header.startswith(" top100")


async def test_the_key_that_opens_the_page_closes_it() -> None:
    async with app_over(Defined()) as app:
        await app.press("I", "I")
        assert "Indices" not in app.lines[0]


async def test_a_copy_of_the_page_has_every_rule_in_full() -> None:
    async with app_over(Defined(), size=(60, 18)) as app:
        await app.press("I")
        page = app.app.screen.query_one("#index-list", IndexList)
        assert re.search(rf"{LONG}  30 equal, daily, buffer 5, Technology, Health Care +–", page.text_of_all())


async def test_more_indices_than_lines_are_reached_with_the_cursor() -> None:
    there = Defined()
    for number in range(30):
        there.factory.engines[f"more{number:02}"] = FakeEngine(None)
    async with app_over(there, size=(60, 18)) as app:
        await app.press("I", "G")
        assert line_of(app, "more29").endswith("not built")
        assert len([line for line in app.lines if line[3:].startswith("more")]) > 1
        await app.press("g")
        assert line_of(app, "top100").endswith("up to date")


# -- going over


async def test_enter_goes_over_and_every_screen_is_of_the_other_index() -> None:
    there = Defined()
    async with app_over(there) as app:
        former = app.app.market.history.level_pr[-1]
        await app.press("2", "3", "7", "1", "I", "j", "enter")
        assert app.header.startswith(f" {TOP50} PR {TIMES * former:,.2f}")
        for key in "2371":
            await app.press(key)
            assert app.header.startswith(f" {TOP50} PR ")
        asked = {question[0] for question in there.top50.asked}
        assert {"performance", "composition", "changes", "coverage"} <= asked


async def test_the_other_index_is_shown_as_of_the_same_session() -> None:
    async with app_over(Defined()) as app:
        await app.press("[", "[")
        day = app.app.market.session
        await app.press("I", "j", "enter")
        assert app.app.market.session == day
        assert f"as of Tue {day}" in app.header


async def test_an_index_without_that_session_says_so() -> None:
    async with app_over(Defined(sessions=200)) as app:
        await app.press("[")
        day = app.app.market.session
        await app.press("I", "j", "enter")
        assert f"{TOP50} has no level on {day}; as of Thu {app.app.market.session}" in app.status


async def test_the_latest_session_stays_the_latest() -> None:
    async with app_over(Defined(sessions=200)) as app:
        await app.press("I", "j", "enter")
        assert app.app.market.chosen is None
        assert app.status.startswith(f" {TOP50}: 50 by cap, monthly")


async def test_a_late_answer_about_the_former_index_is_not_drawn() -> None:
    there = Defined()
    async with app_over(there) as app:
        there.top100.gate.clear()
        await app.pilot.press("2")
        await app.pilot.press("r")
        await app.pilot.pause()
        await app.app.go_over(TOP50, None)
        await app.shown(f" {TOP50} PR")
        shown = app.app.market.history
        there.top100.gate.set()
        await app.settled()
        assert app.app.market.history == shown
        assert app.header.startswith(f" {TOP50} PR")


async def test_nothing_of_the_former_index_is_drawn_while_the_other_one_loads() -> None:
    there = Defined()
    async with app_over(there) as app:
        await app.press("2")
        ticker = app.lines[4].split()[1]
        there.top50.gate.clear()
        await app.app.go_over(TOP50, None)
        for _ in range(5):
            await app.pilot.pause()
        assert app.header.startswith(f" flatcap {TOP50}")
        assert ticker not in app.text
        there.top50.gate.set()
        await app.shown(ticker)


async def test_a_kept_view_of_the_other_index_is_drawn_at_once(tmp_path: Path) -> None:
    there = Defined()
    save_snapshot(tmp_path, other_history())
    async with app_over(there, folder=tmp_path) as app:
        there.top50.gate.clear()
        await app.app.go_over(TOP50, None)
        await app.pilot.pause()
        assert app.header.startswith(f" {TOP50} PR")


async def test_the_screens_are_looked_at_as_before() -> None:
    async with app_over(Defined()) as app:
        await app.press("2", "/")
        await app.type("tech")
        await app.press("enter", "I", "j", "enter")
        assert "Filter: tech" in app.status or "tech" in app.app.active.narrowed
        assert app.app.active.id == "composition"


async def test_u_goes_back_to_the_former_index_and_its_session() -> None:
    async with app_over(Defined()) as app:
        await app.press("[")
        day = app.app.market.session
        await app.press("I", "j", "enter", "[", "u", "u")
        assert app.header.startswith(" top100 PR")
        assert app.app.market.session == day
        assert app.status.startswith(" Back to: top100")


async def test_pages_above_the_screen_are_left_behind() -> None:
    async with app_over(Defined()) as app:
        await app.press("2", "enter")
        await app.app.go_over(TOP50, None)
        await app.settled()
        assert len(app.app.screen_stack) == 1
        assert app.header.startswith(f" {TOP50} PR")


async def test_the_index_that_is_shown_is_not_loaded_again() -> None:
    there = Defined()
    async with app_over(there) as app:
        before = len(there.factory.opened_with)
        await app.press("I", "enter")
        assert app.status.startswith(" top100 is the index that is shown")
        assert len(there.factory.opened_with) == before


# -- building


async def test_an_index_that_is_not_built_says_so_and_r_builds_it() -> None:
    there = Defined(built=False)
    async with app_over(there) as app:
        await app.press("[")
        day = app.app.market.session
        await app.press("I", "j", "enter")
        assert f"the index {TOP50} has not been built" in app.text
        await app.press("r")
        assert app.header.startswith(f" {TOP50} PR")
        assert app.app.market.session == day


async def test_r_on_the_page_builds_all_of_them() -> None:
    there = Defined()
    async with app_over(there) as app:
        await app.press("I", "r")
        assert ("build", False) in there.top100.asked
        assert "Built 300 sessions" in app.text


# -- palette and header


async def test_the_palette_goes_over_by_name() -> None:
    async with app_over(Defined()) as app:
        await app.press(":")
        await app.type("index top50")
        assert "index" in app.lines[2].split()
        await app.press("enter")
        assert app.header.startswith(f" {TOP50} PR")


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_a_long_name_leaves_room_for_what_is_said_of_the_index(width: int) -> None:
    there = Defined()
    there.long.history = other_history(name=LONG)
    async with app_over(there, size=(width, 24)) as app:
        await app.app.go_over(LONG, None)
        await app.settled()
        assert re.match(r" technology-\S*… PR [\d,]+\.\d\d [▲▼=] [+-]?\d+\.\d\d%", app.lines[0])
        assert "behind" in app.lines[0]


async def test_a_view_of_another_day_is_compared_no_more_where_it_is_not_known() -> None:
    async with app_over(Defined(sessions=200)) as app:
        await app.press("3", "d")
        await app.type("2022-03-01")
        await app.press("enter", "I", "j", "enter")
        assert app.app.market.session <= date(2021, 11, 5)
        assert "This is a bug" not in app.text


async def test_a_fetch_goes_on_while_another_index_is_looked_at() -> None:
    there = Defined()
    there.top100.history = fetched_view()
    async with app_over(there) as app:
        there.top100.work_gate.clear()
        await app.pilot.press("R")
        await app.pilot.pause()
        assert app.app.is_fetching
        await app.app.go_over(TOP50, None)
        await app.shown(f" {TOP50} PR")
        assert app.app.is_fetching
        there.top100.work_gate.set()
        await app.settled()
        assert app.header.startswith(f" {TOP50} PR")
        assert "Fetched 250 names" in app.status


async def test_an_index_that_was_built_is_shown_though_another_one_cannot_be() -> None:
    there = Defined(built=False)

    def partly(*, full: bool = False, cancel: CancelToken | None = None) -> tuple[BuildReport, ...]:
        failed = BuildReport.of_failure("tech", 50, "No company is of the sector Tech.", "")
        return there.top50.build(full=full, cancel=cancel), failed

    there.top50.build_all = partly  # type: ignore[method-assign]
    async with app_over(there) as app:
        await app.app.go_over(TOP50, None)
        await app.settled()
        await app.press("r")
        assert app.header.startswith(f" {TOP50} PR")
        assert app.status.startswith(" Built 300 sessions; tech was not built: No company is of the sector Tech")
