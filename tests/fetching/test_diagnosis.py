"""What ``doctor`` finds, the worst first."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.errors import Cancelled, SettingsError
from engine.events import CancelToken
from engine.indices import Definition
from engine.reports import Check
from engine.settings import default_state_dir
from engine.store import locks
from engine.store.database import Database
from tests.fetching.house import House

AROUND = ("disk", "paths", "log", "indices", "programs")
OF_FOLDER = ("permissions", "leftovers", "writer", "fetcher")


class Usage(NamedTuple):
    """Sizes of a disk."""

    total: int
    used: int
    free: int


def states(house: House) -> dict[str, str]:
    """State of each check by its name."""
    return {check.name: check.state for check in house.engine().diagnose()}


def told(house: House, name: str) -> Check:
    """One check."""
    return next(check for check in house.engine().diagnose() if check.name == name)


def test_without_a_store_there_is_one_next_step(empty: House) -> None:
    assert states(empty) == {"store": "warn", **dict.fromkeys(AROUND, "good")}
    assert told(empty, "store").hint.startswith("flatcap update")


def test_after_a_good_update_all_is_good(fetched: House) -> None:
    of_data = {"prices", "index", "findings", "fetch", "failures", "names"}
    assert set(states(fetched)) == {"store", "schema", "tables", "changes", "clock", *of_data, *OF_FOLDER, *AROUND}
    assert set(states(fetched).values()) == {"good"}
    assert told(fetched, "prices").text == f"The last session is {fetched.feed.known()}."


@pytest.mark.parametrize(("sessions", "state"), [(1, "warn"), (5, "warn"), (6, "bad")])
def test_data_that_are_behind_are_told(fetched: House, sessions: int, state: str) -> None:
    fetched.feed.evening(fetched.feed.market.sessions[99 + sessions])
    check = told(fetched, "prices")
    assert check.state == state
    assert f"{sessions} session" in check.text
    assert fetched.engine().diagnose()[0] == check


def test_names_that_fail_are_named(fetched: House) -> None:
    bad = fetched.feed.market.tickers()[3]
    fetched.feed.evening(fetched.feed.market.sessions[100])
    fetched.feed.fail("unusable", symbol=bad)
    fetched.update()
    checks = fetched.engine().diagnose()
    assert [(check.name, check.state) for check in checks[:4]] == [
        ("index", "warn"),
        ("findings", "warn"),
        ("failures", "warn"),
        ("names", "warn"),
    ]
    assert "too few prices" in checks[0].text
    assert all(bad in check.text for check in checks[2:4])


def test_findings_of_high_severity_are_told_with_the_worst(fetched: House) -> None:
    day = fetched.feed.market.sessions[100]
    fetched.feed.evening(day)
    fetched.feed.fail("unusable", symbol=fetched.feed.market.tickers()[3])
    fetched.update()
    check = told(fetched, "findings")
    text = f"1 finding of high severity, the latest incomplete-session {day}: only 9 of 10 members have a price."
    assert (check.state, check.text, check.hint) == ("warn", text, "flatcap show coverage --findings")


def test_a_halted_name_is_not_said_to_be_missing_a_fetch(fetched: House) -> None:
    market = fetched.feed.market
    halted, day = market.tickers()[-1], market.sessions[100]
    lost = market.lose(day, [halted])
    fetched.feed.evening(day)
    before = told(fetched, "names")
    fetched.update()
    check = told(fetched, "names")
    assert before.state == "good"
    assert (check.state, check.hint) == ("good", "")
    assert check.text == f"23 of 24 names of the universe reach {day}; Yahoo has no price of that session for {halted}."
    market.bring_back(lost)


def test_what_is_asked_of_all_names_is_counted_as_no_name(fetched: House) -> None:
    fetched.feed.evening(fetched.feed.market.sessions[100])
    fetched.feed.fail("unusable", kind="screen")
    fetched.feed.fail("unusable", symbol="RSP")
    fetched.update()
    assert told(fetched, "failures").text == (
        "When last asked for, the universe's screen failed (unusable as scripted); 1 symbol failed: RSP."
    )


def test_a_store_without_a_list_of_the_universe_says_so(empty: House) -> None:
    empty.fetch(symbols=("NONE",))
    assert told(empty, "names").text == "The names of the universe are not known yet."
    assert (told(empty, "fetch").state, told(empty, "fetch").text) == ("warn", "No fetch has brought prices yet.")


def test_a_fetch_that_was_stopped_is_told_with_what_it_has_stored(empty: House) -> None:
    token = CancelToken()
    empty.listen = lambda step: token.cancel() if step.done >= 5 else None
    with pytest.raises(Cancelled):
        empty.fetch(token)
    names = empty.rows("select count(distinct ticker) from price")[0][0]
    text = f"No fetch has ended well yet; prices of {names} names to {empty.feed.known()} are stored."
    assert told(empty, "fetch").text == text
    view = empty.engine().fetching()
    assert (view.fresh_at, view.names, view.last) == (None, names, empty.feed.known())


@pytest.mark.parametrize("provider", ["import", "demo"])
def test_where_nothing_is_fetched_no_host_is_asked(fetched: House, provider: str) -> None:
    fetched.changed = {"provider": provider}
    with pytest.raises(SettingsError, match=f"With provider {provider} nobody is asked"):
        fetched.engine().diagnose(online=True)


def test_data_that_the_index_does_not_know_are_told(fetched: House) -> None:
    fetched.feed.evening(fetched.feed.market.sessions[100])
    fetched.fetch()
    assert told(fetched, "index").state == "warn"
    assert told(fetched, "index").hint == "flatcap build"


def test_a_store_that_cannot_be_opened_is_bad(fetched: House) -> None:
    (fetched.folder / "flatcap.duckdb").write_text("this is no store", encoding="utf-8")
    check = fetched.engine().diagnose()[0]
    assert (check.name, check.state) == ("store", "bad")
    assert check.hint


def test_what_a_person_imports_is_never_worse_than_behind(fetched: House) -> None:
    fetched.changed = {"provider": "import"}
    fetched.feed.evening(fetched.feed.market.sessions[120])
    assert told(fetched, "prices").state == "warn"
    assert "flatcap import" in told(fetched, "prices").hint
    assert "fetch" not in states(fetched)


@pytest.mark.parametrize(("free", "state"), [(50_000_000, "bad"), (500_000_000, "warn"), (5_000_000_000, "good")])
def test_a_full_disk_is_told(fetched: House, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - free, free))
    assert told(fetched, "disk").state == state


def test_who_writes_and_who_fetches_is_told(fetched: House) -> None:
    with locks.fetching(fetched.folder):
        text = told(fetched, "fetcher").text
    assert re.fullmatch(
        rf"A program \(process {os.getpid()}, .+, since \d\d:\d\d:\d\d UTC\) fetches into the store\.", text
    )
    assert told(fetched, "fetcher").text == "Nobody fetches into the store at the moment."
    with locks.exclusive(fetched.folder):
        owner = locks.owner(fetched.folder)
    assert owner is not None
    assert (owner.pid, owner.alive) == (os.getpid(), True)
    assert locks.owner(fetched.folder) is None


def test_a_lock_of_a_process_that_is_not_here_is_told(fetched: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: int) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(os, "kill", gone)
    with locks.fetching(fetched.folder):
        check = told(fetched, "fetcher")
    assert check.state == "warn"
    assert "which has ended" in check.text


def test_a_store_of_a_newer_program_is_told_with_what_to_do(fetched: House) -> None:
    database = Database(fetched.folder)
    database.write(lambda session: session.connection.execute("insert into schema_migration values (9999, 'x', 'y')"))
    check = told(fetched, "store")
    assert (check.state, check.text) == ("bad", "The store was written by a newer flatcap.")
    assert check.hint.startswith("upgrade flatcap")


def test_an_index_of_other_settings_is_told(fetched: House) -> None:
    fetched.changed = {"buffer": 2}
    assert told(fetched, "index").text == "The index top100 was built with other settings than those in force."


def test_every_index_that_is_defined_is_looked_at(fetched: House) -> None:
    fetched.changed = {"definitions": {"tiny": Definition("tiny", Path("indices.toml"), values={"index_size": 3})}}
    check = told(fetched, "index tiny")
    assert (check.state, check.text) == ("warn", "The index tiny has not been built yet.")
    assert "top100, tiny" in told(fetched, "indices").text


def test_folders_that_cannot_be_written_are_told(fetched: House, monkeypatch: pytest.MonkeyPatch) -> None:
    shut = {fetched.folder}
    monkeypatch.setattr(os, "access", lambda place, _: place not in shut)
    assert told(fetched, "paths").state == "bad"
    shut.clear()
    assert told(fetched, "paths").state == "good"


def test_files_that_others_may_read_are_a_warning_and_may_write_are_bad(fetched: House) -> None:
    for mode, state in ((0o600, "good"), (0o640, "warn"), (0o602, "bad")):
        (fetched.folder / "flatcap.duckdb").chmod(mode)
        assert told(fetched, "permissions").state == state
    fetched.folder.chmod(0o755)
    (fetched.folder / "flatcap.duckdb").chmod(0o600)
    assert told(fetched, "permissions").state == "good"


def test_the_log_is_told_with_its_size(fetched: House, monkeypatch: pytest.MonkeyPatch) -> None:
    log = default_state_dir() / "flatcap.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(bytes(200_000))
    assert told(fetched, "log").text == f"The log is {log}, 0.2 MB."
    monkeypatch.setattr(os, "access", lambda place, _: place != log)
    assert told(fetched, "log").state == "warn"
