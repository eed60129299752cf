"""Splits and dividends of the vendor's library as plain arrays, and what they do to a basis of prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY: Final = "datetime64[D]"

BAD_SPLIT: Final = "split without a ratio"
BAD_DIVIDEND: Final = "dividend without an amount"
FOREIGN_DIVIDEND: Final = "dividend in another currency"

SMALL_SPLIT: Final = 1.25
"""A ratio nearer to 1 than this (or its inverse) leaves no trace that the moves of a day could not leave."""

TRACE: Final = 0.25
"""How near to the whole ratio, as a part of its logarithm, a move must be to be the split itself."""


@dataclass(frozen=True, slots=True)
class Actions:
    """Splits or dividends: one value a day, in order of day."""

    days: Days
    values: Floats

    def until(self, last: date) -> Actions:
        """Those up to a day."""
        return self.of(self.days <= np.datetime64(last))

    def of(self, kept: Flags) -> Actions:
        """Some of them."""
        return Actions(self.days[kept], self.values[kept])


def split_ratios(splits: Any) -> tuple[Actions, dict[str, int]]:
    """Splits by day, those of one day as one; a split that is listed twice on a day is one."""
    days, ratios = days_of(splits.index), reals(splits)
    usable = np.isfinite(ratios) & (ratios > 0)
    by_day: dict[date, float] = {}
    for day, ratio in dict.fromkeys(zip(days[usable].tolist(), ratios[usable].tolist(), strict=True)):
        by_day[day] = by_day.get(day, 1.0) * ratio
    return _actions({day: ratio for day, ratio in by_day.items() if ratio != 1}), counted(BAD_SPLIT, ~usable)


def dividend_amounts(dividends: Any, currency: str | None) -> tuple[Actions, dict[str, int]]:
    """Dividends by day, those of one day added up, without those in another currency than the prices."""
    days, foreign = days_of(dividends.index), _foreign(dividends, currency)
    amounts = reals(dividends["Dividends"] if dividends.ndim > 1 else dividends)
    usable = np.isfinite(amounts) & (amounts >= 0)
    taken = usable & ~foreign & (amounts != 0)
    by_day: dict[date, float] = {}
    for day, amount in zip(days[taken].tolist(), amounts[taken].tolist(), strict=True):
        by_day[day] = by_day.get(day, 0.0) + amount
    return _actions(by_day), {**counted(FOREIGN_DIVIDEND, foreign), **counted(BAD_DIVIDEND, ~usable & ~foreign)}


def later_ratios(splits: Actions, days: Days) -> Floats:
    """For each day the product of the ratios of all splits after it."""
    products = np.append(np.cumprod(splits.values[::-1])[::-1], 1.0)
    factors: Floats = products[np.searchsorted(splits.days, days, side="right")]
    return factors


def adjusted_for(splits: Actions, days: Days, close: Floats) -> Actions:
    """Those splits that the closes, in order of day, are adjusted for.

    The vendor may list a split before it adjusts the prices: until then the close moves by the inverse of the ratio at
    the split, which an adjusted one does not. Where that cannot be seen, prices are what the vendor says they are.
    """
    with np.errstate(invalid="ignore"):
        priced = np.isfinite(close) & (close > 0)
    days, close = days[priced], close[priced]
    places = np.searchsorted(days, splits.days, side="left").tolist()
    shown = [_shows(close, at, ratio) for at, ratio in zip(places, splits.values.tolist(), strict=True)]
    return splits.of(~np.array(shown, dtype=np.bool_))


def days_of(index: Any) -> Days:
    """The days of an index of moments, as its own clock shows them; what its zone is called plays no part."""
    if not len(index):
        return np.empty(0, DAY)
    days: Days = index.tz_localize(None).to_numpy().astype(DAY)
    return days


def reals(column: Any) -> Floats:
    """A column of the library as numbers, NaN where there is none."""
    if column.dtype == np.dtype(object):
        return np.array([value if isinstance(value, int | float) else np.nan for value in column], dtype=np.float64)
    values: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def counted(reason: str, rows: Flags) -> dict[str, int]:
    """How many rows there are of a reason, nothing for none."""
    count = int(np.count_nonzero(rows))
    return {reason: count} if count else {}


def _foreign(dividends: Any, currency: str | None) -> Flags:
    """Which dividends are in another currency; the library says so only where some are."""
    if dividends.ndim == 1 or "currency" not in dividends.columns:
        return np.zeros(len(dividends), dtype=np.bool_)
    codes = dividends["currency"].fillna("").to_list()
    return np.array([code not in ("", currency) for code in codes], dtype=np.bool_)


def _shows(close: Floats, at: int, ratio: float) -> bool:
    """Whether the close moves by the inverse of the ratio from the row before ``at`` to that row."""
    if not 0 < at < len(close) or 1 / SMALL_SPLIT < ratio < SMALL_SPLIT:
        return False
    move, whole = float(np.log(close[at] / close[at - 1])), float(np.log(ratio))
    return abs(move + whole) < TRACE * abs(whole)


def _actions(by_day: Mapping[date, float]) -> Actions:
    days = sorted(by_day)
    return Actions(np.array(days, dtype=DAY), np.array([by_day[day] for day in days], dtype=np.float64))
