"""Every hostile text that can be stored is, and comes out of every view and file as nothing but a text."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from engine.domain.texts import FORMULA_STARTS, LONGEST_LINE
from engine.facade import open_engine
from engine.settings import Settings, default_state_dir
from engine.store.database import Database
from tests.faults.hostile_store import DAYS, NAMES, Said, harmless, run, tables, write_market
from tests.functional.terminal import PseudoTerminal
from tests.functional.test_hostile import COPIES
from tests.hostile_strings import SHORT, SQL, UNDECODABLE

VIEWS = ("performance", "metrics", "composition", "changes", "contributions", "coverage")
SHEETS = ("daily_composition", "index_performance")


@dataclass(frozen=True)
class Poisoned:
    """The store, what was said while it was filled, and the lines of the log of that."""

    folder: Path
    said: list[Said]
    log: list[str]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    folder = tmp_path_factory.mktemp("poisoned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        data = ("--data-dir", str(folder / "data"))
        with pytest.MonkeyPatch.context() as lenient:
            lenient.setattr("engine.frames.cells.TICKER", "")  # a store of an earlier version may have such tickers
            said = [run(*data, "-v", "import", path) for path in write_market(folder)]
        said.append(run(*data, "build"))
        log = (default_state_dir() / "flatcap.log").read_text(encoding="ascii").splitlines()
        yield Poisoned(folder / "data", said, log)


def show(poisoned: Poisoned, *words: str) -> str:
    said = run("--data-dir", str(poisoned.folder), *words)
    assert said.code == 0, said.err
    harmless(said.out)
    harmless(said.err)
    return said.out


def test_an_import_of_hostile_texts_goes_well_and_says_nothing_that_is_obeyed(poisoned: Poisoned) -> None:
    assert [said.code for said in poisoned.said] == [0] * len(poisoned.said)
    for said in poisoned.said:
        harmless(said.out)
        harmless(said.err)


def test_no_text_has_an_effect_in_the_store(poisoned: Poisoned, tmp_path: Path) -> None:
    Database(tmp_path).write(lambda _: None)
    stored = tables(poisoned.folder)
    assert stored.keys() == tables(tmp_path).keys()
    assert stored["security"] >= len(NAMES)
    kept = Database(poisoned.folder).read(
        lambda session: session.connection.execute("select distinct ticker from price").fetchall()
    )
    assert {"'; DROP TABLE", "$NAME", "=CMD|' -C CALC'!A0", "@SUM(A1)"} <= {ticker for (ticker,) in kept}
    assert stored["price"] == len(DAYS) * len(kept)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_prints_texts_alone(poisoned: Poisoned, view: str) -> None:
    show(poisoned, "show", view)
    for line in show(poisoned, "show", view, "--format", "jsonl").splitlines():
        json.loads(line)
    no_formula(show(poisoned, "show", view, "--format", "csv"))


def test_a_ticker_is_asked_for_as_it_was_typed_and_changes_no_table(poisoned: Poisoned) -> None:
    before = tables(poisoned.folder)
    found = json.loads(show(poisoned, "show", "stock", "--format", "json", "--", "'; drop table"))
    assert "'; DROP TABLE" in str(found)
    for text in (*SQL, UNDECODABLE[1], "X" * 100_000):
        said = run("--data-dir", str(poisoned.folder), "show", "stock", "--", text)
        assert said.code in (0, 5)
        harmless(said.err)
    assert tables(poisoned.folder) == before


def no_formula(text: str) -> None:
    """No cell of the CSV is what a spreadsheet calculates: what begins like a formula is a number or one sign."""
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert not cell.startswith(FORMULA_STARTS) or len(cell) == 1 or isinstance(float(cell), float)


@pytest.fixture(scope="module")
def exported(poisoned: Poisoned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of file, and nothing else, in one folder."""
    folder = tmp_path_factory.mktemp("exported")
    engine = open_engine(Settings(poisoned.folder))
    engine.export(folder / "all.xlsx")
    for sheet in SHEETS:
        engine.export(folder / f"{sheet}.csv", sheets=(sheet,))
    for suffix in ("json", "jsonl", "parquet"):
        engine.export(folder / f"members.{suffix}", sheets=("daily_composition",))
    assert len(list(folder.iterdir())) == len(SHEETS) + 4
    return folder


def test_no_csv_file_has_a_formula(exported: Path) -> None:
    files = [path.read_text(encoding="utf-8") for path in exported.glob("*.csv")]
    for text in files:
        no_formula(text)
    assert any("'=HYPERLINK" in text for text in files)


def test_every_line_of_json_is_whole(exported: Path) -> None:
    named = json.loads((exported / "members.json").read_text(encoding="utf-8"))["rows"]
    rows = [json.loads(line) for line in (exported / "members.jsonl").read_text(encoding="utf-8").split("\n") if line]
    assert rows == named
    assert "=cmd|' /C calc'!A0" in {row["name"] for row in rows}


def test_parquet_keeps_texts_as_they_are_stored(exported: Path) -> None:
    import polars as pl

    names = pl.read_parquet(exported / "members.parquet")["name"].to_list()
    assert {"=cmd|' /C calc'!A0", "[link=http://x.invalid]y[/link]", "<b>&amp;</b>"} <= set(names)
    assert max(map(len, names)) <= 200


def test_the_workbook_has_formulas_of_ours_alone(exported: Path) -> None:
    formulas: list[str] = []
    with ZipFile(exported / "all.xlsx") as book:
        assert not [name for name in book.namelist() if re.search("extern|hyper|vba|macro|embed|connect", name, re.I)]
        for name in book.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(book.read(name))
                formulas += [part.text or "" for part in root.iter() if part.tag.endswith("}f")]
                assert b'TargetMode="External"' not in book.read(name)
    assert formulas
    for formula in formulas:
        assert not [text for text in SHORT if len(text) > 3 and text.lstrip("=+-@") in formula], formula


def test_the_log_is_whole_lines_of_bounded_length(poisoned: Poisoned) -> None:
    assert len(poisoned.log) > len(poisoned.said)
    for line in poisoned.log:
        assert json.loads(line)["run"]
        assert line.isprintable()
        assert len(line) < 6 * LONGEST_LINE


def test_the_record_of_changes_is_harmless(poisoned: Poisoned) -> None:
    rows = open_engine(Settings(poisoned.folder)).audit(100)
    assert rows
    for row in rows:
        harmless(f"{row.what} {row.detail}")


def test_a_shell_is_offered_no_word_that_it_would_obey(poisoned: Poisoned, capsys: pytest.CaptureFixture[str]) -> None:
    import click

    from tuiapp.cli import completing
    from tuiapp.cli.invocation import Invocation
    from tuiapp.cli.main import cli

    context = click.Context(cli, info_name="flatcap", obj=Invocation())
    context.params["data_dir"] = str(poisoned.folder)
    completing.LONGEST_S, before = 60.0, completing.LONGEST_S  # type: ignore[misc]
    try:
        offered = completing.tickers(context, "")
    finally:
        completing.LONGEST_S = before  # type: ignore[misc]
    assert len(offered) >= len(NAMES)
    for item in offered:
        assert re.fullmatch(r"[\w.^=-]+", item.value, re.ASCII)
        harmless(item.help or "")
    assert capsys.readouterr() == ("", "")


def test_the_app_draws_and_copies_texts_alone(poisoned: Poisoned) -> None:
    command = [sys.executable, "-m", "tuiapp", "--data-dir", str(poisoned.folder), "--provider", "import"]
    with PseudoTerminal(command) as terminal:
        terminal.wait_for("q quit")
        for keys in ("2", "jjj", "y", "G", "Y", "3", "7", ":=cmd", "\r", "4"):
            terminal.send(keys)
            terminal.rest(0.2)
            assert terminal.process.poll() is None, terminal.text
        terminal.send("\x03")
        assert terminal.leave() == 0
        terminal.raw = COPIES.sub(b"", terminal.raw)
        assert not terminal.foreign
        assert not terminal.modes_left_on
