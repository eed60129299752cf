"""One block of the index: raw rows in, rows of the derived tables out.

A full build and an appended day run the same code: a block goes on from a stored state of the market, at least a
trading window before the last published session, and publishes from the session after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.index.blocks import Block, company_rank
from engine.index.chain import Chain
from engine.index.companies import companies
from engine.index.findings import finding_rows
from engine.index.grid import Calendar, Grid, make_grid
from engine.index.inputs import Floats, IndexState, MarketState, RawData
from engine.index.market import Market, walk
from engine.index.rows import (
    change_rows,
    constituent_rows,
    contribution_rows,
    session_rows,
    spell_rows,
    state_rows,
)
from engine.index.rules import Rules
from engine.index.selection import period_ends, ranked
from engine.index.shares import shares_grid

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a block gives to the store.

    Attributes:
        after: The rows take the place of everything later than this day.
        sessions: Rows of index_session.
        constituents: Rows of constituent.
        changes: Rows of index_change.
        spells: Rows of listing_spell that are live in the block.
        states: Rows of market_state.
        contributions: Rows of contribution.
        findings: Rows of finding.
        index_state: The index at its last published session, None if there is none yet.
        incomplete: Sessions without a level, for lack of prices.
    """

    after: date
    sessions: pl.DataFrame
    constituents: pl.DataFrame
    changes: pl.DataFrame
    spells: pl.DataFrame
    states: pl.DataFrame
    contributions: pl.DataFrame
    findings: pl.DataFrame
    index_state: IndexState | None
    incomplete: int


@dataclass(frozen=True, slots=True)
class Priced:
    """Prices and caps of a block, which every index with the same cap band has in common."""

    grid: Grid
    shares: Floats | None
    market: Market


def build_block(
    raw: RawData,
    calendar: Calendar,
    start: int,
    end: int,
    rules: Rules,
    market_state: MarketState | None = None,
    index_state: IndexState | None = None,
    priced: Priced | None = None,
) -> Outcome:
    """Compute sessions ``start`` to ``end`` (exclusive) and give the rows after the last published session.

    Args:
        raw: Raw rows of these sessions.
        calendar: Sessions by number.
        start: Number of the first session; the market state is the one at the close before.
        end: Number after the last session.
        rules: The rules of the index.
        market_state: State to go on from, None at the very start.
        index_state: Last published session, which lies in the block; None to begin the index.
        priced: Prices and caps of these sessions, None to compute them.
    """
    block = make_block(raw, calendar, start, end, rules, market_state, priced)
    chain = Chain(block, index_state)
    first = chain.last_row + 1
    before = chain.last_row if index_state else None
    published = list(chain.walk())
    return Outcome(
        after=calendar.sessions[start + first - 1] if start + first else date.min,
        sessions=session_rows(block, published),
        constituents=constituent_rows(block, published),
        changes=change_rows(block, published, before),
        spells=spell_rows(block),
        states=state_rows(block, first),
        contributions=contribution_rows(block, published),
        findings=finding_rows(block, chain, first),
        index_state=chain.state() if chain.ordinal >= 0 else None,
        incomplete=len(chain.incomplete),
    )


def price_block(
    raw: RawData, calendar: Calendar, start: int, end: int, cap_band: float, market_state: MarketState | None
) -> Priced:
    """Prices and caps of sessions ``start`` to ``end`` (exclusive)."""
    grid = make_grid(raw, calendar, start, end, market_state)
    shares = shares_grid(grid, calendar, raw.shares, raw.splits)
    return Priced(grid, shares, walk(grid, shares, cap_band, market_state, calendar))


def make_block(
    raw: RawData,
    calendar: Calendar,
    start: int,
    end: int,
    rules: Rules,
    market_state: MarketState | None,
    priced: Priced | None = None,
) -> Block:
    """Prices, caps, companies and ranks of sessions ``start`` to ``end`` (exclusive)."""
    priced = priced or price_block(raw, calendar, start, end, rules.cap_band, market_state)
    grid, shares, market = priced.grid, priced.shares, priced.market
    chosen = companies(grid, market.cap, raw.securities, raw.renames, raw.traded, calendar, rules)
    order, counts, ranks = ranked(chosen.cap, chosen.chosen, grid.ticker)
    ends = period_ends(calendar.sessions, rules.rebalance)
    return Block(grid, market, chosen, order, counts, ranks, calendar, ends, rules, shares)


def ranking(block: Block) -> dict[int, tuple[int, float]]:
    """Rank and cap (USD) of every eligible listing at the last session of a block, by listing number."""
    row = len(block.counts) - 1
    return {
        int(block.grid.listing_ids[column]): (
            company_rank(block, row, column) or 0,
            float(block.companies.cap[row, column]),
        )
        for column in np.flatnonzero(block.companies.eligible[row]).tolist()
    }
