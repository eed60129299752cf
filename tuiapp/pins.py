"""Companies that a person keeps an eye on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Pins:
    """Tickers in the order in which they were pinned."""

    def __init__(self, tickers: Iterable[str] = ()) -> None:
        self._tickers = dict.fromkeys(tickers)

    def __contains__(self, ticker: object) -> bool:
        return ticker in self._tickers

    def __iter__(self) -> Iterator[str]:
        return iter(self._tickers)

    def __len__(self) -> int:
        return len(self._tickers)

    def toggle(self, ticker: str) -> bool:
        """Pin a ticker or unpin it; whether it is pinned now."""
        if ticker in self._tickers:
            del self._tickers[ticker]
            return False
        self._tickers[ticker] = None
        return True

    def take(self, tickers: Iterable[str]) -> None:
        """Take these in the place of all others."""
        self._tickers = dict.fromkeys(tickers)
