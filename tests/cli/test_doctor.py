"""``flatcap doctor``, ``backup`` and ``restore``: what they say, to whom, and with which exit code."""

from __future__ import annotations

import io
import json
import shutil
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.errors import ExportError, StoreDamaged
from engine.reports import Check
from engine.views.copies import CopyRow
from tests.cli.conftest import Desk
from tests.cli.fakes import CHECKS, INDICES
from tests.store.engines import built, three_names
from tuiapp.cli import terminal
from tuiapp.cli.main import main


def told(env: dict[str, str]) -> dict[str, str]:
    """What is said of a terminal, by what was looked at."""
    return {check.name: check.text for check in terminal.checks(env, interactive=True)}


def test_a_repair_says_what_was_done_before_what_is_left(desk: Desk) -> None:
    desk.engine.checks = CHECKS[2:]
    answer = desk.run("doctor", "--repair")
    assert desk.engine.asked == [("repair",), ("diagnose", False)]
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[:3] == [
        "The store as it was is kept as /data/flatcap-before-repair.duckdb.",
        "The index top100 was built again.",
        "good  store: 12.5 MB, in order.",
    ]


def test_a_repair_for_programs_keeps_stdout_to_the_checks(desk: Desk) -> None:
    answer = desk.run("doctor", "--repair", "--json")
    checks = json.loads(answer.out)
    assert [list(check) for check in checks] == [["name", "state", "text", "hint"]] * 4
    assert "flatcap-before-repair" in answer.err
    assert answer.code == 1


def test_a_repair_of_a_healthy_store_says_so(desk: Desk) -> None:
    desk.engine.checks = CHECKS[2:]
    desk.engine.repaired = replace(desk.engine.repaired, backup=None, done=())
    assert desk.run("doctor", "--repair").out.splitlines()[0] == "Nothing had to be mended."


def test_what_is_bad_comes_before_what_is_said_of_the_terminal(desk: Desk) -> None:
    desk.tty, desk.env = True, {"TERM": "xterm-256color", "COLUMNS": "40", "LINES": "10"}
    desk.engine.checks = (Check("store", "good", "In order."), Check("index", "bad", "Wrong."))
    names = [line.split()[1].strip(":") for line in desk.run("doctor").out.splitlines() if line[0] != " "]
    assert names[0] == "index"
    assert set(names) == {"index", "store", "terminal", "colours", "characters", "clipboard", "mouse"}


@pytest.mark.parametrize(
    ("width", "height", "state"), [("60", "18", "good"), ("59", "18", "warn"), ("60", "17", "warn")]
)
def test_the_size_of_the_terminal_is_told(monkeypatch: pytest.MonkeyPatch, width: str, height: str, state: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("LINES", height)
    check = next(terminal.checks({"TERM": "xterm"}, interactive=True))
    assert check.state == state
    assert f"TERM is xterm, {width}x{height}" in check.text


@pytest.mark.parametrize(
    ("env", "name", "said"),
    [
        ({"NO_COLOR": ""}, "colours", "NO_COLOR"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "colours", "16 million"),
        ({"TERM": "screen-256color"}, "colours", "256."),
        ({"TERM": "vt100"}, "colours", "16:"),
        ({"TERM": "xterm", "TMUX": "/tmp/x"}, "clipboard", "tmux"),
        ({"TERM": "screen"}, "clipboard", "screen"),
        ({"TERM": "linux"}, "clipboard", "to a file"),
        ({"TERM": "xterm"}, "clipboard", "straight to the terminal"),
        ({"SSH_TTY": "/dev/pts/1"}, "mouse", "over SSH"),
        ({}, "mouse", "Used"),
    ],
)
def test_what_a_terminal_can_do_is_guessed_from_what_it_says(env: dict[str, str], name: str, said: str) -> None:
    assert said in told(env)[name]


def test_a_terminal_without_utf8_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, state in (("latin-1", "warn"), ("UTF-8", "good")):
        monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
        found = {check.name: check for check in terminal.checks({"TERM": "xterm"}, interactive=True)}
        assert found["characters"].state == state


@pytest.mark.parametrize(("argv", "asked"), [((), (None, False)), (("x.backup", "--force"), (Path("x.backup"), True))])
def test_a_backup_prints_its_path_and_nothing_else(
    desk: Desk, argv: tuple[str, ...], asked: tuple[object, bool]
) -> None:
    answer = desk.run("backup", *argv)
    assert desk.engine.asked == [("backup", *asked)]
    assert (answer.code, answer.out) == (0, "/copies/x.backup\n")
    assert answer.err == "12.5 MB, 3 sessions of prices to 2024-04-01. Next: keep it on another disk.\n"


def test_a_backup_that_cannot_be_written_fails(desk: Desk) -> None:
    desk.engine.failure = ExportError("x.backup exists already and was not touched.", hint="--force writes over it")
    answer = desk.run("backup", "x.backup")
    assert (answer.code, answer.out) == (1, "")
    assert "--force writes over it" in answer.err


@pytest.fixture
def copy(tmp_path: Path) -> str:
    """A file to restore."""
    (tmp_path / "x.backup").touch()
    return str(tmp_path / "x.backup")


def test_a_restore_says_what_was_lost_where_it_is_kept_and_what_is_next(desk: Desk, copy: str) -> None:
    answer = desk.run("restore", copy)
    assert desk.engine.asked == [("restore", Path(copy)), ("indices",)]
    assert answer.out.splitlines() == [
        "/copies/x.backup is the store now: 3 sessions of prices to 2024-04-01.",
        "The store that was there had 2 sessions after that; flatcap update or import brings them again.",
        "The store that was there is kept as /data/flatcap-before-restore.duckdb.",
    ]
    assert answer.err == "Next: flatcap build\n"


def test_a_first_restore_says_only_what_there_is(desk: Desk, copy: str) -> None:
    desk.engine.restored = replace(desk.engine.restored, kept=None, lost=0, sessions=0, last=None)
    answer = desk.run("restore", copy)
    assert (answer.out, answer.err) == ("/copies/x.backup is the store now: 0 sessions of prices.\n", "")


def test_no_build_is_asked_for_after_a_restore_of_an_index_that_is_up_to_date(desk: Desk, copy: str) -> None:
    desk.engine.index_rows = INDICES[:1]
    assert desk.run("restore", copy).err == ""
    desk.engine.index_rows = (replace(INDICES[0], outdated="data"),)
    assert desk.run("restore", copy).err == "Next: flatcap build\n"


def test_without_a_path_the_copies_are_told_and_nothing_is_restored(desk: Desk) -> None:
    at = datetime(2024, 4, 1, 12, tzinfo=UTC)
    desk.engine.copy_rows = (
        CopyRow(Path("/my data/flatcap-last-good.duckdb"), at, 12_500_000, True, 3, date(2024, 4, 1)),
        CopyRow(Path("/my data/x.backup"), at, 5000, sound=False),
    )
    answer = desk.run("restore")
    assert (answer.code, answer.err, desk.engine.asked) == (0, "", [("copies",)])
    assert answer.out.splitlines() == [
        "flatcap-last-good.duckdb: 2024-04-01 12:00 UTC, 12.5 MB, 3 sessions of prices to 2024-04-01",
        "  flatcap restore '/my data/flatcap-last-good.duckdb'",
        "x.backup: 2024-04-01 12:00 UTC, 0.0 MB, cannot be used",
    ]


def test_without_a_path_and_without_a_copy_there_is_nothing_to_list(desk: Desk) -> None:
    answer = desk.run("restore")
    assert (answer.code, answer.out) == (5, "")
    assert answer.err.splitlines() == [
        "flatcap: There is no copy beside the store.",
        "  hint: flatcap restore PATH takes one from elsewhere",
    ]


def test_what_a_repair_has_lost_is_told_to_people_and_to_programs(desk: Desk) -> None:
    desk.engine.checks = CHECKS[2:]
    desk.engine.repaired = replace(desk.engine.repaired, lost=("12 rows of price are lost.",))
    assert "12 rows of price are lost." in desk.run("doctor", "--repair").out.splitlines()
    lost = json.loads(desk.run("doctor", "--repair", "--json").out)[0]
    assert lost == {"name": "lost", "state": "warn", "text": "12 rows of price are lost.", "hint": ""}


def test_what_is_no_store_is_not_restored(desk: Desk, copy: str) -> None:
    desk.engine.failure = StoreDamaged("x.backup is no store of flatcap.", hint="choose another")
    assert desk.run("restore", copy).code == 4


@pytest.mark.parametrize("name", ["none", "."])
def test_what_is_no_file_is_not_restored(desk: Desk, tmp_path: Path, name: str) -> None:
    answer = desk.run("restore", str(tmp_path / name))
    assert (answer.code, desk.engine.asked) == (2, [])


def run(capsys: pytest.CaptureFixture[str], folder: Path, *argv: str) -> tuple[int, str, str]:
    """A command on a store that is really there."""
    code = main(["--data-dir", str(folder), "--provider", "import", *argv])
    return code, *capsys.readouterr()


def test_a_damaged_store_is_found_told_and_brought_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data"
    built(folder, three_names(), index_size=2)
    whole = folder / "flatcap.duckdb"
    assert run(capsys, folder, "backup", str(folder / "good.backup"))[0] == 0
    before = run(capsys, folder, "show", "performance", "--format", "csv")[1]
    body = bytearray(whole.read_bytes())
    for place in range(3 * 4096 + 50_000, len(body), 100_000):
        body[place] ^= 0xFF
    whole.write_bytes(body)
    code, out, _ = run(capsys, folder, "doctor")
    assert code == 1
    assert out.splitlines()[0].startswith(f"bad   store: {whole} is not a store that can be read")
    assert "doctor --repair" in out.splitlines()[1]
    for verb in (["show", "performance"], ["backup", str(tmp_path / "x")]):
        assert run(capsys, folder, *verb)[0] == 4
    assert run(capsys, folder, "restore", str(folder / "good.backup"))[0] == 0
    assert run(capsys, folder, "show", "performance", "--format", "csv")[1] == before


def test_a_store_that_was_truncated_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(tmp_path, three_names(), index_size=2)
    whole = tmp_path / "flatcap.duckdb"
    shutil.copy(whole, tmp_path / "x")
    for size in (whole.stat().st_size // 2, 5000, 0):
        shutil.copy(tmp_path / "x", whole)
        with whole.open("r+b") as file:
            file.truncate(size)
        code, out, _ = run(capsys, tmp_path, "doctor", "--json")
        assert code == 1
        assert json.loads(out)[0]["name"] == "store"


def test_a_store_that_is_gone_is_told_with_the_copy_that_brings_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built(tmp_path, three_names(), index_size=2)
    copy = tmp_path / "good.backup"
    assert run(capsys, tmp_path, "backup", str(copy))[0] == 0
    (tmp_path / "flatcap.duckdb").unlink()
    code, out, _ = run(capsys, tmp_path, "doctor", "--json")
    worst = json.loads(out)[0]
    shown = run(capsys, tmp_path, "show", "performance")[2]
    assert (code, worst["name"], worst["text"]) == (
        1,
        "store",
        f"The store in {tmp_path} is gone; copies of it are there.",
    )
    assert f"restore {copy}" in worst["hint"]
    assert worst["text"] in shown
    assert worst["hint"] in shown


@pytest.mark.parametrize(
    ("provider", "step"),
    [("import", "flatcap --data-dir {0} --provider import restore PATH"), ("demo", "flatcap --data-dir {0} demo")],
)
def test_a_repair_that_cannot_mend_prints_the_checks_and_names_the_step_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], provider: str, step: str
) -> None:
    folder = tmp_path / "demo" if provider == "demo" else tmp_path
    folder.mkdir(exist_ok=True)
    (folder / "flatcap.duckdb").write_bytes(b"no store" * 1000)
    code = main(["--data-dir", str(tmp_path), "--provider", provider, "doctor", "--repair", "--json"])
    out, err = capsys.readouterr()
    worst = json.loads(out)[0]
    assert (code, worst["name"], worst["state"]) == (4, "store", "bad")
    assert worst["hint"] == "move it away, or choose another --data-dir"
    assert step.format(tmp_path) in err


def test_the_last_session_of_the_small_market_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(tmp_path, three_names(), index_size=2)
    checks = {check["name"]: check for check in json.loads(run(capsys, tmp_path, "doctor", "--json")[1])}
    assert str(date(2024, 1, 4)) in checks["prices"]["text"]
    assert checks["tables"]["state"] == "good"


def test_a_damaged_demo_market_is_looked_at_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "flatcap.duckdb").write_bytes(b"no store" * 1000)
    code = main(["--data-dir", str(tmp_path), "--provider", "demo", "doctor", "--json"])
    assert (code, json.loads(capsys.readouterr().out)[0]["name"]) == (1, "store")
