"""What a finding did to the index: who would have been a member with another cap at that session alone."""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.index.blocks import Block
from engine.index.chain import Chain
from engine.index.inputs import Ints
from engine.index.selection import select

NOTHING: Final = ""
MEMBER: Final = "member"
KEPT_IN: Final = "kept-in"
KEPT_OUT: Final = "kept-out"
_BY_MEMBERSHIP: Final = {(True, True): MEMBER, (True, False): KEPT_IN, (False, True): KEPT_OUT}


class Effects:
    """Answers for the cells of a block.

    Args:
        block: The block.
        chain: Its chain, walked to the end.
    """

    def __init__(self, block: Block, chain: Chain) -> None:
        self._block, self._chain = block, chain
        self._issuer = np.array([*block.companies.issuer, -1], dtype=np.int64)

    def held(self, row: int, column: int) -> str:
        """Whether a listing was held into a session."""
        return MEMBER if self._chain.into[row, column] else NOTHING

    def of_cap(self, row: int, column: int, other: float) -> str:
        """What the cap of a line did, compared with ``other`` in its place; the place is that of its company."""
        lines = self._lines(row, column)
        member = bool(self._chain.members[row, lines].any())
        if not self._chain.decided[row] or not self._block.companies.eligible[row, column]:
            return MEMBER if member else NOTHING
        return _BY_MEMBERSHIP.get((member, self._would_be(row, column, lines, other)), NOTHING)

    def _lines(self, row: int, column: int) -> Ints:
        """All eligible lines of the company, or the line alone: one that is not eligible has no part in its place."""
        company = self._issuer[self._block.grid.ticker[row, column]]
        eligible = self._block.companies.eligible[row]
        if company < 0 or not eligible[column]:
            return np.array([column], dtype=np.int64)
        return np.flatnonzero(eligible & (self._issuer[self._block.grid.ticker[row]] == company))

    def _would_be(self, row: int, column: int, lines: Ints, other: float) -> bool:
        block = self._block
        cap = max([other, *(float(block.market.cap[row, line]) for line in lines.tolist() if line != column)])
        if not block.rules.buffer and (clear := self._far_from_cut(row, cap)) is not None:
            return clear
        line = int(lines[block.companies.chosen[row, lines]][0])
        rivals = block.order[row, : block.counts[row]]
        rivals = rivals[rivals != line]
        caps, ticker = block.companies.cap[row, rivals], block.grid.ticker[row]
        place = int(((caps > cap) | ((caps == cap) & (ticker[rivals] < ticker[line]))).sum())
        if not block.rules.buffer:
            return place < block.rules.size
        order = np.insert(rivals, place, line)
        chosen = select(order, block.rules.size, block.rules.buffer, self._chain.into[row])
        return line in chosen.tolist()

    def _far_from_cut(self, row: int, cap: float) -> bool | None:
        """Whether a cap is above rank N or below rank N + 1, which need no counting; None in between."""
        size, count = self._block.rules.size, int(self._block.counts[row])
        if count <= size:
            return True
        last, next_one = self._block.companies.cap[row, self._block.order[row, size - 1 : size + 1]].tolist()
        return True if cap > last else False if cap < next_one else None
