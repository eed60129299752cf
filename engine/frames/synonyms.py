"""The columns of every kind of file that can be imported, and the names they may carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.errors import DataError, SettingsError


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """One column of a kind of file.

    Attributes:
        name: The name it has in the documentation and in messages.
        synonyms: Other names that are understood; where a file has several, the earliest here is taken.
        meaning: What stands in it, with its unit.
        required: Whether a file of this kind must have it.
    """

    name: str
    synonyms: tuple[str, ...]
    meaning: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind of file: its name, its columns and the words in a file's name that point to it."""

    name: str
    columns: tuple[ImportColumn, ...]
    file_words: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    """Optional columns of which at least one must be there."""

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that a file of this kind must have."""
        return tuple(column.name for column in self.columns if column.required)


def _date(meaning: str, *more: str) -> ImportColumn:
    names = ("session", "day", "trade_date", "trading_date", "datetime", "timestamp", "as_of")
    return ImportColumn("date", (*more, *names), meaning)


def _optional(name: str, meaning: str, *synonyms: str) -> ImportColumn:
    return ImportColumn(name, synonyms, meaning, required=False)


_TICKER: Final = ImportColumn("ticker", ("symbol",), "Ticker on that day; BRK.B and BRK/B become BRK-B.")
_SPLIT: Final = _optional(
    "split",
    "New shares per old share, effective at the open; 0, 1 and empty mean none.",
    "split_ratio",
    "splits",
    "stock_split",
    "stock_splits",
    "ratio",
)
_DIVIDEND: Final = _optional(
    "dividend",
    "USD per share held at the close of the ex-date; 0 and empty mean none.",
    "dividends",
    "cash_dividend",
    "dividend_amount",
)

KINDS: Final[dict[str, ImportKind]] = {
    kind.name: kind
    for kind in (
        ImportKind(
            "securities",
            (
                _TICKER,
                ImportColumn("name", ("company", "company_name", "security_name"), "Company name."),
                _optional("sector", "Sector.", "gics_sector"),
                _optional("industry", "Industry.", "gics_sub_industry", "sub_industry"),
                _optional("exchange", "Exchange of the listing.", "listing_exchange"),
                _optional("issuer", "Key that all lines of one company share.", "issuer_id", "issuer_key"),
                _optional("country", "Country of domicile.", "domicile", "country_of_domicile"),
                _optional("security_type", "Type of the security, such as common stock.", "type"),
            ),
            ("securit", "compan", "issuer"),
        ),
        ImportKind(
            "renames",
            (
                _date("First session under the new ticker.", "effective_date"),
                ImportColumn("old_ticker", ("old_symbol", "old", "from_ticker"), "Ticker before."),
                ImportColumn("new_ticker", ("new_symbol", "new", "to_ticker"), "Ticker from that date on."),
            ),
            ("rename",),
        ),
        ImportKind(
            "actions",
            (
                _date("Ex-date of the dividend or effective date of the split.", "ex_date", "ex_dividend_date"),
                _TICKER,
                ImportColumn(_DIVIDEND.name, (*_DIVIDEND.synonyms, "amount"), _DIVIDEND.meaning, required=False),
                _SPLIT,
            ),
            ("action", "dividend", "split"),
            any_of=("dividend", "split"),
        ),
        ImportKind(
            "shares",
            (
                _date("Date from which the number holds.", "report_date"),
                _TICKER,
                ImportColumn(
                    "shares_outstanding",
                    ("shares", "outstanding_shares", "shares_out"),
                    "Shares as reported on that date, not adjusted for later splits.",
                ),
            ),
            ("share",),
        ),
        ImportKind(
            "prices",
            (
                _date("A day the NYSE traded."),
                _TICKER,
                ImportColumn("close", ("close_price", "closing_price", "close_last", "price", "last"), "Close, USD."),
                _optional("open", "Open, USD; a value that is not positive counts as empty.", "open_price"),
                _optional("high", "High, USD; likewise.", "high_price"),
                _optional("low", "Low, USD; likewise.", "low_price"),
                _optional("volume", "Shares traded; a negative value counts as empty.", "vol", "shares_traded"),
                _optional("adj_close", "Read past: it is never used.", "adjusted_close", "adjclose"),
                _DIVIDEND,
                _SPLIT,
            ),
            ("price", "quote", "ohlc"),
        ),
        ImportKind(
            "market-caps",
            (
                _date("A day the NYSE traded."),
                _TICKER,
                ImportColumn(
                    "market_cap",
                    ("marketcap", "market_cap_usd", "market_capitalization", "market_capitalisation", "cap"),
                    "Market cap of the company at the close, USD.",
                ),
            ),
            ("cap",),
        ),
        ImportKind(
            "accepted-caps",
            (
                _date("Session whose given market cap is right, whatever the plausibility band says."),
                _TICKER,
                ImportColumn("accepted", ("accept", "is_accepted"), "yes, true or 1; anything else is refused."),
            ),
            ("accept",),
        ),
        ImportKind(
            "final-prices",
            (
                _date("Last session of a stock that is delisted."),
                _TICKER,
                ImportColumn(
                    "final_price",
                    ("delisting_price", "final_price_usd"),
                    "What a share was worth in the end, USD; 0 for nothing.",
                ),
            ),
            ("final", "delist"),
        ),
        ImportKind(
            "benchmarks",
            (
                _date("Date of the close."),
                ImportColumn("symbol", ("benchmark", "index", "ticker"), "Symbol of the benchmark."),
                ImportColumn("close", ("close_price", "price", "last", "level", "value"), "Close or level."),
            ),
            ("benchmark",),
        ),
        ImportKind(
            "fx",
            (
                _date("Date of the rate."),
                ImportColumn("pair", ("currency_pair",), "Six letters such as EURUSD; EUR/USD too."),
                ImportColumn("rate", ("fx_rate", "exchange_rate", "close"), "Rate of the pair."),
            ),
            ("fx", "currenc", "exchange_rate"),
        ),
    )
}
"""Every kind, in the order in which files are read: what others need comes first."""


def kind_named(name: str) -> ImportKind:
    """The kind with this name. Raises ``SettingsError`` when there is none."""
    if name not in KINDS:
        raise SettingsError(f"There is no kind of file called {name!r}.", hint=f"one of {', '.join(KINDS)}")
    return KINDS[name]


def plain_name(header: str) -> str:
    """A heading as it is compared: lower case, every run of other signs an underscore."""
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")


def places(kind: ImportKind, header: Sequence[str]) -> dict[str, int]:
    """Where each column of ``kind`` stands in ``header``; columns that are not there are left out.

    Raises:
        DataError: If the heading of one of them is there twice.
    """
    names = [plain_name(heading) for heading in header]
    found = {column.name: _place(column, names) for column in kind.columns}
    return {name: place for name, place in found.items() if place is not None}


def missing(kind: ImportKind, found: Sequence[str]) -> tuple[str, ...]:
    """Required columns of ``kind`` that are not in ``found``."""
    absent = tuple(name for name in kind.required if name not in found)
    if kind.any_of and not set(kind.any_of) & set(found):
        return (*absent, " or ".join(kind.any_of))
    return absent


def _place(column: ImportColumn, names: Sequence[str]) -> int | None:
    for name in (column.name, *column.synonyms):
        if names.count(name) > 1:
            raise DataError(f"The column {name!r} is there twice.", hint="remove or rename one of them")
        if name in names:
            return names.index(name)
    return None
