"""Real replies of the vendor, as recorded by others, through the real library into our frames; skipped without them."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from yfinance.scrapers.history import PriceHistory

from engine.calendar import is_session
from engine.fetching.asks import DONE, FX, GONE, PRICES, SCREEN, Answer
from engine.providers import yahoo_quotes, yahoo_setup
from tests.unit.yahoo_frames import closed_at
from tests.unit.yahoo_library import Library, asked

FOLDER = Path(os.environ.get("YAHOO_REPLIES") or Path(__file__).parents[3] / "shared" / "data" / "yahoo")
LAST = date(2026, 12, 31)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no folder of recorded replies (YAHOO_REPLIES)")


def charts() -> list[Path]:
    """Recorded charts of days."""
    found = [*FOLDER.glob("*/chart/*.json"), *FOLDER.glob("*/history_chart_*.json"), *FOLDER.glob("*/chart_*.json")]
    return sorted(path for path in found if "interval-1" not in path.name and ".fake" not in path.name)


def reply(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def answered(body: dict[str, Any], kind: str, symbol: str) -> Answer:
    """What we make of a body that the real library takes apart."""
    yahoo_setup.load()
    response = SimpleNamespace(text=json.dumps(body), json=lambda: body)
    history = PriceHistory(SimpleNamespace(get=lambda **_: response), symbol, "America/New_York", session=object())
    return asked(Library(history=history), kind, symbol, final=LAST)


def days(result: dict[str, Any], rows: list[int]) -> list[date]:
    zone = result["meta"]["gmtoffset"]
    return [datetime.fromtimestamp(moment + zone, UTC).date() for moment in rows]


@pytest.mark.parametrize("path", charts(), ids=lambda path: path.name)
def test_a_recorded_chart_becomes_closes_as_traded(path: Path) -> None:
    body = reply(path)
    if body["chart"]["error"]:
        assert answered(body, PRICES, "ABC").outcome == GONE
        return
    result = body["chart"]["result"][0]
    meta = result["meta"]
    if meta["currency"] != "USD" or meta["exchangeTimezoneName"] != "America/New_York":
        pytest.skip("not in USD in New York")
    answer = answered(body, PRICES, meta["symbol"])
    splits = {
        days(result, [each["date"]])[0]: each["numerator"] / each["denominator"]
        for each in result.get("events", {}).get("splits", {}).values()
    }
    closes = zip(days(result, result["timestamp"]), result["indicators"]["quote"][0]["close"], strict=True)
    expected = {
        day: close * float(np.prod([ratio for split, ratio in splits.items() if split > day]))
        for day, close in closes
        if close is not None and is_session(day)
    }
    prices = answer.frames["price"]
    assert answer.outcome == DONE
    assert prices["session"].to_list() == list(expected)
    assert prices["close"].to_list() == pytest.approx(list(expected.values()), rel=1e-6)
    assert dict(answer.frames["split"].select("session", "ratio").iter_rows()) == splits
    assert answer.through == max(expected)


def test_a_recorded_rate_is_of_its_day_in_london() -> None:
    body = reply(next(FOLDER.glob("*/chart/chart-EURUSD*.json")))
    rates = answered(body, FX, "EURUSD=X").frames["fx"]
    closes = body["chart"]["result"][0]["indicators"]["quote"][0]["close"]
    assert rates["session"].to_list() == [date(2020, 1, 2), date(2020, 1, 3)]  # the 1st is a holiday
    assert rates["rate"].to_list() == pytest.approx(closes[1:])


def test_a_recorded_screen_is_a_snapshot_of_its_day() -> None:
    result = reply(next(FOLDER.glob("*/screener/*.json")))["finance"]["result"][0]
    found = yahoo_quotes.universe(result["quotes"], closed_at(LAST))
    snapshot = found.frames["universe_snapshot"]
    assert snapshot.height == len(result["quotes"])
    assert snapshot["session"].unique().to_list() == [date(2025, 2, 24)]
    assert snapshot["is_final"].all()
    assert found.frames["market_cap"]["market_cap_usd"].to_list() == snapshot["market_cap_usd"].to_list()
    assert set(snapshot["exchange"]) <= {"NYSE", "Nasdaq"}
    answer = asked(Library(pages=[result]), SCREEN, universe_size=len(result["quotes"]))
    assert answer.frames["security"].height == len(result["quotes"])


def test_recorded_quotes_say_what_they_are() -> None:
    found = [quote for path in FOLDER.glob("*/quote/*.json") for quote in _quotes(reply(path))]
    kinds = {quote.ticker: quote.type for quote in yahoo_quotes._found(found)}
    assert {kinds[ticker] for ticker in ("AAPL", "GOOG", "ABBV", "BABA")} == {"common stock"}
    assert kinds["QQQ"] == "exchange traded fund"
    assert kinds["EURUSD=X"] == "currency"


def _quotes(body: Any) -> list[dict[str, Any]]:
    return body["quoteResponse"]["result"] if isinstance(body, dict) and "quoteResponse" in body else []
