"""From the basis of a vendor to the one that is stored: as traded."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

PER_SHARE: Final = ("open", "high", "low", "close", "amount")
"""Columns in USD per share."""

SHARES: Final = ("volume",)
"""Columns that count shares."""


def to_as_traded(frame: pl.DataFrame, splits: pl.DataFrame, basis_date: date) -> pl.DataFrame:
    """Undo the split adjustment of prices, volumes or dividends.

    Args:
        frame: Prices or dividends on their schema, on the share basis of ``basis_date``, sorted by key.
        splits: Splits on their schema, unique by key; those after ``basis_date`` play no part.
        basis_date: The day whose shares the values are per: the last one of the file.

    Returns:
        The frame on the share basis of each row's own day. A split effective at the open of day s changes
        the rows before s: a value per share is multiplied by its ratio, a number of shares divided by it.
    """
    later = _products(splits.filter(pl.col("session") <= basis_date))
    factor = pl.col("factor").fill_null(1.0)
    return (
        frame.join_asof(
            later,
            on="session",
            by="ticker",
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .with_columns(
            *(pl.col(name) * factor for name in PER_SHARE if name in frame.columns),
            *(pl.col(name) / factor for name in SHARES if name in frame.columns),
        )
        .select(frame.columns)
    )


def _products(splits: pl.DataFrame) -> pl.DataFrame:
    """For each split the product of its ratio and those of all later ones of its ticker."""
    return splits.sort("session", "ticker").select(
        "session", "ticker", factor=pl.col("ratio").cum_prod(reverse=True).over("ticker")
    )
