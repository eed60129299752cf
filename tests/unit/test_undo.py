"""What changed the view, taken back one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tuiapp.undo import MOST, Undo, ViewState, in_words

TITLES = {"composition": "Composition", "changes": "Changes", "performance": "Performance"}


def view(screen: str = "composition", session: date | None = None, **state: Any) -> ViewState:
    return ViewState(screen, session, {screen: state})


def seen(*views: ViewState, key: str = "s") -> Undo:
    undo = Undo()
    for each in views:
        undo.see(each, key)
    return undo


def test_changes_are_taken_back_newest_first() -> None:
    views = [view(pane="members"), view(pane="sectors"), view(pane="sectors", series="TR")]
    undo = seen(*views)
    assert undo.take_back() == views[1]
    undo.see(views[1])
    assert undo.take_back() == views[0]
    undo.see(views[0])
    assert undo.take_back() is None


def test_what_is_taken_back_is_no_change_even_if_it_is_not_wholly_what_it_was() -> None:
    undo = seen(view(other="1990-01-01"), view(other=None))
    undo.take_back()
    undo.see(view(other="2021-01-04"))
    assert undo.take_back() is None


def test_a_cursor_is_no_change() -> None:
    undo = seen(view(table={"column": "cap"}), view(table={"column": "weight"}), view(table={"column": "rank"}))
    assert undo.take_back() is None


def test_a_screen_that_is_shown_for_the_first_time_was_not_changed() -> None:
    first = ViewState("composition", None, {"composition": {"pane": "members"}})
    undo = seen(first, ViewState("changes", None, {**first.screens, "changes": {"other": None}}))
    assert undo.take_back() == first


def walked(*keys: str) -> Undo:
    undo = Undo()
    for day, key in enumerate(["", *keys], 1):
        undo.see(view(session=date(2024, 3, day)), key)
    return undo


def test_steps_by_the_same_key_in_a_row_are_one_change() -> None:
    assert walked("[", "[", "[").take_back() == view(session=date(2024, 3, 1))


def test_another_key_begins_another_change() -> None:
    undo = walked("[", "[", "]", "]")
    assert undo.take_back() == view(session=date(2024, 3, 3))


def test_a_key_between_that_changed_nothing_begins_another_change() -> None:
    undo = walked("[", "[")
    undo.see(view(session=date(2024, 3, 3)), "j")
    undo.see(view(session=date(2024, 3, 9)), "[")
    assert undo.take_back() == view(session=date(2024, 3, 3))


def test_what_was_typed_or_clicked_is_never_one_more_step() -> None:
    assert walked("", "").take_back() == view(session=date(2024, 3, 2))


def test_sorting_again_is_another_change() -> None:
    views = [view(table={"sort": "cap", "down": down}) for down in (True, False, True)]
    assert seen(*views).take_back() == views[1]


def test_only_the_last_changes_are_known() -> None:
    undo = seen(*(view(other=str(number)) for number in range(MOST + 10)))
    assert len(undo) == MOST


def test_a_view_like_the_one_now_is_passed_over() -> None:
    undo = seen(view(other="a"), view(other="b"), view(other="a"))
    undo.take_back()
    undo.see(view(other="b"))
    assert undo.take_back() == view(other="a")
    undo.see(view(other="b"))
    undo.see(view(other="a"), "s")
    assert undo.take_back() == view(other="b")


def test_another_store_has_nothing_to_take_back() -> None:
    undo = seen(view(pane="members"), view(pane="sectors"))
    undo.forget()
    undo.see(view(pane="members"))
    assert undo.take_back() is None


ORDERED = {"sort": "rank", "down": True, "filter": "en"}


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (view("performance"), view("changes"), "Changes"),
        (view(), view(session=date(2024, 3, 15)), "as of 2024-03-15"),
        (view(session=date(2024, 3, 15)), view(), "the latest session"),
        (view(pane="members"), view(pane="sectors"), "Sectors"),
        (view(table=ORDERED), view(table=ORDERED | {"sort": "cap", "down": False}), "sorted by cap ▲"),
        (view(table=ORDERED), view(table=ORDERED | {"sort": "cap"}), "sorted by cap ▼"),
        (view(table=ORDERED), view(table=ORDERED | {"sort": "", "down": False}), "the order of the screen"),
        (view(table=ORDERED), view(table=ORDERED | {"filter": "tech"}), "filter tech"),
        (view(table=ORDERED), view(table=ORDERED | {"filter": ""}), "no filter"),
        (view(period="all"), view(period="1Y"), "range 1Y"),
        (view(total=False), view(total=True), "total return"),
        (view(series="TR"), view(series="PR"), "price return"),
        (view(benchmark=""), view(benchmark="^GSPC"), "benchmark ^GSPC"),
        (view(benchmarks=[]), view(benchmarks=["^GSPC", "RSP"]), "benchmark ^GSPC, RSP"),
        (view(benchmarks=["RSP"]), view(benchmarks=[]), "no benchmark"),
        (view(log=False), view(log=True), "logarithmic scale"),
        (view(window=None), view(window=["2024-01-02", "2024-02-01"]), "2024-01-02 to 2024-02-01"),
        (view(window=["2024-01-02", "2024-02-01"]), view(window=None), "the whole range"),
        (view(other=None), view(other="2024-03-15"), "compared with 2024-03-15"),
        (view(other="2024-03-15"), view(other=None), "day by day"),
        (view(something=1), view(something=2), "something 2"),
    ],
)
def test_it_is_said_what_was_gone_back_to(before: ViewState, now: ViewState, words: str) -> None:
    assert in_words(before, now, TITLES) == words


def test_of_several_things_the_screen_and_the_session_are_said_first() -> None:
    before = ViewState("performance", None, {"changes": {"a": 1, "b": 1, "c": 1}})
    now = ViewState("changes", date(2024, 3, 15), {"changes": {"a": 2, "b": 2, "c": 2}})
    assert in_words(before, now, TITLES) == "Changes, as of 2024-03-15, a 2"
