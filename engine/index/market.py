"""Prices, returns and market caps of every listing, a session at a time.

Nothing at a session depends on a later one: the walk only goes forward, and its state at any session is what is
stored to go on from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.index.grid import Calendar, Grid
from engine.index.inputs import Flags, Floats, LiveListing, MarketState, Small
from engine.index.rules import (
    CARRIED,
    GIVEN,
    MAX_STALE,
    NONE,
    QUARANTINE_SESSIONS,
    QUARANTINED,
    SECOND_SOURCE_TOLERANCE,
    SHARES,
)


@dataclass(frozen=True, slots=True)
class Market:
    """What the walk found: arrays of (sessions, listings).

    Attributes:
        priced: Whether there was a price.
        close: Last close, on the split basis of the session.
        stale: Sessions since that close.
        return_pr: Price return of the session; 0 where there was no price, NaN on a listing's first session.
        return_tr: Total return likewise.
        cap: Market cap in use, NaN for none.
        cap_source: Index into ``rules.CAP_SOURCES``.
        cap_missed: Sessions for which the cap was carried.
        quarantined_since: Number of the session on which the quarantine began, -1 for none.
    """

    priced: Flags
    close: Floats
    stale: Small
    return_pr: Floats
    return_tr: Floats
    cap: Floats
    cap_source: Small
    cap_missed: Small
    quarantined_since: Small


class _Walk:
    """State of all listings of a block at one session."""

    def __init__(self, grid: Grid, state: MarketState | None, calendar: Calendar) -> None:
        width = len(grid.listing_ids)
        self.close = np.full(width, np.nan)
        self.stale = np.zeros(width, dtype=np.int32)
        self.cap = np.full(width, np.nan)
        self.source = np.zeros(width, dtype=np.int32)
        self.missed = np.zeros(width, dtype=np.int32)
        self.since = np.full(width, -1, dtype=np.int32)
        for column, one in enumerate(state.listings if state else ()):
            self.close[column], self.stale[column] = one.close, one.stale
            self.cap[column], self.source[column], self.missed[column] = (
                one.cap,
                one.cap_source,
                one.cap_missed,
            )
            self.since[column] = calendar.number(one.quarantined_since) if one.quarantined_since else -1


def walk(grid: Grid, shares: Floats | None, band: float, state: MarketState | None, calendar: Calendar) -> Market:
    """Walk the block.

    Args:
        grid: The block.
        shares: Shares outstanding on each session's basis, NaN for unknown; None when no report is known at all.
        band: Plausibility band as a factor, 0 for none.
        state: Where to go on from.
        calendar: Sessions by number.
    """
    shape = grid.close.shape
    found = Market(
        priced=~np.isnan(grid.close),
        close=np.empty(shape),
        stale=np.empty(shape, dtype=np.int32),
        return_pr=np.empty(shape),
        return_tr=np.empty(shape),
        cap=np.empty(shape),
        cap_source=np.empty(shape, dtype=np.int32),
        cap_missed=np.empty(shape, dtype=np.int32),
        quarantined_since=np.empty(shape, dtype=np.int32),
    )
    at = _Walk(grid, state, calendar)
    live = grid.live
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for row in range(shape[0]):
            _prices(at, grid, found, row, live[row])
            _caps(at, grid, found, row, None if shares is None else shares[row], band)
    return found


def _prices(at: _Walk, grid: Grid, found: Market, row: int, live: Flags) -> None:
    """Carry closes over splits and gaps, and take the day's returns."""
    session = grid.start + row
    traded, priced = grid.close[row], found.priced[row]
    before = np.where(live, at.close, np.nan)
    change = np.divide(traded, before, out=found.return_pr[row])
    carried = before
    if session in grid.splits:
        columns, ratios = grid.splits[session]
        change[columns] = traded[columns] * ratios / before[columns]
        carried = before.copy()
        carried[columns] = before[columns] / ratios
    change -= 1.0
    change[~priced & ~np.isnan(before)] = 0.0
    total = found.return_tr[row]
    total[:] = change
    if session in grid.dividends:
        _add_dividends(at, grid, session, traded, priced, before, total)
    at.close = np.where(priced, traded, carried)
    at.stale = np.where(priced, 0, at.stale + 1)
    found.close[row], found.stale[row] = at.close, at.stale


def _add_dividends(
    at: _Walk, grid: Grid, session: int, traded: Floats, priced: Flags, before: Floats, total: Floats
) -> None:
    """``(U + D) k / U(t-1) - 1``; without a price the dividend alone counts."""
    columns, amounts = grid.dividends[session]
    ratios = np.ones(len(before))
    if session in grid.splits:
        ratios[grid.splits[session][0]] = grid.splits[session][1]
    paid = (traded[columns] + amounts) * ratios[columns] / before[columns] - 1.0
    alone = amounts * ratios[columns] / before[columns]
    total[columns] = np.where(priced[columns], paid, alone)


def _caps(at: _Walk, grid: Grid, found: Market, row: int, shares: Floats | None, band: float) -> None:
    """Choose the day's cap: given, from shares, carried, or carried because the given one is not plausible."""
    session = grid.start + row
    given = grid.given[row]
    has_given = ~np.isnan(given) & ~np.isnan(at.close)
    carried = at.cap * (1.0 + found.return_pr[row])
    computed = None if shares is None else at.close * shares
    taken = has_given
    if band:
        taken = has_given & _plausible(given, carried, computed, band, at.since, session)
    from_shares = np.zeros_like(has_given) if computed is None else ~has_given & ~np.isnan(computed)
    held_back = has_given & ~taken
    missing = ~has_given & ~from_shares
    at.missed = np.where(missing, at.missed + 1, np.where(held_back, at.missed, 0))
    keep = held_back | (missing & (at.missed <= MAX_STALE))
    cap = np.where(taken, given, np.where(keep, carried, np.nan))
    source = np.where(taken, GIVEN, np.where(held_back, QUARANTINED, np.where(keep, CARRIED, NONE)))
    if computed is not None:
        cap, source = np.where(from_shares, computed, cap), np.where(from_shares, SHARES, source)
    gone = np.isnan(cap)
    source[gone] = NONE
    at.missed[gone] = 0
    at.since = np.where(taken | gone, -1, np.where(held_back & (at.since < 0), session, at.since))
    at.cap, at.source = cap, source
    found.cap[row], found.cap_source[row] = cap, source
    found.cap_missed[row], found.quarantined_since[row] = at.missed, at.since


def _plausible(
    given: Floats, carried: Floats, computed: Floats | None, band: float, since: Small, session: int
) -> Flags:
    """Whether a given cap is taken: inside the band, nothing to compare with, waited long enough, or confirmed."""
    taken: Flags = (given >= carried / band) & (given <= carried * band)
    taken |= np.isnan(carried)
    taken |= (since >= 0) & (session - since >= QUARANTINE_SESSIONS)
    if computed is not None:
        taken |= np.abs(given / computed - 1.0) <= SECOND_SOURCE_TOLERANCE
    return taken


def state_at(grid: Grid, market: Market, calendar: Calendar, row: int) -> MarketState:
    """Every listing live at the close of a row's session."""
    spells = spell_firsts(grid, row)
    columns = np.flatnonzero(grid.live[row])
    since = market.quarantined_since[row, columns].tolist()
    values = zip(
        grid.listing_ids[columns].tolist(),
        grid.ticker[row, columns].tolist(),
        (spells[column] for column in columns.tolist()),
        market.close[row, columns].tolist(),
        market.stale[row, columns].tolist(),
        market.cap[row, columns].tolist(),
        market.cap_source[row, columns].tolist(),
        market.cap_missed[row, columns].tolist(),
        (calendar.sessions[number] if number >= 0 else None for number in since),
        strict=True,
    )
    listings = tuple(
        LiveListing(number, grid.tickers[ticker], calendar.sessions[first], *rest)
        for number, ticker, first, *rest in values
    )
    return MarketState(calendar.sessions[grid.start + row], listings, _next_id(grid, grid.start + row))


def spell_firsts(grid: Grid, row: int) -> dict[int, int]:
    """First session of the ticker that each live column has at a row."""
    session = grid.start + row
    return {one.column: one.spell_first for one in grid.segments if one.first <= session <= one.end}


def _next_id(grid: Grid, session: int) -> int:
    """Next free listing number at the close of ``session``."""
    born_later = {one.column for one in grid.segments} - {one.column for one in grid.segments if one.first <= session}
    return grid.next_id - len(born_later)
