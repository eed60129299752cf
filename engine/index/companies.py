"""One place per company: its cap is the largest of its lines', its member the line that trades most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.index.grid import Calendar, Grid, codes_of
from engine.index.inputs import Flags, Floats, Ints
from engine.index.rules import TRADED_WINDOW, Facts, Rules, refusal

if TYPE_CHECKING:
    import polars as pl


FactsOf = dict[str, Facts]
"""What is known of each ticker."""


@dataclass(frozen=True, slots=True)
class Companies:
    """Which lines stand for their companies: arrays of (sessions, listings).

    Attributes:
        eligible: Whether the line may be a member.
        cap: Cap of the line's company, NaN where the line is not eligible.
        chosen: Whether the line stands for its company.
        issuer: Issuer number by ticker number, -1 for a company of one line.
        refusals: Reason by ticker number for tickers that are never eligible.
    """

    eligible: Flags
    cap: Floats
    chosen: Flags
    issuer: list[int]
    refusals: dict[int, str]


def companies(
    grid: Grid,
    cap: Floats,
    securities: pl.DataFrame,
    renames: pl.DataFrame,
    traded: pl.DataFrame,
    calendar: Calendar,
    rules: Rules,
) -> Companies:
    """Decide eligibility and one line per company for every session of the block.

    Args:
        grid: The block.
        cap: Market cap in use of each (session, listing), NaN for none.
        securities: ticker, exchange, issuer, country, security_type, sector.
        renames: session, old_ticker, new_ticker: an old ticker of which nothing is known is what it became.
        traded: session, ticker, traded_usd of issuers with several lines.
        calendar: Sessions by number.
        rules: The rules, which say who is eligible.
    """
    facts = known_facts(securities, renames)
    refusals = _refusals(grid.tickers, facts, rules)
    issuer = _issuers(grid.tickers, facts)
    eligible = ~np.isnan(cap) & grid.stays
    if refusals:
        eligible &= ~np.isin(grid.ticker, list(refusals))
    company_cap = np.where(eligible, cap, np.nan)
    chosen = eligible.copy()
    means = _mean_traded(grid, issuer, traded, calendar)
    for lines in _lines(grid, issuer).values():
        _choose(grid, lines, means, company_cap, chosen)
    return Companies(eligible, company_cap, chosen, issuer, refusals)


def known_facts(securities: pl.DataFrame, renames: pl.DataFrame) -> FactsOf:
    """What is known by ticker; an old ticker without facts of its own has those of its new one."""
    facts: FactsOf = {row[0]: Facts(*row[1:]) for row in securities.iter_rows()}
    for _, old, new in sorted(renames.iter_rows(), reverse=True):
        if old not in facts and new in facts:
            facts[old] = facts[new]
    return facts


def _refusals(tickers: list[str], facts: FactsOf, rules: Rules) -> dict[int, str]:
    found = {}
    for number, ticker in enumerate(tickers):
        reason = refusal(facts.get(ticker, Facts()), rules)
        if reason:
            found[number] = reason
    return found


def _issuers(tickers: list[str], facts: FactsOf) -> list[int]:
    """Issuer number by ticker number; a ticker whose issuer is not known is a company of its own."""
    names: dict[str, list[int]] = {}
    for number, ticker in enumerate(tickers):
        name = (facts[ticker].issuer or "").strip().lower() if ticker in facts else ""
        if name:
            names.setdefault(name, []).append(number)
    issuer = [-1] * len(tickers)
    for position, name in enumerate(sorted(name for name, lines in names.items() if len(lines) > 1)):
        for number in names[name]:
            issuer[number] = position
    return issuer


def _lines(grid: Grid, issuer: list[int]) -> dict[int, dict[int, Flags]]:
    """Columns of each issuer with several, with the rows on which they are its lines."""
    found: dict[int, dict[int, Flags]] = {}
    for one in grid.segments:
        company = issuer[one.ticker]
        if company >= 0:
            rows = found.setdefault(company, {}).setdefault(one.column, np.zeros(len(grid.close), dtype=np.bool_))
            rows[one.first - grid.start : one.end - grid.start + 1] = True
    return {company: lines for company, lines in found.items() if len(lines) > 1}


def _choose(grid: Grid, lines: dict[int, Flags], means: dict[int, Floats], company_cap: Floats, chosen: Flags) -> None:
    """Give all lines of one company its cap, and its place to the line with the larger mean traded value."""
    columns = sorted(lines)
    mine = np.stack([lines[column] & chosen[:, column] for column in columns], axis=1)
    several = mine.sum(axis=1) > 1
    if not several.any():
        return
    caps = np.where(mine, company_cap[:, columns], -np.inf).max(axis=1)
    nothing = np.zeros(len(grid.close))
    value = np.stack([means.get(column, nothing) for column in columns], axis=1)
    symbol = grid.ticker[:, columns].astype(np.float64)
    best = _first_by(np.where(mine, value, -np.inf), -symbol)
    for position, column in enumerate(columns):
        rows = several & mine[:, position]
        company_cap[rows, column] = caps[rows]
        chosen[rows & (best != position), column] = False


def _first_by(value: Floats, tie: Floats) -> Ints:
    """Position of the largest value of each row, ties by the largest ``tie``."""
    top = value == value.max(axis=1, keepdims=True)
    found: Ints = np.where(top, tie, -np.inf).argmax(axis=1)
    return found


def _mean_traded(grid: Grid, issuer: list[int], traded: pl.DataFrame, calendar: Calendar) -> dict[int, Floats]:
    """Mean traded value of each line over the trailing window, by column; days without one are skipped."""
    number = {ticker: position for position, ticker in enumerate(grid.tickers)}
    codes = codes_of(traded["ticker"], number)
    rows = calendar.numbers(traded["session"]) - grid.start
    usable = (codes >= 0) & (rows >= 0) & (rows < len(grid.close))
    values = traded["traded_usd"].to_numpy()
    by_column: dict[int, Floats] = {}
    for one in grid.segments:
        if issuer[one.ticker] < 0:
            continue
        mask = usable & (codes == one.ticker) & (rows >= one.first - grid.start) & (rows <= one.end - grid.start)
        if mask.any():
            line = by_column.setdefault(one.column, np.full(len(grid.close), np.nan))
            line[rows[mask]] = values[mask]
    return {column: _trailing_mean(line) for column, line in by_column.items()}


def _trailing_mean(values: Floats) -> Floats:
    """Mean of the known values among the last 63 sessions, 0 where there is none."""
    padded = np.concatenate([np.full(TRADED_WINDOW - 1, np.nan), values])
    known = ~np.isnan(padded)
    windows = np.lib.stride_tricks.sliding_window_view(np.where(known, padded, 0.0), TRADED_WINDOW)
    counts = np.lib.stride_tricks.sliding_window_view(known, TRADED_WINDOW).sum(axis=1)
    found: Floats = windows.sum(axis=1) / np.maximum(counts, 1)
    return found
