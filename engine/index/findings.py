"""What is odd about the data of a block: rows of the table finding, by the kinds of ``engine.domain.findings``.

``since`` is the first session of a run, ``value`` and ``used`` are what the kind is about:

    quarantined-cap, band-expired, cap-step   the given cap, and the carried one
    no-cap                                    sessions without a cap (one row for a whole run), nothing
    stale-price                               sessions without a price so far, and the close that is carried
    ended                                     sessions without a price, and the last close
    jump                                      the return, and the ratio of a split on that day
    incomplete-session, missing-session       members with a price, and members held
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.index.blocks import Block
from engine.index.chain import Chain
from engine.index.effects import KEPT_IN, KEPT_OUT, NOTHING, Effects
from engine.index.inputs import Flags, Floats
from engine.index.rows import day_of, spell_starts, ticker_of
from engine.index.rules import CAP_STEP, GIVEN, JUMP, QUARANTINE_SESSIONS, QUARANTINED, SECOND_SOURCE_TOLERANCE

if TYPE_CHECKING:
    import polars as pl

Finding = tuple[str, str, date, date, float | None, float | None, str]


def finding_rows(block: Block, chain: Chain, first: int) -> pl.DataFrame:
    """Findings of the sessions from row ``first`` on, in order; the chain must be at its end."""
    import polars as pl

    effects = Effects(block, chain)
    found = [
        *_incomplete(block, chain),
        *_jumps(block, effects, first),
        *_stale(block, effects, first),
        *_ended(block, effects, first),
        *_quarantines(block, effects, first),
        *_contested(block, effects, first),
        *_without_cap(block, first),
        *_unmatched(block, first),
    ]
    found.sort(key=lambda row: (row[3], row[0], row[1], row[2]))
    names = ("kind", "ticker", "since", "session", "value", "used", "effect")
    kinds = (pl.String(), pl.String(), pl.Date(), pl.Date(), pl.Float64(), pl.Float64(), pl.String())
    return pl.DataFrame([pl.Series(name, [row[i] for row in found], dtype=kinds[i]) for i, name in enumerate(names)])


def _incomplete(block: Block, chain: Chain) -> Iterator[Finding]:
    """Sessions without a level."""
    for row, priced, held in chain.incomplete:
        kind = "incomplete-session" if block.market.priced[row].any() else "missing-session"
        yield kind, "", day_of(block, row), day_of(block, row), float(priced), float(held), NOTHING


def _jumps(block: Block, effects: Effects, first: int) -> Iterator[Finding]:
    """Returns beyond the limit, but for those that a person has given with a final price."""
    with np.errstate(invalid="ignore"):
        far = np.abs(block.market.return_pr) > JUMP
    jumps: Flags = block.market.priced & block.grid.stays & far
    for row, column in _cells(jumps, first):
        day = day_of(block, row)
        columns, ratios = block.grid.splits.get(block.grid.start + row, ((), ()))
        split = next((float(ratio) for place, ratio in zip(columns, ratios, strict=True) if place == column), None)
        gained = float(block.market.return_pr[row, column])
        yield "jump", ticker_of(block, column, row), day, day, gained, split, effects.held(row, column)


def _stale(block: Block, effects: Effects, first: int) -> Iterator[Finding]:
    """Listings without a price on sessions on which others have one; those that are never eligible do not matter."""
    missing = block.grid.live & ~block.market.priced & _allowed(block)
    missing &= np.any(block.market.priced, axis=1, keepdims=True)
    for row, column in _cells(missing, first):
        count = int(block.market.stale[row, column])
        since = block.calendar.sessions[block.grid.start + row - count + 1]
        close = float(block.market.close[row, column])
        ticker = ticker_of(block, column, row)
        yield "stale-price", ticker, since, day_of(block, row), float(count), close, effects.held(row, column)


def _ended(block: Block, effects: Effects, first: int) -> Iterator[Finding]:
    """Members that are gone without a final price."""
    gone = np.zeros_like(block.grid.live)
    gone[1:] = block.grid.stays[:-1] & ~block.grid.live[1:]
    for row, column in _cells(gone, first):
        effect = effects.held(row, column)
        if effect:
            count = int(block.market.stale[row - 1, column]) + 1
            since = block.calendar.sessions[block.grid.start + row - count + 1]
            close = float(block.market.close[row - 1, column])
            yield "ended", ticker_of(block, column, row), since, day_of(block, row), float(count), close, effect


def _quarantines(block: Block, effects: Effects, first: int) -> Iterator[Finding]:
    """Given caps that were not taken."""
    for row, column in _cells((block.market.cap_source == QUARANTINED) & block.grid.stays, first):
        since = block.calendar.sessions[int(block.market.quarantined_since[row, column])]
        given, used = float(block.grid.given[row, column]), float(block.market.cap[row, column])
        effect = effects.of_cap(row, column, given)
        yield "quarantined-cap", ticker_of(block, column, row), since, day_of(block, row), given, used, effect


def _contested(block: Block, effects: Effects, first: int) -> Iterator[Finding]:
    """Given caps that were taken although they moved against the price.

    For as long as a quarantine lasts, each later session on which the step decides about a place is listed too,
    until the cap is back where the price would have carried it or moves again.
    """
    steps = _steps(block)
    for start, column in _cells(steps, max(first - QUARANTINE_SESSIONS + 1, 1)):
        carried = float(block.market.cap[start - 1, column]) * (1.0 + float(block.market.return_pr[start, column]))
        kind, since = _kind(block, carried, start, column), day_of(block, start)
        for row, other in _run(block, steps, start, column, carried):
            if row < first:
                continue
            effect = effects.of_cap(row, column, other)
            if row == start or effect in (KEPT_IN, KEPT_OUT):
                cap = float(block.market.cap[row, column])
                yield kind, ticker_of(block, column, row), since, day_of(block, row), cap, other, effect


def _steps(block: Block) -> Flags:
    """Given caps taken that moved against the price, unless shares confirm them or a person has accepted them."""
    market = block.market
    steps = np.zeros(market.cap.shape, dtype=np.bool_)
    with np.errstate(invalid="ignore", divide="ignore"):
        carried = (market.return_pr[1:] + 1.0) * market.cap[:-1]
        steps[1:] = _apart(market.cap[1:], carried) > CAP_STEP
        if block.shares is not None:
            steps &= ~(_apart(market.cap, market.close * block.shares) <= SECOND_SOURCE_TOLERANCE)
    steps &= (market.cap_source == GIVEN) & block.grid.stays
    for session, column in block.grid.accepted:
        steps[session - block.grid.start, column] = False
    return steps


def _apart(cap: Floats, other: Floats) -> Floats:
    """How far a cap is from another, as a fraction; ``other`` is written over, because it is large."""
    np.divide(cap, other, out=other)
    other -= 1.0
    return np.abs(other, out=other)


def _kind(block: Block, carried: float, row: int, column: int) -> str:
    given, band = float(block.market.cap[row, column]), block.rules.cap_band
    inside = not band or carried / band <= given <= carried * band
    return "cap-step" if inside else "band-expired"


def _run(block: Block, steps: Flags, start: int, column: int, other: float) -> Iterator[tuple[int, float]]:
    """Rows on which a step stands, with the cap that the price would have carried since."""
    market = block.market
    yield start, other
    for row in range(start + 1, min(start + QUARANTINE_SESSIONS, len(steps))):
        other *= 1.0 + float(market.return_pr[row, column])
        cap = float(market.cap[row, column])
        if steps[row, column] or not block.grid.stays[row, column] or not abs(cap / other - 1.0) > CAP_STEP:
            return
        yield row, other


def _without_cap(block: Block, first: int) -> Iterator[Finding]:
    """Runs of sessions without any cap: one row for each that reaches to the last session stored before, or beyond."""
    grid = block.grid
    bare = grid.stays & np.isnan(block.market.cap) & _allowed(block)
    goes_on = np.zeros_like(bare)
    goes_on[:-1] = bare[1:] & (grid.ticker[1:] == grid.ticker[:-1])
    starts = spell_starts(grid)
    for row, column in _cells(bare & ~goes_on, max(first - 1, 0)):
        number = grid.start + row
        since = max(number + int(block.market.cap_missed[row, column]) + 1, int(starts[row, column]))
        count = float(number - since + 1)
        ticker = ticker_of(block, column, row)
        yield "no-cap", ticker, block.calendar.sessions[since], day_of(block, row), count, None, NOTHING


def _unmatched(block: Block, first: int) -> Iterator[Finding]:
    """Events, renames and decisions that fit no listing."""
    for kind, ticker, since, known in block.grid.unmatched:
        if known >= block.grid.start + first:
            sessions = block.calendar.sessions
            yield kind, ticker, sessions[since], sessions[known], None, None, NOTHING


def _allowed(block: Block) -> Flags:
    """Cells whose ticker is not refused whatever its size."""
    refused = list(block.companies.refusals)
    return ~np.isin(block.grid.ticker, refused) if refused else np.ones(block.grid.live.shape, dtype=np.bool_)


def _cells(flags: Flags, first: int) -> Iterator[tuple[int, int]]:
    """Rows and columns of what is set from row ``first`` on."""
    for row, column in np.argwhere(flags[first:]).tolist():
        yield row + first, column
