"""What our part of a name costs beside the library's: processor time of both in one run, so that the machine is none
of the matter.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from yfinance.scrapers.history import PriceHistory

from engine.calendar import is_session
from engine.providers import yahoo_parse, yahoo_setup
from engine.providers.yahoo_parse import Closed
from tests.yahoo.feed import Feed
from tests.yahoo.market import Market, evening
from tests.yahoo.replies import Replies

TEN_YEARS = 2_520
ROUNDS = 15
MOST = 0.25

pytestmark = pytest.mark.slow


def seconds(work: Callable[[], Any]) -> float:
    """Processor time of one round: the best of several."""
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return min(spent)


def test_ours_costs_at_most_a_quarter_of_the_librarys_time_for_ten_years_of_a_name() -> None:
    yahoo_setup.load()
    market = Market.make(names=8, sessions=TEN_YEARS)
    day = market.sessions[-1]
    _, body = Replies(Feed(market)).chart("ZAE", {"period1": "0"}, evening(day))
    response = SimpleNamespace(text=body.decode(), json=lambda: json.loads(body))
    closed = Closed(day, cache(is_session))
    library = PriceHistory(SimpleNamespace(get=lambda **_: response), "ZAE", "America/New_York", session=object())

    def theirs() -> Any:
        return library.history(start=market.sessions[0], auto_adjust=False)

    def ours() -> Any:
        return yahoo_parse.prices(
            bars, library._splits, library._dividends, ticker="ZAE", currency="USD", closed=closed
        )

    bars = theirs()
    assert ours().frames["price"].height == TEN_YEARS
    spent, allowed = seconds(ours), seconds(theirs)
    print(f"library {1_000 * allowed:.1f} ms, ours {1_000 * spent:.1f} ms: {spent / allowed:.2f}")
    assert spent <= MOST * allowed
