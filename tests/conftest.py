"""No test sees the network, the clock's zone, the locale or the files of the person who runs it."""

from __future__ import annotations

import atexit
import itertools
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import settings

# The same examples every time, without a database on disk and without a stopwatch on a shared machine.
settings.register_profile("flatcap", derandomize=True, database=None, deadline=None)
settings.load_profile("flatcap")


os.umask(0o022)  # Folders that tests make belong to one person, as the folder of a store must.

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_homes = itertools.count()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a busy machine be had at will."""
    parser.addoption("--delays", type=int, metavar="NUMBER", help="hold up the app at moments drawn from this number")


@pytest.fixture(autouse=True)
def delays(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold up the app where that was asked for."""
    if (number := request.config.getoption("--delays")) is not None:
        from tests.delays import delay

        delay(f"{number} {request.node.nodeid}", monkeypatch)


@pytest.fixture(autouse=True, scope="session")
def no_copies() -> Iterator[Callable[..., Any]]:
    """Leave out the copy that is kept of every store that has changed: only tests of copies are about it."""
    from engine import last_good

    real = last_good.copied_after
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(last_good, "copied_after", lambda *_: nullcontext())
        yield real


@pytest.fixture
def kept_copies(no_copies: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a copy of every store that has changed, as outside of tests."""
    monkeypatch.setattr("engine.last_good.copied_after", no_copies)


class NetworkRefused(AssertionError):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home of its own, no ``FLATCAP_*``, UTC, a neutral locale and no animations."""
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_homes))
    for name in [name for name in os.environ if name.startswith(("FLATCAP_", "LC_", "XDG_"))]:
        monkeypatch.delenv(name)
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, folder in (
        ("CONFIG", ".config"),
        ("DATA", ".local/share"),
        ("CACHE", ".cache"),
        ("STATE", ".state"),
    ):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    for name, value in (
        ("HOME", str(home)),
        ("TZ", "UTC"),
        ("LANG", "C.UTF-8"),
        ("TEXTUAL_ANIMATIONS", "none"),
    ):
        monkeypatch.setenv(name, value)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every name that is not this machine's own."""
    lookup = socket.getaddrinfo

    def guarded(connect: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
                raise NetworkRefused(f"a test asked for {address}")
            return connect(self, address)

        return call

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in (None, *LOOPBACK):
            raise NetworkRefused(f"a test asked for {host}")
        return lookup(host, *args, **kwargs)

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)


def pytest_unconfigure() -> None:
    """Let the summary be the last line: DuckDB speaks of its binding when the interpreter is taken down."""
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
