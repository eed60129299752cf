"""What screens, commands and exports say of data that were fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from engine.facade import Engine
from engine.fetching.notes import NOTES, FetchNote
from engine.fetching.state import Asked
from engine.frames.schemas import RAW_SCHEMAS
from engine.reports import FetchFailure, FetchPlan
from engine.settings import Settings
from engine.store import fetching
from engine.store.database import Database, Session
from engine.store.ingest import merge_batch
from engine.views.explanation import Subject
from engine.views.fetched import fetch_view
from engine.views.fetching import FetchView
from engine.views.quality import Decision, Finding
from engine.views.snapshot import load_snapshot, save_snapshot, snapshot_path
from tests.markets import SmallMarket, sessions_from

DAYS = sessions_from(date(2026, 1, 2), 12)
FIRST_RUN = datetime(2026, 1, 20, 22)
HOUR = timedelta(hours=1)
NAMES = ("AA", "BB", "CC", "DD")


def frame(table: str, *rows: tuple[Any, ...]) -> pl.DataFrame:
    schema = RAW_SCHEMAS[table]
    width = len(schema.columns)
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    return pl.DataFrame(padded, schema=schema.columns, orient="row").sort(schema.key)


def market() -> SmallMarket:
    found = SmallMarket(DAYS)
    for place, ticker in enumerate(NAMES):
        found.prices += [(day, ticker, 10.0 + number, 100.0) for number, day in enumerate(DAYS)]
        found.caps += [(day, ticker, 1e9 * (len(NAMES) - place)) for day in DAYS]
    return found


def snapshot(day: date) -> pl.DataFrame:
    listed = ((day, name, name, "NYQ", 1e9 * place, 1.0, True) for place, name in enumerate(NAMES, start=1))
    return frame("universe_snapshot", *listed, (day, "PREF", "A preferred", "NYQ", 9e9, 1.0, True))


PREFERRED = frame("security", ("PREF", "A preferred", None, None, "NYQ", None, None, "Preferred Stock"))


def engine_over(folder: Path, source: str, frames: dict[str, pl.DataFrame], **settings: Any) -> Engine:
    """An engine with an index of what came from a source; nothing where that is nothing."""
    database = Database(folder)
    filled = {table: one for table, one in frames.items() if one.height}
    database.write(lambda session: merge_batch(session, filled, at=FIRST_RUN, source=source, detail="test"))
    engine = Engine(Settings(data_dir=folder, index_size=3, **settings), database, clock=lambda: datetime.now(UTC))
    engine.build()
    return engine


def put(engine: Engine, work: Callable[[Session], object]) -> None:
    Database(engine.settings.data_dir).write(work)


def take(engine: Engine, **frames: pl.DataFrame) -> None:
    put(engine, lambda session: merge_batch(session, frames, at=FIRST_RUN, source="yahoo", detail="test"))


@pytest.fixture
def fetched(tmp_path: Path) -> Engine:
    """An index of fetched prices, the first snapshot of the universe on day 9."""
    listed = {"universe_snapshot": snapshot(DAYS[9]), "security": PREFERRED}
    return engine_over(tmp_path, "yahoo", {**market().frames(), **listed})


# -- the header


def test_sessions_before_the_first_snapshot_are_back_filled(fetched: Engine) -> None:
    assert fetched.status().backfilled_before == DAYS[9]
    assert not fetched.status().backfilled
    assert fetched.status(DAYS[8]).backfilled
    assert fetched.composition(DAYS[8]).status.backfilled
    assert fetched.performance().status.backfilled_before == DAYS[9]


def test_imported_history_is_not_back_filled(tmp_path: Path) -> None:
    engine = engine_over(tmp_path, "import", market().frames())
    assert engine.status().backfilled_before is None
    later = frame("price", (DAYS[9], "EE", 1.0, 1.0, 1.0, 1.0, 1.0))
    take(engine, universe_snapshot=snapshot(DAYS[9]), price=later)
    assert engine.status().backfilled_before is None
    take(engine, price=frame("price", (DAYS[8], "EE", 1.0, 1.0, 1.0, 1.0, 1.0)))
    assert engine.status().backfilled_before == DAYS[9]


def test_the_header_counts_the_names_of_the_universe_and_those_that_answered(fetched: Engine) -> None:
    def names() -> tuple[int, int]:
        return fetched.status().names_wanted, fetched.status().names_have

    assert names() == (4, 0)
    asked = [
        Asked("prices", "AA", FIRST_RUN, DAYS[0], "done", "", DAYS[-1]),
        Asked("shares", "BB", FIRST_RUN, DAYS[0], "done", "", None),
        Asked("prices", "CC", FIRST_RUN, DAYS[0], "failed", "timed out", None),
        Asked("prices", "PREF", FIRST_RUN, DAYS[0], "done", "", DAYS[-1]),
    ]
    put(fetched, lambda session: fetching.keep_asked(session, asked))
    assert names() == (4, 1)


def test_no_more_names_are_wanted_than_are_fetched(tmp_path: Path) -> None:
    frames = {**market().frames(), "universe_snapshot": snapshot(DAYS[9])}
    assert engine_over(tmp_path, "yahoo", frames, universe_size=2).status().names_wanted == 2


def test_the_snapshot_of_the_last_view_keeps_what_is_back_filled_and_an_older_one_is_read(fetched: Engine) -> None:
    folder = fetched.settings.data_dir
    view = fetched.performance()
    save_snapshot(folder, view)
    found = load_snapshot(folder)
    assert found is not None
    assert found.status == view.status
    raw = json.loads(snapshot_path(folder).read_text(encoding="utf-8"))
    for name in ("backfilled_before", "names_wanted", "names_have"):
        del raw["performance"]["status"][name]
    snapshot_path(folder).write_text(json.dumps(raw), encoding="utf-8")
    older = load_snapshot(folder)
    assert older is not None
    assert older.status == replace(view.status, backfilled_before=None, names_wanted=0, names_have=0)


# -- benchmarks that are rates


def test_a_yield_is_kept_but_nothing_is_compared_with_it(tmp_path: Path) -> None:
    closes = [(day, symbol, 100.0 + number) for number, day in enumerate(DAYS) for symbol in ("^GSPC", "^IRX")]
    engine = engine_over(tmp_path, "yahoo", {**market().frames(), "benchmark": frame("benchmark", *closes)})
    assert set(engine.performance().benchmarks) == {"^GSPC"}
    compared = {one.benchmark for period in engine.metrics().periods for one in period.relative}
    assert compared == {"^GSPC"}
    kept = next(row for row in engine.coverage().rows if row.kind == "benchmarks")
    assert (kept.rows, kept.tickers) == (2 * len(DAYS), 2)


# -- coverage


def test_coverage_counts_delistings_and_snapshots(fetched: Engine) -> None:
    take(fetched, delisting=frame("delisting", (DAYS[10], "DD")))
    rows = {row.kind: row for row in fetched.coverage().rows}
    assert (rows["delistings"].rows, rows["delistings"].first) == (1, DAYS[10])
    assert (rows["universe-snapshots"].rows, rows["universe-snapshots"].last) == (5, DAYS[9])


def run(engine: Engine, at: datetime, *notes: FetchNote, asked: tuple[str, ...] = (), outcome: str = "done") -> None:
    """A fetch that asks for the prices of some names, of the kind ``shares`` after a colon."""

    def work(session: Session) -> None:
        number = fetching.begin_run(session, at)
        answers = [(*reversed(name.split(":")),) if ":" in name else ("prices", name) for name in asked]
        fetching.keep_asked(
            session, [Asked(kind, name, at + HOUR, DAYS[0], outcome, "", DAYS[-1]) for kind, name in answers]
        )
        fetching.keep_notes(session, number, notes)
        fetching.end_run(session, number, at=at + HOUR, outcome="done", asked=len(asked))

    put(engine, work)


def found(engine: Engine) -> list[tuple[str, str, str]]:
    kinds = {name for name, kind in NOTES.items() if kind.finding}
    return [(one.kind, one.ticker, one.severity) for one in engine.coverage().findings if one.kind in kinds]


RESTATED = FetchNote("restated", "AA", DAYS[9], "AA was not taken: on another basis.")
OFF = FetchNote("share-off", "AA", None, "Shares of AA miss its market cap by 7.0 %.")
MASS = FetchNote("mass-failure", "", None, "40 of 250 names are gone by the vendor's word.")


def test_what_a_fetch_found_out_is_a_finding_until_a_later_one_has_another_word(fetched: Engine) -> None:
    lost = [FetchNote("lost-session", "BB", day, f"{day} is lost.") for day in DAYS[4:6]]
    run(
        fetched, FIRST_RUN, RESTATED, OFF, *lost, FetchNote("split", "CC", None, "two"), asked=("AA", "AA:shares", "BB")
    )
    every = [("restated", "AA", "high"), ("share-off", "AA", "medium"), ("lost-session", "BB", "low")]
    assert found(fetched) == every
    days = next(one for one in fetched.coverage().findings if one.kind == "lost-session")
    assert (days.first, days.last, days.sessions) == (DAYS[4], DAYS[5], 2)
    day = timedelta(days=1)
    run(fetched, FIRST_RUN + day)
    run(fetched, FIRST_RUN + 2 * day, asked=("AA", "BB"), outcome="failed")
    assert found(fetched) == every
    run(fetched, FIRST_RUN + 3 * day, RESTATED, asked=("AA", "BB"))
    assert found(fetched) == every[:2]
    run(fetched, FIRST_RUN + 4 * day, asked=("AA",))
    assert found(fetched) == every[1:2]
    run(fetched, FIRST_RUN + 5 * day, asked=("AA:shares",))
    assert found(fetched) == []


def test_the_word_on_a_ticker_that_was_renamed_is_that_on_its_new_one(fetched: Engine) -> None:
    take(fetched, rename=frame("rename", (DAYS[6], "AA", "NEW")))
    run(fetched, FIRST_RUN, FetchNote("lost-session", "AA", DAYS[4], "It is lost."), asked=("NEW",))
    assert found(fetched) == [("lost-session", "AA", "low")]
    run(fetched, FIRST_RUN + HOUR, asked=("NEW",))
    assert found(fetched) == []


def test_what_was_found_of_the_whole_market_stands_until_names_are_asked_for_again(fetched: Engine) -> None:
    run(fetched, FIRST_RUN, MASS, asked=("AA",))
    run(fetched, FIRST_RUN + HOUR)
    assert found(fetched) == [("mass-failure", "", "high")]
    run(fetched, FIRST_RUN + 2 * HOUR, asked=("AA",))
    assert found(fetched) == []


def unmatched(engine: Engine) -> list[Finding]:
    return [one for one in engine.coverage().findings if one.kind.startswith("unmatched")]


def test_a_delisting_that_ends_nothing_is_not_called_a_decision(tmp_path: Path) -> None:
    ending = market()
    ending.prices = [row for row in ending.prices if row[1] != "DD" or row[0] <= DAYS[4]]
    ending.prices += [(day, "DDX", 10.0, 1.0) for day in DAYS[5:]]
    ending.renames = [(DAYS[5], "DD", "DDX")]
    frames = {**ending.frames(), "delisting": frame("delisting", (DAYS[5], "DD"))}
    (one,) = unmatched(engine_over(tmp_path, "yahoo", frames))
    assert (one.kind, one.ticker, one.remedy) == ("unmatched-delisting", "DD", "")
    assert "decision" not in one.detail


# -- a delisting worked out


def test_the_return_into_a_delisting_is_explained_by_its_last_close(tmp_path: Path) -> None:
    ending = market()
    ending.prices = [row for row in ending.prices if row[1] != "AA" or row[0] <= DAYS[5]]
    engine = engine_over(tmp_path, "yahoo", {**ending.frames(), "delisting": frame("delisting", (DAYS[6], "AA"))})
    removed = [row for row in engine.changes().rows if row.ticker == "AA" and row.kind == "removed"]
    assert [(row.session, row.reason) for row in removed] == [(DAYS[6], "delisted at a final price")]
    assert engine.status(DAYS[6]).priced == 3
    told = engine.explain(Subject("contributions", "contribution", DAYS[6], "AA", "custom", start=DAYS[6]))
    assert told.value == 0.0
    assert any("final price of a delisting" in one.note for one in told.inputs)


def test_a_delisting_of_a_member_is_a_finding_with_the_session_of_a_final_price(tmp_path: Path) -> None:
    ending = market()
    ending.prices = [row for row in ending.prices if row[1] != "AA" or row[0] <= DAYS[5]]
    engine = engine_over(tmp_path, "yahoo", {**ending.frames(), "delisting": frame("delisting", (DAYS[6], "AA"))})
    (one,) = [each for each in engine.coverage().findings if each.kind == "delisted"]
    assert (one.ticker, one.first, one.last, one.severity, one.remedy) == (
        "AA",
        DAYS[6],
        DAYS[6],
        "medium",
        "final-price",
    )
    assert one.effect == "it left the index at its last close"
    engine.decide(Decision("final-price", "AA", DAYS[6], price=1.0))
    engine.build()
    assert [each for each in engine.coverage().findings if each.kind == "delisted"] == []


# -- the fetch pane


PLAN = FetchPlan("yahoo", (), 0, 0.0, DAYS[0], DAYS[-1])


def test_the_records_of_fetches_stand_beside_the_plan(fetched: Engine) -> None:
    now = datetime(2026, 1, 22, 23, tzinfo=UTC)

    def work(session: Session) -> FetchView:
        number = fetching.begin_run(session, FIRST_RUN)
        asked = [Asked("prices", "AA", FIRST_RUN, None, "failed", "timed out", None)]
        fetching.keep_asked(session, asked)
        fetching.keep_notes(session, number, [RESTATED])
        fetching.end_run(session, number, at=FIRST_RUN + HOUR, outcome="partial", asked=4, failed=1, through=DAYS[-1])
        return fetch_view(session, PLAN, now)

    view = Database(fetched.settings.data_dir).write(work)
    (row,) = view.runs
    assert (row.outcome, row.asked, row.failed, row.ended_at) == ("partial", 4, 1, FIRST_RUN + HOUR)
    assert view.failures == (FetchFailure("prices", "AA", "timed out"),)
    assert view.notes == (RESTATED,)
    assert (view.fresh_at, view.through, view.behind) == (FIRST_RUN + HOUR, DAYS[-1], 2)


def test_before_the_first_fetch_there_is_only_the_plan() -> None:
    assert fetch_view(None, PLAN, datetime(2026, 1, 22, tzinfo=UTC)) == FetchView(PLAN, (), (), (), None, None, None)


# -- exports


def test_an_export_says_when_data_were_fetched_and_which_of_them_are_back_filled(
    fetched: Engine, tmp_path: Path
) -> None:
    run(fetched, FIRST_RUN, asked=("AA",))
    written = json.loads(fetched.export(tmp_path / "all.json").read_text(encoding="utf-8"))["metadata"]
    assert written["market"] == "yahoo"
    assert written["last fetch"] == "2026-01-20 23:00:00 UTC"
    assert written["back-filled before"] == DAYS[9].isoformat()
    assert "survivorship-biased" in written["back-filled means"]
    recent = json.loads(fetched.export(tmp_path / "new.json", start=DAYS[9]).read_text(encoding="utf-8"))["metadata"]
    assert "back-filled before" not in recent
    book = openpyxl.load_workbook(fetched.export(tmp_path / "all.xlsx"))
    mark = f"back-filled (survivorship-biased) before {DAYS[9]}"
    assert mark in [cell.value for row in book["summary_metrics"].iter_rows() for cell in row]
    assert all(sheet.oddHeader.center.text == mark for sheet in book)
    assert "back-filled before" in [row[1].value for row in book["provenance"].iter_rows()]


def test_an_export_of_imported_data_says_nothing_of_fetches(tmp_path: Path) -> None:
    engine = engine_over(tmp_path, "import", market().frames())
    written = json.loads(engine.export(tmp_path / "all.json").read_text(encoding="utf-8"))["metadata"]
    assert not {"last fetch", "fetched up to", "back-filled before", "back-filled means"} & set(written)
