"""A deterministic market in as-traded truth, and the events that can be planted in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.calendar import is_half_day, last_closed_session
from tests.yahoo import making, truth
from tests.yahoo.listing import Correction, Listing, Split

NEW_YORK = ZoneInfo("America/New_York")


def moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A New York moment."""
    return datetime.combine(day, time(hour, minute), NEW_YORK)


def evening(day: date) -> datetime:
    """When the bars of a session have been final for a while."""
    return moment(day, 18)


def close_of(day: date) -> datetime:
    """When trading ends."""
    return moment(day, 13 if is_half_day(day) else 16)


@dataclass(frozen=True)
class Loss:
    """From ``at`` until ``until`` the vendor does not have a session: of some lines, or of all."""

    number: int
    at: datetime
    until: datetime | None
    lines: tuple[Listing, ...] | None
    blank: bool = False

    def hits(self, listing: Listing, now: datetime) -> bool:
        """Whether it hides the session of a line."""
        open_still = self.until is None or now < self.until
        return self.at <= now and open_still and (self.lines is None or any(line is listing for line in self.lines))


@dataclass
class Market:
    """Everything that ever trades, on its sessions; what is known when follows from a clock.

    Make one with ``Market.make``, plant what is to happen, and let a server show it.
    """

    sessions: list[date]
    listings: list[Listing]
    rates: dict[str, dict[date, float]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    version: int = 0

    @classmethod
    def make(
        cls,
        names: int = 40,
        sessions: int = 300,
        last: date = date(2024, 6, 28),
        seed: int = 1,
        *,
        specials: bool = True,
        events: bool = True,
        buy_back: float = 0.004,
    ) -> Market:
        """So many companies over so many sessions up to a day.

        Args:
            names: Ordinary companies, ``ZAA`` (the largest at first) and so on; with specials every seventh of the
                first seven is an IPO in the middle.
            sessions: Sessions, those that the clock has not reached included.
            last: No session is later.
            seed: Of every draw.
            specials: Share classes (``ALFA``/``ALFC``, ``OMAH-A``/``OMAH-B``), an IPO (``ZAG``), a preferred
                (``ZAB-PL``), a warrant (``ZAC-WT``), an OTC line (``ZOTCF``), small names (``SMA`` to ``SMC``) and a
                name without a market cap (``NOCAP``).
            events: Splits and dividends of many names.
            buy_back: Largest fall of the shares from one report to the next.
        """
        draw = np.random.default_rng(seed)
        days = making.sessions_to(last, sessions)
        market = cls(days, making.listings(draw, days, names, buy_back=buy_back))
        if specials:
            market.listings += making.specials(draw, days, market.listings)
        if events:
            making.plant_events(draw, market)
        market.listings += making.benchmarks(draw, days)
        market.rates["EURUSD"] = making.rates(draw, days)
        return market

    # -- finding

    def number(self, day: date) -> int:
        """Number of the first session on or after a day."""
        return bisect_left(self.sessions, day)

    def find(self, symbol: str, at: datetime | None = None) -> Listing | None:
        """The line that has a symbol at a moment (by default: ever, the latest first), None for none."""
        if at is None:
            found = [each for each in self.listings if symbol in {name for _, name in each.symbols}]
            return found[-1] if found else None
        day = at.astimezone(NEW_YORK).date()
        for each in self.listings:
            if each.symbol(day) == symbol and (each.gone_at is None or at < each.gone_at):
                return each
        return None

    def line(self, symbol: str) -> Listing:
        """The line that ever has a symbol."""
        found = self.find(symbol)
        assert found is not None, f"no {symbol} in this market"
        return found

    def close(self, symbol: str, session: date, at: datetime | None = None) -> float:
        """A close as traded."""
        return float(self.line(symbol).bars(at or evening(self.sessions[-1])).close[self.number(session)])

    # -- what can be planted; every one of them changes what the server shows from then on

    def split(
        self,
        symbol: str,
        session: date,
        numerator: int,
        denominator: int = 1,
        *,
        listed_at: datetime | None = None,
        adjusted_at: datetime | None = None,
    ) -> None:
        """Split a line at the open of a session; the vendor knows it from that midnight on, unless told otherwise."""
        at = moment(session)
        split = Split(self.number(session), numerator, denominator, listed_at or at, adjusted_at or at)
        self.line(symbol).splits.append(split)
        self.version += 1

    def dividend(self, symbol: str, session: date, amount: float) -> None:
        """Pay an amount per share, as traded."""
        line, number = self.line(symbol), self.number(session)
        line.dividends[number] = amount * float(line.factors()[number])
        self.version += 1

    def rename(self, symbol: str, session: date, new: str) -> None:
        """Give a line another symbol: the history moves, and the old symbol answers nothing any more."""
        self.line(symbol).symbols.append((session, new))
        self.version += 1

    def delist(self, symbol: str, last: date, *, gone_at: datetime | None = None) -> None:
        """End a line after a session. The vendor drops it at the next midnight, unless told otherwise."""
        line, number = self.line(symbol), self.number(last)
        line.value[number + 1 :] = np.nan
        after = self.sessions[min(number + 1, len(self.sessions) - 1)]
        line.gone_at = gone_at or moment(after)
        self.version += 1

    def halt(self, symbol: str, sessions: Iterable[date]) -> None:
        """Let a line not trade on some sessions: the vendor has no bars of them."""
        for session in sessions:
            self.line(symbol).value[self.number(session)] = np.nan
        self.version += 1

    def correct(self, symbol: str, session: date, close: float, at: datetime) -> None:
        """From a moment on, let the close of a past session read otherwise."""
        self.line(symbol).corrections.append(Correction(self.number(session), close, at))
        self.version += 1

    def lose(
        self,
        session: date,
        at: datetime,
        *,
        until: datetime | None = None,
        symbols: Iterable[str] | None = None,
        blank: bool = False,
    ) -> None:
        """From a moment on, have a session no more: of some names or of all, until it comes back.

        With ``blank`` its rows are there, and empty.
        """
        lines = None if symbols is None else tuple(self.line(symbol) for symbol in symbols)
        self.losses.append(Loss(self.number(session), at, until, lines, blank))
        self.version += 1

    def delay(self, session: date, until: datetime, *, symbols: Iterable[str] | None = None) -> None:
        """Have a session only from a moment on: quotes and charts stand at the session before."""
        self.lose(session, moment(session), until=until, symbols=symbols)

    # -- what is true, and what is shown

    def open_sessions(self, now: datetime) -> int:
        """How many sessions have begun."""
        local = now.astimezone(NEW_YORK)
        begun = bisect_left(self.sessions, local.date())
        today = begun < len(self.sessions) and self.sessions[begun] == local.date()
        return begun + int(today and local.time() >= time(9, 30))

    def shown(self, listing: Listing, now: datetime) -> tuple[npt.NDArray[np.int64], set[int]]:
        """Numbers of the sessions that the vendor has of a line, and those of them that are empty rows."""
        begun = self.open_sessions(now)
        trades = ~np.isnan(listing.value[:begun])
        blank = set()
        for loss in self.losses:
            if loss.number < begun and trades[loss.number] and loss.hits(listing, now):
                trades[loss.number] = loss.blank
                blank |= {loss.number} if loss.blank else set()
        return np.flatnonzero(trades), blank

    def truth(
        self, as_of: datetime, *, since: date | None = None, shown: bool = False, names: Iterable[str] | None = None
    ) -> dict[str, pl.DataFrame]:
        """Raw frames by table of a perfect vendor, of the sessions that are closed.

        Args:
            as_of: When it is asked.
            since: First session wanted.
            shown: Leave out the sessions that the vendor does not have at that moment.
            names: Symbols (any that a line ever has) to confine it to.
        """
        wanted = None if names is None else {id(self.line(name)) for name in names}
        return truth.frames(self, as_of, last_closed_session(as_of), since, shown=shown, wanted=wanted)
