"""What a person can ask for, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import DataError, SettingsError
from engine.fetching.asks import BENCHMARK, PRICES, PROFILE, SCREEN, SHARES
from engine.reports import FetchRequest
from tests.fetching.house import House, assert_true, names_asked, small_market


def test_named_symbols_are_asked_for_alone(fetched: House) -> None:
    fetched.feed.evening(fetched.feed.market.sessions[100])
    names = tuple(fetched.feed.market.tickers()[:2])
    report = fetched.fetch(symbols=(names[0].lower(), names[1], "RSP"))
    assert {(ask.kind, ask.symbol) for ask in fetched.feed.asked} == {
        (PRICES, names[0]),
        (PRICES, names[1]),
        (BENCHMARK, "RSP"),
    }
    assert (report.outcome, report.asked, report.series) == ("done", 2, 1)
    assert report.through == fetched.feed.market.sessions[99]


def test_an_earlier_day_extends_the_history(empty: House) -> None:
    sessions = empty.feed.market.sessions
    empty.update(since=sessions[60])
    assert empty.rows("select min(session) from price") == [(sessions[60],)]
    report = empty.update(since=sessions[0])
    assert report.fetch.earliest == sessions[0]
    assert report.fetch.rows_changed == 0
    assert_true(empty, empty.feed.market, sessions[99])


def test_full_asks_for_everything_and_changes_nothing(fetched: House) -> None:
    before = fetched.tables()
    report = fetched.update(full=True)
    assert (report.fetch.asked, report.fetch.rows_new, report.fetch.rows_changed) == (24, 0, 0)
    assert fetched.feed.asked_for(SCREEN) == [""]
    assert report.build is not None
    assert report.build.sessions_built == 0
    assert fetched.tables() == before


def test_reports_of_shares_are_asked_for_again_after_a_month(fetched: House) -> None:
    for number, due in ((100, False), (128, True)):
        fetched.feed.evening(fetched.feed.market.sessions[number])
        fetched.update()
        assert bool(fetched.feed.asked_for(SHARES)) is due
    assert_true(fetched, fetched.feed.market, fetched.feed.market.sessions[128])


def test_countries_are_asked_for_only_for_an_index_of_domestic_companies(empty: House) -> None:
    empty.changed = {"domicile": "us"}
    empty.fetch()
    assert len(empty.feed.asked_for(PROFILE)) == 24
    assert empty.rows("select distinct country from security") == [("US",)]


def test_a_plan_asks_nobody_and_makes_no_store(empty: House) -> None:
    plan = empty.engine().plan_fetch()
    assert plan.estimated
    assert plan.requests > 60
    assert empty.feed.asked == []
    assert not empty.folder.exists()
    view = empty.engine().fetching()
    assert (view.plan, view.runs, view.fresh_at) == (plan, (), None)


def test_the_plan_is_what_the_fetch_then_does(fetched: House) -> None:
    fetched.feed.evening(fetched.feed.market.sessions[100])
    plan = fetched.engine().plan_fetch()
    report = fetched.fetch()
    assert plan.requests == report.requests == len(fetched.feed.asked)
    assert fetched.engine().plan_fetch().requests == 0


def test_the_record_of_fetches_tells_how_each_went(fetched: House) -> None:
    day = fetched.feed.market.sessions[100]
    fetched.feed.evening(day)
    fetched.feed.market.split(fetched.feed.market.tickers()[0], day, 2.0)
    fetched.fetch()
    view = fetched.engine().fetching()
    last = view.runs[0]
    assert (len(view.runs), last.outcome, last.asked, last.failed, last.remaining) == (2, "done", 24, 0, 0)
    assert (last.through, last.requests) == (day, 30)
    assert [note.kind for note in view.notes] == ["split"]
    assert (view.through, view.behind) == (day, 0)
    assert view.fresh_at is not None
    assert view.fresh_at - fetched.feed.now.replace(tzinfo=None) < timedelta(minutes=5)


@pytest.mark.parametrize("provider", ["import", "demo"])
def test_with_another_provider_nothing_is_fetched(empty: House, provider: str) -> None:
    empty.changed = {"provider": provider}
    for ask in (empty.engine().plan_fetch, empty.engine().fetch, empty.engine().update):
        with pytest.raises(SettingsError, match=f"Nothing is fetched with provider {provider}"):
            ask(FetchRequest())
    assert empty.engine().fetching().plan.lines == ()
    assert empty.feed.asked == []


def test_real_data_never_enter_the_demo_market(tmp_path: Path, empty: House) -> None:
    house = House(tmp_path / "demo", empty.feed)
    house.engine().load_demo()
    with pytest.raises(DataError, match="synthetic demo market; nothing was fetched"):
        house.engine().fetch()
    assert house.feed.asked == []


def test_two_indexes_of_one_store_follow_their_own_members(fetched: House) -> None:
    other = House(fetched.folder, fetched.feed, {"index": "top5", "index_size": 5})
    other.engine().build()
    fetched.feed.evening(fetched.feed.market.sessions[100])
    other.update()
    assert names_asked(fetched.feed) == small_market().tickers()
    assert_true(other, fetched.feed.market, fetched.feed.market.sessions[100], size=5)
