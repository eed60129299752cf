"""Frozen answers, ready to draw: what the facade gives to screens, commands and the workbook.

Plain Python values only (no frame, no array), so that a screen needs neither Polars nor DuckDB to show one.
Fractions are fractions (0.01 is one percent), money is USD, ``session`` is a date, ``None`` is "no value".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.views.quality import CoverageRow, Decision, Finding, SourceRow
from engine.views.status import IndexStatus as IndexStatus
from engine.views.status import PerformanceView as PerformanceView


@dataclass(frozen=True, slots=True)
class CompositionRow:
    """One company of the ranking on a session.

    Attributes:
        rank: Rank by market cap among all eligible companies.
        rank_before: Rank at the published session before, None where it was not eligible (of a non-member, also where
            it ranked more than 10 below the cut).
        ticker: Ticker on that session.
        name: Company name.
        sector: Sector as last known.
        market_cap_usd: Market cap used for ranking.
        cap_source: ``given``, ``shares``, ``carried`` or ``quarantined``.
        weight: Target weight from the next session on; 0 for a company of the bubble that is not a member.
        close: Close as traded, USD.
        return_pr: Price return of the session, None where there was no price before.
        since: First session of the present unbroken membership, None for a non-member.
        days: Sessions in the index, counted from ``since``.
        contribution: What it added to the day's price return (fraction), None if it was not held.
        spark: Up to 30 closes on today's split basis, oldest first.
        stale: Sessions since its last price, 0 when priced.
    """

    rank: int
    rank_before: int | None
    ticker: str
    name: str
    sector: str
    market_cap_usd: float
    cap_source: str
    weight: float
    close: float
    return_pr: float | None
    since: date | None
    days: int
    contribution: float | None
    spark: tuple[float, ...]
    stale: int


@dataclass(frozen=True, slots=True)
class SectorWeight:
    """Weight and member count of one sector."""

    sector: str
    weight: float
    members: int


@dataclass(frozen=True, slots=True)
class CompositionView:
    """Members decided at the close of a session, by rank, with the bubble around the cut.

    Attributes:
        status: The header.
        rows: Members by rank.
        outside: Companies just below the cut, by rank (not members).
        sectors: Weights by sector, largest first.
        cut_cap_usd: Market cap of rank N.
        effective: How many equal weights would be as concentrated, None without members.
    """

    status: IndexStatus
    rows: tuple[CompositionRow, ...]
    outside: tuple[CompositionRow, ...]
    sectors: tuple[SectorWeight, ...]
    cut_cap_usd: float | None
    effective: float | None = None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One addition or deletion.

    Attributes:
        session: Session at whose close it was decided (the later date in a comparison of two dates).
        kind: ``added`` or ``removed``.
        ticker: Ticker at that session.
        name: Company name.
        sector: Sector.
        rank_before: Rank among all eligible companies at the session before (or the earlier date).
        rank_after: Rank at ``session``; None where it is not eligible.
        market_cap_before_usd: Market cap at the session before.
        market_cap_usd: Market cap at ``session``.
        cut_cap_usd: Market cap of rank N at ``session``.
        days: Sessions in the index: of the run that ended for a removal, 0 for an addition.
        reason: Why: ``rank``, or the reason for which it is not eligible.
        turnover: Its share of the one-way turnover of the session, None in a comparison.
        effect_session: The next published session, whose return the change is the first to touch; None when there
            is none yet, and in a comparison.
        effect_pr: What the change did to the price return of that session: what the addition contributed, or what
            the deletion would have contributed, with its sign turned.
        effect_tr: The same for the total return.
        contribution: In a comparison, what the company contributed to the price return between the two dates.
    """

    session: date
    kind: str
    ticker: str
    name: str
    sector: str
    rank_before: int | None
    rank_after: int | None
    market_cap_before_usd: float | None
    market_cap_usd: float | None
    cut_cap_usd: float | None
    days: int
    reason: str
    turnover: float | None = None
    effect_session: date | None = None
    effect_pr: float | None = None
    effect_tr: float | None = None
    contribution: float | None = None


@dataclass(frozen=True, slots=True)
class ChangesView:
    """Changes of the membership.

    Attributes:
        status: The header.
        first: Earlier date: exclusive for a comparison, the first session listed otherwise.
        last: Later date.
        compared: True when ``rows`` compare two dates, False when they list day by day.
        rows: Additions and deletions; by session, additions first, then by rank.
        counts: Sessions of the range with (additions, deletions), for the timeline.
        turnover: Sum of one-way turnover over the range.
    """

    status: IndexStatus
    first: date
    last: date
    compared: bool
    rows: tuple[ChangeRow, ...]
    counts: tuple[tuple[date, int, int], ...]
    turnover: float


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of one period: ``value`` is None when there is none (see ``note`` for why)."""

    key: str
    value: float | None
    short_history: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class RelativeMetrics:
    """Metrics of one period against one benchmark, on the sessions for which both have a return.

    Attributes:
        benchmark: Its symbol.
        observations: Number of sessions for which both have a return.
        first: First of them, None if there is none.
        last: Last of them, None if there is none.
        price: Metrics of the price-return series against it.
        total: Metrics of the total-return series against it.
    """

    benchmark: str
    observations: int
    first: date | None
    last: date | None
    price: tuple[Metric, ...]
    total: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class PeriodMetrics:
    """All metrics of one period, price return and total return.

    Attributes:
        period: ``1M``, ``3M``, ``6M``, ``YTD``, ``1Y``, ``3Y``, ``5Y``, ``all`` or ``custom``.
        first: Session whose close the period starts from.
        last: Last session.
        complete: False when history is shorter than the period asked for.
        observations: Number of daily returns.
        price: Metrics of the price-return series.
        total: Metrics of the total-return series.
        relative: Metrics against each benchmark in the store, by symbol.
    """

    period: str
    first: date
    last: date
    complete: bool
    observations: int
    price: tuple[Metric, ...]
    total: tuple[Metric, ...]
    relative: tuple[RelativeMetrics, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricsView:
    """Metrics by period, shortest first."""

    status: IndexStatus
    periods: tuple[PeriodMetrics, ...]


@dataclass(frozen=True, slots=True)
class StockRow:
    """One session of one listing, as traded.

    ``market_cap_usd`` is the cap in use, with its source, where the index keeps it (members and the places around the
    cut); elsewhere it is the one published, with the source ``published``.
    """

    session: date
    ticker: str
    close: float | None
    volume: float | None
    split: float | None
    dividend: float | None
    market_cap_usd: float | None
    rank: int | None
    member: bool
    cap_source: str | None = None


@dataclass(frozen=True, slots=True)
class StockView:
    """One ticker through time: facts, its sessions and its spells in the index (first, last or None).

    ``changes`` are its additions and deletions on the sessions of the view, as the list of all changes has them, and
    ``splits`` all its splits, those of sessions without a price too. ``lines`` are the tickers of the other lines of
    its company at the session of the header: all of them share one place.
    """

    status: IndexStatus
    ticker: str
    name: str
    sector: str
    exchange: str
    rows: tuple[StockRow, ...]
    spells: tuple[tuple[date, date | None], ...]
    issuer: str = ""
    changes: tuple[ChangeRow, ...] = ()
    splits: tuple[tuple[date, float], ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What the store holds, and what was found in it. ``status`` is None before the first build.

    Attributes:
        status: The header.
        rows: What is stored, kind by kind.
        findings: What was found, most severe first, then those that began last.
        store_bytes: Size of the store.
        sources: Where the data come from.
        decisions: What a person has decided about the data.
    """

    status: IndexStatus | None
    rows: tuple[CoverageRow, ...]
    findings: tuple[Finding, ...]
    store_bytes: int
    sources: tuple[SourceRow, ...] = ()
    decisions: tuple[Decision, ...] = ()
