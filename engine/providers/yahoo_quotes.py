"""From the vendor's screens to frames on our schemas: who is listed, how large, and what that is. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from engine import calendar
from engine.domain.texts import storable
from engine.frames import cells
from engine.frames.schemas import MARKET_CAP, SECURITY, UNIVERSE_SNAPSHOT, RawSchema
from engine.providers.yahoo_names import COMMON, EXCHANGES, Line, issuers, security_type
from engine.providers.yahoo_parse import Closed, Parsed

NO_SYMBOL: Final = "no symbol that can be used"
NO_CAP: Final = "no market cap"
FOREIGN: Final = "market cap not in USD"
OTHER_DAY: Final = "market cap of another day"

NEW_YORK: Final = "America/New_York"

AFTER_THE_BELL: Final = timedelta(minutes=15)
"""So long after the close prices count as final; quotes carry the time of the close itself."""

Quotes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Quote:
    """One name of a screen.

    Attributes:
        ticker: Symbol in our form.
        name: Name of the company without control characters.
        exchange: The vendor's code of the exchange.
        type: What it is.
        cap: Market cap of the whole company, USD; None where it is not given, or not in USD.
        price: Price that the cap was made with, USD.
        at: When the price was made, New York time.
        is_foreign: Whether the cap is given in another currency.
    """

    ticker: str
    name: str
    exchange: str
    type: str
    cap: float | None
    price: float | None
    at: datetime | None
    is_foreign: bool


def universe(quotes: Quotes, closed: Closed) -> Parsed:
    """A screen as the snapshot of a session, its names, and its market caps where they are a close's.

    Caps are those of a close if the session has closed, most quotes are from its close, and the name's own is from
    that session.
    """
    found = _found(quotes)
    session = _session(found, closed)
    is_final = session <= closed.final and _is_past_the_close(found, session)
    final = {quote.ticker for quote in found if is_final and quote.at is not None and quote.at.date() == session}
    rows = [(session, q.ticker, q.name, _exchange(q), q.cap, q.price, q.ticker in final) for q in found]
    capped = [quote for quote in found if quote.cap is not None and quote.type == COMMON]
    caps = [(session, quote.ticker, quote.cap) for quote in capped if quote.ticker in final]
    frames = {
        "universe_snapshot": _frame(UNIVERSE_SNAPSHOT, rows),
        "security": _securities(found, issuers(Line(q.ticker, q.name, q.cap) for q in found if q.type == COMMON)),
        "market_cap": _frame(MARKET_CAP, caps),
    }
    dropped = Counter({NO_SYMBOL: len(quotes) - len(found), OTHER_DAY: is_final * (len(capped) - len(caps))})
    dropped[FOREIGN] = sum(quote.is_foreign for quote in found)
    dropped[NO_CAP] = sum(quote.cap is None and not quote.is_foreign for quote in found)
    return Parsed(frames, session, +dropped)


def has_caps(quotes: Quotes) -> bool:
    """Whether at least half of the names of a screen have a market cap, by which it was made."""
    return 2 * sum(_number(quote.get("marketCap")) is not None for quote in quotes) >= len(quotes)


def sectors(by_sector: Mapping[str, Quotes]) -> Parsed:
    """Names by sector; of a name in two of them the first."""
    rows: dict[str, tuple[str | None, ...]] = {}
    for sector, quotes in by_sector.items():
        for quote in _found(quotes):
            rows.setdefault(quote.ticker, (quote.ticker, quote.name, sector, None, None, None, None, None))
    return Parsed({"security": _frame(SECURITY, rows.values())})


def profile(symbol: str, info: Mapping[str, Any]) -> Parsed:
    """What is told of one company: its country, sector and industry; nothing where not even its name is told."""
    texts = _texts([info.get("longName") or info.get("shortName"), *(info.get(name) for name in _TOLD)])
    name, sector, industry, country = texts
    rows = [(symbol, name, sector, industry, None, None, country, None)] if name else []
    return Parsed({"security": _frame(SECURITY, rows)})


_TOLD: Final = ("sector", "industry", "country")


def _found(quotes: Quotes) -> list[Quote]:
    """The quotes with a symbol that can be used, each once: the last one, as pages may overlap."""
    symbols = cells.codes(pl.Series([_word(quote, "symbol") for quote in quotes], dtype=pl.String), "symbol")
    usable = [True] * len(quotes)
    for _, rows in symbols.problems:
        usable = [fine and not wrong for fine, wrong in zip(usable, rows, strict=True)]
    names = _texts([_word(quote, "longName") or _word(quote, "shortName") for quote in quotes])
    found = zip(symbols.values, names, quotes, usable, strict=True)
    return list({code: _quote(code, name or code, quote) for code, name, quote, fine in found if fine}.values())


def _quote(ticker: str, name: str, quote: Mapping[str, Any]) -> Quote:
    exchange, kind = _code(quote, "exchange"), _code(quote, "quoteType")
    is_usd = _word(quote, "currency") in ("", "USD")
    cap, price = _number(quote.get("marketCap")), _number(quote.get("regularMarketPrice"))
    return Quote(
        ticker,
        name,
        exchange,
        security_type(ticker, f"{name} {_word(quote, 'shortName')[: cells.LONGEST_TEXT]}", exchange, kind),
        cap if is_usd else None,
        price if is_usd else None,
        _moment(quote.get("regularMarketTime")),
        cap is not None and not is_usd,
    )


def _session(found: list[Quote], closed: Closed) -> date:
    """The session that most quotes are of, the latest of equals; the last closed one where none says."""
    days = Counter(quote.at.date() for quote in found if quote.at is not None)
    counts = sorted(((count, day) for day, count in days.items() if closed.is_session(day)), reverse=True)
    return counts[0][1] if counts else closed.final


def _is_past_the_close(found: list[Quote], session: date) -> bool:
    """Whether the middle one of the session's quotes was made at its close or later."""
    moments = sorted(quote.at for quote in found if quote.at is not None and quote.at.date() == session)
    return bool(moments) and moments[len(moments) // 2] >= calendar.close_time(session) - AFTER_THE_BELL


def _exchange(quote: Quote) -> str | None:
    return EXCHANGES.get(quote.exchange, quote.exchange) or None


def _securities(found: list[Quote], issuer: Mapping[str, str]) -> pl.DataFrame:
    rows = [(q.ticker, q.name, None, None, _exchange(q), issuer.get(q.ticker), None, q.type) for q in found]
    return _frame(SECURITY, rows)


def _frame(schema: RawSchema, rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema.columns, orient="row").sort(schema.key)


def _texts(raw: Sequence[object]) -> list[str | None]:
    """Texts for people, as everywhere else: without unseen characters, of bounded length."""
    texts = pl.Series([storable(text) if isinstance(text, str) else None for text in raw], dtype=pl.String)
    return cells.texts(texts, "text").values.to_list()


def _word(quote: Mapping[str, Any], key: str) -> str:
    value = quote.get(key)
    return storable(value).strip() if isinstance(value, str) else ""


def _code(quote: Mapping[str, Any], key: str) -> str:
    """A word of the vendor's own list, as far as it can be shown."""
    return "".join(sign for sign in _word(quote, key)[: cells.LONGEST_TICKER] if sign.isprintable()).upper()


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value > 0 else None


def _moment(seconds: object) -> datetime | None:
    """A moment in New York; None for what is no moment of this century."""
    number = _number(seconds)
    if number is None or number >= _LATEST:
        return None
    return datetime.fromtimestamp(number, UTC).astimezone(ZoneInfo(NEW_YORK))


_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
