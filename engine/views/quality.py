"""What is known of the data themselves: what is stored, what was found, what a person has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What the store holds of one kind of data."""

    kind: str
    rows: int
    tickers: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the data that a person should know.

    Attributes:
        kind: One of ``engine.domain.findings.FINDINGS``: ``quarantined-cap``, ``jump``, ``refused-row`` ...
        ticker: Ticker, or an empty string for the whole market.
        first: First session concerned.
        last: Last session concerned.
        detail: One sentence: what was found, with its numbers.
        severity: ``high``, ``medium`` or ``low``.
        effect: One sentence: what it did to the index.
        sessions: Sessions (or rows) concerned.
        remedy: What a person can decide about it: a key of ``engine.domain.decisions.DECISIONS``, or an empty string.
        source: File it is about, empty where it is about stored data.
    """

    kind: str
    ticker: str
    first: date | None
    last: date | None
    detail: str
    severity: str = "low"
    effect: str = ""
    sessions: int = 1
    remedy: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person has decided about the data; it is stored beside them and can be withdrawn.

    Attributes:
        kind: ``accept-cap``, ``final-price``, ``rename`` or ``issuer``.
        ticker: The ticker it is about; of a rename, the old one.
        session: The session from which it counts; None for an issuer.
        price: Last price of a delisting (USD, 0 included).
        text: The new ticker of a rename, the name of an issuer.
    """

    kind: str
    ticker: str
    session: date | None = None
    price: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Batches of one source: how many, the rows they brought, and when the last one came (UTC)."""

    source: str
    batches: int
    rows_new: int
    rows_changed: int
    fetched_at: datetime
