"""An engine that answers from a tiny market made by hand, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from engine.domain.fields import Field, Unit
from engine.errors import NoData
from engine.events import Progress
from engine.fetching.notes import FetchNote
from engine.reports import (
    BackupReport,
    BuildReport,
    Check,
    DecisionReport,
    FetchFailure,
    FetchPlan,
    FetchReport,
    FetchRequest,
    FileReport,
    ImportReport,
    PlanLine,
    Refusal,
    RepairReport,
    RestoreReport,
    UpdateReport,
)
from engine.run import NO_RUN, Run
from engine.settings import Settings
from engine.views.analysis import (
    BubbleRow,
    BubbleView,
    ContributionRow,
    ContributionView,
    DayReturn,
    DrawdownRow,
    ReturnsView,
    SectorContribution,
    SeriesTables,
    YearReturns,
)
from engine.views.audit import AuditRow
from engine.views.copies import CopyRow
from engine.views.explanation import Explanation, Input, Subject
from engine.views.fetching import FetchView, RunRow
from engine.views.indices import IndexRow
from engine.views.quality import CoverageRow, Decision, Finding, SourceRow
from engine.views.types import (
    ChangeRow,
    ChangesView,
    CompositionRow,
    CompositionView,
    CoverageView,
    IndexStatus,
    Metric,
    MetricsView,
    PerformanceView,
    PeriodMetrics,
    RelativeMetrics,
    StockRow,
    StockView,
)

View = TypeVar("View", bound=Any)

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
    benchmarks={"^SPX": (5000.0, 5050.0, None), "^RUI": (None, None, None)},
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
        ChangeRow(
            *(SECOND, "added", "BBB", "Béta", "Technology", None, 2, None, 2.75e9, 2.5e9, 0, "rank"),
            *(0.25, THIRD, 0.001, 0.002),
        ),
        ChangeRow(SECOND, "removed", "CCC", "Gone", "Energy", 2, None, 2e9, None, 2.5e9, 9, "no price"),
    ),
    counts=((SECOND, 1, 1), (THIRD, 0, 0)),
    turnover=0.5,
)


def period(name: str, *, complete: bool = True) -> PeriodMetrics:
    price = (Metric("total_return", 0.0201), Metric("sharpe", None, note="too few"))
    total = (Metric("total_return", 0.03), Metric("sharpe", 1.5))
    return PeriodMetrics(name, FIRST, THIRD, complete, 2, price, total, (against("^SPX"), against("^RUI")))


def against(symbol: str) -> RelativeMetrics:
    price = (Metric("beta", 0.5, short_history=True), Metric("correlation", 1.0))
    return RelativeMetrics(symbol, 1, SECOND, SECOND, price, (Metric("beta", None), Metric("correlation", -1.0)))


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

AUDIT = (
    AuditRow(
        datetime(2024, 1, 3, 22, 5, 7), "0a1b2c3d", "import", "price", "closes.csv", 3, 1, 0, date(2024, 1, 2), THIRD
    ),
    AuditRow(datetime(2024, 1, 2, 22, 0, 0), "00c0ffee", "demo", "schema", "made with version 4", 0, 0, 0, None, None),
)

COVERAGE = CoverageView(
    status=STATUS,
    rows=(CoverageRow("prices", 6, 2, FIRST, THIRD), CoverageRow("fx", 0, 0, None, None)),
    findings=(
        Finding(
            *("quarantined-cap", "AAA", SECOND, THIRD, "given 31.0 B, used 3.1 B"),
            *("high", "kept it out on 2 sessions", 2, "accept-cap"),
        ),
        Finding("refused-row", "", None, None, "close is empty", "medium", "", 1, "", "prices\x1b.csv"),
    ),
    store_bytes=1_500_000,
    sources=(SourceRow("import", 2, 6, 1, datetime(2024, 4, 1, 22, 15)),),
    decisions=(
        Decision("accept-cap", "AAA", SECOND),
        Decision("final-price", "CCC", THIRD, price=0.05),
        Decision("issuer", "BBB", text="Béta Holding"),
    ),
)

TABLES = SeriesTables(
    # 1.01 x 1.01 - 1 = 0.0201.
    years=(YearReturns(2024, (None, None, 0.01, 0.01, *(None,) * 8), 0.0201, True),),
    drawdowns=(DrawdownRow(-0.125, FIRST, SECOND, None, 1, None, 5),),
    best=(DayReturn(THIRD, 0.02), DayReturn(SECOND, 0.01)),
    worst=(DayReturn(SECOND, 0.01), DayReturn(THIRD, 0.02)),
    drawdown=(0.0, 0.0, 0.0),
    volatility=(None, None, None),
)
RETURNS = ReturnsView(STATUS, (FIRST, SECOND, THIRD), 63, TABLES, TABLES)

# 0.02 + 0.005 - 0.01 = 0.015, and by market cap 0.032 + 0.002 - 0.004 = 0.03.
CONTRIBUTIONS = ContributionView(
    status=STATUS,
    series="PR",
    first=SECOND,
    last=THIRD,
    sessions=1,
    index_return=0.015,
    cap_weight_return=0.03,
    rows=(
        ContributionRow("AAA", "Alpha", "Technology", 1, 0.5, 0.04, 0.02, 0.8, 0.032),
        ContributionRow("BBB", "Béta", "Technology", 1, 0.25, 0.02, 0.005, 0.1, 0.002),
        ContributionRow("CCC", "Gone", "Energy", 1, 0.25, -0.04, -0.01, 0.1, -0.004),
    ),
    sectors=(
        SectorContribution("Technology", 2.0, 0.75, 0.025, 0.9, 0.034),
        SectorContribution("Energy", 1.0, 0.25, -0.01, 0.1, -0.004),
    ),
)

BUBBLE = BubbleView(
    STATUS,
    2.5e9,
    (
        BubbleRow(2, "BBB", "Béta", True, 2.5e9, 0.0, 0.0, None, SECOND, 2),
        BubbleRow(3, "CCC", "Gone", False, 2.0e9, -5e8, -0.2, 2, None, 0),
    ),
)


def explained(subject: Subject) -> Explanation:
    """An answer of the right shape to any question."""
    cap = Field("market_cap_usd", "Market cap", Unit.USD, 0, text="What the company is worth.")
    close = Field("close", "Close as traded", Unit.USD, 2)
    shares = Field("shares", "Shares outstanding", Unit.COUNT, 0)
    taken = datetime(2024, 4, 1, 22, 15, tzinfo=UTC)
    return Explanation(
        status=STATUS,
        subject=subject,
        title="Market cap of AAA\x1b[2J at 2024-04-01",
        field=cap,
        value=3.1e12,
        formula="close × shares",
        worked="12.5 × 248,000,000,000 = 3,100,000,000,000",
        inputs=(
            Input(close, 12.5, THIRD, "as traded", "import prices.csv", taken),
            Input(shares, 248_000_000_000, FIRST, "given", "import shares.csv", taken, "2 sessions old"),
        ),
        gaps=("The shares are 2 sessions old.",),
        meaning="What the company is worth.",
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

# 1 + 11 + 2 x 2 + 4 = 20 requests, at 4 a second.
PLAN = FetchPlan(
    provider="yahoo",
    lines=(
        PlanLine("screen", 0, 1, "the universe"),
        PlanLine("prices", 2, 4, "prices and shares since 2019-04-01"),
        PlanLine("benchmark", 0, 4, "benchmarks"),
        PlanLine("sectors", 0, 11, "sectors"),
    ),
    requests=20,
    seconds=5.0,
    since=date(2019, 4, 1),
    through=THIRD,
    complete=3,
    dead=1,
    estimated=True,
)
COMPLETE = replace(PLAN, lines=(), requests=0, seconds=0.0, complete=5, dead=0, estimated=False)

FETCHED = FetchReport(
    plan=PLAN,
    outcome="done",
    asked=2,
    failures=(),
    requests=21,
    seconds=300.4,
    rows_new=2500,
    rows_changed=3,
    earliest=FIRST,
    through=SECOND,
    behind=1,
    notes=(
        FetchNote("correction", "AAA", SECOND, "The close was 12.4 and is 12.5 now."),
        FetchNote("correction", "BBB", SECOND, "The close was 1 and is 2 now."),
        FetchNote("rename", "CCC", THIRD, "CCC goes on as DDD\x1b[2J."),
    ),
)
NOTHING_FETCHED = replace(
    FETCHED, plan=COMPLETE, asked=0, requests=0, rows_new=0, rows_changed=0, earliest=None, behind=0, notes=()
)

FETCHING = FetchView(
    plan=PLAN,
    runs=(
        RunRow(datetime(2024, 4, 1, 22, 15), None, "running", 2, 0, 0, 0, None, ""),
        RunRow(
            started_at=datetime(2024, 3, 28, 21, 0),
            ended_at=datetime(2024, 3, 28, 21, 4, 5),
            outcome="stopped",
            asked=2,
            failed=1,
            remaining=7,
            requests=12,
            through=SECOND,
            reason="Yahoo asks for patience.",
        ),
    ),
    failures=(FetchFailure("prices", "BBB", "timed out\x1b[2J"), FetchFailure("sectors", "", "an answer that is none")),
    notes=FETCHED.notes,
    fresh_at=datetime(2024, 3, 28, 21, 4, 5),
    through=SECOND,
    behind=1,
)

INDICES = (
    IndexRow(
        *("top100", "", 100, "equal", "daily", 0, (), (), 1000.0, None, 0.0, "settings"),
        *(FIRST, THIRD, 1015.05, 0.005, ""),
    ),
    IndexRow(
        *("tech", "Technology\x1b[2J, by cap", 50, "cap", "monthly", 5, ("Technology", "Energy"), ("NYSE",), 100.0),
        *(date(2020, 1, 2), 2.5, "indices.toml", None, None, None, None, ""),
    ),
)

CHECKS = (
    Check("query1.finance.yahoo.com", "bad", "It cannot be reached.", "is there a network?"),
    Check("freshness", "warn", "The data are 2 sessions behind.", "flatcap update"),
    Check("store", "good", "12.5 MB, in order."),
)


class FakeEngine:
    """Stands in for ``Engine``: class attributes are its answers, ``asked`` is what it was asked."""

    version = 4
    imported = IMPORTED
    built = BUILT
    built_others: tuple[BuildReport, ...] = ()
    index_rows: tuple[IndexRow, ...] = INDICES
    composed = COMPOSITION
    failure: Exception | None = None
    bubbled = BUBBLE
    stocked = STOCK
    returned = RETURNS
    contributed = CONTRIBUTIONS
    outdated = ""
    backfilled_before: date | None = None
    planned = PLAN
    fetched = FETCHED
    built_after: BuildReport | None = BUILT
    fetches = FETCHING
    checks: tuple[Check, ...] = CHECKS
    copy_rows: tuple[CopyRow, ...] = ()
    backed_up = BackupReport(Path("/copies/x.backup"), 12_500_000, 3, THIRD)
    restored = RestoreReport(Path("/copies/x.backup"), Path("/data/flatcap-before-restore.duckdb"), 3, THIRD, 2)
    repaired = RepairReport(Path("/data/flatcap-before-repair.duckdb"), ("The index top100 was built again.",), ())
    decided = DecisionReport("The market cap of AAA at 2024-03-28 is accepted.", True, SECOND)
    withdrawn = DecisionReport("The market cap of AAA at 2024-03-28 is no longer accepted.", True, SECOND)

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.settings: Settings | None = None
        self.events: Callable[[Progress], None] = lambda event: None

    def open(self, settings: Settings, *, events: Callable[[Progress], None], run: Run = NO_RUN) -> FakeEngine:
        self.settings, self.events, self.run = settings, events, run
        return self

    def _answer(self, *question: Any) -> None:
        self.asked.append(question)
        if self.failure is not None:
            raise self.failure

    def _dated(self, view: View) -> View:
        """The view of an index that is as outdated and as back-filled as a test says."""
        return replace(view, status=self._dated_status(view.status))

    def _dated_status(self, status: IndexStatus) -> IndexStatus:
        return replace(status, outdated=self.outdated, backfilled_before=self.backfilled_before)

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

    def build_all(self, *, full: bool, cancel: Any) -> tuple[BuildReport, ...]:
        return (self.build(full=full, cancel=cancel), *self.built_others)

    def indices(self) -> tuple[IndexRow, ...]:
        self._answer("indices")
        return self.index_rows

    def plan_fetch(self, request: FetchRequest | None = None) -> FetchPlan:
        self._answer("plan_fetch", request)
        return self.planned

    def fetch(self, request: FetchRequest, *, cancel: Any, on_plan: Callable[[FetchPlan], None]) -> FetchReport:
        self._answer("fetch", request)
        on_plan(self.planned)
        return self.fetched

    def update(self, request: FetchRequest, *, cancel: Any) -> UpdateReport:
        self._answer("update", request)
        return UpdateReport(self.fetched, self.built_after, self.built_others)

    def audit(self, limit: int = 200) -> tuple[AuditRow, ...]:
        self._answer("audit", limit)
        return AUDIT

    def fetching(self) -> FetchView:
        self._answer("fetching")
        return self.fetches

    def diagnose(self, *, online: bool) -> tuple[Check, ...]:
        self._answer("diagnose", online)
        return self.checks

    def backup(self, path: Path | None, *, force: bool) -> BackupReport:
        self._answer("backup", path, force)
        return self.backed_up

    def restore(self, path: Path) -> RestoreReport:
        self._answer("restore", path)
        return self.restored

    def copies(self) -> tuple[CopyRow, ...]:
        self._answer("copies")
        return self.copy_rows

    def repair(self, *, cancel: Any) -> RepairReport:
        self._answer("repair")
        cancel.check()
        return self.repaired

    def data_version(self) -> int:
        return self.version

    def performance(self, start: Any = None, end: Any = None) -> PerformanceView:
        self._answer("performance", start, end)
        if not self.version:
            raise NoData("There is no index yet.", hint="flatcap build")
        return self._dated(PERFORMANCE)

    def metrics(self, start: Any = None, end: Any = None) -> MetricsView:
        self._answer("metrics", start, end)
        return self._dated(METRICS)

    def composition(self, as_of: Any = None) -> CompositionView:
        self._answer("composition", as_of)
        return self._dated(self.composed)

    def changes(self, start: Any = None, end: Any = None) -> ChangesView:
        self._answer("changes", start, end)
        return self._dated(CHANGES)

    def stock(self, ticker: str, start: Any = None, end: Any = None) -> StockView:
        self._answer("stock", ticker, start, end)
        return self._dated(self.stocked)

    def coverage(self) -> CoverageView:
        self._answer("coverage")
        return self._dated(COVERAGE)

    def status(self, as_of: Any = None) -> IndexStatus:
        self._answer("status", as_of)
        return self._dated_status(STATUS)

    def returns(self, start: Any = None, end: Any = None) -> ReturnsView:
        self._answer("returns", start, end)
        return self._dated(self.returned)

    def contributions(self, start: Any = None, end: Any = None, *, series: str) -> ContributionView:
        self._answer("contributions", start, end, series)
        return self._dated(replace(self.contributed, series=series))

    def bubble(self, as_of: Any = None, *, width: int) -> BubbleView:
        self._answer("bubble", as_of, width)
        return self._dated(self.bubbled)

    def explain(self, subject: Subject) -> Explanation:
        self._answer("explain", subject)
        return self._dated(explained(subject))

    def decide(self, decision: Decision) -> DecisionReport:
        self._answer("decide", decision)
        return self.decided

    def withdraw(self, decision: Decision) -> DecisionReport:
        self._answer("withdraw", decision)
        return self.withdrawn

    def export(self, path: Any, *, sheets: Any, start: Any, end: Any, force: bool, cancel: Any) -> Path:
        self._answer("export", path, sheets, start, end, force)
        cancel.check()
        return Path("/tmp/book.xlsx")
