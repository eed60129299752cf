"""Whether Yahoo can be reached and used, host by host and service by service: for ``flatcap doctor --online``."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.providers import yahoo_setup
from engine.providers.vendor import UNREACHABLE
from engine.providers.yahoo_faults import CLIENT_ERRORS, CRASHES, LATER, plain_trouble, trouble_of
from engine.reports import Check

COOKIE_HOST: Final = "fc.yahoo.com"
QUERY1: Final = "query1.finance.yahoo.com"
QUERY2: Final = "query2.finance.yahoo.com"

GOOD: Final = "good"
WARN: Final = "warn"
BAD: Final = "bad"

LONGEST_CRUMB: Final = 64

CHART_OF: Final = "^GSPC"
SHARES_OF: Final = "AAPL"
JANUARY_2024: Final = 1_704_067_200
JANUARY_2025: Final = 1_735_689_600

SCREEN: Final = {
    "offset": 0,
    "size": 1,
    "sortField": "intradaymarketcap",
    "sortType": "DESC",
    "quoteType": "EQUITY",
    "query": {"operator": "AND", "operands": [{"operator": "EQ", "operands": ["region", "us"]}]},
}

PROXY: Final = "HTTPS_PROXY names a proxy: check it, and whether its certificates are in CURL_CA_BUNDLE"
ANOTHER_NETWORK: Final = "try again later, or from another network"


@dataclass(frozen=True, slots=True)
class Probe:
    """One service and how its answer is known to be one.

    Attributes:
        name: What it is for, with its host.
        send: Sends the request.
        usable: Whether the answer can be used.
        any_status: Whether errors of HTTP do not matter.
        missing: What it means that the answer cannot be used, as a phrase.
    """

    name: str
    send: Callable[[], Any]
    usable: Callable[[Any], bool]
    any_status: bool = False
    missing: str = "it is not what was asked for"


def check_hosts(cache_dir: Path, timeout: float = 10.0) -> tuple[Check, ...]:
    """Each host and service of Yahoo: whether it is reached, how fast, and whether its answer can be used.

    Args:
        cache_dir: Folder of the library's caches.
        timeout: Seconds to wait for each answer.
    """
    yahoo_setup.load()
    from yfinance._http import new_session

    session = new_session()
    try:
        return (_folder(cache_dir), *map(_checked, _Services(session, timeout).probes()))
    finally:
        session.close()


class _Services:
    """The services in the order in which a fetch needs them; the screen needs the cookie and the crumb before it."""

    def __init__(self, session: Any, timeout: float) -> None:
        self._session = session
        self._timeout = timeout
        self._crumb = ""

    def probes(self) -> Iterator[Probe]:
        """One for each."""
        no_cookie, no_crumb = "there is no cookie in it", "it is no crumb"
        yield Probe(f"cookie ({COOKIE_HOST})", self._cookie, _has_cookie, any_status=True, missing=no_cookie)
        yield Probe(f"crumb ({QUERY1})", self._ask_crumb, self._is_crumb, missing=no_crumb)
        yield Probe(f"screen ({QUERY1})", self._screen, lambda answer: bool(_result(answer, "finance")["quotes"]))
        yield Probe(f"prices ({QUERY2})", self._chart, lambda answer: bool(_result(answer, "chart")["timestamp"]))
        yield Probe(f"shares ({QUERY2})", self._shares, lambda answer: bool(_result(answer, "timeseries")))

    def _get(self, url: str, **params: object) -> Any:
        return self._session.get(url, params=params, timeout=self._timeout)

    def _cookie(self) -> Any:
        return self._get(f"https://{COOKIE_HOST}/")

    def _ask_crumb(self) -> Any:
        return self._get(f"https://{QUERY1}/v1/test/getcrumb")

    def _is_crumb(self, response: Any) -> bool:
        """A crumb is one short word; pages and errors are neither."""
        self._crumb = response.text.strip()
        return 0 < len(self._crumb) <= LONGEST_CRUMB and not any(sign in self._crumb for sign in "<{ \n")

    def _screen(self) -> Any:
        return self._session.post(
            f"https://{QUERY1}/v1/finance/screener",
            params={"crumb": self._crumb},
            data=json.dumps(SCREEN, separators=(",", ":")),
            headers={"Content-Type": "application/json"},
            timeout=self._timeout,
        )

    def _chart(self) -> Any:
        return self._get(f"https://{QUERY2}/v8/finance/chart/{CHART_OF}", range="5d", interval="1d")

    def _shares(self) -> Any:
        series = f"https://{QUERY2}/ws/fundamentals-timeseries/v1/finance/timeseries/{SHARES_OF}"
        return self._get(series, symbol=SHARES_OF, period1=JANUARY_2024, period2=JANUARY_2025)


def _checked(probe: Probe) -> Check:
    """Send one request and judge its answer; a broken connection and a strange answer are findings like others."""
    started = time.perf_counter()
    try:
        response = probe.send()
    except (OSError, *CRASHES) as error:
        trouble = trouble_of(error)
        hint = PROXY if trouble.kind == UNREACHABLE and "https" in urllib.request.getproxies() else trouble.hint
        return Check(probe.name, BAD, f"It is not reached: {trouble.reason}.", hint)
    took = f"HTTP {response.status_code} after {1_000 * (time.perf_counter() - started):,.0f} ms"
    if response.status_code >= CLIENT_ERRORS and not probe.any_status:
        trouble = plain_trouble(response.status_code)
        return Check(probe.name, BAD, f"It answers, but only this: {trouble.reason} ({took}).", trouble.hint)
    return _judged(probe, response, took)


def _judged(probe: Probe, response: Any, took: str) -> Check:
    missing = probe.missing
    try:
        usable = probe.usable(response)
    except CRASHES as error:
        usable = False
        missing = "it is not JSON" if isinstance(error, json.JSONDecodeError) else missing
    if usable:
        return Check(probe.name, GOOD, f"It answers, and the answer can be used ({took}).")
    state = WARN if probe.any_status else BAD
    hint = ANOTHER_NETWORK if probe.any_status else LATER
    return Check(probe.name, state, f"It answers, but the answer cannot be used: {missing} ({took}).", hint)


def _folder(cache_dir: Path) -> Check:
    """Whether the library's caches can be kept where they belong."""
    nearest = next(place for place in (cache_dir, *cache_dir.parents) if place.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Check("cache folder", GOOD, f"{cache_dir} can be written to.")
    return Check(
        "cache folder",
        WARN,
        f"{cache_dir} cannot be written to: a cookie is asked for with every fetch.",
        "give its owner the right to write there",
    )


def _has_cookie(response: Any) -> bool:
    return "set-cookie" in {name.lower() for name in response.headers}


def _result(response: Any, root: str) -> Any:
    return response.json()[root]["result"][0]
