"""Raw rows of a block as arrays of sessions by listings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.index.inputs import Flags, Floats, Ints, LiveListing, MarketState, RawData, Small
from engine.index.listings import Carrier, Renaming, Segment, resolve

if TYPE_CHECKING:
    import polars as pl

_EPOCH = date(1970, 1, 1)
_NEVER = date.min


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
        close: Closes as traded, USD.
        given: Given market caps, USD.
        splits: Session number to columns and ratios effective at its open.
        dividends: Session number to columns and amounts with that ex-date.
        unmatched: Splits and dividends of a ticker that no listing carries on their day: (kind, ticker,
            session number).
        next_id: Next free listing number after the block.
    """

    start: int
    tickers: list[str]
    segments: list[Segment]
    listing_ids: Ints
    ticker: Small
    live: Flags
    close: Floats
    given: Floats
    splits: dict[int, tuple[Ints, Floats]]
    dividends: dict[int, tuple[Ints, Floats]]
    unmatched: list[tuple[str, str, int]]
    next_id: int


def make_grid(raw: RawData, calendar: Calendar, start: int, end: int, state: MarketState | None) -> Grid:
    """Arrays of sessions ``start`` to ``end`` (exclusive), going on from ``state``."""
    came_in = state.listings if state else ()
    tickers = _tickers(raw, came_in)
    number = {ticker: position for position, ticker in enumerate(tickers)}
    rows, codes = _place(raw.prices, calendar, start, number)
    presence = np.zeros((end - start, len(tickers)), dtype=np.bool_)
    presence[rows, codes] = True
    segments = resolve(presence, start, _live(came_in, number, calendar, start), _renames(raw, number, calendar, start))
    unmatched: list[tuple[str, str, int]] = []
    ids, next_id = _ids(segments, came_in, state.next_id if state else 1)
    owner, ticker = _owners(segments, presence.shape, start, len(ids))
    return Grid(
        start=start,
        tickers=tickers,
        segments=segments,
        listing_ids=ids,
        ticker=ticker,
        live=ticker >= 0,
        close=_scatter(raw.prices["close"], rows, codes, owner, len(ids)),
        given=_scatter(raw.caps["market_cap_usd"], *_place(raw.caps, calendar, start, number), owner, len(ids)),
        splits=_events(raw.splits, "ratio", calendar, start, number, owner, unmatched),
        dividends=_events(raw.dividends, "amount", calendar, start, number, owner, unmatched),
        unmatched=unmatched,
        next_id=next_id,
    )


def _tickers(raw: RawData, came_in: Sequence[LiveListing]) -> list[str]:
    return sorted({*raw.prices["ticker"].unique().to_list(), *(one.ticker for one in came_in)})


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
    unmatched: list[tuple[str, str, int]],
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
            unmatched.append((_KINDS[name], ticker, row + start))
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
