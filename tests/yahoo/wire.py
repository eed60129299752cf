"""Requests and answers as they cross a connection."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.yahoo.faults import Answer

PATHS: Final = {
    "/v1/test/getcrumb": "crumb",
    "/ws/fundamentals-timeseries/v1/finance/timeseries/": "shares",
    "/v1/finance/screener": "screen",
    "/v10/finance/quoteSummary/": "profile",
    "/v7/finance/quote": "quote",
}


@dataclass(frozen=True)
class Request:
    """One request, read whole."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


def endpoint_of(request: Request) -> tuple[str, str]:
    """The name of what is asked for, and the symbol: ``zone`` is the chart of one day that tells the time zone."""
    path = request.path
    last = unquote(path.rsplit("/", 1)[-1])
    if request.host == "fc.yahoo.com":
        return "cookie", ""
    if request.host in ("guce.yahoo.com", "consent.yahoo.com"):
        return "consent", ""
    if path.startswith("/v8/finance/chart/"):
        return ("zone" if request.query.get("range") == "1d" else "chart"), last
    for start, endpoint in PATHS.items():
        if path.startswith(start):
            named = {"screen": "", "crumb": "", "quote": request.query.get("symbols", "")}
            return endpoint, named.get(endpoint, last)
    return "other", path


def read_request(stream: Any, host: str) -> Request | None:
    """The next request of a connection, None at its end."""
    line = stream.readline().decode("latin-1").split()
    if len(line) != 3:
        return None
    headers = {}
    while (row := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = row.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    if line[0] == "CONNECT":
        return Request(line[0], host, line[1], {}, headers, body)
    url = urlsplit(line[1])
    return Request(line[0], host, url.path, dict(parse_qsl(url.query, keep_blank_values=True)), headers, body)


def send(connection: socket.socket, answer: Answer, *, missing: bool = False) -> None:
    """Send an answer; with ``missing`` only half of the body that is promised."""
    head = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body)}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    body = answer.body[: len(answer.body) // 2] if missing else answer.body
    connection.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + body)
