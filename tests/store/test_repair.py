"""Repair end to end: something is broken, it is found, a copy is kept, and the index is that of a clean build."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import StoreDamaged
from engine.facade import Engine
from engine.settings import Settings
from engine.store.database import STORE_NAME, Database, Session
from tests.store.engines import DAYS, built, stored, three_names, write

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
DERIVED = ["index_session", "constituent", "index_change", "contribution", "market_state", "finding", "listing_spell"]


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    engine = built(tmp_path_factory.mktemp("built"), three_names(), index_size=2)
    write(engine, "update audit set changed_at = timestamp '2024-01-06 12:00:00'")
    return engine.settings.data_dir


@pytest.fixture
def engine(tmp_path: Path, _built: Path) -> Engine:
    """Three names, three sessions, two places; nothing is ever fetched."""
    shutil.copytree(_built, tmp_path / "data")
    return over(tmp_path / "data")


def over(folder: Path, **settings: object) -> Engine:
    chosen = Settings(data_dir=folder, index_size=2, provider="import", **settings)  # type: ignore[arg-type]
    return Engine(chosen, Database(folder), clock=lambda: NOW)


def derived(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that was computed."""

    def rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
        return {
            table: session.connection.execute(f"select * from {table} order by all").fetchall() for table in DERIVED
        }

    return Database(folder).read(rows)


def bad(engine: Engine) -> set[str]:
    return {check.name for check in engine.diagnose() if check.state == "bad"}


BROKEN = {
    "index_session_levels": "update index_session set level_pr = level_pr * 2 where ordinal = 1",
    "constituent_weights": "update constituent set weight = 0.7 where ticker = 'AA'",
    "contribution_sums": "delete from contribution where ticker = 'AA'",
    "constituent_keys": "insert into constituent select * from constituent",
    "listing_spell_values": "update listing_spell set last_session = first_session - 1",
    "price_keys": "insert into price select * replace (close * 3 as close, 0 as ingest_id) from price",
    "market_cap_keys": "insert into market_cap select * replace (1 as market_cap_usd, 0 as ingest_id) from market_cap",
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_broken_is_mended_and_the_store_as_it_was_is_kept(engine: Engine, tmp_path: Path, name: str) -> None:
    folder = engine.settings.data_dir
    clean = derived(folder)
    write(engine, BROKEN[name])
    broken = derived(folder)
    assert name in bad(engine)
    hint = next(check.hint for check in engine.diagnose() if check.name == name)
    assert hint == "flatcap doctor --repair mends it"
    report = engine.repair()
    assert report.left == ()
    assert bad(engine) == set()
    assert report.backup == folder / "flatcap-before-repair-20240301T123000Z.duckdb"
    assert report.done[-1] == "The index top100 was built again from its start."
    assert derived(folder) == clean
    (tmp_path / "copy").mkdir()
    shutil.copy(report.backup, tmp_path / "copy" / STORE_NAME)
    assert derived(tmp_path / "copy") == broken
    assert name in bad(over(tmp_path / "copy"))


def test_of_rows_that_are_there_twice_the_newest_stays(engine: Engine) -> None:
    write(engine, "insert into ingest select * replace (2 as ingest_id) from ingest where ingest_id = 1")
    write(
        engine, "insert into price select * replace (close + 1 as close, 2 as ingest_id) from price where ticker = 'AA'"
    )
    engine.repair()
    assert stored(engine, "select close from price where ticker = 'AA' order by session") == [(11.0,), (12.0,), (10.9,)]
    recorded = "select what, rows_removed from audit where detail like 'repair%'"
    assert stored(engine, recorded) == [("price", 3)]
    assert engine.performance().level_pr[1] == pytest.approx(1000 * (1 + (12 / 11 - 1) / 2 + (19 / 20 - 1) / 2))


def test_a_repair_that_is_cut_short_is_made_good_by_the_next_build(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = engine.settings.data_dir
    clean = derived(folder)
    write(engine, BROKEN["price_keys"])
    engine.build(full=True)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "build", killed)
        with pytest.raises(KeyboardInterrupt):
            engine.repair()
    assert engine.build().full
    assert derived(folder) == clean
    assert bad(engine) == set()


def test_a_healthy_store_is_left_alone(engine: Engine) -> None:
    folder = engine.settings.data_dir
    before = (folder / STORE_NAME).read_bytes()
    report = engine.repair()
    assert (report.backup, report.done, report.left) == (None, (), ())
    assert (folder / STORE_NAME).read_bytes() == before
    assert not list(folder.glob("flatcap-before-*"))


def test_where_there_is_no_store_nothing_is_made(tmp_path: Path) -> None:
    report = over(tmp_path / "none").repair()
    assert (report.backup, report.done) == (None, ())
    assert not (tmp_path / "none").exists()


def test_open_files_are_closed_and_leftovers_go_without_a_copy(engine: Engine) -> None:
    folder = engine.settings.data_dir
    (folder / STORE_NAME).chmod(0o666)
    folder.chmod(0o777)
    for name in ("flatcap.new", ".flatcap-abc.part"):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (NOW.timestamp() - 7200,) * 2)
    assert bad(engine) == {"permissions", "store"}
    report = engine.repair()
    assert (report.backup, len(report.done), report.left) == (None, 4, ())
    assert stat.S_IMODE((folder / STORE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (folder / "flatcap.new").exists()
    assert {check.state for check in engine.diagnose() if check.name in ("permissions", "leftovers")} == {"good"}


def test_a_file_that_is_being_written_is_no_leftover(engine: Engine) -> None:
    fresh = engine.settings.data_dir / ".flatcap-abc.part"
    fresh.touch()
    os.utime(fresh, (NOW.timestamp() - 60,) * 2)
    assert next(check.state for check in engine.diagnose() if check.name == "leftovers") == "good"
    engine.repair()
    assert fresh.exists()


IMPOSSIBLE = {
    "price": "update price set close = -5 where ticker = 'AA' and session = '2024-01-03'",
    "shares": "insert into shares values ('2024-01-03', 'AA', 'nan', 1)",
    "market_cap": "update market_cap set market_cap_usd = 0 where ticker = 'AA' and session = '2024-01-03'",
    "split": "insert into split values ('2024-01-03', 'AA', 0, 1)",
    "dividend": "insert into dividend values ('2024-01-03', 'AA', -1, 1)",
    "benchmark": "insert into benchmark values ('2024-01-03', '^SPX', 'inf', 1)",
    "fx": "insert into fx values ('2024-01-03', 'EURUSD', -1, 1)",
    "final_price": "insert into final_price values ('2024-01-03', 'AA', -1, 1)",
    "share_scale": "insert into share_scale values ('AA', '2024-01-03', 0, 1)",
}


@pytest.mark.parametrize("table", sorted(IMPOSSIBLE))
def test_rows_that_cannot_be_go_and_are_kept_among_the_refused(engine: Engine, table: str) -> None:
    write(engine, IMPOSSIBLE[table])
    assert f"{table}_values" in bad(engine)
    report = engine.repair()
    assert (report.left, bad(engine)) == ((), set())
    assert report.backup is not None
    assert report.done[0].startswith(f"1 row of {table} that cannot be went; the copy keeps them (2024-01-03 ")
    recorded = "select rows_removed, first, last from audit where detail like 'repair: rows%'"
    assert stored(engine, recorded) == [(1, DAYS[1], DAYS[1])]
    assert stored(engine, "select file, kind, rows, first from refused_row") == [
        (report.backup.name, table, 1, DAYS[1])
    ]
    assert [one.kind for one in engine.coverage().findings if one.source == report.backup.name] == ["refused-row"]


def test_an_impossible_price_is_in_no_level_after_a_repair(engine: Engine) -> None:
    clean = engine.performance().level_pr
    write(engine, "update price set close = -5 where ticker = 'CC' and session = '2024-01-03'")
    engine.build(full=True)
    assert engine.performance().level_pr != clean
    engine.repair()
    assert stored(engine, "select count(*) from constituent where not (market_cap_usd > 0 and close > 0)") == [(0,)]
    assert min(engine.performance().level_pr) > 900


def test_an_impossible_row_never_wins_over_a_sound_one_with_its_key(engine: Engine) -> None:
    clean = derived(engine.settings.data_dir)
    write(engine, "insert into price select * replace (-5 as close, 1 as ingest_id) from price where ticker = 'AA'")
    assert {"price_keys", "price_values"} <= bad(engine)
    engine.repair()
    assert bad(engine) == set()
    assert derived(engine.settings.data_dir) == clean


def test_what_nobody_can_mend_is_left_and_said(engine: Engine) -> None:
    write(engine, "insert into rename values ('2024-01-03', 'AA', 'AA', 1)")
    report = engine.repair()
    assert (report.backup, report.done) == (None, ())
    assert [check.name for check in report.left] == ["rename_values"]
    assert report.left[0].text == "Renames to nothing or to the same ticker: 1, such as 2024-01-03 AA."


def test_an_index_that_nobody_defines_is_left_to_its_next_build(engine: Engine) -> None:
    folder = engine.settings.data_dir
    other = over(folder, index="other")
    other.build()
    clean = derived(folder)
    write(engine, "update index_session set level_pr = 7 where index_name = 'other'")
    report = engine.repair()
    assert report.left == ()
    assert report.done[-1] == "The index other has to be built again: flatcap --index other build."
    other.build()
    assert derived(folder) == clean


def test_a_sound_index_that_nobody_defines_keeps_its_rows(engine: Engine) -> None:
    folder = engine.settings.data_dir
    over(folder, index="other").build()
    clean = derived(folder)
    write(engine, "update index_session set level_pr = 7 where index_name = 'top100'")
    engine.repair()
    assert derived(folder) == clean


def test_a_file_of_another_kind_is_kept_and_the_newest_sound_copy_is_the_store(engine: Engine) -> None:
    folder = engine.settings.data_dir
    clean = derived(folder)
    for number, name in enumerate(("flatcap-before-repair-20240101T000000Z.duckdb", "b.backup", "a.backup")):
        shutil.copy(folder / STORE_NAME, folder / name)
        os.utime(folder / name, (NOW.timestamp() - 60 * number,) * 2)
    (folder / STORE_NAME).write_bytes(b"no store" * 1000)
    shutil.copy(folder / STORE_NAME, folder / "flatcap-before-restore-20240229T000000Z.duckdb")
    check = engine.diagnose()[0]
    assert (check.name, check.state) == ("store", "bad")
    assert "flatcap doctor --repair" in check.hint
    report = engine.repair()
    newest = "flatcap-before-repair-20240101T000000Z.duckdb"
    assert report.done == (f"Nothing of the store could be read; {newest} is the store now.",)
    assert derived(folder) == clean
    assert report.backup == folder / "flatcap-before-repair-20240301T123000Z.duckdb"
    assert report.backup.read_bytes() == b"no store" * 1000


def test_what_cannot_be_read_and_has_no_copy_stays_as_it_is(engine: Engine) -> None:
    folder = engine.settings.data_dir
    (folder / STORE_NAME).write_bytes(b"no store" * 1000)
    there = {path.name for path in folder.iterdir()} | {"flatcap.fetch"}
    with pytest.raises(StoreDamaged) as failed:
        engine.repair()
    assert "there is no sound copy beside it" in failed.value.hint
    assert (folder / STORE_NAME).read_bytes() == b"no store" * 1000
    assert {path.name for path in folder.iterdir()} == there


MORE = {"yahoo": "flatcap update", "import": "flatcap import PATH", "demo": "flatcap demo"}


@pytest.mark.parametrize("provider", MORE)
def test_where_data_are_missing_the_way_to_them_is_that_of_the_provider(tmp_path: Path, provider: str) -> None:
    engine = Engine(Settings(data_dir=tmp_path, provider=provider), Database(tmp_path), clock=lambda: NOW)
    check = engine.diagnose()[0]
    assert (check.name, check.state) == ("store", "warn")
    assert check.hint.startswith(MORE[provider])
    Database(tmp_path).write(lambda _: None)
    prices = next(check for check in engine.diagnose() if check.name == "prices")
    assert (prices.state, prices.hint) == ("warn", check.hint)
    hints = " ".join(check.hint for check in engine.diagnose())
    assert ("flatcap update" in hints) == (provider == "yahoo")


def test_a_store_that_lost_every_byte_is_bad_and_a_copy_comes_back(engine: Engine) -> None:
    folder = engine.settings.data_dir
    clean = derived(folder)
    shutil.copy(folder / STORE_NAME, folder / "a.backup")
    os.truncate(folder / STORE_NAME, 0)
    check = engine.diagnose()[0]
    assert (check.name, check.state) == ("store", "bad")
    assert "flatcap doctor --repair" in check.hint
    report = engine.repair()
    assert report.left == ()
    assert report.lost[0].startswith("What was stored after ")
    assert derived(folder) == clean
