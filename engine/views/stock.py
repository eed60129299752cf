"""Closes of one company that can be compared with each other, and its returns."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import pairwise

from engine.views.types import StockView


def closes_on_basis(view: StockView, last: date) -> dict[date, float]:
    """Closes up to ``last`` by session, on the split basis of ``last``: every split up to then is undone."""
    splits = [(day, ratio) for day, ratio in view.splits if day <= last]
    factors = [1.0]
    for _, ratio in reversed(splits):
        factors.append(factors[-1] * ratio)
    days = [day for day, _ in splits]
    return {
        row.session: row.close / factors[len(days) - bisect_right(days, row.session)]
        for row in view.rows
        if row.close is not None and row.session <= last
    }


def price_returns(view: StockView, last: date) -> dict[date, float]:
    """Price return of each session up to ``last`` that has a price, against the last price before it."""
    found = sorted(closes_on_basis(view, last).items())
    return {day: close / before - 1 for (_, before), (day, close) in pairwise(found) if before}
