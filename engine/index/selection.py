"""Who is a member: ranks, the cut, the buffer, and on which sessions it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from engine.index.inputs import Flags, Floats, Ints, Small


def ranked(cap: Floats, chosen: Flags, ticker: Small) -> tuple[Ints, Ints, Ints]:
    """Columns by company cap, largest first, ties by symbol, for every session.

    Args:
        cap: Company cap, shape (sessions, listings).
        chosen: Lines that stand for their companies.
        ticker: Ticker number (alphabetical) by cell.

    Returns:
        Columns in order of rank, shape (sessions, listings); how many of each row are ranked; and the rank of each
        column from 1, 0 for a line that is not ranked.
    """
    keys = np.where(chosen, -cap, np.inf)
    order: Ints = np.argsort(keys, axis=1)
    placed = np.take_along_axis(keys, order, axis=1)
    tied = (placed[:, 1:] == placed[:, :-1]) & np.isfinite(placed[:, 1:])
    for row in np.flatnonzero(tied.any(axis=1)).tolist():
        order[row] = np.lexsort((ticker[row], keys[row]))
    counts: Ints = chosen.sum(axis=1)
    ranks = np.zeros_like(order)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1), axis=1)
    ranks[~chosen] = 0
    return order, counts, ranks


def select(order: Ints, size: int, buffer: int, incumbents: Flags) -> Ints:
    """Members of one session, by rank.

    With a buffer b, ranks up to N-b are in, then members of the session before up to rank N+b, then by rank.

    Args:
        order: Columns of the ranked companies, by rank.
        size: N.
        buffer: b.
        incumbents: Whether a column is a member now.
    """
    if not buffer or not incumbents.any():
        return order[:size]
    rank = np.arange(1, len(order) + 1)
    inside = rank <= size - buffer
    stays = ~inside & incumbents[order] & (rank <= size + buffer)
    priority = np.where(inside, 0, np.where(stays, 1, 2))
    kept = np.sort(np.lexsort((rank, priority))[:size])
    return order[kept]


def period_ends(sessions: Sequence[date], rebalance: str) -> Flags:
    """Whether a session is the last of its week, month or quarter; ``sessions`` has one more at its end."""
    keys = [_PERIODS[rebalance](session) for session in sessions]
    return np.array([a != b for a, b in pairwise(keys)], dtype=np.bool_)


def _week(day: date) -> object:
    return day.isocalendar()[:2]


def _quarter(day: date) -> object:
    return day.year, (day.month - 1) // 3


_PERIODS = {
    "daily": lambda day: day,
    "weekly": _week,
    "monthly": lambda day: (day.year, day.month),
    "quarterly": _quarter,
}
REBALANCES = tuple(_PERIODS)
