"""What the vendor's library returns, in small: bars by day in New York, and actions at their own moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from engine.calendar import is_session
from engine.providers.yahoo_parse import Closed, Parsed, prices

ZONE = "America/New_York"
FINAL = FRIDAY = date(2024, 6, 28)


def closed_at(final: date = FINAL) -> Closed:
    """Sessions of the NYSE up to one."""
    return Closed(final, is_session)


def bars(closes: Mapping[str, float], *, volume: Sequence[float] | None = None, zone: str = ZONE) -> pd.DataFrame:
    """Bars whose open, high and low are their close."""
    index = pd.to_datetime(list(closes)).tz_localize(zone)
    column = [float(close) for close in closes.values()]
    frame = pd.DataFrame(dict.fromkeys(("Open", "High", "Low", "Close", "Adj Close"), column), index=index)
    return frame.assign(Volume=[1_000] * len(frame) if volume is None else volume, Dividends=0.0)


def actions(values: Mapping[str, float] | None = None) -> Any:
    """Splits or dividends at the opening of their days; what the library gives where there is none."""
    if not values:
        return pd.Series()
    index = pd.to_datetime([f"{day} 09:30" for day in values]).tz_localize(ZONE)
    return pd.Series(list(values.values()), index=index, dtype=float)


def parsed(
    rows: pd.DataFrame,
    splits: Mapping[str, float] | None = None,
    dividends: Any = None,
    *,
    final: date = FINAL,
) -> Parsed:
    """Prices of one name in USD."""
    paid = actions() if dividends is None else dividends
    return prices(rows, actions(splits), paid, ticker="ABC", currency="USD", closed=closed_at(final))


def column(found: Parsed, table: str, name: str) -> dict[str, float | None]:
    """A column of a table by day."""
    frame = found.frames[table]
    return dict(zip(map(str, frame["session"]), frame[name], strict=True))


def quoted_at(day: date, hour: int = 20, minute: int = 0) -> int:
    """A moment in UTC as the vendor writes it; 20:00 is the close in summer."""
    return int(datetime(day.year, day.month, day.day, hour, minute, 2, tzinfo=UTC).timestamp())


def quote(symbol: str, cap: Any = 1e12, **more: Any) -> dict[str, Any]:
    """One quote of a screen on a Friday after the close."""
    body = {
        "symbol": symbol,
        "longName": f"{symbol} Corporation",
        "exchange": "NYQ",
        "quoteType": "EQUITY",
        "currency": "USD",
        "marketCap": cap,
        "regularMarketPrice": 100.0,
        "regularMarketTime": quoted_at(FRIDAY),
    }
    return {**body, **more}
