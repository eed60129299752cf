"""The whole road on real data, where they are at hand: files, store, index, and the plain reference beside it."""

from __future__ import annotations

import csv
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine import calendar
from engine.facade import Engine, open_engine
from engine.index.reference import ReferenceSession
from engine.index.reference_findings import ReferenceFindings
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
def walked(engine: Engine) -> tuple[ReferenceFindings, list[ReferenceSession]]:
    status = engine.status()
    sessions = calendar.sessions_between(status.first_session, status.last_session)
    after = calendar.next_session(sessions[-1] + timedelta(days=1))
    before = sessions[0] - timedelta(days=1)
    raw = engine._database.read(lambda session: read_raw(session, before, sessions[0], sessions[-1]))
    plain = ReferenceFindings(raw, [*sessions, after], Rules())
    return plain, plain.run()


@pytest.fixture(scope="module")
def reference(walked: tuple[ReferenceFindings, list[ReferenceSession]]) -> list[ReferenceSession]:
    return walked[1]


def published_caps(folder: Path, **settings: float) -> Engine:
    """An engine over the same market with caps as they were published, wrong by whole factors here and there."""
    market = market_folder()
    published = market.with_name(f"{market.name}-as-published") / "market_caps.parquet"
    if not published.is_file():
        pytest.skip("no caps as published beside the real market")
    found = open_engine(Settings(data_dir=folder, **settings))  # type: ignore[arg-type]
    found.import_files([path for path in market.iterdir() if path.suffix == ".csv"])
    found.import_files([market / "prices.parquet", published])
    found.build()
    return found


@pytest.fixture(scope="module")
def as_published(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return published_caps(tmp_path_factory.mktemp("published"))


def rows_of(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    return engine._database.read(lambda session: session.connection.execute(statement).fetchall())


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


def test_contributions_and_parts_of_turnover_agree_with_the_plain_reference(
    engine: Engine, reference: list[ReferenceSession]
) -> None:
    columns = "ticker, weight, weight_tr, return_pr, return_tr"
    parts = rows_of(engine, f"select session, {columns} from contribution order by session, ticker, weight")
    expected = [(one.session, *part) for one in reference for part in sorted(one.parts)]
    _same(parts, expected)
    moved = rows_of(engine, "select session, kind, ticker, turnover from index_change order by session, kind, ticker")
    _same(moved, [(one.session, *change) for one in reference for change in one.moved])


def test_findings_agree_with_the_plain_reference(
    engine: Engine, walked: tuple[ReferenceFindings, list[ReferenceSession]]
) -> None:
    found = rows_of(engine, "select kind, ticker, since, session, value, used, effect from finding")
    expected = [*walked[0].findings, *walked[0].without_cap()]
    _same(sorted(found, key=lambda row: row[:4]), sorted(expected, key=lambda row: row[:4]))


def _same(found: Sequence[tuple[Any, ...]], expected: Sequence[tuple[Any, ...]]) -> None:
    """Rows are the same, numbers but for their last bits."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert all(map(_near, one, other)), (one, other)


def _near(one: object, other: object) -> bool:
    both = isinstance(one, float) and isinstance(other, float)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) if both else one == other  # type: ignore[arg-type]


def _member_days(engine: Engine) -> set[tuple[date, str]]:
    return set(rows_of(engine, "select session, ticker from constituent where member"))


def test_the_band_keeps_wrong_caps_out_of_the_index(engine: Engine, as_published: Engine, tmp_path: Path) -> None:
    clean = _member_days(engine)
    without = published_caps(tmp_path, cap_band=0.0)
    assert len(_member_days(as_published) - clean) / len(clean) <= 0.0040
    assert 0.0060 <= len(_member_days(without) - clean) / len(clean) <= 0.0075


def test_every_member_day_that_is_wrong_all_the_same_is_on_the_list(engine: Engine, as_published: Engine) -> None:
    """Its own ticker has a finding that covers or touches the session, or it took or lost the place of one that has.

    A place that one company has wrongly is one that another has not: on each session there may be no more companies
    next to the cut without a finding than companies with one on the other side.
    """
    clean, found = _member_days(engine), _member_days(as_published)
    sessions = "select session from index_session order by session"
    number = {day: place for place, (day,) in enumerate(rows_of(as_published, sessions))}
    statement = """select ticker, min(least(since, session)), max(session) from finding
        where kind in ('quarantined-cap', 'band-expired', 'cap-step', 'no-cap') group by kind, ticker, since"""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for ticker, first, last in rows_of(as_published, statement):
        spans[ticker].append((number[first] - 1, number[last] + 1))
    sides: dict[date, Counter[str]] = defaultdict(Counter)
    for day, ticker in found ^ clean:
        listed = any(first <= number[day] <= last for first, last in spans[ticker])
        side = "impostor" if (day, ticker) in found else "missing"
        sides[day][side if listed else f"next to {side}"] += 1
    assert sides
    for day, count in sides.items():
        assert count["next to impostor"] <= count["missing"], day
        assert count["next to missing"] <= count["impostor"], day


def test_the_list_names_who_it_was(as_published: Engine) -> None:
    kinds = defaultdict(set)
    for ticker, kind in rows_of(as_published, "select distinct ticker, kind from finding"):
        kinds[kind].add(ticker)
    assert {"AMGN", "HON", "WFC", "GEN", "EIX", "NVDA", "HONA", "ILMN"} <= kinds["quarantined-cap"]
    assert {"DELL", "SNPS"} <= kinds["cap-step"]
    assert {"BRK-A", "BRK-B"} <= kinds["no-cap"]
    held_back = "select session from finding where ticker = 'NVDA' and kind = 'quarantined-cap'"
    assert rows_of(as_published, held_back) == [(date(2023, 12, 5),)]
    without = "select since, session, value from finding where ticker like 'BRK-_' and kind = 'no-cap'"
    assert set(rows_of(as_published, without)) == {(date(2021, 1, 29), date(2022, 9, 8), 406.0)}


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
