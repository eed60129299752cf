"""The names that a fetch follows: who came, who left, who is listed without a market cap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from engine.fetching.notes import FetchNote
from engine.fetching.state import Listed

if TYPE_CHECKING:
    from engine.fetching.state import FetchState

NAMED: Final = 10
"""So many names are written out in one note."""


def names_wanted(universe: Iterable[Listed], size: int) -> tuple[str, ...]:
    """Common stock with a market cap, the largest first, at most ``size``."""
    return tuple(one.symbol for one in universe if one.common and one.market_cap_usd is not None)[:size]


def universe_notes(before: FetchState, after: FetchState, size: int) -> list[FetchNote]:
    """What a new snapshot tells, the one before it known."""
    session = after.snapshot
    known = set(_without_cap(before))
    notes = [
        FetchNote("no-cap", symbol, session, f"{symbol} is listed without a market cap; it is not asked for.")
        for symbol in _without_cap(after)
        if symbol not in known
    ]
    if before.snapshot is None:
        return notes
    old, new = names_wanted(before.universe, size), names_wanted(after.universe, size)
    moved = [_moved(new, old, "came into"), _moved(old, new, "left")]
    told = "; ".join(one for one in moved if one)
    return [*notes, FetchNote("universe", "", session, f"{told}.")] if told else notes


def _without_cap(state: FetchState) -> list[str]:
    return [one.symbol for one in state.universe if one.common and one.market_cap_usd is None]


def _moved(here: Sequence[str], there: Sequence[str], verb: str) -> str:
    found = sorted(set(here) - set(there))
    return f"{listing(found)} {verb} the universe" if found else ""


def listing(names: Sequence[str]) -> str:
    """Names in a row, the rest of a long row as a number."""
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
