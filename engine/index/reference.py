"""The plain road to every number of the index: dictionaries and loops, read beside METHODOLOGY.md.

It is slow and holds everything in memory. Tests compare the shipped path with it; nothing else uses it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.index.inputs import RawData
from engine.index.rules import (
    MAX_STALE,
    QUARANTINE_SESSIONS,
    SECOND_SOURCE_TOLERANCE,
    TRADED_WINDOW,
    Rules,
    refusal,
)

Key = tuple[int, str]


@dataclass(slots=True, eq=False)
class Line:
    """A listing, as it stands at the session that the walk has reached."""

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
    traded: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReferenceSession:
    """One published session: levels, returns, members as (ticker, rank, cap, weight, since), and changes."""

    session: date
    level_pr: float
    level_tr: float
    return_pr: float | None
    return_tr: float | None
    priced: int
    turnover: float | None
    members: tuple[tuple[str, int, float | None, float, date], ...]
    changes: tuple[tuple[str, str, int | None, int | None], ...]


class Reference:
    """The index over every session of ``sessions``, of which the last is only there to end a period.

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
        self.facts = {row[0]: row[1:] for row in raw.securities.iter_rows()}
        for _, old, new in sorted(raw.renames.iter_rows(), reverse=True):
            if old not in self.facts and new in self.facts:
                self.facts[old] = self.facts[new]
        self.renames = [(self._number(day), old, new) for day, old, new in raw.renames.iter_rows()]
        self.lines: list[Line] = []
        self.carriers: dict[str, Line] = {}

    def run(self) -> list[ReferenceSession]:
        """Walk all sessions."""
        published: list[ReferenceSession] = []
        weights: dict[Line, float] = {}
        weights_tr: dict[Line, float] = {}
        grown: dict[Line, float] = {}
        grown_tr: dict[Line, float] = {}
        since: dict[Line, date] = {}
        ranks: dict[Line, int] = {}
        level_pr = level_tr = self.rules.base_level
        due = False
        for t in range(len(self.sessions) - 1):
            self._advance(t)
            due = due or self._period(t) != self._period(t + 1)
            for line in weights:
                alive = t - line.last <= MAX_STALE
                grown[line] *= 1 + ((line.growth or 0.0) if alive else 0.0)
                grown_tr[line] *= 1 + ((line.growth_tr or 0.0) if alive else 0.0)
            today = self._ranking(t)
            first = not published
            if (first and not today) or (not first and not self._complete(t, list(weights))):
                continue
            return_pr = sum(weight * (grown[line] - 1) for line, weight in weights.items())
            return_tr = sum(weight * (grown_tr[line] - 1) for line, weight in weights_tr.items())
            level_pr, level_tr = level_pr * (1 + return_pr), level_tr * (1 + return_tr)
            drifted = {line: weight * grown[line] / (1 + return_pr) for line, weight in weights.items()}
            drifted_tr = {line: weight * grown_tr[line] / (1 + return_tr) for line, weight in weights_tr.items()}
            if first or due:
                members = self._select(today, set(weights))
                target = {line: 1 / len(members) for line in members}
                target_tr = dict(target)
            else:
                members = [line for line in weights if t - line.last <= MAX_STALE]
                target = _shared_out({line: drifted[line] for line in members}, len(weights))
                target_tr = _shared_out({line: drifted_tr[line] for line in members}, len(weights))
            ranks_now = self._ranks(t, today)
            since = {line: since.get(line, self.sessions[t]) for line in members}
            published.append(
                ReferenceSession(
                    session=self.sessions[t],
                    level_pr=level_pr,
                    level_tr=level_tr,
                    return_pr=None if first else return_pr,
                    return_tr=None if first else return_tr,
                    priced=sum(line.last == t for line in weights),
                    turnover=None if first else _one_way(target, drifted),
                    members=self._described(members, ranks_now, today, target, since),
                    changes=() if first else _changes(weights, target, ranks, ranks_now),
                )
            )
            weights, weights_tr, ranks, due = target, target_tr, ranks_now, False
            grown, grown_tr = dict.fromkeys(target, 1.0), dict.fromkeys(target, 1.0)
        return published

    # -- listings, prices and caps of one session

    def _advance(self, t: int) -> None:
        closes = self.closes.get(t, {})
        for ticker in sorted(closes, key=lambda one: (not self._renamed_to(one, t), one)):
            self._find_line(ticker, t)
        for line in self.lines:
            if t - line.last <= MAX_STALE or closes.get(line.ticker) is not None:
                self._price(line, t, closes.get(line.ticker) if self.carriers.get(line.ticker) is line else None)
                self._cap(line, t)

    def _renamed_to(self, ticker: str, t: int) -> list[tuple[int, str]]:
        return [(at, old) for at, old, new in self.renames if new == ticker and at <= t <= at + MAX_STALE + 1]

    def _find_line(self, ticker: str, t: int) -> None:
        here = self.carriers.get(ticker)
        if here is not None and t - here.last > MAX_STALE + 1:
            here = None
        for at, old in self._renamed_to(ticker, t):
            if here is not None and here.began >= at:
                continue
            line = self.carriers.get(old)
            if line is not None and t - line.last <= MAX_STALE + 1:
                del self.carriers[old]
                line.ticker, line.began = ticker, t
                self.carriers[ticker] = line
                return
        if here is None:
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
        given = self.caps.get(t, {}).get(line.ticker)
        carried = None if line.cap is None or line.growth is None else line.cap * (1 + line.growth)
        shares = self._shares_at(line.ticker, t)
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

    def _plausible(self, given: float, carried: float | None, computed: float | None, line: Line, t: int) -> bool:
        band = self.rules.cap_band
        return (
            band == 0
            or carried is None
            or carried / band <= given <= carried * band
            or (computed is not None and abs(given / computed - 1) <= SECOND_SOURCE_TOLERANCE)
            or (line.quarantined is not None and t - line.quarantined >= QUARANTINE_SESSIONS)
        )

    def _shares_at(self, ticker: str, t: int) -> float | None:
        reports = [found for found in self.shares.get(ticker, ()) if found[0] <= self.sessions[t]]
        if not reports:
            return None
        day, shares = reports[-1]
        for s, splits in sorted(self.splits.items()):
            if day < self.split_days[s].get(ticker, day) and s <= t:
                shares *= splits[ticker]
        return shares

    # -- companies, ranking and selection

    def _ranking(self, t: int) -> list[tuple[Line, float]]:
        """Companies by cap: the line that stands for each, and the company's cap."""
        companies: dict[str, list[Line]] = defaultdict(list)
        for line in self.carriers.values():
            if t - line.last <= MAX_STALE and line.cap is not None and not self._refused(line.ticker):
                companies[self._issuer(line.ticker)].append(line)
        found = []
        for lines in companies.values():
            cap = max(line.cap or 0.0 for line in lines)
            best = min(lines, key=lambda line: (-_mean_traded(line, t), line.ticker)) if len(lines) > 1 else lines[0]
            found.append((best, cap))
        return sorted(found, key=lambda pair: (-pair[1], pair[0].ticker))

    def _refused(self, ticker: str) -> bool:
        exchange, _, country, kind = self.facts.get(ticker, (None, None, None, None))
        return refusal(exchange, country, kind, self.rules.domicile) is not None

    def _issuer(self, ticker: str) -> str:
        name = (self.facts[ticker][1] or "").strip().lower() if ticker in self.facts else ""
        return name or f"ticker {ticker}"

    def _ranks(self, t: int, today: list[tuple[Line, float]]) -> dict[Line, int]:
        """Rank of every eligible line: that of its company."""
        by_issuer = {self._issuer(line.ticker): place for place, (line, _) in enumerate(today, 1)}
        return {
            line: by_issuer[self._issuer(line.ticker)]
            for line in self.carriers.values()
            if t - line.last <= MAX_STALE and line.cap is not None and not self._refused(line.ticker)
        }

    def _select(self, today: list[tuple[Line, float]], incumbents: set[Line]) -> list[Line]:
        size, buffer = self.rules.size, self.rules.buffer
        lines = [line for line, _ in today]
        if not buffer or not incumbents:
            return lines[:size]
        chosen = lines[: size - buffer]
        for line in lines[size - buffer : size + buffer]:
            if line in incumbents and len(chosen) < size:
                chosen.append(line)
        for line in lines:
            if line not in chosen and len(chosen) < size:
                chosen.append(line)
        return sorted(chosen, key=lines.index)

    def _complete(self, t: int, held: list[Line]) -> bool:
        waiting = sum(line.last != t and t - line.last <= MAX_STALE for line in held)
        return bool(self.closes.get(t)) and waiting <= 0.05 * len(held)

    def _described(
        self,
        members: Sequence[Line],
        ranks: Mapping[Line, int],
        today: list[tuple[Line, float]],
        weights: Mapping[Line, float],
        since: Mapping[Line, date],
    ) -> tuple[tuple[str, int, float | None, float, date], ...]:
        caps = dict(enumerate((cap for _, cap in today), 1))
        rows = [
            (
                line.ticker,
                ranks.get(line, 0),
                caps.get(ranks.get(line, 0), line.cap),
                weights[line],
                since[line],
            )
            for line in members
        ]
        return tuple(sorted(rows, key=lambda row: (row[1], row[0])))

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

    def _period(self, t: int) -> object:
        day = self.sessions[t]
        return {
            "daily": day,
            "weekly": day.isocalendar()[:2],
            "monthly": (day.year, day.month),
            "quarterly": (day.year, (day.month - 1) // 3),
        }[self.rules.rebalance]


def _mean_traded(line: Line, t: int) -> float:
    window = [line.traded[s] for s in range(t - TRADED_WINDOW + 1, t + 1) if s in line.traded]
    return sum(window) / len(window) if window else 0.0


def _shared_out(kept: dict[Line, float], before: int) -> dict[Line, float]:
    """Weights of the members that stay; what a removed one held goes to them in proportion."""
    total = sum(kept.values())
    return {line: weight / total for line, weight in kept.items()} if 0 < len(kept) < before else kept


def _one_way(target: dict[Line, float], drifted: dict[Line, float]) -> float:
    return sum(abs(target.get(line, 0.0) - drifted.get(line, 0.0)) for line in {*target, *drifted}) / 2


def _changes(
    before: dict[Line, float], after: dict[Line, float], ranks: dict[Line, int], ranks_now: dict[Line, int]
) -> tuple[tuple[str, str, int | None, int | None], ...]:
    rows = [("added", line.ticker, ranks.get(line), ranks_now.get(line)) for line in after if line not in before]
    rows += [("removed", line.ticker, ranks.get(line), ranks_now.get(line)) for line in before if line not in after]
    return tuple(sorted(rows, key=lambda row: (row[0], row[1])))
