"""What goes into the chain of an index and what comes out of it, a block at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.index.companies import Companies
from engine.index.grid import Calendar, Grid
from engine.index.inputs import Flags, Floats, Ints
from engine.index.market import Market
from engine.index.rules import Rules


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
    shares: Floats | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a published session's return is made of: arrays over ``columns``, by listing.

    Attributes:
        columns: Members held into the session, and listings removed at the published session before that still trade.
        weight: Weights held (price-return series), 0 for a removed one.
        weight_tr: Weights held (total-return series), 0 for a removed one.
        return_pr: Price returns since the published session before.
        return_tr: Total returns likewise.
    """

    columns: Ints
    weight: Floats
    weight_tr: Floats
    return_pr: Floats
    return_tr: Floats


@dataclass(frozen=True, slots=True)
class Change:
    """One listing that comes or goes: its column, its sessions in the index, and its part of the turnover."""

    kind: str
    column: int
    days: int
    turnover: float


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
        parts: What the return is made of.
        changes: Additions and deletions.
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
    parts: Parts
    changes: list[Change]
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
