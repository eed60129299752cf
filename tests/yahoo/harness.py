"""A vendor on this machine for tests, and the real library and command running against it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from tests.yahoo.command import NOW
from tests.yahoo.market import Market, evening
from tests.yahoo.server import CONTROL, LoopbackServer

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")
TIMEOUT: Final = 120.0

PRELUDE: Final = """
import os, sys, logging, warnings
import yfinance as yf
yf.config.debug.hide_exceptions = False
yf.set_tz_cache_location(os.environ["XDG_CACHE_HOME"])
from yfinance import cache
cache.get_tz_cache().lookup("x"); cache.get_cookie_cache().lookup("x")
"""
"""Sets the library up as a program does that wants to see failures."""


class Reachable(Protocol):
    """A server in this process or in another one."""

    @property
    def port(self) -> int:
        """Where it listens."""
        ...

    @property
    def ca_file(self) -> Path:
        """Certificate of its authority."""
        ...


@contextmanager
def loopback(market: Market | None = None, clock: datetime | None = None, **details: Any) -> Iterator[LoopbackServer]:
    """A server in threads of this process; by default of a small market, on the evening of its 20th last session."""
    shown = market or Market.make()
    server = LoopbackServer(shown, clock or evening(shown.sessions[-20]), **details)
    server.start()
    try:
        yield server
    finally:
        server.stop()
    if server.bugs:
        raise ExceptionGroup("the server itself failed", [bug for bug in server.bugs if isinstance(bug, Exception)])


class ServerProcess:
    """A server that is a process of its own, with a market of ``Market.make``: nothing can be planted in it.

    Use it as a context manager where its time must not count as that of the test.
    """

    def __init__(self, *, names: int, sessions: int, latency: float = 0.0, clock: datetime | None = None) -> None:
        options = {"names": names, "sessions": sessions, "latency": latency}
        argv = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        if clock is not None:
            argv += ["--clock", clock.isoformat()]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.yahoo.server", *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline())
        self.port = int(told["port"])
        self.ca_file = Path(told["ca_file"])

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)

    def control(self, **order: Any) -> dict[str, Any]:
        """Set ``clock`` (ISO), ``latency`` or ``warm`` (a day), or ``forget`` the counts; gives counts and bytes."""
        url = f"http://127.0.0.1:{self.port}{CONTROL}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(urllib.request.Request(url, data=json.dumps(order).encode()), timeout=60) as reply:
            known: dict[str, Any] = json.loads(reply.read())
        return known


def environment(server: Reachable, home: Path, **more: str) -> dict[str, str]:
    """The environment of a process that finds the vendor at the server, and nothing of the person who runs it."""
    proxy, authority = f"http://127.0.0.1:{server.port}", str(server.ca_file)
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    for folder in folders.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **folders,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HTTPS_PROXY": proxy,
        "HTTP_PROXY": proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        "REQUESTS_CA_BUNDLE": authority,
        "CURL_CA_BUNDLE": authority,
        "SSL_CERT_FILE": authority,
        **more,
    }


def run_library(
    server: Reachable, home: Path, script: str, *, prelude: str = PRELUDE, timeout: float = TIMEOUT
) -> subprocess.CompletedProcess[str]:
    """Run Python with the library set up (``yf``) against the server, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", prelude + script],
        env=environment(server, home),
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=ROOT,
        check=False,
    )


def ask_library(server: Reachable, home: Path, script: str) -> Any:
    """Run Python that leaves its answer in ``answer``, and give it."""
    tail = "\nimport json\nprint('answer', json.dumps(answer, default=str))\n"
    done = run_library(server, home, script + tail)
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("answer "))
    return json.loads(line.removeprefix("answer "))


LOOP: Final = """
import json
for line in sys.stdin:
    try:
        names = {"yf": yf, "cache": cache}
        exec(json.loads(line), names)
        told = {"answer": names.get("answer")}
    except Exception as error:
        told = {"error": repr(error)}
    yf.data.YfData.cache_get.cache_clear()
    print("answer", json.dumps(told, default=str), flush=True)
"""


class Library:
    """The library in one process that is asked several times: it keeps its cookie, and spares its second of start."""

    def __init__(self, server: Reachable, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PRELUDE + LOOP],
            env=environment(server, home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def ask(self, script: str) -> Any:
        """Run Python that leaves its answer in ``answer``, and give it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(script) + "\n")
        self._process.stdin.flush()
        line = next(line for line in self._process.stdout if line.startswith("answer "))
        told = json.loads(line.removeprefix("answer "))
        assert "error" not in told, told["error"]
        return told["answer"]

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=30)


def start_flatcap(
    server: Reachable, home: Path, *argv: str, now: datetime, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start the real command, by the clock of ``now``, as a process that can be stopped at any moment.

    Requests are not paced unless ``settings`` (``FLATCAP_...``) say so; the store is in ``home / "store"``.
    """
    given = {
        "FLATCAP_DATA_DIR": str(home / "store"),
        "FLATCAP_PROVIDER": "yahoo",
        "FLATCAP_REQUESTS_PER_SECOND": "0",
        NOW: now.isoformat(),
        **(settings or {}),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.yahoo.command", *argv],
        env=environment(server, home, **given),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def run_flatcap(
    server: Reachable,
    home: Path,
    *argv: str,
    now: datetime | None = None,
    settings: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> subprocess.CompletedProcess[str]:
    """Run the real command to its end. Without ``now``: by the clock of the server."""
    moment = now or getattr(server, "clock", None)
    assert moment is not None, "a server that is a process needs the moment"
    process = start_flatcap(server, home, *argv, now=moment, settings=settings)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
