"""Yahoo as a vendor, by way of an unmodified yfinance: one question at a time, answered in our frames or by name.

The library stays in this file and its neighbours ``yahoo_*``; what it returns is taken apart by pure functions.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache, partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.fetching.asks import (
    BENCHMARK,
    DONE,
    EMPTY,
    FX,
    GONE,
    PRICES,
    PROFILE,
    SCREEN,
    SECTORS,
    SHARES,
    Answer,
    Ask,
)
from engine.providers import yahoo_parse, yahoo_quotes, yahoo_setup
from engine.providers.vendor import REFUSED, UNUSABLE, VendorFault, Wanted
from engine.providers.yahoo_faults import CRASHES, fault_of, is_empty, is_gone, legible, said
from engine.providers.yahoo_parse import Closed, Parsed

if TYPE_CHECKING:
    import pandas as pd

PAGE: Final = 250
"""Names that a screen gives at most at a time."""

WHOLE: Final = 0.9
"""A screen that ends before this part of what it announced is cut off."""

BEFORE: Final = timedelta(days=200)
"""So long before the first day wanted reports of shares are asked for: the last one before it holds on it."""

TIMEOUT_S: Final = 12

PROFILE_REQUESTS: Final = 2

SECTOR_NAMES: Final = (
    "Basic Materials",
    "Communication Services",
    "Consumer Cyclical",
    "Consumer Defensive",
    "Energy",
    "Financial Services",
    "Healthcare",
    "Industrials",
    "Real Estate",
    "Technology",
    "Utilities",
)

_Result = TypeVar("_Result")


class Yahoo:
    """The vendor of one fetch.

    Args:
        wanted: What is the same for all questions.
    """

    name = "yahoo"

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._closed = Closed(wanted.final, cache(wanted.is_session))
        self._library: ModuleType | None = None
        self._preparing = threading.Lock()
        self._seeded: set[str] = set()
        # Sectors that have answered when another one failed: the next try goes on from there.
        self._by_sector: dict[str, list[list[dict[str, Any]]]] = {}
        self._asks: Mapping[str, Callable[[Ask], Answer]] = {
            SCREEN: self._screen,
            SECTORS: self._sectors,
            PRICES: self._prices,
            SHARES: self._shares,
            PROFILE: self._profile,
            BENCHMARK: self._benchmark,
            FX: self._fx,
        }

    def prepare(self, symbols: tuple[str, ...]) -> None:
        """Load the library, open its caches and tell it the time zones of symbols, before any worker asks."""
        with self._preparing:
            if self._library is None:
                self._library = yahoo_setup.load()
                _called(partial(yahoo_setup.open_caches, self._wanted.cache_dir))
            new = {_code(symbol) for symbol in symbols} - self._seeded
            _called(partial(yahoo_setup.seed_time_zones, tuple(sorted(new))))
            self._seeded |= new

    def ask(self, ask: Ask) -> Answer:
        """One question, one try (the library's own included). Raises ``VendorFault``."""
        self._loaded()
        yahoo_setup.forget_answers()
        return self._asks[ask.kind](ask)

    def _screen(self, ask: Ask) -> Answer:
        pages = self._pages()
        quotes = [quote for page in pages for quote in page]
        if not yahoo_quotes.has_caps(quotes):
            raise VendorFault(UNUSABLE, "a screen without market caps")
        return _answer(ask, yahoo_quotes.universe(quotes, self._closed), requests=len(pages))

    def _sectors(self, ask: Ask) -> Answer:
        for sector in SECTOR_NAMES:
            if sector not in self._by_sector:
                self._by_sector[sector] = self._pages(sector)
        found, self._by_sector = self._by_sector, {}
        quotes = {sector: [quote for page in pages for quote in page] for sector, pages in found.items()}
        if not any(quotes.values()):
            raise VendorFault(UNUSABLE, "screens without names")
        return _answer(ask, yahoo_quotes.sectors(quotes), requests=sum(map(len, found.values())))

    def _prices(self, ask: Ask) -> Answer:
        def parsed(bars: pd.DataFrame, history: Any) -> Parsed:
            currency = history.get_history_metadata().get("currency")
            if currency not in (None, "USD"):
                raise VendorFault(REFUSED, f"its prices are in {currency}, not in USD")
            splits, dividends = history._splits, history._dividends
            return yahoo_parse.prices(
                bars, splits, dividends, ticker=ask.symbol, currency=currency, closed=self._closed
            )

        return self._history(ask, ask.symbol, parsed)

    def _benchmark(self, ask: Ask) -> Answer:
        def parsed(bars: pd.DataFrame, _: Any) -> Parsed:
            return yahoo_parse.benchmark(bars, symbol=ask.symbol, closed=self._closed)

        return self._history(ask, ask.symbol, parsed)

    def _fx(self, ask: Ask) -> Answer:
        pair = _code(ask.symbol).removesuffix("=X")

        def parsed(bars: pd.DataFrame, _: Any) -> Parsed:
            return yahoo_parse.fx(bars, pair=pair, closed=self._closed)

        return self._history(ask, f"{pair}=X", parsed)

    def _shares(self, ask: Ask) -> Answer:
        ticker, since = self._ticker(ask.symbol), ask.since - BEFORE if ask.since else None
        reports = _called(partial(ticker.get_shares_full, start=since))
        if reports is None or not len(reports):
            return Answer(ask, EMPTY, reason="no reports of shares")
        return _answer(ask, yahoo_parse.shares(reports, ticker=ask.symbol))

    def _profile(self, ask: Ask) -> Answer:
        ticker = self._ticker(ask.symbol)
        info = _called(ticker.get_info)
        return _answer(ask, yahoo_quotes.profile(ask.symbol, info), requests=PROFILE_REQUESTS)

    def _history(self, ask: Ask, symbol: str, parsed: Callable[[pd.DataFrame, Any], Parsed]) -> Answer:
        """Ask for all bars from a day up to now; the range has no end, or the library answers from memory."""
        from yfinance.exceptions import YFPricesMissingError

        history = _called(self._ticker(symbol)._lazy_load_price_history)
        try:
            bars = _called(partial(history.history, start=ask.since, auto_adjust=False, timeout=TIMEOUT_S))
        except YFPricesMissingError as error:
            return _without_prices(ask, error.yahoo_reason)
        if bars.empty:
            raise VendorFault(UNUSABLE, "an answer without bars")
        return _answer(ask, parsed(bars, history))

    def _pages(self, sector: str | None = None) -> list[list[dict[str, Any]]]:
        """The pages of a screen, the largest names first, up to the size of the universe."""
        return list(self._each_page(sector))

    def _each_page(self, sector: str | None) -> Iterator[list[dict[str, Any]]]:
        library, query, size = self._loaded(), self._query(sector), self._wanted.universe_size
        had, total = 0, size
        while had < min(total, size):
            page = {"size": min(PAGE, size - had), "offset": had, "sortField": "intradaymarketcap", "sortAsc": False}
            quotes, total = _quotes(_called(partial(library.screen, query, **page)))
            if not quotes and (had < WHOLE * min(total, size) or not (had or sector)):
                raise VendorFault(UNUSABLE, f"the screen ended after {had} of {total} names")
            had += len(quotes)
            yield quotes
            if not quotes:
                return

    def _query(self, sector: str | None) -> Any:
        library, wanted = self._loaded(), self._wanted
        equity = library.EquityQuery
        terms = [equity("eq", ["region", "us"]), equity("gte", ["intradaymarketcap", wanted.min_cap_usd])]
        if wanted.exchanges:
            terms.append(equity("is-in", ["exchange", *wanted.exchanges]))
        if sector:
            terms.append(equity("eq", ["sector", sector]))
        return equity("and", terms)

    def _ticker(self, symbol: str) -> Any:
        """A name of the library, whose time zone it then knows."""
        code = _code(symbol)
        if code not in self._seeded:
            self.prepare((code,))
        return _called(partial(self._loaded().Ticker, code))

    def _loaded(self) -> ModuleType:
        if self._library is None:
            self.prepare(())
        assert self._library is not None
        return self._library


def _called(call: Callable[[], _Result]) -> _Result:
    """A call of the library; what it raises is a fault by name, but for prices missing, of which it may say why.

    The one place where exceptions as general as ``TypeError`` are taken for a strange answer of the vendor: they come
    from the library, which looks into answers without checking them, and never from code of ours.
    """
    from peewee import PeeweeException
    from yfinance.exceptions import YFException, YFPricesMissingError

    try:
        return call()
    except YFPricesMissingError:
        raise
    except (YFException, PeeweeException, OSError, *CRASHES) as error:
        yahoo_setup.LOG.debug("%s: %s", type(error).__name__, error)
        raise fault_of(error) from error


def _without_prices(ask: Ask, reason: str | None) -> Answer:
    """What it means that there are no prices, by the vendor's own words and never by their absence."""
    if not reason:
        raise VendorFault(UNUSABLE, "an answer without prices")
    if is_gone(reason):
        return Answer(ask, GONE, reason=legible(reason))
    if is_empty(reason):
        return Answer(ask, EMPTY, reason=legible(reason))
    raise said(reason)


def _code(symbol: str) -> str:
    return symbol.strip().upper()


def _quotes(page: Any) -> tuple[list[dict[str, Any]], int]:
    """The quotes of a page, and how many the screen has in all."""
    quotes, total = (page.get("quotes"), page.get("total")) if isinstance(page, dict) else (None, None)
    if not isinstance(quotes, list) or not isinstance(total, int):
        raise VendorFault(UNUSABLE, "a screen without names")
    return [quote for quote in quotes if isinstance(quote, dict)], total


def _answer(ask: Ask, parsed: Parsed, *, requests: int = 1) -> Answer:
    reason = ""
    if all(frame.is_empty() for frame in parsed.frames.values()):
        reason = ", ".join(f"{rows} rows: {why}" for why, rows in parsed.dropped.items()) or "nothing in it"
    return Answer(ask, DONE, parsed.frames, reason, requests, parsed.through, parsed.dropped)
