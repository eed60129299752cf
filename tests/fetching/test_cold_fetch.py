"""The first fetch into an empty store, and the ones right after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.events import Progress
from engine.fetching.asks import BENCHMARK, FX, PRICES, SCREEN, SECTORS, SHARES
from tests.fake_market import CLASSES, fake_market
from tests.fake_vendor import feed_at
from tests.fetching.house import House, assert_true, names_asked, true_index


def test_a_first_update_builds_the_index_of_the_truth(empty: House) -> None:
    report = empty.update()
    last = empty.feed.known()
    assert (report.fetch.outcome, report.fetch.asked, report.fetch.failures) == ("done", 24, ())
    assert (report.fetch.through, report.fetch.behind, report.fetch.remaining) == (last, 0, 0)
    assert report.build is not None
    assert report.build.sessions_total == 100
    assert_true(empty, empty.feed.market, last)


def test_members_of_every_session_are_those_of_the_truth(fetched: House) -> None:
    found = fetched.rows("select session, ticker from constituent where member order by session, ticker")
    truth = true_index(fetched.feed.market, fetched.feed.known())
    assert found == sorted((one.session, member[0]) for one in truth for member in one.members)


def test_shares_of_one_class_are_scaled_to_the_company(fetched: House) -> None:
    scales: dict[str, float] = {row[0]: row[1] for row in fetched.rows("select ticker, scale from share_scale")}
    assert scales[CLASSES[0]] == pytest.approx(4 / 3, rel=1e-9)
    assert scales[CLASSES[1]] == pytest.approx(4, rel=1e-9)


def test_every_price_is_stored_as_traded(fetched: House) -> None:
    price = fetched.feed.market.frames["price"].select("session", "ticker", "close")
    known = price.filter(price["session"] <= fetched.feed.known())
    assert fetched.rows("select session, ticker, close from price order by session, ticker") == known.rows()


def test_the_first_fetch_asks_once_for_everything(empty: House) -> None:
    empty.fetch()
    asked = {kind: empty.feed.asked_for(kind) for kind in (SCREEN, SECTORS, PRICES, SHARES, BENCHMARK, FX)}
    assert {kind: len(symbols) for kind, symbols in asked.items()} == {
        SCREEN: 1,
        SECTORS: 1,
        PRICES: 24,
        SHARES: 24,
        BENCHMARK: 4,
        FX: 1,
    }
    assert all(len(set(symbols)) == len(symbols) for symbols in asked.values())


def test_the_first_index_is_there_while_the_rest_arrives(tmp_path: Path) -> None:
    market = fake_market(names=45, sessions=60)
    house = House(tmp_path / "store", feed_at(market.sessions[-1], market), {"index_size": 2})
    seen: list[tuple[int, int]] = []

    def look(step: Progress) -> None:
        if step.built:
            arrived = house.rows("select count(distinct ticker) from price")[0][0]
            seen.append((arrived, len(house.engine().performance().sessions)))

    house.listen = look
    report = house.update()
    assert len(seen) == 1
    assert 22 <= seen[0][0] < 45
    assert seen[0][1] == 60
    assert report.fetch.asked == 45
    assert_true(house, market, market.sessions[-1], size=2)


def test_progress_counts_names_and_ends_complete(empty: House) -> None:
    empty.fetch()
    stages = list(dict.fromkeys(step.stage for step in empty.told))
    assert stages == ["ask Yahoo for the universe", "fetch prices"]
    last = empty.told[-1]
    assert (last.done, last.total, last.unit, last.failed) == (24, 24, "names", 0)
    left = [step.seconds_left for step in empty.told if 3 <= step.done < 24]
    assert left
    assert all(seconds is not None and seconds > 0 for seconds in left)


def test_a_second_fetch_of_the_same_evening_asks_nothing_and_loads_no_vendor(fetched: House) -> None:
    before, runs = fetched.tables(), fetched.rows("select count(*) from fetch_run")
    fetched.feed.prepared.clear()
    report = fetched.fetch()
    assert (report.outcome, report.asked, report.requests, report.rows_new) == ("done", 0, 0, 0)
    assert fetched.feed.asked == []
    assert fetched.feed.prepared == []
    assert report.plan.complete == 24
    assert fetched.tables() == before
    assert fetched.rows("select count(*) from fetch_run") == runs


def test_the_next_day_takes_one_question_a_name_and_the_screen(fetched: House) -> None:
    day = fetched.feed.market.sessions[100]
    fetched.feed.evening(day)
    report = fetched.update()
    assert fetched.feed.asked_for(SCREEN) == [""]
    assert names_asked(fetched.feed) == fetched.feed.market.tickers()
    assert len(fetched.feed.asked) == 1 + 24 + 4 + 1
    assert report.fetch.rows_new == 24 + 24 + 24 + 4 + 1  # prices, caps, snapshot, benchmarks, pair
    assert report.fetch.rows_changed == 0
    assert report.fetch.earliest == day
    assert report.build is not None
    assert report.build.sessions_built == 1
    assert_true(fetched, fetched.feed.market, day)


def test_a_fetch_during_a_session_takes_no_live_bar(fetched: House) -> None:
    day = fetched.feed.market.sessions[100]
    fetched.feed.midday(day)
    report = fetched.update().fetch
    assert report.outcome == "done"
    assert report.through == fetched.feed.market.sessions[99]
    assert report.behind == 0
    assert fetched.rows("select max(session) from price") == [(fetched.feed.market.sessions[99],)]
    assert fetched.rows("select max(session) from market_cap") == [(fetched.feed.market.sessions[99],)]
    fetched.feed.evening(day)
    fetched.update()
    assert_true(fetched, fetched.feed.market, day)


def test_two_weeks_of_absence_are_caught_up(fetched: House) -> None:
    day = fetched.feed.market.sessions[113]
    fetched.feed.evening(day)
    report = fetched.update()
    assert report.fetch.outcome == "done"
    assert report.build is not None
    assert report.build.sessions_built == 14
    assert_true(fetched, fetched.feed.market, day)


def test_day_by_day_ends_in_the_tables_of_one_fetch_at_the_end(fetched: House, empty: House) -> None:
    sessions = fetched.feed.market.sessions
    for day in sessions[100:106]:
        fetched.feed.evening(day)
        fetched.update()
    late = House(empty.folder, empty.feed)
    late.feed.evening(sessions[105])
    late.update()
    daily, once = fetched.tables(), late.tables()
    for table in ("price", "split", "dividend", "benchmark", "fx", "security"):
        assert daily[table] == once[table], table
    assert [row[0] for row in fetched.levels()] == [row[0] for row in late.levels()]
    assert_true(fetched, fetched.feed.market, sessions[105])
    assert_true(late, fetched.feed.market, sessions[105])


def test_names_without_a_cap_are_told_and_not_asked_for(empty: House) -> None:
    name = empty.feed.market.tickers()[5]
    empty.feed.capless.add(name)
    report = empty.fetch()
    assert name not in names_asked(empty.feed)
    assert [note.ticker for note in report.notes if note.kind == "no-cap"] == [name]
    empty.feed.evening(empty.feed.market.sessions[100])
    assert empty.fetch().notes == ()


def test_what_a_fetch_completes_of_its_own_is_not_said_to_have_changed(empty: House) -> None:
    report = empty.fetch()
    assert report.rows_new > 0
    assert report.rows_changed == 0
    assert empty.rows("select count(*) from security where sector is not null") == [(24,)]


def test_the_universe_tells_who_came_and_who_left(empty: House) -> None:
    empty.changed = {"universe_size": 20}
    empty.fetch()
    first = set(names_asked(empty.feed))
    names = sorted(set(empty.feed.market.tickers()) - first)
    market, day = empty.feed.market, empty.feed.market.sessions[100]
    market.scale("market_cap", names[0], 50.0, start=day)
    empty.feed.evening(day)
    report = empty.fetch()
    told = [note.text for note in report.notes if note.kind == "universe"]
    assert len(told) == 1
    assert told[0].startswith(f"{names[0]} came into the universe; ")
    assert set(names_asked(empty.feed)) == first | {names[0]}


def test_the_list_of_the_evening_takes_the_place_of_that_of_the_day(fetched: House) -> None:
    day, left = fetched.feed.market.sessions[100], fetched.feed.market.tickers()[0]
    fetched.feed.midday(day)
    fetched.fetch()
    listed = f"select count(*) from universe_snapshot where session = '{day}' and is_final"
    assert fetched.rows(listed) == [(0,)]
    fetched.feed.evening(day)
    fetched.feed.gone.add(left)
    fetched.fetch()
    assert fetched.rows(listed) == [(23,)]
    assert fetched.rows(f"select count(*) from universe_snapshot where session = '{day}'") == [(23,)]
