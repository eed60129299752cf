"""The plain road to listings, prices and caps: dictionaries and loops, a session at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.index.inputs import RawData
from engine.index.rules import MAX_STALE, QUARANTINE_SESSIONS, SECOND_SOURCE_TOLERANCE, Facts, Rules


@dataclass(slots=True, eq=False)
class Line:
    """A listing, as it stands at the session that the walk has reached.

    ``given`` is the session's given cap, ``carried`` what the price has made of the cap before, ``bare`` the first of
    its sessions without any cap, and ``ended`` whether it has had its final price.
    """

    number: int
    ticker: str
    began: int
    last: int
    close: float
    cap: float | None = None
    source: str = "none"
    missed: int = 0
    quarantined: int | None = None
    growth: float | None = None
    growth_tr: float | None = None
    ended: bool = False
    given: float | None = None
    carried: float | None = None
    bare: int | None = None
    traded: dict[int, float] = field(default_factory=dict)


class ReferenceMarket:
    """Every listing at the session that the walk has reached.

    Args:
        raw: All raw rows.
        sessions: Consecutive sessions and one more.
        rules: The rules.
    """

    def __init__(self, raw: RawData, sessions: Sequence[date], rules: Rules) -> None:
        self.sessions = list(sessions)
        self.rules = rules
        self.closes = self._by_day(raw.prices)
        self.caps = self._by_day(raw.caps)
        self.traded = self._by_day(raw.traded)
        self.splits = self._events(raw.splits, product=True)
        self.dividends = self._events(raw.dividends, product=False)
        self.shares = self._reports(raw)
        self.facts = {row[0]: Facts(*row[1:]) for row in raw.securities.iter_rows()}
        for _, old, new in sorted(raw.renames.iter_rows(), reverse=True):
            if old not in self.facts and new in self.facts:
                self.facts[old] = self.facts[new]
        self.accepted = {(self._number(day), ticker) for day, ticker in raw.accepted.iter_rows()}
        self.finals = self._by_day(raw.finals.sort("session"))
        self.renames = [(self._number(day), old, new) for day, old, new in raw.renames.iter_rows()]
        self.lines: list[Line] = []
        self.carriers: dict[str, Line] = {}
        self.displaced: dict[str, Line] = {}
        self.joined: set[tuple[int, str, str]] = set()

    def advance(self, t: int) -> None:
        """Go on to the close of a session."""
        closes = {**self.closes.get(t, {}), **self.finals.get(t, {})}
        for ticker in sorted(closes, key=lambda one: (not self._renamed_to(one, t), one)):
            self._find_line(ticker, t)
        for line in self.lines:
            if t - line.last <= MAX_STALE or closes.get(line.ticker) is not None:
                self._price(line, t, closes.get(line.ticker) if self.carriers.get(line.ticker) is line else None)
                self._cap(line, t)
        for ticker in self.finals.get(t, {}):
            if ticker in self.carriers and self.carriers[ticker].last == t:
                self.carriers.pop(ticker).ended = True

    def trades(self, line: Line, t: int) -> bool:
        """Whether a listing is there on a session; on that of its final price it is."""
        return line.last == t if line.ended else self.carriers.get(line.ticker) is line and t - line.last <= MAX_STALE

    def has_left(self, line: Line) -> bool:
        """Whether a listing has had its final price, or has lost its ticker to another one."""
        return line.ended or self.carriers.get(line.ticker) is not line

    def _renamed_to(self, ticker: str, t: int) -> list[tuple[int, str]]:
        return [(at, old) for at, old, new in self.renames if new == ticker and at <= t <= at + MAX_STALE + 1]

    def _find_line(self, ticker: str, t: int) -> None:
        here = self.carriers.get(ticker)
        if here is not None and t - here.last > MAX_STALE + 1:
            here = None
            del self.carriers[ticker]
        for at, old in self._renamed_to(ticker, t):
            if here is not None and here.began >= at:
                continue
            taken = old in self.displaced and old in self.carriers and self.carriers[old].began >= at
            holders = self.displaced if taken else self.carriers
            line = holders.get(old)
            if line is not None and line.last < t and t - line.last <= MAX_STALE + 1:
                del holders[old]
                self.joined.add((at, old, ticker))
                if here is not None:
                    self.displaced[ticker] = here
                line.ticker, line.began = ticker, t
                self.carriers[ticker] = line
                return
        if here is None and ticker in self.closes.get(t, {}):
            line = Line(len(self.lines) + 1, ticker, t, t, float("nan"))
            self.lines.append(line)
            self.carriers[ticker] = line

    def _price(self, line: Line, t: int, close: float | None) -> None:
        if self.carriers.get(line.ticker) is not line:
            line.growth, line.growth_tr = 0.0, 0.0
            return
        split = self.splits.get(t, {}).get(line.ticker, 1.0)
        dividend = self.dividends.get(t, {}).get(line.ticker, 0.0)
        before, known = line.close, line.close == line.close
        if close is None:
            line.growth, line.growth_tr = 0.0, dividend * split / before
            line.close = before / split
            return
        line.growth = close * split / before - 1 if known else None
        line.growth_tr = (close + dividend) * split / before - 1 if known else None
        line.close, line.last = close, t
        traded = self.traded.get(t, {}).get(line.ticker)
        if traded is not None:
            line.traded[t] = traded

    def _cap(self, line: Line, t: int) -> None:
        if self.carriers.get(line.ticker) is not line:
            line.cap = None
            return
        line.given = given = self.caps.get(t, {}).get(line.ticker)
        line.carried = carried = None if line.cap is None or line.growth is None else line.cap * (1 + line.growth)
        shares = self.shares_at(line.ticker, t)
        computed = None if shares is None else line.close * shares
        if given is not None and self._plausible(given, carried, computed, line, t):
            line.cap, line.source, line.missed, line.quarantined = given, "given", 0, None
        elif given is not None:
            line.cap, line.source = carried, "quarantined"
            line.quarantined = t if line.quarantined is None else line.quarantined
        elif computed is not None:
            line.cap, line.source, line.missed = computed, "shares", 0
        else:
            line.missed += 1
            line.cap, line.source = (carried, "carried") if line.missed <= MAX_STALE else (None, "none")
        if line.cap is None:
            line.missed, line.quarantined = 0, None
        line.bare = None if line.cap is not None else t if line.bare is None else line.bare

    def _plausible(self, given: float, carried: float | None, computed: float | None, line: Line, t: int) -> bool:
        band = self.rules.cap_band
        return (
            band == 0
            or carried is None
            or (t, line.ticker) in self.accepted
            or carried / band <= given <= carried * band
            or (computed is not None and computed > 0 and abs(given / computed - 1) <= SECOND_SOURCE_TOLERANCE)
            or (line.quarantined is not None and t - line.quarantined >= QUARANTINE_SESSIONS)
        )

    def shares_at(self, ticker: str, t: int) -> float | None:
        """Shares outstanding on the basis of a session."""
        reports = [found for found in self.shares.get(ticker, ()) if found[0] <= self.sessions[t]]
        if not reports:
            return None
        day, shares = reports[-1]
        for s, splits in sorted(self.splits.items()):
            if day < self.split_days[s].get(ticker, day) and s <= t:
                shares *= splits[ticker]
        return shares

    # -- inputs

    def _number(self, day: date) -> int:
        return bisect_left(self.sessions, day)

    def _by_day(self, frame: Any) -> dict[int, dict[str, float]]:
        found: dict[int, dict[str, float]] = defaultdict(dict)
        for day, ticker, value in frame.iter_rows():
            found[self._number(day)][ticker] = value
        return found

    def _events(self, frame: Any, *, product: bool) -> dict[int, dict[str, float]]:
        """Splits or dividends by the first session on or after their date."""
        found: dict[int, dict[str, float]] = defaultdict(dict)
        if product:
            self.split_days: dict[int, dict[str, date]] = defaultdict(dict)
        for day, ticker, value in frame.iter_rows():
            here = found[self._number(day)]
            if product:
                here[ticker] = here.get(ticker, 1.0) * value
                self.split_days[self._number(day)][ticker] = day
            else:
                here[ticker] = here.get(ticker, 0.0) + value
        return found

    def _reports(self, raw: RawData) -> dict[str, list[tuple[date, float]]]:
        found: dict[str, list[tuple[date, float]]] = defaultdict(list)
        for day, ticker, shares in sorted(raw.shares.iter_rows()):
            found[ticker].append((day, shares))
        return found
