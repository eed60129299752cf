"""The pace of questions: kept on the average, never outrun, and stopped for everybody at once."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Cancelled
from engine.events import CancelToken
from engine.fetching.budget import BATCH, BREATH
from engine.providers.throttle import JITTER, SLACK, Throttle
from tests.fake_time import FakeTime


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def taken(throttle: Throttle, time: FakeTime, count: int) -> list[float]:
    """The moments of so many turns in a row."""
    moments = []
    for _ in range(count):
        throttle.take(time)
        moments.append(time.now)
    return moments


def evenly(time: FakeTime, per_second: float = 2.0) -> Throttle:
    """A throttle without chance."""
    return Throttle(per_second, clock=time, draw=lambda: 0.5)


def drawn(seed: int) -> Callable[[], float]:
    return random.Random(seed).random


def test_turns_come_at_the_pace_that_is_set_with_a_breath_after_each_batch(time: FakeTime) -> None:
    moments = taken(evenly(time, 2.0), time, 2 * BATCH + 1)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    expected = [0.5 + (0.5 * BREATH if n % BATCH == 0 else 0) for n in range(1, 2 * BATCH + 1)]
    assert gaps == pytest.approx(expected)


def test_the_first_turn_needs_no_wait(time: FakeTime) -> None:
    assert taken(evenly(time, 0.01), time, 1) == [1000.0]


@pytest.mark.parametrize("seed", range(5))
def test_jitter_keeps_the_mean_and_stays_within_its_bounds(time: FakeTime, seed: int) -> None:
    moments = taken(Throttle(4, clock=time, draw=drawn(seed)), time, 40 * BATCH)
    gaps = [later - earlier for n, (earlier, later) in enumerate(itertools.pairwise(moments), 1) if n % BATCH]
    assert sum(gaps) / len(gaps) == pytest.approx(0.25, rel=0.05)
    assert min(gaps) >= 0.25 * (1 - JITTER) - 1e-9
    assert max(gaps) <= 0.25 * (1 + JITTER) + 1e-9
    assert max(gaps) - min(gaps) > 0.25 * JITTER


def test_a_pace_of_zero_is_no_limit(time: FakeTime) -> None:
    assert set(taken(Throttle(0, clock=time), time, 1000)) == {1000.0}


def test_without_a_pace_a_pause_still_stops_everybody(time: FakeTime) -> None:
    throttle = evenly(time, 0)
    assert throttle.limited()
    assert taken(throttle, time, 3) == [1060.0] * 3


def test_after_an_idle_time_only_a_handful_may_go_at_once(time: FakeTime) -> None:
    throttle = evenly(time, 1)
    throttle.take(time)
    time.now += 3600
    moments = taken(throttle, time, 10)
    assert moments.count(moments[0]) == SLACK + 1
    assert moments[-1] - moments[0] == pytest.approx(10 - (SLACK + 1))


@given(
    idle=st.lists(st.floats(0, 30), min_size=1, max_size=80),
    draws=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=30),
    per_second=st.floats(0.1, 20),
)
def test_no_schedule_outruns_the_pace(idle: list[float], draws: list[float], per_second: float) -> None:
    time, chance = FakeTime(), itertools.cycle(draws)
    throttle = Throttle(per_second, clock=time, draw=lambda: next(chance))
    moments = []
    for seconds in idle:
        time.now += seconds
        moments += taken(throttle, time, 1)
    shortest = (1 - JITTER) / per_second
    for (i, earlier), (j, later) in itertools.combinations(enumerate(moments), 2):
        assert later - earlier >= (j - i) * shortest - SLACK / per_second - 1e-6


@given(waits=st.lists(st.sampled_from([0.0, 0.2, 1.0, 45.0]), min_size=5, max_size=60), seed=st.integers(0, 999))
def test_in_any_schedule_nobody_asks_during_a_pause(waits: list[float], seed: int) -> None:
    time, chance = FakeTime(), random.Random(seed)
    throttle = Throttle(2, clock=time, draw=chance.random)
    stops: list[tuple[float, float]] = []
    for seconds in waits:
        time.now += seconds
        turn = throttle.take(time)
        assert not any(begin <= time.now < end - 1e-6 for begin, end in stops)
        if chance.random() < 0.3 and throttle.limited(turn):
            stops.append((time.now, time.now + throttle.paused_for()))
        else:
            throttle.answered(turn)


def test_workers_share_one_bucket(time: FakeTime) -> None:
    throttle = evenly(time, 5)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: taken(throttle, time, 30), range(4)))
    last = 1000 + (119 + BREATH * (119 // BATCH)) * 0.2
    assert time.now >= last - 1e-6


def test_pauses_grow_and_then_the_limit_is_used_up(time: FakeTime) -> None:
    throttle = evenly(time)
    pauses = []
    for _ in range(3):
        assert throttle.limited()
        pauses.append(throttle.paused_for())
        throttle.take(time)
    assert pauses == [60, 120, 300]
    assert not throttle.limited()
    assert throttle.paused_for() == 0


@pytest.mark.parametrize(("draw", "seconds"), [(0.0, 48.0), (0.5, 60.0), (0.999999, 72.0)])
def test_a_pause_is_spread_by_a_fifth(time: FakeTime, draw: float, seconds: float) -> None:
    throttle = Throttle(1, clock=time, draw=lambda: draw)
    throttle.limited()
    assert throttle.paused_for() == pytest.approx(seconds, abs=0.001)


def test_several_refusals_within_a_pause_count_once(time: FakeTime) -> None:
    throttle = evenly(time)
    assert [throttle.limited() for _ in range(8)] == [True] * 8
    assert throttle.paused_for() == 60
    time.now += 60
    throttle.limited()
    assert throttle.paused_for() == 120


def test_a_refusal_of_a_question_from_before_the_pause_counts_with_it(time: FakeTime) -> None:
    throttle = evenly(time)
    early = throttle.take(time)
    late = throttle.take(time)
    throttle.limited(early)
    time.now += 61
    assert throttle.limited(late)
    assert throttle.paused_for() == 0


def test_a_good_answer_makes_the_next_pause_the_first_one_again(time: FakeTime) -> None:
    throttle = evenly(time)
    throttle.limited()
    throttle.answered(throttle.take(time))
    throttle.limited()
    assert throttle.paused_for() == 60


def test_a_good_answer_to_an_earlier_question_says_nothing_about_the_pause(time: FakeTime) -> None:
    throttle = evenly(time)
    early = throttle.take(time)
    throttle.limited()
    throttle.answered()
    time.now += 60
    throttle.answered(early)
    throttle.limited()
    assert throttle.paused_for() == 120


def test_after_a_pause_there_is_no_burst(time: FakeTime) -> None:
    throttle = evenly(time, 1)
    throttle.limited()
    moments = taken(throttle, time, 3)
    assert moments == pytest.approx([1060, 1061, 1062])


def test_who_waits_for_a_turn_when_a_pause_begins_waits_for_its_end() -> None:
    class Struck(FakeTime):
        def wait(self, seconds: float) -> None:
            if self.now == 1000:
                throttle.limited()
            super().wait(seconds)

    time = Struck()
    throttle = evenly(time, 1)
    throttle.take(time)
    throttle.take(time)
    assert time.now == pytest.approx(1060)


def test_requests_that_one_turn_needed_are_paid_by_those_that_follow(time: FakeTime) -> None:
    throttle = evenly(time, 2)
    throttle.take(time)
    throttle.charge(10)
    throttle.take(time)
    assert time.now == pytest.approx(1000 + 11 * 0.5)


@pytest.mark.parametrize("limited", [True, False])
def test_one_who_is_told_to_stop_takes_no_turn(time: FakeTime, limited: bool) -> None:
    throttle = evenly(time)
    if limited:
        throttle.limited()
    time.cancel()
    with pytest.raises(Cancelled):
        throttle.take(time)


@pytest.fixture
def sleeper() -> Iterator[tuple[CancelToken, ThreadPoolExecutor]]:
    with ThreadPoolExecutor(1) as pool:
        token = CancelToken()
        yield token, pool
        token.cancel()


def test_a_sleep_in_a_pause_of_minutes_ends_at_once(sleeper: tuple[CancelToken, ThreadPoolExecutor]) -> None:
    token, pool = sleeper
    throttle = Throttle(1)
    throttle.limited()
    turn = pool.submit(throttle.take, token)
    token.cancel()
    assert isinstance(turn.exception(timeout=10), Cancelled)
