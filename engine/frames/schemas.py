"""Schemas of the raw frames, as they cross from a provider to the store.

Every frame that a provider gives has exactly these columns, in this order, with these types, deduplicated by
``key`` (the last row wins) and sorted by ``key``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl


@dataclass(frozen=True, slots=True)
class RawSchema:
    """One raw table: its name, its columns and its key.

    Attributes:
        table: Name of the table in the store.
        columns: Column name to Polars type, in order.
        key: Columns that identify a row.
        required: Columns that may not be null.
        date_column: The column that says from which session on an index is affected, None if it is all of it.
    """

    table: str
    columns: dict[str, pl.DataType]
    key: tuple[str, ...]
    required: tuple[str, ...]
    date_column: str | None


DATE: Final = pl.Date()
TEXT: Final = pl.String()
REAL: Final = pl.Float64()

PRICE: Final = RawSchema(
    "price",
    {"session": DATE, "ticker": TEXT, "open": REAL, "high": REAL, "low": REAL, "close": REAL, "volume": REAL},
    ("session", "ticker"),
    ("session", "ticker", "close"),
    "session",
)
"""As traded: USD per share and shares of that day. Volume is null where it is not known."""

SPLIT: Final = RawSchema(
    "split",
    {"session": DATE, "ticker": TEXT, "ratio": REAL},
    ("session", "ticker"),
    ("session", "ticker", "ratio"),
    "session",
)
"""New shares per old share, effective at the open of ``session``; 1 is never stored."""

DIVIDEND: Final = RawSchema(
    "dividend",
    {"session": DATE, "ticker": TEXT, "amount": REAL},
    ("session", "ticker"),
    ("session", "ticker", "amount"),
    "session",
)
"""USD per share held at the close of the ex-date, as traded; 0 is never stored."""

SHARES: Final = RawSchema(
    "shares",
    {"session": DATE, "ticker": TEXT, "shares_outstanding": REAL},
    ("session", "ticker"),
    ("session", "ticker", "shares_outstanding"),
    "session",
)
"""As reported on that date, not split-adjusted."""

MARKET_CAP: Final = RawSchema(
    "market_cap",
    {"session": DATE, "ticker": TEXT, "market_cap_usd": REAL},
    ("session", "ticker"),
    ("session", "ticker", "market_cap_usd"),
    "session",
)

SECURITY: Final = RawSchema(
    "security",
    {
        "ticker": TEXT,
        "name": TEXT,
        "sector": TEXT,
        "industry": TEXT,
        "exchange": TEXT,
        "issuer": TEXT,
        "country": TEXT,
        "security_type": TEXT,
    },
    ("ticker",),
    ("ticker", "name"),
    None,
)

RENAME: Final = RawSchema(
    "rename",
    {"session": DATE, "old_ticker": TEXT, "new_ticker": TEXT},
    ("session", "old_ticker"),
    ("session", "old_ticker", "new_ticker"),
    "session",
)

BENCHMARK: Final = RawSchema(
    "benchmark",
    {"session": DATE, "symbol": TEXT, "close": REAL},
    ("session", "symbol"),
    ("session", "symbol", "close"),
    None,
)

FX: Final = RawSchema(
    "fx",
    {"session": DATE, "pair": TEXT, "rate": REAL},
    ("session", "pair"),
    ("session", "pair", "rate"),
    None,
)

ACCEPTED_CAP: Final = RawSchema(
    "accepted_cap",
    {"session": DATE, "ticker": TEXT},
    ("session", "ticker"),
    ("session", "ticker"),
    "session",
)
"""A person says that the market cap given for this session is right, whatever the plausibility band says."""

FINAL_PRICE: Final = RawSchema(
    "final_price",
    {"session": DATE, "ticker": TEXT, "price": REAL},
    ("session", "ticker"),
    ("session", "ticker", "price"),
    "session",
)
"""The last price (USD, 0 included) of a stock that is delisted: it is gone after the close of ``session``."""

UNIVERSE_SNAPSHOT: Final = RawSchema(
    "universe_snapshot",
    {
        "session": DATE,
        "ticker": TEXT,
        "name": TEXT,
        "exchange": TEXT,
        "market_cap_usd": REAL,
        "close": REAL,
        "is_final": pl.Boolean(),
    },
    ("session", "ticker"),
    ("session", "ticker"),
    None,
)
"""What a vendor listed, and when. ``close`` is the price that the cap was made with; it is a close if ``is_final``."""

SHARE_SCALE: Final = RawSchema(
    "share_scale",
    {"ticker": TEXT, "session": DATE, "scale": REAL},
    ("ticker",),
    ("ticker", "session", "scale"),
    None,
)
"""Factor from a vendor's reported shares of one class to the whole company; ``shares`` holds the scaled ones."""

DELISTING: Final = RawSchema(
    "delisting",
    {"session": DATE, "ticker": TEXT},
    ("session", "ticker"),
    ("session", "ticker"),
    "session",
)
"""A ticker that is gone by its vendor's word: ``session`` is the one after its last price."""

RAW_SCHEMAS: Final[dict[str, RawSchema]] = {
    schema.table: schema
    for schema in (
        PRICE,
        SPLIT,
        DIVIDEND,
        SHARES,
        MARKET_CAP,
        SECURITY,
        RENAME,
        BENCHMARK,
        FX,
        ACCEPTED_CAP,
        FINAL_PRICE,
        UNIVERSE_SNAPSHOT,
        SHARE_SCALE,
        DELISTING,
    )
}
