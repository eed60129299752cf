"""No secret that passes by is kept: not in the log, the record of changes, a crash report, or what is printed."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from engine.domain.texts import bounded, without_secrets
from engine.settings import default_state_dir
from engine.store.audit import DataChange, note
from engine.store.database import Database
from tests.faults.hostile_store import run
from tuiapp import crash
from tuiapp.eventlog import EventLog
from tuiapp.logfile import typed

SECRET = "hunter2"
ADDRESS = f"https://ann:{SECRET}@host.invalid:8080/x.csv"
ENVIRONMENT = {
    "HTTP_PROXY": f"http://ann:{SECRET}@proxy.invalid:3128",
    "HTTPS_PROXY": f"http://ann:{SECRET}@proxy.invalid:3128",
    "ALL_PROXY": f"socks5h://{SECRET}@proxy.invalid",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "FLATCAP_TOKEN": SECRET,
    "PASSWORD": SECRET,
}


@pytest.fixture(autouse=True)
def with_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that is full of them."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def kept(folder: Path) -> bytes:
    """All bytes of all files below a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        f"proxy ann:{SECRET}@proxy.invalid:3128 does not answer",
        f"HTTP_PROXY=http://ann:{SECRET}@host",
        f"http://ann:p@{SECRET}@host/",
        f"http://{SECRET}@host/",
        f"https://host/v7?symbols=A&crumb={SECRET}",
        f"api_key={SECRET}&x=1",
        f"password: {SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"Cookie: {SECRET}",
        f"{{'access_token': '{SECRET}'}}",
    ],
)
def test_a_secret_in_a_text_is_hidden(text: str) -> None:
    assert SECRET not in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "flatcap update (process 123, ann, since 12:03:11 UTC)",
        "ann@host: session 2024-03-27 of top100 at 12:30",
        "/data/a:b/c@d.csv: 3 rows refused",
        "https://finance.yahoo.com/quote/AAPL?p=AAPL",
        "the keys q, ctrl+c and key=3",
    ],
)
def test_a_text_without_a_secret_stays_as_it_is(text: str) -> None:
    assert without_secrets(bounded(text)) == text


def test_a_command_line_is_logged_without_secrets() -> None:
    words = ["import", ADDRESS, "--api-key", SECRET, f"--token={SECRET}", "--password", SECRET, "x.csv"]
    assert SECRET not in " ".join(typed(words))
    assert typed(words)[-1] == "x.csv"


def test_a_run_that_fails_keeps_no_secret(tmp_path: Path) -> None:
    env = {**ENVIRONMENT, "FLATCAP_LOG_LEVEL": "debug"}
    data = ("--data-dir", str(tmp_path / "data"))
    (tmp_path / "fx.csv").write_text("date,pair,rate\n2024-03-27,EURUSD,1.1\n", encoding="utf-8")
    said = [
        run(*data, "-vv", "import", str(tmp_path / "fx.csv"), env=env),
        run(*data, "-vv", "import", ADDRESS, env=env),
        run(*data, "restore", ADDRESS, env=env),
        run(*data, "--provider", ADDRESS, "show", "coverage", env=env),
        run(*data, "doctor", "--json", env=env),
        run(*data, "config", "show", env=env),
        run(*data, "show", "coverage", env=env),
    ]
    assert [each.code for each in said[:4]] == [0, 2, 2, 2]
    assert SECRET not in "".join(each.out + each.err for each in said)
    assert "FLATCAP_TOKEN is no setting" in said[0].err
    assert SECRET.encode() not in kept(default_state_dir()) + kept(tmp_path)
    assert b'"argv"' in kept(default_state_dir())


def test_what_a_library_says_is_logged_without_secrets(tmp_path: Path) -> None:
    from engine.run import Run
    from tuiapp.logfile import LogFile

    log = logging.Logger("curl_cffi")
    log.addHandler(LogFile(tmp_path, Run("00000000", "fetch")))
    try:
        raise OSError(f"Failed to perform, proxy {ENVIRONMENT['HTTP_PROXY']} refused")
    except OSError as error:
        log.warning("asked %s", ADDRESS, exc_info=error, extra={"figures": {"hint": ADDRESS, "argv": [ADDRESS]}})
    (line,) = (tmp_path / "flatcap.log").read_text(encoding="ascii").splitlines()
    assert SECRET not in line
    assert {"message", "traceback", "hint", "argv"} <= json.loads(line).keys()


def test_the_record_of_changes_keeps_no_secret(tmp_path: Path) -> None:
    database = Database(tmp_path)
    database.write(lambda session: note(session, DataChange("store", f"restored from {ADDRESS} \udcff", 1)))
    detail = database.read(lambda session: session.connection.execute("select detail from audit").fetchall())
    assert ("restored from https://…@host.invalid:8080/x.csv ?",) in detail


def test_a_crash_report_keeps_no_secret(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    try:
        raise ConnectionError(f"proxy {ENVIRONMENT['HTTPS_PROXY']} refused")
    except ConnectionError as error:
        said = crash.keep(error, tmp_path, datetime(2024, 3, 27, tzinfo=UTC))
        told = crash.AppFailed.of(error, said)
    assert SECRET.encode() not in kept(tmp_path)
    assert b"proxy.invalid" in kept(tmp_path)
    log = EventLog()
    log.add(told.message, "bad")
    assert SECRET not in "".join(event.text for event in log)


def test_a_bug_is_shown_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    from tuiapp.cli import diagnostics

    try:
        raise ValueError(f"{ADDRESS} \x1b[2J\u202e")
    except ValueError as error:
        diagnostics._tell_bug(error)
    said = capsys.readouterr().err
    assert "Traceback (most recent call last)" in said
    assert "ValueError: https://…@host.invalid:8080/x.csv [2J" in said
    assert SECRET not in said


async def test_the_page_of_the_diagnostics_shows_no_secret() -> None:
    from tests.functional.harness import session

    async with session(size=(120, 40)) as app:
        await app.press("f12")
        text = app.app.screen._page.text_of_all()  # type: ignore[attr-defined]
    assert "Terminal" in text
    assert SECRET not in text
