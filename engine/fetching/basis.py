"""On which share basis a reply is: a vendor may list a split before its prices reflect it, or the other way round.

A reply is as traded if every split that it lists is in its prices. Where it is not, the prices of the days before the
split differ from the stored ones by the ratio of the split, and that tells which splits they reflect.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Final

import polars as pl

SAME_FACTOR: Final = 1e-4
"""Two factors that differ by less are one."""

FEWEST: Final = 3
"""Sessions that one and the same factor has to be seen on before it is a restatement, and no row of corrections."""

TELLING: Final = math.log(1.25)
"""A split smaller than this cannot be told from what a price does in a day."""

MOVED: Final = timedelta(days=7)
"""An event that is listed this near to a stored one that is listed no more is the same event."""

MOST: Final = 6
"""Splits between two stored sessions that are told apart; there are no more in any real year."""

RECENT: Final = 10
"""Sessions within which a vendor's prices may not reflect a split yet."""

PER_SHARE: Final = ("open", "high", "low", "close", "amount")

Points = Mapping[date, float]


@dataclass(frozen=True, slots=True)
class Split:
    """New shares per old share from the open of ``session`` on. ``listed`` by the reply, or only stored."""

    session: date
    ratio: float
    listed: bool = True

    @property
    def undo(self) -> float:
        """What a price before it, as the reply has it, is off by if the prices do not do as the reply says."""
        return 1 / self.ratio if self.listed else self.ratio


@dataclass(frozen=True, slots=True)
class Basis:
    """How a reply becomes as traded.

    Attributes:
        turned: Splits that its prices reflect although it does not list them, or the other way round.
        moved: Session of a split in the reply to the session that it is stored with.
        refused: Why nothing of the reply can be taken; empty when it can.
    """

    turned: tuple[Split, ...] = ()
    moved: Mapping[date, Split] = field(default_factory=dict)
    refused: str = ""

    def as_traded(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Prices or dividends of the reply, as traded."""
        if not self.turned and not self.moved:
            return frame
        factor = pl.lit(1.0)
        for split in self.turned:
            factor = factor * pl.when(pl.col("session") < split.session).then(split.undo).otherwise(1.0)
        for listed, split in self.moved.items():
            early, late = min(listed, split.session), max(listed, split.session)
            wrong = split.ratio if listed < split.session else 1 / split.ratio
            between = pl.col("session").is_between(early, late, closed="left")
            factor = factor * pl.when(between).then(wrong).otherwise(1.0)
        values = [pl.col(name) * factor for name in PER_SHARE if name in frame.columns]
        return frame.with_columns(*values, *(pl.col(name) / factor for name in ("volume",) if name in frame.columns))


def find_basis(prices: pl.DataFrame, splits: pl.DataFrame, stored: pl.DataFrame, known: pl.DataFrame) -> Basis:
    """Find the basis of a reply on which the stored rows come out equal.

    Args:
        prices: Prices of the reply, as traded if it is consistent.
        splits: Splits of the reply.
        stored: Prices stored of the same sessions.
        known: Splits stored of the same time.
    """
    listed, held = _points(splits, "ratio"), _points(known, "ratio")
    moved = {day: Split(to, held[to]) for day, to in moved_events(listed, held).items()}
    seen = prices if stored.height else prices.tail(RECENT + 1)
    closes = _points(Basis(moved=moved).as_traded(seen), "close")
    before = _points(stored, "close")
    ratios = {day: close / before[day] for day, close in closes.items() if day in before}
    candidates = _candidates(listed, held, moved)
    turned, refused = _turned(candidates, ratios)
    every = {**held, **{split.session: split.ratio for split in candidates}}
    for split in turned:
        refused = refused or _unsure(split, every, _on_basis(closes, turned), ratios)
    for split in candidates:
        refused = refused or _too_early(split, closes, ratios)
    return Basis(turned, moved, refused or _restated(_on_basis(ratios, turned)))


def _candidates(listed: Points, held: Points, moved: Mapping[date, Split]) -> list[Split]:
    """Splits that the prices may or may not reflect, the latest first."""
    kept = {split.session for split in moved.values()}
    found = [Split(day, ratio) for day, ratio in listed.items() if day not in moved]
    found += [Split(day, ratio, listed=False) for day, ratio in held.items() if day not in listed and day not in kept]
    return sorted(found, key=lambda split: split.session, reverse=True)


def moved_events(listed: Points, held: Points) -> dict[date, date]:
    """Days of listed events that are stored already, with a day close by that the vendor does not list any more."""
    gone = {day: value for day, value in held.items() if day not in listed}
    found: dict[date, date] = {}
    for day, value in listed.items():
        near = [other for other, known in gone.items() if abs(other - day) <= MOVED and _same(value, known)]
        if day not in held and near:
            found[day] = min(near, key=lambda other: abs(other - day))
            del gone[found[day]]
    return found


def one_factor(ratios: Mapping[date, float]) -> tuple[float, date] | None:
    """The factor that at least half of the sessions up to one of them are off by, and that session; None for none."""
    days = sorted(ratios)
    off = sorted(ratio for ratio in ratios.values() if not _same(ratio, 1.0))
    if len(off) < FEWEST:
        return None
    factor = off[len(off) // 2]
    same = [day for day in days if _same(ratios[day], factor)]
    before = days.index(same[-1]) + 1
    return (factor, same[-1]) if len(same) >= FEWEST and 2 * len(same) >= before else None


def _turned(candidates: Sequence[Split], ratios: Points) -> tuple[tuple[Split, ...], str]:
    """Splits for which the reply's prices do not do as it says, judged by the stored sessions before each."""
    turned: list[Split] = []
    for group, seen in _judged(candidates, ratios):
        choices = [_chosen(group, flags) for flags in product((False, True), repeat=len(group))]
        votes = [_votes(seen, _undo([*turned, *choice])) for choice in choices]
        best = max(votes)
        if best == votes[0] or 2 * best < len(seen):
            continue
        if votes.count(best) > 1:
            return (), f"it cannot be told which of the splits up to {group[0].session} its prices reflect"
        turned += choices[votes.index(best)]
    return tuple(turned), ""


def _judged(candidates: Sequence[Split], ratios: Points) -> Iterator[tuple[list[Split], list[float]]]:
    """Groups of splits without a stored session between them, the latest first, and the sessions right before each."""
    ends = [*(split.session for split in candidates), date.min][1:]

    def seen(split: Split, end: date) -> list[float]:
        return [ratio for day, ratio in ratios.items() if end <= day < split.session]

    group: list[Split] = []
    for split, end in zip(candidates, ends, strict=True):
        group.append(split)
        found = seen(split, end)
        if found:
            yield group[-6:], found
            group = []


def _chosen(group: Sequence[Split], flags: Sequence[bool]) -> list[Split]:
    return [split for split, flag in zip(group, flags, strict=True) if flag]


def _undo(splits: Sequence[Split]) -> float:
    return math.prod(split.undo for split in splits)


def _votes(ratios: Sequence[float], undo: float) -> int:
    return sum(_same(ratio * undo, 1.0) for ratio in ratios)


def _on_basis(points: Points, turned: Sequence[Split]) -> dict[date, float]:
    """Closes of the reply, or their ratios to the stored ones, with the splits undone that its prices contradict."""
    return {day: value * _undo([one for one in turned if day < one.session]) for day, value in points.items()}


def _unsure(split: Split, splits: Points, closes: Points, ratios: Points) -> str:
    """Why new sessions cannot be put on the basis of their own day without a guess; empty when they can.

    The prices have to go on smoothly from the last session that is known before the split to the first one after it.
    """
    start = max(day for day in ratios if day < split.session)
    days = [day for day in sorted(closes) if day >= start]
    path = [day for day in days if day < split.session] + [day for day in days if day >= split.session][:1]
    steps = [_step(before, after, splits, closes) for before, after in pairwise(path)]
    size = abs(math.log(split.ratio))
    if not steps or (size >= TELLING and all(abs(step) < size / 2 for step in steps)):
        return ""
    return f"it cannot be told whether its prices reflect the split of {split.ratio:g} on {split.session}"


def _step(before: date, after: date, splits: Points, closes: Points) -> float:
    """Logarithm of the price return from one session to a later one."""
    ratio = math.prod(ratio for day, ratio in splits.items() if before < day <= after)
    return math.log(closes[after] * ratio / closes[before])


def _too_early(split: Split, closes: Points, ratios: Points) -> str:
    """Whether a new name comes with a split that its prices, by the jump on its day, do not reflect yet."""
    size = math.log(split.ratio)
    later = sorted(day for day in closes if day >= split.session)
    if not split.listed or abs(size) < TELLING or not 0 < len(later) <= RECENT:
        return ""
    earlier = [day for day in closes if day < split.session]
    if not earlier or any(day < split.session for day in ratios):
        return ""
    jump = _step(max(earlier), later[0], {split.session: split.ratio}, closes)
    if abs(jump + size) >= abs(size) / 2:
        return ""
    return f"its prices do not reflect the split of {split.ratio:g} on {split.session} yet"


def _restated(ratios: Points) -> str:
    found = one_factor(ratios)
    return f"up to {found[1]} it is {found[0]:.6g} times what is stored, and no split is on record" if found else ""


def _points(frame: pl.DataFrame, name: str) -> dict[date, float]:
    return dict(zip(frame["session"].to_list(), frame[name].to_list(), strict=True))


def _same(one: float, other: float) -> bool:
    return abs(one / other - 1) <= SAME_FACTOR
