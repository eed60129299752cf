"""The plain road to every number of the index: dictionaries and loops, read beside METHODOLOGY.md.

It is slow and holds everything in memory. Tests compare the shipped path with it; nothing else uses it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.index.reference_market import Line, ReferenceMarket
from engine.index.rules import CAP, MAX_STALE, TRADED_WINDOW, Facts, refusal

Ranking = list[tuple[Line, float]]
"""Companies by cap: the line that stands for each, and the company's cap."""


@dataclass(frozen=True, slots=True)
class ReferenceSession:
    """One published session.

    Members are (ticker, rank, cap, weight, since), changes (kind, ticker, rank before, rank after), moved (kind,
    ticker, part of the turnover), and parts (ticker, weight, total-return weight, price return, total return).
    """

    session: date
    level_pr: float
    level_tr: float
    return_pr: float | None
    return_tr: float | None
    priced: int
    turnover: float | None
    members: tuple[tuple[str, int, float | None, float, date], ...]
    changes: tuple[tuple[str, str, int | None, int | None], ...]
    moved: tuple[tuple[str, str, float], ...]
    parts: tuple[tuple[str, float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Close:
    """The close of a session.

    ``decided`` says whether members were decided by rank, and ``published`` is False where a level is missing.
    """

    t: int
    held: set[Line]
    after: set[Line]
    today: Ranking
    decided: bool
    published: bool


class Reference(ReferenceMarket):
    """The index over every session of ``sessions``, of which the last is only there to end a period.

    Args:
        raw: All raw rows.
        sessions: Consecutive sessions and one more.
        rules: The rules.
    """

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
            self.advance(t)
            due = due or self._period(t) != self._period(t + 1)
            for line in grown:
                alive = t - line.last <= MAX_STALE
                grown[line] *= 1 + ((line.growth or 0.0) if alive else 0.0)
                grown_tr[line] *= 1 + ((line.growth_tr or 0.0) if alive else 0.0)
            today = self._ranking(t)
            first = not published
            if (first and not (today and self._may_begin(t))) or (not first and not self._complete(t, list(weights))):
                self.watch(Close(t, set(weights), set(weights), today, decided=False, published=first))
                continue
            return_pr = sum(weight * (grown[line] - 1) for line, weight in weights.items())
            return_tr = sum(weight * (grown_tr[line] - 1) for line, weight in weights_tr.items())
            level_pr, level_tr = level_pr * (1 + return_pr), level_tr * (1 + return_tr)
            drifted = {line: weight * grown[line] / (1 + return_pr or 1) for line, weight in weights.items()}
            drifted_tr = {line: weight * grown_tr[line] / (1 + return_tr or 1) for line, weight in weights_tr.items()}
            if first or due:
                members = self.select(today, set(weights))
                target = self._targets(members, dict(today))
                target_tr = dict(target)
            else:
                members = [line for line in weights if t - line.last <= MAX_STALE and not self.has_left(line)]
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
                    moved=() if first else _moved(weights, target, drifted),
                    parts=tuple(
                        (line.ticker, weights.get(line, 0.0), weights_tr.get(line, 0.0), grown[line] - 1, more - 1)
                        for line, more in grown_tr.items()
                        if line in weights or self.trades(line, t)
                    ),
                )
            )
            self.watch(Close(t, set(weights), set(target), today, decided=first or due, published=True))
            followed = {**target, **weights}
            weights, weights_tr, ranks, due = target, target_tr, ranks_now, False
            grown, grown_tr = dict.fromkeys(followed, 1.0), dict.fromkeys(followed, 1.0)
        return published

    def watch(self, close: Close) -> None:
        """Called at the close of every session: for those who want to look at more than what is published."""

    # -- companies, ranking and selection

    def _ranking(self, t: int) -> Ranking:
        companies: dict[str, list[Line]] = defaultdict(list)
        for line in self.carriers.values():
            if t - line.last <= MAX_STALE and line.cap is not None and not self.refused(line.ticker):
                companies[self.issuer(line.ticker)].append(line)
        found = []
        for lines in companies.values():
            cap = max(line.cap or 0.0 for line in lines)
            best = min(lines, key=lambda line: (-_mean_traded(line, t), line.ticker)) if len(lines) > 1 else lines[0]
            found.append((best, cap))
        return sorted(found, key=lambda pair: (-pair[1], pair[0].ticker))

    def refused(self, ticker: str) -> bool:
        """Whether a ticker is never eligible."""
        return refusal(self.facts.get(ticker, Facts()), self.rules) is not None

    def issuer(self, ticker: str) -> str:
        """Name of the company of a ticker."""
        name = (self.facts[ticker].issuer or "").strip().lower() if ticker in self.facts else ""
        return name or f"ticker {ticker}"

    def _ranks(self, t: int, today: Ranking) -> dict[Line, int]:
        """Rank of every eligible line: that of its company."""
        by_issuer = {self.issuer(line.ticker): place for place, (line, _) in enumerate(today, 1)}
        return {
            line: by_issuer[self.issuer(line.ticker)]
            for line in self.carriers.values()
            if t - line.last <= MAX_STALE and line.cap is not None and not self.refused(line.ticker)
        }

    def select(self, today: Ranking, incumbents: set[Line]) -> list[Line]:
        """Members by rank, with the buffer."""
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

    def _may_begin(self, t: int) -> bool:
        base = self.rules.base_date
        return base is None or self.sessions[t] >= base

    def _targets(self, members: list[Line], caps: dict[Line, float]) -> dict[Line, float]:
        if self.rules.weighting == CAP:
            total = sum(caps[line] for line in members)
            return {line: caps[line] / total for line in members}
        return {line: 1 / len(members) for line in members}

    def _complete(self, t: int, held: list[Line]) -> bool:
        waiting = sum(line.last != t and t - line.last <= MAX_STALE and not self.has_left(line) for line in held)
        return bool(self.closes.get(t)) and waiting <= 0.05 * len(held)

    def _described(
        self,
        members: Sequence[Line],
        ranks: Mapping[Line, int],
        today: Ranking,
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


def _moved(
    before: Mapping[Line, float], after: Mapping[Line, float], drifted: Mapping[Line, float]
) -> tuple[tuple[str, str, float], ...]:
    """Part of the turnover of each addition and deletion."""
    rows = [("added", line.ticker, weight / 2) for line, weight in after.items() if line not in before]
    rows += [("removed", line.ticker, drifted[line] / 2) for line in before if line not in after]
    return tuple(sorted(rows))


def _changes(
    before: dict[Line, float], after: dict[Line, float], ranks: dict[Line, int], ranks_now: dict[Line, int]
) -> tuple[tuple[str, str, int | None, int | None], ...]:
    rows = [("added", line.ticker, ranks.get(line), ranks_now.get(line)) for line in after if line not in before]
    rows += [("removed", line.ticker, ranks.get(line), ranks_now.get(line)) for line in before if line not in after]
    return tuple(sorted(rows, key=lambda row: (row[0], row[1])))
