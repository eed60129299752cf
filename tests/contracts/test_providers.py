"""Demo, files and a vendor keep one protocol: the store need not know which of them it is fed by.

A vendor that answers from memory always takes part, Yahoo where ``LOOPBACK`` is set: see ``test_yahoo_provider``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from engine.calendar import is_session
from engine.events import CancelToken
from engine.fetching.asks import BENCHMARK, FX, PRICES, PROFILE, SCREEN, SECTORS, SHARES, Ask, Job
from engine.frames.schemas import RAW_SCHEMAS
from engine.providers.demo import DemoProvider
from engine.providers.files import FileImport
from engine.providers.gathering import Gathering
from engine.providers.protocol import Batch, Provider
from engine.providers.throttle import Throttle
from engine.providers.vendor import Wanted
from tests.fake_market import fake_market
from tests.fake_vendor import feed_at

Make = Callable[[Path], Provider]

EVENING: Final = date(2024, 5, 10)
SINCE: Final = date(2024, 2, 1)
LOOPBACK: Final = "LOOPBACK_FINAL"
"""The variable that holds the last closed session of a vendor on this machine."""

MAY_BE_ZERO: Final = {("price", "volume"), ("final_price", "price")}


def demo(_: Path) -> Provider:
    return DemoProvider()


def files(folder: Path) -> Provider:
    """Files as they come: unsorted, with a row twice and one that no one can use."""
    write = {
        "prices": "date,ticker,close,volume\n2024-05-09,BBB,20.5,1000\n2024-05-08,AAA,10,0\n2024-05-08,BBB,20,5\n"
        "2024-05-08,AAA,10.25,7\n2024-05-09,AAA,-1,7\n",
        "market_caps": "date,ticker,market_cap\n2024-05-09,BBB,3e11\n2024-05-08,AAA,2e11\n",
        "actions": "date,ticker,split,dividend\n2024-05-09,BBB,2,\n2024-05-08,AAA,,0.25\n",
        "companies": "ticker,name\nBBB,Second\nAAA,First\n",
    }
    folder.mkdir(exist_ok=True)
    for name, text in write.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return FileImport([folder], is_session=is_session)


def vendor(folder: Path) -> Provider:
    """Every kind of question, some to symbols that are unknown, and some that fail at first."""
    feed = feed_at(EVENING, fake_market(12, 100))
    feed.fail_at_random(5, faults=("unreachable", "unusable"))
    tickers = [*feed.market.tickers(), "NOBODY"]
    jobs = [
        Job("", (Ask(SCREEN),)),
        *(Job(ticker, (Ask(PRICES, ticker, SINCE), Ask(SHARES, ticker))) for ticker in tickers),
        Job("^IRX", (Ask(BENCHMARK, "^IRX"),)),
        Job("EURUSD", (Ask(FX, "EURUSD"),)),
        Job("", (Ask(SECTORS),)),
        Job("BAA", (Ask(PROFILE, "BAA"),)),
    ]
    source = feed.vendor(Wanted(folder, feed.known(), is_session))
    source.prepare(tuple(job.symbol for job in jobs))
    return Gathering(source, jobs, Throttle(0), workers=3, cancel=CancelToken(), patience=0)


def yahoo(folder: Path) -> Provider:
    """The names that a screen gives, in a process that finds the vendor on this machine."""
    from engine.providers.yahoo import Yahoo

    final = date.fromisoformat(os.environ[LOOPBACK])
    source = Yahoo(Wanted(folder / "cache", final, is_session, universe_size=4))
    series = [Ask(BENCHMARK, "^GSPC", SINCE), Ask(FX, "EURUSD", SINCE), Ask(SECTORS)]
    names = source.ask(Ask(SCREEN)).frames["universe_snapshot"]["ticker"]
    jobs = [Job(name, (Ask(PRICES, name, SINCE), Ask(SHARES, name, SINCE), Ask(PROFILE, name))) for name in names]
    alone = [Job(ask.symbol, (ask,)) for ask in (Ask(SCREEN), *series, Ask(PRICES, "NOBODY", SINCE))]
    return Gathering(source, [*alone, *jobs], Throttle(0), workers=3, cancel=CancelToken(), patience=0)


@pytest.fixture(scope="module", params=[demo, files, vendor, *([yahoo] if LOOPBACK in os.environ else [])])
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


@pytest.fixture(scope="module")
def provider(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Provider:
    return make(tmp_path_factory.mktemp("provider"))


@pytest.fixture(scope="module")
def batches(provider: Provider) -> list[Batch]:
    return list(provider.batches())


@pytest.fixture(scope="module")
def frames(batches: list[Batch]) -> list[tuple[str, pl.DataFrame]]:
    return [(table, frame) for batch in batches for table, frame in batch.frames.items()]


def whole(provider: Provider) -> dict[str, pl.DataFrame]:
    """Everything by table, in the order of its key, from whichever batch."""
    found: dict[str, list[pl.DataFrame]] = {}
    for batch in provider.batches():
        for table, frame in batch.frames.items():
            found.setdefault(table, []).append(frame)
    return {table: pl.concat(parts).sort(pl.all()) for table, parts in sorted(found.items())}


def test_it_has_a_name_of_one_word(provider: Provider) -> None:
    assert provider.name in ("synthetic", "import", "yahoo")


def test_every_batch_says_where_it_comes_from(batches: list[Batch]) -> None:
    assert batches
    assert all(batch.detail for batch in batches)


def test_there_is_something_in_it(frames: list[tuple[str, pl.DataFrame]]) -> None:
    assert {"price", "market_cap", "security"} <= {table for table, frame in frames if frame.height}


def test_every_frame_is_exactly_on_its_schema(frames: list[tuple[str, pl.DataFrame]]) -> None:
    for table, frame in frames:
        assert dict(frame.schema) == RAW_SCHEMAS[table].columns
        assert frame.columns == list(RAW_SCHEMAS[table].columns)


def test_every_frame_is_unique_by_its_key_and_sorted_by_it(frames: list[tuple[str, pl.DataFrame]]) -> None:
    for table, frame in frames:
        keys = frame.select(RAW_SCHEMAS[table].key)
        assert keys.is_unique().all(), table
        assert keys.equals(keys.sort(keys.columns)), table


def test_no_frame_lacks_what_is_required(frames: list[tuple[str, pl.DataFrame]]) -> None:
    for table, frame in frames:
        assert frame.select(RAW_SCHEMAS[table].required).null_count().sum_horizontal().sum() == 0, table


def test_every_number_is_finite_and_positive(frames: list[tuple[str, pl.DataFrame]]) -> None:
    for table, frame in frames:
        for name in [name for name, kind in RAW_SCHEMAS[table].columns.items() if kind == pl.Float64]:
            numbers = frame[name].drop_nulls()
            assert numbers.is_finite().all(), (table, name)
            assert (numbers >= 0 if (table, name) in MAY_BE_ZERO else numbers > 0).all(), (table, name)


def test_every_price_is_of_a_session(frames: list[tuple[str, pl.DataFrame]]) -> None:
    sessions = {day for table, frame in frames if table == "price" for day in frame["session"]}
    assert sessions
    assert all(is_session(day) for day in sessions)


def test_texts_have_no_blanks_around_them(frames: list[tuple[str, pl.DataFrame]]) -> None:
    for table, frame in frames:
        for name in [name for name, kind in RAW_SCHEMAS[table].columns.items() if kind == pl.String]:
            texts = frame[name].drop_nulls()
            assert (texts == texts.str.strip_chars()).all(), (table, name)
            assert (texts != "").all(), (table, name)


def test_made_anew_it_gives_the_same(make: Make, tmp_path: Path) -> None:
    first, second = whole(make(tmp_path / "here")), whole(make(tmp_path / "here"))
    assert list(first) == list(second)
    assert all(first[table].equals(second[table]) for table in first)


def test_one_who_leaves_after_the_first_batch_leaves_nothing_behind(make: Make, tmp_path: Path) -> None:
    begun = make(tmp_path).batches()
    assert next(begun).detail
    assert isinstance(begun, Generator)
    begun.close()
    assert threading.active_count() == 1
    assert list(begun) == []
