"""Findings in words: what was found, with its numbers, and what it did to the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from engine import calendar
from engine.domain.findings import FINDINGS, SEVERITIES
from engine.domain.words import counted
from engine.views.quality import CoverageRow, Finding

CAPS: Final = ("quarantined-cap", "band-expired", "cap-step")
QUARTER: Final = 63
"""Sessions without a dividend of any stock that are no accident."""

NO_LEVEL: Final = "no level; the next published session carries the return of both"


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of the table finding that are one finding.

    Attributes:
        kind: Its kind.
        ticker: Its ticker.
        first: First session.
        last: Last session.
        rows: How many sessions are stored of it.
        value: What it is about, on its first row.
        used: What was used instead, or what it is compared with, on its first row.
        value_last: ``value`` of its last row.
        member: Rows on which the stock was a member, or held, all the same.
        kept_in: Rows on which it was a member for it.
        kept_out: Rows on which it was none for it.
    """

    kind: str
    ticker: str
    first: date
    last: date
    rows: int
    value: float | None
    used: float | None
    value_last: float | None
    member: int
    kept_in: int
    kept_out: int


Told = Mapping[tuple[str, date], str]
"""More about an event, by its ticker and session: what a rename leads to, what was decided."""


def findings_of(rows: Iterable[tuple[Any, ...]], bare: Iterable[tuple[Any, ...]], told: Told) -> list[Finding]:
    """Findings of the build.

    Args:
        rows: Runs, in the order of their sessions within a kind.
        bare: Ticker and first session of the runs without a cap right before or after which it was a member.
        told: More about renames and decisions that fit nothing.
    """
    touching = set(bare)
    found = []
    for run in _joined([Run(*row) for row in rows]):
        touched = bool(run.member or run.kept_in or run.kept_out) or (run.ticker, run.first) in touching
        found.append(
            Finding(
                run.kind,
                run.ticker,
                run.first,
                run.last,
                DETAILS[run.kind](run) + told.get((run.ticker, run.first), "") * (run.kind in TOLD),
                severity=_severity(run, touched),
                effect=_effect(run, touched),
                sessions=_sessions(run),
                remedy=FINDINGS[run.kind].remedy,
            )
        )
    return found


def _severity(run: Run, touched: bool) -> str:
    """A cap that is wrong among the members changes ranks, but neither who is a member nor a level."""
    kind = FINDINGS[run.kind]
    if run.kind in CAPS and touched and not (run.kept_in or run.kept_out):
        return "medium"
    return kind.severity if touched else kind.severity_else


def dividends_end(dividends: CoverageRow, prices: CoverageRow) -> list[Finding]:
    """Whether dividends end long before the prices do: the total return is too low from there on."""
    if not dividends.last or not prices.last:
        return []
    first = dividends.last + calendar.ONE_DAY
    missed = calendar.sessions_between(first, prices.last)
    if len(missed) <= QUARTER:
        return []
    detail = f"the last dividend of any stock is of {dividends.last}; {len(missed):,} sessions have none"
    effect = "the total return is too low by the dividends since"
    return [_finding("dividends-end", "", missed[0], prices.last, detail, effect, len(missed))]


def unknown_tickers(rows: Iterable[tuple[Any, ...]]) -> list[Finding]:
    """Market caps and reports of shares of tickers without a price."""
    effect = "none: what has no price is not in the index"
    return [
        _finding("unknown-ticker", ticker, first, last, _strays(caps, reports), effect, sessions=caps + reports)
        for ticker, caps, reports, first, last in rows
    ]


def refused_files(rows: Iterable[tuple[Any, ...]]) -> list[Finding]:
    """Rows of files that were not taken."""
    return [
        _finding("refused-row", ticker, first, last, f"{kind}: {reason}; {example}", "not taken", count, file)
        for file, kind, reason, ticker, count, first, last, example in rows
    ]


def fetch_notes(rows: Iterable[tuple[Any, ...]]) -> list[Finding]:
    """What fetches found out and no later one has contradicted: one finding for each kind and ticker."""
    found: dict[tuple[str, str], Finding] = {}
    for kind, ticker, session, text in rows:
        one = found.get((kind, ticker)) or _finding(kind, ticker, session, session, "", FETCH_EFFECTS[kind], 0)
        days = [day for day in (one.first, one.last, session) if day is not None]
        first, last = min(days, default=None), max(days, default=None)
        found[kind, ticker] = replace(one, first=first, last=last, detail=text.rstrip("."), sessions=one.sessions + 1)
    return [*found.values()]


def delisted(rows: Iterable[tuple[str, date, float, bool]]) -> list[Finding]:
    """Listings that ended by a vendor's word."""
    found = []
    for ticker, session, price, held in rows:
        effect = "it left the index at its last close" if held else "none: not held"
        detail = f"gone by the vendor's word; settled at {price:,.2f} USD, its last close"
        one = _finding("delisted", ticker, session, session, detail, effect, 1)
        kind = FINDINGS["delisted"]
        found.append(replace(one, severity=kind.severity if held else kind.severity_else, remedy=kind.remedy))
    return found


def never_members(reasons: Iterable[tuple[str, str]], first: date, last: date) -> list[Finding]:
    """Securities that can never be members, with the reason."""
    return [_finding("not-eligible", ticker, first, last, reason, "never a member") for ticker, reason in reasons]


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Most severe first, then those that began last."""
    kinds = list(FINDINGS)

    def key(one: Finding) -> tuple[Any, ...]:
        began = -(one.first or date.min).toordinal()
        last = one.last or date.min
        return SEVERITIES.index(one.severity), began, kinds.index(one.kind), one.ticker, last, one.source, one.detail

    return tuple(sorted(findings, key=key))


def _finding(
    name: str,
    ticker: str,
    first: date | None,
    last: date | None,
    detail: str,
    effect: str,
    sessions: int = 1,
    source: str = "",
) -> Finding:
    kind = FINDINGS[name]
    return Finding(name, ticker, first, last, detail, kind.severity_else, effect, sessions, kind.remedy, source)


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Runs, consecutive sessions without any price as one."""
    found: list[Run] = []
    for run in runs:
        before = found[-1] if found else None
        if before and before.kind == run.kind == "missing-session" and _follows(before.last, run.first):
            found[-1] = replace(before, last=run.last, rows=before.rows + run.rows)
        else:
            found.append(run)
    return found


def _follows(last: date, first: date) -> bool:
    return calendar.next_session(last + calendar.ONE_DAY) == first


def _sessions(run: Run) -> int:
    return int(run.value_last or 0) if run.kind in ("no-cap", "ended") else run.rows


# -- what was found


def _given(end: str) -> Callable[[Run], str]:
    """A sentence about a given cap and the carried one."""

    def tell(run: Run) -> str:
        given, carried = run.value or 0.0, run.used or 0.0
        times = f"{_plain(given / carried)} times the carried cap: " if carried else ""
        return f"{times}{given:,.0f} USD given; " + end.format(carried=f"{carried:,.0f} USD")

    return tell


def _plain(times: float) -> str:
    return f"{times:,.0f}" if times >= 100 else f"{times:.4g}"


def _jump(run: Run) -> str:
    gained = f"price return {run.value or 0.0:+.1%}"
    if run.used:
        return f"{gained} on the day of a split of {run.used:g}; are its prices as traded?"
    return f"{gained} without a split on record; taken as it is"


def _strays(caps: int, reports: int) -> str:
    told = [counted(number, what) for number, what in ((caps, "market cap"), (reports, "report")) if number]
    return f"{' and '.join(told)}{' of shares' if reports else ''} without a price at that time"


def _nothing_traded(what: str) -> Callable[[Run], str]:
    return lambda run: f"{counted(run.rows, what)} on days when nothing traded under the ticker"


DETAILS: Final[dict[str, Callable[[Run], str]]] = {
    "missing-session": lambda run: f"no prices for {counted(run.rows, 'session')}",
    "incomplete-session": lambda run: f"only {run.value:.0f} of {run.used:.0f} members have a price",
    "quarantined-cap": _given("{carried} used instead"),
    "band-expired": _given("taken, because it has stood for 63 sessions"),
    "cap-step": _given("taken, because it is inside the band"),
    "no-cap": lambda run: f"prices without a market cap on {counted(_sessions(run), 'session')}",
    "stale-price": lambda run: f"no price on {counted(run.rows, 'session')}; its close of {run.used:,.2f} USD carried",
    "ended": lambda run: (
        f"no price for {counted(_sessions(run), 'session')}; gone at {run.used:,.2f} USD, its last one"
    ),
    "jump": _jump,
    "unmatched-dividend": _nothing_traded("dividend"),
    "unmatched-split": _nothing_traded("split"),
    "unmatched-rename": lambda _: "this rename joins nothing: one of its tickers has no price around its date",
    "unmatched-decision": lambda _: "this decision changes nothing: there is no such cap or listing",
    "unmatched-delisting": lambda _: "the vendor says that it is gone, but no listing ends there",
}
"""Detail by kind, for the kinds that a build finds."""

TOLD: Final = ("unmatched-rename", "unmatched-decision")


# -- what it did


def _effect(run: Run, touched: bool) -> str:
    if run.kind in CAPS:
        return _cap_effect(run)
    return EFFECTS[run.kind][0 if touched else 1].format(on=_on(run.member, run.rows))


def _cap_effect(run: Run) -> str:
    every = run.kind == "quarantined-cap"
    total = run.rows if every else 0
    if run.kept_in and run.kept_out:
        return f"kept it in the index on {run.kept_in:,} and out of it {_on(run.kept_out, total)}"
    if run.kept_in:
        return f"kept it in the index {_on(run.kept_in, total)}"
    if run.kept_out:
        return f"kept it out of the index {_on(run.kept_out, total)}"
    return f"a member {_on(run.member, total)} either way" if run.member else "none: too small for the index either way"


def _on(number: int, total: int) -> str:
    """On how many sessions, of how many if they are all known."""
    if total > 1:
        return f"on {number:,} of {total:,} sessions"
    return f"on {counted(number, 'session')}"


_COUNTS: Final = "its return counts in the index"

EFFECTS: Final[dict[str, tuple[str, str]]] = {
    "missing-session": (NO_LEVEL, NO_LEVEL),
    "incomplete-session": (NO_LEVEL, NO_LEVEL),
    "no-cap": (
        "kept out of the index: a member right before or after",
        "not eligible; no member before or after it",
    ),
    "stale-price": ("held {on}: its price return was 0", "none: not held"),
    "ended": ("it left the index at its last price", "none: not held"),
    "jump": (_COUNTS, "none: not held"),
    "unmatched-dividend": ("not counted", "not counted"),
    "unmatched-split": ("not counted", "not counted"),
    "unmatched-rename": ("none", "none: each ticker is a listing of its own"),
    "unmatched-decision": ("none", "none"),
    "unmatched-delisting": ("none", "none"),
}
"""Effect by kind where it touched the index, and where it did not."""

FETCH_EFFECTS: Final[dict[str, str]] = {
    "restated": "stored prices stay as they are; later ones wait, at most three sessions if there is a market cap",
    "reused": "what had the ticker ends, and what has it now begins after it",
    "mass-failure": "none: nobody was removed",
    "share-off": "a market cap from its shares may be wrong",
    "lost-session": "none",
}
"""Effect by kind, for the kinds that a fetch finds."""
