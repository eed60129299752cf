"""Rows that an import did not take are records until the file is imported again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.facade import Engine, open_engine
from engine.settings import Settings
from engine.views.quality import Finding
from tests.store.engines import stored

NOW = datetime(2024, 1, 8, 20, 0, tzinfo=UTC)  # Monday, an hour before the close
GOOD = "date,ticker,close\n2024-01-02,AA,10\n2024-01-03,AA,11\n"
BAD = (
    "date,ticker,close\n"
    "2024-01-02,AA,10\n"
    "2024-01-02,AA,10.5\n"  # row 3 says it otherwise
    "2024-01-06,AA,11\n"  # a Saturday
    "2024-01-07,BB,12\n"
    "2024-01-03,BB,free\n"
    "2024-01-04,BB,dear\n"
    "soon,BB,9\n"
    "2024-01-08,AA,9\n"  # after the last closed session
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(Settings(data_dir=tmp_path / "store"), clock=lambda: NOW)


def take(engine: Engine, folder: Path, text: str, name: str = "prices.csv") -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    engine.import_files([path])


def refused(engine: Engine) -> list[Finding]:
    return [one for one in engine.coverage().findings if one.kind == "refused-row"]


def groups(engine: Engine) -> set[tuple[str, str, int, date | None, date | None]]:
    rows = stored(engine, "select reason, ticker, rows, first, last from refused_row")
    return {(row[0], row[1], row[2], row[3], row[4]) for row in rows}


def test_every_refused_row_is_counted_by_reason_and_ticker(engine: Engine, tmp_path: Path) -> None:
    take(engine, tmp_path, BAD)
    assert groups(engine) == {
        ("duplicate of a later row", "AA", 1, date(2024, 1, 2), date(2024, 1, 2)),
        ("not an NYSE session (weekend or holiday)", "AA", 1, date(2024, 1, 6), date(2024, 1, 6)),
        ("not an NYSE session (weekend or holiday)", "BB", 1, date(2024, 1, 7), date(2024, 1, 7)),
        ("the session has not closed yet", "AA", 1, date(2024, 1, 8), date(2024, 1, 8)),
        ("close is not a number", "BB", 2, date(2024, 1, 3), date(2024, 1, 4)),
        ("unreadable date", "BB", 1, None, None),
    }


def test_a_refused_row_is_a_finding_with_its_file_and_an_example(engine: Engine, tmp_path: Path) -> None:
    take(engine, tmp_path, BAD)
    found = next(one for one in refused(engine) if one.detail.startswith("prices: close is not a number"))
    assert (found.ticker, found.first, found.last, found.sessions) == ("BB", date(2024, 1, 3), date(2024, 1, 4), 2)
    assert found.detail == "prices: close is not a number; row 6: 2024-01-03, BB, free"
    assert (found.severity, found.effect, found.source) == ("medium", "not taken", "prices.csv")


def test_a_corrected_file_clears_what_was_refused_of_it(engine: Engine, tmp_path: Path) -> None:
    take(engine, tmp_path, BAD)
    take(engine, tmp_path, BAD, "other.csv")
    take(engine, tmp_path, GOOD)
    assert {one.source for one in refused(engine)} == {"other.csv"}


def test_importing_a_bad_file_twice_lists_it_once_and_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    take(engine, tmp_path, BAD)
    before, version = refused(engine), engine.data_version()
    take(engine, tmp_path, BAD)
    assert refused(engine) == before
    assert engine.data_version() == version


def test_refused_rows_alone_need_no_build(engine: Engine, tmp_path: Path) -> None:
    take(engine, tmp_path, GOOD)
    take(engine, tmp_path, GOOD.replace("close", "market_cap"), "market_caps.csv")
    engine.build()
    version = engine.data_version()
    take(engine, tmp_path, f"{GOOD}2024-01-06,AA,1\n")
    assert len(refused(engine)) == 1
    assert engine.data_version() > version
    assert engine.build().sessions_built == 0


def test_tickers_without_end_are_counted_together(engine: Engine, tmp_path: Path) -> None:
    rows = [f"2024-01-02,T{number:03},none\n" for number in range(230)] + ["2024-01-03,T229,none\n"]
    take(engine, tmp_path, "".join(["date,ticker,close\n", *rows, "2024-01-02,AA,1\n"]))
    found = groups(engine)
    assert len(found) == 201
    assert ("no close", "T229", 2, date(2024, 1, 2), date(2024, 1, 3)) in found  # most rows first
    assert ("no close", "", 30, date(2024, 1, 2), date(2024, 1, 2)) in found
    assert sum(row[2] for row in found) == 231


def test_what_is_stored_of_a_refused_row_is_safe_to_show(engine: Engine, tmp_path: Path) -> None:
    take(engine, tmp_path, f"{GOOD}2024-01-03,B\x1b[31m,\x1b]0;x\x07\n")
    rows = stored(engine, "select ticker, example from refused_row")
    assert rows == [("", "row 4: 2024-01-03, B�[31m, �]0;x�")]
