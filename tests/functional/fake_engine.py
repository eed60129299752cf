"""An engine without a store: a market from a formula, the same every time, and a memory of what was asked."""

from __future__ import annotations

import random
import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.domain.fields import Field, Unit
from engine.errors import NoData
from engine.events import CancelToken, EventSink, Progress
from engine.reports import BuildReport, DecisionReport
from engine.settings import Settings
from engine.views.analysis import BubbleView, ContributionView, ReturnsView
from engine.views.audit import AuditRow
from engine.views.cache import CacheStatus, Inside
from engine.views.explanation import Explanation, Input, Subject
from engine.views.indices import IndexRow
from engine.views.quality import CoverageRow, Decision
from engine.views.returns import returns_view
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
    SectorWeight,
    StockView,
)
from tests.functional import fake_analysis, fake_indices, fake_stock
from tests.functional.fake_fetching import UNFETCHED, FakeFetching

SECTORS = ("Technology", "Health Care", "Financials", "Consumer Discretionary", "Industrials", "Energy", "Utilities")
FIRST_NAMES = ("Northern", "Blue River", "Atlas", "Quiet Harbor", "Summit", "Old Mill", "Cobalt", "Evergreen")
LAST_NAMES = ("Semiconductor Inc.", "Holdings", "Energy Corporation", "Health Group", "Bancorp", "Software", "Rail")
PERIODS = ("1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all")
FIGURES = {
    "total_return": 0.1817,
    "cagr": 0.1234,
    "volatility": 0.1561,
    "sharpe": 0.83,
    "max_drawdown": -0.2345,
    "turnover": 0.4821,
    "sortino": 1.21,
    "downside_deviation": 0.0967,
    "calmar": 0.53,
    "var_95": -0.0173,
    "cvar_95": -0.0224,
    "best_day": 0.0317,
    "worst_day": -0.0342,
    "positive_days": 0.5351,
}
RELATIVE = {"beta": 1.07, "alpha": -0.0123, "correlation": 0.93, "tracking_error": 0.0456}
LONG = ("3Y", "5Y")
LONGEST_S = 60.0


def weekdays(first: date, count: int) -> tuple[date, ...]:
    days = (first + timedelta(days) for days in range(count * 2))
    return tuple(day for day in days if day.weekday() < 5)[:count]


def performance_view(count: int = 300, *, benchmarks: bool = True, synthetic: bool = False) -> PerformanceView:
    """``count`` sessions of a level that wanders upwards from 1,000."""
    draws = random.Random(20260828)
    sessions = weekdays(date(2021, 1, 29), count)
    moves = [draws.gauss(0.0005, 0.011) for _ in sessions[1:]]
    price, total, other = [1000.0], [1000.0], [380.0]
    for move in moves:
        price.append(price[-1] * (1 + move))
        total.append(total[-1] * (1 + move + 0.00006))
        other.append(other[-1] * (1 + move * 0.8))
    status = IndexStatus(
        index="top100",
        size=100,
        session=sessions[-1],
        level_pr=price[-1],
        level_tr=total[-1],
        return_pr=moves[-1],
        return_tr=moves[-1] + 0.00006,
        members=100,
        held=100,
        priced=100,
        source="synthetic" if synthetic else "import",
        synthetic=synthetic,
        first_session=sessions[0],
        last_session=sessions[-1],
        sessions_behind=None if synthetic else 2,
        data_version=7,
    )
    return PerformanceView(
        status=status,
        sessions=sessions,
        level_pr=tuple(price),
        level_tr=tuple(total),
        return_pr=(None, *moves),
        return_tr=(None, *(move + 0.00006 for move in moves)),
        members=(100,) * count,
        priced=(0,) + (100,) * (count - 1),
        turnover=(None,) + (0.004,) * (count - 1),
        benchmarks={"SPY": tuple(other)} if benchmarks else {},
    )


def fetched_view(**status: Any) -> PerformanceView:
    """A market that was fetched, one session behind."""
    view = performance_view()
    known: dict[str, Any] = {"source": "yahoo", "sessions_behind": 1, "names_wanted": 250, "names_have": 250, **status}
    return replace(view, status=replace(view.status, **known))


def company(number: int) -> tuple[str, str, str]:
    """Ticker, name and sector of company ``number``; the third one has a name that is no friend of ours."""
    if number == 2:
        return "EVIL", "Foo [/b] [@click=app.quit]Inc\x1b[31m", "Technology"
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ticker = letters[number % 26] + letters[number * 7 % 26] + letters[number * 11 % 26]
    name = f"{FIRST_NAMES[number % 8]} {LAST_NAMES[number % 7]}"
    return ticker, name, SECTORS[number * number % 7]


def composition_row(rank: int, session: date, *, member: bool) -> CompositionRow:
    draws = random.Random(rank * 1000 + session.toordinal())
    ticker, name, sector = company(rank - 1)
    change = draws.gauss(0, 0.015)
    spark = [100.0]
    for _ in range(29):
        spark.append(spark[-1] * (1 + draws.gauss(0, 0.02)))
    return CompositionRow(
        rank=rank,
        rank_before=None if rank == 7 else rank + draws.choice((0, 0, 1, -1, 3)),
        ticker=ticker,
        name=name,
        sector=sector,
        market_cap_usd=3.45e12 / rank**0.77,
        cap_source="carried" if rank == 9 else "given",
        weight=0.01 if member else 0.0,
        close=4812.5 / rank,
        return_pr=None if rank == 5 else change,
        since=session - timedelta(days=40 * (101 - rank) % 1300) if member else None,
        days=(900 - 7 * rank) if member else 0,
        contribution=change / 100 if member else None,
        spark=tuple(spark),
        stale=2 if rank == 11 else 0,
    )


def change_row(session: date, kind: str, number: int) -> ChangeRow:
    ticker, name, sector = company(90 + number % 40)
    inside, outside = 98 - number % 5, 102 + number % 9
    before, after = (outside, inside) if kind == "added" else (inside, outside)
    gone = kind == "removed" and number % 17 == 0
    return ChangeRow(
        session=session,
        kind=kind,
        ticker=ticker,
        name=name,
        sector=sector,
        rank_before=before,
        rank_after=None if gone else after,
        market_cap_before_usd=98.7e9 * (1 + (100 - before) / 400),
        market_cap_usd=None if gone else 98.7e9 * (1 + (100 - after) / 400),
        cut_cap_usd=98.7e9,
        days=0 if kind == "added" else 12 + number * 13 % 700,
        reason="no price for 5 sessions" if gone else "rank",
        turnover=0.005,
        effect_session=session + timedelta(days=1),
        effect_pr=None if number == 2 else 0.00002 * (number % 7 - 3),
        effect_tr=None if number == 2 else 0.00002 * (number % 7 - 3) + 0.00001,
    )


def period_metrics(name: str, view: PerformanceView, place: int, symbols: list[str]) -> PeriodMetrics:
    """The same figures for every period; a month is a short history, and years may be longer than all there is."""
    short = name == "1M"
    price, total, beside, both = (
        tuple(Metric(key, value + more, short and key in ("sharpe", "beta")) for key, value in figures.items())
        for figures, more in ((FIGURES, 0.0), (FIGURES, 0.01), (RELATIVE, 0.0), (RELATIVE, 0.01))
    )
    first, last = view.sessions[0], view.sessions[place]
    against = tuple(RelativeMetrics(symbol, place, first, last, beside, both) for symbol in symbols)
    complete = place > 1200 or name not in LONG
    return PeriodMetrics(name, first, last, complete, place, price, total, against)


def sliced(view: PerformanceView, place: int) -> PerformanceView:
    """The view as it was at a session."""
    names = ("sessions", "level_pr", "level_tr", "return_pr", "return_tr", "members", "priced", "turnover")
    return replace(view, **{name: getattr(view, name)[: place + 1] for name in names})


def explanation(status: IndexStatus, subject: Subject) -> Explanation:
    """A market cap out of shares and a close, whatever was asked about."""
    cap = Field("market_cap_usd", "Market cap", Unit.USD, 0)
    taken = datetime(2026, 8, 28, 21, 5, tzinfo=UTC)
    inputs = (
        Input(
            Field("shares", "Shares outstanding as last reported", Unit.COUNT, 0),
            24_600_000_000,
            date(2026, 7, 31),
            "shares",
            "import shares.csv",
            taken,
        ),
        Input(
            Field("close", "Close", Unit.USD, 2), 140.25, status.session, "as traded", "import prices.parquet", taken
        ),
        Input(Field("weight", "Weight", Unit.FRACTION, 2), 0.0101234567, status.session, "computed"),
        Input(cap, 3.4e12, date(2026, 8, 21), "quarantined", "import [/b]\x1b[31mcaps.csv", taken, "3 sessions old"),
    )
    return Explanation(
        status=status,
        subject=subject,
        title=f"{subject.key} of {subject.ticker or 'top100'} at {status.session}",
        field=cap,
        value=24_600_000_000 * 140.25,
        formula="shares outstanding × close as traded",
        worked="24,600,000,000 × 140.25 = 3,450,150,000,000",
        inputs=inputs,
        gaps=("The given cap of 2026-08-21 was held back: it is 3 times that of the session before.",),
        meaning="What the whole company is worth at this close; companies are ranked by it.",
    )


class FakeEngine(FakeFetching):
    """Stands in for ``engine.facade.Engine``. Attributes are its answers; ``asked`` is what it was asked.

    ``gate`` holds every question back until it is set, and ``failure`` is raised by all of them. Where
    ``endless`` is set, an export goes on until it is told to stop.
    """

    def __init__(self, history: PerformanceView | None = None, *, stored: bool = True) -> None:
        super().__init__()
        self.history = history
        self.stored = stored
        if history is None and not stored:
            self.fetch_view = UNFETCHED
        self.asked: list[tuple[Any, ...]] = []
        self.failure: Exception | None = None
        self.export_failure: Exception | None = None
        self.endless = False
        self.gate = threading.Event()
        self.gate.set()
        self.events: EventSink = lambda event: None
        self.built = performance_view()
        self.opened = 0
        self.opened_with: list[Settings] = []
        self.rows: tuple[CoverageRow, ...] = fake_analysis.ROWS
        self.findings = fake_analysis.FINDINGS
        self.decisions: tuple[Decision, ...] = ()
        self.audited: tuple[AuditRow, ...] = fake_analysis.AUDITED
        self.decision_failure: Exception | None = None
        self.build_failure: Exception | None = None
        self.siblings: Callable[[], tuple[IndexRow, ...]] | None = None
        self.stamped = 0
        self.fetches_elsewhere = ""

    def open(self, settings: Settings, *, events: EventSink) -> Any:
        """The factory that the app is given."""
        self.opened += 1
        self.opened_with.append(settings)
        self.events = events
        return self

    def _note(self, *question: Any) -> None:
        self.asked.append(question)
        assert self.gate.wait(10), "nobody opened the gate"
        if self.failure is not None:
            raise self.failure

    def _known(self) -> PerformanceView:
        if self.history is None:
            raise NoData("There is no index yet.", hint="flatcap build")
        return self.history

    def _at(self, day: date | None) -> tuple[int, IndexStatus]:
        view = self._known()
        place = len(view.sessions) - 1 if day is None else max(0, bisect_right(view.sessions, day) - 1)
        return place, replace(view.status, session=view.sessions[place], level_pr=view.level_pr[place])

    def load_demo(self) -> bool:
        self._note("load_demo")
        self.history = performance_view(synthetic=True)
        return True

    def stamp(self) -> int:
        return self.stamped

    def fetching_elsewhere(self) -> str:
        return self.fetches_elsewhere

    def data_version(self) -> int:
        return 7 if self.stored else 0

    def inside(self) -> Inside:
        self._note("inside")
        cache = CacheStatus(12, 3_400_000, 64_000_000, hits=30, misses=12)
        return Inside(Path("/nonexistent/flatcap/flatcap.duckdb"), 52_400_000, 6, 7, cache)

    def build(self, *, full: bool = False, cancel: CancelToken | None = None) -> BuildReport:
        self._note("build", full)
        if self.build_failure is not None:
            raise self.build_failure
        self.cancel = cancel
        self.events(Progress("build", 100, 300, "sessions"))
        self.history = self.built
        sessions = self.built.sessions
        return BuildReport("top100", sessions[0], sessions[-1], 300, 300, 0, 10, 10, full=True, members=100, size=100)

    def build_all(self, *, full: bool = False, cancel: CancelToken | None = None) -> tuple[BuildReport, ...]:
        return (self.build(full=full, cancel=cancel),)

    def indices(self) -> tuple[IndexRow, ...]:
        self._note("indices")
        return self.siblings() if self.siblings else (fake_indices.index_row("top100", self.history),)

    def performance(self, start: date | None = None, end: date | None = None) -> PerformanceView:
        self._note("performance", start, end)
        return self._known()

    def metrics(self, start: date | None = None, end: date | None = None) -> MetricsView:
        self._note("metrics", start, end)
        place, status = self._at(end)
        symbols = sorted(self._known().benchmarks)
        return MetricsView(status, tuple(period_metrics(name, self._known(), place, symbols) for name in PERIODS))

    def returns(self, start: date | None = None, end: date | None = None) -> ReturnsView:
        self._note("returns", start, end)
        place, _ = self._at(end)
        return returns_view(sliced(self._known(), place), start)

    def explain(self, subject: Subject) -> Explanation:
        self._note("explain", subject)
        return explanation(self._at(subject.session)[1], subject)

    def composition(self, as_of: date | None = None) -> CompositionView:
        self._note("composition", as_of)
        _, status = self._at(as_of)
        rows = tuple(composition_row(rank, status.session, member=rank <= 100) for rank in range(1, 111))
        members = [row.sector for row in rows[:100]]
        weights = sorted(((members.count(sector), sector) for sector in SECTORS), reverse=True)
        sectors = tuple(SectorWeight(sector, number / 100, number) for number, sector in weights)
        return CompositionView(status, rows[:100], rows[100:], sectors, rows[99].market_cap_usd, effective=99.6)

    def stock(self, ticker: str, start: date | None = None, end: date | None = None) -> StockView:
        self._note("stock", ticker, start, end)
        view = self.composition(end)
        row = next((row for row in (*view.rows, *view.outside) if row.ticker == ticker), None)
        changes = [row for row in self.changes(None, end).rows if row.ticker == ticker]
        return fake_stock.stock_view(view.status, self._known().sessions, row, ticker, changes)

    def changes(self, start: date | None = None, end: date | None = None) -> ChangesView:
        self._note("changes", start, end)
        place, status = self._at(end)
        sessions = self._known().sessions[: place + 1]
        counts = tuple((day, number % 3 // 2, number % 3 // 2) for number, day in enumerate(sessions))
        rows = tuple(
            change_row(day, kind, number)
            for number, (day, added, _) in enumerate(counts)
            if added
            for kind in ("added", "removed")
        )
        return ChangesView(status, sessions[0], status.session, False, rows, counts, 0.004 * place)

    def compare(self, before: date, after: date) -> ChangesView:
        self._note("compare", before, after)
        early, late = sorted((self._at(before)[0], self._at(after)[0]))
        sessions = self._known().sessions
        rows = tuple(
            replace(
                change_row(sessions[late], kind, n),
                turnover=None,
                effect_session=None,
                effect_pr=None,
                effect_tr=None,
                contribution=0.0012 * (n - 5),
            )
            for kind in ("added", "removed")
            for n in range(12)
        )
        counts = tuple((day, 1, 1) for day in sessions[early + 1 : late + 1])
        _, status = self._at(after)
        return ChangesView(status, sessions[early], sessions[late], True, rows, counts, 0.21)

    def contributions(
        self, start: date | None = None, end: date | None = None, *, series: str = "PR"
    ) -> ContributionView:
        self._note("contributions", start, end, series)
        place, status = self._at(end)
        sessions = self._known().sessions
        first = max(0, bisect_right(sessions, start) - 2) if start else 0
        composition = self.composition(end)
        return fake_analysis.contribution_view(status, composition, series, sessions[first], place - first)

    def bubble(self, as_of: date | None = None, *, width: int = 5) -> BubbleView:
        self._note("bubble", as_of, width)
        return fake_analysis.bubble_view(self.composition(as_of), width)

    def companies(self) -> tuple[tuple[str, str], ...]:
        self._note("companies")
        return tuple(sorted({company(number)[0]: company(number)[1] for number in reversed(range(130))}.items()))

    def coverage(self) -> CoverageView:
        self._note("coverage")
        status = self._at(None)[1] if self.history else None
        return fake_analysis.coverage_view(status, self.rows, self.findings, self.decisions)

    def audit(self, limit: int = 200) -> tuple[AuditRow, ...]:
        self._note("audit", limit)
        return self.audited[:limit]

    def decide(self, decision: Decision) -> DecisionReport:
        return self._decide("decide", decision, withdraw=False)

    def withdraw(self, decision: Decision) -> DecisionReport:
        return self._decide("withdraw", decision, withdraw=True)

    def _decide(self, what: str, decision: Decision, *, withdraw: bool) -> DecisionReport:
        self._note(what, decision)
        if self.decision_failure is not None:
            raise self.decision_failure
        known = decision in self.decisions
        others = tuple(other for other in self.decisions if other != decision)
        self.decisions = others if withdraw else (*others, decision)
        return fake_analysis.decision_report(decision, known=known, withdraw=withdraw)

    def export(self, path: Path | None = None, *, cancel: CancelToken | None = None, **request: Any) -> Path:
        self._note("export", path, request)
        if self.export_progress is not None:
            self.events(self.export_progress)
        assert self.work_gate.wait(10), "nobody opened the gate of long work"
        if cancel is not None:
            cancel.wait(LONGEST_S if self.endless else 0.0)
        if self.export_failure is not None:
            raise self.export_failure
        return path or Path.cwd() / "flatcap-top100-2022-03-24.xlsx"
