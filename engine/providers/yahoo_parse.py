"""From what the vendor's library gives to frames on our schemas: as traded, of closed sessions only.

Nothing here asks anybody. The library's prices, volumes and dividends are adjusted for every split up to today; its
range reaches to today, so all of these splits are in the same answer and can be undone without anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from engine.frames.schemas import BENCHMARK, DIVIDEND, FX, PRICE, SHARES, SPLIT, RawSchema
from engine.providers.yahoo_actions import (
    DAY,
    Actions,
    Days,
    Flags,
    Floats,
    adjusted_for,
    counted,
    days_of,
    dividend_amounts,
    later_ratios,
    reals,
    split_ratios,
)

if TYPE_CHECKING:
    import pandas as pd

LIVE: Final = "live bar"
OFF_SESSION: Final = "not an NYSE session"
NO_CLOSE: Final = "no close"
NOT_POSITIVE: Final = "close is not positive"
REPEATED: Final = "a later row of the same day"
BAD_SHARES: Final = "no number of shares"


@dataclass(frozen=True, slots=True)
class Closed:
    """What may be taken: bars of sessions that have closed.

    Attributes:
        final: Last closed session.
        is_session: Whether the NYSE trades on a day.
    """

    final: date
    is_session: Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Parsed:
    """Frames on their schemas, and what was not taken.

    Attributes:
        frames: Raw tables by name.
        through: Last session of the prices, None without.
        dropped: Rows that were not taken, by reason.
    """

    frames: Mapping[str, pl.DataFrame]
    through: date | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)


def prices(
    bars: pd.DataFrame, splits: Any, dividends: Any, *, ticker: str, currency: str | None, closed: Closed
) -> Parsed:
    """Prices, splits and dividends of one name as traded.

    Args:
        bars: Rows of the library, neither adjusted for dividends nor repaired.
        splits: The library's series of splits, each at its own moment.
        dividends: Likewise; a frame with a column ``currency`` where some are in another one than the prices.
        ticker: Name of the rows.
        currency: Currency of the prices.
        closed: What may be taken.
    """
    days, close = days_of(bars.index), reals(bars["Close"])
    ratios, bad_splits = split_ratios(splits)
    amounts, bad_dividends = dividend_amounts(dividends, currency)
    kept, dropped = closed_bars(days, close, closed)
    undone = adjusted_for(ratios, days, close)
    paid = Actions(amounts.days, amounts.values * later_ratios(undone, amounts.days))
    frames = {
        "price": _frame(PRICE, days[kept], ticker, _as_traded(bars, kept, later_ratios(undone, days[kept]))),
        "split": _frame(SPLIT, *_listed(ratios, closed, ticker, "ratio")),
        "dividend": _frame(DIVIDEND, *_listed(paid, closed, ticker, "amount")),
    }
    return Parsed(frames, _last(days[kept]), {**dropped, **bad_splits, **bad_dividends})


def benchmark(bars: pd.DataFrame, *, symbol: str, closed: Closed) -> Parsed:
    """Closes of an index, a fund or a rate, as they are given."""
    days, close = days_of(bars.index), reals(bars["Close"])
    kept, dropped = closed_bars(days, close, closed)
    frame = _frame(BENCHMARK, days[kept], symbol, {"close": close[kept]})
    return Parsed({"benchmark": frame}, _last(days[kept]), dropped)


def fx(bars: pd.DataFrame, *, pair: str, closed: Closed) -> Parsed:
    """Rates of a currency pair on sessions of the NYSE; the last one may be revised until midnight in London."""
    days, close = days_of(bars.index), reals(bars["Close"])
    kept, dropped = closed_bars(days, close, closed)
    frame = _frame(FX, days[kept], pair, {"rate": close[kept]})
    return Parsed({"fx": frame}, _last(days[kept]), dropped)


def shares(reports: pd.Series[Any], *, ticker: str) -> Parsed:
    """Shares as reported; of several reports on a day the last one."""
    days, counts = days_of(reports.index), reals(reports)
    order = np.argsort(days, kind="stable")
    days, counts = days[order], counts[order]
    usable = np.isfinite(counts) & (counts > 0)
    dropped = counted(BAD_SHARES, ~usable)
    days, counts = days[usable], counts[usable]
    last = ~_superseded(days)
    frame = _frame(SHARES, days[last], ticker, {"shares_outstanding": counts[last]})
    return Parsed({"shares": frame}, dropped=dropped)


def closed_bars(days: Days, close: Floats, closed: Closed) -> tuple[Flags, dict[str, int]]:
    """Which bars, in order of day, are closes of sessions, and how many are not, by the first reason against each."""
    left: Flags = np.ones(len(days), dtype=np.bool_)
    dropped: dict[str, int] = {}
    for reason, wrong in _against(days, close, closed):
        dropped |= counted(reason, left & wrong)
        left &= ~wrong
    rows = np.flatnonzero(left)
    again = rows[_superseded(days[rows])]
    left[again] = False
    return left, {**dropped, **({REPEATED: len(again)} if len(again) else {})}


def _against(days: Days, close: Floats, closed: Closed) -> tuple[tuple[str, Flags], ...]:
    sessions = np.fromiter(map(closed.is_session, days.tolist()), dtype=np.bool_, count=len(days))
    with np.errstate(invalid="ignore"):
        return (
            (LIVE, days > np.datetime64(closed.final)),
            (OFF_SESSION, ~sessions),
            (NO_CLOSE, np.isnan(close)),
            (NOT_POSITIVE, ~(np.isfinite(close) & (close > 0))),
        )


def _superseded(days: Days) -> Flags:
    """Rows, in order of day, that a row of the same day follows."""
    return np.append(days[1:] == days[:-1], False) if len(days) else np.empty(0, dtype=np.bool_)


def _as_traded(bars: pd.DataFrame, kept: Flags, factor: Floats) -> dict[str, Floats]:
    """Prices and volumes on the basis of each row's own day."""
    per_share = {name: _positive(reals(bars[name.capitalize()])[kept]) * factor for name in _PER_SHARE}
    # The library writes 0 shares where the vendor gives no number, so that 0 says nothing.
    return {**per_share, "volume": _positive(reals(bars["Volume"])[kept]) / factor}


_PER_SHARE: Final = ("open", "high", "low", "close")


def _positive(values: Floats) -> Floats:
    """The values, NaN for those that are not finite and above zero."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(values) & (values > 0), values, np.nan)


def _listed(actions: Actions, closed: Closed, ticker: str, value: str) -> tuple[Days, str, dict[str, Floats]]:
    """Days, name and values of splits or dividends: a later one is taken with its own session."""
    until = actions.until(closed.final)
    return until.days, ticker, {value: until.values}


def _last(days: Days) -> date | None:
    last: date | None = days[-1].item() if len(days) else None
    return last


def _frame(schema: RawSchema, days: Days, code: str, values: Mapping[str, Floats]) -> pl.DataFrame:
    """Rows of one name on a schema, in order of day; no value where it is NaN."""
    name = next(column for column in schema.key if column != "session")
    columns = {
        "session": pl.Series("session", days.astype(DAY), dtype=pl.Date),
        name: pl.Series(name, [code], dtype=pl.String).new_from_index(0, len(days)),
        **{column: pl.Series(column, array, dtype=pl.Float64, nan_to_null=True) for column, array in values.items()},
    }
    return pl.DataFrame([columns[column] for column in schema.columns])
