"""Members, weights, returns, levels and turnover, a session at a time.

    R(t+1) = sum over members decided at t of w(t) r(t+1)        I(t+1) = I(t) (1 + R(t+1))

Members decided at the close of t are held from t+1. A session with too few prices is not published: the members
stay, and their returns add up until the next session that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import numpy as np

from engine.index.blocks import Block, Change, Parts, Published, company_rank
from engine.index.inputs import Flags, Floats, Held, IndexState, Ints
from engine.index.rules import BUBBLE, CAP, INCOMPLETE_SHARE
from engine.index.selection import select


class Chain:
    """The index while it walks a block.

    Args:
        block: The block.
        state: The last published session, whose row must be in the block; None to begin.

    Attributes:
        into: Whether a listing was held into a session, by row and column.
        members: Whether it is a member at its close, likewise.
        decided: Rows at whose close members were decided by rank.
    """

    def __init__(self, block: Block, state: IndexState | None) -> None:
        width = len(block.grid.listing_ids)
        self.block = block
        self.last_row = -1
        self.ordinal = -1
        self.level_pr = self.level_tr = block.rules.base_level
        self.held: Ints = np.empty(0, dtype=np.int64)
        self.left: Ints = np.empty(0, dtype=np.int64)
        self.weight, self.weight_tr = np.zeros(width), np.zeros(width)
        self.gross, self.gross_tr = np.ones(width), np.ones(width)
        self.since = np.full(width, -1, dtype=np.int64)
        self.since_ordinal = np.zeros(width, dtype=np.int64)
        self.incomplete: list[tuple[int, int, int]] = []
        self.into: Flags = np.zeros(block.grid.live.shape, dtype=np.bool_)
        self.members: Flags = np.zeros(block.grid.live.shape, dtype=np.bool_)
        self.decided: Flags = np.zeros(len(block.counts), dtype=np.bool_)
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
        self.left = np.array([column[one] for one in state.removed if one in column], dtype=np.int64)

    def walk(self) -> Iterator[Published]:
        """Every published session after the state, in order."""
        for row in range(self.last_row + 1, len(self.block.counts)):
            self.into[row, self.held] = True
            self._earn(row)
            published = self._publish(row) if self._publishable(row) else None
            self.members[row, self.held] = True
            if published:
                yield published
        self.growth = self.growth_tr = np.empty((0, 0))  # as large as all prices, and the rows are made next

    def _earn(self, row: int) -> None:
        """Add the day's returns of the members held and of those just removed; one that is gone earns nothing more."""
        followed = np.concatenate([self.held, self.left]) if self.left.size else self.held
        self.gross[followed] *= self.growth[row, followed]
        self.gross_tr[followed] *= self.growth_tr[row, followed]

    def _publishable(self, row: int) -> bool:
        """Whether enough members have a price; what is gone for good does not count against the session."""
        held, priced = self.held, self.block.market.priced[row]
        if self.ordinal < 0:
            return bool(self.block.counts[row]) and self._may_begin(row)
        few, of = INCOMPLETE_SHARE
        waiting = int((self.block.grid.live[row, held] & ~priced[held]).sum())
        complete = bool(priced.any()) and waiting * of <= len(held) * few
        if not complete:
            self.incomplete.append((row, int(priced[held].sum()), len(held)))
        return complete

    def _may_begin(self, row: int) -> bool:
        base = self.block.rules.base_date
        return base is None or self.block.calendar.sessions[self.block.grid.start + row] >= base

    def _publish(self, row: int) -> Published:
        first = self.ordinal < 0
        self.ordinal += 1
        parts, held = self._parts(row), len(self.held)
        priced = int(self.block.market.priced[row, self.held].sum())
        return_pr = fsum((parts.weight * parts.return_pr).tolist())
        return_tr = fsum((parts.weight_tr * parts.return_tr).tolist())
        if not first:
            self.level_pr *= 1.0 + return_pr
            self.level_tr *= 1.0 + return_tr
        day_return, contribution = self._days(row)
        members, drifted = self._decide(row, return_pr, return_tr)
        changes = self._note_changes(row, members, drifted)
        turnover = None if first else _one_way(self.weight, drifted)
        self.held, self.last_row = members, row
        self.left = np.array([one.column for one in changes if one.kind == "removed"], dtype=np.int64)
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
            held=held,
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
            parts=parts,
            changes=[] if first else changes,
            cut=self._cut(row),
        )

    def _parts(self, row: int) -> Parts:
        left = self.left[self.block.grid.live[row, self.left]]
        columns: Ints = np.sort(np.concatenate([self.held, left]) if left.size else self.held)
        return Parts(
            columns,
            self.weight[columns],
            self.weight_tr[columns],
            self.gross[columns] - 1.0,
            self.gross_tr[columns] - 1.0,
        )

    def _days(self, row: int) -> tuple[Floats, Floats]:
        """Return of every listing (since the published session before, if it was held) and what it contributed."""
        day_return, contribution = self.block.market.return_pr[row].copy(), np.full(len(self.weight), np.nan)
        day_return[self.held] = self.gross[self.held] - 1.0
        contribution[self.held] = self.weight[self.held] * day_return[self.held]
        return day_return, contribution

    def _decide(self, row: int, return_pr: float, return_tr: float) -> tuple[Ints, Floats]:
        """Members and target weights from the next session on; gives them and the drifted weights."""
        drifted = _drifted(self.weight, self.gross, return_pr)
        drifted_tr = _drifted(self.weight_tr, self.gross_tr, return_tr)
        self.decided[row] = self._rebalances(row)
        if self.decided[row]:
            order = self.block.order[row, : self.block.counts[row]]
            members = select(order, self.block.rules.size, self.block.rules.buffer, self.weight > 0)
            self.weight = self._targets(row, members)
            self.weight_tr = self.weight.copy()
        else:
            members = self.held[self.block.grid.stays[row, self.held]]
            self.weight, self.weight_tr = (
                _kept(drifted, members, self.held),
                _kept(drifted_tr, members, self.held),
            )
        return members, drifted

    def _targets(self, row: int, members: Ints) -> Floats:
        """Weights right after a rebalancing: equal, or the share of the company's cap in that of all members."""
        found = np.zeros(len(self.weight))
        if self.block.rules.weighting == CAP:
            caps = self.block.companies.cap[row, members]
            found[members] = caps / fsum(caps.tolist())
        else:
            found[members] = 1.0 / max(len(members), 1)
        return found

    def _rebalances(self, row: int) -> bool:
        """On the first session, and where a period has ended since the last published one."""
        start = self.block.grid.start
        return self.ordinal == 0 or bool(self.block.ends[start + self.last_row + 1 : start + row + 1].any())

    def _note_changes(self, row: int, members: Ints, drifted: Floats) -> list[Change]:
        before = self.since >= 0
        after = np.zeros(len(before), dtype=np.bool_)
        after[members] = True
        added, removed = np.flatnonzero(after & ~before), np.flatnonzero(before & ~after)
        changes = [Change("added", column, 0, self._moved(column, drifted)) for column in added.tolist()]
        for column in removed.tolist():
            days = self.ordinal - int(self.since_ordinal[column])
            changes.append(Change("removed", column, days, self._moved(column, drifted)))
        self.since[added], self.since_ordinal[added] = row + self.block.grid.start, self.ordinal
        self.since[removed] = -1
        return changes

    def _moved(self, column: int, drifted: Floats) -> float:
        """What one listing adds to the turnover."""
        return 0.5 * abs(float(self.weight[column] - drifted[column]))

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
        removed = tuple(int(ids[column]) for column in self.left.tolist())
        return IndexState(session, self.ordinal, self.level_pr, self.level_tr, held, ordinals, removed)


def _drifted(weight: Floats, gross: Floats, gained: float) -> Floats:
    """Weights after a return; nothing is left of an index that has lost everything."""
    grown = 1.0 + gained
    return weight * gross / grown if grown else np.zeros(len(weight))


def _one_way(target: Floats, drifted: Floats) -> float:
    """Half the sum of absolute differences, over old and new members."""
    difference = np.abs(target - drifted)
    return 0.5 * fsum(difference[difference > 0].tolist())


def _kept(drifted: Floats, members: Ints, held: Ints) -> Floats:
    """Drifted weights of the members that stay; what a removed one held is spread over them in proportion."""
    kept = np.zeros(len(drifted))
    kept[members] = drifted[members]
    total = fsum(kept.tolist())
    return kept / total if total and len(members) < len(held) else kept
