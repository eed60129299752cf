from __future__ import annotations

import csv
import io
import os
import shlex
import signal
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from engine import __version__
from engine.errors import Cancelled, ExportError, NoData, ProviderError, SettingsError, StoreLocked
from engine.reports import Refusal
from engine.settings import default_data_dir, env_template
from tests.cli.conftest import Desk
from tests.cli.fakes import BUILT, IMPORTED, NOTHING_FETCHED, STATUS
from tuiapp.cli import diagnostics


def test_the_version_is_the_one_of_the_package(desk: Desk) -> None:
    assert desk.run("--version").out == f"flatcap {__version__}\n"


def test_import_says_what_became_of_every_file_and_why_rows_were_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.touch()
    answer = desk.run("import", str(path), str(tmp_path), "--kind", "prices", "--prices", "split-adjusted")
    assert answer.code == 0
    assert desk.engine.asked == [("import", (path, tmp_path), "prices", "split-adjusted")]
    assert " ".join(answer.out.splitlines()[1].split()) == ("prices.csv prices 5 2 1 1 1 2024-03-27 2024-04-01")
    assert answer.err.splitlines() == [
        "prices.csv: 1 row refused: close is empty (row 3)",
        "Next: flatcap build",
    ]


def test_an_import_of_which_every_row_is_refused_is_invalid_data(desk: Desk, tmp_path: Path) -> None:
    file = replace(IMPORTED.files[0], rows_read=1, refused=(Refusal("close is empty", 1, ("row 1",)),))
    desk.engine.imported = replace(IMPORTED, files=(file,))
    answer = desk.run("import", str(tmp_path))
    assert answer.code == 5
    assert "flatcap: No row could be taken." in answer.err


def test_the_demo_market_takes_no_files(desk: Desk, tmp_path: Path) -> None:
    answer = desk.run("--provider", "demo", "import", str(tmp_path))
    assert (answer.code, desk.engine.asked) == (2, [])
    assert "The demo market takes no files." in answer.err


def test_import_of_a_path_that_is_not_there_is_a_usage_error(desk: Desk, tmp_path: Path) -> None:
    answer = desk.run("import", str(tmp_path / "nothing.csv"))
    assert (answer.code, desk.engine.asked) == (2, [])
    assert "nothing.csv' does not exist" in answer.err


@pytest.mark.parametrize("full", [True, False])
def test_build_says_what_changed(desk: Desk, full: bool) -> None:
    desk.engine.built = replace(BUILT, full=full, sessions_incomplete=1)
    answer = desk.run("build", *(["--full"] if full else []))
    assert desk.engine.asked == [("build", full)]
    assert answer.out.splitlines() == [
        f"top100: 3 sessions computed ({'from the start' if full else 'new or changed'}), "
        "2024-03-27 to 2024-04-01; 3 sessions in all.",
        "1 addition and 1 deletion among those computed; 2 of 2 places filled.",
        "1 session without a level: too few prices are known.",
    ]


def test_build_says_when_there_was_nothing_to_do(desk: Desk) -> None:
    desk.engine.built = replace(BUILT, first=None, sessions_built=0)
    assert desk.run("build").out == "top100: nothing to do, 3 sessions to 2024-04-01.\n"


def test_export_prints_the_path_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    answer = desk.run(
        *("export", str(path), "--sheets", "provenance, daily_composition"),
        *("--from", "2024-01-02", "--to", "2024-03-28", "--force"),
    )
    names = ("provenance", "daily_composition")
    assert desk.engine.asked[0] == ("export", path, names, date(2024, 1, 2), date(2024, 3, 28), True)
    assert (answer.code, answer.out, answer.err) == (0, "/tmp/book.xlsx\n", "")


def test_an_export_that_is_stopped_says_that_nothing_was_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.engine, "_answer", lambda *question: os.kill(os.getpid(), signal.SIGINT))
    answer = desk.run("export")
    assert (answer.code, answer.out) == (130, "")
    assert "hint: nothing was written" in answer.err
    assert "kept" not in answer.err


def test_export_without_arguments_leaves_every_choice_to_the_engine(desk: Desk) -> None:
    desk.run("export")
    assert desk.engine.asked[0] == ("export", None, None, None, None, False)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (SettingsError("Bad.", hint="do this"), 2),
        (ProviderError("Bad.", hint="do this"), 3),
        (StoreLocked("Bad.", hint="do this"), 4),
        (NoData("Bad.", hint="do this"), 5),
        (ExportError("Bad.", hint="do this"), 1),
        (Cancelled("Bad.", hint="do this"), 130),
    ],
)
def test_an_expected_failure_is_a_sentence_a_hint_and_its_code(desk: Desk, failure: Exception, code: int) -> None:
    desk.engine.failure = failure
    answer = desk.run("show", "coverage")
    assert (answer.code, answer.out, answer.err) == (code, "", "flatcap: Bad.\n  hint: do this\n")


def test_a_bug_is_not_dressed_up_as_a_failure(desk: Desk) -> None:
    desk.engine.failure = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        desk.run("show", "coverage")


def test_an_interrupt_ends_with_130(desk: Desk) -> None:
    desk.engine.failure = KeyboardInterrupt()  # type: ignore[assignment]
    answer = desk.run("show", "coverage")
    assert (answer.code, answer.out) == (130, "")
    assert "flatcap: Interrupted." in answer.err


def test_the_first_ctrl_c_asks_the_work_to_stop_at_its_next_step(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.engine, "_answer", lambda *question: os.kill(os.getpid(), signal.SIGINT))
    before = signal.getsignal(signal.SIGINT)
    answer = desk.run("import", str(tmp_path))
    assert answer.code == 130
    assert "Stopping at the next step" in answer.err
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_signals_of_a_service_stop_the_work_as_politely(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    number: signal.Signals,
    code: int,
) -> None:
    monkeypatch.setattr(desk.engine, "_answer", lambda *question: os.kill(os.getpid(), number))
    # Under nohup, as tests may run, hang-ups are ignored.
    request.addfinalizer(partial(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL)))
    before = [signal.getsignal(each) for each in diagnostics.STOPS]
    answer = desk.run("import", str(tmp_path))
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.splitlines()[0] == f"Stopping at the next step; {number.name} again stops at once."
    assert "flatcap: Stopped as asked." in answer.err
    assert [signal.getsignal(each) for each in diagnostics.STOPS] == before


def test_a_second_signal_stops_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(*_: object) -> None:
        for _number in range(2):
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(desk.engine, "_answer", twice)
    answer = desk.run("show", "coverage")
    assert answer.code == 143
    assert "flatcap: Interrupted." in answer.err


def test_the_end_of_the_terminal_is_ignored_under_nohup(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.engine, "_answer", lambda *question: os.kill(os.getpid(), signal.SIGHUP))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        answer = desk.run("show", "coverage")
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (answer.code, answer.err) == (0, "")


def test_global_options_reach_the_settings(desk: Desk, tmp_path: Path) -> None:
    desk.run("--data-dir", str(tmp_path), "--index", "mine", "show", "coverage")
    settings = desk.engine.settings
    assert settings is not None
    assert (settings.data_dir, settings.index) == (tmp_path, "mine")


def test_the_next_step_can_be_pasted(desk: Desk, tmp_path: Path) -> None:
    folder, file = tmp_path / "my data", tmp_path / "my.env"
    folder.mkdir()
    file.touch()
    given = ("--data-dir", str(folder), "--index", "mine", "--env-file", str(file))
    expected = ["flatcap", *given, "build"]
    for argv in (("import", str(folder)), ("decide", "accept-cap", "AAA", "2024-03-28")):
        (said,) = (line for line in desk.run(*given, *argv).err.splitlines() if line.startswith("Next: "))
        assert shlex.split(said.removeprefix("Next: ")) == expected
    desk.engine.outdated = "data"
    said = desk.run(*given, "show", "composition").err
    assert shlex.split(said.partition("; next: ")[2]) == expected


def test_the_next_step_of_the_demo_market_is_about_the_demo_market(desk: Desk) -> None:
    desk.engine.outdated = "settings"
    assert desk.run("demo", "--headless").err.endswith("; next: flatcap --provider demo build\n")


def test_the_demo_provider_makes_the_market_in_its_own_store_first(desk: Desk, tmp_path: Path) -> None:
    desk.run("--data-dir", str(tmp_path), "--provider", "demo", "show", "coverage")
    assert desk.engine.asked == [("load_demo",), ("coverage",)]
    assert desk.engine.settings is not None
    assert desk.engine.settings.data_dir == tmp_path / "demo"


def test_a_bad_setting_is_a_usage_error(desk: Desk) -> None:
    desk.env["FLATCAP_INDEX_SIZE"] = "many"
    answer = desk.run("build")
    assert (answer.code, answer.out, desk.engine.asked) == (2, "", [])
    assert answer.err == (
        "flatcap: The setting index_size cannot be 'many' (from FLATCAP_INDEX_SIZE in the environment).\n"
        "  hint: allowed: a whole number from 1 to 10,000\n"
    )


def test_help_is_given_even_with_bad_settings(desk: Desk) -> None:
    desk.env["FLATCAP_INDEX_SIZE"] = "many"
    assert desk.run("build", "--help").code == 0


@pytest.mark.parametrize("argv", ["show coverage", "update"])
def test_a_misspelt_setting_is_pointed_out_once_and_changes_nothing(desk: Desk, argv: str) -> None:
    desk.env["FLATCAP_INDX"] = "x"
    desk.engine.fetched = NOTHING_FETCHED
    answer = desk.run(*argv.split())
    assert answer.code == 0
    assert answer.err == "flatcap: FLATCAP_INDX is no setting of this version; is FLATCAP_INDEX meant?\n"


def test_config_show_says_where_every_value_comes_from(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "my.env").write_text("FLATCAP_BUFFER=2\n", encoding="utf-8")
    desk.env["FLATCAP_INDEX_SIZE"] = "50"
    argv = ("--env-file", str(tmp_path / "my.env"), "--index", "mine", "config", "show", "--format", "csv")
    rows = {row["setting"]: row for row in csv.DictReader(io.StringIO(desk.run(*argv).out))}
    names = ("index", "index_size", "buffer", "cap_band")
    assert [(rows[name]["value"], rows[name]["origin"]) for name in names] == [
        ("mine", "flag"),
        ("50", "environment"),
        ("2", ".env"),
        ("2", "default"),
    ]
    assert rows["index_size"]["variable"] == "FLATCAP_INDEX_SIZE"


def test_config_path_prints_the_places_in_use(desk: Desk, tmp_path: Path) -> None:
    lines = desk.run("--data-dir", str(tmp_path), "config", "path").out.splitlines()
    assert [line.split()[-1] for line in lines] == [
        str(tmp_path),
        str(tmp_path / "demo"),
        str(Path.home() / ".config/flatcap/.env"),
        str(Path.home() / ".config/flatcap/keymap.toml"),
        str(Path.home() / ".config/flatcap/indices.toml"),
        str(Path.home() / ".state/flatcap"),
        str(Path.home() / ".state/flatcap/flatcap.log"),
        str(tmp_path / "cache"),
    ]


def test_config_template_is_the_example_file(desk: Desk) -> None:
    assert desk.run("config", "template").out == env_template()


def test_config_opens_no_store(desk: Desk) -> None:
    for verb in ("path", "show", "template"):
        desk.run("config", verb)
    assert desk.engine.settings is None
    assert not default_data_dir().exists()


def test_at_a_terminal_the_app_is_opened(desk: Desk) -> None:
    desk.tty = True
    assert desk.run().code == 0
    assert [(settings.provider, demo) for settings, demo in desk.apps] == [("yahoo", False)]
    assert desk.engine.settings is None


def test_at_a_terminal_demo_opens_the_app_on_the_demo_market(desk: Desk, tmp_path: Path) -> None:
    desk.tty = True
    desk.run("--data-dir", str(tmp_path), "demo")
    assert [(settings.data_dir, demo) for settings, demo in desk.apps] == [(tmp_path / "demo", True)]


def test_demo_headless_prints_the_summary_even_at_a_terminal(desk: Desk) -> None:
    desk.tty = True
    answer = desk.run("--data-dir", "here", "demo", "--headless")
    assert answer.out.splitlines()[-1] == (
        "Next: flatcap --data-dir here demo in a terminal opens the app; "
        "flatcap --data-dir here --provider demo show composition prints all members."
    )
    assert (answer.code, desk.apps) == (0, [])
    assert "SYNTHETIC" in answer.out.splitlines()[0]


def test_without_a_terminal_a_summary_is_printed(desk: Desk) -> None:
    answer = desk.run()
    assert (answer.code, answer.err, desk.apps) == (0, "", [])
    assert answer.out.splitlines() == [
        "flatcap top100 · as of 2024-04-01",
        "",
        "Level    PR 1,020.10  TR 1,030.00",
        "Day      PR +1.00%  TR +33.33%",
        "YTD      PR +2.01%  TR +3.00%",
        "1Y       PR +2.01%  TR +3.00%",
        "Prices   2/2 priced, 2 members, 2 places",
        "Data     import, 2024-03-27 to 2024-04-01, 2 sessions behind",
        "",
        "Largest 2 of 2 members",
        '   1  AAA     Alpha "A", Inc                     3.10T  50.00%',
        "   2  BBB     Béta [/] [31mCo                    2.50B  50.00%",
        "",
        "Last changes",
        "  2024-03-28  added    BBB     rank – → 2",
        "  2024-03-28  removed  CCC     rank 2 → –",
        "",
        "Next: flatcap in a terminal opens the app; flatcap show composition prints all members.",
    ]


def test_the_summary_of_a_market_that_is_up_to_date_does_not_speak_of_sessions_behind(desk: Desk) -> None:
    desk.engine.composed = replace(desk.engine.composed, status=replace(STATUS, sessions_behind=0))
    assert "behind" not in desk.run().out


def test_the_summary_of_an_outdated_index_says_so_on_stderr(desk: Desk) -> None:
    before = desk.run()
    desk.engine.outdated = "data"
    answer = desk.run()
    assert (answer.code, answer.out) == (0, before.out)
    assert answer.err == "The data have changed since the index was built; next: flatcap build\n"


def test_with_no_data_the_first_steps_are_printed_and_the_code_says_no_data(desk: Desk, tmp_path: Path) -> None:
    desk.engine.version = 0
    answer = desk.run("--data-dir", str(tmp_path))
    assert (answer.code, answer.err) == (5, "")
    assert answer.out.startswith("flatcap has no data yet.\n")
    for verb in ("update", "demo", "import PATH...", "build"):
        assert f"flatcap --data-dir {tmp_path} {verb}\n" in answer.out
