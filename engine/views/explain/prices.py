"""Closes, returns and splits of one listing, with the batches that they came with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.calendar import sessions_between
from engine.index.rules import MAX_STALE
from engine.views.explain.ground import LONG_AGO, Fact, Ground, Listing, between, last_up_to, product
from engine.views.explain.parts import counted, dollars, number, ratio, several, stored
from engine.views.explanation import Input


@dataclass(frozen=True, slots=True)
class Prices:
    """What is stored of the prices of a listing up to a session.

    Attributes:
        listing: The listing.
        closes: Its closes, oldest first.
        splits: Splits under any of its tickers.
    """

    listing: Listing
    closes: list[Fact]
    splits: list[Fact]

    def last(self, day: date) -> Fact | None:
        """The last close up to a day."""
        return last_up_to(self.closes, day)

    def live(self, day: date) -> bool:
        """Whether the last close may still be carried, and is not the final one of a delisting."""
        close = self.last(day)
        return close is not None and not close.decided and age(close, day) <= MAX_STALE

    def split_between(self, after: date, up_to: date) -> list[Fact]:
        """Splits that count: those of the ticker that the listing had on their day."""
        found = between(self.splits, after, up_to)
        return [fact for fact in found if self.listing.goes_by(fact.ticker, fact.session)]

    def move(self, after: date, up_to: date) -> Move | None:
        """The price return from the close of one session to that of another; None without a close at both."""
        old, new = self.last(after), self.last(up_to)
        return Move(old, new, self.split_between(old.session, new.session), up_to) if old and new else None


@dataclass(frozen=True, slots=True)
class Move:
    """A close, the one it is compared with, and the splits between them."""

    old: Fact
    new: Fact
    splits: list[Fact]
    at: date

    @property
    def factor(self) -> float:
        """``U × k / U before``."""
        return self.new.value * product(self.splits) / self.old.value

    @property
    def text(self) -> str:
        """``U × k / U before`` with its numbers."""
        ratios = "".join(f" × {number(fact.value)}" for fact in self.splits)
        return f"{number(self.new.value)}{ratios} / {number(self.old.value)}"

    def inputs(self) -> Iterator[Input]:
        """Both closes and the splits between."""
        if self.new is not self.old:
            yield close_input("Close (U)", self.new, self.at)
            yield from map(split_input, self.splits)
        yield close_input("Close before (U before)", self.old, self.old.session)


def prices_of(ground: Ground, listing: Listing, first: date, last: date) -> Prices:
    """Prices from well before ``first`` to ``last``."""
    return Prices(listing, ground.closes(listing, first - LONG_AGO, last), ground.splits(listing, last))


def return_inputs(ground: Ground, listing: Listing, after: date, up_to: date, *, total: bool) -> Iterator[Input]:
    """What a return between two closes is made of; of the total return, the dividends too."""
    move = prices_of(ground, listing, after, up_to).move(after, up_to)
    if move:
        yield from move.inputs()
    if total:
        yield from dividend_inputs(ground, listing, after, up_to)


def dividend_inputs(ground: Ground, listing: Listing, after: date, up_to: date) -> Iterator[Input]:
    """Dividends with an ex-date after one session, up to another."""
    for fact in ground.dividends(listing, after, up_to):
        yield stored(dollars("Dividend (D) a share"), fact.value, fact.session, fact.origin, "as traded")


def age(fact: Fact, at: date) -> int:
    """How many sessions old a close is."""
    return max(len(sessions_between(fact.session, at)) - 1, 0)


def close_input(label: str, fact: Fact, at: date) -> Input:
    """A close, and how old it is where it is carried."""
    old = age(fact, at)
    note = f"{several(old, 'session')} old" if old else ""
    if fact.decided:
        note = "; ".join(filter(None, ["final price of a delisting", note]))
    return stored(dollars(label), fact.value, fact.session, fact.origin, "as traded", note)


def split_input(fact: Fact) -> Input:
    """A split: new shares per old share."""
    return stored(ratio("Split (k), new shares per old share"), fact.value, fact.session, fact.origin, "as traded")


def report_input(fact: Fact) -> Input:
    """A report of shares outstanding."""
    return stored(counted("Shares outstanding as reported"), fact.value, fact.session, fact.origin)
