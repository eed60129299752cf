"""What changed between the members decided at two dates, and how far companies are from the cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.views.analysis import BubbleRow, BubbleView
from engine.views.types import ChangeRow, ChangesView, CompositionRow, CompositionView

if TYPE_CHECKING:
    from engine.store.database import Session
    from engine.views.assembly import Reader

Decided = Mapping[int, tuple[Any, ...]]
Ranking = Mapping[int, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Ends:
    """Two dates that are compared, as far as stored rows tell.

    Attributes:
        view: What was traded between them, without rows.
        decided: Members at the earlier and the later date.
        cut: Market cap of rank N at the later date.
        ordinal: Position of the earlier date among the published sessions.
        contributions: What each listing held between the dates contributed to the price return.
    """

    view: ChangesView
    decided: tuple[Decided, Decided]
    cut: float | None
    ordinal: int
    contributions: Mapping[int, float]


def ends(reader: Reader, session: Session, index_name: str, early: date, late: date) -> Ends:
    """What is stored of two dates and of the sessions between them, the earlier one left out."""
    from engine.views.contributions import contributed

    status, first = reader.status(late), reader.status(early).session
    last = status.session
    counts, turnover = reader.counts(first + timedelta(days=1), last)
    return Ends(
        ChangesView(status, first, last, True, (), counts, turnover),
        (reader.decided(first), reader.decided(last)),
        reader.cut(last),
        reader.ordinal(first),
        contributed(session, index_name, first, last),
    )


def compared(
    last: date,
    decided: Sequence[Decided],
    ranks: Sequence[Ranking],
    cut: float | None,
    ordinal: int,
    contributions: Mapping[int, float],
) -> tuple[ChangeRow, ...]:
    """Additions, then deletions, each by rank.

    Args:
        last: The later date.
        decided: Members at the earlier and the later date, by listing: ticker, name, sector, rank, cap, ordinal.
        ranks: Rank and cap of every eligible listing at both dates.
        cut: Market cap of rank N at the later date.
        ordinal: Position of the earlier date among the published sessions: the days of a member that is gone are
            counted up to there.
        contributions: What each listing held between the dates contributed to the price return; the others: nothing.
    """
    before, after = decided
    added = [
        _row(last, "added", number, after[number], ranks, cut, 0, contributions.get(number, 0.0))
        for number in after
        if number not in before
    ]
    removed = [
        _row(last, "removed", number, facts, ranks, cut, ordinal - facts[5] + 1, contributions.get(number, 0.0))
        for number, facts in before.items()
        if number not in after
    ]
    added.sort(key=lambda row: (row.rank_after or 0, row.ticker))
    removed.sort(key=lambda row: (row.rank_before or 0, row.ticker))
    return (*added, *removed)


def _row(
    last: date,
    kind: str,
    number: int,
    facts: tuple[Any, ...],
    ranks: Sequence[Ranking],
    cut: float | None,
    days: int,
    contribution: float,
) -> ChangeRow:
    ticker, name, sector = facts[:3]
    rank_before, cap_before = ranks[0].get(number, (None, None))
    rank_after, cap_after = ranks[1].get(number, (None, None))
    return ChangeRow(
        session=last,
        kind=kind,
        ticker=ticker,
        name=name,
        sector=sector,
        rank_before=rank_before,
        rank_after=rank_after,
        market_cap_before_usd=cap_before,
        market_cap_usd=cap_after,
        cut_cap_usd=cut,
        days=days,
        reason="rank" if rank_after is not None else "not eligible any more",
        contribution=contribution,
    )


def bubble_view(view: CompositionView, width: int) -> BubbleView:
    """The places around the cut, by rank.

    With fewer eligible companies than places any company gets in, whatever its size: the cut is 0 and nobody is near
    it. A member without a rank (no cap, between rebalances) has no distance and is left out.

    Args:
        view: Members and bubble of a session.
        width: Ranks to show on each side of rank N; below it no more than the composition has.
    """
    cut = view.cut_cap_usd
    if not cut:
        return BubbleView(view.status, 0.0, ())
    low, high = view.status.size - width, view.status.size + width
    rows = [(row, True) for row in view.rows if row.rank >= max(low, 1)]
    rows += [(row, False) for row in view.outside if low <= row.rank <= high]
    rows.sort(key=lambda pair: (pair[0].rank, pair[0].ticker))
    return BubbleView(view.status, cut, tuple(_bubble_row(row, member, cut) for row, member in rows))


def _bubble_row(row: CompositionRow, member: bool, cut: float) -> BubbleRow:
    distance = row.market_cap_usd - cut
    return BubbleRow(
        rank=row.rank,
        ticker=row.ticker,
        name=row.name,
        member=member,
        market_cap_usd=row.market_cap_usd,
        distance_usd=distance,
        distance=distance / cut,
        rank_before=row.rank_before,
        since=row.since,
        days=row.days,
    )
