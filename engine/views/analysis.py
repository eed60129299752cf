"""Frozen answers about where a return came from: months, falls, contributions, the places around the cut.

Plain Python values only, as in ``engine.views.types``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.views.types import IndexStatus


@dataclass(frozen=True, slots=True)
class YearReturns:
    """Returns of one calendar year, compounded from the returns of its sessions.

    Attributes:
        year: The year.
        months: Twelve returns, January first; None for a month without a return.
        total: Return of the year, as far as there are returns.
        partial: True when a session of the year has no return in the view: its first session, whose close the returns
            start from, is in that year, or it ends before the year's last.
    """

    year: int
    months: tuple[float | None, ...]
    total: float
    partial: bool


@dataclass(frozen=True, slots=True)
class DrawdownRow:
    """One fall below a level that was reached before, until that level is reached again.

    Attributes:
        depth: Level of the trough over the level of the peak, less 1; negative.
        peak: Session of the peak.
        trough: Session of the lowest level.
        recovery: First session at or above the level of the peak, None if there is none yet.
        sessions_down: Sessions from the peak to the trough.
        sessions_back: Sessions from the trough to the recovery, None if there is none yet.
        days: Calendar days from the peak to the recovery, or to the last session.
    """

    depth: float
    peak: date
    trough: date
    recovery: date | None
    sessions_down: int
    sessions_back: int | None
    days: int


@dataclass(frozen=True, slots=True)
class DayReturn:
    """The return of one session."""

    session: date
    value: float


@dataclass(frozen=True, slots=True)
class SeriesTables:
    """What one return series was made of.

    Attributes:
        years: Years, oldest first, with their months.
        drawdowns: The deepest falls that do not overlap, deepest first.
        best: The largest daily returns, largest first.
        worst: The smallest daily returns, smallest first.
        drawdown: Fall from the highest level so far, by session of the view (0 on the first).
        volatility: Annualised sample deviation of the last ``window`` returns, by session of the view; None before
            there are so many, and where they do not vary.
    """

    years: tuple[YearReturns, ...]
    drawdowns: tuple[DrawdownRow, ...]
    best: tuple[DayReturn, ...]
    worst: tuple[DayReturn, ...]
    drawdown: tuple[float, ...]
    volatility: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ReturnsView:
    """Returns by month, falls, extreme days and rolling volatility of a stretch of sessions.

    Attributes:
        status: The header, at the last session.
        sessions: Sessions of the view; the first is the one whose close the returns start from.
        window: Returns in the rolling volatility.
        price: Of the price-return series.
        total: Of the total-return series.
    """

    status: IndexStatus
    sessions: tuple[date, ...]
    window: int
    price: SeriesTables
    total: SeriesTables


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """What one company added to the return of a period.

    Contributions are linked: each day's is multiplied by the index level of the session before over the level that
    the period starts from, so that all of them sum to the return of the period.

    Attributes:
        ticker: Ticker at the end of its time in the period.
        name: Company name.
        sector: Sector as last known.
        sessions: Sessions of the period into which it was held.
        weight: Mean weight over all sessions of the period (0 where it was not held).
        return_own: Its own return over the sessions into which it was held, compounded.
        contribution: What it added to the index's return (fraction).
        cap_weight: Mean weight if the same members had been weighted by market cap, over all sessions.
        cap_contribution: What it would have added with those weights, linked by the level of that index.
    """

    ticker: str
    name: str
    sector: str
    sessions: int
    weight: float
    return_own: float
    contribution: float
    cap_weight: float
    cap_contribution: float

    @property
    def gap(self) -> float:
        """Contribution less that by cap."""
        return self.contribution - self.cap_contribution


@dataclass(frozen=True, slots=True)
class SectorContribution:
    """The same, summed over a sector.

    Attributes:
        sector: The sector, ``Unknown`` where it is not known.
        members: Mean number of its members held.
        weight: Mean weight.
        contribution: What its members added to the index's return.
        cap_weight: Mean weight by market cap of the same members.
        cap_contribution: What they would have added with those weights.
    """

    sector: str
    members: float
    weight: float
    contribution: float
    cap_weight: float
    cap_contribution: float

    @property
    def gap(self) -> float:
        """Contribution less that by cap."""
        return self.contribution - self.cap_contribution


@dataclass(frozen=True, slots=True)
class ContributionView:
    """Where the return of a period came from.

    Attributes:
        status: The header, at ``last``.
        series: ``PR`` or ``TR``.
        first: Session whose close the period starts from.
        last: Last session of the period.
        sessions: Published sessions with a return in the period.
        index_return: Return of the index over the period: the sum of all contributions; None without a session.
        cap_weight_return: Return of the same members weighted by market cap every session: the sum of all
            ``cap_contribution``; None without a session.
        rows: Every company held in the period, largest contribution first, ties by ticker.
        sectors: Sectors, largest contribution first.
    """

    status: IndexStatus
    series: str
    first: date
    last: date
    sessions: int
    index_return: float | None
    cap_weight_return: float | None
    rows: tuple[ContributionRow, ...]
    sectors: tuple[SectorContribution, ...]


@dataclass(frozen=True, slots=True)
class BubbleRow:
    """One company around the cut.

    Attributes:
        rank: Rank by market cap.
        ticker: Ticker.
        name: Company name.
        member: Whether it was decided as a member.
        market_cap_usd: Market cap used for ranking.
        distance_usd: Market cap less that of rank N.
        distance: The same over the cap of rank N (fraction).
        rank_before: Rank at the session before, None where it was not eligible (of a non-member, also where it
            ranked more than 10 below the cut).
        since: First session of the present membership, None for a non-member.
        days: Sessions in the index, 0 for a non-member.
    """

    rank: int
    ticker: str
    name: str
    member: bool
    market_cap_usd: float
    distance_usd: float
    distance: float
    rank_before: int | None
    since: date | None
    days: int


@dataclass(frozen=True, slots=True)
class BubbleView:
    """Ranks N - width to N + width at the close of a session, and members ranked below that.

    With fewer eligible companies than places there are no rows, and ``cut_cap_usd`` is 0: any company gets in.
    """

    status: IndexStatus
    cut_cap_usd: float
    rows: tuple[BubbleRow, ...]
