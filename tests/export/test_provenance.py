"""An export says where it comes from: enough to make the same numbers again."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from engine import __version__
from engine.facade import Engine, open_engine
from engine.index.rules import METHODOLOGY_VERSION, Rules
from engine.provenance import CHANGE_NO_NUMBER, OF_A_FETCH
from engine.settings import SETTINGS, Settings

# What another value of it can change: the data that are fetched, who is a member, levels, or metrics.
CHANGE_NUMBERS = {
    "index_size", "weighting", "buffer", "rebalance", "index_sectors", "index_exchanges", "base_level", "base_date",
    "cost_bps", "risk_free", "cap_band", "domicile", "provider", "universe_size", "min_cap_usd", "exchanges",
    "history_years", "benchmarks", "fx_pairs",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("provenance")
    days = [f"2024-01-{day:02}" for day in (2, 3, 4, 5)]
    (folder / "prices.csv").write_text("\n".join(["date,ticker,close", *(f"{day},A,10" for day in days)]))
    (folder / "market_caps.csv").write_text("\n".join(["date,ticker,market_cap", *(f"{day},A,1e9" for day in days)]))
    settings = Settings(
        data_dir=folder / "store", index_size=1, risk_free=0.04, title="One & only", origins={"index_size": "flag"}
    )
    made = open_engine(settings)
    made.import_files([folder / "prices.csv", folder / "market_caps.csv"])
    made.build()
    return made


def metadata(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    return found


def test_every_setting_is_known_to_change_numbers_or_not_to() -> None:
    """A new setting is thought of here, once."""
    names = {setting.name for setting in SETTINGS}
    assert names <= CHANGE_NUMBERS | CHANGE_NO_NUMBER
    assert not CHANGE_NUMBERS & CHANGE_NO_NUMBER
    assert names <= {field.name for field in fields(Settings)}


def test_versions_index_range_sources_and_settings_with_their_origins_are_said(engine: Engine, tmp_path: Path) -> None:
    facts = metadata(engine.export(tmp_path / "index.json", start=date(2024, 1, 3)))
    assert facts["flatcap version"] == __version__
    assert facts["methodology version"] == METHODOLOGY_VERSION
    assert (facts["market"], facts["table"], facts["rows"]) == ("import", "index_performance", 3)
    assert (facts["index"], facts["title"]) == ("top100", "One & only")
    assert (facts["first session exported"], facts["last session exported"]) == ("2024-01-03", "2024-01-05")
    assert (facts["first session of the index"], facts["sessions exported"]) == ("2024-01-02", 3)
    assert facts["source import"].startswith("2 batches, 8 rows new, 0 changed, last at 20")
    assert facts["setting index_size"] == "1 (flag)"
    assert facts["setting risk_free"] == "0.04 (default)"
    assert facts["rule size"] == 1
    assert not [key for key in facts if key.removeprefix("setting ") in CHANGE_NO_NUMBER and key.startswith("setting ")]
    assert "state" not in facts


def test_every_rule_in_force_is_said_whether_it_is_the_usual_one_or_not(engine: Engine, tmp_path: Path) -> None:
    facts = metadata(engine.export(tmp_path / "rules.json"))
    assert {f"rule {field.name}" for field in fields(Rules)} == {key for key in facts if key.startswith("rule ")}
    assert (facts["rule weighting"], facts["rule sectors"], facts["rule base_date"]) == ("equal", "any", "any")
    assert facts["rule base_level"] == 1000


def test_what_says_what_is_fetched_stands_only_where_something_was_fetched(engine: Engine, tmp_path: Path) -> None:
    assert not {f"setting {name}" for name in OF_A_FETCH} & metadata(engine.export(tmp_path / "import.json")).keys()
    assert OF_A_FETCH < CHANGE_NUMBERS


def test_an_index_that_was_built_under_other_settings_says_so(engine: Engine, tmp_path: Path) -> None:
    other = open_engine(replace(engine.settings, index_size=2))
    facts = metadata(other.export(tmp_path / "index.json"))
    assert facts["state"] == "built under other settings than those in force"
    assert (facts["rule size"], facts["setting index_size"]) == (1, "2 (flag)")


def test_the_workbook_counts_the_rows_of_every_sheet(engine: Engine, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(engine.export(tmp_path / "index.xlsx"))
    lines = [tuple(cell.value for cell in row) for row in book["provenance"].iter_rows(min_row=2)]
    rows = {section: value for section, item, value in lines if item == "rows"}
    assert list(rows) == book.sheetnames[:-1]
    assert (rows["index_performance"], rows["daily_composition"], rows["sector_weights"]) == (4, 4, 1)
    for name in ("daily_composition", "contributions", "drawdowns", "data_quality"):
        assert book[name].max_row == rows[name] + 1


def test_parquet_carries_the_same_facts(engine: Engine, tmp_path: Path) -> None:
    path = engine.export(tmp_path / "index.parquet")
    assert pl.read_parquet_metadata(path)["setting index_size"] == "1 (flag)"
    assert pl.read_parquet_metadata(path)["rows"] == "4"


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "json", "jsonl", "parquet"])
def test_the_same_store_gives_the_same_bytes(engine: Engine, tmp_path: Path, suffix: str) -> None:
    first, second = (engine.export(tmp_path / f"{name}.{suffix}") for name in "ab")
    assert first.read_bytes() == second.read_bytes()
