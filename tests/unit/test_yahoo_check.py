"""Each host and service of the vendor is looked at by itself, and what is wrong is said with what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from curl_cffi.requests import exceptions as curl

from engine.providers.yahoo_check import check_hosts
from engine.reports import Check

NAMES = [
    "cache folder",
    "cookie (fc.yahoo.com)",
    "crumb (query1.finance.yahoo.com)",
    "screen (query1.finance.yahoo.com)",
    "prices (query2.finance.yahoo.com)",
    "shares (query2.finance.yahoo.com)",
]

GOOD: dict[str, tuple[int, str]] = {
    "fc.yahoo.com": (404, ""),
    "getcrumb": (200, "a.b/c"),
    "screener": (200, '{"finance": {"result": [{"quotes": [{"symbol": "A"}]}]}}'),
    "chart": (200, '{"chart": {"result": [{"timestamp": [1]}]}}'),
    "timeseries": (200, '{"timeseries": {"result": [{"shares_out": [1]}]}}'),
}


class Session:
    """Answers by a part of the address: a status and a body, or an exception that is raised."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.sent: list[dict[str, Any]] = []
        self.closed = False

    def get(self, url: str, **details: Any) -> Any:
        """Any request."""
        self.sent.append({"url": url, **details})
        answer = next(value for part, value in self.answers.items() if part in url)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        headers = {"Set-Cookie": "A3=x"} if status == 404 else {}
        return SimpleNamespace(status_code=status, text=body, headers=headers, json=lambda: json.loads(body))

    post = get

    def close(self) -> None:
        """Let go of its connections."""
        self.closed = True


Checked = Callable[..., dict[str, Check]]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Checked:
    """The checks by name, of a vendor that answers well but for what is given."""
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)

    def run(cache_dir: Path = tmp_path, **answers: Any) -> dict[str, Check]:
        session = Session({**GOOD, **{name.replace("_", "."): answer for name, answer in answers.items()}})
        monkeypatch.setattr("yfinance._http.new_session", lambda: session)
        found = check_hosts(cache_dir, 3.0)
        assert session.closed
        assert {request["timeout"] for request in session.sent} == {3.0}
        assert [check.name for check in found] == NAMES
        return {check.name.split()[0]: check for check in found}

    return run


def test_all_is_well_when_every_service_answers(checked: Checked) -> None:
    found = checked()
    assert {check.state for check in found.values()} == {"good"}
    assert found["prices"].text.startswith("It answers, and the answer can be used (HTTP 200 after ")
    assert not any(check.hint for check in found.values())


@pytest.mark.parametrize(
    ("answer", "text", "hint"),
    [
        ((429, ""), "too many requests (HTTP 429", "FLATCAP_REQUESTS_PER_SECOND"),
        ((401, ""), "not let in (HTTP 401", "another network"),
        ((503, "<html>"), "an error of the server (HTTP 503", "try again later"),
        ((200, "<html>"), "it is not JSON (HTTP 200", "try again later"),
        ((200, '{"chart": null}'), "it is not what was asked for (HTTP 200", "try again later"),
        (curl.DNSError("x"), "It is not reached: the name of the host is not found.", "name server"),
        (curl.CertificateVerifyError("x"), "It is not reached: no secure connection (TLS).", "CURL_CA_BUNDLE"),
        (curl.ProxyError("x"), "It is not reached: the proxy does not let it through.", "HTTPS_PROXY"),
        (curl.Timeout("x"), "It is not reached: no answer in time.", "network"),
        (curl.ConnectionError("x"), "It is not reached: no connection.", "network"),
    ],
    ids=str,
)
def test_what_is_wrong_with_one_service_is_said_of_it_alone(
    checked: Checked, answer: Any, text: str, hint: str
) -> None:
    found = checked(chart=answer)
    assert found["prices"].state == "bad"
    assert text in found["prices"].text
    assert hint in found["prices"].hint
    assert {check.state for name, check in found.items() if name != "prices"} == {"good"}


def test_a_host_without_a_cookie_is_a_warning(checked: Checked) -> None:
    found = checked(fc_yahoo_com=(200, ""))
    assert (found["cookie"].state, "no cookie" in found["cookie"].text) == ("warn", True)


@pytest.mark.parametrize("crumb", ["", "<html>busy</html>", "Too Many Requests", '{"error":1}', "x" * 65])
def test_a_page_is_no_crumb(checked: Checked, crumb: str) -> None:
    assert checked(getcrumb=(200, crumb))["crumb"].state == "bad"


def test_where_a_proxy_is_set_a_broken_connection_may_be_the_proxys(
    checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@proxy:3128")
    hint = checked(chart=curl.ConnectionError("x"))["prices"].hint
    assert "HTTPS_PROXY" in hint
    assert "secret" not in hint


def test_a_folder_that_cannot_hold_the_cookies_is_a_warning(checked: Checked, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    found = checked(cache_dir=file / "cache")["cache"]
    assert (found.state, found.hint != "") == ("warn", True)
