"""The whole road on real data, where they are at hand: files, store, index, and the plain reference beside it."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from engine import calendar
from engine.facade import Engine, open_engine
from engine.index.reference import Reference, ReferenceSession
from engine.index.rules import Rules
from engine.settings import Settings
from engine.store.raw import read_raw
from tests.markets import member_rows_of
from tests.real_market import market_folder
from tuiapp.cli.main import main


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    found = open_engine(Settings(data_dir=tmp_path_factory.mktemp("real")))
    found.import_files([market_folder()])
    found.build()
    return found


@pytest.fixture(scope="module")
def reference(engine: Engine) -> list[ReferenceSession]:
    status = engine.status()
    sessions = calendar.sessions_between(status.first_session, status.last_session)
    after = calendar.next_session(sessions[-1] + timedelta(days=1))
    raw = engine._database.read(lambda session: read_raw(session, date.min, sessions[0], sessions[-1]))
    return Reference(raw, [*sessions, after], Rules()).run()


def test_every_session_is_published_and_begins_at_the_base(engine: Engine) -> None:
    view = engine.performance()
    assert list(view.sessions) == calendar.sessions_between(view.sessions[0], view.sessions[-1])
    assert view.level_pr[0] == view.level_tr[0] == 1000.0
    assert set(view.members) == {100}


def test_every_figure_agrees_with_the_plain_reference(engine: Engine, reference: list[ReferenceSession]) -> None:
    view = engine.performance()
    assert [one.session for one in reference] == list(view.sessions)
    for name in ("level_pr", "level_tr", "return_pr", "return_tr", "turnover"):
        found, expected = getattr(view, name)[1:], [getattr(one, name) for one in reference][1:]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12), name
    assert list(view.priced) == [one.priced for one in reference]


def test_members_and_changes_agree_with_the_plain_reference(engine: Engine, reference: list[ReferenceSession]) -> None:
    members = engine._database.read(member_rows_of)
    assert all(tuple(members[one.session]) == one.members for one in reference)
    changes = [(row.session, row.kind, row.ticker, row.rank_before, row.rank_after) for row in engine.changes().rows]
    expected = [(one.session, *change) for one in reference for change in one.changes]
    assert sorted(changes, key=str) == sorted(expected, key=str)


def test_the_index_is_where_the_field_expects_it(engine: Engine) -> None:
    """Between the cap-weighted and the equal-weighted S&P 500, worst in April 2025, about 200 additions a year."""
    view = engine.performance()
    years = (len(view.sessions) - 1) / 252
    assert 0.08 < (view.level_pr[-1] / 1000) ** (1 / years) - 1 < 0.15
    worst = min(zip(view.return_pr[1:], view.sessions[1:], strict=True))
    assert (worst[1].year, worst[1].month) == (2025, 4)
    additions = sum(row.kind == "added" for row in engine.changes().rows)
    assert 150 < additions / years < 250


def test_random_file_order_and_importing_twice_print_the_same_bytes(
    engine: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = sorted(path for path in market_folder().iterdir() if path.suffix in (".csv", ".parquet"))
    random.Random(3).shuffle(files)
    main(["--data-dir", str(tmp_path), "import", *map(str, files[:3])])
    main(["--data-dir", str(tmp_path), "import", *map(str, files), str(files[0])])
    main(["--data-dir", str(tmp_path), "build"])
    outputs = []
    for folder in (engine.settings.data_dir, tmp_path):
        capfd.readouterr()
        for view in ("performance", "changes", "composition"):
            assert main(["--data-dir", str(folder), "show", view, "--format", "csv"]) == 0
        outputs.append(capfd.readouterr().out)
    assert outputs[0] == outputs[1]
    rows = list(csv.reader(outputs[0].splitlines()))
    assert rows[1][:3] == ["2021-01-29", "1000.0", "1000.0"]


def test_the_last_sessions_one_by_one_end_in_the_same_tables(engine: Engine, tmp_path: Path) -> None:
    folder, late = market_folder(), date(2026, 8, 10)
    grown = open_engine(Settings(data_dir=tmp_path / "grown"))
    parts = tmp_path / "parts"
    parts.mkdir()
    small = [path for path in folder.iterdir() if path.suffix == ".csv"]
    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("prices", "market_caps")}
    for name, frame in frames.items():
        frame.filter(pl.col("date") < late).write_parquet(parts / f"{name}.parquet")
    grown.import_files([*small, parts])
    grown.build()
    for day in calendar.sessions_between(late, date(2026, 8, 21)):
        for name, frame in frames.items():
            frame.filter(pl.col("date") == day).write_parquet(parts / f"{name}.parquet")
        grown.import_files([parts])
        assert grown.build().sessions_built == 1
    assert grown.performance().level_pr == engine.performance().level_pr
    assert grown.performance().level_tr == engine.performance().level_tr
    assert grown.changes().rows == engine.changes().rows
    assert grown.composition().rows == engine.composition().rows
