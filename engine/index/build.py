"""One block of the index: raw rows in, rows of the derived tables out.

A full build and an appended day run the same code: a block goes on from a stored state of the market, at least a
trading window before the last published session, and publishes from the session after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.index.chain import Block, Chain, Published, company_rank, standing_for
from engine.index.companies import Companies, companies
from engine.index.grid import Calendar, Grid, make_grid
from engine.index.inputs import IndexState, MarketState, RawData
from engine.index.market import Market, walk
from engine.index.rules import CAP_SOURCES, JUMP, QUARANTINED, Rules
from engine.index.selection import period_ends, ranked
from engine.index.shares import shares_grid

if TYPE_CHECKING:
    import polars as pl

CHECKPOINT_EVERY = 21
"""Sessions between stored states of the market."""


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
    findings: pl.DataFrame
    index_state: IndexState | None
    incomplete: int


def build_block(
    raw: RawData,
    calendar: Calendar,
    start: int,
    end: int,
    rules: Rules,
    market_state: MarketState | None = None,
    index_state: IndexState | None = None,
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
    """
    block = make_block(raw, calendar, start, end, rules, market_state)
    chain = Chain(block, index_state)
    first = chain.last_row + 1
    before = chain.last_row if index_state else None
    published = list(chain.walk())
    return Outcome(
        after=calendar.sessions[start + first - 1] if start + first else date.min,
        sessions=_session_rows(block, published),
        constituents=_constituent_rows(block, published),
        changes=_change_rows(block, published, before),
        spells=_spell_rows(block),
        states=_state_rows(block, first),
        findings=_finding_rows(block, chain.incomplete, first),
        index_state=chain.state() if chain.ordinal >= 0 else None,
        incomplete=len(chain.incomplete),
    )


def make_block(
    raw: RawData, calendar: Calendar, start: int, end: int, rules: Rules, market_state: MarketState | None
) -> Block:
    """Prices, caps, companies and ranks of sessions ``start`` to ``end`` (exclusive)."""
    grid = make_grid(raw, calendar, start, end, market_state)
    shares = shares_grid(grid, calendar, raw.shares, raw.splits)
    market = walk(grid, shares, rules.cap_band, market_state, calendar)
    chosen = companies(grid, market.cap, raw.securities, raw.renames, raw.traded, calendar, rules.domicile)
    order, counts, ranks = ranked(chosen.cap, chosen.chosen, grid.ticker)
    ends = period_ends(calendar.sessions, rules.rebalance)
    return Block(grid, market, chosen, order, counts, ranks, calendar, ends, rules)


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


def _frame(columns: dict[str, tuple[Any, pl.DataType]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame([pl.Series(name, values, dtype=kind) for name, (values, kind) in columns.items()])


def _session_rows(block: Block, published: Sequence[Published]) -> pl.DataFrame:
    import polars as pl

    real, whole = pl.Float64(), pl.Int32()
    return _frame(
        {
            "session": ([_day(block, one.row) for one in published], pl.Date()),
            "ordinal": ([one.ordinal for one in published], whole),
            "level_pr": ([one.level_pr for one in published], real),
            "level_tr": ([one.level_tr for one in published], real),
            "return_pr": ([one.return_pr for one in published], real),
            "return_tr": ([one.return_tr for one in published], real),
            "members": ([int(one.member.sum()) for one in published], whole),
            "held": ([one.held for one in published], whole),
            "priced": ([one.priced for one in published], whole),
            "turnover": ([one.turnover for one in published], real),
            "additions": ([len(one.added) for one in published], whole),
            "deletions": ([len(one.removed) for one in published], whole),
            "cut_cap_usd": ([_known(one.cut) for one in published], real),
        }
    )


def _constituent_rows(block: Block, published: Sequence[Published]) -> pl.DataFrame:
    import polars as pl

    grid, market = block.grid, block.market
    sizes = [len(one.columns) for one in published]
    rows = np.repeat(np.array([one.row for one in published], dtype=np.int64), sizes)
    columns = _joined([one.columns for one in published], np.int64)
    days = pl.Series(block.calendar.sessions, dtype=pl.Date())
    tickers = pl.Series(grid.tickers, dtype=pl.String())
    sources = pl.Series(CAP_SOURCES, dtype=pl.String())
    ranks = _joined([one.ranks for one in published], np.int64)
    since = _joined([one.since for one in published], np.int64)
    frame = pl.DataFrame(
        {
            "session": days.gather(rows + grid.start),
            "rank": ranks,
            "listing_id": grid.listing_ids[columns],
            "ticker": tickers.gather(grid.ticker[rows, columns]),
            "member": _joined([one.member for one in published], np.bool_),
            "weight": _joined([one.weight for one in published], np.float64),
            "weight_tr": _joined([one.weight_tr for one in published], np.float64),
            "market_cap_usd": _cap(block, rows, columns),
            "cap_source": sources.gather(market.cap_source[rows, columns]),
            "close": market.close[rows, columns],
            "stale": market.stale[rows, columns],
            "return_pr": _joined([one.day_return for one in published], np.float64),
            "contribution": _joined([one.contribution for one in published], np.float64),
            "since": days.gather(np.maximum(since, 0)),
        }
    )
    return frame.with_columns(
        pl.when(pl.col("rank") > 0).then(pl.col("rank")).alias("rank"),
        pl.when(pl.col("member")).then(pl.col("since")).alias("since"),
        *(pl.col(name).fill_nan(None) for name in ("market_cap_usd", "return_pr", "contribution")),
    )


def _cap(block: Block, rows: Any, columns: Any) -> Any:
    """The company's cap where the line is eligible, its own otherwise."""
    company, own = block.companies.cap[rows, columns], block.market.cap[rows, columns]
    return np.where(np.isnan(company), own, company)


def _joined(parts: Sequence[Any], kind: Any) -> Any:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _change_rows(block: Block, published: Sequence[Published], before: int | None) -> pl.DataFrame:
    import polars as pl

    found = []
    for one in published:
        changed = [("added", column, 0) for column in one.added]
        changed += [("removed", column, days) for column, days in one.removed]
        for kind, column, days in changed:
            found.append((_day(block, one.row), kind, *_change(block, kind, column, one.row, before), days))
        before = one.row
    found.sort(key=lambda row: (row[0], row[1], row[5] or row[4] or 0, row[3]))
    names = ("session", "kind", "listing_id", "ticker", "rank_before", "rank_after", "market_cap_before_usd",
             "market_cap_usd", "reason", "days")  # fmt: skip
    kinds = (pl.Date(), pl.String(), pl.Int64(), pl.String(), pl.Int32(), pl.Int32(), pl.Float64(), pl.Float64(),
             pl.String(), pl.Int32())  # fmt: skip
    return _frame({name: ([row[i] for row in found], kinds[i]) for i, name in enumerate(names)})


def _change(block: Block, kind: str, column: int, row: int, before: int | None) -> tuple[Any, ...]:
    caps = block.companies.cap
    return (
        int(block.grid.listing_ids[column]),
        _ticker(block, column, row),
        None if before is None else company_rank(block, before, column),
        company_rank(block, row, column),
        None if before is None else _known(float(caps[before, column])),
        _known(float(caps[row, column])),
        "rank" if kind == "added" else why_removed(block, row, column),
    )


def _ticker(block: Block, column: int, row: int) -> str:
    """Ticker of a listing at a session, or the last one it had."""
    grid = block.grid
    here = int(grid.ticker[row, column])
    if here < 0:
        here = max((one for one in grid.segments if one.column == column), key=_start_until(grid.start + row)).ticker
    return grid.tickers[here]


def _start_until(session: int) -> Any:
    return lambda segment: segment.first if segment.first <= session else -1


def why_removed(block: Block, row: int, column: int) -> str:
    """The reason for which a listing is no member any more, in words."""
    ticker = int(block.grid.ticker[row, column])
    if ticker < 0:
        return "no price for more than 5 sessions"
    if ticker in block.companies.refusals:
        return block.companies.refusals[ticker]
    if not block.companies.eligible[row, column]:
        return "no market cap"
    if not block.companies.chosen[row, column]:
        other = block.grid.tickers[int(block.grid.ticker[row, standing_for(block, row, column)])]
        return f"{other} stands for the company"
    return "rank"


def _spell_rows(block: Block) -> pl.DataFrame:
    import polars as pl

    grid = block.grid
    last: dict[tuple[int, int, int], int] = {}
    for one in grid.segments:
        key = (one.column, one.ticker, one.spell_first)
        last[key] = max(last.get(key, 0), one.last)
    return _frame(
        {
            "listing_id": ([int(grid.listing_ids[column]) for column, _, _ in last], pl.Int64()),
            "ticker": ([grid.tickers[ticker] for _, ticker, _ in last], pl.String()),
            "first_session": ([block.calendar.sessions[first] for _, _, first in last], pl.Date()),
            "last_session": ([block.calendar.sessions[number] for number in last.values()], pl.Date()),
        }
    ).sort("listing_id", "first_session")


def _state_rows(block: Block, first: int) -> pl.DataFrame:
    """State of every live listing on every checkpoint session from row ``first`` on."""
    import polars as pl

    grid, market = block.grid, block.market
    due = np.arange(grid.start, grid.start + len(block.counts)) % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1
    due[:first] = False
    rows, columns = np.nonzero(grid.live & due[:, None])
    days = pl.Series(block.calendar.sessions, dtype=pl.Date())
    since = market.quarantined_since[rows, columns].astype(np.int64)
    frame = pl.DataFrame(
        {
            "session": days.gather(rows + grid.start),
            "listing_id": grid.listing_ids[columns],
            "ticker": pl.Series(grid.tickers, dtype=pl.String()).gather(grid.ticker[rows, columns]),
            "spell_first": days.gather(_spell_starts(grid)[rows, columns]),
            "close": market.close[rows, columns],
            "stale": market.stale[rows, columns],
            "market_cap_usd": market.cap[rows, columns],
            "cap_source": pl.Series(CAP_SOURCES, dtype=pl.String()).gather(market.cap_source[rows, columns]),
            "cap_missed": market.cap_missed[rows, columns],
            "quarantined_since": days.gather(np.maximum(since, 0)),
            "quarantined": since >= 0,
        }
    )
    return frame.with_columns(
        pl.col("market_cap_usd").fill_nan(None),
        pl.when(pl.col("quarantined")).then(pl.col("quarantined_since")).alias("quarantined_since"),
    ).drop("quarantined")


def _spell_starts(grid: Grid) -> Any:
    """Session number on which the present ticker of each cell began."""
    found = np.zeros(grid.ticker.shape, dtype=np.int32)
    for one in grid.segments:
        found[one.first - grid.start : one.end - grid.start + 1, one.column] = one.spell_first
    return found


def _finding_rows(block: Block, incomplete: Sequence[tuple[int, int, int]], first: int) -> pl.DataFrame:
    import polars as pl

    found = [*_jumps(block, first), *_quarantines(block, first)]
    for row, priced, held in incomplete:
        kind = "incomplete-session" if block.market.priced[row].any() else "missing-session"
        found.append((kind, "", _day(block, row), _day(block, row), float(priced), float(held)))
    for kind, ticker, number in block.grid.unmatched:
        if number >= block.grid.start + first:
            day = block.calendar.sessions[number]
            found.append((kind, ticker, day, day, None, None))
    found.sort(key=lambda row: (row[3], row[0], row[1]))
    names = ("kind", "ticker", "since", "session", "value", "used")
    kinds = (pl.String(), pl.String(), pl.Date(), pl.Date(), pl.Float64(), pl.Float64())
    return _frame({name: ([row[i] for row in found], kinds[i]) for i, name in enumerate(names)})


Finding = tuple[str, str, date, date, float | None, float | None]


def _jumps(block: Block, first: int) -> list[Finding]:
    """Returns beyond the limit: value is the return, used the split ratio of the day if there is one."""
    with np.errstate(invalid="ignore"):
        cells = np.argwhere((np.abs(block.market.return_pr) > JUMP) & block.market.priced)
    found: list[Finding] = []
    for row, column in cells.tolist():
        if row >= first:
            day = _day(block, row)
            columns, ratios = block.grid.splits.get(block.grid.start + row, ((), ()))
            split = next((float(ratio) for place, ratio in zip(columns, ratios, strict=True) if place == column), None)
            found.append(
                ("jump", _ticker(block, column, row), day, day, float(block.market.return_pr[row, column]), split)
            )
    return found


def _quarantines(block: Block, first: int) -> list[Finding]:
    """Given caps that were not taken: value is the given one, used the carried one."""
    found: list[Finding] = []
    for row, column in np.argwhere(block.market.cap_source == QUARANTINED).tolist():
        if row >= first:
            since = block.calendar.sessions[int(block.market.quarantined_since[row, column])]
            given, used = float(block.grid.given[row, column]), float(block.market.cap[row, column])
            found.append(("quarantined-cap", _ticker(block, column, row), since, _day(block, row), given, used))
    return found


def _day(block: Block, row: int) -> date:
    return block.calendar.sessions[block.grid.start + row]


def _known(value: float) -> float | None:
    return None if value != value else value


__all__ = ["Companies", "Grid", "Market", "Outcome", "build_block"]
