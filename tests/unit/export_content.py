"""A small index to export, made from arithmetic alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from engine.domain.fields import Direction, Field, Unit
from engine.export.content import Rows, SectorMonth, Value, WorkbookContent
from engine.views.analysis import (
    ContributionRow,
    ContributionView,
    DayReturn,
    DrawdownRow,
    ReturnsView,
    SectorContribution,
    SeriesTables,
    YearReturns,
)
from engine.views.quality import Finding
from engine.views.types import (
    IndexStatus,
    Metric,
    MetricsView,
    PerformanceView,
    PeriodMetrics,
    RelativeMetrics,
    SectorWeight,
)

FIRST = date(2024, 1, 2)

METRIC_FIELDS = (
    Field("total_return", "Return", Unit.FRACTION, 2, Direction.UP, "Product of (1 + r), less 1."),
    Field("sharpe", "Sharpe", Unit.RATIO, 2, Direction.UP, "Mean over deviation, annualised."),
)

RELATIVE_FIELDS = (Field("beta", "Beta", Unit.RATIO, 2, text="How far it moves with the benchmark."),)

NAMES = (
    "Ångström & Söhne <AG>",
    '=HYPERLINK("http://x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\ttab",
    "\rcr",
    "a\x00\x1bb",
)


def sessions(count: int) -> tuple[date, ...]:
    return tuple(FIRST + timedelta(days=n) for n in range(count))


def performance(count: int = 6, *, synthetic: bool = False) -> PerformanceView:
    returns = tuple(0.01 * math.sin(n) for n in range(1, count))
    price, total = [1000.0], [1000.0]
    for change in returns:
        price.append(price[-1] * (1 + change))
        total.append(total[-1] * (1 + change + 1e-4))
    status = IndexStatus(
        index="top100",
        size=3,
        session=sessions(count)[-1],
        level_pr=price[-1],
        level_tr=total[-1],
        return_pr=returns[-1] if returns else None,
        return_tr=None,
        members=3,
        held=3,
        priced=3,
        source="synthetic" if synthetic else "import",
        synthetic=synthetic,
        first_session=FIRST,
        last_session=sessions(count)[-1],
        sessions_behind=None,
        data_version=7,
    )
    return PerformanceView(
        status=status,
        sessions=sessions(count),
        level_pr=tuple(price),
        level_tr=tuple(total),
        return_pr=(None, *returns),
        return_tr=(None, *(change + 1e-4 for change in returns)),
        members=(3,) * count,
        priced=(3,) * count,
        turnover=(None, *(0.005 for _ in returns)),
    )


def metrics(view: PerformanceView) -> MetricsView:
    price = (Metric("total_return", 0.1234), Metric("sharpe", 1.5, short_history=True))
    total = (Metric("total_return", 0.1334), Metric("sharpe", None, note="zero deviation"))
    spans = (("1M", True), ("all", False))
    first, last = view.sessions[0], view.sessions[-1]
    against = RelativeMetrics(
        "^SPX", 4, first, last, (Metric("beta", 0.9, short_history=True),), (Metric("beta", 1.1),)
    )
    periods = (PeriodMetrics(name, first, last, complete, 5, price, total, (against,)) for name, complete in spans)
    return MetricsView(view.status, tuple(periods))


def returns(view: PerformanceView) -> ReturnsView:
    months = (0.05, -0.02, *(None,) * 10)
    # Compounded: 1.05 x 0.98 - 1 = 0.029.
    year = YearReturns(2024, months, 0.029, True)
    fall = DrawdownRow(-0.02, FIRST, FIRST + timedelta(days=2), None, 2, None, 4)
    best = (DayReturn(FIRST + timedelta(days=1), 0.01),)
    tables = SeriesTables((year,), (fall,), best, (), (0.0,) * len(view.sessions), (None,) * len(view.sessions))
    return ReturnsView(view.status, view.sessions, 63, tables, tables)


def contributions(view: PerformanceView) -> tuple[ContributionView, ...]:
    """Half and half of two companies that earn 4 % and 1 %: 0.02 + 0.005 = 0.025; by cap 0.8 and 0.2."""
    rows = (
        ContributionRow("T1", "=1+1", "Technology", 5, 0.5, 0.04, 0.02, 0.8, 0.032),
        ContributionRow("T2", "Two", "", 5, 0.5, 0.01, 0.005, 0.2, 0.002),
    )
    sectors = (
        SectorContribution("Technology", 1.5, 0.5, 0.02, 0.8, 0.032),
        SectorContribution("Unknown", 0.5, 0.5, 0.005, 0.2, 0.002),
    )
    span = view.sessions[0], view.sessions[-1], len(view.sessions) - 1
    return tuple(ContributionView(view.status, name, *span, 0.025, 0.034, rows, sectors) for name in ("PR", "TR"))


def sector_months(view: PerformanceView) -> tuple[SectorMonth, ...]:
    """Half technology and half energy on the first session, then four fifths and a sector that was not there."""
    early = (SectorWeight("Energy", 0.5, 2), SectorWeight("=Tech", 0.5, 1))
    late = (SectorWeight("=Tech", 0.8, 2), SectorWeight("Unknown", 0.2, 1))
    return (view.sessions[0], early), (view.sessions[-1], late)


FINDINGS = (
    Finding("quarantined-cap", "T1", FIRST, FIRST, "=9", "high", "kept it out", 1, "accept-cap"),
    Finding("refused-row", "", None, None, "date is not a date", "medium", "", 2, "", "caps.csv"),
)


def composition(days: Sequence[date], members: int, names: Sequence[str] = NAMES) -> Iterator[tuple[Value, ...]]:
    for day in days:
        for rank in range(1, members + 1):
            name = names[rank % len(names)]
            cap, close = 3.1e12 / rank, 101.25 + rank / 3
            yield (day, rank, f"T{rank}", name, "Technology", cap, 1 / members, close, FIRST)


def changes() -> tuple[tuple[Value, ...], ...]:
    """The columns of a change, then those of why."""
    day = FIRST + timedelta(days=1)
    return (
        (day, "added", "T3", 104, 99, 2.5e10, 2.3e10, 2.4e10, 1e9, 1 / 24, 0, 0.005, day, 1e-4, 1e-4, "rank"),
        (day, "removed", "OLD", 98, None, None, 2.4e10, 2.4e10, None, None, 9, 0.005, None, None, None, "no price"),
    )


def content(count: int = 6, members: int = 8, *, synthetic: bool = False) -> WorkbookContent:
    """A fresh content each time, because its rows can be read only once."""
    view = performance(count, synthetic=synthetic)
    return WorkbookContent(
        performance=view,
        metrics=metrics(view),
        metric_fields=METRIC_FIELDS,
        relative_fields=RELATIVE_FIELDS,
        composition=Rows(count * members, composition(view.sessions, members)),
        changes=Rows(2, changes()),
        returns=lambda: returns(view),
        contributions=lambda: contributions(view),
        findings=lambda: FINDINGS,
        sector_weights=lambda: sector_months(view),
        provenance=(("product", "flatcap 0.1.0"), ("data version", 7), ("FLATCAP_INDEX_SIZE", "3 (default)")),
    )


def without_sessions(given: WorkbookContent) -> WorkbookContent:
    """The same content with empty composition and changes."""
    return replace(given, composition=Rows(0, ()), changes=Rows(0, ()))
