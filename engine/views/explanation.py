"""What a number is made of: the question that a person asks with one key, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.domain.fields import Field
from engine.views.types import IndexStatus

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A number on a screen or in a table.

    Attributes:
        view: ``performance``, ``metrics``, ``composition``, ``changes``, ``contributions`` or ``sectors``.
        key: Key of its field, such as ``level_pr``, ``sharpe`` or ``market_cap_usd``.
        session: The session it stands at; None for the last one.
        ticker: The company, where the number is one's own; of ``sectors`` the name of the sector.
        period: Period of a metric or a contribution: ``1M`` ... ``all``, or ``custom`` with ``start``.
        series: ``PR`` or ``TR``.
        benchmark: Symbol of the benchmark of a relative metric.
        start: First session whose return counts, of a ``custom`` period.
    """

    view: str
    key: str
    session: date | None = None
    ticker: str = ""
    period: str = ""
    series: str = "PR"
    benchmark: str = ""
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One number that another is made of.

    Attributes:
        field: Its label, unit and decimals.
        value: Its value.
        session: Session it is of, None where it is of none.
        provenance: How it came about: ``given``, ``shares``, ``carried``, ``quarantined``, ``as traded``,
            ``computed``, ``setting``, ``decided``.
        source: Where it came from: ``import market_caps.parquet``; empty for what was computed.
        fetched_at: When it was taken into the store (UTC), None for what was computed.
        note: What else is to be known of it, such as ``3 sessions old``.
    """

    field: Field
    value: Value
    session: date | None = None
    provenance: str = ""
    source: str = ""
    fetched_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number, explained.

    Attributes:
        status: The header, at the session of the number.
        subject: What was asked.
        title: The number in words: ``Market cap of NVDA at 2026-08-21``.
        field: Its label, unit and decimals.
        value: Its value, None for no value.
        formula: How it is computed, in words and symbols.
        worked: The formula with the numbers in it; empty where there are too many of them.
        inputs: What went into it, the most important first; at most some dozens.
        gaps: What was stale, missing, held back or short of history, one sentence each.
        meaning: One sentence that says what the number is for.
    """

    status: IndexStatus
    subject: Subject
    title: str
    field: Field
    value: Value
    formula: str
    worked: str
    inputs: tuple[Input, ...]
    gaps: tuple[str, ...]
    meaning: str
