"""The plain road to the findings: every line is looked at on every session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.index.inputs import RawData
from engine.index.reference import Close, Reference
from engine.index.reference_market import Line
from engine.index.rules import CAP_STEP, JUMP, MAX_STALE, QUARANTINE_SESSIONS, SECOND_SOURCE_TOLERANCE, Rules

ReferenceFinding = tuple[str, str, date, date, float | None, float | None, str]
"""Kind, ticker, first session of the run, session, value, used, effect."""


@dataclass(slots=True)
class Step:
    """A given cap that moved against the price, and what the price has made of the cap before."""

    kind: str
    since: int
    other: float


class ReferenceFindings(Reference):
    """The reference, with an eye on the data; ``findings`` holds what it saw, run after run.

    Args:
        raw: All raw rows.
        sessions: Consecutive sessions and one more.
        rules: The rules.
    """

    def __init__(self, raw: RawData, sessions: Sequence[date], rules: Rules) -> None:
        super().__init__(raw, sessions, rules)
        self.findings: list[ReferenceFinding] = []
        self._runs: dict[tuple[str, int], int] = {}
        self._steps: dict[Line, Step] = {}
        self._there: set[tuple[int, str]] = set()
        self._stayed: set[Line] = set()
        self._renames = list(raw.renames.iter_rows())

    def watch(self, close: Close) -> None:
        """Note what is odd at a close."""
        t = close.t
        if not close.published:
            kind = "incomplete-session" if any(line.last == t for line in self.lines) else "missing-session"
            self._note(kind, "", t, t, sum(line.last == t for line in close.held), len(close.held))
        for line in self.lines:
            if self.trades(line, t):
                self._there.add((t, line.ticker))
                self._look(close, line)
            elif line in self._stayed and line in close.held:
                since = line.last + 1
                self._note("ended", line.ticker, since, t, t - line.last, line.close, "member")
        self._stayed = {line for line in self.carriers.values() if self.trades(line, t)}
        for kind, ticker, since in self._unmatched(t):
            self._note(kind, ticker, since, t)

    def without_cap(self) -> list[ReferenceFinding]:
        """Runs of sessions without any cap."""
        day = self.sessions
        return [
            ("no-cap", ticker, day[since], day[last], float(last - since + 1), None, "")
            for (ticker, since), last in self._runs.items()
        ]

    def _note(
        self,
        kind: str,
        ticker: str,
        since: int,
        t: int,
        value: float | None = None,
        used: float | None = None,
        effect: str = "",
    ) -> None:
        self.findings.append((kind, ticker, self.sessions[since], self.sessions[t], value, used, effect))

    def _look(self, close: Close, line: Line) -> None:
        t, held = close.t, "member" if line in close.held else ""
        priced = line.last == t
        if not priced and not self.refused(line.ticker) and any(one.last == t for one in self.lines):
            self._note("stale-price", line.ticker, line.last + 1, t, t - line.last, line.close, held)
        if line.ended:
            return
        if priced and line.growth is not None and abs(line.growth) > JUMP:
            self._note("jump", line.ticker, t, t, line.growth, self.splits.get(t, {}).get(line.ticker), held)
        if line.bare is not None and not self.refused(line.ticker):
            self._runs[line.ticker, max(line.bare, line.began)] = t
        if line.source == "quarantined" and line.cap is not None and line.quarantined is not None:
            effect = self._effect(close, line, line.given or 0.0)
            self._note("quarantined-cap", line.ticker, line.quarantined, t, line.given, line.cap, effect)
        self._follow(close, line)

    def _follow(self, close: Close, line: Line) -> None:
        """A step that begins today, or one that still stands."""
        t = close.t
        step = self._begins(line, t) or self._stands(line, t)
        if step is None:
            self._steps.pop(line, None)
            return
        self._steps[line] = step
        effect = self._effect(close, line, step.other)
        if step.since == t or effect in ("kept-in", "kept-out"):
            self._note(step.kind, line.ticker, step.since, t, line.cap, step.other, effect)

    def _begins(self, line: Line, t: int) -> Step | None:
        if line.source != "given" or line.cap is None or line.carried is None or (t, line.ticker) in self.accepted:
            return None
        if abs(line.cap / line.carried - 1) <= CAP_STEP:
            return None
        shares = self.shares_at(line.ticker, t)
        if shares and abs(line.cap / (line.close * shares) - 1) <= SECOND_SOURCE_TOLERANCE:
            return None
        band = self.rules.cap_band
        inside = band == 0 or line.carried / band <= line.cap <= line.carried * band
        return Step("cap-step" if inside else "band-expired", t, line.carried)

    def _stands(self, line: Line, t: int) -> Step | None:
        step = self._steps.get(line)
        if step is None or t - step.since >= QUARANTINE_SESSIONS or line.cap is None:
            return None
        other = step.other * (1 + (line.growth or 0.0))
        return Step(step.kind, step.since, other) if abs(line.cap / other - 1) > CAP_STEP else None

    def _effect(self, close: Close, line: Line, other: float) -> str:
        """Rank and select once more with another cap of one line."""
        eligible = line.cap is not None and not self.refused(line.ticker)
        lines = {line}
        if eligible:
            lines |= {
                one
                for one in self.carriers.values()
                if self.issuer(one.ticker) == self.issuer(line.ticker)
                and self.trades(one, close.t)
                and one.cap is not None
                and not self.refused(one.ticker)
            }
        member = bool(lines & close.after)
        if not close.decided or not eligible:
            return "member" if member else ""
        cap = max([other, *(one.cap or 0.0 for one in lines if one is not line)])
        ranking = [(one, cap if one in lines else known) for one, known in close.today]
        ranking.sort(key=lambda pair: (-pair[1], pair[0].ticker))
        would = bool(lines & set(self.select(ranking, close.held)))
        return {(True, True): "member", (True, False): "kept-in", (False, True): "kept-out"}.get((member, would), "")

    def _unmatched(self, t: int) -> Iterator[tuple[str, str, int]]:
        for kind, events in (("unmatched-split", self.splits), ("unmatched-dividend", self.dividends)):
            yield from ((kind, ticker, t) for ticker in events.get(t, {}) if (t, ticker) not in self._there)
        for at, ticker in self.accepted:
            if at == t and ((t, ticker) not in self._there or ticker not in self.caps.get(t, {})):
                yield "unmatched-decision", ticker, t
        for ticker in self.finals.get(t, {}):
            if not any(line.ended and line.last == t and line.ticker == ticker for line in self.lines):
                yield "unmatched-decision", ticker, t
        for day, old, new in self._renames:
            at = self._number(day)
            if at + MAX_STALE + 1 == t and day >= self.sessions[0] and (at, old, new) not in self.joined:
                there = any((s, old) in self._there for s in (at - 1, at))
                if there or any((s, new) in self._there for s in range(at, t + 1)):
                    yield "unmatched-rename", old, at
