"""A screen of the vendor becomes a snapshot, the names in it, and market caps where they are a close's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.frames.schemas import RAW_SCHEMAS
from engine.index.rules import Facts, Rules, refusal
from engine.providers import yahoo_quotes
from engine.providers.yahoo_names import COMMON, ISSUERS, Line, issuers, plain_name, security_type
from engine.providers.yahoo_parse import Closed, Parsed
from engine.providers.yahoo_quotes import FOREIGN, NO_CAP, NO_SYMBOL, OTHER_DAY
from tests.unit.yahoo_frames import FRIDAY, closed_at, quote, quoted_at

MONDAY = date(2024, 7, 1)


def universe(*quotes: dict[str, Any], final: date = FRIDAY) -> Parsed:
    return yahoo_quotes.universe(quotes, closed_at(final))


def rows(found: Parsed, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return found.frames[table].select(columns).rows()


def test_a_screen_after_the_close_is_the_sessions_snapshot_with_its_caps() -> None:
    found = universe(quote("MSFT", 3e12, exchange="NMS", regularMarketPrice=446.95), quote("BRK-B", 9e11))
    assert rows(found, "universe_snapshot", *RAW_SCHEMAS["universe_snapshot"].columns) == [
        (FRIDAY, "BRK-B", "BRK-B Corporation", "NYSE", 9e11, 100.0, True),
        (FRIDAY, "MSFT", "MSFT Corporation", "Nasdaq", 3e12, 446.95, True),
    ]
    assert rows(found, "market_cap", "session", "ticker", "market_cap_usd") == [
        (FRIDAY, "BRK-B", 9e11),
        (FRIDAY, "MSFT", 3e12),
    ]
    assert (found.through, dict(found.dropped)) == (FRIDAY, {})
    for table, frame in found.frames.items():
        assert dict(frame.schema) == RAW_SCHEMAS[table].columns


def test_a_screen_of_a_session_that_goes_on_has_no_caps() -> None:
    live = quoted_at(MONDAY, 15)
    found = universe(quote("A", regularMarketTime=live), quote("B", regularMarketTime=live))
    assert rows(found, "universe_snapshot", "session", "is_final") == [(MONDAY, False)] * 2
    assert found.frames["market_cap"].is_empty()


def test_a_screen_on_a_weekend_is_fridays() -> None:
    assert rows(universe(quote("A"), final=FRIDAY), "universe_snapshot", "session", "is_final") == [(FRIDAY, True)]


def test_a_late_feed_whose_quotes_are_from_before_the_close_has_no_caps() -> None:
    early = quoted_at(FRIDAY, 19, 40)
    found = universe(quote("A", regularMarketTime=early), quote("B", regularMarketTime=early), quote("C"))
    assert set(rows(found, "universe_snapshot", "session", "is_final")) == {(FRIDAY, False)}
    assert found.frames["market_cap"].is_empty()


def test_a_half_day_closes_at_one() -> None:
    half = date(2024, 7, 3)
    found = universe(quote("A", regularMarketTime=quoted_at(half, 17)), final=half)
    assert rows(found, "market_cap", "session", "ticker") == [(half, "A")]


def test_a_name_whose_last_trade_is_older_stays_listed_without_a_cap() -> None:
    old = quote("OLD", regularMarketTime=quoted_at(date(2024, 6, 26)))
    found = universe(quote("A"), quote("B"), old, quote("NEVER", regularMarketTime=None))
    assert rows(found, "universe_snapshot", "ticker", "is_final") == [
        ("A", True),
        ("B", True),
        ("NEVER", False),
        ("OLD", False),
    ]
    assert rows(found, "market_cap", "ticker") == [("A",), ("B",)]
    assert found.dropped == {OTHER_DAY: 2}


def test_the_last_trade_of_the_day_counts_though_it_was_before_the_close() -> None:
    thin = quote("THIN", regularMarketTime=quoted_at(FRIDAY, 19, 50))
    assert rows(universe(quote("A"), quote("B"), thin), "market_cap", "ticker") == [("A",), ("B",), ("THIN",)]


@pytest.mark.parametrize("cap", [None, 0, -1.0, float("nan"), float("inf"), "1e12", True])
def test_a_cap_that_is_none_is_none(cap: Any) -> None:
    found = universe(quote("A", cap), quote("B"))
    assert rows(found, "universe_snapshot", "ticker", "market_cap_usd") == [("A", None), ("B", 1e12)]
    assert rows(found, "market_cap", "ticker") == [("B",)]
    assert found.dropped == {NO_CAP: 1}


def test_a_cap_in_another_currency_is_not_taken_for_dollars() -> None:
    found = universe(quote("A", currency="CAD"), quote("B"))
    assert rows(found, "universe_snapshot", "ticker", "market_cap_usd", "close") == [
        ("A", None, None),
        ("B", 1e12, 100.0),
    ]
    assert found.dropped == {FOREIGN: 1}


def test_preferred_stock_is_listed_but_has_no_company_size_cap() -> None:
    found = universe(quote("BAC", 3e11), quote("BAC-PL", 2.9e11))
    assert rows(found, "universe_snapshot", "ticker") == [("BAC",), ("BAC-PL",)]
    assert rows(found, "security", "ticker", "security_type") == [("BAC", COMMON), ("BAC-PL", "preferred stock")]
    assert rows(found, "market_cap", "ticker") == [("BAC",)]


def test_symbols_are_written_one_way_and_odd_ones_are_left_out() -> None:
    odd = [quote(""), {**quote("X"), "symbol": None}, quote("A\x07B"), quote("X" * 21)]
    found = universe(quote(" brk.b "), quote("A"), *odd)
    assert rows(found, "universe_snapshot", "ticker") == [("A",), ("BRK-B",)]
    assert found.dropped == {NO_SYMBOL: 4}


def test_of_a_name_on_two_pages_the_later_one_counts() -> None:
    found = universe(quote("A", 1e12), quote("B"), quote("A", 2e12))
    assert rows(found, "market_cap", "ticker", "market_cap_usd") == [("A", 2e12), ("B", 1e12)]


def test_names_lose_their_control_characters_and_a_missing_one_is_the_symbol() -> None:
    found = universe(
        quote("A", longName="Evil\x1b[31m \u202eName\n Inc."),
        quote("B", longName=None, shortName="Short"),
        quote("C", longName=" ", shortName=None),
    )
    assert rows(found, "security", "ticker", "name") == [("A", "Evil[31m Name Inc."), ("B", "Short"), ("C", "C")]


def test_what_a_screen_says_of_a_name_says_nothing_of_its_sector_or_country() -> None:
    assert rows(universe(quote("A")), "security", "sector", "industry", "country") == [(None, None, None)]


def test_a_screen_without_any_time_is_no_close() -> None:
    found = universe(quote("A", regularMarketTime=None), quote("B", regularMarketTime=1e18))
    assert rows(found, "universe_snapshot", "session", "is_final") == [(FRIDAY, False)] * 2


def test_the_calendar_that_is_asked_is_the_one_that_is_given() -> None:
    only_thursday = Closed(date(2024, 6, 27), lambda day: day == date(2024, 6, 27))
    thursday = quote("B", regularMarketTime=quoted_at(date(2024, 6, 27)))
    found = yahoo_quotes.universe([quote("A"), quote("C"), thursday], only_thursday)
    assert found.through == date(2024, 6, 27)
    assert rows(found, "market_cap", "ticker") == [("B",)]


def test_sectors_are_told_by_the_screen_that_a_name_is_in() -> None:
    found = yahoo_quotes.sectors({"Energy": [quote("XOM")], "Technology": [quote("MSFT"), quote("XOM")]})
    assert rows(found, "security", "ticker", "sector", "exchange") == [
        ("MSFT", "Technology", None),
        ("XOM", "Energy", None),
    ]


def test_a_profile_tells_country_sector_and_industry() -> None:
    info = {"longName": "Accenture plc", "country": "Ireland", "sector": "Technology", "industry": "IT\tServices"}
    found = yahoo_quotes.profile("ACN", info)
    columns = ("ticker", "name", "sector", "industry", "country", "exchange")
    assert rows(found, "security", *columns) == [("ACN", "Accenture plc", "Technology", "IT Services", "Ireland", None)]


def test_a_profile_without_a_name_does_not_rename_the_company() -> None:
    assert yahoo_quotes.profile("ACN", {"maxAge": 86_400}).frames["security"].is_empty()


def test_a_screen_in_which_most_names_have_no_cap_is_known() -> None:
    assert yahoo_quotes.has_caps([quote("A"), quote("B", None)])
    assert not yahoo_quotes.has_caps([quote("A"), quote("B", None), quote("C", None)])


# -- what symbols and names say


@pytest.mark.parametrize(
    ("symbol", "name", "exchange", "kind"),
    [
        ("MSFT", "Microsoft Corporation", "NMS", COMMON),
        ("GOOGL", "Alphabet Inc.", "NMS", COMMON),
        ("CMCSA", "Comcast Corporation", "NMS", COMMON),
        ("BRK-A", "Berkshire Hathaway Inc.", "NYQ", COMMON),
        ("MKC-V", "McCormick & Company", "NYQ", COMMON),
        ("EPD", "Enterprise Products Partners L.P. Common Units", "NYQ", COMMON),
        ("TSM", "Taiwan Semiconductor American Depositary Shares", "NYQ", COMMON),
        ("PFBC", "Preferred Bank", "NMS", COMMON),
        ("BHF", "Brighthouse Financial, Inc.", "NMS", COMMON),
        ("BAC-PL", "Bank of America Corporation", "NYQ", "preferred stock"),
        ("JPM-PC", "JPMorgan Chase & Co. Depositary Shares", "NYQ", "preferred stock"),
        ("ABCD-P", "Abcd", "NYQ", "preferred stock"),
        ("AGNCN", "AGNC Investment Corp.", "NMS", "preferred stock"),
        ("SOJE", "Southern Company 4.95 % Series 2020 Preferred", "NYQ", "preferred stock"),
        ("TBB", "AT&T Inc. 5.350% Global Notes due 2066", "NYQ", "note"),
        ("SPAK-WT", "Spak", "NYQ", "warrant"),
        ("SPAKW", "Spak Acquisition", "NMS", "warrant"),
        ("SPAK-UN", "Spak", "NYQ", "unit"),
        ("SPAKU", "Spak Acquisition", "NCM", "unit"),
        ("SPAK-RI", "Spak", "NYQ", "right"),
        ("GEV-WI", "GE Vernova", "NYQ", "when issued"),
    ],
)
def test_what_is_not_common_stock_is_known_by_its_symbol_or_its_name(
    symbol: str, name: str, exchange: str, kind: str
) -> None:
    assert security_type(symbol, name, exchange, "EQUITY") == kind


@pytest.mark.parametrize(
    ("quote_type", "kind"), [("ETF", "exchange traded fund"), ("MUTUALFUND", "fund"), ("", COMMON)]
)
def test_funds_are_known_by_their_type(quote_type: str, kind: str) -> None:
    assert security_type("SPY", "SPDR S&P 500", "PCX", quote_type) == kind


def test_the_index_takes_common_stock_of_its_exchanges_and_nothing_else() -> None:
    for code, eligible in (("NMS", True), ("NYQ", True), ("ASE", True), ("PNK", False)):
        found = universe(quote("A", exchange=code), quote("A-PB", exchange=code))
        refused = {
            ticker: refusal(Facts(exchange, security_type=kind), Rules())
            for ticker, exchange, kind in found.frames["security"].select("ticker", "exchange", "security_type").rows()
        }
        assert (refused["A"] is None) == eligible
        assert refused["A-PB"] is not None


def test_lines_of_the_table_are_of_one_company_whatever_they_are_called() -> None:
    lines = [Line("GOOG", "Alphabet Inc.", 2e12), Line("GOOGL", "Google", 1e12), Line("MSFT", "Microsoft", 3e12)]
    assert issuers(lines) == {"GOOG": "Alphabet", "GOOGL": "Alphabet"}


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        (Line("ALFA", "Alfa Holdings, Inc. Class A", 1e11), Line("ALFC", "Alfa Holdings Inc. Class C", 1.005e11), True),
        (Line("ALFA", "Alfa Holdings, Inc. Class A", 1e11), Line("ALFC", "Alfa Holdings Inc. Class C", 1.2e11), False),
        (Line("ALFA", "Alfa Inc.", 1e11), Line("ALFC", "Alfa Inc.", None), False),
        (Line("OMA-A", "Oma Corp", 1e11), Line("OMA-B", "Oma Corporation", 2e11), True),
        (Line("ALFA", "Alfa Inc.", 1e11), Line("BETA", "Beta Inc.", 1e11), False),
        (Line("ALFA", "Inc.", 1e11), Line("BETA", "Corp.", 1e11), False),
    ],
)
def test_equal_names_join_lines_only_with_equal_caps_or_one_base(one: Line, other: Line, joined: bool) -> None:
    found = issuers([one, other])
    assert (len(found) == 2 and len(set(found.values())) == 1) == joined
    assert bool(found) == joined


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Alphabet Inc. Class A", "alphabet"),
        ("The Coca-Cola Company", "coca cola"),
        ("Johnson & Johnson", "johnson johnson"),
        ("L'Oréal S.A. ADR", "loréal"),
        ("Shell plc", "shell"),
        ("Capital One Financial Corporation", "capital one financial"),
    ],
)
def test_a_plain_name_says_which_company_it_is(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_every_company_of_the_table_has_several_lines() -> None:
    assert all(list(ISSUERS.values()).count(company) > 1 for company in ISSUERS.values())
    assert all(symbol == symbol.strip().upper() for symbol in ISSUERS)
