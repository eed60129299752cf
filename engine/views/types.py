"""Frozen answers, ready to draw: what the facade gives to screens, commands and the workbook.

Plain Python values only (no frame, no array), so that a screen needs neither Polars nor DuckDB to show one.
Fractions are fractions (0.01 is one percent), money is USD, ``session`` is a date, ``None`` is "no value".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from engine.views.quality import CoverageRow, Decision, Finding, SourceRow


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What every screen's header says.

    Attributes:
        index: Name of the index, ``top100``.
        size: N, the number of places.
        session: The as-of session.
        level_pr: Price-return level at ``session``.
        level_tr: Total-return level at ``session``.
        return_pr: Price return of ``session`` against the published session before, or None on the first.
        return_tr: Total return likewise.
        members: Members decided at the close of ``session``.
        held: Members held into ``session``.
        priced: Of the members held into ``session``, those with a price.
        source: Where the data come from: ``synthetic``, ``import``, ``yahoo``.
        synthetic: True when the market is the demo's.
        first_session: First published session.
        last_session: Last published session.
        sessions_behind: NYSE sessions closed since ``last_session``, or None when the market is synthetic.
        data_version: Number that grows with every change of the store.
        outdated: Why the index is not what a build would make of it now: ``data`` (raw data or decisions have changed
            since), ``settings`` (it was built with others than those in force); empty when it is.
        backfilled_before: Sessions before this one come from names that were only listed later (survivorship-biased):
            the first snapshot of the universe; None where nothing was fetched for earlier sessions.
        names_wanted: Names of the universe that is fetched, 0 where nothing is fetched.
        names_have: Of those, names that have been asked for with an answer.
    """

    index: str
    size: int
    session: date
    level_pr: float
    level_tr: float
    return_pr: float | None
    return_tr: float | None
    members: int
    held: int
    priced: int
    source: str
    synthetic: bool
    first_session: date
    last_session: date
    sessions_behind: int | None
    data_version: int
    outdated: str = ""
    backfilled_before: date | None = None
    names_wanted: int = 0
    names_have: int = 0

    @property
    def backfilled(self) -> bool:
        """Whether ``session`` is back-filled."""
        return self.backfilled_before is not None and self.session < self.backfilled_before


@dataclass(frozen=True, slots=True)
class PerformanceView:
    """Levels, returns and turnover by session: parallel tuples, oldest first.

    ``benchmarks`` maps a symbol to its closes on these sessions (None where it has none). With a cost set,
    ``net_pr`` and ``net_tr`` are the levels after it, from the same level on the first session of the view; without
    one they are empty.
    """

    status: IndexStatus
    sessions: tuple[date, ...]
    level_pr: tuple[float, ...]
    level_tr: tuple[float, ...]
    return_pr: tuple[float | None, ...]
    return_tr: tuple[float | None, ...]
    members: tuple[int, ...]
    priced: tuple[int, ...]
    turnover: tuple[float | None, ...]
    benchmarks: dict[str, tuple[float | None, ...]] = field(default_factory=dict)
    cost_bps: float = 0.0
    net_pr: tuple[float, ...] = ()
    net_tr: tuple[float, ...] = ()


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
    """One ticker through time: facts, its sessions and its spells in the index (first, last or None)."""

    status: IndexStatus
    ticker: str
    name: str
    sector: str
    exchange: str
    rows: tuple[StockRow, ...]
    spells: tuple[tuple[date, date | None], ...]


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
