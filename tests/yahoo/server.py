"""A server on this machine that answers as the vendor does: a proxy (CONNECT) and TLS with an authority of its own.

``python -m tests.yahoo.server --help`` runs one as a process, for measurements that must not share its time.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import socketserver
import ssl
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import trustme

from tests.yahoo import faults
from tests.yahoo.faults import Answer, Faults
from tests.yahoo.feed import Feed
from tests.yahoo.market import Market, evening
from tests.yahoo.replies import Replies, failure
from tests.yahoo.wire import Request, endpoint_of, read_request, send

HOSTS: Final = (
    "fc.yahoo.com",
    "query1.finance.yahoo.com",
    "query2.finance.yahoo.com",
    "guce.yahoo.com",
    "consent.yahoo.com",
    "finance.yahoo.com",
)
COOKIE: Final = "A3=d=loopback; Max-Age=31536000; Domain=.yahoo.com; Path=/; SameSite=None; Secure; HttpOnly"
CONSENT: Final = (
    b'<html><body><form method="post" action="https://consent.yahoo.com/v2/collectConsent?sessionId=1">'
    b'<input name="csrfToken" type="hidden" value="token"/><input name="sessionId" type="hidden" value="1"/>'
    b"</form></body></html>"
)
CONTROL: Final = "/control"


@dataclass(frozen=True)
class Served:
    """One request that was answered, or not: ``fault`` says what went wrong; ``at`` is of a clock that only grows."""

    endpoint: str
    symbol: str
    status: int
    fault: str | None
    at: float
    sent: int


class LoopbackServer(socketserver.ThreadingTCPServer):
    """Answers from a market, by a clock of its own.

    Args:
        market: What there is to know.
        clock: What time it is for the vendor; set it to move on.
        latency: Seconds before each answer.
        folder: Where the authority's certificate is written; a temporary folder without.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, market: Market, clock: datetime, *, latency: float = 0.0, folder: Path | None = None) -> None:
        self.market = market
        self.clock = clock
        self.latency = latency
        self.faults = Faults()
        self.crumb = "Cr.umb/loopback1"
        self.hang_seconds = 120.0
        self.log: list[Served] = []
        self.bugs: list[BaseException] = []
        self.replies = Replies(Feed(market))
        self.stopping = threading.Event()
        self._own = None if folder else tempfile.TemporaryDirectory(prefix="loopback-")
        self.ca_file = (folder or Path(self._own.name if self._own else "")) / "authority.pem"
        self.tls = _context(self.ca_file)
        super().__init__(("127.0.0.1", 0), Connection)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Answer from a thread until ``stop``."""
        threading.Thread(target=self.serve_forever, args=(0.05,), name="loopback", daemon=True).start()

    def stop(self) -> None:
        """Answer no more; requests that hang are let go."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        if self._own is not None:
            self._own.cleanup()

    def count(self, endpoint: str | None = None, symbol: str | None = None) -> int:
        """Requests since ``forget_log``."""
        return sum(endpoint in (None, each.endpoint) and symbol in (None, each.symbol) for each in tuple(self.log))

    def counts(self) -> Counter[str]:
        """Requests by endpoint."""
        return Counter(each.endpoint for each in tuple(self.log))

    def sent(self) -> int:
        """Bytes of all bodies."""
        return sum(each.sent for each in tuple(self.log))

    def forget_log(self) -> None:
        """Begin to count anew."""
        self.log.clear()

    def warm(self, since: date) -> None:
        """Make the charts from a day on, so that the first request of each costs as little as the next."""
        begins = int(datetime.combine(since, datetime.min.time(), self.clock.tzinfo).timestamp())
        for line in self.market.listings:
            self.replies.chart(line.symbols[-1][1], {"period1": str(begins)}, self.clock)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what went wrong in the server itself, for the test to raise."""
        error = sys.exception()
        if error is not None:
            self.bugs.append(error)

    # -- answers

    def answer(self, request: Request, endpoint: str, symbol: str) -> Answer:
        """The right answer."""
        if endpoint in ("screen", "profile", "quote") and not self._welcome(request):
            return Answer(*failure("finance", 401, "Unauthorized", "Invalid Crumb"))
        if endpoint == "cookie":
            return Answer(404, b"", "text/html", (("Set-Cookie", COOKIE),))
        if endpoint == "consent":
            return Answer(200, CONSENT, "text/html", (("Set-Cookie", COOKIE),))
        if endpoint == "crumb":
            return Answer(200, self.crumb.encode(), "text/plain")
        status, body = self._data(request, endpoint, symbol)
        return Answer(status, body)

    def _data(self, request: Request, endpoint: str, symbol: str) -> tuple[int, bytes]:
        now = self.clock
        if endpoint in ("chart", "zone"):
            return self.replies.chart(symbol, request.query, now)
        if endpoint == "shares":
            return self.replies.shares(symbol, request.query, now)
        if endpoint == "screen":
            return self.replies.screen(json.loads(request.body), now)
        if endpoint == "profile":
            return self.replies.profile(symbol, now)
        if endpoint == "quote":
            return self.replies.quote(symbol.split(","), now)
        return failure("finance", 404, "Not Found", "The requested resource could not be found")

    def _welcome(self, request: Request) -> bool:
        return "A3=" in request.headers.get("cookie", "") and request.query.get("crumb") == self.crumb

    def control(self, request: Request) -> Answer:
        """Steer a server that is a process of its own; see ``harness.ServerProcess``."""
        order: Mapping[str, Any] = json.loads(request.body or b"{}")
        if "clock" in order:
            self.clock = datetime.fromisoformat(order["clock"])
        self.latency = float(order.get("latency", self.latency))
        if "warm" in order:
            self.warm(date.fromisoformat(order["warm"]))
        if order.get("forget"):
            self.forget_log()
        known = {"counts": self.counts(), "sent": self.sent(), "clock": self.clock.isoformat()}
        return Answer(200, json.dumps(known).encode())


class Connection(socketserver.BaseRequestHandler):
    """One connection: a tunnel with requests in it, one after the other."""

    request: socket.socket
    server: LoopbackServer

    def handle(self) -> None:
        """Serve until the other side leaves."""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError, ValueError):
            self._tunnel()

    def _tunnel(self) -> None:
        stream = self.request.makefile("rb", buffering=0)
        first = read_request(stream, "")
        if first is None:
            return
        if first.method != "CONNECT":
            known = self.server.control(first) if first.path == CONTROL else Answer(404, b"")
            send(self.request, known)
            return
        host = first.path.rsplit(":", 1)[0]
        if host not in HOSTS or self.server.faults.pick("connect", host) == faults.REFUSED:
            self._note("connect", host, 502, faults.REFUSED, 0)
            send(self.request, Answer(502, b""))
            return
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with self.server.tls.wrap_socket(self.request, server_side=True) as secure:
            secure_stream = cast(BinaryIO, secure.makefile("rb"))
            while (request := read_request(secure_stream, host)) is not None:
                if not self._respond(secure, request):
                    return

    def _respond(self, secure: ssl.SSLSocket, request: Request) -> bool:
        """Answer one request, and say whether the connection is still good."""
        server = self.server
        endpoint, symbol = endpoint_of(request)
        fault = server.faults.pick(endpoint, symbol)
        if server.stopping.wait(server.hang_seconds if fault == faults.HANG else server.latency):
            return False
        answer = server.answer(request, endpoint, symbol)
        if fault is not None and fault not in faults.TRANSPORT:
            answer = faults.spoiled(fault, answer)
        self._note(endpoint, symbol, answer.status, fault, len(answer.body))
        if fault == faults.RESET:
            # Without lingering, the system tells the other side that the connection is broken.
            secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if fault in (faults.RESET, faults.HANG):
            return False
        send(secure, answer, missing=fault == faults.SHORT_BODY)
        return fault != faults.SHORT_BODY

    def _note(self, endpoint: str, symbol: str, status: int, fault: str | None, sent: int) -> None:
        self.server.log.append(Served(endpoint, symbol, status, fault, time.monotonic(), sent))


def _context(ca_file: Path) -> ssl.SSLContext:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(ca_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    authority.issue_cert(*HOSTS).configure_cert(context)
    return context


def main(argv: list[str] | None = None) -> None:
    """Serve until the standard input ends; the first line of the output has port and authority."""
    parser = argparse.ArgumentParser(prog="python -m tests.yahoo.server", description="A vendor on this machine.")
    parser.add_argument("--names", type=int, default=40)
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--last", type=date.fromisoformat, default=date(2024, 6, 28))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--clock", type=datetime.fromisoformat, help="With a zone; without: the evening of the end.")
    given = parser.parse_args(argv)
    market = Market.make(given.names, given.sessions, given.last, given.seed)
    server = LoopbackServer(market, given.clock or evening(market.sessions[-1]), latency=given.latency)
    server.start()
    sys.stdout.write(json.dumps({"port": server.port, "ca_file": str(server.ca_file)}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
