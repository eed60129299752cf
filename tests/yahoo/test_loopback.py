"""The real library, unmodified, against the loopback vendor: what arrives is true, and faults surface as they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.yahoo import faults
from tests.yahoo.faults import Faults, Plant
from tests.yahoo.harness import Library, ServerProcess, ask_library, loopback
from tests.yahoo.market import Market, close_of, evening, moment
from tests.yahoo.server import LoopbackServer

SEEDED = """
for symbol in symbols:
    cache.get_tz_cache().store(symbol, "America/New_York")
"""

TRY = """
import warnings
warnings.filterwarnings("ignore", module="yfinance")
def surfaced(ask):
    try:
        found = ask()
    except Exception as error:
        return type(error).__name__, str(getattr(error, "yahoo_reason", None) or "")
    return ("None", "") if found is None else (type(found).__name__, str(len(found)))
"""

UNIVERSE = """
from yfinance import EquityQuery as Q
def page(offset, size=20):
    query = Q("and", [Q("eq", ["region", "us"]), Q("is-in", ["exchange", "NMS", "NYQ", "ASE"]),
                      Q("gte", ["intradaymarketcap", 2e10])])
    return yf.screen(query, sortField="intradaymarketcap", sortAsc=False, size=size, offset=offset)
"""

HISTORIES = """
def history(symbol, start):
    frame = yf.Ticker(symbol).history(start=start, auto_adjust=False, actions=True, timeout=2)
    return [[str(at.date()), close, dividend, split, volume] for at, close, dividend, split, volume in zip(
        frame.index, frame["Close"].tolist(), frame["Dividends"].tolist(), frame["Stock Splits"].tolist(),
        frame["Volume"].tolist())]
"""

MISSING = "YFPricesMissingError"
NO_JSON = "JSONDecodeError"
SURFACING = {
    # fault: what a question for history ends in, and one for shares
    faults.RATE_LIMITED: ("YFRateLimitError", "YFRateLimitError"),
    faults.RATE_LIMITED_UNTIL: ("YFRateLimitError", "YFRateLimitError"),
    faults.UNAUTHORIZED: (MISSING, "KeyError"),
    faults.NOT_FOUND: (MISSING, "KeyError"),
    faults.ERROR_500: (MISSING, "KeyError"),
    faults.ERROR_502: (MISSING, "KeyError"),
    faults.ERROR_503: (MISSING, "KeyError"),
    faults.ERROR_500_HTML: (NO_JSON, NO_JSON),
    faults.ERROR_502_HTML: (NO_JSON, NO_JSON),
    faults.ERROR_503_HTML: (NO_JSON, NO_JSON),
    faults.RIGHT_BACK: ("YFDataException", NO_JSON),
    faults.HTML: (NO_JSON, NO_JSON),
    faults.EMPTY_BODY: (NO_JSON, NO_JSON),
    faults.TRUNCATED: (NO_JSON, NO_JSON),
    faults.SHORT_BODY: ("ConnectionError", "ConnectionError"),
    faults.RESET: ("ConnectionError", "ConnectionError"),
    faults.NO_BARS: (MISSING, "Series"),
    faults.NO_ZONE: ("KeyError", "Series"),
    faults.NULL_CLOSE: ("DataFrame", "Series"),
    faults.NULL_ROW: ("DataFrame", "Series"),
    faults.STALE: ("DataFrame", "Series"),
}


@pytest.fixture(scope="module")
def market() -> Market:
    return Market.make(40, 160)


@pytest.fixture(scope="module")
def shared(market: Market) -> Iterator[LoopbackServer]:
    with loopback(market) as server:
        yield server


@pytest.fixture
def server(shared: LoopbackServer) -> LoopbackServer:
    shared.faults.clear()
    shared.forget_log()
    shared.latency = 0.0
    shared.clock = evening(shared.market.sessions[-20])
    return shared


@pytest.fixture(scope="module")
def library(shared: LoopbackServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    running = Library(shared, tmp_path_factory.mktemp("library"))
    yield running
    running.close()


@pytest.fixture
def own() -> Iterator[LoopbackServer]:
    with loopback(Market.make(10, 60)) as server:
        yield server


def test_history_leads_back_to_the_truth(server: LoopbackServer, library: Library) -> None:
    symbols = ["ZAA", "ZAE", "ZAG", "ZAN", "ALFA", "OMAH-A"]
    start = server.market.sessions[0]
    found = library.ask(f"{HISTORIES}\nanswer = {{s: history(s, '{start}') for s in {symbols!r}}}")
    true = server.market.truth(server.clock)
    splits = 0
    for symbol in symbols:
        rows = [(date.fromisoformat(day), *values) for day, *values in found[symbol]]
        splits += sum(row[3] != 0 for row in rows)
        traded, volumes, dividends, later = [], [], [], 1.0
        for _, close, dividend, split, volume in reversed(rows):
            traded.append(close * later)
            volumes.append(volume / later)
            dividends += [dividend * later] if dividend else []
            later *= split or 1.0
        prices = true["price"].filter(ticker=symbol)
        assert [row[0] for row in rows] == prices["session"].to_list()
        assert traded[::-1] == pytest.approx(prices["close"].to_list(), rel=1e-6)
        assert volumes[::-1] == pytest.approx(prices["volume"].to_list(), rel=1e-5)
        paid = true["dividend"].filter(ticker=symbol)["amount"].to_list()
        assert dividends[::-1] == pytest.approx(paid, rel=1e-9)
    assert splits == true["split"].filter(true["split"]["ticker"].is_in(symbols)).height > 0


def test_shares_are_those_that_were_reported(server: LoopbackServer, library: Library) -> None:
    script = """
def shares(symbol):
    found = yf.Ticker(symbol).get_shares_full(start="2023-01-01")
    return [[str(at.date()), count] for at, count in found.items()]
answer = {symbol: shares(symbol) for symbol in ("ZAD", "ALFA", "ALFC")}
"""
    found = library.ask(script)
    for symbol, rows in found.items():
        line = server.market.line(symbol)
        told = line.reported(server.market.sessions, whole=False)
        known = [[str(day), round(count)] for day, count in told if moment(day) <= server.clock]
        assert sorted(rows) == sorted(known)
    assert Counter(day for day, _ in found["ZAD"]).most_common(1)[0][1] == 2
    whole = server.market.truth(server.clock)["shares"].filter(ticker="ALFC")["shares_outstanding"][0]
    assert found["ALFC"][0][1] == pytest.approx(whole * 0.46, rel=1e-6)


def test_the_screen_is_paged_sorted_and_confined(server: LoopbackServer, library: Library) -> None:
    found = library.ask(UNIVERSE + "answer = [page(0), page(20), page(40), page(60)]")
    totals = {page["total"] for page in found}
    quotes = [quote for page in found for quote in page["quotes"]]
    symbols = [quote["symbol"] for quote in quotes]
    assert totals == {len(symbols)}
    assert len(set(symbols)) == len(symbols)
    assert set(symbols).isdisjoint({"ZOTCF", "SMA", "SMB", "SMC", "^GSPC", "RSP"})
    assert set(symbols) >= {"ZAA", "ALFA", "ALFC", "OMAH-A", "OMAH-B", "ZAB-PL", "NOCAP"}
    caps = {quote["symbol"]: quote.get("marketCap") for quote in quotes}
    assert caps["NOCAP"] is None
    assert caps["ALFA"] == pytest.approx(caps["ALFC"], rel=0.01)
    told = [cap for cap in caps.values() if cap is not None]
    assert told == sorted(told, reverse=True)
    session = server.market.sessions[-20]
    true = server.market.truth(server.clock)["market_cap"].filter(session=session).rows()
    expected = {ticker: cap for _, ticker, cap in true}
    assert {symbol: caps[symbol] for symbol in expected if symbol in caps} == pytest.approx(
        {symbol: cap for symbol, cap in expected.items() if symbol in caps}, rel=1e-9
    )
    assert {quote["regularMarketTime"] for quote in quotes} == {int(close_of(session).timestamp()) + 2}
    assert {q["symbol"]: q["regularMarketPrice"] for q in quotes}["ZAC"] == server.market.close("ZAC", session)


def test_a_sector_can_be_screened(server: LoopbackServer, library: Library) -> None:
    script = """
from yfinance import EquityQuery as Q
query = Q("and", [Q("eq", ["region", "us"]), Q("eq", ["sector", "Energy"])])
answer = [quote["symbol"] for quote in yf.screen(query, sortField="intradaymarketcap", size=250)["quotes"]]
"""
    found = set(library.ask(script))
    assert found
    assert found == {line.symbols[0][1] for line in server.market.listings if line.sector == "Energy"}


def test_a_profile_has_sector_and_country(server: LoopbackServer, library: Library) -> None:
    found = library.ask('answer = {s: yf.Ticker(s).info for s in ("ZAA", "ZAF")}')
    assert found["ZAA"]["sector"] == server.market.line("ZAA").sector
    assert (found["ZAA"]["country"], found["ZAF"]["country"]) == ("United States", "Ireland")
    assert found["ZAA"]["longName"] == server.market.line("ZAA").name


def test_without_the_right_crumb_there_is_no_screen(server: LoopbackServer, tmp_path: Path) -> None:
    script = UNIVERSE + (
        "from yfinance.data import YfData\npage(0)\nYfData()._crumb = 'stale'\n"
        "from curl_cffi import requests\n"
        "bare = requests.post('https://query1.finance.yahoo.com/v1/finance/screener', json={}).status_code\n"
        "answer = [page(20)['count'], bare]"
    )
    assert ask_library(server, tmp_path, script) == [20, 401]
    assert [each.status for each in server.log if each.endpoint == "screen"] == [200, 401, 401, 200]


def test_a_crumb_that_is_none_is_kept_until_it_is_refused(server: LoopbackServer, tmp_path: Path) -> None:
    server.faults.plant(faults.GARBAGE_CRUMB, "crumb", nth=1)
    assert ask_library(server, tmp_path, UNIVERSE + "answer = page(0)['count']") == 20
    assert [each.status for each in server.log if each.endpoint == "screen"] == [401, 200]


@pytest.fixture(scope="module")
def surfaced(shared: LoopbackServer, library: Library) -> dict[str, list[list[str]]]:
    """What every fault ends in, for a question for history and one for shares."""
    shared.faults.clear()
    symbols = [line.symbols[0][1] for line in shared.market.listings][: len(SURFACING)]
    for symbol, kind in zip(symbols, SURFACING, strict=True):
        shared.faults.plant(kind, "chart", symbol)
        shared.faults.plant(kind, "shares", symbol)
    shared.clock = evening(shared.market.sessions[-20])
    script = f"""
symbols = {symbols!r}
{SEEDED}{TRY}
start = "{shared.market.sessions[0]}"
answer = [[surfaced(lambda: yf.Ticker(symbol).history(start=start, auto_adjust=False)),
           surfaced(lambda: yf.Ticker(symbol).get_shares_full(start=start))] for symbol in symbols]
"""
    found = library.ask(script)
    return dict(zip(SURFACING, found, strict=True))


@pytest.mark.parametrize("kind", SURFACING)
def test_a_fault_surfaces_as_the_library_lets_it(surfaced: dict[str, list[list[str]]], kind: str) -> None:
    history, shares = surfaced[kind]
    assert (history[0], shares[0]) == SURFACING[kind]
    if history[0] == MISSING:
        assert history[1] == ""


def test_rows_without_a_close_stay_and_empty_rows_go(
    surfaced: dict[str, list[list[str]]], market: Market, server: LoopbackServer
) -> None:
    rows = len(market.sessions) - 19
    kept = {kind: int(surfaced[kind][0][1]) for kind in (faults.NULL_CLOSE, faults.NULL_ROW, faults.STALE)}
    assert kept == {faults.NULL_CLOSE: rows, faults.NULL_ROW: rows - 1, faults.STALE: rows - faults.STALE_ROWS}


def test_the_vendor_says_why_there_are_no_prices(server: LoopbackServer, library: Library) -> None:
    script = f"""
symbols = ["NONE", "ZAA", "ZAG"]
{SEEDED}{TRY}
answer = [surfaced(lambda: yf.Ticker("NONE").history(start="2024-01-02")),
          surfaced(lambda: yf.Ticker("ZAA").history(start="2025-06-02")),
          surfaced(lambda: yf.Ticker("ZAG").history(start="2023-01-03", end="2023-02-01")),
          surfaced(lambda: yf.Ticker("NONE").get_shares_full(start="2024-01-02")),
          surfaced(lambda: yf.Ticker("OTHER").history(start="2024-01-02"))]
"""
    gone, late, early, shares, unseeded = library.ask(script)
    assert gone == [MISSING, "No data found, symbol may be delisted"]
    assert late[0] == early[0] == MISSING
    assert late[1].startswith("Data doesn't exist")
    assert early[1].startswith("Data doesn't exist")
    assert shares == ["None", ""]
    # Without a time zone that is known before, the library asks for one, and for a profile.
    assert unseeded[0] == "HTTPError"


def test_a_question_that_hangs_ends_in_a_timeout(server: LoopbackServer, library: Library) -> None:
    server.faults.plant(faults.HANG, "chart", "ZAA")
    script = f"symbols = ['ZAA']\n{SEEDED}{TRY}\n" + (
        "answer = surfaced(lambda: yf.Ticker('ZAA').history(start='2024-01-02', timeout=0.3))"
    )
    assert library.ask(script)[0] == "Timeout"


def test_a_screen_fails_by_name(server: LoopbackServer, library: Library) -> None:
    kinds = [faults.ERROR_500, faults.ERROR_500, faults.TRUNCATED, faults.RATE_LIMITED, faults.RATE_LIMITED]
    for nth, kind in enumerate([*kinds, faults.NO_CAPS, faults.NO_QUOTES], 1):
        server.faults.plant(kind, "screen", nth=nth)
    script = f"{UNIVERSE}{TRY}" + (
        "answer = [surfaced(lambda: page(0))[0] for _ in range(3)]\n"
        "answer += [sum('marketCap' in quote for quote in page(0)['quotes']), len(page(0)['quotes'])]"
    )
    assert library.ask(script) == ["HTTPError", NO_JSON, "YFRateLimitError", 0, 0]


def test_a_host_can_be_down(server: LoopbackServer, tmp_path: Path) -> None:
    server.faults.plant(faults.REFUSED, "connect", "query2.finance.yahoo.com")
    script = f"symbols = ['ZAA']\n{SEEDED}{TRY}{UNIVERSE}" + (
        "answer = [surfaced(lambda: yf.Ticker('ZAA').history(start='2024-01-02'))[0], page(0)['count']]"
    )
    assert ask_library(server, tmp_path, script) == ["ConnectionError", 20]


def test_a_vendor_that_is_away_altogether_is_a_connection_error(tmp_path: Path) -> None:
    with loopback(Market.make(3, 30, specials=False), folder=tmp_path) as server:
        pass
    script = f"symbols = ['ZAA']\n{SEEDED}{TRY}" + (
        "answer = surfaced(lambda: yf.Ticker('ZAA').history(start='2024-01-02'))[0]"
    )
    assert ask_library(server, tmp_path, script) == "ConnectionError"


def test_the_vendors_clock_moves(server: LoopbackServer, library: Library) -> None:
    market = server.market
    today, before = market.sessions[-10], market.sessions[-11]
    market.split("ZAJ", today, 4)
    script = f"{HISTORIES}\nanswer = history('ZAJ', '{market.sessions[-14]}')"

    def asked(now: datetime) -> dict[date, float]:
        server.clock = now
        rows: list[list[Any]] = library.ask(script)
        return {date.fromisoformat(row[0]): row[1] for row in rows}

    plain = market.close("ZAJ", before)
    early, live, final = asked(evening(before)), asked(moment(today, 12)), asked(evening(today))
    assert list(early) == market.sessions[-14:-10]
    assert early[before] == pytest.approx(plain, rel=1e-6)
    assert live[before] == final[before] == pytest.approx(plain / 4, rel=1e-6)
    assert final[today] == pytest.approx(market.close("ZAJ", today), rel=1e-6)
    assert live[today] != pytest.approx(final[today], rel=1e-6)


def test_nothing_is_asked_but_what_the_library_needs(own: LoopbackServer, tmp_path: Path) -> None:
    script = f"symbols = ['ZAA', 'ZAB']\n{SEEDED}{HISTORIES}\nanswer = [len(history(s, '2024-05-01')) for s in symbols]"
    ask_library(own, tmp_path, script)
    assert own.counts() == {"cookie": 1, "crumb": 1, "chart": 2}
    assert own.count("chart", "ZAA") == 1
    own.forget_log()
    ask_library(own, tmp_path, script)
    assert own.counts() == {"crumb": 1, "chart": 2}
    assert own.sent() > 1_000


def test_an_answer_takes_its_time(server: LoopbackServer, library: Library) -> None:
    server.latency = 0.3
    library.ask(f"symbols = ['ZAA', 'ZAB', 'ZAD']\n{SEEDED}{HISTORIES}\n[history(s, '2024-05-01') for s in symbols]")
    ats = [each.at for each in server.log]
    assert min(later - earlier for earlier, later in pairwise(ats)) >= 0.3


def test_a_server_can_be_a_process_of_its_own(tmp_path: Path) -> None:
    market = Market.make(5, 40)
    with ServerProcess(names=5, sessions=40) as server:
        server.control(clock=evening(market.sessions[-5]).isoformat(), warm="2024-01-02")
        found = ask_library(server, tmp_path, f"{HISTORIES}\nanswer = history('ZAB', '2024-01-02')")
        assert server.control(forget=True)["counts"] == {}
    true = market.truth(evening(market.sessions[-5]))["price"].filter(ticker="ZAB")["close"]
    assert found[-1][1] == pytest.approx(true[-1], rel=1e-6)


def test_faults_strike_the_same_requests_in_any_order() -> None:
    questions = [("chart", f"Z{letter}") for letter in "ABCDEFGHIJ" for _ in range(50)]
    struck = []
    for order in (questions, questions[::-1]):
        planted = Faults([Plant(faults.RESET, rate=0.1, seed=7)])
        struck.append(Counter(symbol for endpoint, symbol in order if planted.pick(endpoint, symbol)))
    assert struck[0] == struck[1]
    assert 30 < struck[0].total() < 75


def test_a_burst_strikes_one_question_several_times() -> None:
    planted = Faults([Plant(faults.RATE_LIMITED, rate=0.1, burst=3, seed=2)])
    hits = [planted.pick("chart", "ZAA") is not None for _ in range(200)]
    first = hits.index(True)
    assert hits[first : first + 3] == [True, True, True]
    assert 0.15 < sum(hits) / 200 < 0.4


def test_a_fault_can_be_confined() -> None:
    planted = Faults()
    planted.plant(faults.RESET, "chart", "ZAA", times=2)
    planted.plant(faults.HANG, "shares", nth=3)
    assert [planted.pick("chart", "ZAA") for _ in range(3)] == [faults.RESET, faults.RESET, None]
    assert planted.pick("chart", "ZAB") is None
    assert [planted.pick("shares", "ZAB") for _ in range(4)] == [None, None, faults.HANG, None]


def test_evening_is_after_the_close_on_every_day() -> None:
    half = date(2024, 7, 3)
    assert close_of(half) == moment(half, 13)
    assert evening(half) - close_of(half) == timedelta(hours=5)
