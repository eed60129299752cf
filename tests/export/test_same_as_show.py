"""A table in a file holds what ``show`` prints of the same sessions, value by value."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.facade import Engine, open_engine
from engine.settings import Settings
from tuiapp.cli.main import main

SAME = {
    "index_performance": ["performance"],
    "daily_composition": ["composition"],
    "composition_changes": ["changes", "--why"],
    "contributions": ["contributions", "--period", "all"],
    "sector_contributions": ["contributions", "--period", "all", "--by", "sector"],
    "monthly_returns": ["months"],
    "drawdowns": ["drawdowns"],
    "days": ["days"],
    "data_quality": ["coverage", "--findings"],
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Two of three companies, fifty days over a turn of the year, prices that rise and fall."""
    folder = tmp_path_factory.mktemp("same")
    days = [day for day in (date(2023, 12, 1) + timedelta(days=n) for n in range(50)) if day.weekday() < 5]
    days = [day for day in days if day not in (date(2023, 12, 25), date(2024, 1, 1), date(2024, 1, 15))]
    prices = {
        name: [10 + (n * step) % 7 / 10 for n in range(len(days))] for name, step in (("A", 3), ("B", 5), ("C", 2))
    }
    lines = [(day, name, prices[name][n]) for n, day in enumerate(days) for name in prices]
    (folder / "prices.csv").write_text("\n".join(["date,ticker,close", *(f"{d},{t},{p}" for d, t, p in lines)]))
    (folder / "market_caps.csv").write_text(
        "\n".join(["date,ticker,market_cap", *(f"{d},{t},{p * 1e8}" for d, t, p in lines)])
    )
    made = open_engine(Settings(data_dir=folder / "store", index_size=2, provider="import"))
    made.import_files([folder / "prices.csv", folder / "market_caps.csv"])
    made.build()
    return made


@pytest.mark.parametrize("sheet", SAME)
def test_a_file_holds_what_show_prints(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sheet: str
) -> None:
    monkeypatch.setenv("FLATCAP_INDEX_SIZE", "2")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    start = engine.performance().sessions[-1] if sheet == "daily_composition" else None
    exported = engine.export(tmp_path / "table.json", sheets=[sheet], start=start)
    words = ["--data-dir", str(engine.settings.data_dir), "--provider", "import", "show", *SAME[sheet]]
    assert main([*words, "--format", "json"]) == 0
    shown: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    rows = json.loads(exported.read_text(encoding="utf-8"))["rows"]
    series = {row["series"] for row in shown if "series" in row}
    rows = [row for row in rows if row.get("series") in series or not series]
    assert rows or sheet == "data_quality"
    assert [{key: row[key] for key in head} for row, head in zip(rows, shown, strict=True)] == shown


def test_true_and_false_are_written_as_show_writes_them(engine: Engine, tmp_path: Path) -> None:
    import polars as pl

    def export(suffix: str) -> Path:
        return engine.export(tmp_path / f"months{suffix}", sheets=["monthly_returns"])

    with io.StringIO(export(".csv").read_text(encoding="utf-8")) as file:
        assert {row["partial"] for row in csv.DictReader(file)} <= {"true", "false"}
    assert {row["partial"] for row in json.loads(export(".json").read_text())["rows"]} <= {True, False}
    assert pl.read_parquet(export(".parquet")).schema["partial"] == pl.Boolean
