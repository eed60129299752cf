"""Shares outstanding on the basis of each session: a report is normalised at its own date and carried forward.

S(t) = reported(last report s <= t) x product of split ratios effective in (s, t]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from engine.index.grid import Calendar, Grid, codes_of
from engine.index.inputs import Floats

if TYPE_CHECKING:
    import polars as pl

Event = tuple[date, int, float]
SPLIT, REPORT = 0, 1


def shares_grid(grid: Grid, calendar: Calendar, reports: pl.DataFrame, splits: pl.DataFrame) -> Floats | None:
    """Shares of each (session, listing), NaN where no report is known; None when there is no report at all."""
    if reports.is_empty():
        return None
    number = {ticker: position for position, ticker in enumerate(grid.tickers)}
    events = _events(reports, "shares_outstanding", REPORT, number)
    for code, found in _events(splits, "ratio", SPLIT, number).items():
        if code in events:
            events[code] += found
    result = np.full(grid.close.shape, np.nan)
    for segment in sorted(grid.segments, key=lambda one: one.first):
        rows = slice(segment.first - grid.start, segment.end - grid.start + 1)
        _fill(result[:, segment.column], rows, sorted(events.get(segment.ticker, ())), calendar, grid.start)
    return result


def _events(frame: pl.DataFrame, name: str, kind: int, number: dict[str, int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    codes = codes_of(frame["ticker"], number).tolist()
    for day, code, value in zip(frame["session"].to_list(), codes, frame[name].to_list(), strict=True):
        if code >= 0:
            found.setdefault(code, []).append((day, kind, value))
    return found


def _fill(column: Floats, rows: slice, events: list[Event], calendar: Calendar, start: int) -> None:
    """Write the steps that the events make; a split counts before a report of the same day."""
    for first, shares in _steps(events, calendar):
        column[max(first - start, rows.start) : rows.stop] = shares


def _steps(events: list[Event], calendar: Calendar) -> Iterator[tuple[int, float]]:
    shares = float("nan")
    for day, kind, value in events:
        shares = value if kind == REPORT else shares * value
        yield calendar.number(day), shares
