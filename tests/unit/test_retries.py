"""A question without an answer is asked again, and whoever watches is told which try it is."""

from __future__ import annotations

import pytest

from engine.events import CancelToken, Progress
from engine.fetching.asks import DONE
from engine.fetchwork.watch import Watch
from engine.providers.asking import TRIES
from engine.providers.gathering import Gathering
from engine.providers.vendor import REFUSED, UNREACHABLE
from tests.unit.test_gathering import Scripted, always, fault, jobs, unpaced
from tuiapp.cli.diagnostics import progress_text
from tuiapp.widgets.line import width_of
from tuiapp.widgets.strip import strip_parts

STAGE = "ask Yahoo for the universe"


def told(vendor: Scripted, count: int, workers: int) -> list[int]:
    tries: list[int] = []
    work = Gathering(
        vendor,
        jobs(count),
        unpaced(),
        workers=workers,
        cancel=CancelToken(),
        patience=0.05,
        on_retry=tries.append,
    )
    list(work.batches())
    return tries


def test_every_try_after_the_first_is_told() -> None:
    tries = told(always(fault(UNREACHABLE)), 1, 3)
    assert tries[-1] == TRIES
    # A thread that gets no time may miss one, but no number comes twice or late.
    assert tries == sorted({*tries} & {*range(2, TRIES + 1)})


def test_an_answer_ends_the_tries() -> None:
    assert told(Scripted(lambda _, nth: DONE if nth else fault(UNREACHABLE)), 1, 1) == [2]


def test_what_cannot_be_helped_by_asking_again_is_not_told_as_a_try() -> None:
    assert told(always(fault(REFUSED)), 1, 1) == []


def test_the_tries_of_many_questions_at_once_are_not_told() -> None:
    assert told(Scripted(lambda _, nth: DONE if nth else fault(UNREACHABLE)), 6, 3) == []


def test_a_try_is_news_until_something_else_happens() -> None:
    seen: list[Progress] = []
    watch = Watch(seen.append, STAGE, ())
    watch.retry(2)
    watch.advance(())
    assert [(progress.nth_try, progress.tries) for progress in seen] == [(0, 0), (2, TRIES), (0, 0)]


@pytest.mark.parametrize(
    ("room", "said"),
    [(80, f" {STAGE}  no answer: second try of 4"), (45, f" {STAGE}  second try"), (30, f" {STAGE}")],
)
def test_the_strip_says_which_try_it_is_as_far_as_there_is_room(room: int, said: str) -> None:
    parts = strip_parts(Progress(STAGE, nth_try=2, tries=4), "Yahoo", 0, room)
    assert "".join(text for text, _ in parts) == said
    assert width_of(parts) <= room


def test_the_command_line_says_which_try_it_is() -> None:
    assert progress_text(Progress(STAGE, nth_try=3, tries=4)) == f"{STAGE}; no answer, try 3 of 4"
