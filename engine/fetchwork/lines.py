"""A stock under the tickers it has had: a vendor gives its whole history under the last one, the store keeps each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.fetching.asks import Answer

Renaming = tuple[date, str, str]
"""Session, old ticker, new ticker."""
Ending = tuple[date, str]
"""Session of the final price, ticker: a later price is of another stock."""
Stretch = tuple[str, date, date]
"""Ticker, first day, day after the last one."""


class Lines:
    """Which ticker a stock had when.

    Args:
        renames: Every rename that is known, in any order.
        endings: Every end of a stock, likewise.
    """

    def __init__(self, renames: Iterable[Renaming], endings: Iterable[Ending] = ()) -> None:
        self._renames = sorted(renames)
        self._endings = sorted(endings)

    def with_rename(self, renaming: Renaming) -> Lines:
        """The same with one more."""
        return Lines([*self._renames, renaming], self._endings)

    def with_ending(self, ending: Ending) -> Lines:
        """The same with one more."""
        return Lines(self._renames, [*self._endings, ending])

    def without_endings(self, ticker: str, after: date) -> Lines:
        """The same, if a ticker had not ended after a session."""
        return Lines(self._renames, [one for one in self._endings if one[1] != ticker or one[0] <= after])

    def ends_after(self, ticker: str, session: date) -> bool:
        """Whether what had a ticker on a session is known to have ended since."""
        return any(name == ticker and day > session for day, name in self._endings)

    def leaves(self, ticker: str, session: date) -> bool:
        """Whether what had a ticker goes on under another one from a session on."""
        return any(old == ticker and day == session for day, old, _ in self._renames)

    def stretches(self, ticker: str) -> list[Stretch]:
        """The tickers of a stock that is ``ticker`` now, the latest first, with first day and day after.

        A ticker begins anew when the stock that had it goes on under another one, and after an end.
        """
        found: list[Stretch] = []
        end = date.max
        while True:
            begin = self._begin(ticker, end)
            into = [(since, old) for since, old, new in self._renames if new == ticker and begin <= since < end]
            if not into:
                return [*found, (ticker, begin, end)]
            since, old = max(into)
            found.append((ticker, since, end))
            ticker, end = old, since

    def _begin(self, ticker: str, end: date) -> date:
        left = [since for since, old, _ in self._renames if old == ticker and since < end]
        ended = [day + timedelta(days=1) for day, name in self._endings if name == ticker and day < end]
        return max([*left, *ended], default=date.min)

    def parts(self, answer: Answer) -> list[tuple[str, Answer, date]]:
        """An answer by the ticker that each stretch of it is stored under, with the day after it, the latest first."""
        stretches = self.stretches(answer.ask.symbol)
        if stretches == [(answer.ask.symbol, date.min, date.max)]:
            return [(answer.ask.symbol, answer, date.max)]
        # Who only plans a fetch asks about tickers, and needs no frames for that.
        from engine.fetchwork.stitching import stretch_of

        return [(ticker, stretch_of(answer, ticker, first, end), end) for ticker, first, end in stretches]
