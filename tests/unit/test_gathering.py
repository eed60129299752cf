"""Several workers ask: stubborn with single faults, patient with a limit, and gone when nobody wants them any more."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from engine.calendar import is_session
from engine.errors import Cancelled
from engine.events import CancelToken
from engine.fetching.asks import DONE, EMPTY, FAILED, GONE, PRICES, SHARES, Answer, Ask, Fetched, Job
from engine.providers import gathering as module
from engine.providers.gathering import HOPELESS, ROOM, Gathering
from engine.providers.throttle import Throttle
from engine.providers.vendor import LIMITED, REFUSED, UNREACHABLE, UNUSABLE, VendorFault, Wanted
from tests.fake_time import FakeTime
from tests.fake_vendor import Feed, feed_at

SOON_S: Final = 10.0
"""Longer than anything here takes on a busy machine, and shorter than any pause."""


class Scripted:
    """A vendor that answers as a function says."""

    name = "scripted"

    def __init__(self, reply: Callable[[Ask, int], str | VendorFault | Exception]) -> None:
        self.asked: list[Ask] = []
        self._reply = reply
        self._lock = threading.Lock()

    def prepare(self, symbols: tuple[str, ...]) -> None:
        """Nothing to load."""

    def ask(self, ask: Ask) -> Answer:
        with self._lock:
            nth = self.asked.count(ask)
            self.asked.append(ask)
        reply = self._reply(ask, nth)
        if isinstance(reply, Exception):
            raise reply
        return Answer(ask, reply, reason="" if reply == DONE else reply)


def fault(kind: str) -> VendorFault:
    return VendorFault(kind, f"it was {kind}")


def always(reply: str | VendorFault) -> Scripted:
    return Scripted(lambda *_: reply)


def jobs(count: int, *kinds: str) -> list[Job]:
    symbols = [f"N{number}" for number in range(count)]
    return [Job(symbol, tuple(Ask(kind, symbol) for kind in kinds or (PRICES,))) for symbol in symbols]


def unpaced(**given: Sequence[float]) -> Throttle:
    return Throttle(0, spread=0, pauses=given.get("pauses", (0.0, 0.0, 0.0)))


def gathering(vendor: Scripted, asked: Sequence[Job], *, workers: int = 1, patience: float = 0) -> Gathering:
    return Gathering(vendor, asked, unpaced(), workers=workers, cancel=CancelToken(), patience=patience)


def outcomes(batches: Sequence[Fetched]) -> dict[str, list[str]]:
    return {batch.detail: [answer.outcome for answer in batch.answers] for batch in batches}


def workers_alive() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(("scripted", "yahoo"))]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    yield
    assert not workers_alive()


# -- answers


def test_every_job_comes_once_with_its_answers_in_order() -> None:
    found = list(gathering(always(DONE), jobs(40, PRICES, SHARES), workers=4).batches())
    assert sorted(batch.detail for batch in found) == sorted(job.symbol for job in jobs(40))
    assert {tuple(answer.ask.kind for answer in batch.answers) for batch in found} == {(PRICES, SHARES)}


def test_one_worker_asks_in_the_order_of_the_plan() -> None:
    vendor = always(DONE)
    list(gathering(vendor, jobs(20)).batches())
    assert vendor.asked == [ask for job in jobs(20) for ask in job.asks]


def test_a_batch_comes_as_soon_as_it_is_complete() -> None:
    slow = threading.Event()
    vendor = Scripted(lambda ask, _: DONE if ask.symbol != "N0" or slow.wait(SOON_S) else FAILED)
    batches = gathering(vendor, jobs(3), workers=2).batches()
    assert {next(batches).detail, next(batches).detail} == {"N1", "N2"}
    slow.set()
    assert [batch.detail for batch in batches] == ["N0"]


def test_no_jobs_are_no_batches() -> None:
    assert list(gathering(always(DONE), []).batches()) == []


@pytest.mark.parametrize("kind", [UNREACHABLE, UNUSABLE])
@pytest.mark.parametrize("faults", [0, 1, 2, 3])
def test_a_fault_that_may_pass_is_asked_again(kind: str, faults: int) -> None:
    vendor = Scripted(lambda _, nth: fault(kind) if nth < faults else DONE)
    work = gathering(vendor, jobs(1))
    [batch] = work.batches()
    assert (batch.answers[0].outcome, batch.answers[0].requests) == (DONE, faults + 1)
    assert work.requests == faults + 1
    assert work.stopped is None


def test_after_four_tries_a_fault_is_the_answer() -> None:
    [batch] = gathering(always(fault(UNUSABLE)), jobs(1)).batches()
    assert batch.answers == (Answer(Ask(PRICES, "N0"), FAILED, reason="it was unusable", requests=4),)


def test_a_refusal_is_not_asked_again() -> None:
    [batch] = gathering(always(fault(REFUSED)), jobs(1)).batches()
    assert batch.answers == (Answer(Ask(PRICES, "N0"), FAILED, reason="it was refused", requests=1),)


def test_between_tries_it_waits_one_two_and_four_seconds() -> None:
    clock, moments = FakeTime(), []

    def reply(*_: object) -> VendorFault:
        moments.append(clock.now)
        return fault(UNREACHABLE)

    list(Gathering(Scripted(reply), jobs(1), Throttle(0, clock=clock), workers=1, cancel=clock).batches())
    assert [later - earlier for earlier, later in itertools.pairwise(moments)] == pytest.approx([1, 2, 4])


def test_every_try_takes_its_turn() -> None:
    clock = FakeTime()
    throttle = Throttle(0.01, clock=clock, draw=lambda: 0.5)
    vendor = Scripted(lambda _, nth: DONE if nth else fault(UNREACHABLE))
    list(Gathering(vendor, jobs(3), throttle, workers=1, cancel=clock, patience=0).batches())
    assert clock.now == pytest.approx(1000 + 5 * 100)


def test_pages_of_one_answer_are_paid_for_and_counted() -> None:
    class Paged(Scripted):
        def ask(self, ask: Ask) -> Answer:
            return Answer(ask, DONE, requests=11)

    clock = FakeTime()
    throttle = Throttle(1, clock=clock, draw=lambda: 0.5)
    work = Gathering(Paged(lambda *_: DONE), jobs(2), throttle, workers=1, cancel=clock)
    assert [batch.answers[0].requests for batch in work.batches()] == [11, 11]
    assert work.requests == 22
    assert clock.now == pytest.approx(1000 + 11)


def test_a_failure_does_not_keep_the_next_question_from_being_asked() -> None:
    vendor = Scripted(lambda ask, _: fault(REFUSED) if ask.kind == PRICES else DONE)
    assert outcomes(list(gathering(vendor, jobs(1, PRICES, SHARES)).batches())) == {"N0": [FAILED, DONE]}


def test_of_a_symbol_that_is_gone_nothing_more_is_asked() -> None:
    vendor = Scripted(lambda ask, _: GONE if ask.symbol == "N1" else EMPTY)
    found = outcomes(list(gathering(vendor, jobs(3, PRICES, SHARES)).batches()))
    assert found == {"N0": [EMPTY, EMPTY], "N1": [GONE], "N2": [EMPTY, EMPTY]}
    assert Ask(SHARES, "N1") not in vendor.asked


# -- a vendor that is not there


@pytest.mark.parametrize("kind", [UNREACHABLE, UNUSABLE])
@pytest.mark.parametrize("workers", [1, 4])
def test_after_eight_jobs_in_a_row_without_an_answer_nothing_else_is_asked(kind: str, workers: int) -> None:
    vendor = always(fault(kind))
    work = gathering(vendor, jobs(60), workers=workers)
    found = list(work.batches())
    assert HOPELESS <= len(found) < HOPELESS + workers
    assert len({ask.symbol for ask in vendor.asked}) < HOPELESS + workers
    assert work.stopped is not None
    assert (work.stopped.kind, work.stopped.reason) == (kind, f"it was {kind}")


@pytest.mark.parametrize("answer", [DONE, EMPTY, GONE, fault(REFUSED)])
def test_any_answer_of_the_vendor_says_that_it_is_there(answer: str | VendorFault) -> None:
    vendor = Scripted(lambda ask, _: answer if ask.symbol in ("N7", "N15") else fault(UNREACHABLE))
    work = gathering(vendor, jobs(23))
    assert len(list(work.batches())) == 23
    assert work.stopped is None


def test_names_that_answer_in_part_say_so_too() -> None:
    vendor = Scripted(lambda ask, _: DONE if ask.kind == SHARES else fault(UNUSABLE))
    work = gathering(vendor, jobs(20, PRICES, SHARES))
    assert len(list(work.batches())) == 20
    assert work.stopped is None


# -- a limit


def test_a_limit_stops_everybody_and_the_same_question_comes_again() -> None:
    clock, together = FakeTime(), threading.Barrier(3)
    asked: list[tuple[str, float]] = []

    def reply(ask: Ask, nth: int) -> str | VendorFault:
        first = ask.symbol in ("N0", "N1", "N2") and nth == 0
        if first:
            together.wait(SOON_S)
        asked.append((ask.symbol, clock.now))
        if first:
            together.wait(SOON_S)
        return fault(LIMITED) if first else DONE

    throttle = Throttle(0, clock=clock, spread=0)
    work = Gathering(Scripted(reply), jobs(9), throttle, workers=3, cancel=clock)
    assert len(list(work.batches())) == 9
    assert [moment for _, moment in asked[:3]] == [1000] * 3
    assert all(moment >= 1060 for _, moment in asked[3:])
    assert work.requests == 12
    assert {symbol for symbol, _ in asked[3:6]} <= {f"N{number}" for number in range(6)}


def test_a_refusal_that_comes_after_the_pause_for_another_one_begins_no_new_one() -> None:
    clock, together = FakeTime(), threading.Barrier(2)

    def reply(ask: Ask, nth: int) -> str | VendorFault:
        if nth:
            return DONE
        together.wait(SOON_S)
        if ask.symbol == "N1":
            until(lambda: clock.now >= 1060)
        return fault(LIMITED)

    throttle = Throttle(0, clock=clock, spread=0)
    work = Gathering(Scripted(reply), jobs(2), throttle, workers=2, cancel=clock)
    assert outcomes(list(work.batches())) == {"N0": [DONE], "N1": [DONE]}
    assert clock.now < 1061


def test_after_three_pauses_in_a_row_it_ends_early_and_says_why() -> None:
    clock = FakeTime()
    vendor = always(fault(LIMITED))
    work = Gathering(vendor, jobs(9), Throttle(0, clock=clock, spread=0), workers=1, cancel=clock)
    assert list(work.batches()) == []
    assert work.stopped is not None
    assert work.stopped.kind == LIMITED
    assert vendor.asked == [Ask(PRICES, "N0")] * 4
    assert clock.now == pytest.approx(1000 + 480, abs=1)


def test_what_was_answered_before_the_limit_is_delivered() -> None:
    vendor = Scripted(lambda ask, _: DONE if ask in answered else fault(LIMITED))
    answered = {Ask(PRICES, "N0"), Ask(SHARES, "N0"), Ask(PRICES, "N1")}
    found = list(gathering(vendor, jobs(4, PRICES, SHARES)).batches())
    assert outcomes(found) == {"N0": [DONE, DONE], "N1": [DONE]}


def test_with_a_good_answer_between_them_limits_never_end_it() -> None:
    vendor = Scripted(lambda _, nth: DONE if nth == 3 else fault(LIMITED))
    work = gathering(vendor, jobs(10))
    assert len(list(work.batches())) == 10
    assert work.stopped is None


def test_a_pause_is_told_when_it_begins_while_it_lasts_and_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK_S", 0.01)
    told: list[float] = []

    class Held(FakeTime):
        """Time that goes on only when the pause was told twice."""

        def wait(self, seconds: float) -> None:
            until(lambda: len(told) > 1)
            super().wait(seconds)

    clock = Held()
    vendor = Scripted(lambda _, nth: DONE if nth else fault(LIMITED))
    throttle = Throttle(0, clock=clock, spread=0)
    work = Gathering(vendor, jobs(1), throttle, workers=1, cancel=clock, on_pause=told.append)
    assert len(list(work.batches())) == 1
    assert told[:2] == [60, 60]
    assert told == sorted(told, reverse=True)
    assert told[-1] == 0
    assert told.count(0) == 1


def test_without_a_limit_no_pause_is_told() -> None:
    told: list[float] = []
    list(Gathering(always(DONE), jobs(9), unpaced(), workers=2, cancel=CancelToken(), on_pause=told.append).batches())
    assert told == []


# -- stopping


@pytest.mark.parametrize("nth", [1, 2, 7, 29, 30])
def test_a_stop_at_any_question_delivers_every_answer_and_then_says_so(nth: int) -> None:
    cancel, count = CancelToken(), itertools.count(1)
    found: list[Ask] = []

    def reply(*_: object) -> str:
        if next(count) == nth:
            cancel.cancel()
        return DONE

    vendor = Scripted(reply)
    work = Gathering(vendor, jobs(15, PRICES, SHARES), unpaced(), workers=3, cancel=cancel)
    with pytest.raises(Cancelled):
        found.extend(answer.ask for batch in work.batches() for answer in batch.answers)
    assert sorted(found, key=str) == sorted(vendor.asked, key=str)
    assert nth <= len(found) < nth + 3
    assert work.stopped is None


def test_a_stop_ends_a_pause_of_minutes_at_once_and_says_that_it_is_over() -> None:
    cancel = CancelToken()
    told: list[float] = []

    def tell(seconds: float) -> None:
        told.append(seconds)
        cancel.cancel()

    work = Gathering(always(fault(LIMITED)), jobs(9), Throttle(0), workers=3, cancel=cancel, on_pause=tell)
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        list(work.batches())
    assert time.monotonic() - begin < SOON_S
    assert told[0] > SOON_S
    assert told[-1] == 0


def test_a_stop_ends_the_wait_before_another_try_at_once() -> None:
    cancel = CancelToken()
    work = Gathering(always(fault(UNUSABLE)), jobs(2), unpaced(), workers=2, cancel=cancel, patience=1000)
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        list(work.batches())


def test_a_stop_while_workers_wait_for_room_ends_them() -> None:
    cancel = CancelToken()
    work = Gathering(always(DONE), jobs(100), unpaced(), workers=4, cancel=cancel)
    batches = work.batches()
    next(batches)
    until(lambda: work.waiting == ROOM)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(batches)


@pytest.mark.parametrize("reply", [DONE, fault(LIMITED), fault(UNREACHABLE)])
def test_one_who_goes_through_the_batches_may_leave_early(reply: str | VendorFault) -> None:
    vendor = Scripted(lambda ask, _: DONE if ask.symbol == "N0" else reply)
    work = Gathering(vendor, jobs(100), Throttle(0), workers=4, cancel=CancelToken(), patience=1000)
    batches = work.batches()
    assert next(batches).answers[0].outcome == DONE
    assert isinstance(batches, Generator)
    batches.close()
    assert not workers_alive()
    assert len(vendor.asked) < 100


@pytest.mark.parametrize("nth", [0, 20])
def test_an_exception_of_a_worker_comes_out(nth: int) -> None:
    vendor = Scripted(lambda ask, _: KeyError("a mistake of ours") if ask.symbol == f"N{nth}" else DONE)
    with pytest.raises(KeyError, match="a mistake of ours"):
        list(gathering(vendor, jobs(40), workers=3).batches())
    assert len(vendor.asked) < 40


def test_an_exception_of_a_worker_wakes_others_from_a_pause() -> None:
    together, throttle = threading.Barrier(2), Throttle(0)

    def reply(ask: Ask, _: int) -> VendorFault | Exception:
        together.wait(SOON_S)
        if ask.symbol == "N0":
            return fault(LIMITED)
        until(lambda: throttle.paused_for() > 0)
        return ZeroDivisionError()

    work = Gathering(Scripted(reply), jobs(2), throttle, workers=2, cancel=CancelToken())
    with pytest.raises(ZeroDivisionError):
        list(work.batches())


def test_a_slow_reader_holds_the_workers_back() -> None:
    vendor = always(DONE)
    work = gathering(vendor, jobs(200), workers=4)
    batches = work.batches()
    next(batches)
    until(lambda: work.waiting == ROOM)
    assert len(vendor.asked) <= 1 + ROOM + 4
    seen = 1
    for _ in batches:
        seen += 1
        assert len(vendor.asked) <= seen + ROOM + 4
    assert seen == 200


# -- with a vendor that has a market


@pytest.mark.parametrize("seed", range(4))
def test_with_a_tenth_of_requests_failing_every_name_arrives_as_it_is(seed: int, tmp_path: Path) -> None:
    feed = feed_at(date(2024, 12, 3))
    feed.fail_at_random(seed)
    work = Gathering(
        feed.vendor(Wanted(tmp_path, feed.known(), is_session)),
        [Job(ticker, (Ask(PRICES, ticker), Ask(SHARES, ticker))) for ticker in feed.market.tickers()],
        unpaced(pauses=(0.0,) * 99),
        workers=4,
        cancel=CancelToken(),
        patience=0,
    )
    found = {batch.detail: batch for batch in work.batches()}
    assert sorted(found) == feed.market.tickers()
    assert work.requests == len(feed.asked) > 2 * len(found)
    for ticker, batch in found.items():
        assert batch.frames["price"].equals(known(feed, "price", ticker))
        assert batch.frames["shares"].equals(known(feed, "shares", ticker))


def known(feed: Feed, table: str, ticker: str) -> pl.DataFrame:
    return feed.market.of(table, ticker).filter(pl.col("session") <= feed.known())
