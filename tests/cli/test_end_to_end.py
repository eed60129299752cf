"""The command over a real engine and a real store, in this process."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import shlex
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

Rows = list[dict[str, str]]
HEADLESS = World(interactive=lambda: False)


@dataclass(frozen=True)
class Shell:
    """Runs the command over one data folder."""

    data_dir: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *argv: str) -> tuple[int, str, str]:
        code = main(["--data-dir", str(self.data_dir), *argv], HEADLESS)
        return code, *self.capsys.readouterr()

    @property
    def next_build(self) -> str:
        """The command line that builds the index of this data folder."""
        return shlex.join(["flatcap", "--data-dir", str(self.data_dir), "build"])

    def rows(self, *argv: str) -> Rows:
        code, out, err = self.run(*argv, "--format", "csv")
        assert (code, err) == (0, "")
        return list(csv.DictReader(io.StringIO(out)))


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo market in it, made once."""
    from engine.facade import open_engine
    from engine.settings import Settings, demo_settings

    folder = tmp_path_factory.mktemp("market")
    assert open_engine(demo_settings(Settings(folder))).load_demo()
    return folder


@pytest.fixture
def demo(market: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Rows]:
    shell = Shell(market, capsys)
    return lambda *argv: shell.rows("--provider", "demo", *argv)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "data", capsys)


def test_levels_follow_from_returns(demo: Callable[..., Rows]) -> None:
    rows = demo("show", "performance")
    assert len(rows) > 1200
    for series in ("pr", "tr"):
        assert rows[0][f"level_{series}"] == "1000.0"
        assert rows[0][f"return_{series}"] == ""
        for before, row in itertools.pairwise(rows):
            expected = float(before[f"level_{series}"]) * (1 + float(row[f"return_{series}"]))
            assert math.isclose(float(row[f"level_{series}"]), expected, rel_tol=1e-12)


def test_changes_lead_from_one_composition_to_the_next(demo: Callable[..., Rows]) -> None:
    sessions = [row["session"] for row in demo("show", "performance", "--from", "2026-05-15")]
    before, after = sessions[0], sessions[-1]
    members = {row["ticker"] for row in demo("show", "composition", "--as-of", before)}
    assert len(members) == 100
    for row in demo("show", "changes", "--from", sessions[1], "--to", after):
        assert (row["ticker"] in members) is (row["kind"] == "removed")
        members ^= {row["ticker"]}
    assert members == {row["ticker"] for row in demo("show", "composition", "--as-of", after)}


def test_the_members_have_equal_weights_and_rank_by_market_cap(demo: Callable[..., Rows]) -> None:
    rows = demo("show", "composition")
    assert {row["weight"] for row in rows} == {"0.01"}
    assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, 101)]
    caps = [float(row["market_cap_usd"]) for row in rows]
    assert caps == sorted(caps, reverse=True)


def test_a_date_between_two_sessions_means_the_session_before(demo: Callable[..., Rows]) -> None:
    rows = demo("show", "composition", "--as-of", "2025-12-28")
    assert {row["session"] for row in rows} == {"2025-12-26"}


def test_a_day_in_the_past_knows_nothing_of_the_days_after(demo: Callable[..., Rows]) -> None:
    whole = demo("show", "performance")
    known = demo("show", "performance", "--as-of", "2024-06-28")
    assert known == whole[: len(known)]
    assert known[-1]["session"] == "2024-06-28"


def test_metrics_agree_with_the_levels(demo: Callable[..., Rows]) -> None:
    levels = {row["session"]: float(row["level_tr"]) for row in demo("show", "performance")}
    found = [row for row in demo("show", "metrics", "--series", "TR") if row["metric"] == "total_return"]
    assert [row["period"] for row in found] == ["1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all"]
    for row in found:
        expected = levels[row["last"]] / levels[row["first"]] - 1
        assert math.isclose(float(row["value"]), expected, rel_tol=1e-9), row["period"]


def test_every_view_reads_well_on_the_demo_market(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(market, capsys)
    for view in (
        *("performance", "metrics", "months", "drawdowns", "days", "composition", "bubble", "changes --why"),
        *("contributions", "contributions --by sector --period 1Y", "coverage", "coverage --findings"),
        *("coverage --sources", "performance --explain list"),
    ):
        code, out, err = shell.run("--provider", "demo", "show", *view.split())
        assert (code, err) == (0, "")
        assert out.count("\n") >= 2
        json.loads(shell.run("--provider", "demo", "show", *view.split(), "--format", "json")[1])


@pytest.mark.parametrize("series", ["PR", "TR"])
@pytest.mark.parametrize("argv", ["", "--period 1M", "--period all", "--from 2026-01-02 --to 2026-03-31"])
def test_contributions_sum_to_the_return_of_the_index(demo: Callable[..., Rows], series: str, argv: str) -> None:
    levels = {row["session"]: float(row[f"level_{series.lower()}"]) for row in demo("show", "performance")}
    for by in ("company", "sector"):
        rows = demo("show", "contributions", *argv.split(), "--series", series, "--by", by)
        expected = levels[rows[0]["last"]] / levels[rows[0]["first"]] - 1
        assert math.isclose(sum(float(row["contribution"]) for row in rows), expected, abs_tol=1e-9)


def test_months_compound_to_the_years_and_the_years_to_the_whole(demo: Callable[..., Rows]) -> None:
    levels = [float(row["level_pr"]) for row in demo("show", "performance")]
    whole = 1.0
    for row in demo("show", "months", "--series", "PR"):
        months = [float(text) for text in list(row.values())[2:14] if text]
        assert math.isclose(math.prod(1 + month for month in months) - 1, float(row["total"]), abs_tol=1e-12)
        whole *= 1 + float(row["total"])
    assert math.isclose(whole, levels[-1] / levels[0], rel_tol=1e-12)


def test_falls_and_extreme_days_agree_with_the_metrics(demo: Callable[..., Rows]) -> None:
    metrics = demo("show", "metrics", "--period", "all")
    own = {(row["series"], row["metric"]): row["value"] for row in metrics if not row["benchmark"]}
    days = {(row["series"], row["kind"]): row["return"] for row in demo("show", "days") if row["place"] == "1"}
    for series in ("PR", "TR"):
        deepest = demo("show", "drawdowns", "--series", series)[0]
        assert math.isclose(float(deepest["depth"]), float(own[series, "max_drawdown"]), rel_tol=1e-12)
        assert days[series, "best"] == own[series, "best_day"]
        assert days[series, "worst"] == own[series, "worst_day"]


def test_a_number_is_explained_with_the_value_that_is_shown(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(market, capsys)

    def explained(view: str, what: str, *argv: str) -> dict[str, object]:
        code, out, err = shell.run(*("--provider", "demo", "show", view, "--explain", what, "--format", "json"), *argv)
        assert (code, err) == (0, ""), what
        found: dict[str, object] = json.loads(out)
        assert found["formula"], what
        return found

    row = shell.rows("--provider", "demo", "show", "composition")[0]
    for key in ("market_cap_usd", "weight"):
        assert explained("composition", f"{row['ticker']}:{key}")["value"] == float(row[key])
    sectors = ("--by", "sector", "--period", "1M")
    row = shell.rows("--provider", "demo", "show", "contributions", *sectors)[0]
    found = explained("contributions", f"{row['sector']}:contribution", *sectors)
    assert (found["view"], found["value"]) == ("sectors", pytest.approx(float(row["contribution"]), rel=1e-12))
    last = shell.rows("--provider", "demo", "show", "performance")[-1]
    for key in ("level_pr", "turnover"):
        assert explained("performance", key)["value"] == pytest.approx(float(last[key]), rel=1e-12)
    rows = shell.rows("--provider", "demo", "show", "metrics", "--period", "1Y", "--series", "TR")
    for row in (row for row in rows if row["metric"] in ("sharpe", "beta")):
        where = ("--period", "1Y", "--series", "TR", *(("--benchmark", row["benchmark"]) if row["benchmark"] else ()))
        assert explained("metrics", row["metric"], *where)["value"] == pytest.approx(float(row["value"]), rel=1e-12)


@pytest.mark.parametrize("view", ["contributions", "months", "drawdowns", "days"])
def test_the_first_session_has_no_return_and_that_is_said(
    market: Path, capsys: pytest.CaptureFixture[str], view: str
) -> None:
    code, out, err = Shell(market, capsys).run("--provider", "demo", "show", view, "--as-of", "2021-07-01")
    assert code == 0
    assert "2021-07-01" in out + err
    assert "first session" in out + err
    assert "0.00" not in out


def test_other_settings_than_those_built_with_are_pointed_out(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLATCAP_INDEX_SIZE", "2")
    shell.run("import", str(small_market(tmp_path / "files")))
    shell.run("build")
    assert shell.run("show", "months")[2] == ""
    monkeypatch.setenv("FLATCAP_INDEX_SIZE", "1")
    code, _, err = shell.run("show", "months")
    assert code == 0
    assert err == f"The index was built with other settings than those in force; next: {shell.next_build}\n"


def test_a_range_after_the_last_session_is_invalid(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(market, capsys)
    for view in ("performance", "metrics", "changes", "contributions", "months"):
        code, out, err = shell.run("--provider", "demo", "show", view, "--from", "2031-01-02")
        assert (code, out) == (5, ""), view
        assert "There is no session of top100 from 2031-01-02 on" in err
    ticker = shell.rows("--provider", "demo", "show", "composition")[0]["ticker"]
    code, out, err = shell.run("--provider", "demo", "show", "stock", ticker, "--from", "2031-01-02")
    assert (code, out) == (5, "")
    assert "There is no session of top100 from 2031-01-02 on" in err
    code, out, err = shell.run("--provider", "demo", "export", "late.csv", "--from", "2031-01-02")
    assert (code, out) == (5, "")
    assert not Path("late.csv").exists()


def test_one_stock_has_its_sessions_and_its_membership(demo: Callable[..., Rows]) -> None:
    ticker = demo("show", "composition")[0]["ticker"]
    rows = demo("show", "stock", ticker, "--from", "2026-06-01")
    assert {row["ticker"] for row in rows} == {ticker}
    assert rows[-1]["member"] == "true"
    assert rows[-1]["rank"] == "1"


def test_a_ticker_that_nobody_knows_is_invalid_data(market: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = Shell(market, capsys).run("--provider", "demo", "show", "stock", "NOSUCH")
    assert (code, out) == (5, "")
    assert "NOSUCH" in err


def test_a_file_that_is_there_is_not_written_over_unless_forced(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell, path = Shell(market, capsys), tmp_path / "levels.csv"
    assert shell.run("--provider", "demo", "export", str(path)) == (0, f"{path}\n", "")
    first = path.read_bytes()
    code, out, err = shell.run("--provider", "demo", "export", str(path))
    assert (code, out) == (1, "")
    assert "--force" in err
    assert shell.run("--provider", "demo", "export", str(path), "--force")[0] == 0
    assert path.read_bytes() == first


def test_an_exported_table_has_the_figures_that_show_prints(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell, path = Shell(market, capsys), tmp_path / "levels.csv"
    shell.run("--provider", "demo", "export", str(path), "--sheets", "index_performance")
    exported = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    shown = shell.rows("--provider", "demo", "show", "performance")
    assert [row["session"] for row in exported] == [row["session"] for row in shown]
    assert [float(row["level_tr"]) for row in exported] == [float(row["level_tr"]) for row in shown]


def test_an_empty_folder_gives_the_first_steps_and_is_left_empty(shell: Shell) -> None:
    code, out, err = shell.run()
    assert (code, err) == (5, "")
    assert out.startswith("flatcap has no data yet.")
    assert not shell.data_dir.exists()


@pytest.mark.parametrize("view", ["performance", "metrics", "composition", "changes", "stock AAA", "coverage"])
def test_a_view_of_nothing_says_what_to_do(shell: Shell, view: str) -> None:
    code, out, err = shell.run("show", *view.split())
    assert (code, out) == (5, "")
    assert "hint: " in err


def small_market(folder: Path) -> Path:
    """Three companies, three sessions, caps given: what is in the index of two can be said by hand."""
    folder.mkdir()
    prices = ["date,ticker,close,market_cap"]
    for day, closes in {
        "2024-03-27": (10, 20, 30),
        "2024-03-28": (11, 22, 27),
        "2024-04-01": (11, 33, 27),
    }.items():
        for ticker, close in zip(("AAA", "BBB", "CCC"), closes, strict=True):
            prices.append(f"{day},{ticker},{close},{close * 1_000_000_000}")
    rows = [line.split(",") for line in prices]
    (folder / "prices.csv").write_text("\n".join(",".join(row[:3]) for row in rows) + "\n", encoding="utf-8")
    caps = ["date,ticker,market_cap", *(",".join((row[0], row[1], row[3])) for row in rows[1:])]
    (folder / "caps.csv").write_text("\n".join(caps) + "\n", encoding="utf-8")
    return folder


def test_own_files_become_an_index(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLATCAP_INDEX_SIZE", "2")
    folder = small_market(tmp_path / "files")
    code, _, err = shell.run("import", str(folder))
    assert (code, err) == (0, f"Next: {shell.next_build}\n")
    code, out, err = shell.run("build")
    assert (code, err) == (0, "")
    assert out.startswith("top100: 3 sessions computed (from the start), 2024-03-27 to 2024-04-01")
    rows = shell.rows("show", "performance")
    # Decided on the first session: CCC and BBB, half each. So 0.5 x (10 % - 10 %) = 0, then 0.5 x 50 %.
    assert [float(row["level_pr"]) for row in rows] == pytest.approx([1000, 1000, 1250], abs=1e-9)
    assert [row["ticker"] for row in shell.rows("show", "composition")] == ["BBB", "CCC"]


def test_importing_and_building_twice_is_once(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLATCAP_INDEX_SIZE", "2")
    folder = small_market(tmp_path / "files")
    shell.run("import", str(folder))
    shell.run("build")
    before = shell.run("show", "performance", "--format", "json")[1]
    out = shell.run("import", str(folder))[1]
    assert [line.split()[3:6] for line in out.splitlines()[1:]] == [["0", "0", "9"]] * 2
    assert shell.run("build")[1] == "top100: nothing to do, 3 sessions to 2024-04-01.\n"
    assert shell.run("show", "performance", "--format", "json")[1] == before


def test_a_decision_about_the_data_is_taken_in_by_the_next_build_and_can_be_withdrawn(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLATCAP_INDEX_SIZE", "2")
    shell.run("import", str(small_market(tmp_path / "files")))
    shell.run("build")

    def last_level(*decision: str) -> float:
        code, out, err = shell.run("decide", *decision)
        assert (code, err) == (0, f"Next: {shell.next_build}\n")
        assert "CCC" in out
        outdated = shell.run("show", "composition")[2]
        assert outdated == f"The data have changed since the index was built; next: {shell.next_build}\n"
        assert shell.run("build")[0] == 0
        return float(shell.rows("show", "performance")[-1]["level_pr"])

    # BBB rises by 50 %, and CCC falls from 27 to 13.5 by its final price: 0.5 x 50 % - 0.5 x 50 % = 0.
    final = ("final-price", "CCC", "2024-04-01", "13.5")
    assert last_level(*final) == pytest.approx(1000, abs=1e-9)
    assert [row["kind"] for row in shell.rows("decide", "list")] == ["final-price"]
    assert last_level(*final[:3], "--withdraw") == pytest.approx(1250, abs=1e-9)
    assert shell.rows("decide", "list") == []


@pytest.mark.parametrize("argv", ["accept-cap NOSUCH 2024-03-28", "final-price NOSUCH 2024-03-28 1"])
def test_a_decision_about_nothing_is_invalid(shell: Shell, tmp_path: Path, argv: str) -> None:
    shell.run("import", str(small_market(tmp_path / "files")))
    code, out, err = shell.run("decide", *argv.split())
    assert (code, out) == (5, "")
    assert "hint: " in err


def test_refused_rows_are_told_with_their_reason(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("date,ticker,close\n2024-03-27,AAA,10\n2024-03-28,AAA,-1\n", encoding="utf-8")
    code, out, err = shell.run("import", str(path))
    assert code == 0
    assert out.splitlines()[1].split()[2:7] == ["2", "1", "0", "0", "1"]
    assert "1 row refused: close" in err


def test_a_file_of_which_nothing_can_be_taken_is_invalid(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("date,ticker,close\n2024-03-28,AAA,-1\n", encoding="utf-8")
    assert shell.run("import", str(path))[0] == 5


def test_the_store_is_readable_by_its_owner_alone(shell: Shell, tmp_path: Path) -> None:
    shell.run("import", str(small_market(tmp_path / "files")))
    assert stat.S_IMODE(shell.data_dir.stat().st_mode) == 0o700
    files = [path for path in shell.data_dir.rglob("*") if path.is_file()]
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_file_that_is_no_store_is_a_damaged_store(shell: Shell) -> None:
    shell.data_dir.mkdir()
    (shell.data_dir / "flatcap.duckdb").write_bytes(b"this is no database" * 1000)
    code, out, err = shell.run("show", "performance")
    assert (code, out) == (4, "")
    assert "hint: " in err


def test_real_files_do_not_enter_the_demo_market(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_market(tmp_path / "files")
    code, _, err = Shell(market / "demo", capsys).run("import", str(folder))
    assert code == 5
    assert "synthetic" in err


def test_a_workbook_agrees_with_itself_and_with_what_is_shown(
    market: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    shell, sheets = Shell(market, capsys), "index_performance,summary_metrics,contributions,drawdowns,data_quality"
    argv = ("--provider", "demo", "export", "--sheets", sheets, "--from", "2026-01-02", "--to", "2026-03-31")
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        assert shell.run(*argv, str(path)) == (0, f"{path}\n", "")
    assert paths[0].read_bytes() == paths[1].read_bytes()
    book = openpyxl.load_workbook(paths[0], data_only=True)
    metrics = table_of(book["summary_metrics"])
    contributions = table_of(book["contributions"])
    for series in ("PR", "TR"):
        (row,) = (row for row in metrics if row["series"] == series and not row["benchmark"])
        added = sum(row["contribution"] for row in contributions if row["series"] == series)
        assert math.isclose(added, row["total_return"], abs_tol=1e-9)
        deepest = next(row for row in table_of(book["drawdowns"]) if row["series"] == series)
        assert math.isclose(deepest["depth"], row["max_drawdown"], rel_tol=1e-12)
    findings = shell.rows("--provider", "demo", "show", "coverage", "--findings")
    found = [(row["kind"], row["ticker"] or "", row["detail"]) for row in table_of(book["data_quality"])]
    assert found == [(row["kind"], row["ticker"], row["detail"]) for row in findings]


def table_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet, up to the first empty one, by the keys in its header."""
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    whole = itertools.takewhile(lambda row: any(cell is not None for cell in row), rows)
    return [dict(zip(head, row, strict=True)) for row in whole]


def test_the_choices_of_the_command_are_those_of_the_engine() -> None:
    from engine.domain import sheets as registry
    from engine.export import sheets
    from engine.frames import synonyms
    from engine.metrics.periods import PERIODS
    from engine.views import contributions
    from tuiapp.cli import commands, options

    assert options.PERIODS == PERIODS
    assert options.SERIES == contributions.SERIES
    assert set(commands.KINDS) == set(synonyms.KINDS)
    assert list(sheets.SHEETS) == list(registry.SHEETS)
