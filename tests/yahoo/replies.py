"""Bodies of the vendor's answers, in its shapes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from tests.yahoo.feed import LONDON, Feed, Quote, Rows, first_at, last_at
from tests.yahoo.listing import Floats, Listing
from tests.yahoo.market import NEW_YORK
from tests.yahoo.names import EXCHANGES

RANGES: Final = ("1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max")
NO_DATA: Final = "No data found, symbol may be delisted"
SCREEN_LIMIT: Final = 250
FAR: Final = 1 << 40

Reply = tuple[int, bytes]
"""Status and body."""


class Replies:
    """Answers of a feed. Bodies of charts are kept by symbol, window and moment."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self._charts: dict[tuple[Any, ...], Reply] = {}

    def forget(self) -> None:
        """Drop what is kept."""
        self._charts.clear()
        self.feed.forget()

    def chart(self, symbol: str, query: Mapping[str, str], now: datetime) -> Reply:
        """Bars of one symbol in a window, or in a range that ends now."""
        since, until = int(query.get("period1", 0)), int(query.get("period2", FAR))
        key = (symbol, since, until > now.timestamp() or until, query.get("range"), now, self.feed.market.version)
        if key not in self._charts:
            self._charts[key] = self._chart(symbol, since, until, query.get("range"), now)
        return self._charts[key]

    def _chart(self, symbol: str, since: int, until: int, span: str | None, now: datetime) -> Reply:
        rows = self.feed.rows(symbol, now)
        if rows is None:
            return failure("chart", 404, "Not Found", NO_DATA)
        if since > until:
            wrong = f"Invalid input - start date cannot be after end date. startDate = {since}, endDate = {until}"
            return failure("chart", 400, "Bad Request", wrong)
        start = first_at(rows, since) if span is None else max(len(rows.days) - (1 if span == "1d" else 23), 0)
        stop = last_at(rows, until)
        if start >= stop:
            missing = f"Data doesn't exist for startDate = {since}, endDate = {until}"
            return failure("chart", 400, "Bad Request", missing)
        begins = int(rows.stamps[start]) if span else since
        meta = self._chart_meta(symbol, rows, span or "", now)
        return 200, _chart_body(meta, rows, slice(start, stop), (begins, until))

    def _chart_meta(self, symbol: str, rows: Rows, span: str, now: datetime) -> dict[str, Any]:
        line = self.feed.market.find(symbol, now)
        last = float(rows.columns["close"][-1])
        zone = NEW_YORK if line else LONDON
        offset = (now.astimezone(zone).utcoffset() or timedelta()).total_seconds()
        kind = line.quote_type if line else "CURRENCY"
        exchange = line.exchange if line else "CCY"
        return {
            "currency": "USD",
            "symbol": symbol,
            "exchangeName": exchange,
            "fullExchangeName": EXCHANGES.get(exchange, exchange),
            "instrumentType": kind,
            "firstTradeDate": int(rows.stamps[0]),
            "regularMarketTime": int(rows.stamps[-1]),
            "hasPrePostMarketData": kind == "EQUITY",
            "gmtoffset": int(offset),
            "timezone": now.astimezone(zone).tzname(),
            "exchangeTimezoneName": str(zone),
            "regularMarketPrice": None if np.isnan(last) else round(last, 4),
            "longName": line.name if line else symbol,
            "shortName": line.name if line else symbol,
            "priceHint": 2 if line else 4,
            "dataGranularity": "1d",
            "range": span,
            "validRanges": RANGES,
        }

    def shares(self, symbol: str, query: Mapping[str, str], now: datetime) -> Reply:
        """Reported shares; of an unknown symbol there is a result without any."""
        line = self.feed.market.find(symbol, now)
        since, until = int(query.get("period1", 0)), int(query.get("period2", FAR))
        reports = [] if line is None or "type" in query else self.feed.reports(line, now)
        rows = [row for row in reports if since <= row[0] <= until]
        found: dict[str, Any] = {"meta": {"symbol": [symbol], "type": ["shares_out"]}}
        if rows:
            found |= {"timestamp": [row[0] for row in rows], "shares_out": [row[1] for row in rows]}
        return 200, encode({"timeseries": {"result": [found], "error": None}})

    def screen(self, query: Mapping[str, Any], now: datetime) -> Reply:
        """A page of the names that a query asks for, sorted as it asks."""
        size = int(query.get("size") or query.get("count") or 25)
        if size > SCREEN_LIMIT:
            return failure("finance", 400, "Bad Request", f"Size cannot be more than {SCREEN_LIMIT}")
        found = [quote for quote in self.feed.quotes(now) if matches(query["query"], quote)]
        key = SORTED_BY.get(str(query.get("sortField")), SORTED_BY["ticker"])
        found.sort(key=key, reverse=str(query.get("sortType", "DESC")).upper() == "DESC")
        start = int(query.get("offset") or 0)
        page = [self._quote_body(quote, now) for quote in found[start : start + size]]
        result = {"start": start, "count": len(page), "total": len(found), "quotes": page, "useRecords": False}
        return 200, encode({"finance": {"result": [result], "error": None}})

    def profile(self, symbol: str, now: datetime) -> Reply:
        """What the vendor knows of a company."""
        line = self.feed.market.find(symbol, now)
        if line is None:
            return failure("quoteSummary", 404, "Not Found", f"Quote not found for symbol: {symbol}")
        kind = {
            "quoteType": line.quote_type,
            "symbol": symbol,
            "longName": line.name,
            "shortName": line.name,
            "exchange": line.exchange,
            "timeZoneFullName": "America/New_York",
        }
        found = {"assetProfile": _profile(line), "quoteType": kind, "summaryDetail": {"maxAge": 1, "currency": "USD"}}
        return 200, encode({"quoteSummary": {"result": [found], "error": None}})

    def quote(self, symbols: Sequence[str], now: datetime) -> Reply:
        """Quotes of some symbols; unknown ones are left out."""
        lines = [self.feed.market.find(symbol, now) for symbol in symbols]
        quotes = [self.feed.quote(line, now) for line in lines if line is not None]
        result = [self._quote_body(quote, now) for quote in quotes if quote is not None]
        return 200, encode({"quoteResponse": {"result": result, "error": None}})

    def _quote_body(self, quote: Quote, now: datetime) -> dict[str, Any]:
        line = quote.line
        body = {
            "language": "en-US",
            "region": "US",
            "quoteType": line.quote_type,
            "typeDisp": line.quote_type.title(),
            "currency": "USD",
            "market": "us_market",
            "exchange": line.exchange,
            "fullExchangeName": EXCHANGES.get(line.exchange, line.exchange),
            "exchangeTimezoneName": "America/New_York",
            "gmtOffSetMilliseconds": -18_000_000,
            "firstTradeDateMilliseconds": int(self.feed.opens[line.first]) * 1_000,
            "shortName": line.name[:30],
            "longName": line.name,
            "regularMarketTime": quote.at,
            "regularMarketPrice": quote.price,
            "regularMarketPreviousClose": round(quote.previous, 4),
            "regularMarketOpen": round(quote.open, 4),
            "regularMarketDayHigh": round(quote.high, 4),
            "regularMarketDayLow": round(quote.low, 4),
            "regularMarketVolume": round(quote.volume),
            "marketState": "REGULAR" if quote.at == int(now.timestamp()) else "CLOSED",
            "sharesOutstanding": round(quote.shares),
            "marketCap": round(quote.market_cap),
            "tradeable": False,
            "symbol": quote.symbol,
        }
        if line.hides_cap:
            del body["marketCap"]
        return body


def _profile(line: Listing) -> dict[str, Any]:
    return {"sector": line.sector, "industry": line.industry, "country": line.country, "maxAge": 86_400}


SORTED_BY: Final[dict[str, Callable[[Quote], Any]]] = {
    "intradaymarketcap": lambda quote: (quote.market_cap, quote.symbol),
    "ticker": lambda quote: quote.symbol,
}

FIELDS: Final[dict[str, Callable[[Quote], Any]]] = {
    "exchange": lambda quote: quote.line.exchange,
    "region": lambda quote: "us",
    "sector": lambda quote: quote.line.sector,
    "industry": lambda quote: quote.line.industry,
    "intradaymarketcap": lambda quote: quote.market_cap,
    "intradayprice": lambda quote: quote.price,
}
"""What the vendor can screen by."""


COMPARED: Final[dict[str, Callable[[Any, Sequence[Any]], bool]]] = {
    "EQ": lambda value, wanted: bool(value == wanted[0]),
    "IS-IN": lambda value, wanted: value in wanted,
    "GT": lambda value, wanted: bool(value > wanted[0]),
    "GTE": lambda value, wanted: bool(value >= wanted[0]),
    "LT": lambda value, wanted: bool(value < wanted[0]),
    "LTE": lambda value, wanted: bool(value <= wanted[0]),
    "BTWN": lambda value, wanted: bool(wanted[0] <= value <= wanted[1]),
}


def matches(query: Mapping[str, Any], quote: Quote) -> bool:
    """Whether a quote is what a query asks for."""
    operator, operands = str(query["operator"]).upper(), query["operands"]
    if operator == "AND":
        return all(matches(each, quote) for each in operands)
    if operator == "OR":
        return any(matches(each, quote) for each in operands)
    return COMPARED[operator](FIELDS[operands[0]](quote), operands[1:])


def failure(root: str, status: int, code: str, description: str) -> Reply:
    """An answer that says why there is none."""
    return status, encode({root: {"result": None, "error": {"code": code, "description": description}}})


def encode(value: Any) -> bytes:
    """As JSON on one line."""
    return json.dumps(value, separators=(",", ":")).encode()


def _chart_body(meta: Mapping[str, Any], rows: Rows, part: slice, window: tuple[int, int]) -> bytes:
    columns = {name: _column(values[part]) for name, values in rows.columns.items() if name != "volume"}
    columns["volume"] = _volumes(rows.columns["volume"][part])
    quote = ",".join(f'"{name}":[{values}]' for name, values in columns.items())
    events = _events(rows, window)
    stamps = ",".join(map(str, rows.stamps[part].tolist()))
    return (
        f'{{"chart":{{"result":[{{"meta":{json.dumps(meta)},"timestamp":[{stamps}],'
        f'{events}"indicators":{{"quote":[{{{quote}}}],"adjclose":[{{"adjclose":[{columns["close"]}]}}]}}}}],'
        f'"error":null}}}}'
    ).encode()


def _events(rows: Rows, window: tuple[int, int]) -> str:
    since, until = window
    dividends = {str(at): {"amount": amount, "date": at} for at, amount in rows.dividends if since <= at < until}
    splits = {
        str(at): {"date": at, "numerator": up, "denominator": down, "splitRatio": f"{up}:{down}"}
        for at, up, down in rows.splits
        if since <= at < until
    }
    found = {name: each for name, each in (("dividends", dividends), ("splits", splits)) if each}
    return f'"events":{json.dumps(found)},' if found else ""


def _column(values: Floats) -> str:
    """Prices with the noise of single precision, as the vendor gives them."""
    single = values.astype(np.float32).astype(np.float64).tolist()
    return ",".join("null" if value != value else repr(value) for value in single)


def _volumes(values: Floats) -> str:
    return ",".join("null" if value != value else str(int(value)) for value in values.tolist())
