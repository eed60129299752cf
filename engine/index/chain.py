"""Members, weights, returns, levels and turnover, a session at a time.

    R(t+1) = sum over members decided at t of w(t) r(t+1)        I(t+1) = I(t) (1 + R(t+1))

Members decided at the close of t are held from t+1. A session with too few prices is not published: the members
stay, and their returns add up until the next session that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

import numpy as np

from engine.index.companies import Companies
from engine.index.grid import Calendar, Grid
from engine.index.inputs import Flags, Floats, Held, IndexState, Ints
from engine.index.market import Market
from engine.index.rules import BUBBLE, INCOMPLETE_SHARE, Rules
from engine.index.selection import select


@dataclass(frozen=True, slots=True)
class Block:
    """Everything that the chain looks at, for the sessions of one grid."""

    grid: Grid
    market: Market
    companies: Companies
    order: Ints
    counts: Ints
    ranks: Ints
    calendar: Calendar
    ends: Flags
    rules: Rules


@dataclass(frozen=True, slots=True)
class Published:
    """One published session; arrays run over ``rows``, the constituents and the bubble, by rank.

    Attributes:
        row: Row of the session in the block.
        ordinal: Position among the published sessions.
        return_pr: Price return since the published session before, None on the first.
        held: Members held into the session.
        priced: Of these, those with a price.
        turnover: One-way turnover traded at the close, None on the first.
        columns: Listings.
        ranks: Their ranks, 0 for a member that is not ranked today.
        member: Whether decided as a member.
        weight: Target weight (price-return series).
        weight_tr: Target weight (total-return series).
        day_return: Price return of the listing since the published session before (of the day, if not held).
        contribution: What it added to the price return, NaN if not held.
        since: Session number of the start of its membership, -1 for none.
        added: Columns added.
        removed: Columns removed, with their sessions in the index.
        cut: Cap of rank N, NaN if there are fewer.
    """

    row: int
    ordinal: int
    level_pr: float
    level_tr: float
    return_pr: float | None
    return_tr: float | None
    held: int
    priced: int
    turnover: float | None
    columns: Ints
    ranks: Ints
    member: Flags
    weight: Floats
    weight_tr: Floats
    day_return: Floats
    contribution: Floats
    since: Ints
    added: list[int]
    removed: list[tuple[int, int]]
    cut: float


def company_rank(block: Block, row: int, column: int) -> int | None:
    """Rank of the company of an eligible line, None where the line is not eligible."""
    if not block.companies.eligible[row, column]:
        return None
    line = column if block.companies.chosen[row, column] else standing_for(block, row, column)
    return int(block.ranks[row, line])


def standing_for(block: Block, row: int, column: int) -> int:
    """The line that stands for the company of another eligible line."""
    issuer, ticker = block.companies.issuer, block.grid.ticker[row]
    company = issuer[int(ticker[column])]
    lines = np.flatnonzero(block.companies.chosen[row] & (ticker >= 0))
    return next(int(line) for line in lines if issuer[int(ticker[line])] == company)


class Chain:
    """The index while it walks a block.

    Args:
        block: The block.
        state: The last published session, whose row must be in the block; None to begin.
    """

    def __init__(self, block: Block, state: IndexState | None) -> None:
        width = len(block.grid.listing_ids)
        self.block = block
        self.last_row = -1
        self.ordinal = -1
        self.level_pr = self.level_tr = block.rules.base_level
        self.held: Ints = np.empty(0, dtype=np.int64)
        self.weight, self.weight_tr = np.zeros(width), np.zeros(width)
        self.gross, self.gross_tr = np.ones(width), np.ones(width)
        self.since = np.full(width, -1, dtype=np.int64)
        self.since_ordinal = np.zeros(width, dtype=np.int64)
        self.incomplete: list[tuple[int, int, int]] = []
        self.growth = np.nan_to_num(block.market.return_pr) + 1.0
        self.growth_tr = np.nan_to_num(block.market.return_tr) + 1.0
        if state:
            self._restore(state)

    def _restore(self, state: IndexState) -> None:
        column = {int(number): place for place, number in enumerate(self.block.grid.listing_ids)}
        self.last_row = self.block.calendar.number(state.session) - self.block.grid.start
        self.ordinal, self.level_pr, self.level_tr = state.ordinal, state.level_pr, state.level_tr
        self.held = np.array([column[one.listing_id] for one in state.held], dtype=np.int64)
        for place, one in zip(self.held.tolist(), state.held, strict=True):
            self.weight[place], self.weight_tr[place] = one.weight, one.weight_tr
            self.since[place] = self.block.calendar.number(one.since)
            self.since_ordinal[place] = state.ordinals[one.since]

    def walk(self) -> Iterator[Published]:
        """Every published session after the state, in order."""
        for row in range(self.last_row + 1, len(self.block.counts)):
            self._earn(row)
            if self._publishable(row):
                yield self._publish(row)

    def _earn(self, row: int) -> None:
        """Add the day's returns of the members held; one that is gone earns nothing more."""
        self.gross[self.held] *= self.growth[row, self.held]
        self.gross_tr[self.held] *= self.growth_tr[row, self.held]

    def _publishable(self, row: int) -> bool:
        """Whether enough members have a price; what is gone for good does not count against the session."""
        held, priced = self.held, self.block.market.priced[row]
        if self.ordinal < 0:
            return bool(self.block.counts[row])
        few, of = INCOMPLETE_SHARE
        waiting = int((self.block.grid.live[row, held] & ~priced[held]).sum())
        complete = bool(priced.any()) and waiting * of <= len(held) * few
        if not complete:
            self.incomplete.append((row, int(priced[held].sum()), len(held)))
        return complete

    def _publish(self, row: int) -> Published:
        first = self.ordinal < 0
        self.ordinal += 1
        held, contribution = self.held, np.full(len(self.weight), np.nan)
        earned = self.weight[held] * (self.gross[held] - 1.0)
        contribution[held] = earned
        return_pr = fsum(earned.tolist())
        return_tr = fsum((self.weight_tr[held] * (self.gross_tr[held] - 1.0)).tolist())
        if not first:
            self.level_pr *= 1.0 + return_pr
            self.level_tr *= 1.0 + return_tr
        day_return = self.block.market.return_pr[row].copy()
        day_return[held] = self.gross[held] - 1.0
        priced = int(self.block.market.priced[row, held].sum())
        members, drifted = self._decide(row, return_pr, return_tr)
        added, removed = self._note_changes(row, members)
        turnover = None if first else _one_way(self.weight, drifted)
        self.held, self.last_row = members, row
        self.gross[:] = 1.0
        self.gross_tr[:] = 1.0
        columns, ranks = self._shown(row)
        return Published(
            row=row,
            ordinal=self.ordinal,
            level_pr=self.level_pr,
            level_tr=self.level_tr,
            return_pr=None if first else return_pr,
            return_tr=None if first else return_tr,
            held=len(held),
            priced=priced,
            turnover=turnover,
            columns=columns,
            ranks=ranks,
            member=self.since[columns] >= 0,
            weight=self.weight[columns],
            weight_tr=self.weight_tr[columns],
            day_return=day_return[columns],
            contribution=contribution[columns],
            since=self.since[columns],
            added=[] if first else added,
            removed=removed,
            cut=self._cut(row),
        )

    def _decide(self, row: int, return_pr: float, return_tr: float) -> tuple[Ints, Floats]:
        """Members and target weights from the next session on; gives them and the drifted weights."""
        drifted = self.weight * self.gross / (1.0 + return_pr)
        drifted_tr = self.weight_tr * self.gross_tr / (1.0 + return_tr)
        if self._rebalances(row):
            order = self.block.order[row, : self.block.counts[row]]
            members = select(order, self.block.rules.size, self.block.rules.buffer, self.weight > 0)
            equal = np.zeros(len(self.weight))
            equal[members] = 1.0 / max(len(members), 1)
            self.weight, self.weight_tr = equal, equal.copy()
        else:
            members = self.held[self.block.grid.live[row, self.held]]
            self.weight, self.weight_tr = (
                _kept(drifted, members, self.held),
                _kept(drifted_tr, members, self.held),
            )
        return members, drifted

    def _rebalances(self, row: int) -> bool:
        """On the first session, and where a period has ended since the last published one."""
        start = self.block.grid.start
        return self.ordinal == 0 or bool(self.block.ends[start + self.last_row + 1 : start + row + 1].any())

    def _note_changes(self, row: int, members: Ints) -> tuple[list[int], list[tuple[int, int]]]:
        before = self.since >= 0
        after = np.zeros(len(before), dtype=np.bool_)
        after[members] = True
        added, removed = np.flatnonzero(after & ~before), np.flatnonzero(before & ~after)
        days = [(column, self.ordinal - int(self.since_ordinal[column])) for column in removed.tolist()]
        self.since[added], self.since_ordinal[added] = row + self.block.grid.start, self.ordinal
        self.since[removed] = -1
        return added.tolist(), days

    def _shown(self, row: int) -> tuple[Ints, Ints]:
        """Constituents and bubble by rank; members without a rank today come last, with rank 0."""
        reach = self.block.rules.size + BUBBLE
        near = self.block.order[row, : min(reach, self.block.counts[row])]
        rank = self.block.ranks[row]
        outside = self.held[(rank[self.held] > reach) | (rank[self.held] == 0)]
        if not outside.size:
            return near, rank[near]
        places = np.array([company_rank(self.block, row, column) or 0 for column in outside.tolist()])
        last = np.lexsort((outside, np.where(places == 0, len(rank) + 1, places)))
        return np.concatenate([near, outside[last]]), np.concatenate([rank[near], places[last]])

    def _cut(self, row: int) -> float:
        size, count = self.block.rules.size, int(self.block.counts[row])
        column = self.block.order[row, size - 1] if count >= size else -1
        return float(self.block.companies.cap[row, column]) if column >= 0 else float("nan")

    def state(self) -> IndexState:
        """The index at its last published session, to go on from."""
        ids, calendar = self.block.grid.listing_ids, self.block.calendar
        held = tuple(
            Held(
                int(ids[column]),
                float(self.weight[column]),
                float(self.weight_tr[column]),
                calendar.sessions[int(self.since[column])],
            )
            for column in self.held.tolist()
        )
        ordinals = {
            calendar.sessions[int(self.since[column])]: int(self.since_ordinal[column]) for column in self.held.tolist()
        }
        session = calendar.sessions[self.block.grid.start + self.last_row]
        return IndexState(session, self.ordinal, self.level_pr, self.level_tr, held, ordinals)


def _one_way(target: Floats, drifted: Floats) -> float:
    """Half the sum of absolute differences, over old and new members."""
    difference = np.abs(target - drifted)
    return 0.5 * fsum(difference[difference > 0].tolist())


def _kept(drifted: Floats, members: Ints, held: Ints) -> Floats:
    """Drifted weights of the members that stay; what a removed one held is spread over them in proportion."""
    kept = np.zeros(len(drifted))
    kept[members] = drifted[members]
    return kept / fsum(kept.tolist()) if 0 < len(members) < len(held) else kept
