"""What became of a name: it goes on under another ticker, or it is gone by the vendor's own word."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

import polars as pl

from engine import calendar
from engine.fetching.notes import FetchNote
from engine.fetching.state import FetchState
from engine.frames.schemas import DELISTING

COMMON: Final = 10
"""Sessions on which the closes of two tickers have to be equal at least, before one is the other."""

EQUAL: Final = 0.98
"""And of all the sessions that both have: what is left is for closes that were corrected since."""

FEWER: Final = 5
"""Likewise of a ticker whose prices are known to be of another stock than before."""

NOISE: Final = 1e-6
"""Closes that differ by less are equal."""

FEWEST: Final = 3
"""Sessions on which closes have to be compared before they say anything."""

CLOSE: Final = 0.01
"""Closes that differ by less than this in the middle are rather corrected than those of another stock."""

STALE: Final = 5
"""Sessions that the last price of a name may be old before it is no news that the name is gone."""

BELIEVED: Final = 3
BELIEVED_SHARE: Final = 0.05
"""So many names, or this part of those asked for if that is more, may be gone at once."""


@dataclass(frozen=True, slots=True)
class Rename:
    """From ``session`` on, ``new_ticker`` stands for the stock that was ``old_ticker``."""

    session: date
    old_ticker: str
    new_ticker: str


def is_another(ratios: Collection[float]) -> bool:
    """Whether an answer is of another stock than what is stored under the ticker.

    Args:
        ratios: Its closes as parts of the stored ones, as traded.
    """
    return len(ratios) >= FEWEST and 2 * sum(abs(ratio - 1) > NOISE for ratio in ratios) > len(ratios)


def is_near(ratios: Collection[float]) -> bool:
    """Whether closes that differ are so near to each other that they may be those of one stock, corrected."""
    return median(abs(ratio - 1) for ratio in ratios) <= CLOSE


def too_many(found: int, asked: int) -> bool:
    """Whether so many names cannot have ended at once."""
    return found > max(BELIEVED, BELIEVED_SHARE * asked)


def find_rename(
    symbol: str, price_frame: pl.DataFrame, matches: Sequence[tuple[str, int, int, date]], fewest: int = COMMON
) -> Rename | None:
    """The stored ticker that a name goes on from, by equal closes up to the old one's last session.

    Args:
        symbol: The new name.
        price_frame: Its prices.
        matches: Tickers that it may have had: ticker, common sessions, equal closes, last session. Each may be
            compared over its last sessions only.
        fewest: Sessions on which the closes have to be equal at least.

    Returns:
        The rename from the ticker that went on longest; None when none is sure.
    """
    sessions = set(price_frame["session"])
    sure = [
        (last, equal, ticker)
        for ticker, common, equal, last in matches
        if ticker != symbol and equal >= fewest and equal >= EQUAL * common and last in sessions
    ]
    if not sure:
        return None
    last, _, ticker = max(sure)
    return Rename(calendar.next_session(last + timedelta(days=1)), ticker, symbol)


def delistings(
    state: FetchState, gone: Mapping[str, date], asked: int, listed: Collection[str]
) -> tuple[pl.DataFrame | None, tuple[FetchNote, ...]]:
    """What becomes of names that the vendor calls gone.

    Args:
        state: What the store knows when everything else of the fetch is stored.
        gone: Names that the vendor calls gone, with the last session of their prices.
        asked: Names whose prices were asked for.
        listed: Names of the latest snapshot, whose failure is not theirs.

    Returns:
        Rows to store, None for none, and notes.
    """
    over = state.renamed | state.delisted
    missed = {ticker: last for ticker, last in gone.items() if ticker in state.prices and ticker not in over}
    if too_many(len(missed), asked):
        text = f"{len(missed):,} of {asked:,} names are gone at once by the vendor's word; none of it is believed."
        return None, (FetchNote("mass-failure", "", None, text),)
    news = {
        t: last for t, last in missed.items() if t not in listed and (t in state.tracked or _is_recent(state, last))
    }
    rows = [(calendar.next_session(last + timedelta(days=1)), ticker) for ticker, last in news.items()]
    if not rows:
        return None, ()
    notes = [
        FetchNote(
            "delisting", ticker, day, f"{ticker} is gone by the vendor's word; its last price is of {news[ticker]}."
        )
        for day, ticker in sorted(rows)
    ]
    return pl.DataFrame(sorted(rows), schema=DELISTING.columns, orient="row"), tuple(notes)


def _is_recent(state: FetchState, last: date) -> bool:
    """Whether a last price is of about the last session that is stored at all."""
    latest = max(held.last for held in state.prices.values())
    return len(calendar.sessions_between(last + timedelta(days=1), latest)) <= STALE
