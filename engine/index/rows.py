"""Rows of the derived tables, from what the chain of a block has published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.index.blocks import Block, Published, company_rank, standing_for
from engine.index.grid import Grid
from engine.index.inputs import Ints
from engine.index.rules import CAP_SOURCES

if TYPE_CHECKING:
    import polars as pl

CHECKPOINT_EVERY: Final = 21
"""Sessions between stored states of the market."""


def day_of(block: Block, row: int) -> date:
    """Date of a row of a block."""
    return block.calendar.sessions[block.grid.start + row]


def _known(value: float) -> float | None:
    return None if value != value else value


def _frame(columns: dict[str, tuple[Any, pl.DataType]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame([pl.Series(name, values, dtype=kind) for name, (values, kind) in columns.items()])


def session_rows(block: Block, published: Sequence[Published]) -> pl.DataFrame:
    """Levels, returns and counts of each published session."""
    import polars as pl

    real, whole = pl.Float64(), pl.Int32()
    return _frame(
        {
            "session": ([day_of(block, one.row) for one in published], pl.Date()),
            "ordinal": ([one.ordinal for one in published], whole),
            "level_pr": ([one.level_pr for one in published], real),
            "level_tr": ([one.level_tr for one in published], real),
            "return_pr": ([one.return_pr for one in published], real),
            "return_tr": ([one.return_tr for one in published], real),
            "members": ([int(one.member.sum()) for one in published], whole),
            "held": ([one.held for one in published], whole),
            "priced": ([one.priced for one in published], whole),
            "turnover": ([one.turnover for one in published], real),
            "additions": ([_count(one, "added") for one in published], whole),
            "deletions": ([_count(one, "removed") for one in published], whole),
            "cut_cap_usd": ([_known(one.cut) for one in published], real),
        }
    )


def _count(published: Published, kind: str) -> int:
    return sum(change.kind == kind for change in published.changes)


def constituent_rows(block: Block, published: Sequence[Published]) -> pl.DataFrame:
    """Members and the bubble of each published session."""
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


def contribution_rows(block: Block, published: Sequence[Published]) -> pl.DataFrame:
    """What every member added to the return of its session; a listing just removed has a weight of 0."""
    import polars as pl

    earned = [one for one in published if one.ordinal]
    rows = np.repeat(np.array([one.row for one in earned], dtype=np.int64), [len(one.parts.columns) for one in earned])
    columns = _joined([one.parts.columns for one in earned], np.int64)
    weight, weight_tr, return_pr, return_tr = (
        _joined([getattr(one.parts, name) for one in earned], np.float64)
        for name in ("weight", "weight_tr", "return_pr", "return_tr")
    )
    return pl.DataFrame(
        {
            "session": pl.Series(block.calendar.sessions, dtype=pl.Date()).gather(rows + block.grid.start),
            "listing_id": block.grid.listing_ids[columns],
            "ticker": _tickers(block, rows, columns),
            "weight": weight,
            "weight_tr": weight_tr,
            "return_pr": return_pr,
            "return_tr": return_tr,
            "contribution_pr": weight * return_pr,
            "contribution_tr": weight_tr * return_tr,
        }
    )


def _tickers(block: Block, rows: Ints, columns: Ints) -> pl.Series:
    """Tickers of cells; of a listing that is gone, the last one it had."""
    import polars as pl

    codes = block.grid.ticker[rows, columns]
    found = pl.Series(block.grid.tickers, dtype=pl.String()).gather(np.maximum(codes, 0))
    gone = np.flatnonzero(codes < 0)
    if gone.size:
        last = [ticker_of(block, int(columns[place]), int(rows[place])) for place in gone]
        found = found.scatter(gone, pl.Series(last, dtype=pl.String()))
    return found


def change_rows(block: Block, published: Sequence[Published], before: int | None) -> pl.DataFrame:
    """Additions and deletions; ``before`` is the row of the published session before the first of these."""
    import polars as pl

    found = []
    for one in published:
        for change in one.changes:
            told = _change(block, change.kind, change.column, one.row, before)
            found.append((day_of(block, one.row), change.kind, *told, change.days, change.turnover))
        before = one.row
    found.sort(key=lambda row: (row[0], row[1], row[5] or row[4] or 0, row[3]))
    names = ("session", "kind", "listing_id", "ticker", "rank_before", "rank_after", "market_cap_before_usd",
             "market_cap_usd", "reason", "days", "turnover")  # fmt: skip
    kinds = (pl.Date(), pl.String(), pl.Int64(), pl.String(), pl.Int32(), pl.Int32(), pl.Float64(), pl.Float64(),
             pl.String(), pl.Int32(), pl.Float64())  # fmt: skip
    return _frame({name: ([row[i] for row in found], kinds[i]) for i, name in enumerate(names)})


def _change(block: Block, kind: str, column: int, row: int, before: int | None) -> tuple[Any, ...]:
    caps = block.companies.cap
    return (
        int(block.grid.listing_ids[column]),
        ticker_of(block, column, row),
        None if before is None else company_rank(block, before, column),
        company_rank(block, row, column),
        None if before is None else _known(float(caps[before, column])),
        _known(float(caps[row, column])),
        "rank" if kind == "added" else why_removed(block, row, column),
    )


def ticker_of(block: Block, column: int, row: int) -> str:
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
    session = block.grid.start + row
    if block.grid.ended.get(column, session + 1) <= session:
        return "delisted at a final price"
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


def spell_rows(block: Block) -> pl.DataFrame:
    """From when to when each listing went by each ticker."""
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


def state_rows(block: Block, first: int) -> pl.DataFrame:
    """State of every listing that goes on, on every checkpoint session from row ``first`` on."""
    import polars as pl

    grid, market = block.grid, block.market
    due = np.arange(grid.start, grid.start + len(block.counts)) % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1
    due[:first] = False
    rows, columns = np.nonzero(grid.stays & due[:, None])
    days = pl.Series(block.calendar.sessions, dtype=pl.Date())
    since = market.quarantined_since[rows, columns].astype(np.int64)
    frame = pl.DataFrame(
        {
            "session": days.gather(rows + grid.start),
            "listing_id": grid.listing_ids[columns],
            "ticker": pl.Series(grid.tickers, dtype=pl.String()).gather(grid.ticker[rows, columns]),
            "spell_first": days.gather(spell_starts(grid)[rows, columns]),
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


def spell_starts(grid: Grid) -> Any:
    """Session number on which the present ticker of each cell began."""
    found = np.zeros(grid.ticker.shape, dtype=np.int32)
    for one in grid.segments:
        found[one.first - grid.start : one.end - grid.start + 1, one.column] = one.spell_first
    return found
