"""What the store holds, what was found in it, and what a person has decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from engine import calendar
from engine.fetching.notes import NOTES
from engine.index.rules import NOT_KNOWN, Facts, Rules, refusal
from engine.store.database import Session
from engine.views.findings import (
    delisted,
    dividends_end,
    fetch_notes,
    findings_of,
    never_members,
    ordered,
    refused_files,
    unknown_tickers,
)
from engine.views.quality import CoverageRow, Decision, Finding, SourceRow
from engine.views.types import CoverageView

FETCH_FINDINGS: Final = [kind.name for kind in NOTES.values() if kind.finding]
WORDS: Final = {"accept-cap": "accepted cap", "final-price": "final price"}


def coverage_view(session: Session, index_name: str, rules: Rules) -> CoverageView:
    """Everything but the header and the size of the store, which the facade knows."""
    rows = tuple(CoverageRow(*row) for row in session.rows("reads/coverage"))
    decisions = tuple(Decision(*row) for row in session.rows("reads/decisions"))
    findings = _of_build(session, index_name, decisions)
    findings += delisted(session.rows("reads/delisted", {"index_name": index_name}))
    findings += unknown_tickers(session.rows("reads/strays", {"index_name": index_name}))
    findings += refused_files(session.rows("reads/refused_rows"))
    findings += fetch_notes(session.rows("reads/fetch_findings", {"kinds": FETCH_FINDINGS}))
    stored = {row.kind: row for row in rows}
    prices = stored["prices"]
    findings += dividends_end(stored["dividends"], prices)
    if prices.first and prices.last:
        findings += never_members(_reasons(session, rules), prices.first, prices.last)
    sources = tuple(SourceRow(*row) for row in session.rows("reads/sources"))
    return CoverageView(None, rows, ordered(findings), 0, sources, decisions)


def _of_build(session: Session, index_name: str, decisions: Sequence[Decision]) -> list[Finding]:
    index = {"index_name": index_name}
    told = {(old, calendar.next_session(day)): f" (to {new}, {day})" for day, old, new in session.rows("build/renames")}
    for one in decisions:
        if one.session and one.kind in WORDS:
            told.setdefault((one.ticker, one.session), f" ({WORDS[one.kind]})")
    return findings_of(session.rows("reads/findings", index), session.rows("reads/bare_members", index), told)


def _reasons(session: Session, rules: Rules) -> list[tuple[str, str]]:
    """Why securities can never be members; one without any price is only known by name, and no finding."""
    reasons = {ticker: _reason(Facts(*facts), rules) for ticker, *facts in session.rows("build/securities")}
    refused = {"tickers": [ticker for ticker, reason in reasons.items() if reason]}
    return [(row[0], reasons[row[0]] or "") for row in session.rows("decisions/has_prices", refused)]


def _reason(facts: Facts, rules: Rules) -> str | None:
    """Why a security is left out; that an index is narrowed to others is no finding, but that nobody knows it is."""
    found = refusal(facts, rules)
    return found if found in NOT_KNOWN else refusal(facts, replace(rules, sectors=frozenset(), exchanges=frozenset()))
