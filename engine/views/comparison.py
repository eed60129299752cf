"""What changed between the members decided at two dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.views.types import ChangeRow

Decided = Mapping[int, tuple[Any, ...]]
Ranking = Mapping[int, tuple[int, float]]


def compared(
    last: date, decided: Sequence[Decided], ranks: Sequence[Ranking], cut: float | None, ordinal: int
) -> tuple[ChangeRow, ...]:
    """Additions, then deletions, each by rank.

    Args:
        last: The later date.
        decided: Members at the earlier and the later date, by listing: ticker, name, sector, rank, cap, ordinal.
        ranks: Rank and cap of every eligible listing at both dates.
        cut: Market cap of rank N at the later date.
        ordinal: Position of the earlier date among the published sessions: the days of a member that is gone are
            counted up to there.
    """
    before, after = decided
    added = [_row(last, "added", number, after[number], ranks, cut, 0) for number in after if number not in before]
    removed = [
        _row(last, "removed", number, before[number], ranks, cut, ordinal - before[number][5] + 1)
        for number in before
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
    )
