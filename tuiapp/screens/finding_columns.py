"""Columns of the Data screen: what was found, what is stored, what was decided."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from engine.domain.findings import SEVERITIES
from engine.views.quality import Decision, Finding
from engine.views.types import CoverageView
from tuiapp import format as text
from tuiapp import keys
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part, spread
from tuiapp.widgets.row_table import Group

AMOUNT: Final = re.compile(r"\b\d{1,3}(?:,\d{3}){3,}\b")
TONES: Final = {"high": "bad", "medium": "warn", "low": "muted"}
EXPLAINED: Final = {
    "quarantined-cap": "market_cap_usd",
    "band-expired": "market_cap_usd",
    "cap-step": "market_cap_usd",
    "jump": "return_pr",
    "stale-price": "close",
}
"""The number of the composition that a finding is about, by its kind."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A kind of data, or a source of them: what the store holds of it.

    Attributes:
        name: The kind or the source.
        rows: Rows held, or taken in as new.
        tickers: Tickers of a kind, None of a source.
        first: First session of a kind.
        last: Last session of a kind, or when the source was last taken in.
        batches: How often a source was taken in.
        changed: Rows that a source changed.
    """

    name: str
    rows: int
    tickers: int | None
    first: date | None
    last: date | None
    batches: int | None = None
    changed: int | None = None


# -- findings


def found_searched(row: Finding) -> str:
    """What the filter looks at."""
    return f"{row.severity} {row.kind} {row.ticker} {row.first} {row.last} {row.detail} {row.effect} {row.source}"


def found_summary(view: CoverageView, width: int) -> list[Part]:
    """How many findings of each severity."""
    if not view.findings:
        return [(" Nothing was found in the data", "good")]
    counts = Counter(row.severity for row in view.findings)
    parts: list[Part] = [(f" {text.counted(len(view.findings), 'finding')}:", "strong")]
    parts += [(f"  {counts[each]:,} {each}", TONES[each]) for each in SEVERITIES]
    parts.append(("  most severe first" if len(view.findings) > 1 else "", "muted"))
    return spread(parts, [], width)


def _in_short(detail: str) -> str:
    """Amounts of a billion and more in few digits; the page has all of them."""
    return AMOUNT.sub(lambda found: text.cap(float(found[0].replace(",", ""))), detail)


def _by_severity(row: Finding) -> int:
    return -SEVERITIES.index(row.severity) if row.severity in SEVERITIES else -len(SEVERITIES)


class _Tickered(Protocol):
    """A row about one ticker."""

    @property
    def ticker(self) -> str:
        """The ticker, empty for none."""


TICKER: Final[Column[_Tickered]] = Column(
    "ticker",
    "Ticker",
    6,
    lambda r: (text.plain(r.ticker), ""),
    lambda r: r.ticker,
    0,
    right=False,
    down=False,
    unit="ticker",
)

FOUND: Final[tuple[Column[Finding], ...]] = (
    Column(
        "severity",
        "Severity",
        8,
        lambda r: (r.severity, TONES.get(r.severity, "")),
        _by_severity,
        0,
        right=False,
        unit="text",
        value=lambda r: r.severity,
    ),
    Column("kind", "Finding", 18, lambda r: (r.kind, ""), lambda r: r.kind, 0, right=False, down=False, unit="text"),
    TICKER,
    Column("first", "First", 10, lambda r: (text.iso(r.first), ""), lambda r: r.first, need=2, unit="date"),
    Column("last", "Last", 10, lambda r: (text.iso(r.last), ""), lambda r: r.last, need=8, unit="date"),
    Column(
        "sessions",
        "Count",
        5,
        lambda r: (text.count(r.sessions), ""),
        lambda r: r.sessions,
        need=3,
        unit="number",
    ),
    Column(
        "detail",
        "What was found",
        12,
        lambda r: (_in_short(text.plain(r.detail)), ""),
        lambda r: r.detail,
        need=1,
        right=False,
        down=False,
        most=60,
        unit="text",
    ),
    Column(
        "effect",
        "Effect on the index",
        22,
        lambda r: (text.plain(r.effect) or text.NONE, ""),
        lambda r: r.effect,
        need=4,
        right=False,
        down=False,
        most=48,
        unit="text",
    ),
    Column(
        "source",
        "From",
        16,
        lambda r: (text.plain(r.source), "muted"),
        lambda r: r.source,
        need=9,
        right=False,
        down=False,
        most=30,
        unit="text",
    ),
)

# -- stored data


def stored_groups(view: CoverageView) -> list[Group[Stored]]:
    """Kinds of data, then where they come from."""
    kinds = [Stored(row.kind, row.rows, row.tickers, row.first, row.last) for row in view.rows]
    sources = [
        Stored(row.source, row.rows_new, None, None, row.fetched_at, row.batches, row.rows_changed)
        for row in view.sources
    ]
    return [Group(kinds), Group(sources, "sources, and when they were last taken in (UTC)")]


def stored_summary(view: CoverageView, width: int) -> list[Part]:
    """Size of the store, and its state."""
    parts: list[Part] = [(f" The store takes {view.store_bytes / 1e6:,.1f} MB", "strong")]
    if view.status is None:
        parts.append((f"  no index has been built yet: {keys.shown('app.reload')} builds it", "warn"))
    else:
        span = f"  index from {view.status.first_session} to {view.status.last_session}"
        parts += [(span, ""), (f"  version {view.status.data_version:,} of the data", "muted")]
    return spread(parts, [], width)


def _in_order(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


STORED: Final[tuple[Column[Stored], ...]] = (
    Column(
        "name",
        "Stored",
        14,
        lambda r: (text.plain(r.name), ""),
        lambda r: r.name,
        need=0,
        right=False,
        down=False,
        most=28,
        unit="text",
    ),
    Column("rows", "Rows", 11, lambda r: (text.count(r.rows), ""), lambda r: r.rows, need=1, unit="number"),
    Column("tickers", "Tickers", 7, lambda r: (text.count(r.tickers), ""), lambda r: r.tickers, need=3, unit="number"),
    Column(
        "first",
        "First",
        10,
        lambda r: (text.minute(r.first), ""),
        lambda r: _in_order(r.first),
        need=4,
        unit="date",
        value=lambda r: r.first,
    ),
    Column(
        "last",
        "Last",
        16,
        lambda r: (text.minute(r.last), ""),
        lambda r: _in_order(r.last),
        need=2,
        unit="date",
        value=lambda r: r.last,
    ),
    Column("batches", "Times", 5, lambda r: (text.count(r.batches), ""), lambda r: r.batches, need=5, unit="number"),
    Column("changed", "Changed", 9, lambda r: (text.count(r.changed), ""), lambda r: r.changed, need=6, unit="number"),
)

# -- decisions


def decided_searched(row: Decision) -> str:
    """What the filter looks at."""
    return f"{row.kind} {row.ticker} {row.session} {row.text}"


def decided_summary(view: CoverageView, width: int) -> list[Part]:
    """How many decisions there are."""
    if not view.decisions:
        return [(" Nothing has been decided about the data", "muted")]
    said = f" {text.counted(len(view.decisions), 'decision')}"
    return spread([(said, "strong"), ("  each counts from its session on", "muted")], [], width)


def said_of(row: Decision) -> str:
    """What was decided, in words."""
    ticker = text.plain(row.ticker)
    if row.kind == "accept-cap":
        return f"the cap given for {ticker} is right"
    if row.kind == "final-price":
        return f"the final price of {ticker} is {text.price(row.price)}"
    return f"{ticker} became {text.plain(row.text)}" if row.kind == "rename" else f"issued by {text.plain(row.text)}"


DECIDED: Final[tuple[Column[Decision], ...]] = (
    Column("kind", "Decision", 11, lambda r: (r.kind, ""), lambda r: r.kind, 0, right=False, down=False, unit="text"),
    TICKER,
    Column("session", "Session", 10, lambda r: (text.iso(r.session), ""), lambda r: r.session, 0, unit="date"),
    Column(
        "said",
        "What was decided",
        24,
        lambda r: (said_of(r), ""),
        said_of,
        1,
        right=False,
        down=False,
        most=60,
        unit="text",
    ),
)
