"""The header: what gives way where there is little room, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.views.types import PerformanceView
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view
from tests.functional.harness import session
from tuiapp.format import BLOCKS
from tuiapp.themes import Terminal, terminal_of

HERE = Terminal(where="ada@ledger.example.com")
OVER_SSH = replace(HERE, remote=True)


def with_status(view: PerformanceView, **status: Any) -> PerformanceView:
    return replace(view, status=replace(view.status, **status))


@pytest.mark.parametrize(
    ("terminal", "width", "end"),
    [
        (HERE, 100, "  ada@ledger"),
        (HERE, 99, "behind"),
        (OVER_SSH, 100, "  ada@ledger"),
        (OVER_SSH, 99, "  ada@ledger"),
        (OVER_SSH, 80, "  ledger"),
        (OVER_SSH, 79, "behind"),
        (replace(HERE, where="ledger"), 120, "  ledger"),
        (Terminal(), 120, "behind"),
        (replace(HERE, where="a\x1b[31mda@ledger"), 120, "  a[31mda@ledger"),
    ],
)
async def test_user_and_host_stand_at_the_end_where_there_is_room(terminal: Terminal, width: int, end: str) -> None:
    async with session(terminal=terminal, size=(width, 24)) as app:
        assert app.lines[0].endswith(end)


async def test_user_and_host_stand_before_the_badge() -> None:
    async with session(FakeEngine(performance_view(synthetic=True)), terminal=HERE, size=(120, 24)) as app:
        assert app.lines[0].endswith("  ada@ledger  SYNTHETIC")


async def test_user_and_host_are_known_before_there_is_an_index() -> None:
    async with session(FakeEngine(stored=False), terminal=HERE, size=(120, 24)) as app:
        assert app.lines[0].startswith(" flatcap top100")
        assert app.lines[0].endswith("  ada@ledger")


def test_user_and_host_come_from_the_environment_and_the_system() -> None:
    assert terminal_of({"USER": "ada"}, "utf-8", "ledger").where == "ada@ledger"
    assert terminal_of({"LOGNAME": "ada"}, "utf-8", "ledger").where == "ada@ledger"
    assert terminal_of({}, "utf-8", "ledger").where == "ledger"
    assert terminal_of({"USER": "ada"}, "utf-8", "").where == "ada"
    assert terminal_of({}, "utf-8", "").where == ""
    assert terminal_of({"SSH_CONNECTION": "::1 1 ::1 22"}, "utf-8").remote
    assert not terminal_of({}, "utf-8").remote


@pytest.mark.parametrize(("width", "tabs"), [(100, "3 Changes"), (80, "2  3  7"), (60, "2  3  7")])
async def test_there_is_a_sparkline_at_every_size_and_titles_make_room_for_it(width: int, tabs: str) -> None:
    async with session(size=(width, 24)) as app:
        line = app.lines[1]
        assert tabs in line
        assert sum(char in BLOCKS for char in line) >= 8
        assert "1 Performance" in line


CROWDED = with_status(
    fetched_view(names_have=1_120, names_wanted=1_250, sessions_behind=1_234, source="import, yahoo"),
    outdated="settings",
    priced=1_098,
    held=1_100,
)


@pytest.mark.parametrize("terminal", [HERE, OVER_SSH], ids=["here", "over ssh"])
@pytest.mark.parametrize("synthetic", [False, True], ids=["real", "synthetic"])
async def test_no_fact_of_the_header_is_ever_cut(synthetic: bool, terminal: Terminal) -> None:
    view = with_status(CROWDED, synthetic=synthetic, backfilled_before=date(2030, 1, 1))
    async with session(FakeEngine(view), terminal=terminal, size=(60, 20)) as app:
        await app.press("[")
        for width in (*range(60, 81, 2), 90, 99, 100, 110, 130):
            await app.pilot.resize_terminal(width, 20)
            await app.settled()
            first, second = app.lines[:2]
            words = first.removesuffix(" SYNTHETIC").split()
            assert len(first) <= width
            assert first.endswith(" SYNTHETIC") == synthetic, width
            assert " back-filled " in second, width
            assert set(words) <= ALL_WORDS, (width, first)
            assert "…" not in first + second


ALL_WORDS = {
    *("top100", "PR", "1,354.88", "▼", "-2.06%", "100/100", "priced"),
    *("1,120/1,250", "names", "import,", "yahoo", "outdated", "1,234", "sessions", "behind", "ada@ledger", "ledger"),
}


async def test_what_warns_stays_longer_than_what_does_not() -> None:
    async with session(FakeEngine(CROWDED), size=(60, 20)) as app:
        await app.pilot.resize_terminal(70, 20)
        await app.settled()
        assert "import" not in app.lines[0]
        assert "outdated" in app.lines[0]
        assert "behind" in app.lines[0]
