"""An engine that answers from a tiny market made by hand, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from engine.errors import NoData
from engine.events import Progress
from engine.reports import BuildReport, FileReport, ImportReport, Refusal
from engine.settings import Settings
from engine.views.types import (
    ChangeRow,
    ChangesView,
    CompositionRow,
    CompositionView,
    CoverageRow,
    CoverageView,
    Finding,
    IndexStatus,
    Metric,
    MetricsView,
    PerformanceView,
    PeriodMetrics,
    StockRow,
    StockView,
)

FIRST, SECOND, THIRD = date(2024, 3, 27), date(2024, 3, 28), date(2024, 4, 1)

STATUS = IndexStatus(
    index="top100",
    size=2,
    session=THIRD,
    level_pr=1020.1,
    level_tr=1030.0000000000001,
    return_pr=0.01,
    return_tr=1 / 3,
    members=2,
    held=2,
    priced=2,
    source="import",
    synthetic=False,
    first_session=FIRST,
    last_session=THIRD,
    sessions_behind=2,
    data_version=4,
)

PERFORMANCE = PerformanceView(
    status=STATUS,
    sessions=(FIRST, SECOND, THIRD),
    level_pr=(1000.0, 1010.0, 1020.1),
    level_tr=(1000.0, 1010.0, 1030.0000000000001),
    return_pr=(None, 0.01, 0.01),
    return_tr=(None, 0.1 + 0.2, 1 / 3),
    members=(2, 2, 2),
    priced=(0, 2, 2),
    turnover=(None, 0.0, 5e-324),
)


def member(rank: int, ticker: str, name: str, cap: float) -> CompositionRow:
    return CompositionRow(
        rank=rank,
        rank_before=None,
        ticker=ticker,
        name=name,
        sector="Technology",
        market_cap_usd=cap,
        cap_source="given",
        weight=0.5,
        close=12.5,
        return_pr=None,
        since=SECOND,
        days=2,
        contribution=None,
        spark=(),
        stale=0,
    )


COMPOSITION = CompositionView(
    status=STATUS,
    rows=(member(1, "AAA", 'Alpha "A", Inc', 3.1e12), member(2, "BBB", "Béta [/] \x1b[31mCo\u202e", 2.5e9)),
    outside=(),
    sectors=(),
    cut_cap_usd=2.5e9,
)

CHANGES = ChangesView(
    status=STATUS,
    first=FIRST,
    last=THIRD,
    compared=False,
    rows=(
        ChangeRow(SECOND, "added", "BBB", "Béta", "Technology", None, 2, None, 2.5e9, 2.5e9, 0, "rank"),
        ChangeRow(SECOND, "removed", "CCC", "Gone", "Energy", 2, None, 2e9, None, 2.5e9, 9, "no price"),
    ),
    counts=((SECOND, 1, 1), (THIRD, 0, 0)),
    turnover=0.5,
)


def period(name: str, *, complete: bool = True) -> PeriodMetrics:
    price = (Metric("total_return", 0.0201), Metric("sharpe", None, note="too few"))
    total = (Metric("total_return", 0.03), Metric("sharpe", 1.5))
    return PeriodMetrics(name, FIRST, THIRD, complete, 2, price, total)


METRICS = MetricsView(STATUS, (period("YTD"), period("1Y", complete=False)))

STOCK = StockView(
    status=STATUS,
    ticker="AAA",
    name="Alpha",
    sector="Technology",
    exchange="NYSE",
    rows=(
        StockRow(FIRST, "AAA", 12.5, 100.0, None, None, 3.1e12, 1, True),
        StockRow(SECOND, "AAA", None, None, 2.0, 0.1, None, None, False),
    ),
    spells=((FIRST, None),),
)

COVERAGE = CoverageView(
    status=STATUS,
    rows=(CoverageRow("prices", 6, 2, FIRST, THIRD), CoverageRow("fx", 0, 0, None, None)),
    findings=(Finding("jump", "AAA", SECOND, SECOND, "return of +90.00 % without a split"),),
    store_bytes=1_500_000,
)

IMPORTED = ImportReport(
    (
        FileReport(
            Path("prices.csv"),
            "prices",
            5,
            2,
            1,
            1,
            (Refusal("close is empty", 1, ("row 3",)),),
            FIRST,
            THIRD,
        ),
    ),
    FIRST,
)
BUILT = BuildReport("top100", FIRST, THIRD, 3, 3, 1, 1, 1, True, 2, 2)


class FakeEngine:
    """Stands in for ``Engine``: class attributes are its answers, ``asked`` is what it was asked."""

    version = 4
    imported = IMPORTED
    built = BUILT
    composed = COMPOSITION
    failure: Exception | None = None

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.settings: Settings | None = None
        self.events: Callable[[Progress], None] = lambda event: None

    def open(self, settings: Settings, *, events: Callable[[Progress], None]) -> FakeEngine:
        self.settings, self.events = settings, events
        return self

    def _answer(self, *question: Any) -> None:
        self.asked.append(question)
        if self.failure is not None:
            raise self.failure

    def load_demo(self) -> bool:
        self._answer("load_demo")
        self.composed = replace(COMPOSITION, status=replace(STATUS, synthetic=True, sessions_behind=None))
        return True

    def import_files(self, paths: Sequence[Path], *, kind: Any, prices: str, cancel: Any) -> ImportReport:
        self._answer("import", tuple(paths), kind, prices)
        cancel.check()
        return self.imported

    def build(self, *, full: bool, cancel: Any) -> BuildReport:
        self._answer("build", full)
        self.events(Progress("build", 1, 3, "sessions"))
        return self.built

    def data_version(self) -> int:
        return self.version

    def performance(self, start: Any = None, end: Any = None) -> PerformanceView:
        self._answer("performance", start, end)
        if not self.version:
            raise NoData("There is no index yet.", hint="flatcap build")
        return PERFORMANCE

    def metrics(self, start: Any = None, end: Any = None) -> MetricsView:
        self._answer("metrics", start, end)
        return METRICS

    def composition(self, as_of: Any = None) -> CompositionView:
        self._answer("composition", as_of)
        return self.composed

    def changes(self, start: Any = None, end: Any = None) -> ChangesView:
        self._answer("changes", start, end)
        return CHANGES

    def stock(self, ticker: str, start: Any = None, end: Any = None) -> StockView:
        self._answer("stock", ticker, start, end)
        return STOCK

    def coverage(self) -> CoverageView:
        self._answer("coverage")
        return COVERAGE

    def export(self, path: Any, *, sheets: Any, start: Any, end: Any, force: bool, cancel: Any) -> Path:
        self._answer("export", path, sheets, start, end, force)
        return Path("/tmp/book.xlsx")
