"""Files into a store: what is final, what is kept apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.facade import open_engine
from engine.settings import Settings

PRICES = "date,ticker,close\n2024-01-02,AA,10\n2024-01-03,AA,11\n2024-01-04,AA,12\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (datetime(2024, 1, 3, 20, 0, tzinfo=UTC), {"the session has not closed yet": 1, "date is in the future": 1}),
        (datetime(2024, 1, 3, 21, 30, tzinfo=UTC), {"date is in the future": 1}),
    ],
)
def test_a_close_is_taken_only_after_the_close(tmp_path: Path, now: datetime, refused: dict[str, int]) -> None:
    engine = open_engine(Settings(data_dir=tmp_path / "store"), clock=lambda: now)
    report = engine.import_files([write(tmp_path, "prices.csv", PRICES)])
    assert {one.reason: one.rows for one in report.files[0].refused} == refused


def test_own_files_never_enter_the_demo_store(tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path / "store"))
    assert engine.load_demo()
    with pytest.raises(DataError, match="synthetic demo market"):
        engine.import_files([write(tmp_path, "prices.csv", PRICES)])
    assert not engine.load_demo()


def test_views_are_kept_until_the_store_changes(tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path / "store"))
    engine.import_files([write(tmp_path, "prices.csv", PRICES)])
    engine.import_files([write(tmp_path, "market_caps.csv", PRICES.replace("close", "market_cap"))])
    engine.build()
    before = engine.performance()
    assert engine.performance() is before
    other = open_engine(Settings(data_dir=tmp_path / "store"))
    other.import_files([write(tmp_path, "more.csv", "date,ticker,close\n2024-01-05,AA,13\n")])
    other.build()
    assert len(engine.performance().sessions) == len(before.sessions) + 1


def test_the_snapshot_is_the_view(tmp_path: Path) -> None:
    from engine.views.snapshot import load_snapshot

    engine = open_engine(Settings(data_dir=tmp_path, cost_bps=5.0))
    engine.load_demo()
    view = engine.performance()
    assert load_snapshot(tmp_path) == view
    assert 0 < view.net_pr[-1] < view.level_pr[-1]
    assert load_snapshot(tmp_path / "nowhere") is None


def test_an_export_tells_the_rules_that_the_figures_were_built_with(tmp_path: Path) -> None:
    import csv

    open_engine(Settings(data_dir=tmp_path / "store")).load_demo()
    other = open_engine(Settings(data_dir=tmp_path / "store", index_size=50))
    assert other.status().size == 100
    path = other.export(tmp_path / "facts.csv", sheets=["provenance"])
    with path.open(encoding="utf-8", newline="") as file:
        facts = {row[1]: row[2] for row in csv.reader(file)}
    assert facts["rule size"] == "100"


def test_a_ticker_used_twice_is_the_listing_of_the_date_asked_for(tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path / "store"))
    days = [f"2024-{month:02}-{day:02}" for month, day in ((1, 2), (1, 3), (2, 1), (2, 2))]
    rows = [f"{day},AA,{price}" for day, price in zip(days, (10, 11, 90, 91), strict=True)]
    rows += [f"{day},BB,5" for day in days]
    prices = write(tmp_path, "prices.csv", "\n".join(["date,ticker,close", *rows, ""]))
    caps = write(tmp_path, "market_caps.csv", prices.read_text(encoding="utf-8").replace("close", "market_cap"))
    engine.import_files([prices, caps])
    engine.build()
    assert [row.close for row in engine.stock("AA").rows] == [90.0, 91.0]
    assert [row.close for row in engine.stock("AA", end=date(2024, 1, 31)).rows] == [10.0, 11.0]


def test_an_export_without_a_name_takes_one_that_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(Settings(data_dir=tmp_path / "store"))
    engine.load_demo()
    monkeypatch.chdir(tmp_path)
    last = engine.status().session
    names = [engine.export(sheets=["summary_metrics"], start=last).name for _ in range(2)]
    assert names == [f"flatcap-top100-{last}.xlsx", f"flatcap-top100-{last}-2.xlsx"]
    assert engine.export(sheets=["summary_metrics"], start=last, force=True).name == names[0]


def test_the_rows_of_a_file_add_up_where_one_is_there_again(tmp_path: Path) -> None:
    path = write(
        tmp_path, "prices.csv", "date,ticker,close\n" + "2024-01-02,A,1\n" * 3 + "2024-01-02,B,2\n2024-01-02,..,2\n"
    )
    engine = open_engine(Settings(data_dir=tmp_path / "data"))
    (told,) = engine.import_files([path]).files
    assert (told.rows_read, told.rows_new, told.rows_unchanged, sum(one.rows for one in told.refused)) == (5, 2, 2, 1)
