"""Our vendor over the real library against the loopback server: the truth in our frames, every fault by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.frames.schemas import RAW_SCHEMAS
from tests.yahoo import faults
from tests.yahoo.harness import ask_library, loopback
from tests.yahoo.market import Market, evening
from tests.yahoo.server import LoopbackServer

SCRIPT = """
import os, warnings
warnings.simplefilter("error")
from datetime import date
from pathlib import Path
from engine.calendar import is_session
from engine.fetching.asks import Ask
from engine.providers.vendor import VendorFault, Wanted
from engine.providers.yahoo import Yahoo

home = Path(os.environ["HOME"])
vendor = Yahoo(Wanted(home / "cache", date.fromisoformat(FINAL), is_session, min_cap_usd=1e9))
vendor.prepare(tuple(symbol for _, symbol in ASKS))
answer = []
for number, (kind, symbol) in enumerate(ASKS):
    try:
        got = vendor.ask(Ask(kind, symbol, date.fromisoformat(SINCE)))
    except VendorFault as fault:
        answer.append(["fault", fault.kind, fault.reason])
        continue
    for table, frame in got.frames.items():
        frame.write_ipc(home / f"{number}-{table}.arrow")
    answer.append([got.outcome, got.requests, str(got.through)])
"""


@dataclass(frozen=True)
class Seen:
    """What the vendor said, question by question: outcome, requests and last session, or a fault."""

    outcomes: list[list[Any]]
    home: Path

    def frame(self, number: int, table: str) -> pl.DataFrame:
        """A table of the answer of this number."""
        return pl.read_ipc(self.home / f"{number}-{table}.arrow")


def seen(server: LoopbackServer, home: Path, asks: Sequence[tuple[str, str]]) -> Seen:
    """Ask in a process of its own, on the evening of the server's clock."""
    since = server.market.sessions[0].isoformat()
    given = f"ASKS = {list(asks)!r}\nFINAL = {server.clock.date().isoformat()!r}\nSINCE = {since!r}\n"
    return Seen(ask_library(server, home, given + SCRIPT), home)


def assert_equal(found: pl.DataFrame, table: str, truth: pl.DataFrame) -> None:
    """The same keys, and values within the vendor's rounding."""
    schema = RAW_SCHEMAS[table]
    assert dict(found.schema) == schema.columns
    assert found.select(schema.key).equals(truth.select(schema.key).sort(schema.key))
    value = list(schema.columns)[-1] if table != "price" else "close"
    assert found[value].to_list() == pytest.approx(truth.sort(schema.key)[value].to_list(), rel=1e-6)


def test_prices_splits_and_dividends_are_the_truth_as_traded(tmp_path: Path) -> None:
    market = Market.make(names=8, sessions=120)
    day = market.sessions[-20]
    market.split("ZAA", market.sessions[40], 4)
    market.split("ZAA", market.sessions[80], 3, 2)
    market.split("ZAB", market.sessions[60], 1, 10)
    market.split("ZAC", day, 2)
    market.dividend("ZAA", market.sessions[39], 2.0)
    market.dividend("ZAA", market.sessions[40], 0.5)
    names = ["ZAA", "ZAB", "ZAC", "ZAD", "ZAG", "OMAH-B"]
    with loopback(market) as server:
        found = seen(server, tmp_path, [("prices", name) for name in names])
        assert server.count() == len(names) + 2  # a cookie and a crumb, and not a single time zone
    truth = market.truth(evening(day))
    assert found.outcomes == [["done", 1, day.isoformat()]] * len(names)
    for number, name in enumerate(names):
        for table in ("price", "split", "dividend"):
            assert_equal(found.frame(number, table), table, truth[table].filter(pl.col("ticker") == name))


def test_benchmarks_rates_and_the_universe_are_the_truth(tmp_path: Path) -> None:
    market = Market.make(names=8, sessions=120)
    day = market.sessions[-20]
    truth = market.truth(evening(day))
    asks = [("screen", ""), ("sectors", ""), ("benchmark", "^GSPC"), ("fx", "EURUSD=X"), ("profile", "ZAA")]
    with loopback(market) as server:
        found = seen(server, tmp_path, asks)
    assert [outcome[:2] for outcome in found.outcomes] == [["done", n] for n in (1, 11, 1, 1, 2)]
    assert_equal(found.frame(2, "benchmark"), "benchmark", truth["benchmark"].filter(pl.col("symbol") == "^GSPC"))
    assert_equal(found.frame(3, "fx"), "fx", truth["fx"])
    caps = truth["market_cap"].filter(pl.col("session") == day)
    known = found.frame(0, "market_cap")
    assert known["ticker"].to_list() == [
        row["ticker"]
        for row in found.frame(0, "security").iter_rows(named=True)
        if row["security_type"] == "common stock" and row["ticker"] != "NOCAP"
    ]
    both = known.join(caps, on="ticker", suffix="_true")
    assert both.height == known.height
    assert both["market_cap_usd"].to_list() == pytest.approx(both["market_cap_usd_true"].to_list(), rel=1e-6)
    assert found.frame(0, "universe_snapshot")["is_final"].all()
    issuers = dict(found.frame(0, "security").select("ticker", "issuer").iter_rows())
    assert issuers["ALFA"] == issuers["ALFC"]
    assert issuers["OMAH-A"] == issuers["OMAH-B"]
    assert issuers["ZAA"] is None
    assert found.frame(1, "security")["sector"].null_count() == 0
    assert found.frame(4, "security")["country"].null_count() == 0


EXPECTED = {
    faults.RATE_LIMITED: ("limited", "limited"),
    faults.UNAUTHORIZED: ("unusable", "unusable"),
    faults.NOT_FOUND: ("unusable", "unusable"),
    faults.GONE: ("gone", "unusable"),
    faults.NO_WINDOW: ("empty", "unusable"),
    faults.ERROR_502: ("unusable", "unusable"),
    faults.ERROR_503_HTML: ("unusable", "unusable"),
    faults.RIGHT_BACK: ("unusable", "unusable"),
    faults.HTML: ("unusable", "unusable"),
    faults.TRUNCATED: ("unusable", "unusable"),
    faults.EMPTY_BODY: ("unusable", "unusable"),
    faults.NO_ZONE: ("refused", "done"),
    faults.NO_BARS: ("unusable", "done"),
    faults.NULL_CLOSE: ("done", "done"),
    faults.NULL_ROW: ("done", "done"),
    faults.STALE: ("done", "done"),
    faults.RESET: ("unreachable", "unreachable"),
}
"""What prices and shares of a name come to under each fault."""


def test_every_fault_of_a_name_has_its_name_and_harms_no_other(tmp_path: Path) -> None:
    market = Market.make(names=len(EXPECTED) + 1, sessions=90, specials=False)
    names = [line.symbols[0][1] for line in market.listings[: len(EXPECTED) + 1]]
    asks = [(kind, name) for name in names for kind in ("prices", "shares")]
    with loopback(market) as server:
        for fault, name in zip(EXPECTED, names, strict=False):
            for endpoint in ("chart", "shares"):
                server.faults.plant(fault, endpoint, name)
        found = seen(server, tmp_path, asks)
    kinds = [outcome[1] if outcome[0] == "fault" else outcome[0] for outcome in found.outcomes]
    by_fault = dict(zip([*EXPECTED, "none"], zip(kinds[::2], kinds[1::2], strict=True), strict=True))
    assert by_fault == {**EXPECTED, "none": ("done", "done")}


@pytest.mark.parametrize("fault", [faults.HTML, faults.NO_CAPS])
def test_a_screen_that_is_none_is_no_universe(fault: str, tmp_path: Path) -> None:
    with loopback(Market.make(names=4, sessions=30)) as server:
        server.faults.plant(fault, "screen")
        found = seen(server, tmp_path, [("screen", ""), ("prices", "ZAA")])
    assert found.outcomes[0][:2] == ["fault", "unusable"]
    assert found.outcomes[1][0] == "done"
