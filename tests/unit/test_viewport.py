"""Which sessions of a range a chart shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuiapp.screens.panes.viewport import CLOSEST, Viewport


def viewport(start: int = 0, end: int = 99) -> Viewport:
    shown = Viewport()
    shown.take(start, end)
    return shown


def test_zooming_halves_the_sessions_up_to_the_last_one() -> None:
    shown = viewport()
    assert shown.zoom(1)
    assert shown.window == (50, 99)


def test_zooming_keeps_the_crosshair_in_the_middle() -> None:
    shown = viewport()
    shown.crosshair = 40
    shown.zoom(1)
    assert shown.window == (15, 64)


def test_five_sessions_are_the_closest_look() -> None:
    shown = viewport()
    while shown.zoom(1):
        pass
    assert shown.count == CLOSEST == 5
    assert shown.last == 99


def test_zooming_out_ends_with_the_whole_range() -> None:
    shown = viewport()
    shown.zoom(1)
    assert shown.zoom(-1)
    assert shown.window is None
    assert not shown.zoom(-1)


def test_panning_moves_by_half_a_picture_and_stops_at_the_ends_of_the_range() -> None:
    shown = viewport(100, 199)
    shown.zoom(1)
    shown.zoom(1)
    assert shown.window == (175, 199)
    assert shown.pan(-1)
    assert shown.window == (163, 187)
    assert shown.pan(1)
    assert not shown.pan(1)
    assert shown.window == (175, 199)


def test_the_window_follows_a_crosshair_that_leaves_it() -> None:
    shown = viewport()
    shown.crosshair = 99
    shown.zoom(1)
    first = shown.first
    assert shown.step(first - 1 - 99)
    assert (shown.crosshair, shown.first) == (first - 1, first - 1)


def test_a_crosshair_stays_in_the_range() -> None:
    shown = viewport(10, 20)
    shown.crosshair = 12
    assert shown.step(-10)
    assert shown.crosshair == 10
    assert not shown.step(-1)


def test_another_range_is_shown_whole_and_keeps_a_crosshair_that_is_in_it() -> None:
    shown = viewport()
    shown.crosshair = 80
    shown.zoom(1)
    shown.take(70, 99)
    assert (shown.window, shown.crosshair) == (None, 80)
    shown.take(90, 99)
    assert shown.crosshair is None


def test_another_as_of_session_takes_the_crosshair_away() -> None:
    shown = viewport()
    shown.crosshair = 80
    shown.take(0, 90)
    assert shown.crosshair is None


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_range_of_few_sessions_has_no_window(count: int) -> None:
    shown = viewport(0, count - 1)
    assert not shown.zoom(1)
    assert not shown.pan(-1)
    assert shown.window is None


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("zoom"), st.sampled_from((1, -1))),
        st.tuples(st.just("pan"), st.sampled_from((1, -1))),
        st.tuples(st.just("step"), st.integers(-30, 30)),
    ),
    max_size=20,
)


@given(start=st.integers(0, 50), length=st.integers(1, 300), place=st.integers(0, 299), moves=MOVES)
def test_window_and_crosshair_never_leave_the_range(
    start: int, length: int, place: int, moves: list[tuple[str, int]]
) -> None:
    shown = viewport(start, start + length - 1)
    shown.crosshair = start + min(place, length - 1)
    for name, by in moves:
        getattr(shown, name)(by)
        assert start <= shown.first <= shown.last <= start + length - 1
        assert shown.first <= shown.crosshair <= shown.last
        assert shown.count >= min(CLOSEST, length)
