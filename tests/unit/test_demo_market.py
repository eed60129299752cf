"""The demo market: always the same, of the right shape, and with every event that it promises."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from hashlib import sha256
from itertools import pairwise

import polars as pl
import pytest

from engine.calendar import is_session, sessions_between
from engine.frames.schemas import RAW_SCHEMAS
from engine.providers.demo import (
    DEMO_BENCHMARK,
    DEMO_EVENTS,
    DEMO_FIRST_SESSION,
    DEMO_LAST_SESSION,
    DEMO_SPLITS,
    demo_frames,
)
from engine.providers.demo_events import BAD_CAP_FACTOR
from engine.providers.demo_names import COMPANIES

Frames = dict[str, pl.DataFrame]

FINGERPRINTS = {
    "price": "79ef3e99f6b9f734",
    "market_cap": "3e090f09c0854fbc",
    "split": "7329a233a896e7f2",
    "dividend": "5d5361d3edc59142",
    "security": "9dfff0977b2d45aa",
    "rename": "b1ee7844d4f8da4a",
    "benchmark": "758d7e4e2c2d01c4",
}
"""Of every table's bytes. A change of the demo market changes screens, pictures and documented figures."""

TABLES = tuple(FINGERPRINTS)
CUT = 100


@pytest.fixture(scope="module")
def frames() -> Frames:
    return demo_frames()


def fingerprint(frame: pl.DataFrame) -> str:
    digest = sha256()
    for column in frame:
        if column.dtype == pl.String:
            digest.update("\n".join(column.to_list()).encode())
        else:
            digest.update(column.to_physical().to_numpy().tobytes())
    return digest.hexdigest()[:16]


def rows_of(frame: pl.DataFrame, ticker: str) -> pl.DataFrame:
    return frame.filter(pl.col("ticker") == ticker)


def value(frame: pl.DataFrame, ticker: str, session: date, column: str) -> float:
    return float(rows_of(frame, ticker).filter(pl.col("session") == session)[column].item())


def true_caps(frames: Frames) -> pl.DataFrame:
    """One row for each company and session, without the second share class and the bad caps."""
    bad, classes = DEMO_EVENTS["bad-cap"], DEMO_EVENTS["share-classes"]
    in_spell = pl.col("session").is_between(bad.session, bad.last) & (pl.col("ticker") == bad.tickers[0])
    return (
        frames["market_cap"]
        .filter(pl.col("ticker") != classes.tickers[1])
        .with_columns(market_cap_usd=pl.col("market_cap_usd") / pl.when(in_spell).then(BAD_CAP_FACTOR).otherwise(1))
    )


def ranked(frames: Frames) -> pl.DataFrame:
    return (
        true_caps(frames)
        .sort("session", "market_cap_usd", "ticker", descending=[False, True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("session"))
    )


def rank_of(frames: Frames, ticker: str, session: date) -> int:
    return int(value(ranked(frames), ticker, session, "rank"))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_the_same_for_ever(frames: Frames, table: str) -> None:
    assert fingerprint(frames[table]) == FINGERPRINTS[table]


def test_these_are_all_the_tables(frames: Frames) -> None:
    assert set(frames) == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_exactly_its_schema_and_is_sorted_by_a_unique_key(frames: Frames, table: str) -> None:
    frame, schema = frames[table], RAW_SCHEMAS[table]
    assert frame.schema == pl.Schema(schema.columns)
    assert frame.null_count().sum_horizontal().item() == 0
    assert frame.select(schema.key).is_duplicated().sum() == 0
    assert frame.select(schema.key).equals(frame.select(schema.key).sort(schema.key))


def test_a_hundred_and_sixty_companies_have_one_issuer_each(frames: Frames) -> None:
    names = [name for industries in COMPANIES.values() for members in industries.values() for _, name in members]
    assert len(set(names)) == 160
    assert frames["security"]["issuer"].n_unique() == 160


def test_every_price_belongs_to_a_known_security(frames: Frames) -> None:
    assert set(frames["price"]["ticker"]) == set(frames["security"]["ticker"])


def test_every_price_has_a_published_cap(frames: Frames) -> None:
    assert frames["price"].select("session", "ticker").equals(frames["market_cap"].select("session", "ticker"))


def test_the_market_has_five_years_of_sessions_but_one(frames: Frames) -> None:
    missing = DEMO_EVENTS["missing-session"].session
    expected = [day for day in sessions_between(DEMO_FIRST_SESSION, DEMO_LAST_SESSION) if day != missing]
    assert is_session(missing)
    assert frames["price"]["session"].unique(maintain_order=True).to_list() == expected
    assert frames["benchmark"]["session"].to_list() == expected
    for table in ("split", "dividend", "rename"):
        assert missing not in frames[table]["session"]


def test_bars_are_consistent_and_in_whole_cents(frames: Frames) -> None:
    bars = frames["price"]
    assert bars.filter(pl.col("low") > pl.min_horizontal("open", "close")).is_empty()
    assert bars.filter(pl.col("high") < pl.max_horizontal("open", "close")).is_empty()
    assert bars.filter(pl.col("low") <= 1).is_empty()
    assert bars.filter(pl.col("volume") <= 0).is_empty()
    assert bars.filter((pl.col("close") * 100 - (pl.col("close") * 100).round()).abs() > 1e-6).is_empty()


def test_no_return_would_raise_a_data_flag(frames: Frames) -> None:
    returns = (
        frames["price"]
        .join(frames["split"], on=["session", "ticker"], how="left")
        .sort("ticker", "session")
        .with_columns(
            change=pl.col("close") * pl.col("ratio").fill_null(1) / pl.col("close").shift(1).over("ticker") - 1
        )
    )
    assert returns["change"].abs().max() < 0.4  # type: ignore[operator]


def test_the_cut_is_crossed_a_few_times_a_week(frames: Frames) -> None:
    members = [set(day["ticker"]) for day in ranked(frames).filter(pl.col("rank") <= CUT).partition_by("session")]
    additions = sum(len(now - before) for before, now in pairwise(members))
    assert 2 <= 5 * additions / len(members) <= 5


def test_two_companies_in_three_pay_a_dividend_each_quarter(frames: Frames) -> None:
    payments = frames["dividend"].group_by("ticker").len()
    assert 90 <= len(payments) <= 120
    assert payments["len"].median() == 20


@pytest.mark.parametrize(("session", "ticker", "ratio"), DEMO_SPLITS, ids=[ticker for _, ticker, _ in DEMO_SPLITS])
def test_a_split_divides_the_traded_price_and_leaves_the_cap(
    frames: Frames, session: date, ticker: str, ratio: float
) -> None:
    prices, caps = rows_of(frames["price"], ticker), rows_of(frames["market_cap"], ticker)
    at = prices["session"].to_list().index(session)
    assert value(frames["split"], ticker, session, "ratio") == ratio
    assert prices["close"][at] * ratio / prices["close"][at - 1] == pytest.approx(1, abs=0.15)
    assert caps["market_cap_usd"][at] / caps["market_cap_usd"][at - 1] == pytest.approx(
        prices["close"][at] * ratio / prices["close"][at - 1], rel=1e-3
    )


def test_the_frame_of_splits_has_no_others(frames: Frames) -> None:
    assert frames["split"].rows() == sorted(DEMO_SPLITS)


def test_one_member_does_a_reverse_split_on_an_ex_dividend_date(frames: Frames) -> None:
    event = DEMO_EVENTS["reverse-split"]
    assert value(frames["split"], event.tickers[0], event.session, "ratio") == 0.125
    assert value(frames["dividend"], event.tickers[0], event.session, "amount") > 0
    assert rank_of(frames, event.tickers[0], event.session) <= CUT


def test_a_member_is_halted_for_three_sessions(frames: Frames) -> None:
    halt = DEMO_EVENTS["halt"]
    traded = rows_of(frames["price"], halt.tickers[0])["session"].to_list()
    before = max(session for session in traded if session < halt.session)
    halted = [day for day in sessions_between(halt.session, halt.last) if day not in traded]
    assert len(halted) == 3
    assert halted == sessions_between(halt.session, halt.last)
    assert min(session for session in traded if session > before) > halt.last
    assert rank_of(frames, halt.tickers[0], before) <= CUT


def test_a_member_is_delisted(frames: Frames) -> None:
    delisting = DEMO_EVENTS["delisting"]
    assert rows_of(frames["price"], delisting.tickers[0])["session"].max() == delisting.session
    assert rank_of(frames, delisting.tickers[0], delisting.session) <= CUT


def test_a_newcomer_is_large_enough_for_the_index_on_its_first_session(frames: Frames) -> None:
    ipo = DEMO_EVENTS["ipo"]
    assert rows_of(frames["price"], ipo.tickers[0])["session"].min() == ipo.session
    assert rank_of(frames, ipo.tickers[0], ipo.session) <= CUT


def test_a_member_is_renamed_without_a_break(frames: Frames) -> None:
    rename = DEMO_EVENTS["rename"]
    old, new = (rows_of(frames["price"], ticker) for ticker in rename.tickers)
    assert frames["rename"].rows() == [(rename.session, *rename.tickers)]
    assert new["session"][0] == rename.session
    assert sessions_between(old["session"][-1], rename.session) == [old["session"][-1], rename.session]
    assert new["close"][0] / old["close"][-1] == pytest.approx(1, abs=0.1)
    assert rank_of(frames, rename.tickers[1], rename.session) <= CUT


def test_two_share_classes_carry_the_cap_of_the_whole_company(frames: Frames) -> None:
    first, second = DEMO_EVENTS["share-classes"].tickers
    caps, bars, known = frames["market_cap"], frames["price"], frames["security"]
    assert rows_of(caps, first)["market_cap_usd"].equals(rows_of(caps, second)["market_cap_usd"])
    assert rows_of(known, first)["issuer"].item() == rows_of(known, second)["issuer"].item()
    assert not rows_of(bars, first)["close"].equals(rows_of(bars, second)["close"])
    assert rows_of(bars, first)["volume"].min() > rows_of(bars, second)["volume"].max()  # type: ignore[operator]


def test_two_companies_tie_at_the_cut(frames: Frames) -> None:
    tie = DEMO_EVENTS["tie"]
    caps = [value(frames["market_cap"], ticker, tie.session, "market_cap_usd") for ticker in tie.tickers]
    assert caps[0] == caps[1]
    assert [rank_of(frames, ticker, tie.session) for ticker in tie.tickers] == [CUT, CUT + 1]
    assert frames["market_cap"].select("session", "market_cap_usd").is_duplicated().sum() > 2


def test_a_cap_far_too_large_is_published_for_twelve_sessions(frames: Frames) -> None:
    bad = DEMO_EVENTS["bad-cap"]
    jumps = rows_of(frames["market_cap"], bad.tickers[0]).with_columns(
        ratio=pl.col("market_cap_usd") / pl.col("market_cap_usd").shift(1)
    )
    up, down = jumps.filter(pl.col("ratio") > 2), jumps.filter(pl.col("ratio") < 0.5)
    assert up["session"].to_list() == [bad.session]
    assert up["ratio"].item() == pytest.approx(BAD_CAP_FACTOR, rel=0.1)
    assert len(sessions_between(bad.session, down["session"].item())) == 12 + 1
    # Believed, it would be a member; true, it is not.
    assert rank_of(frames, bad.tickers[0], bad.session) > CUT
    published = value(frames["market_cap"], bad.tickers[0], bad.session, "market_cap_usd")
    cut = ranked(frames).filter((pl.col("session") == bad.session) & (pl.col("rank") == CUT))
    assert published > cut["market_cap_usd"].item()


def test_no_other_cap_leaves_the_plausibility_band(frames: Frames) -> None:
    steps = (
        true_caps(frames)
        .sort("ticker", "session")
        .with_columns(ratio=pl.col("market_cap_usd") / pl.col("market_cap_usd").shift(1).over("ticker"))
    )
    assert steps["ratio"].min() > 0.6  # type: ignore[operator]
    assert steps["ratio"].max() < 1.6  # type: ignore[operator]


def test_the_benchmark_is_the_growth_of_all_caps(frames: Frames) -> None:
    # Sessions on which nobody joins, leaves or is halted: growth of the sum of the published true caps.
    sums = true_caps(frames).group_by("session").agg(pl.col("market_cap_usd").sum()).sort("session")
    growth = sums["market_cap_usd"] / sums["market_cap_usd"].shift(1)
    closes = frames["benchmark"]["close"]
    quiet = slice(sums["session"].to_list().index(date(2025, 2, 3)), None)
    expected = growth[quiet].to_list()
    found = (closes / closes.shift(1))[quiet].to_list()
    assert found == pytest.approx(expected, abs=1e-5)
    assert frames["benchmark"]["symbol"].unique().to_list() == [DEMO_BENCHMARK]


def test_naming_the_events_loads_no_heavy_library() -> None:
    code = (
        "import sys, engine.providers.demo_events, engine.providers.demo_names;"
        "print({'numpy', 'polars'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
