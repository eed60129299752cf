"""What the app costs a line that is slow: bytes for a key, and none while nobody touches one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.places import PAGES, PLACES, VIEWS, Place
from tests.functional.terminal import PseudoTerminal, fake_app

A_KEY: Final = 600
A_FOOTER: Final = 350
"""Where other keys mean something on the next row."""
A_PAGE: Final = 6_000
A_PICTURE: Final = 7_000
"""All lines, once; what draws them twice is well beyond."""
NAMES: Final = {"enter": "\r", "escape": "\x1b", "f12": "\x1b[24~"}
DOWN, UP, PAGE_DOWN, RIGHT, LEFT = "j", "k", "\x1b[6~", "l", "h"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[PseudoTerminal]:
    """The app at 80x24 in 256 colours, ready."""
    save_snapshot(tmp_path, performance_view(1397))
    with PseudoTerminal(fake_app(tmp_path)) as running:
        running.wait_for("q quit")
        running.wait_for("+18.17%")
        running.rest()
        yield running


def go(terminal: PseudoTerminal, *keys: str) -> None:
    for key in keys:
        terminal.send(NAMES.get(key, key))
        terminal.rest(0.15)


def cost(terminal: PseudoTerminal, key: str) -> int:
    """Bytes from a key until nothing is written any more."""
    before = len(terminal.raw)
    terminal.send(NAMES.get(key, key))
    terminal.read(2.0)
    terminal.rest(0.25)
    return len(terminal.raw) - before


TABLES: Final = {
    "members": ("2", "j"),
    "contributions": ("2", "c", "j"),
    "changes": ("3", "j"),
    "findings": ("7", "j", "j", "j", "j", "j"),
    "periods": ("c", "c", "c", "j"),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_row_and_a_column_of_a_table_cost_few_bytes(terminal: PseudoTerminal, table: str) -> None:
    go(terminal, *TABLES[table])
    for key in (DOWN, UP, RIGHT, LEFT):
        assert 0 < cost(terminal, key) <= A_KEY + A_FOOTER * (table == "findings"), key


def test_a_page_of_a_table_costs_few_bytes(terminal: PseudoTerminal) -> None:
    go(terminal, "2")
    assert A_KEY < cost(terminal, PAGE_DOWN) <= A_PAGE


def test_a_line_and_a_page_of_a_page_cost_few_bytes(terminal: PseudoTerminal) -> None:
    go(terminal, "2", "?")
    assert 0 < cost(terminal, DOWN) <= A_PAGE
    assert 0 < cost(terminal, PAGE_DOWN) <= A_PAGE


def test_a_step_of_the_crosshair_costs_few_bytes(terminal: PseudoTerminal) -> None:
    go(terminal, "x", LEFT, LEFT)
    assert 0 < max(cost(terminal, LEFT) for _ in range(5)) <= 2_000


@pytest.mark.parametrize("page", ["?", "i", "@", ":", "f12"])
def test_a_page_is_drawn_once_when_it_opens_and_once_when_it_closes(terminal: PseudoTerminal, page: str) -> None:
    go(terminal, "2")
    terminal.rest(0.5)
    assert 0 < cost(terminal, page) <= A_PICTURE
    assert 0 < cost(terminal, "escape") <= A_PICTURE


def test_a_page_whose_answers_come_one_by_one_costs_no_picture_for_each(terminal: PseudoTerminal) -> None:
    go(terminal, "2")
    terminal.rest(0.5)
    assert 0 < cost(terminal, "enter") < 2 * A_PICTURE
    assert 0 < cost(terminal, "escape") <= A_PICTURE


def is_idle(terminal: PseudoTerminal) -> bool:
    terminal.read(1.0)
    terminal.rest(0.15)
    return terminal.read(0.25) == b""


def test_nothing_is_written_at_any_place_while_nothing_happens(terminal: PseudoTerminal) -> None:
    for view in VIEWS:
        terminal.send(view.keys[-1])
        assert is_idle(terminal), view
    for page in PAGES:
        go(terminal, *page.keys)
        assert is_idle(terminal), page
        go(terminal, "escape")


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_nothing_is_written_in_ten_seconds(terminal: PseudoTerminal, place: Place) -> None:
    go(terminal, *place.keys)
    terminal.rest(1.0)
    assert terminal.read(10.0) == b""
