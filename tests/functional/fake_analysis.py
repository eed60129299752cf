"""What the engine of the tests says about contributions and about its data: from formulas, the same every time."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime
from math import fsum

from engine.reports import DecisionReport
from engine.views.analysis import BubbleRow, BubbleView, ContributionRow, ContributionView, SectorContribution
from engine.views.audit import AuditRow
from engine.views.quality import CoverageRow, Decision, Finding, SourceRow
from engine.views.types import CompositionView, CoverageView, IndexStatus

QUARANTINED = Finding(
    "quarantined-cap",
    "ILMN",
    date(2021, 9, 2),
    date(2021, 9, 30),
    "2.06 times the carried cap: 142,300,000,000 USD given; 69,100,000,000 USD used instead",
    "high",
    "kept it out of the index on 20 of 20 sessions",
    20,
    "accept-cap",
)
ENDED = Finding(
    "ended",
    "TWTR",
    date(2022, 1, 7),
    date(2022, 1, 7),
    "no price for more than 5 sessions; it left at its last price 53.70",
    "medium",
    "a member until then",
    1,
    "final-price",
)
FINDINGS = (
    QUARANTINED,
    ENDED,
    Finding(
        "unmatched-dividend",
        "FB",
        date(2022, 1, 20),
        date(2022, 3, 1),
        "2 dividends on days when nothing traded under the ticker",
        "medium",
        "none: not counted",
        2,
        "rename",
    ),
    Finding("refused-row", "", None, None, "close is not a positive number", "medium", "", 17, source="prices.csv"),
    Finding(
        "jump",
        "EVIL",
        date(2021, 5, 4),
        date(2021, 5, 4),
        "price return +41.3% without a split [/b]\x1b[31m",
        "low",
        "none",
    ),
    *(
        Finding(
            "not-eligible",
            f"ETF{number}",
            date(2021, 1, 29),
            date(2022, 3, 24),
            "an exchange-traded fund",
            "low",
            "",
            290,
        )
        for number in range(8)
    ),
)
"""Most severe first, as the engine gives them."""

AUDITED = (
    AuditRow(
        datetime(2026, 8, 28, 21, 7, 3),
        "1f2e3d4c",
        "update",
        "index top100",
        "1 session computed",
        *(1, 0, 0),
        date(2026, 8, 28),
        date(2026, 8, 28),
    ),
    AuditRow(
        datetime(2026, 8, 28, 21, 7, 1),
        "1f2e3d4c",
        "update",
        "price",
        "yahoo",
        *(250, 3, 0),
        date(2026, 8, 26),
        date(2026, 8, 28),
    ),
    AuditRow(
        datetime(2026, 8, 27, 9, 15),
        "0a1b2c3d",
        "app",
        "decision",
        "taken back: rename FB at 2022-06-09: META",
        *(0, 0, 1),
        date(2022, 6, 9),
        date(2022, 6, 9),
    ),
    AuditRow(
        datetime(2026, 8, 26, 18, 2, 44),
        "77aa88bb",
        "import",
        "price",
        "[/b]\x1b[31mprices of the whole market.parquet",
        *(1_234_567, 0, 0),
        date(2021, 7, 1),
        date(2026, 8, 26),
    ),
    AuditRow(
        datetime(2026, 8, 26, 18, 2, 30), "77aa88bb", "import", "schema", "made with version 4", 0, 0, 0, None, None
    ),
)
"""Who changed what, the newest first."""

DECISIONS = (
    Decision("accept-cap", "AMGN", date(2021, 6, 1)),
    Decision("final-price", "SIVB", date(2022, 3, 10), 0.0),
    Decision("rename", "FB", date(2022, 1, 20), text="META"),
    Decision("issuer", "GOOG", text="Alphabet Inc."),
)


FIRST, LAST = date(2021, 1, 29), date(2022, 3, 24)
ROWS = (
    CoverageRow("prices", 2_215_320, 1623, FIRST, LAST),
    CoverageRow("market caps", 310_500, 1100, FIRST, LAST),
    CoverageRow("splits", 87, 71, date(2021, 2, 3), date(2022, 3, 1)),
    CoverageRow("renames", 0, 0, None, None),
)


def coverage_view(
    status: IndexStatus | None,
    rows: tuple[CoverageRow, ...],
    findings: tuple[Finding, ...],
    decisions: tuple[Decision, ...],
) -> CoverageView:
    return CoverageView(
        status=status,
        rows=rows,
        findings=findings,
        store_bytes=48_300_000,
        sources=(
            SourceRow("import", 5, 2_525_820, 12, datetime(2022, 3, 25, 6, 30)),
            SourceRow("decision", 1, 1, 0, datetime(2022, 3, 25, 7, 5)),
        ),
        decisions=decisions,
    )


def decision_report(decision: Decision, *, known: bool, withdraw: bool) -> DecisionReport:
    what = "Withdrew" if withdraw else "Decided"
    return DecisionReport(
        f"{what} {decision.kind} of {decision.ticker}.",
        changed=known is withdraw,
        earliest=decision.session if known is withdraw else None,
    )


def contribution_row(ticker: str, name: str, sector: str, sessions: int) -> ContributionRow:
    draws = random.Random(f"{ticker}{sessions}")
    own = draws.gauss(0.0005 * sessions, 0.015 * sessions**0.5)
    weight, cap_weight = 0.01, draws.uniform(0.002, 0.018)
    return ContributionRow(ticker, name, sector, sessions, weight, own, weight * own, cap_weight, cap_weight * own)


def contribution_view(
    status: IndexStatus, composition: CompositionView, series: str, first: date, sessions: int
) -> ContributionView:
    found = (contribution_row(row.ticker, row.name, row.sector, sessions) for row in composition.rows if sessions)
    rows = tuple(sorted(found, key=lambda row: (-row.contribution, row.ticker)))
    by_sector = defaultdict(list)
    for row in rows:
        by_sector[row.sector].append(row)
    sectors = (
        SectorContribution(
            sector,
            float(len(members)),
            fsum(row.weight for row in members),
            fsum(row.contribution for row in members),
            fsum(row.cap_weight for row in members),
            fsum(row.cap_contribution for row in members),
        )
        for sector, members in by_sector.items()
    )
    return ContributionView(
        status=status,
        series=series,
        first=first,
        last=status.session,
        sessions=sessions,
        index_return=fsum(row.contribution for row in rows) if sessions else None,
        cap_weight_return=fsum(row.cap_contribution for row in rows) if sessions else None,
        rows=rows,
        sectors=tuple(sorted(sectors, key=lambda one: (-one.contribution, one.sector))),
    )


def bubble_view(composition: CompositionView, width: int) -> BubbleView:
    cut = composition.cut_cap_usd or 0.0
    size = composition.status.size
    rows = tuple(
        BubbleRow(
            row.rank,
            row.ticker,
            row.name,
            row.since is not None,
            row.market_cap_usd,
            row.market_cap_usd - cut,
            row.market_cap_usd / cut - 1,
            row.rank_before,
            row.since,
            row.days,
        )
        for row in (*composition.rows, *composition.outside)
        if abs(row.rank - size) <= width
    )
    return BubbleView(composition.status, cut, rows)
