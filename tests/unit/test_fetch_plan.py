"""What a fetch asks for: what is missing, the largest names first, and nothing that is complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.calendar import last_closed_session, sessions_between
from engine.fetching import budget
from engine.fetching.asks import (
    BENCHMARK,
    DONE,
    EMPTY,
    FAILED,
    FX,
    GONE,
    PRICES,
    PROFILE,
    SCREEN,
    SECTORS,
    SHARES,
    Ask,
    Job,
)
from engine.fetching.plan import make_plan, screens
from engine.fetching.state import Asked, FetchState, Held, Listed
from engine.reports import FetchRequest
from engine.settings import Settings

NEW_YORK = ZoneInfo("America/New_York")
EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=NEW_YORK)  # a Friday
FINAL = date(2026, 11, 20)
WANTED = date(2021, 11, 20)
SETTINGS = Settings(data_dir=Path(), benchmarks=("^GSPC", "RSP"), fx_pairs=("EURUSD",))
EVERYTHING = FetchRequest()
NAMES = tuple(f"N{number:03}" for number in range(150))
SYMBOLS = {BENCHMARK: ("^GSPC", "RSP"), FX: ("EURUSD=X",)}


def listed(*symbols: str) -> tuple[Listed, ...]:
    """Names of a snapshot, the largest first."""
    return tuple(Listed(symbol, symbol, (1000.0 - place) * 1e9, 50.0) for place, symbol in enumerate(symbols))


def asked(
    kind: str,
    symbol: str,
    *,
    at: datetime = EVENING,
    since: date | None = WANTED,
    outcome: str = DONE,
    through: date | None = FINAL,
) -> Asked:
    return Asked(kind, symbol, at.astimezone(UTC).replace(tzinfo=None), since, outcome, "", through)


def complete(names: tuple[str, ...] = NAMES, *, at: datetime = EVENING) -> FetchState:
    """The store after everything was fetched at a moment."""
    final = last_closed_session(at)
    questions = [asked(SCREEN, "", at=at, since=None), asked(SECTORS, "", at=at, since=None)]
    questions += [asked(kind, name, at=at, through=final) for name in names for kind in (PRICES, SHARES)]
    questions += [asked(kind, symbol, at=at, through=final) for kind, symbols in SYMBOLS.items() for symbol in symbols]
    held = Held(WANTED, final)
    return FetchState(
        asked={(one.kind, one.symbol): one for one in questions},
        prices=dict.fromkeys(names, held),
        benchmarks=dict.fromkeys(SYMBOLS[BENCHMARK], held),
        fx={"EURUSD": held},
        universe=listed(*names),
        snapshot=final,
    )


def but(state: FetchState, *questions: Asked) -> FetchState:
    """The same state with other last questions."""
    changed = {(one.kind, one.symbol): one for one in questions}
    return replace(state, asked={**state.asked, **changed})


def jobs_of(state: FetchState, request: FetchRequest = EVERYTHING, now: datetime = EVENING) -> tuple[Job, ...]:
    return make_plan(state, SETTINGS, now, request).jobs


def asks_for(state: FetchState, symbol: str, now: datetime = EVENING, **request: object) -> tuple[Ask, ...]:
    jobs = make_plan(state, SETTINGS, now, FetchRequest(**request)).jobs  # type: ignore[arg-type]
    return next((job.asks for job in jobs if job.symbol == symbol), ())


# -- nothing to do, and the day after


def test_a_complete_store_asks_nothing() -> None:
    planned = make_plan(complete(), SETTINGS, EVENING, EVERYTHING)
    assert planned.jobs == ()
    assert screens(complete(), SETTINGS, EVENING, EVERYTHING) == ()
    assert (planned.plan.lines, planned.plan.requests, planned.plan.seconds) == ((), 0, 0.0)
    assert (planned.plan.complete, planned.plan.dead, planned.plan.estimated) == (150, 0, False)
    assert (planned.plan.since, planned.plan.through) == (WANTED, FINAL)


@pytest.mark.parametrize("days", [1, 2])
def test_before_the_next_close_there_is_nothing_to_ask(days: int) -> None:
    weekend = EVENING + timedelta(days=days)
    assert jobs_of(complete(), now=weekend) == ()
    assert screens(complete(), SETTINGS, weekend, EVERYTHING) == ()


def test_the_day_after_a_complete_fetch_takes_one_request_a_name_and_the_screen() -> None:
    now = EVENING + timedelta(days=3)
    planned = make_plan(complete(), SETTINGS, now, EVERYTHING)
    assert len(screens(complete(), SETTINGS, now, EVERYTHING)) == 1
    assert [len(job.asks) for job in planned.jobs] == [1] * (150 + 2 + 1)
    assert planned.plan.requests == 1 + 150 + 2 + 1
    assert {line.stage: line.requests for line in planned.plan.lines} == {SCREEN: 1, PRICES: 150, BENCHMARK: 2, FX: 1}


def test_ten_stored_sessions_are_read_again() -> None:
    now = EVENING + timedelta(days=3)
    sessions = sessions_between(date(2026, 10, 1), FINAL)
    assert asks_for(complete(), "N000", now) == (Ask(PRICES, "N000", sessions[-11]),)
    assert asks_for(complete(), "EURUSD=X", now) == (Ask(FX, "EURUSD=X", sessions[-11]),)


def test_the_earliest_gap_is_asked_for_again_with_the_session_before_it_and_only_when_there_is_a_new_one() -> None:
    before, gap = date(2026, 9, 2), date(2026, 9, 3)
    state = replace(complete(), prices={**complete().prices, "N001": Held(WANTED, FINAL, gap)})
    assert asks_for(state, "N001") == ()
    assert asks_for(state, "N001", EVENING + timedelta(days=3)) == (Ask(PRICES, "N001", before),)


def test_an_answer_from_before_the_close_does_not_make_a_name_complete() -> None:
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)
    assert asks_for(but(complete(), asked(PRICES, "N001", at=noon)), "N001") != ()


def test_a_half_day_is_over_at_its_own_close() -> None:
    half_day = datetime(2026, 11, 27, 13, 14, tzinfo=NEW_YORK)
    before = complete(at=half_day - timedelta(days=1))
    assert make_plan(before, SETTINGS, half_day, EVERYTHING).plan.through == date(2026, 11, 25)
    assert make_plan(before, SETTINGS, half_day + timedelta(minutes=1), EVERYTHING).plan.through == date(2026, 11, 27)


def test_a_name_whose_last_session_is_missing_is_asked_for_each_time() -> None:
    late = replace(complete(), prices={**complete().prices, "N001": Held(WANTED, date(2026, 11, 19))})
    assert [ask.kind for ask in asks_for(late, "N001")] == [PRICES]


# -- names


def test_the_first_fetch_asks_for_everything_of_the_listed_names_largest_first() -> None:
    state = FetchState(universe=listed(*NAMES), snapshot=FINAL, without_sector=NAMES)
    jobs = jobs_of(state)
    assert jobs[0] == Job("N000", (Ask(PRICES, "N000", WANTED), Ask(SHARES, "N000", WANTED)))
    assert [job.symbol for job in jobs] == [*NAMES[:120], "^GSPC", "RSP", *NAMES[120:], "EURUSD=X", ""]
    assert jobs[-1].asks == (Ask(SECTORS),)


def test_preferreds_names_without_a_cap_and_the_smallest_are_not_asked_for() -> None:
    universe = (
        Listed("BIG", "Big", 2e12, 10.0),
        Listed("BIG-PL", "Big preferred", 1.5e12, 10.0, common=False),
        Listed("NONE", "None", None, 10.0),
        *listed(*NAMES),
    )
    settings = replace(SETTINGS, universe_size=100, index_size=50)
    jobs = make_plan(FetchState(universe=universe, snapshot=FINAL), settings, EVENING, EVERYTHING).jobs
    names = [job.symbol for job in jobs if job.asks[0].kind == PRICES]
    assert len(names) == 100
    assert "BIG" in names
    assert {"BIG-PL", "NONE", NAMES[-1]}.isdisjoint(names)


def test_names_that_are_followed_come_after_the_listed_ones() -> None:
    state = replace(complete(NAMES[:3]), tracked=("OLD", "N001", "META"), prices={}, asked={})
    assert [job.symbol for job in jobs_of(state) if job.asks[0].kind == PRICES] == [*NAMES[:3], "META", "OLD"]


def test_renamed_and_delisted_names_are_followed_no_more_unless_they_are_listed_again() -> None:
    state = FetchState(
        universe=listed("BACK", "AGAIN"),
        snapshot=FINAL,
        tracked=("WAS", "DEAD", "BACK", "AGAIN"),
        renamed=frozenset({"WAS", "AGAIN"}),
        delisted=frozenset({"DEAD", "BACK"}),
    )
    assert [job.symbol for job in jobs_of(state) if job.asks[0].kind == PRICES] == ["BACK", "AGAIN"]


@pytest.mark.parametrize("outcome", [GONE, EMPTY])
def test_the_dead_are_not_asked_again_on_the_same_day_in_new_york(outcome: str) -> None:
    morning = datetime(2026, 11, 20, 9, 0, tzinfo=NEW_YORK)
    state = but(complete(), asked(PRICES, "N001", at=morning, outcome=outcome, through=None))
    planned = make_plan(state, SETTINGS, EVENING, EVERYTHING)
    assert planned.jobs == ()
    assert (planned.plan.complete, planned.plan.dead) == (149, 1)
    assert asks_for(state, "N001", EVENING + timedelta(hours=7)) != ()


def test_a_failure_is_asked_for_again_at_once() -> None:
    state = but(complete(), asked(PRICES, "N001", outcome=FAILED), asked(SHARES, "N002", outcome=FAILED))
    assert [job.asks[0].kind for job in jobs_of(state)] == [PRICES, SHARES]


# -- histories


def test_a_history_that_is_shorter_than_wanted_is_asked_for_whole() -> None:
    longer = date(2010, 1, 4)
    assert asks_for(complete(), "N005", since=longer) == (Ask(PRICES, "N005", longer), Ask(SHARES, "N005", longer))
    assert asks_for(complete(), "N005", since=date(2024, 1, 2)) == ()


def test_prices_that_came_from_files_are_asked_for_once_from_the_day_that_is_wanted() -> None:
    state = FetchState(prices={"N000": Held(date(2015, 1, 2), FINAL)}, universe=listed("N000"), snapshot=FINAL)
    assert asks_for(state, "N000")[0] == Ask(PRICES, "N000", WANTED)


def test_full_asks_again_for_what_is_complete() -> None:
    jobs = jobs_of(complete(), FetchRequest(full=True))
    assert jobs[0] == Job("N000", (Ask(PRICES, "N000", WANTED), Ask(SHARES, "N000", WANTED)))
    assert len(jobs) == 150 + 2 + 1
    assert len(screens(complete(), SETTINGS, EVENING, FetchRequest(full=True))) == 1


def test_the_years_that_are_wanted_end_on_a_leap_day_too() -> None:
    leap = datetime(2028, 2, 29, 18, 0, tzinfo=NEW_YORK)
    assert make_plan(FetchState(), SETTINGS, leap, EVERYTHING).plan.since == date(2023, 2, 28)


# -- shares, sectors, countries


def test_reports_of_shares_are_asked_for_again_after_a_month_the_oldest_first_and_few_at_once() -> None:
    old = [asked(SHARES, name, at=EVENING - timedelta(days=30 + place)) for place, name in enumerate(NAMES[:40])]
    young = asked(SHARES, "N041", at=EVENING - timedelta(days=29))
    found = [job.symbol for job in jobs_of(but(complete(), *old, young))]
    assert found == list(NAMES[15:40])


@pytest.mark.parametrize("outcome", [GONE, EMPTY])
def test_a_name_without_reports_is_asked_for_them_once_a_month(outcome: str) -> None:
    known = asked(
        SHARES, "N001", at=EVENING - timedelta(days=10), outcome=outcome, since=None if outcome == GONE else WANTED
    )
    assert asks_for(but(complete(), known), "N001") == ()


def test_reports_that_no_market_cap_can_be_compared_with_are_not_asked_for() -> None:
    state = replace(complete(NAMES[:2]), asked={}, tracked=("OLD",), universe=(Listed("N000", "N", 1e12, None),))
    assert [job.asks[1:] for job in jobs_of(state) if job.asks[0].kind == PRICES] == [(), ()]


def test_sectors_are_asked_for_when_one_is_missing_and_once_a_week() -> None:
    missing = replace(complete(), without_sector=("N003", "OTHER"))
    week_old = asked(SECTORS, "", at=EVENING - timedelta(days=7), since=None)
    assert jobs_of(missing) == ()
    assert jobs_of(but(missing, week_old)) == (Job("", (Ask(SECTORS),)),)
    assert jobs_of(but(replace(complete(), without_sector=("OTHER",)), week_old)) == ()


def test_countries_are_asked_for_only_where_the_domicile_counts() -> None:
    state = replace(complete(), without_country=("N004", "OTHER"))
    assert jobs_of(state) == ()
    domestic = replace(SETTINGS, domicile="us")
    assert make_plan(state, domestic, EVENING, EVERYTHING).jobs == (Job("N004", (Ask(PROFILE, "N004"),)),)
    answered = but(state, asked(PROFILE, "N004", since=None))
    assert make_plan(answered, domestic, EVENING, EVERYTHING).jobs == ()


# -- the screen


def test_a_live_screen_or_one_of_a_delayed_feed_is_asked_for_again_after_the_close() -> None:
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)
    live = but(complete(), asked(SCREEN, "", at=noon, since=None))
    delayed = replace(complete(), snapshot=date(2026, 11, 19))
    failed = but(complete(), asked(SCREEN, "", since=None, outcome=FAILED))
    for state in (live, delayed, failed, FetchState()):
        assert screens(state, SETTINGS, EVENING, EVERYTHING) == (Job("", (Ask(SCREEN),)),)


# -- symbols


def test_symbols_that_are_named_are_told_apart_and_need_no_screen() -> None:
    request = FetchRequest(symbols=("brk.b", "^GSPC", "RSP", "GBPUSD=X", "EURUSD=X", " ", "BRK-B"))
    planned = make_plan(FetchState(), SETTINGS, EVENING, request)
    assert screens(FetchState(), SETTINGS, EVENING, request) == ()
    assert [(job.symbol, [ask.kind for ask in job.asks]) for job in planned.jobs] == [
        ("BRK-B", [PRICES]),
        ("^GSPC", [BENCHMARK]),
        ("RSP", [BENCHMARK]),
        ("GBPUSD=X", [FX]),
        ("EURUSD=X", [FX]),
    ]
    assert planned.plan.requests == 5
    assert not planned.plan.estimated


def test_only_the_symbols_that_are_named_are_asked_for() -> None:
    now = EVENING + timedelta(days=3)
    assert [job.symbol for job in jobs_of(complete(), FetchRequest(symbols=("N007",)), now)] == ["N007"]


# -- numbers for people


def test_before_the_first_screen_the_numbers_are_of_the_size_that_is_set() -> None:
    plan = make_plan(FetchState(), SETTINGS, EVENING, EVERYTHING).plan
    assert plan.estimated
    assert [(line.stage, line.names, line.requests) for line in plan.lines] == [
        (SCREEN, 0, 1),
        (PRICES, 250, 250),
        (SHARES, 250, 250),
        (BENCHMARK, 2, 2),
        (FX, 1, 1),
        (SECTORS, 0, 11),
    ]
    assert plan.requests == 515
    assert plan.seconds == pytest.approx((515 + 20 * 3) / 1.5)


def test_the_texts_of_a_plan_say_from_when_on() -> None:
    first = make_plan(FetchState(universe=listed(*NAMES), snapshot=FINAL), SETTINGS, EVENING, EVERYTHING).plan
    assert [line.text for line in first.lines][:5] == [
        "the universe: the 250 largest names",
        "prices since 2021-11-20",
        "shares since 2021-11-20",
        "benchmarks: ^GSPC, RSP",
        "currency pairs: EURUSD",
    ]
    grown = replace(complete(), universe=listed(*NAMES, "NEW"))
    later = make_plan(grown, SETTINGS, EVENING + timedelta(days=3), EVERYTHING).plan
    assert later.lines[1].text == "prices since 2021-11-23 of 1, the last sessions of 150"


def test_a_large_universe_takes_several_pages() -> None:
    plan = make_plan(FetchState(), replace(SETTINGS, universe_size=600), EVENING, EVERYTHING).plan
    assert plan.lines[0].requests == 3


def test_the_seconds_are_those_of_the_pace_that_is_kept() -> None:
    assert budget.seconds_for(24, SETTINGS) == pytest.approx(16.0)
    assert budget.seconds_for(25, SETTINGS) == pytest.approx(28 / 1.5)
    unpaced = replace(SETTINGS, requests_per_second=0.0, workers=4)
    assert budget.seconds_for(80, unpaced) == pytest.approx(5.0)
