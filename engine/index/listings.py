"""Which line of stock a ticker stands for on a session.

A listing is one line of stock through time: a rename joins two tickers into one listing without a break, and a gap
of more than five sessions in a ticker's prices ends one listing and starts another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engine.index.inputs import Flags
from engine.index.rules import MAX_STALE

REACH = MAX_STALE + 1
"""Largest distance between two prices of one listing, in sessions."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Sessions ``first`` to ``end`` on which listing ``column`` goes by ``ticker``.

    Attributes:
        column: Number of the listing within the block.
        ticker: Number of the ticker within the block.
        first: First session of the segment.
        last: Its last session with a price (before ``first`` for a listing that came in without one).
        end: Last session to which the price may be carried.
        spell_first: First session under this ticker, maybe before the block.
        final: Whether the listing ends with this segment, at a final price.
    """

    column: int
    ticker: int
    first: int
    last: int
    end: int
    spell_first: int
    final: bool = False


@dataclass(slots=True)
class Carrier:
    """A listing while the segments are walked in time."""

    column: int
    last: int
    spell_first: int


@dataclass(frozen=True, slots=True)
class Renaming:
    """From session ``at`` on, ``new`` stands for the listing that was ``old`` (ticker numbers)."""

    at: int
    old: int
    new: int


Endings = Mapping[int, Collection[int]]
"""Sessions for which each ticker has a final price."""


def resolve(
    presence: Flags,
    start: int,
    live: Sequence[tuple[int, Carrier]],
    renames: Sequence[Renaming],
    endings: Endings | None = None,
) -> list[Segment]:
    """Segments of every listing of a block.

    Args:
        presence: Which ticker has a price, of shape (sessions, tickers); tickers in alphabetical order.
        start: Number of the first session.
        live: Ticker number and carrier of the listings that are live at the close before ``start``.
        renames: Renames that may matter.
        endings: Final prices: each counts as a price of a listing that is there, and ends it.

    Returns:
        Segments, those of ``live`` first; new listings get the columns after, by first session and ticker.
    """
    endings = endings or {}
    carriers = dict(live)
    displaced: dict[int, Carrier] = {}
    segments = [
        Segment(one.column, ticker, start, one.last, one.last + MAX_STALE, one.spell_first) for ticker, one in live
    ]
    fresh: list[Carrier] = []
    into = _by_new(renames)
    for first, last, ticker in _pieces(presence, start, renames, into, endings):
        carrier = _joined(ticker, first, carriers, displaced, into) or _continued(ticker, first, carriers)
        if carrier is None:
            if not presence[first - start, ticker]:
                continue  # a final price without a listing that it could be of
            carrier = Carrier(-1 - len(fresh), last, first)
            fresh.append(carrier)
        carrier.last = last
        if carriers.get(ticker, carrier) is not carrier:
            displaced[ticker] = carriers[ticker]
        carriers[ticker] = carrier
        final = first in endings.get(ticker, ())
        if final:
            del carriers[ticker]
        end = last if final else last + MAX_STALE
        segments.append(Segment(carrier.column, ticker, first, last, end, carrier.spell_first, final))
    return _trimmed(_numbered(segments, len(live)), start + presence.shape[0] - 1)


def _by_new(renames: Iterable[Renaming]) -> dict[int, list[Renaming]]:
    found: dict[int, list[Renaming]] = {}
    for rename in renames:
        found.setdefault(rename.new, []).append(rename)
    return found


def _pieces(
    presence: Flags, start: int, renames: Sequence[Renaming], into: dict[int, list[Renaming]], endings: Endings
) -> list[tuple[int, int, int]]:
    """Runs of prices without a gap, cut at renames: (first, last, ticker) in the order to be walked.

    A final price is a run of its own. On one session a ticker that takes over a listing goes before the ticker that
    gives it up.
    """
    cuts: dict[int, list[int]] = {}
    for rename in renames:
        cuts.setdefault(rename.old, []).append(rename.at)
        cuts.setdefault(rename.new, []).append(rename.at)
    for ticker, sessions in endings.items():
        cuts.setdefault(ticker, []).extend(cut for at in sessions for cut in (at, at + 1))
    whole: Flags = np.all(presence, axis=0)
    whole[np.array(list(cuts), dtype=np.int64)] = False
    final = start + presence.shape[0] - 1
    found = [(start, final, ticker) for ticker in np.flatnonzero(whole).tolist()]
    for ticker in np.flatnonzero(~whole).tolist():
        rows = np.flatnonzero(presence[:, ticker]) + start
        if ticker in endings:
            rows = np.union1d(rows, np.array(list(endings[ticker]), dtype=np.int64))
        if rows.size:
            breaks = set((np.flatnonzero(np.diff(rows) > REACH) + 1).tolist())
            breaks.update(int(np.searchsorted(rows, at)) for at in cuts.get(ticker, ()))
            edges = [0, *sorted(edge for edge in breaks if 0 < edge < rows.size), rows.size]
            found += [(int(rows[a]), int(rows[b - 1]), ticker) for a, b in pairwise(edges)]
    return sorted(found, key=lambda piece: (piece[0], not _recent(piece[2], piece[0], into), piece[2]))


def _recent(ticker: int, first: int, into: dict[int, list[Renaming]]) -> list[Renaming]:
    return [rename for rename in into.get(ticker, ()) if rename.at <= first <= rename.at + REACH]


def _joined(
    ticker: int,
    first: int,
    carriers: dict[int, Carrier],
    displaced: dict[int, Carrier],
    into: dict[int, list[Renaming]],
) -> Carrier | None:
    """The listing that a rename gives to this ticker, taken from its old one."""
    for rename in _recent(ticker, first, into):
        present = carriers.get(ticker)
        if present is not None and present.spell_first >= rename.at and present.last >= first - REACH:
            continue  # this ticker was taken over or started after the rename: it is that listing still
        holders = _holders(rename, carriers, displaced)
        old = holders.get(rename.old)
        if old is not None and first - REACH <= old.last < first:
            del holders[rename.old]
            old.spell_first = first
            return old
    return None


def _holders(rename: Renaming, carriers: dict[int, Carrier], displaced: dict[int, Carrier]) -> dict[int, Carrier]:
    """Where to find the listing that a ticker gives up: another one may have the ticker already, by a swap say."""
    present = carriers.get(rename.old)
    is_taken = present is not None and present.spell_first >= rename.at
    return displaced if is_taken and rename.old in displaced else carriers


def _continued(ticker: int, first: int, carriers: dict[int, Carrier]) -> Carrier | None:
    carrier = carriers.get(ticker)
    return carrier if carrier is not None and first - REACH <= carrier.last < first else None


def _numbered(segments: list[Segment], live: int) -> list[Segment]:
    """Give new listings their columns by first session and ticker, whatever order they were met in."""
    births: dict[int, tuple[int, int]] = {}
    for segment in segments:
        if segment.column < 0:
            births.setdefault(segment.column, (segment.first, segment.ticker))
    order = sorted(births, key=births.__getitem__)
    column = {old: live + position for position, old in enumerate(order)}
    return [replace(one, column=column[one.column]) if one.column < 0 else one for one in segments]


def _trimmed(segments: list[Segment], final: int) -> list[Segment]:
    """End each segment before the next of its listing, before the next of its ticker, and at the block's end."""
    limits = [final] * len(segments)
    for key in ("column", "ticker"):
        upcoming: dict[int, int] = {}
        for position in range(len(segments) - 1, -1, -1):
            owner = getattr(segments[position], key)
            limits[position] = min(limits[position], upcoming.get(owner, final + 1) - 1)
            upcoming[owner] = segments[position].first
    return [_ending(one, limit) for one, limit in zip(segments, limits, strict=True)]


def _ending(one: Segment, limit: int) -> Segment:
    return one if one.end <= limit else replace(one, end=limit)
