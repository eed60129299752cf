"""Prices, returns and market caps of every listing, a session at a time.

Nothing at a session depends on a later one: the walk only goes forward, and its state at any session is what is
stored to go on from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.index.grid import Calendar, Grid
from engine.index.inputs import Flags, Floats, Ints, LiveListing, MarketState, Small
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
        cap_missed: Sessions for which the cap was carried; negative: sessions without any cap.
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


def walk(grid: Grid, shares: Floats | None, band: float, state: MarketState | None, calendar: Calendar) -> Market:
    """Walk the block.

    Args:
        grid: The block.
        shares: Shares outstanding on each session's basis, NaN for unknown; None when no report is known at all.
        band: Plausibility band as a factor, 0 for none.
        state: Where to go on from.
        calendar: Sessions by number.
    """
    start = _Start(grid, state, calendar)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        close, stale, before = _carried_closes(grid, start)
        return_pr, return_tr = _returns(grid, before)
        caps = _Caps(grid, shares, band, start, close, return_pr)
        caps.walk()
    return Market(
        priced=~np.isnan(grid.close),
        close=close,
        stale=stale,
        return_pr=return_pr,
        return_tr=return_tr,
        cap=caps.cap,
        cap_source=caps.source,
        cap_missed=caps.missed,
        quarantined_since=caps.since,
    )


class _Start:
    """State of the listings that came in, by column; nothing for those that start in the block."""

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
            self.cap[column], self.source[column], self.missed[column] = one.cap, one.cap_source, one.cap_missed
            self.since[column] = calendar.number(one.quarantined_since) if one.quarantined_since else -1


def _carried_closes(grid: Grid, start: _Start) -> tuple[Floats, Small, Floats]:
    """Last close, sessions since, and the close before each session (on the basis of the session before).

    Only the rows with a gap are walked: everywhere else the last close is the day's.
    """
    close = grid.close.copy()
    stale = np.zeros(close.shape, dtype=np.int32)
    gaps = grid.live & np.isnan(close)
    for row in np.flatnonzero(gaps.any(axis=1)).tolist():
        columns = np.flatnonzero(gaps[row])
        close[row, columns] = (close[row - 1] if row else start.close)[columns] / _ratios(grid, row, columns)
        stale[row, columns] = (stale[row - 1] if row else start.stale)[columns] + 1
    before = np.vstack([start.close, close[:-1]])
    before[~grid.live] = np.nan
    return close, stale, before


def _ratios(grid: Grid, row: int, columns: Ints) -> Floats:
    """Split ratios of some columns at a row, 1 where nothing split."""
    ratios = np.ones(grid.close.shape[1])
    if grid.start + row in grid.splits:
        split, values = grid.splits[grid.start + row]
        ratios[split] = values
    return ratios[columns]


def _returns(grid: Grid, before: Floats) -> tuple[Floats, Floats]:
    """``U k / U(t-1) - 1`` and ``(U + D) k / U(t-1) - 1``; 0 and the dividend alone where there is no price."""
    change = grid.close / before
    for session, (columns, ratios) in grid.splits.items():
        row = session - grid.start
        change[row, columns] = grid.close[row, columns] * ratios / before[row, columns]
    change -= 1.0
    change[np.isnan(grid.close) & ~np.isnan(before)] = 0.0
    total = change.copy()
    for session, (columns, amounts) in grid.dividends.items():
        row = session - grid.start
        traded, last, ratios = grid.close[row, columns], before[row, columns], _ratios(grid, row, columns)
        paid = (traded + amounts) * ratios / last - 1.0
        total[row, columns] = np.where(np.isnan(traded), amounts * ratios / last, paid)
    return change, total


class _Caps:
    """The cap in use: given, from shares, carried, or carried because the given one is not plausible.

    A given cap inside the band of the given cap before it needs no look; all other cells are walked.
    """

    def __init__(
        self, grid: Grid, shares: Floats | None, band: float, start: _Start, close: Floats, return_pr: Floats
    ) -> None:
        self.grid, self.shares, self.band, self.start = grid, shares, band, start
        self.close, self.return_pr = close, return_pr
        self.cap = np.where(grid.live, grid.given, np.nan)
        self.source = np.where(np.isnan(self.cap), NONE, GIVEN).astype(np.int32)
        self.missed = np.zeros(self.cap.shape, dtype=np.int32)
        self.since = np.full(self.cap.shape, -1, dtype=np.int32)

    def walk(self) -> None:
        """Look at every cell that is not plain, in time; a cell after one that is not given is not plain either."""
        odd = self._odd()
        pending = np.empty(0, dtype=np.int64)
        for row in range(len(odd)):
            if pending.size:
                odd[row, pending] = self.grid.live[row, pending]
            columns = np.flatnonzero(odd[row])
            if columns.size:
                self._choose(row, columns)
                pending = columns[self.source[row, columns] != GIVEN]
            else:
                pending = columns

    def _odd(self) -> Flags:
        """Live cells without a given cap, out of the band, or the first of their listing or of the block."""
        given, live = self.grid.given, self.grid.live
        plain = ~np.isnan(given)
        plain[0] = False
        plain[1:] &= live[:-1]
        if self.band:
            carried = given[:-1] * (1.0 + self.return_pr[1:])
            plain[1:] &= (given[1:] >= carried / self.band) & (given[1:] <= carried * self.band)
        return live & ~plain

    def _choose(self, row: int, columns: Ints) -> None:
        session = self.grid.start + row
        before = self.start if row == 0 else None
        cap = (before.cap if before else self.cap[row - 1])[columns]
        before_missed = (before.missed if before else self.missed[row - 1])[columns]
        since = (before.since if before else self.since[row - 1])[columns]
        given = self.grid.given[row, columns]
        carried = cap * (1.0 + self.return_pr[row, columns])
        computed = self._from_shares(row, columns)
        has_given = ~np.isnan(given)
        taken = has_given & (
            self._plausible(given, carried, computed, since, session) | self._accepted(session, columns)
        )
        held_back = has_given & ~taken
        counted = ~has_given & ~np.isnan(computed)
        missing = ~has_given & ~counted
        missed = np.where(missing, before_missed + 1, np.where(held_back, before_missed, 0))
        keep = held_back | (missing & (missed <= MAX_STALE))
        cap = np.where(taken, given, np.where(counted, computed, np.where(keep, carried, np.nan)))
        gone = np.isnan(cap)
        kept = np.where(held_back, QUARANTINED, CARRIED)
        source = np.where(gone, NONE, np.where(taken, GIVEN, np.where(counted, SHARES, kept)))
        self.cap[row, columns], self.source[row, columns] = cap, source
        self.missed[row, columns] = np.where(gone, np.minimum(before_missed, 0) - 1, missed)
        self.since[row, columns] = np.where(taken | gone, -1, np.where(held_back & (since < 0), session, since))

    def _from_shares(self, row: int, columns: Ints) -> Floats:
        found = np.full(len(columns), np.nan)
        return found if self.shares is None else self.close[row, columns] * self.shares[row, columns]

    def _accepted(self, session: int, columns: Ints) -> Flags:
        """Whether a person has accepted the given cap."""
        accepted = self.grid.accepted
        if not accepted:
            return np.zeros(len(columns), dtype=np.bool_)
        return np.array([(session, column) in accepted for column in columns.tolist()], dtype=np.bool_)

    def _plausible(self, given: Floats, carried: Floats, computed: Floats, since: Small, session: int) -> Flags:
        """Inside the band, nothing to compare with, waited long enough, or confirmed by a second source."""
        if not self.band:
            return np.ones(len(given), dtype=np.bool_)
        taken: Flags = (given >= carried / self.band) & (given <= carried * self.band)
        taken |= np.isnan(carried)
        taken |= (since >= 0) & (session - since >= QUARANTINE_SESSIONS)
        taken |= np.abs(given / computed - 1.0) <= SECOND_SOURCE_TOLERANCE
        return taken


def state_at(grid: Grid, market: Market, calendar: Calendar, row: int) -> MarketState:
    """Every listing that goes on after the close of a row's session."""
    spells = spell_firsts(grid, row)
    columns = np.flatnonzero(grid.stays[row])
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
