"""Everything that goes wrong with a vendor, on demand: once, always, for one symbol, or for a part of all requests."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.yahoo.replies import NO_DATA, encode, failure

RATE_LIMITED: Final = "rate-limited"
RATE_LIMITED_UNTIL: Final = "rate-limited-retry-after"
UNAUTHORIZED: Final = "unauthorized"
NOT_FOUND: Final = "not-found"
GONE: Final = "gone"
NO_WINDOW: Final = "no-window"
ERROR_500: Final = "error-500"
ERROR_502: Final = "error-502"
ERROR_503: Final = "error-503"
ERROR_500_HTML: Final = "error-500-html"
ERROR_502_HTML: Final = "error-502-html"
ERROR_503_HTML: Final = "error-503-html"
RIGHT_BACK: Final = "right-back"
HTML: Final = "html"
TRUNCATED: Final = "truncated"
EMPTY_BODY: Final = "empty-body"
GARBAGE_CRUMB: Final = "garbage-crumb"
NULL_CLOSE: Final = "null-close"
NULL_ROW: Final = "null-row"
STALE: Final = "stale"
NO_ZONE: Final = "no-zone"
NO_BARS: Final = "no-bars"
NO_CAPS: Final = "no-caps"
NO_QUOTES: Final = "no-quotes"
SHORT_BODY: Final = "short-body"
RESET: Final = "reset"
HANG: Final = "hang"
REFUSED: Final = "refused"

TRANSPORT: Final = (SHORT_BODY, RESET, HANG)
"""Faults of the connection: no whole answer arrives."""

PASSING: Final = (
    RATE_LIMITED,
    UNAUTHORIZED,
    NOT_FOUND,
    ERROR_500,
    ERROR_502,
    ERROR_503,
    ERROR_500_HTML,
    ERROR_502_HTML,
    ERROR_503_HTML,
    RIGHT_BACK,
    HTML,
    TRUNCATED,
    EMPTY_BODY,
    SHORT_BODY,
    RESET,
)
"""Faults that say nothing about a symbol and may be gone at the next try; ``HANG`` is one too, and slow."""

STALE_ROWS: Final = 3
PAGE: Final = b"<!DOCTYPE html><html><head><title>Yahoo</title></head><body>%s</body></html>"


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    body: bytes
    content_type: str = "application/json;charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Plant:
    """One fault and the requests that it strikes.

    Attributes:
        kind: What happens.
        endpoint: Of which endpoint, None for all of them.
        symbol: Of which symbol, None for all.
        nth: Only the nth request of an endpoint and symbol (from 1), None for all.
        times: How many requests at most; of each endpoint and symbol the first ones.
        rate: Part of the requests.
        burst: How many requests in a row of one endpoint and symbol, once it has struck.
        seed: Of the draws.
    """

    kind: str
    endpoint: str | None = None
    symbol: str | None = None
    nth: int | None = None
    times: int | None = None
    rate: float = 1.0
    burst: int = 1
    seed: int = 0

    def strikes(self, endpoint: str, symbol: str, count: int) -> bool:
        """Whether it strikes the request of this number; the same ones whatever the order of requests."""
        if self.endpoint not in (None, endpoint) or self.symbol not in (None, symbol):
            return False
        if (self.nth is not None and count != self.nth) or (self.times is not None and count > self.times):
            return False
        return any(self._drawn(endpoint, symbol, count - back) for back in range(self.burst) if count > back)

    def _drawn(self, endpoint: str, symbol: str, count: int) -> bool:
        text = f"{self.seed} {self.kind} {endpoint} {symbol} {count}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest()) / 2**48 < self.rate


@dataclass
class Faults:
    """The faults of a server. ``struck`` counts them by kind."""

    plants: list[Plant] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plant(self, kind: str, endpoint: str | None = None, symbol: str | None = None, **details: Any) -> None:
        """Let something go wrong from now on; see ``Plant``. Requests are counted anew for every fault planted."""
        with self._lock:
            self._counts.clear()
            self.plants.append(Plant(kind, endpoint, symbol, **details))

    def clear(self) -> None:
        """Let all be well again."""
        with self._lock:
            self.plants.clear()
            self.struck.clear()
            self._counts.clear()

    def pick(self, endpoint: str, symbol: str) -> str | None:
        """What goes wrong with this request."""
        if not self.plants:
            return None
        with self._lock:
            self._counts[endpoint, symbol] += 1
            count = self._counts[endpoint, symbol]
            kind = next((plant.kind for plant in self.plants if plant.strikes(endpoint, symbol, count)), None)
            if kind is not None:
                self.struck[kind] += 1
            return kind


def spoiled(kind: str, answer: Answer) -> Answer:
    """The answer with a fault that is not of the connection; unchanged where the fault does not fit it."""
    if kind in FIXED:
        return FIXED[kind]
    if kind == TRUNCATED:
        return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)
    if kind not in CHANGES or answer.status >= 400 or not answer.body.startswith(b"{"):
        return answer
    root, change = CHANGES[kind]
    content = json.loads(answer.body)
    if root not in content:
        return answer
    change(content[root]["result"][0])
    return Answer(answer.status, encode(content), answer.content_type)


def _page(status: int, text: bytes, *headers: tuple[str, str]) -> Answer:
    return Answer(status, PAGE % text, "text/html;charset=utf-8", headers)


def _error(status: int, code: str, description: str, root: str = "finance") -> Answer:
    return Answer(*failure(root, status, code, description))


FIXED: Final = {
    RATE_LIMITED: Answer(429, b"Too Many Requests\r\n", "text/html"),
    RATE_LIMITED_UNTIL: Answer(429, b"Too Many Requests\r\n", "text/html", (("Retry-After", "1"),)),
    UNAUTHORIZED: _error(401, "Unauthorized", "Invalid Crumb"),
    NOT_FOUND: _error(404, "Not Found", "The requested resource could not be found"),
    GONE: _error(404, "Not Found", NO_DATA, "chart"),
    NO_WINDOW: _error(400, "Bad Request", "Data doesn't exist for startDate = 1, endDate = 2", "chart"),
    ERROR_500: _error(500, "Internal Server Error", "Internal error"),
    ERROR_502: _error(502, "Bad Gateway", "Bad gateway"),
    ERROR_503: _error(503, "Service Unavailable", "Service unavailable"),
    ERROR_500_HTML: _page(500, b"Internal Server Error"),
    ERROR_502_HTML: _page(502, b"Bad Gateway"),
    ERROR_503_HTML: _page(503, b"Service Unavailable"),
    RIGHT_BACK: _page(200, b"Will be right back..."),
    HTML: _page(200, b"Please wait"),
    EMPTY_BODY: Answer(200, b""),
    GARBAGE_CRUMB: Answer(200, b"Edge: upstream connect error", "text/plain"),
}
"""Answers that take the place of any other."""


def _null_close(result: Any) -> None:
    closes = result["indicators"]["quote"][0]["close"]
    closes[len(closes) // 2] = None


def _null_row(result: Any) -> None:
    indicators = result["indicators"]
    for values in (*indicators["quote"][0].values(), indicators["adjclose"][0]["adjclose"]):
        values[len(values) // 2] = None


def _stale(result: Any) -> None:
    indicators = result["indicators"]
    columns = (result["timestamp"], *indicators["quote"][0].values(), indicators["adjclose"][0]["adjclose"])
    for values in columns:
        del values[max(len(values) - STALE_ROWS, 1) :]


def _no_zone(result: Any) -> None:
    del result["meta"]["exchangeTimezoneName"]


def _no_bars(result: Any) -> None:
    result.pop("timestamp", None)
    result["indicators"] = {"quote": [{}], "adjclose": [{}]}


def _no_caps(result: Any) -> None:
    for quote in result["quotes"]:
        quote.pop("marketCap", None)


def _no_quotes(result: Any) -> None:
    result.update(quotes=[], count=0)


CHANGES: Final[dict[str, tuple[str, Callable[[Any], None]]]] = {
    NULL_CLOSE: ("chart", _null_close),
    NULL_ROW: ("chart", _null_row),
    STALE: ("chart", _stale),
    NO_ZONE: ("chart", _no_zone),
    NO_BARS: ("chart", _no_bars),
    NO_CAPS: ("finance", _no_caps),
    NO_QUOTES: ("finance", _no_quotes),
}
"""Changes of an answer that is well formed, by the root of those that they fit."""
