"""Fetches that are stopped, killed, limited or hindered, and what becomes of them."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Cancelled, ProviderError, StoreLocked
from engine.events import CancelToken, Progress
from engine.fetching.asks import PRICES, SCREEN, Ask
from engine.providers.vendor import LIMITED, UNREACHABLE, UNUSABLE
from engine.reports import FetchPlan
from engine.store.database import Database, Session
from tests.fetching.house import House, Tables, assert_true, names_asked, tables_of


class Killed(Exception):
    """The process ends here."""


@pytest.fixture(scope="session")
def whole(_fetched: Path) -> Tables:
    """The tables of a fetch that nothing has hindered."""
    return Database(_fetched).read(tables_of)


def after(number: int, act: Callable[[], None]) -> Callable[[Any], None]:
    """Do something at the so manieth call."""
    calls = iter(range(10**6))

    def called(_: Any) -> None:
        if next(calls) == number:
            act()

    return called


def test_a_fetch_that_was_killed_is_shown_as_interrupted_before_the_next_one(empty: House) -> None:
    outcomes: list[str] = []

    def die() -> None:
        outcomes.append(empty.engine().fetching().runs[0].outcome)
        raise Killed

    empty.feed.on_ask = after(20, die)
    with pytest.raises(Killed):
        empty.fetch()
    (run,) = empty.engine().fetching().runs
    assert outcomes == ["running"]
    assert (run.outcome, run.reason) == ("stopped", "it was interrupted")


@pytest.mark.parametrize("questions", [0, 1, 2, 20, 53])
def test_a_person_stops_it_and_the_next_fetch_goes_on_to_the_same_tables(
    empty: House, whole: Tables, questions: int
) -> None:
    token = CancelToken()
    empty.feed.on_ask = after(questions, token.cancel)
    with pytest.raises(Cancelled) as stopped:
        empty.fetch(token)
    assert "run it again" in stopped.value.hint
    outcome, remaining = empty.rows("select outcome, remaining from fetch_run")[0]
    stored = empty.rows("select count(distinct ticker) from price")[0][0]
    assert outcome == "stopped"
    assert stored + remaining in (24, 0)  # 0: stopped before the universe was known
    empty.feed.on_ask = lambda _: None
    empty.update()
    assert len(names_asked(empty.feed)) == 24 - stored
    assert empty.tables() == whole


@pytest.mark.parametrize("number", [0, 1, 3, *(pytest.param(each, marks=pytest.mark.slow) for each in (2, 5))])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_a_commit_it_ends_in_the_same_tables(
    empty: House, whole: Tables, monkeypatch: pytest.MonkeyPatch, number: int, moment: str
) -> None:
    write = Database.write
    calls = iter(range(10**6))

    def dying(self: Database, work: Callable[[Session], Any]) -> Any:
        now = next(calls) == number
        if now and moment == "before":
            raise Killed
        done = write(self, work)
        if now:
            raise Killed
        return done

    monkeypatch.setattr(Database, "write", dying)
    with pytest.raises(Killed):
        empty.fetch()
    monkeypatch.undo()
    empty.update()
    assert empty.tables() == whole
    assert empty.rows("select outcome from fetch_run order by run_id desc limit 1") == [("done",)]


def test_killed_before_its_conclusions_the_next_fetch_draws_them(
    fetched: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = fetched.feed.market
    market.delist(market.tickers()[0], market.sessions[99])
    fetched.feed.gone.add(market.tickers()[0])
    fetched.feed.evening(market.sessions[100])

    def dying(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr("engine.fetchwork.run.conclude", dying)
    with pytest.raises(Killed):
        fetched.fetch()
    monkeypatch.undo()
    report = fetched.fetch()
    assert fetched.feed.asked == []
    assert [note.kind for note in report.notes] == ["delisting"]
    assert fetched.rows("select outcome from fetch_run order by run_id") == [("done",), ("stopped",), ("done",)]


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (3, 4, 5))])
def test_one_request_in_ten_fails_and_the_index_is_right(empty: House, whole: Tables, seed: int) -> None:
    empty.feed.fail_at_random(seed)
    report = empty.fetch()
    assert report.outcome in ("done", "partial")
    assert (report.outcome == "partial") == bool(report.failures)
    empty.feed.heal()
    empty.update()
    assert empty.tables() == whole


def test_one_bad_name_harms_no_other(empty: House) -> None:
    bad = empty.feed.market.tickers()[7]
    empty.feed.fail(UNUSABLE, symbol=bad)
    report = empty.fetch()
    assert report.outcome == "partial"
    assert {failure.symbol for failure in report.failures} == {bad}
    assert report.asked == 24
    assert empty.rows("select count(distinct ticker) from price") == [(23,)]
    view = empty.engine().fetching()
    assert [run.outcome for run in view.runs] == ["partial"]
    assert {failure.symbol for failure in view.failures} == {bad}
    empty.feed.heal()
    assert empty.fetch().outcome == "done"
    assert names_asked(empty.feed) == [bad]
    assert empty.engine().fetching().failures == ()


def test_a_limit_that_stays_ends_the_fetch_and_the_next_one_goes_on(
    empty: House, whole: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One pause, so long that it is told of however busy the machine is.
    monkeypatch.setattr("engine.fetchwork.source.PAUSES", (2000.0,))
    limit = iter(range(10**6))
    empty.feed.on_ask = lambda _: empty.feed.fail(LIMITED) if next(limit) == 20 else None
    report = empty.fetch()
    assert (report.outcome, report.failures) == ("stopped", ())
    assert report.remaining > 0
    assert "hour" in report.hint
    assert max(step.paused for step in empty.told) > 0
    assert empty.engine().fetching().fresh_at is None
    empty.feed.heal()
    empty.feed.on_ask = lambda _: None
    empty.update()
    assert len(names_asked(empty.feed)) == report.remaining
    assert empty.tables() == whole


def test_nothing_reachable_is_an_error_with_a_next_step_and_changes_nothing(fetched: House) -> None:
    before = fetched.tables()
    fetched.feed.evening(fetched.feed.market.sessions[100])
    fetched.feed.fail(UNREACHABLE)
    asked = fetched.rows("select * from fetch_state order by all")
    with pytest.raises(ProviderError, match="Yahoo cannot be reached: unreachable as scripted") as failed:
        fetched.fetch()
    assert "doctor --online" in failed.value.hint
    assert len(names_asked(fetched.feed)) == 1
    assert fetched.told[-1].stage.startswith("the universe cannot be had; ask Yahoo for ")
    assert fetched.tables() == before
    assert fetched.rows("select * from fetch_state order by all") == asked
    assert fetched.engine().fetching().failures == ()
    fresh = fetched.rows("select outcome from fetch_run order by run_id")
    assert fresh == [("done",), ("failed",)]
    view = fetched.engine().fetching()
    assert (view.through, view.behind) == (fetched.feed.market.sessions[99], 1)


def test_nothing_reachable_when_no_list_is_due_is_known_after_one_name(empty: House) -> None:
    limit = iter(range(10**6))
    empty.feed.on_ask = lambda _: empty.feed.fail(LIMITED) if next(limit) == 20 else None
    empty.fetch()
    empty.feed.heal()
    empty.feed.on_ask = lambda _: None
    empty.feed.fail(UNREACHABLE)
    with pytest.raises(ProviderError, match="Yahoo cannot be reached"):
        empty.fetch()
    assert len({ask.symbol for ask in empty.feed.asked}) == 1
    assert empty.engine().fetching().failures == ()


def test_a_list_that_cannot_be_reached_does_not_end_a_fetch_whose_names_can(fetched: House) -> None:
    day = fetched.feed.market.sessions[100]
    fetched.feed.evening(day)
    fetched.feed.fail(UNREACHABLE, kind=SCREEN)
    report = fetched.update().fetch
    assert (report.outcome, report.asked, report.through) == ("partial", 24, day)
    assert [failure.what for failure in report.failures] == ["the universe's screen"]
    assert [failure.kind for failure in fetched.engine().fetching().failures] == [SCREEN]
    assert_true(fetched, fetched.feed.market, day)


def test_without_any_list_of_the_universe_there_is_nothing_to_fetch(empty: House) -> None:
    empty.feed.fail(UNUSABLE, kind=SCREEN)
    with pytest.raises(ProviderError, match="no list of the universe"):
        empty.fetch()
    assert names_asked(empty.feed) == []


def test_the_list_of_yesterday_stands_in_for_one_that_cannot_be_had(fetched: House) -> None:
    day = fetched.feed.market.sessions[100]
    fetched.feed.evening(day)
    fetched.feed.fail(UNUSABLE, kind=SCREEN)
    report = fetched.update().fetch
    assert report.outcome == "partial"
    assert [failure.kind for failure in report.failures] == [SCREEN]
    assert report.through == day
    assert_true(fetched, fetched.feed.market, day)


def test_an_old_list_of_the_universe_does_not(fetched: House) -> None:
    fetched.feed.evening(fetched.feed.market.sessions[112])
    fetched.feed.fail(UNUSABLE, kind=SCREEN)
    with pytest.raises(ProviderError, match="no list of the universe"):
        fetched.fetch()


def test_a_second_fetch_at_the_same_time_is_declined(empty: House) -> None:
    declined: list[str] = []
    plans: list[FetchPlan] = []

    def second(step: Progress) -> None:
        if step.stage == "fetch prices" and not declined:
            declined.append("")
            with pytest.raises(
                StoreLocked, match=rf"under way: a program \(process {os.getpid()}, .+, since"
            ) as locked:
                House(empty.folder, empty.feed).engine().fetch(on_plan=plans.append)
            declined[0] = locked.value.message

    empty.listen = second
    assert empty.fetch().outcome == "done"
    assert re.search(r"\. \d+ names? answered so far\.$", declined[0])
    assert plans == []


def test_views_go_on_while_a_fetch_stores(fetched: House) -> None:
    fetched.feed.evening(fetched.feed.market.sessions[100])
    engine, over = fetched.engine(), threading.Event()
    seen: list[int] = []
    failed: list[BaseException] = []

    def look() -> None:
        while not over.is_set():
            try:
                seen.append(len(engine.performance().sessions))
            except BaseException as error:  # the thread must not end in silence
                failed.append(error)
                raise

    reader = threading.Thread(target=look)
    reader.start()
    try:
        fetched.update()
    finally:
        over.set()
        reader.join()
    assert not failed
    assert set(seen) <= {100, 101}
    assert len(engine.performance().sessions) == 101


def test_no_thread_outlives_a_fetch(empty: House) -> None:
    token = CancelToken()

    def stop(ask: Ask) -> None:
        if ask.kind == PRICES:
            token.cancel()

    empty.feed.on_ask = stop
    before = threading.active_count()
    with pytest.raises(Cancelled):
        empty.fetch(token)
    assert threading.active_count() == before
