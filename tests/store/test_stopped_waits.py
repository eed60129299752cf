"""Whoever waits for the store can be stopped: nothing has begun."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Cancelled, StoreLocked
from engine.events import CancelToken, EventSink, Progress, obeying
from engine.facade import Engine, open_engine
from engine.run import Run
from engine.settings import Settings
from engine.store import locks
from engine.store.database import Database, connect
from tests.store.engines import built, three_names
from tests.store.test_locks import held
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

LONG_S = 20.0
"""Far more than a wait lasts that can be stopped."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index."""
    return built(tmp_path_factory.mktemp("sound") / "data", three_names(), index_size=2).settings.data_dir


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait is told of from its beginning."""
    monkeypatch.setattr(locks, "PATIENCE_S", 0.0)


def stop(cancel: CancelToken) -> EventSink:
    """A sink that stops the work as soon as it waits."""
    return lambda event: cancel.cancel() if event.waiting_for else None


@pytest.mark.parametrize("use", ["read", "write", "exclusive"])
def test_a_wait_ends_when_it_is_asked_to(sound: Path, use: str) -> None:
    cancel = CancelToken()
    database = Database(sound, wait_s=LONG_S, events=stop(cancel))
    uses: dict[str, Callable[[], Any]] = {
        "read": lambda: database.read(lambda _: None),
        "write": lambda: database.write(lambda _: None),
        "exclusive": lambda: database.exclusive().__enter__(),
    }
    with held(sound), obeying(cancel), pytest.raises(Cancelled):
        uses[use]()


def test_a_wait_that_obeys_nobody_is_not_stopped(sound: Path) -> None:
    cancel = CancelToken()
    with obeying(cancel), obeying(None):
        pass
    database = Database(sound, wait_s=0.05, events=stop(cancel))
    with held(sound), pytest.raises(StoreLocked):
        database.read(lambda _: None)


def test_the_wait_for_a_program_that_knows_no_locks_ends_too(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    def conflict(*_: object, **__: object) -> None:
        cancel.cancel()
        raise duckdb.IOException("IO Error: Conflicting lock is held")

    cancel = CancelToken()
    monkeypatch.setattr(duckdb, "connect", conflict)
    with obeying(cancel), pytest.raises(Cancelled):
        connect(sound / "flatcap.duckdb", wait_s=LONG_S)


def test_work_that_was_stopped_before_still_puts_away_what_it_has(sound: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    database = Database(sound, wait_s=LONG_S)
    waits = threading.Event()

    def hear(event: Progress) -> None:
        if event.waiting_for:
            waits.set()

    database.events = hear
    wrote: list[bool] = []

    def write() -> None:
        with obeying(cancel):
            wrote.append(database.write(lambda _: True))

    with held(sound):
        writer = threading.Thread(target=write)
        writer.start()
        assert waits.wait(LONG_S)
    writer.join(LONG_S)
    assert wrote == [True]


def test_work_that_was_stopped_before_does_not_wait_for_long(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PUT_AWAY_S", 0.05)
    cancel = CancelToken()
    cancel.cancel()
    with held(sound), obeying(cancel), pytest.raises(Cancelled):
        Database(sound, wait_s=LONG_S).write(lambda _: None)


@pytest.mark.parametrize("work", ["import", "build", "build all", "export", "update", "repair"])
def test_the_token_of_work_ends_its_waits(sound: Path, tmp_path: Path, work: str) -> None:
    cancel = CancelToken()
    settings = Settings(data_dir=sound, index_size=2, wait_seconds=LONG_S)
    engine = open_engine(settings, events=stop(cancel))
    works: dict[str, Callable[[], Any]] = {
        "import": lambda: engine.import_files([tmp_path], cancel=cancel),
        "build": lambda: engine.build(full=True, cancel=cancel),
        "build all": lambda: engine.build_all(cancel=cancel),
        "export": lambda: engine.export(tmp_path / "x.csv", cancel=cancel),
        "update": lambda: engine.update(cancel=cancel),
        "repair": lambda: engine.repair(cancel=cancel),
    }
    with held(sound), pytest.raises(Cancelled):
        works[work]()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("words", [("show", "composition"), ("build",)])
def test_a_signal_ends_the_wait_of_a_command(
    request: pytest.FixtureRequest,
    sound: Path,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
    words: tuple[str, ...],
) -> None:
    # Whoever runs the tests by nohup has SIGHUP passed over, which a command then does, too.
    request.addfinalizer(partial(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL)))

    def opened(settings: Settings, *, events: EventSink, run: Run) -> Engine:
        def hear(event: Progress) -> None:
            if event.waiting_for:
                signal.raise_signal(number)

        return open_engine(settings, events=hear, run=run)

    environment = {"FLATCAP_INDEX_SIZE": "2", "FLATCAP_WAIT_SECONDS": str(LONG_S)}
    with held(sound):
        code = main(["--data-dir", str(sound), *words], World(lambda: environment, lambda: False, opened))
    out, err = capsys.readouterr()
    assert (code, out) == (128 + number, "")
    assert "flatcap: Stopped as asked." in err
