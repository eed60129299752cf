"""What the store keeps of fetches, and that what is fetched gives way to what a person brought."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import pytest

from engine.calendar import next_session
from engine.fetching.notes import FetchNote
from engine.fetching.state import Asked, FetchState, Held, Listed
from engine.frames.schemas import RAW_SCHEMAS
from engine.index.reference import Reference
from engine.index.rules import Rules
from engine.reports import FetchFailure
from engine.store import fetching
from engine.store.database import CONFIG, STORE_NAME, Database, Session
from engine.store.ingest import Merged, merge_batch
from engine.store.migrate import checksum
from engine.store.raw import read_raw
from engine.store.statements import migrations
from tests.markets import random_market, sessions_from
from tests.store.test_rebuild import DERIVED, build, derived, store

T = TypeVar("T")

DAYS = sessions_from(date(2026, 1, 2), 30)
TODAY = DAYS[-1]
MOMENT = datetime(2026, 3, 1, 22)
LATER = MOMENT + timedelta(days=1)


def frame(table: str, *rows: tuple[Any, ...]) -> pl.DataFrame:
    schema = RAW_SCHEMAS[table]
    width = len(schema.columns)
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    return pl.DataFrame(padded, schema=schema.columns, orient="row").sort(schema.key)


def prices(ticker: str, days: Iterable[date], close: float = 10.0) -> pl.DataFrame:
    return frame("price", *((day, ticker, close, close, close, close, 100.0) for day in days))


def put(folder: Path, source: str, **frames: pl.DataFrame) -> dict[str, Merged]:
    return Database(folder).write(lambda session: merge_batch(session, frames, at=MOMENT, source=source, detail="test"))


def ask(folder: Path, work: Callable[[Session], T]) -> T:
    return Database(folder).write(work)


def rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    return ask(folder, lambda session: session.connection.execute(statement).fetchall())


def state(folder: Path) -> FetchState:
    return ask(folder, lambda session: fetching.read_fetch_state(session, "top100", TODAY))


# -- what a plan is made from


def test_an_empty_store_has_nothing_to_plan_from(tmp_path: Path) -> None:
    assert state(tmp_path) == FetchState()


def test_the_first_session_that_is_missing_lately_is_a_gap_and_one_before_the_first_price_is_none(
    tmp_path: Path,
) -> None:
    put(
        tmp_path,
        "yahoo",
        price=pl.concat(
            [
                prices("GAP", [day for day in DAYS if day not in (DAYS[4], DAYS[9])]),
                prices("LATE", DAYS[7:20]),
                prices("WHOLE", DAYS),
            ]
        ),
        benchmark=frame("benchmark", (DAYS[0], "^GSPC", 1.0), (DAYS[2], "^GSPC", 1.0)),
        fx=frame("fx", (DAYS[3], "EURUSD", 1.1)),
    )
    found = state(tmp_path)
    assert found.prices == {
        "GAP": Held(DAYS[0], DAYS[-1], DAYS[4]),
        "LATE": Held(DAYS[7], DAYS[19]),
        "WHOLE": Held(DAYS[0], DAYS[-1]),
    }
    assert found.benchmarks == {"^GSPC": Held(DAYS[0], DAYS[2], DAYS[1])}
    assert found.fx == {"EURUSD": Held(DAYS[3], DAYS[3])}


def test_a_gap_of_long_ago_is_let_go(tmp_path: Path) -> None:
    days = sessions_from(date(2025, 10, 1), 80)
    put(tmp_path, "yahoo", price=prices("AA", [day for day in days if day not in (days[5], days[60])]))
    found = ask(tmp_path, lambda session: fetching.read_fetch_state(session, "top100", days[-1]))
    assert found.prices["AA"].gap == days[60]
    put(tmp_path, "yahoo", price=prices("AA", [days[60]]))
    found = ask(tmp_path, lambda session: fetching.read_fetch_state(session, "top100", days[-1]))
    assert found.prices["AA"].gap is None


def test_the_universe_is_the_latest_snapshot_with_the_largest_first(tmp_path: Path) -> None:
    put(
        tmp_path,
        "yahoo",
        universe_snapshot=frame(
            "universe_snapshot",
            (DAYS[0], "OLD", "Old", "NYQ", 9e12, 1.0, True),
            (DAYS[1], "AA", "Alpha", "NYQ", 1e11, 50.0, True),
            (DAYS[1], "BB", None, "NYQ", 2e11, None, True),
            (DAYS[1], "BAC-PL", "Bank preferred", "NYQ", 3e11, 1200.0, True),
            (DAYS[1], "CC", "No cap", "NYQ", None, 5.0, True),
        ),
        security=frame(
            "security",
            ("AA", "Alpha", "Technology", None, "NYQ", None, "United States", "Common Stock"),
            ("BAC-PL", "Bank preferred", None, None, "NYQ", None, None, "Preferred Stock"),
        ),
    )
    found = state(tmp_path)
    assert found.snapshot == DAYS[1]
    assert found.universe == (
        Listed("BAC-PL", "Bank preferred", 3e11, 1200.0, common=False),
        Listed("BB", "BB", 2e11, None),
        Listed("AA", "Alpha", 1e11, 50.0),
        Listed("CC", "No cap", None, 5.0),
    )
    assert found.tracked == ("AA", "BB", "OLD")
    assert found.without_sector == ("BB",)
    assert found.without_country == ("BB",)


def test_a_ticker_that_came_back_is_not_renamed_any_more(tmp_path: Path) -> None:
    put(
        tmp_path,
        "yahoo",
        price=pl.concat([prices("FISV", [*DAYS[:5], *DAYS[15:]]), prices("FI", DAYS[5:15]), prices("FB", DAYS[:3])]),
        rename=frame(
            "rename", (DAYS[5], "FISV", "FI"), (DAYS[15], "FI", "FISV"), (DAYS[3], "FB", "META"), (DAYS[3], "X", "Y")
        ),
        universe_snapshot=frame("universe_snapshot", (DAYS[20], "X", "X", "NYQ", 1e11, 1.0, True)),
        delisting=frame("delisting", (DAYS[9], "GONE")),
    )
    found = state(tmp_path)
    assert found.renamed == {"FI", "FB"}
    assert found.delisted == {"GONE"}


# -- what an answer is compared with


def test_stored_rows_come_on_their_schemas_from_a_day_on(tmp_path: Path) -> None:
    put(
        tmp_path,
        "yahoo",
        price=pl.concat([prices("AA", DAYS[:5]), prices("BB", DAYS[:5])]),
        split=frame("split", (DAYS[1], "AA", 2.0), (DAYS[3], "AA", 3.0)),
        dividend=frame("dividend", (DAYS[3], "BB", 0.5)),
        benchmark=frame("benchmark", (DAYS[1], "RSP", 150.0), (DAYS[2], "RSP", 151.0), (DAYS[2], "^IRX", 4.0)),
        fx=frame("fx", (DAYS[2], "EURUSD", 1.1)),
    )
    found = ask(tmp_path, lambda session: fetching.stored_of(session, "AA", DAYS[2]))
    assert found["price"].equals(prices("AA", DAYS[2:5]))
    assert found["split"].equals(frame("split", (DAYS[3], "AA", 3.0)))
    assert found["dividend"].equals(frame("dividend"))
    assert {table: one.schema for table, one in found.items()} == {
        table: pl.Schema(RAW_SCHEMAS[table].columns) for table in found
    }
    series = ask(tmp_path, lambda session: fetching.stored_series(session, "benchmark", "RSP", DAYS[2]))
    assert series.equals(frame("benchmark", (DAYS[2], "RSP", 151.0)))
    pairs = ask(tmp_path, lambda session: fetching.stored_series(session, "fx", "EURUSD", DAYS[3]))
    assert pairs.equals(frame("fx"))
    splits = ask(tmp_path, lambda session: fetching.splits_of(session, "AA"))
    assert splits.equals(frame("split", (DAYS[1], "AA", 2.0), (DAYS[3], "AA", 3.0)))


def moving(ticker: str, days: Iterable[date], factor: float = 1.0) -> pl.DataFrame:
    return frame("price", *((day, ticker, None, None, None, factor * (100 + DAYS.index(day))) for day in days))


def test_a_ticker_with_an_equal_close_at_its_end_is_found_unless_it_goes_on_under_another_one(tmp_path: Path) -> None:
    put(
        tmp_path,
        "yahoo",
        price=pl.concat(
            [
                moving("OLD", DAYS[:20], 1 + 5e-7),
                moving("OTHER", DAYS[:20], 1.01),
                moving("LISTED", DAYS[:18]),
                moving("BEFORE", DAYS[:10]),
            ]
        ),
        rename=frame("rename", (DAYS[10], "BEFORE", "OLD")),
    )
    found = ask(tmp_path, lambda session: fetching.matching_tickers(session, moving("NEW", DAYS)))
    assert sorted(found) == [("LISTED", DAYS[17]), ("OLD", DAYS[19])]
    assert ask(tmp_path, lambda session: fetching.matching_tickers(session, moving("NEW", DAYS[:5]))) == []
    assert ask(tmp_path, lambda session: fetching.matching_tickers(session, moving("NEW", []))) == []


def test_closes_are_given_from_a_day_to_before_another(tmp_path: Path) -> None:
    put(tmp_path, "yahoo", price=moving("AA", DAYS[:9]))
    found = ask(tmp_path, lambda session: fetching.closes_of(session, "AA", DAYS[3], DAYS[5]))
    assert found == {DAYS[3]: 103.0, DAYS[4]: 104.0}


def test_what_ends_with_a_ticker_is_not_what_has_it_since(tmp_path: Path) -> None:
    """Its delisting is over, and the shares of the old company are not those of the new one."""
    put(
        tmp_path,
        "yahoo",
        price=pl.concat([moving("AA", [*DAYS[:5], *DAYS[6:9]]), moving("BB", DAYS[:5])]),
        delisting=frame("delisting", (DAYS[5], "AA"), (DAYS[5], "BB")),
        shares=frame("shares", (DAYS[1], "AA", 1e9), (DAYS[6], "AA", 5e6)),
        market_cap=frame("market_cap", (DAYS[4], "AA", 104e9)),
        universe_snapshot=frame("universe_snapshot", (DAYS[4], "AA", "A", "NYQ", 104e9, 104.0, True)),
    )
    assert state(tmp_path).delisted == {"BB"}
    for day, shares in ((DAYS[4], 1e9), (DAYS[6], 5e6), (DAYS[8], 5e6)):
        [found] = rows(
            tmp_path, f"select arg_max(shares_outstanding, session) from known_shares where session <= '{day}'"
        )
        assert found == (shares,)


def test_shares_of_a_ticker_can_be_forgotten(tmp_path: Path) -> None:
    def forget(session: Session, scale: bool) -> tuple[int, int]:
        fetching.forget_shares(session, "AA", scale=scale)
        return len(session.rows("fetching/asked")), len(session.rows("fetching/scales"))

    put(tmp_path, "yahoo", share_scale=frame("share_scale", ("AA", DAYS[0], 2.0)))
    kept = [Asked(kind, "AA", MOMENT, DAYS[0], "done", "", None) for kind in ("prices", "shares")]
    Database(tmp_path).write(lambda session: fetching.keep_asked(session, kept))
    assert Database(tmp_path).write(lambda session: forget(session, False)) == (1, 1)
    assert Database(tmp_path).write(lambda session: forget(session, True)) == (1, 0)


# -- what became of a fetch


def asked(outcome: str, at: datetime = MOMENT, since: date | None = None, through: date | None = None) -> Asked:
    reason = "" if outcome == "done" else outcome
    return Asked("prices", "AA", at, since, outcome, reason, through)


def test_what_is_known_of_an_answer_outlives_a_failure(tmp_path: Path) -> None:
    steps = [
        (asked("failed", since=DAYS[0]), (None, "failed", None)),
        (asked("done", since=DAYS[5], through=DAYS[9]), (DAYS[5], "done", DAYS[9])),
        (asked("failed", LATER, since=DAYS[0]), (DAYS[5], "failed", DAYS[9])),
        (asked("done", LATER, since=DAYS[8], through=DAYS[10]), (DAYS[5], "done", DAYS[10])),
        (asked("empty", LATER, since=DAYS[2]), (DAYS[2], "empty", DAYS[10])),
        (asked("gone", LATER, since=DAYS[0]), (DAYS[2], "gone", DAYS[10])),
    ]

    def work(session: Session) -> list[Asked]:
        found = []
        for given, _ in steps:
            fetching.keep_asked(session, [given])
            found.append(fetching.read_fetch_state(session, "top100", TODAY).asked["prices", "AA"])
        return found

    expected = [
        replace(given, since=since, outcome=outcome, through=through) for given, (since, outcome, through) in steps
    ]
    assert ask(tmp_path, work) == expected


def test_of_two_answers_of_one_batch_the_later_one_counts(tmp_path: Path) -> None:
    both = [asked("failed"), asked("done", since=DAYS[1], through=DAYS[2])]
    ask(tmp_path, lambda session: fetching.keep_asked(session, both))
    assert state(tmp_path).asked["prices", "AA"].outcome == "done"


def begin(folder: Path, at: datetime = MOMENT) -> int:
    return ask(folder, lambda session: fetching.begin_run(session, at))


def test_runs_are_listed_with_the_latest_first_and_a_killed_one_says_so(tmp_path: Path) -> None:
    first, second = begin(tmp_path), begin(tmp_path, LATER)
    ask(
        tmp_path,
        lambda session: fetching.end_run(
            session, second, at=LATER, outcome="partial", asked=9, failed=2, requests=30, through=TODAY
        ),
    )
    assert (first, second) == (1, 2)
    assert ask(tmp_path, fetching.runs) == [
        (LATER, LATER, "partial", 9, 2, 0, 30, TODAY, ""),
        (MOMENT, None, "stopped", 0, 0, 0, 0, None, "it was interrupted"),
    ]


@pytest.mark.parametrize("outcome", ["stopped", "failed"])
def test_a_fetch_that_did_not_end_well_makes_nothing_fresher(tmp_path: Path, outcome: str) -> None:
    assert ask(tmp_path, fetching.freshness) == (None, None)
    for number, (end, at, through) in enumerate(
        (("done", MOMENT, DAYS[5]), (outcome, LATER, DAYS[9]), ("done", LATER, None)), start=1
    ):
        begin(tmp_path)
        ask(
            tmp_path,
            lambda session, n=number, e=end, a=at, t=through: fetching.end_run(  # type: ignore[misc]
                session, n, at=a, outcome=e, through=t
            ),
        )
        assert ask(tmp_path, fetching.freshness) == ((MOMENT if number < 3 else LATER), DAYS[5])


def test_notes_are_those_of_the_last_run_that_had_any(tmp_path: Path) -> None:
    notes = [FetchNote("split", "BB", DAYS[1], "two for one"), FetchNote("delayed", "", None, "late")]
    ask(tmp_path, lambda session: fetching.keep_notes(session, 1, [FetchNote("no-cap", "AA", None, "none")]))
    ask(tmp_path, lambda session: fetching.keep_notes(session, 2, notes))
    ask(tmp_path, lambda session: fetching.keep_notes(session, 3, []))
    assert ask(tmp_path, fetching.last_notes) == tuple(reversed(notes))


def test_failures_are_the_names_that_failed_when_they_were_last_asked_for(tmp_path: Path) -> None:
    given = [
        asked("failed"),
        Asked("shares", "AA", MOMENT, None, "failed", "timed out", None),
        Asked("prices", "BB", MOMENT, None, "gone", "no such symbol", None),
    ]
    ask(tmp_path, lambda session: fetching.keep_asked(session, given))
    assert ask(tmp_path, fetching.failures) == (
        FetchFailure("prices", "AA", "failed"),
        FetchFailure("shares", "AA", "timed out"),
    )


def test_a_delisting_that_is_withdrawn_is_gone_and_the_index_is_built_again_from_there(tmp_path: Path) -> None:
    put(tmp_path, "yahoo", delisting=frame("delisting", (DAYS[2], "AA"), (DAYS[9], "AA"), (DAYS[4], "BB")))
    found = ask(tmp_path, lambda session: fetching.withdraw_delisting(session, "AA", LATER))
    assert found == DAYS[9]
    assert rows(tmp_path, "select ticker, session from delisting order by 1") == [("AA", DAYS[2]), ("BB", DAYS[4])]
    last = "select source, earliest, fetched_at from ingest order by ingest_id desc limit 1"
    assert rows(tmp_path, last) == [("yahoo", DAYS[9], LATER)]
    assert ask(tmp_path, lambda session: fetching.withdraw_delisting(session, "CC", LATER)) is None


# -- import wins


def test_what_is_fetched_leaves_what_was_imported_alone_and_changes_its_own(tmp_path: Path) -> None:
    put(tmp_path, "import", price=prices("AA", DAYS[:2]), split=frame("split", (DAYS[0], "AA", 2.0)))
    got = put(
        tmp_path,
        "yahoo",
        price=prices("AA", DAYS[:4], 11.0),
        split=frame("split", (DAYS[0], "AA", 3.0), (DAYS[1], "AA", 4.0)),
    )
    assert got["price"] == Merged(2, 0, 2, DAYS[2])
    assert got["split"] == Merged(1, 0, 1, DAYS[1])
    assert rows(tmp_path, "select close from price order by session") == [(10.0,), (10.0,), (11.0,), (11.0,)]
    again = put(tmp_path, "yahoo", price=prices("AA", DAYS[:4], 12.0))
    assert again["price"] == Merged(0, 2, 2, DAYS[2])
    assert rows(tmp_path, "select close from price order by session") == [(10.0,), (10.0,), (12.0,), (12.0,)]


def test_an_import_changes_what_was_fetched_and_keeps_what_it_confirms(tmp_path: Path) -> None:
    put(tmp_path, "yahoo", price=prices("AA", DAYS[:3]))
    version = rows(tmp_path, "select version from data_version")
    got = put(tmp_path, "import", price=pl.concat([prices("AA", DAYS[:1]), prices("AA", DAYS[1:2], 9.0)]))
    assert got["price"] == Merged(0, 1, 1, DAYS[1])
    put(tmp_path, "yahoo", price=prices("AA", DAYS[:3], 20.0))
    assert rows(tmp_path, "select close from price order by session") == [(10.0,), (9.0,), (20.0,)]
    assert rows(tmp_path, "select count(*) from price p anti join ingest i on i.ingest_id = p.ingest_id") == [(0,)]
    assert rows(tmp_path, "select version from data_version") > version


def test_an_import_that_only_confirms_changes_no_session(tmp_path: Path) -> None:
    put(tmp_path, "yahoo", price=prices("AA", DAYS[:3]))
    got = put(tmp_path, "import", price=prices("AA", DAYS[:3]))
    assert got["price"] == Merged(0, 0, 3, None)
    assert rows(tmp_path, "select source, rows_new, rows_changed, earliest from ingest order by ingest_id desc") == [
        ("import", 0, 0, None),
        ("yahoo", 3, 0, DAYS[0]),
    ]


def test_of_a_security_that_a_person_brought_only_what_is_not_known_is_filled_in(tmp_path: Path) -> None:
    put(tmp_path, "import", security=frame("security", ("AA", "Alpha", None, None, "NYSE", "Alpha Holding")))
    fetched = ("AA", "ALPHA INC", "Technology", None, "NMS", "Alpha", None, "Common Stock")
    assert put(tmp_path, "yahoo", security=frame("security", fetched))["security"].rows_changed == 1
    query = "select name, sector, exchange, issuer, security_type from security"
    expected = [("Alpha", "Technology", "NYSE", "Alpha Holding", "Common Stock")]
    assert rows(tmp_path, query) == expected
    put(tmp_path, "yahoo", security=frame("security", ("AA", "ALPHA", "Energy", "Oil", "NMS")))
    assert rows(tmp_path, query) == expected
    assert rows(tmp_path, "select industry from security") == [("Oil",)]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_batches_gives_the_rows_of_a_plain_dictionary(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    expected: dict[tuple[date, str], tuple[str, float]] = {}

    def work(session: Session) -> list[tuple[Any, ...]]:
        for _ in range(25):
            source = draw.choice(["import", "yahoo", "yahoo"])
            keys = {(draw.choice(DAYS[:6]), draw.choice(["AA", "AB", "AC", "B"])) for _ in range(draw.randint(1, 6))}
            batch = {key: float(draw.randint(1, 2)) for key in keys}
            given = {"dividend": frame("dividend", *((*key, value) for key, value in batch.items()))}
            got = merge_batch(session, given, at=MOMENT, source=source, detail="test")
            assert got["dividend"] == merged_plainly(expected, source, batch)
        query = "select session, ticker, source, amount from dividend join ingest using (ingest_id)"
        return session.connection.execute(query).fetchall()

    assert {row[:2]: row[2:] for row in ask(tmp_path, work)} == expected


def merged_plainly(
    stored: dict[tuple[date, str], tuple[str, float]], source: str, batch: dict[tuple[date, str], float]
) -> Merged:
    """The same merge of a table by a dictionary of key to source and value."""
    free = {key for key in batch if key not in stored}
    own = {key for key in batch if key in stored and (source == "import" or stored[key][0] == "yahoo")}
    changed = {key for key in own if stored[key][1] != batch[key]}
    taken = free | (own if source == "import" else changed)
    stored |= {key: (source, batch[key]) for key in taken}
    earliest = min((key[0] for key in free | changed), default=None)
    return Merged(len(free), len(changed), len(batch) - len(free) - len(changed), earliest)


# -- delistings


def ending_market(seed: int) -> tuple[dict[str, pl.DataFrame], list[tuple[date, str, float]]]:
    """A market in which three stocks end, and the session after their last price with that price."""
    market = random_market(seed, sessions=140)
    traded = sorted({row[1] for row in market.prices})
    chosen = random.Random(seed).sample(traded, 3)
    ends = {ticker: market.sessions[60 + 20 * place] for place, ticker in enumerate(chosen)}
    market.prices = [row for row in market.prices if row[0] <= ends.get(row[1], row[0])]
    market.splits = [row for row in market.splits if row[0] <= ends.get(row[1], row[0])]
    market.finals = []
    last = {row[1]: row for row in sorted(market.prices)}
    found = [
        (next_session(last[ticker][0] + timedelta(days=1)), ticker, last[ticker][2])
        for ticker in chosen
        if ticker in last
    ]
    return market.frames(), found


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_a_delisting_is_a_final_price_equal_to_the_last_close(tmp_path: Path, seed: int) -> None:
    frames, ends = ending_market(seed)
    given, told = Database(tmp_path / "given"), Database(tmp_path / "told")
    store(given, {**frames, "final_price": frame("final_price", *ends)})
    store(told, {**frames, "delisting": frame("delisting", *(row[:2] for row in ends))})
    for database in (given, told):
        build(database)
    assert derived(told) == derived(given)


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_the_shipped_path_agrees_with_the_reference_on_delistings(tmp_path: Path, seed: int) -> None:
    frames, ends = ending_market(seed)
    database = Database(tmp_path)
    store(database, {**frames, "delisting": frame("delisting", *(row[:2] for row in ends))})
    build(database)
    market = random_market(seed, sessions=140)
    sessions = market.sessions
    raw = database.read(lambda session: read_raw(session, sessions[0] - timedelta(days=1), sessions[0], sessions[-1]))
    assert raw.finals.height == len(ends)
    named = {name: getattr(raw, name).with_columns(pl.col("ticker").cast(pl.String)) for name in ("prices", "caps")}
    reference = Reference(replace(raw, **named), market.calendar().sessions, Rules(size=4)).run()
    stored = database.read(
        lambda session: session.connection.execute(
            "select session, level_pr, level_tr from index_session order by session"
        ).fetchall()
    )
    expected = [(one.session, pytest.approx(one.level_pr), pytest.approx(one.level_tr)) for one in reference]
    assert stored == expected


def test_a_delisting_that_comes_late_or_is_withdrawn_ends_in_the_tables_of_a_fresh_store(tmp_path: Path) -> None:
    frames, ends = ending_market(5)
    told = {"delisting": frame("delisting", *(row[:2] for row in ends))}
    without, fresh, late = (Database(tmp_path / name) for name in ("without", "fresh", "late"))
    store(without, frames)
    store(fresh, {**frames, **told})
    store(late, frames)
    for database in (without, fresh, late):
        build(database)
    assert derived(fresh) != derived(without)
    store(late, told)
    build(late)
    assert derived(late) == derived(fresh)
    for _, ticker, _ in ends:
        late.write(lambda session, name=ticker: fetching.withdraw_delisting(session, name, LATER))  # type: ignore[misc]
    build(late)
    assert derived(late) == derived(without)


def finals(folder: Path) -> list[tuple[Any, ...]]:
    values = {"first": date(2000, 1, 1), "last": date(2030, 1, 1)}
    return ask(folder, lambda session: session.rows("build/finals", values))


def test_a_final_price_that_a_person_has_given_outranks_a_delisting(tmp_path: Path) -> None:
    delisted = frame("delisting", (DAYS[6], "AA"), (DAYS[6], "BB"), (DAYS[6], "NONE"), (DAYS[25], "CC"))
    put(tmp_path, "yahoo", price=pl.concat([prices(name, DAYS[:6]) for name in ("AA", "BB", "CC")]), delisting=delisted)
    assert finals(tmp_path) == [(DAYS[6], "AA", 10.0), (DAYS[6], "BB", 10.0)]
    put(tmp_path, "decision", final_price=frame("final_price", (DAYS[5], "AA", 2.5), (DAYS[2], "BB", 1.0)))
    assert finals(tmp_path) == [(DAYS[2], "BB", 1.0), (DAYS[5], "AA", 2.5), (DAYS[6], "BB", 10.0)]


def test_a_split_after_the_last_close_does_not_change_what_a_delisted_stock_is_worth(tmp_path: Path) -> None:
    split = frame("split", (DAYS[4], "AA", 2.0), (DAYS[6], "AA", 0.25))
    delisted = frame("delisting", (DAYS[6], "AA"))
    put(tmp_path, "yahoo", price=prices("AA", DAYS[:6]), split=split, delisting=delisted)
    assert finals(tmp_path) == [(DAYS[6], "AA", 40.0)]


# -- the schema


def test_a_store_of_before_fetching_is_taken_along(tmp_path: Path) -> None:
    import duckdb

    tmp_path.mkdir(exist_ok=True)
    config = {"storage_compatibility_version": "v1.5.0", **CONFIG}
    with duckdb.connect(str(tmp_path / STORE_NAME), config=config) as connection:
        connection.execute("create table schema_migration (number integer primary key, name varchar, checksum varchar)")
        for number, name, text in migrations()[:2]:
            connection.execute(text)
            connection.execute("insert into schema_migration values (?, ?, ?)", [number, name, checksum(text)])
        connection.execute("insert into ingest values (1, '2026-01-01', 'import', 'x', 1, 0, '2026-01-02')")
        connection.execute("insert into price values ('2026-01-02', 'AA', null, null, null, 5, null, 1)")
        connection.execute("insert into universe_snapshot values ('2026-01-02', 'AA', 'Alpha', 'NYQ', 1e9, 5, 1)")
    found = Database(tmp_path).read(lambda session: fetching.read_fetch_state(session, "top100", TODAY))
    assert found.prices == {"AA": Held(DAYS[0], DAYS[0])}
    assert found.universe == (Listed("AA", "Alpha", 1e9, 5.0),)
    assert rows(tmp_path, "select is_final from universe_snapshot") == [(False,)]
    assert not any(rows(tmp_path, f"select 1 from {table} limit 1") for table in DERIVED)
