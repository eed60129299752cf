"""What the vendor's library raises becomes a fault by name, and only the vendor's own words make a name gone."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import peewee
import pytest
from curl_cffi.requests import exceptions as curl
from yfinance.exceptions import (
    YFDataException,
    YFException,
    YFPricesMissingError,
    YFRateLimitError,
    YFTzMissingError,
)

from engine.fetching.asks import DONE, EMPTY, FX, GONE, PRICES, PROFILE, SCREEN, SECTORS, SHARES, Ask
from engine.providers.vendor import LIMITED, REFUSED, UNREACHABLE, UNUSABLE, VendorFault
from engine.providers.yahoo_faults import fault_of, trouble_of
from tests.unit.yahoo_frames import FINAL, actions, bars, quote
from tests.unit.yahoo_library import Library, Page, asked, vendor_over

JUNE = {"2024-06-10": 100.0, "2024-06-11": 101.0}
OUR_REASONS = 80


def http(status: int) -> curl.HTTPError:
    """An error of HTTP as the library raises it."""
    return curl.HTTPError(f"HTTP Error {status}: ", 0, SimpleNamespace(status_code=status))


def broken(kind: type[curl.RequestException], status: int) -> curl.RequestException:
    """A broken connection, which comes with a response of no status or of a good one."""
    return kind("Failed to perform, curl: (56)", 56, SimpleNamespace(status_code=status))  # type: ignore[arg-type]


FAULTS: list[tuple[Exception, str, str]] = [
    (YFRateLimitError(), LIMITED, "too many requests"),
    (http(429), LIMITED, "too many requests"),
    (http(401), UNUSABLE, "not let in (HTTP 401)"),
    (http(403), UNUSABLE, "not let in (HTTP 403)"),
    (http(404), UNUSABLE, "an error of the server (HTTP 404)"),
    (http(502), UNUSABLE, "an error of the server (HTTP 502)"),
    (http(400), REFUSED, "the question was refused (HTTP 400)"),
    (
        curl.HTTPError("Yahoo web request for share count returned 'Bad Request'"),
        UNUSABLE,
        "an answer that is an error",
    ),
    (YFDataException("*** YAHOO! FINANCE IS CURRENTLY DOWN! ***"), UNUSABLE, "Yahoo says that it is down"),
    (YFTzMissingError("ABC"), REFUSED, "no time zone is known of it"),
    (YFException("odd"), UNUSABLE, "an answer that the library cannot read (YFException)"),
    (broken(curl.Timeout, 0), UNREACHABLE, "no answer in time"),
    (broken(curl.DNSError, 0), UNREACHABLE, "the name of the host is not found"),
    (broken(curl.ProxyError, 0), UNREACHABLE, "the proxy does not let it through"),
    (broken(curl.CertificateVerifyError, 0), UNREACHABLE, "no secure connection (TLS)"),
    (broken(curl.ConnectionError, 0), UNREACHABLE, "no connection"),
    (broken(curl.IncompleteRead, 200), UNREACHABLE, "the answer broke off"),
    (broken(curl.HTTPError, 200), UNREACHABLE, "the answer broke off"),
    (broken(curl.RequestException, 0), UNREACHABLE, "no connection (RequestException)"),
    (ConnectionResetError("reset"), UNREACHABLE, "no connection"),
    (TimeoutError("slow"), UNREACHABLE, "no answer in time"),
    (json.JSONDecodeError("Expecting value", "<html>", 0), UNUSABLE, "an answer that is not JSON"),
    (KeyError("exchangeTimezoneName"), REFUSED, "an answer without a time zone"),
    (KeyError("timeseries"), UNUSABLE, "an answer without counts of shares"),
    (KeyError("validRanges"), UNUSABLE, "an answer without 'validRanges'"),
    (TypeError("'NoneType' object"), UNUSABLE, "an answer that the library cannot read (TypeError)"),
    (AttributeError("get"), UNUSABLE, "an answer that the library cannot read (AttributeError)"),
    (IndexError("list index"), UNUSABLE, "an answer that the library cannot read (IndexError)"),
    (ValueError("odd"), UNUSABLE, "an answer that the library cannot read (ValueError)"),
    (OverflowError("big"), UNUSABLE, "an answer that the library cannot read (OverflowError)"),
    (peewee.OperationalError("locked"), UNUSABLE, "an answer that the library cannot read (OperationalError)"),
]


@pytest.mark.parametrize(("error", "kind", "reason"), FAULTS, ids=lambda value: str(value)[:40])
def test_an_exception_of_the_library_has_a_kind_and_a_reason(error: Exception, kind: str, reason: str) -> None:
    fault = fault_of(error)
    assert (fault.kind, fault.reason) == (kind, reason)
    assert len(fault.reason) < OUR_REASONS
    assert trouble_of(error).hint


@pytest.mark.parametrize(("error", "kind", "reason"), FAULTS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("ask", [PRICES, FX, SHARES, PROFILE, SCREEN, SECTORS])
def test_every_question_meets_every_exception(ask: str, error: Exception, kind: str, reason: str) -> None:
    with pytest.raises(VendorFault) as raised:
        asked(Library(raises=error), ask)
    assert (raised.value.kind, raised.value.reason) == (kind, reason)


def test_an_error_of_our_own_is_not_taken_for_one_of_the_vendor() -> None:
    with pytest.raises(KeyError, match="Close"):
        asked(Library(bars=bars(JUNE).drop(columns="Close")), PRICES)


# -- names without prices


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("No data found, symbol may be delisted", GONE),
        ("No data found for this date range, symbol may be delisted", EMPTY),
        ("Data doesn't exist for startDate = 1, endDate = 2", EMPTY),
    ],
)
def test_a_name_is_gone_or_empty_by_the_vendors_own_words(words: str, outcome: str) -> None:
    answer = asked(Library(raises=YFPricesMissingError("ABC", "", yahoo_reason=words)), PRICES)
    assert (answer.outcome, answer.reason, dict(answer.frames)) == (outcome, words, {})


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (None, "an answer without prices"),
        ("", "an answer without prices"),
        ("Internal\x1b[31m error\n", "Yahoo says: Internal [31m error"),
        ("x" * 500, "Yahoo says: " + "x" * 120),
    ],
)
def test_without_such_words_nothing_is_known_of_the_name(words: str | None, reason: str) -> None:
    with pytest.raises(VendorFault) as raised:
        asked(Library(raises=YFPricesMissingError("ABC", "(1d 2024)", yahoo_reason=words)), PRICES)
    assert (raised.value.kind, raised.value.reason, raised.value.retry) == (UNUSABLE, reason, True)


def test_an_answer_without_any_row_is_no_answer() -> None:
    with pytest.raises(VendorFault, match="an answer without bars"):
        asked(Library(bars=bars(JUNE).iloc[:0]), PRICES)


def test_a_name_of_which_only_a_live_bar_is_known_is_answered_without_prices() -> None:
    answer = asked(Library(bars=bars({"2024-07-01": 5.0})), PRICES)
    assert (answer.outcome, answer.through, answer.frames["price"].height) == (DONE, None, 0)
    assert answer.reason == "1 rows: live bar"


def test_prices_in_another_currency_are_refused() -> None:
    with pytest.raises(VendorFault, match="its prices are in GBp, not in USD") as raised:
        asked(Library(bars=bars(JUNE), currency="GBp"), PRICES)
    assert raised.value.kind == REFUSED


def test_shares_that_nobody_knows_are_empty_and_not_gone() -> None:
    assert asked(Library(reports=None), SHARES).outcome == EMPTY
    assert asked(Library(reports=actions()), SHARES).outcome == EMPTY


# -- the questions themselves


def test_prices_are_asked_for_without_an_end_and_unadjusted() -> None:
    library = Library(bars=bars(JUNE), splits=actions({"2024-06-11": 2}))
    answer = asked(library, PRICES)
    assert library.asked == [("history", {"start": FINAL.replace(year=2020), "auto_adjust": False, "timeout": 12})]
    assert answer.frames["price"]["close"].to_list() == [200.0, 101.0]
    assert (answer.outcome, answer.requests, str(answer.through)) == (DONE, 1, "2024-06-11")


def test_the_librarys_memory_of_answers_is_emptied_before_every_question() -> None:
    library = Library(bars=bars(JUNE))
    asked(library, PRICES, times=3)
    assert library.forgotten == 3


def test_time_zones_are_told_once_and_before_the_question() -> None:
    library = Library(bars=bars(JUNE))
    asked(library, FX, times=2)
    assert library.seeded == [(), ("EURUSD=X",)]


def test_a_pair_is_asked_for_in_the_vendors_form_and_stored_in_ours() -> None:
    for symbol in ("EURUSD", "EURUSD=X"):
        library = Library(bars=bars(JUNE))
        answer = asked(library, FX, symbol)
        assert library.tickers == ["EURUSD=X"]
        assert answer.frames["fx"]["pair"].unique().to_list() == ["EURUSD"]


def test_a_screen_is_asked_for_in_pages_until_it_ends() -> None:
    library = Library(pages=[Page(list(map(str, range(250))), 260), Page(list(map(str, range(250, 260))), 260)])
    answer = asked(library, SCREEN, universe_size=600)
    assert [(page["offset"], page["size"]) for _, page in library.asked] == [(0, 250), (250, 250)]
    assert all(page["sortField"] == "intradaymarketcap" and page["sortAsc"] is False for _, page in library.asked)
    assert (answer.requests, answer.frames["universe_snapshot"].height) == (2, 260)


def test_a_screen_ends_at_the_size_that_is_wanted() -> None:
    library = Library(pages=[Page(list(map(str, range(100))), 5_000)])
    assert asked(library, SCREEN, universe_size=100).requests == 1
    assert [page["size"] for _, page in library.asked] == [100]


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([Page([], 0)], "the screen ended after 0 of 0 names"),
        ([Page([], 300)], "the screen ended after 0 of 300 names"),
        ([Page(list(map(str, range(250))), 400), Page([], 400)], "the screen ended after 250 of 400 names"),
        ([None], "a screen without names"),
        ([[]], "a screen without names"),
        ([{"quotes": None, "total": 3}], "a screen without names"),
        ([{"quotes": [], "total": "3"}], "a screen without names"),
    ],
)
def test_a_screen_that_is_cut_off_is_no_universe(pages: list[Any], reason: str) -> None:
    with pytest.raises(VendorFault) as raised:
        asked(Library(pages=pages), SCREEN, universe_size=600)
    assert (raised.value.kind, raised.value.reason) == (UNUSABLE, reason)


def test_a_screen_that_announces_a_little_too_much_is_taken() -> None:
    pages = [Page(list(map(str, range(250))), 260), Page([], 260)]
    assert asked(Library(pages=pages), SCREEN, universe_size=600).frames["universe_snapshot"].height == 250


def test_a_screen_without_caps_is_no_universe() -> None:
    quotes = [quote("A", None), quote("B", None), quote("C")]
    with pytest.raises(VendorFault, match="a screen without market caps"):
        asked(Library(pages=[{"quotes": quotes, "total": 3}]), SCREEN)


def test_sectors_are_eleven_screens_and_some_may_be_empty() -> None:
    library = Library(pages=[Page(["XOM"], 1), *[Page([], 0)] * 10])
    answer = asked(library, SECTORS)
    assert (answer.requests, len(library.asked)) == (11, 11)
    assert answer.frames["security"].select("ticker", "sector").rows() == [("XOM", "Basic Materials")]
    with pytest.raises(VendorFault, match="screens without names"):
        asked(Library(pages=[Page([], 0)] * 11), SECTORS)


def test_sectors_that_have_answered_are_not_asked_for_again_when_another_one_fails() -> None:
    library = Library(pages=[Page(["XOM"], 1), {}, *[Page([], 0)] * 10])
    with vendor_over(library) as vendor:
        with pytest.raises(VendorFault, match="a screen without names"):
            vendor.ask(Ask(SECTORS))
        answer = vendor.ask(Ask(SECTORS))
    assert len(library.asked) == 12
    assert answer.frames["security"].select("ticker", "sector").rows() == [("XOM", "Basic Materials")]


def test_a_screen_asks_for_the_exchanges_and_the_size_that_are_set() -> None:
    library = Library(pages=[Page(["A"], 1)])
    asked(library, SCREEN, min_cap_usd=5e9, exchanges=("NMS",))
    assert library.queries == [
        ("and", [("eq", ["region", "us"]), ("gte", ["intradaymarketcap", 5e9]), ("is-in", ["exchange", "NMS"])])
    ]


def test_a_screen_of_all_exchanges_names_none() -> None:
    library = Library(pages=[Page(["A"], 1)])
    asked(library, SCREEN, exchanges=())
    assert [term for term, _ in library.queries[0][1]] == ["eq", "gte"]
