"""What the page of a company asks the engine. Called in workers: nothing here touches a widget."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

from engine.errors import DataError, NoData
from engine.views.stock import price_returns
from tuiapp.format import plain

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.quality import Decision, Finding
    from engine.views.types import CompositionRow, CompositionView, IndexStatus, StockRow, StockView

MOST_MEANT: Final = 3
LIKE: Final = 0.6
"""How alike tickers have to be, from 0 to 1, to be taken for each other."""


@dataclass(frozen=True)
class Company:
    """A company through all of the stored sessions.

    Attributes:
        view: What the engine knows of it.
    """

    view: StockView

    @cached_property
    def tickers(self) -> dict[str, tuple[date, date]]:
        """The tickers it went by, in their order, with the first and the last session that it traded under each."""
        runs = ((ticker, list(rows)) for ticker, rows in groupby(self.view.rows, lambda row: row.ticker))
        return {ticker: (rows[0].session, rows[-1].session) for ticker, rows in runs}

    @cached_property
    def _sessions(self) -> list[date]:
        return [row.session for row in self.view.rows]

    @cached_property
    def returns(self) -> Mapping[date, float]:
        """Price returns by session, against the last price before."""
        return price_returns(self.view, date.max)

    def until(self, session: date) -> tuple[StockRow, ...]:
        """Its sessions up to one."""
        return self.view.rows[: bisect_right(self._sessions, session)]

    def ticker_at(self, session: date) -> str:
        """The ticker it went by at a session; before its first price, its first one."""
        known = self.until(session) or self.view.rows[:1]
        return known[-1].ticker if known else self.view.ticker


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a company stands at a session.

    Attributes:
        status: The index at the session.
        row: Its row in the ranking; None where it is not near the cut, or not eligible.
        cut_cap_usd: Market cap of the last place.
        instead: Row of the line that has the place of its company, None where it has that itself or nobody does.
    """

    status: IndexStatus
    row: CompositionRow | None
    cut_cap_usd: float | None
    instead: CompositionRow | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was found about a company, and what a person has decided."""

    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]


def company(engine: Engine, ticker: str, session: date) -> Company:
    """The company that went by a ticker at a session, through all sessions. Raises ``DataError`` if there is none."""
    try:
        found = engine.stock(ticker, end=session)
    except NoData:
        raise
    except DataError as error:
        raise DataError(error.message, hint=_meant(engine, ticker) or error.hint) from error
    if session >= found.status.last_session:
        return Company(found)
    whole = engine.stock(found.ticker)
    # A ticker that another company has taken over leads to that one.
    same = whole.rows[:1] == found.rows[:1]
    return Company(whole if same else found)


def _meant(engine: Engine, ticker: str) -> str:
    near = get_close_matches(ticker.upper(), [known for known, _ in engine.companies()], MOST_MEANT, LIKE)
    return f"did you mean {' or '.join(map(plain, near))}?" if near else ""


def standing(engine: Engine, ticker: str, session: date) -> Standing:
    """Where the company that goes by a ticker at a session stands then."""
    view: CompositionView = engine.composition(session)
    row = _row_of(view, (ticker,))
    return Standing(view.status, row, view.cut_cap_usd, None if row else _row_of(view, _lines(engine, ticker, session)))


def _row_of(view: CompositionView, tickers: Collection[str]) -> CompositionRow | None:
    return next((row for row in (*view.rows, *view.outside) if row.ticker in tickers), None)


def _lines(engine: Engine, ticker: str, session: date) -> tuple[str, ...]:
    """The other lines of a company at a session; of one that did not trade yet there is nothing to know."""
    try:
        return engine.stock(ticker, session, session).lines
    except NoData:
        raise
    except DataError:
        return ()


def known(engine: Engine, tickers: frozenset[str]) -> Known:
    """Findings and decisions about the tickers of a company."""
    view = engine.coverage()
    return Known(
        tuple(found for found in view.findings if found.ticker in tickers),
        tuple(made for made in view.decisions if made.ticker in tickers or made.text in tickers),
    )
