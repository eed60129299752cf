"""The vendor's library as far as we call it, answering or failing as a test says, and a vendor over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from engine.calendar import is_session
from engine.fetching.asks import FX, SCREEN, SECTORS, Answer, Ask
from engine.providers import yahoo_setup
from engine.providers.vendor import Wanted
from engine.providers.yahoo import Yahoo
from tests.unit.yahoo_frames import FINAL, actions, quote


def Page(symbols: Sequence[str], total: int) -> dict[str, Any]:  # noqa: N802  # reads as what it makes
    """A page of a screen."""
    return {"quotes": [quote(symbol) for symbol in symbols], "total": total}


@dataclass
class Library:
    """What the library would answer.

    Attributes:
        raises: Raised by every call instead.
        bars: Bars of every name.
        splits: Splits of every name.
        reports: Reports of shares of every name.
        currency: Currency of every name.
        pages: Pages of screens, one after the other.
        history: What gives bars, splits and dividends in place of these.
        asked: Calls that would have gone to the vendor.
    """

    raises: Exception | None = None
    bars: Any = None
    splits: Any = field(default_factory=actions)
    reports: Any = None
    currency: str = "USD"
    pages: Sequence[Any] = ()
    history: Any = None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tickers: list[str] = field(default_factory=list)
    seeded: list[tuple[str, ...]] = field(default_factory=list)
    queries: list[Any] = field(default_factory=list)
    forgotten: int = 0

    def Ticker(self, symbol: str) -> Any:  # noqa: N802  # the library's name
        """One name."""
        self.tickers.append(symbol)
        history = SimpleNamespace(
            history=lambda **how: self._answer("history", how, self.bars),
            get_history_metadata=lambda: {"currency": self.currency},
            _splits=self.splits,
            _dividends=actions(),
        )
        return SimpleNamespace(
            _lazy_load_price_history=lambda: self.history or history,
            get_shares_full=lambda **how: self._answer("shares", how, self.reports),
            get_info=lambda: self._answer("info", {}, {}),
        )

    def EquityQuery(self, operator: str, operands: list[Any]) -> Any:  # noqa: N802  # the library's name
        """A query that says what it is."""
        return operator, operands

    def screen(self, query: Any, **page: Any) -> Any:
        """The next page."""
        self.queries.append(query)
        found = self._answer("screen", page, None)
        return found if found is not None else self.pages[len(self.asked) - 1]

    def _answer(self, call: str, how: dict[str, Any], answer: Any) -> Any:
        self.asked.append((call, how))
        if self.raises is not None:
            raise self.raises
        return answer

    def forget(self) -> None:
        """Count that the memory of answers was emptied."""
        self.forgotten += 1


@contextmanager
def vendor_over(library: Library, *, final: date = FINAL, **wanted: Any) -> Iterator[Yahoo]:
    """A vendor over the library."""
    with mock.patch.multiple(
        yahoo_setup,
        load=lambda: library,
        open_caches=lambda _: None,
        seed_time_zones=library.seeded.append,
        forget_answers=library.forget,
    ):
        yield Yahoo(Wanted(Path("nowhere"), final, is_session, **wanted))


def asked(
    library: Library, kind: str, symbol: str = "", *, times: int = 1, final: date = FINAL, **wanted: Any
) -> Answer:
    """The answer of a vendor over the library to one question, asked so many times."""
    code = "" if kind in (SCREEN, SECTORS) else symbol or {FX: "EURUSD=X"}.get(kind, "ABC")
    with vendor_over(library, final=final, **wanted) as vendor:
        answers = [vendor.ask(Ask(kind, code, FINAL.replace(year=2020))) for _ in range(times)]
    return answers[-1]
