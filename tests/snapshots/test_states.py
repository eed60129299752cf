"""What stands on the screen when there is not all that there could be: every state says what to press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.errors import DataError, EngineError, ProviderError, StoreDamaged, StoreLocked, StoreTooNew
from tests.functional.fake_engine import FakeEngine, fetched_view, performance_view
from tests.functional.harness import session
from tests.snapshots.test_screens import SIZES, same_as_kept
from tuiapp.messages import ShowName

LOCKED = StoreLocked(
    "The store in /data/flatcap is being written by process 4711 (flatcap fetch, since 21:05).",
    hint="wait until that command has ended and try again",
)
TOO_NEW = StoreTooNew("The store was written by a newer flatcap.", hint="upgrade flatcap, or choose another --data-dir")
DAMAGED = StoreDamaged(
    "/data/flatcap/flatcap.duckdb is not a store that can be read: no valid header.",
    hint="restore a copy of it, or move it away and fetch again",
)
SMALL = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))


def named(state: str, size: tuple[int, int]) -> str:
    return f"state-{state}-{size[0]}x{size[1]}"


def empty() -> FakeEngine:
    return FakeEngine(stored=False)


def unbuilt() -> FakeEngine:
    return FakeEngine(stored=True)


def full() -> FakeEngine:
    return FakeEngine(performance_view())


def behind() -> FakeEngine:
    return FakeEngine(fetched_view(sessions_behind=3))


def back_filled() -> FakeEngine:
    view = performance_view()
    return FakeEngine(fetched_view(backfilled_before=view.sessions[-1]))


def without_benchmark() -> FakeEngine:
    return FakeEngine(performance_view(benchmarks=False))


def outdated() -> FakeEngine:
    return FakeEngine(fetched_view(outdated="data"))


@SMALL
@pytest.mark.parametrize(
    "error", [LOCKED, TOO_NEW, DAMAGED, ValueError("of ours")], ids=lambda error: type(error).__name__
)
async def test_a_store_that_cannot_be_read_is_told_in_words(error: Exception, size: tuple[int, int]) -> None:
    engine = full()
    engine.failure = error
    async with session(engine, size=size) as app:
        assert "try again" in app.text
        same_as_kept(named(f"failed-{type(error).__name__.lower()}", size), app.text)
        engine.failure = None
        await app.press("r")
        assert "try again" not in app.text


@SMALL
async def test_the_history_is_on_its_way(size: tuple[int, int]) -> None:
    engine = full()
    engine.gate.clear()
    async with session(engine, size=size, settle=False) as app:
        await app.shown("Loading …")
        same_as_kept(named("loading", size), app.text)


@SMALL
@pytest.mark.parametrize(
    ("state", "made", "keys"),
    [
        ("unbuilt", unbuilt, ""),
        ("unbuilt-composition", unbuilt, "2"),
        ("empty-changes", empty, "3"),
        ("behind", behind, ""),
        ("back-filled", back_filled, "2"),
        ("outdated", outdated, "3"),
        ("no-benchmark", without_benchmark, "b"),
        ("first-session-performance", full, "<"),
        ("first-session-composition", full, "2<"),
        ("first-session-contributions", full, "2c<"),
        ("first-session-changes", full, "3<"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) > 3 else "",
)
async def test_a_state_says_what_there_is_to_do(
    state: str, made: Callable[[], FakeEngine], keys: str, size: tuple[int, int]
) -> None:
    async with session(made(), size=size) as app:
        await app.press(*keys)
        same_as_kept(named(state, size), app.text)


@SMALL
@pytest.mark.parametrize("screen", ["2", "3", "7"])
async def test_no_row_passes_the_filter(screen: str, size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press(screen, "/")
        await app.type("no such company")
        await app.press("enter")
        same_as_kept(named(f"no-rows-{screen}", size), app.text)
        await app.press("escape")
        assert "no such company" not in app.text


@SMALL
async def test_a_fetch_that_failed_leaves_the_last_good_data(size: tuple[int, int]) -> None:
    engine = behind()
    engine.fetch_failure = ProviderError("Yahoo cannot be reached: no connection.", hint="what was stored is there")
    async with session(engine, size=size) as app:
        await app.press("r")
        assert "no connection" in app.text.replace("\n", " ")
        assert engine.history is not None
        same_as_kept(named("offline", size), app.text)


@SMALL
async def test_a_comparison_is_on_its_way_and_the_rows_are_the_old_ones(size: tuple[int, int]) -> None:
    engine = full()
    async with session(engine, size=size) as app:
        await app.press("3", "d")
        await app.type("2021-08")
        engine.gate.clear()
        await app.pilot.press("enter")
        await app.shown("Comparing")
        same_as_kept(named("comparing", size), app.text)


@SMALL
@pytest.mark.parametrize("error", [LOCKED, DataError("That cannot be computed.", hint="flatcap build --full")])
async def test_a_screen_that_was_refused_its_numbers(error: EngineError, size: tuple[int, int]) -> None:
    engine = full()
    async with session(engine, size=size) as app:
        engine.failure = error
        await app.press("2")
        same_as_kept(named(f"refused-{type(error).__name__.lower()}", size), app.text)


@SMALL
@pytest.mark.parametrize("ticker", ["EVIL", "GONE", "EVILL"])
async def test_a_company_that_is_ranked_gone_or_unknown(ticker: str, size: tuple[int, int]) -> None:
    engine = full()
    engine.findings = tuple(replace(found, ticker=ticker) for found in engine.findings[:2])
    async with session(engine, size=size) as app:
        app.app.post_message(ShowName(ticker))
        await app.settled()
        same_as_kept(named(f"company-{ticker.lower()}", size), app.text)


@SMALL
async def test_pinned_companies_lead_the_ranking(size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        app.app.market.pins.take(["EVIL", "NOBODY"])
        await app.press("2")
        same_as_kept(named("pinned", size), app.text)
