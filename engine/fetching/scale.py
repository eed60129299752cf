"""Reported shares on the basis of the whole company: some vendors report those of one class."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import prod
from typing import Final

import polars as pl

from engine.fetching.notes import FetchNote
from engine.fetching.state import Listed
from engine.frames.schemas import SHARE_SCALE

TOLERANCE: Final = 0.05
"""Reported shares this near to market cap / price are those of the whole company."""

SETTLING: Final = timedelta(days=14)
"""After a split, days for which a cap and its price may be on different share bases."""

LEADING: Final = 0.2
"""A report from before the first day wanted holds on it if the next number of shares is nearer than most splits."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """Shares to store and, the first time, their scale.

    Attributes:
        frames: Tables with rows to store.
        notes: What was found out.
        settled: False when no scale could be fixed although a cap is known: the reports are to be asked for again.
    """

    frames: Mapping[str, pl.DataFrame]
    notes: tuple[FetchNote, ...] = ()
    settled: bool = True

    def unsettled(self) -> Scaled:
        """The same shares, by a factor that is not to be fixed."""
        return Scaled({"shares": self.frames["shares"]}, settled=False)


def scaled_shares(
    ticker: str,
    reports: pl.DataFrame,
    splits: pl.DataFrame,
    listed: Listed | None,
    snapshot: date | None,
    known_scale: float | None,
) -> Scaled:
    """Scale reported shares by a factor that is fixed the first time that they and the market cap are known.

    Args:
        ticker: The name.
        reports: Its shares as reported, sorted by session.
        splits: Every split of it.
        listed: What the latest snapshot says of it, None when it is not there.
        snapshot: Session of the snapshot, None without one.
        known_scale: The factor that is fixed already, None for none.
    """
    implied = _implied(listed) if snapshot else None
    carried = _carried(reports, splits, snapshot) if snapshot else None
    if snapshot is None or implied is None or carried is None:
        return Scaled(_frames(reports, known_scale or 1.0))
    if known_scale is not None:
        return Scaled(_frames(reports, known_scale), _misses(ticker, snapshot, carried * known_scale, implied))
    scale = 1.0 if _agree(carried, implied) else implied / carried
    if _is_split(scale, splits, snapshot):
        text = f"{_difference(ticker, snapshot, carried, implied)}, which is the ratio of a split a few days ago."
        return Scaled(_frames(reports, 1.0), (FetchNote("share-off", ticker, snapshot, text),), settled=False)
    row = pl.DataFrame([(ticker, snapshot, scale)], schema=SHARE_SCALE.columns, orient="row")
    text = f"Reported shares of {ticker} are those of one class: scaled by {scale:.6g} to the market cap of {snapshot}."
    notes = () if scale == 1.0 else (FetchNote("share-scale", ticker, snapshot, text),)
    return Scaled({**_frames(reports, scale), "share_scale": row}, notes)


def reports_from(
    reports: pl.DataFrame, splits: pl.DataFrame, since: date, listed: Listed | None, known_scale: float | None
) -> tuple[pl.DataFrame, bool]:
    """Reports from a day on, and the last one before it, which holds until the next.

    Splits from before the day are not known. The report is left out where the next one is too far from it, so that one
    may lie between. Where there is no next one, market cap and price have to do: if they are too far from it, it is
    those of one class or there was a split, and only a later report will tell.

    Args:
        reports: Reports of one name, sorted by session.
        splits: Its splits from the day on.
        since: The day.
        listed: What the latest snapshot says of it, None when it is not there.
        known_scale: The factor that is fixed for its reports, None for none.

    Returns:
        The reports, and whether a factor may be fixed by them.
    """
    first, implied = bisect_left(reports["session"].to_list(), since), _implied(listed)
    early, late = reports[max(first - 1, 0) : first], reports[first:]
    until = late["session"][0] if late.height else date.max
    if early.is_empty() or until == since or (late.is_empty() and implied is None):
        return late, True
    following = late["shares_outstanding"][0] if late.height else (implied or 0.0) / (known_scale or 1.0)
    carried = early["shares_outstanding"][0] * prod(ratio for day, ratio in _ratios(splits) if day <= until)
    holds = abs(carried / following - 1) <= LEADING
    unsure = late.is_empty() and known_scale is None and not holds
    return pl.concat([early, late]) if holds or unsure else late, not unsure


def _implied(listed: Listed | None) -> float | None:
    """Shares of the whole company by market cap and price."""
    if listed is None or not listed.market_cap_usd or not listed.price:
        return None
    return listed.market_cap_usd / listed.price


def _carried(reports: pl.DataFrame, splits: pl.DataFrame, snapshot: date) -> float | None:
    """The last report up to the snapshot, through the splits after it."""
    days = reports["session"].to_list()
    known = bisect_right(days, snapshot)
    if not known:
        return None
    reported, shares = days[known - 1], float(reports["shares_outstanding"][known - 1])
    return shares * prod(ratio for day, ratio in _ratios(splits) if reported < day <= snapshot)


def _ratios(splits: pl.DataFrame) -> Iterator[tuple[date, float]]:
    return zip(splits["session"].to_list(), splits["ratio"].to_list(), strict=True)


def _frames(reports: pl.DataFrame, scale: float) -> dict[str, pl.DataFrame]:
    return {"shares": reports.with_columns(pl.col("shares_outstanding") * scale)}


def _agree(shares: float, implied: float) -> bool:
    return abs(shares / implied - 1) <= TOLERANCE


def _is_split(scale: float, splits: pl.DataFrame, snapshot: date) -> bool:
    """Whether a factor is that of a split which not everything may reflect yet."""
    if scale == 1.0:
        return False
    near = splits.filter((pl.col("session") - pl.lit(snapshot)).abs() <= SETTLING)
    return any(_agree(scale, ratio) or _agree(scale, 1 / ratio) for ratio in near["ratio"])


def _misses(ticker: str, snapshot: date, shares: float, implied: float) -> tuple[FetchNote, ...]:
    if _agree(shares, implied):
        return ()
    text = f"{_difference(ticker, snapshot, shares, implied)}; nothing was changed."
    return (FetchNote("share-off", ticker, snapshot, text),)


def _difference(ticker: str, snapshot: date, shares: float, implied: float) -> str:
    by = shares / implied - 1
    return (
        f"Shares of {ticker} on {snapshot} are {shares:,.0f}, {by:+.1%} from the {implied:,.0f} of market cap and price"
    )
