"""Raw rows of a block as arrays of sessions by listings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.index.inputs import Flags, Floats, Ints, LiveListing, MarketState, RawData, Small
from engine.index.listings import REACH, Carrier, Renaming, Segment, resolve

if TYPE_CHECKING:
    import polars as pl

_EPOCH = date(1970, 1, 1)

Unmatched = tuple[str, str, int, int]


class Calendar:
    """Sessions by number: 0 is the first session that has data.

    Args:
        sessions: Consecutive sessions, and one more after the last session with data.
    """

    def __init__(self, sessions: Sequence[date]) -> None:
        self.sessions = list(sessions)
        self._days: Ints = np.array([(day - _EPOCH).days for day in sessions], dtype=np.int64)
        self._numbers = {day: number for number, day in enumerate(self.sessions)}
        span = np.arange(self._days[0], self._days[-1] + 1)
        self._by_day: Ints = np.searchsorted(self._days, span)

    def number(self, day: date) -> int:
        """Number of the first session on or after ``day`` (negative days count as the first)."""
        found = self._numbers.get(day)
        return found if found is not None else int(np.searchsorted(self._days, (day - _EPOCH).days))

    def numbers(self, days: pl.Series) -> Ints:
        """Numbers of the first sessions on or after each day."""
        offsets: Ints = days.to_physical().to_numpy() - self._days[0]
        inside = np.clip(offsets, 0, len(self._by_day) - 1)
        found: Ints = self._by_day[inside]
        found[offsets >= len(self._by_day)] = len(self.sessions)
        return found


@dataclass(frozen=True, slots=True)
class Grid:
    """A block of consecutive sessions: arrays are (sessions, listings), NaN where there is nothing.

    Attributes:
        start: Number of the first session.
        tickers: Tickers of the block in alphabetical order.
        segments: Which listing goes by which ticker, and when.
        listing_ids: Listing number by column.
        ticker: Ticker number by cell, -1 where the listing is not live.
        live: Whether a listing is live, by cell.
        stays: Whether it is live and not at its final price, by cell.
        ended: Session number of its final price, by column of each listing that has one.
        close: Closes as traded, USD.
        given: Given market caps, USD.
        splits: Session number to columns and ratios effective at its open.
        dividends: Session number to columns and amounts with that ex-date.
        accepted: Cells (session number, column) whose given cap a person has accepted.
        unmatched: What fits no listing on its day, with that day and the session on which it is known: (kind,
            ticker, session number, session number).
        next_id: Next free listing number after the block.
    """

    start: int
    tickers: list[str]
    segments: list[Segment]
    listing_ids: Ints
    ticker: Small
    live: Flags
    stays: Flags
    ended: dict[int, int]
    close: Floats
    given: Floats
    splits: dict[int, tuple[Ints, Floats]]
    dividends: dict[int, tuple[Ints, Floats]]
    accepted: set[tuple[int, int]]
    unmatched: list[Unmatched]
    next_id: int


def make_grid(raw: RawData, calendar: Calendar, start: int, end: int, state: MarketState | None) -> Grid:
    """Arrays of sessions ``start`` to ``end`` (exclusive), going on from ``state``."""
    came_in = state.listings if state else ()
    tickers = _tickers(raw, came_in, calendar, start, end)
    number = {ticker: position for position, ticker in enumerate(tickers)}
    rows, codes = _place(raw.prices, calendar, start, number)
    presence = np.zeros((end - start, len(tickers)), dtype=np.bool_)
    presence[rows, codes] = True
    finals = _finals(raw.finals, calendar, start, end, number)
    live = _live(came_in, number, calendar, start)
    segments = resolve(presence, start, live, _renames(raw, number, calendar, start), finals)
    ids, next_id = _ids(segments, came_in, state.next_id if state else 1)
    owner, ticker = _owners(segments, presence.shape, start, len(ids))
    close = _scatter(raw.prices["close"], rows, codes, owner, len(ids))
    given = _scatter(raw.caps["market_cap_usd"], *_place(raw.caps, calendar, start, number), owner, len(ids))
    ended = _end(segments, finals, start, close)
    unmatched: list[Unmatched] = []
    grid = Grid(
        start=start,
        tickers=tickers,
        segments=segments,
        listing_ids=ids,
        ticker=ticker,
        live=ticker >= 0,
        stays=_staying(ticker, ended, start),
        ended=ended,
        close=close,
        given=given,
        splits=_events(raw.splits, "ratio", calendar, start, number, owner, unmatched),
        dividends=_events(raw.dividends, "amount", calendar, start, number, owner, unmatched),
        accepted=_accepted(raw.accepted, calendar, start, number, owner, given, unmatched),
        unmatched=unmatched,
        next_id=next_id,
    )
    unmatched += _unused_finals(segments, finals, tickers)
    unmatched += _unused_renames(raw.renames, calendar, start, number, segments, owner)
    return grid


def _tickers(raw: RawData, came_in: Sequence[LiveListing], calendar: Calendar, start: int, end: int) -> list[str]:
    """Tickers of the block: those with a price or a final price in it, and those that came in."""
    final = {ticker for day, ticker, _ in raw.finals.iter_rows() if start <= calendar.number(day) < end}
    return sorted({*raw.prices["ticker"].unique().to_list(), *(one.ticker for one in came_in), *final})


def _finals(
    frame: pl.DataFrame, calendar: Calendar, start: int, end: int, number: dict[str, int]
) -> dict[int, dict[int, float]]:
    """Final prices by ticker number and session number."""
    found: dict[int, dict[int, float]] = {}
    for day, ticker, price in frame.sort("session").iter_rows():
        session = calendar.number(day)
        if start <= session < end:
            found.setdefault(number[ticker], {})[session] = price
    return found


def _end(segments: Sequence[Segment], finals: dict[int, dict[int, float]], start: int, close: Floats) -> dict[int, int]:
    """Put final prices in the place of closes; gives the session number of each, by column."""
    ended = {}
    for one in segments:
        if one.final:
            close[one.first - start, one.column] = finals[one.ticker][one.first]
            ended[one.column] = one.first
    return ended


def _staying(ticker: Small, ended: dict[int, int], start: int) -> Flags:
    stays: Flags = ticker >= 0
    for column, session in ended.items():
        stays[session - start, column] = False
    return stays


def _accepted(
    frame: pl.DataFrame,
    calendar: Calendar,
    start: int,
    number: dict[str, int],
    owner: Small,
    given: Floats,
    unmatched: list[Unmatched],
) -> set[tuple[int, int]]:
    """Cells whose given cap is accepted."""
    found = set()
    rows, codes = _place(frame, calendar, start, number)
    for row, code, ticker in zip(rows.tolist(), codes.tolist(), frame["ticker"].to_list(), strict=True):
        if 0 <= row < owner.shape[0]:
            column = int(owner[row, code]) if code >= 0 else -1
            if column >= 0 and not np.isnan(given[row, column]):
                found.add((row + start, column))
            else:
                unmatched.append(("unmatched-decision", ticker, row + start, row + start))
    return found


def _unused_finals(
    segments: Sequence[Segment], finals: dict[int, dict[int, float]], tickers: list[str]
) -> list[Unmatched]:
    used = {(one.ticker, one.first) for one in segments if one.final}
    return [
        ("unmatched-decision", tickers[ticker], session, session)
        for ticker, sessions in finals.items()
        for session in sessions
        if (ticker, session) not in used
    ]


def _place(frame: pl.DataFrame, calendar: Calendar, start: int, number: dict[str, int]) -> tuple[Ints, Ints]:
    """Row and ticker number of each raw row; -1 for a ticker without a price in the block."""
    return calendar.numbers(frame["session"]) - start, codes_of(frame["ticker"], number)


def codes_of(tickers: pl.Series, number: dict[str, int]) -> Ints:
    """Ticker numbers, -1 for one that is not known."""
    import polars as pl

    if not number:
        return np.full(len(tickers), -1, dtype=np.int64)
    if isinstance(tickers.dtype, pl.Enum) and tickers.dtype.categories.to_list() == list(number):
        return tickers.to_physical().to_numpy().astype(np.int64)
    coded = tickers.cast(pl.Enum(list(number)), strict=False).to_physical().cast(pl.Int64).fill_null(-1)
    return coded.to_numpy()


def _live(
    came_in: Sequence[LiveListing], number: dict[str, int], calendar: Calendar, start: int
) -> list[tuple[int, Carrier]]:
    return [
        (number[one.ticker], Carrier(column, start - 1 - one.stale, calendar.number(one.spell_first)))
        for column, one in enumerate(came_in)
    ]


def _renames(raw: RawData, number: dict[str, int], calendar: Calendar, start: int) -> list[Renaming]:
    found = []
    for day, old, new in raw.renames.select("session", "old_ticker", "new_ticker").iter_rows():
        if old in number and new in number:
            found.append(Renaming(calendar.number(day), number[old], number[new]))
    return [rename for rename in found if rename.at >= start - 6]


def _unused_renames(
    frame: pl.DataFrame,
    calendar: Calendar,
    start: int,
    number: dict[str, int],
    segments: Sequence[Segment],
    owner: Small,
) -> list[Unmatched]:
    """Renames that join nothing although one of their tickers is there; known when no price can follow any more."""
    found: list[Unmatched] = []
    for day, old, new in frame.select("session", "old_ticker", "new_ticker").iter_rows():
        at = calendar.number(day)
        row = at - start
        if not (day >= calendar.sessions[0] and 0 <= row < len(owner) - REACH):
            continue
        before, after = number.get(old, -1), number.get(new, -1)
        there = before >= 0 and bool((owner[max(row - 1, 0) : row + 1, before] >= 0).any())
        there |= after >= 0 and bool((owner[row : row + REACH + 1, after] >= 0).any())
        if there and not _joins(segments, at, before, after):
            found.append(("unmatched-rename", old, at, at + REACH))
    return found


def _joins(segments: Sequence[Segment], at: int, old: int, new: int) -> bool:
    """Whether a listing went from one ticker to the other within reach of a session."""
    begun = {one.column: one.first for one in reversed(segments) if one.ticker == old}
    return any(
        one.ticker == new and at <= one.first <= at + REACH and begun.get(one.column, one.first) < one.first
        for one in segments
    )


def _ids(segments: Sequence[Segment], came_in: Sequence[LiveListing], next_id: int) -> tuple[Ints, int]:
    columns = max((segment.column for segment in segments), default=-1) + 1
    fresh = columns - len(came_in)
    ids = [one.listing_id for one in came_in] + list(range(next_id, next_id + fresh))
    return np.array(ids, dtype=np.int64), next_id + fresh


def _owners(segments: Sequence[Segment], shape: tuple[int, int], start: int, columns: int) -> tuple[Small, Small]:
    """The listing of each (session, ticker), and the ticker of each (session, listing)."""
    owner = np.full(shape, -1, dtype=np.int32)
    ticker = np.full((shape[0], columns), -1, dtype=np.int32)
    for one in segments:
        rows = slice(one.first - start, one.end - start + 1)
        owner[rows, one.ticker] = one.column
        ticker[rows, one.column] = one.ticker
    return owner, ticker


def _scatter(values: pl.Series, rows: Ints, codes: Ints, owner: Small, columns: int) -> Floats:
    """Raw values by session and listing; rows of a ticker that no listing carries on that day fall away."""
    known = (codes >= 0) & (rows >= 0) & (rows < owner.shape[0])
    if not known.all():
        rows, codes, values = rows[known], codes[known], values.filter(_series(known))
    column = owner[rows, codes]
    grid = np.full((owner.shape[0], columns), np.nan)
    carried = column >= 0
    numbers = values.to_numpy()
    if carried.all():
        grid[rows, column] = numbers
    else:
        grid[rows[carried], column[carried]] = numbers[carried]
    return grid


def _series(flags: Flags) -> pl.Series:
    import polars as pl

    return pl.Series(flags)


def _events(
    frame: pl.DataFrame,
    name: str,
    calendar: Calendar,
    start: int,
    number: dict[str, int],
    owner: Small,
    unmatched: list[Unmatched],
) -> dict[int, tuple[Ints, Floats]]:
    """Splits or dividends by session number: columns and values, several on one day put together."""
    rows, codes = _place(frame, calendar, start, number)
    found: dict[int, dict[int, float]] = {}
    values = zip(rows.tolist(), codes.tolist(), frame[name].to_list(), frame["ticker"].to_list(), strict=True)
    for row, code, value, ticker in values:
        if not 0 <= row < owner.shape[0]:
            continue
        column = int(owner[row, code]) if code >= 0 else -1
        if column < 0:
            unmatched.append((_KINDS[name], ticker, row + start, row + start))
            continue
        day = found.setdefault(row + start, {})
        day[column] = _together(name, day.get(column), value)
    return {
        session: (np.array(list(day), dtype=np.int64), np.array(list(day.values()), dtype=np.float64))
        for session, day in found.items()
    }


_KINDS = {"ratio": "unmatched-split", "amount": "unmatched-dividend"}


def _together(name: str, before: float | None, value: float) -> float:
    """Two splits on one session multiply, two dividends add up."""
    if before is None:
        return value
    return before * value if name == "ratio" else before + value
