"""An engine without a store: a market from a formula, the same every time, and a memory of what was asked."""

from __future__ import annotations

import random
import threading
from bisect import bisect_right
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from engine.errors import NoData
from engine.events import CancelToken, EventSink, Progress
from engine.reports import BuildReport
from engine.settings import Settings
from engine.views.types import (
    ChangeRow,
    ChangesView,
    CompositionRow,
    CompositionView,
    IndexStatus,
    Metric,
    MetricsView,
    PerformanceView,
    PeriodMetrics,
    SectorWeight,
)

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
}


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
    )


class FakeEngine:
    """Stands in for ``engine.facade.Engine``. Attributes are its answers; ``asked`` is what it was asked.

    ``gate`` holds every question back until it is set, and ``failure`` is raised by all of them.
    """

    def __init__(self, history: PerformanceView | None = None, *, stored: bool = True) -> None:
        self.history = history
        self.stored = stored
        self.asked: list[tuple[Any, ...]] = []
        self.failure: Exception | None = None
        self.export_failure: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.events: EventSink = lambda event: None
        self.built = performance_view()
        self.opened = 0
        self.cancel: CancelToken | None = None

    def open(self, settings: Settings, *, events: EventSink) -> Any:
        """The factory that the app is given."""
        self.opened += 1
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

    def data_version(self) -> int:
        return 7 if self.stored else 0

    def build(self, *, full: bool = False, cancel: CancelToken | None = None) -> BuildReport:
        self._note("build", full)
        self.cancel = cancel
        self.events(Progress("build", 100, 300, "sessions"))
        self.history = self.built
        sessions = self.built.sessions
        return BuildReport("top100", sessions[0], sessions[-1], 300, 300, 0, 10, 10, full=True, members=100, size=100)

    def performance(self, start: date | None = None, end: date | None = None) -> PerformanceView:
        self._note("performance", start, end)
        return self._known()

    def metrics(self, start: date | None = None, end: date | None = None) -> MetricsView:
        self._note("metrics", start, end)
        place, status = self._at(end)
        price = tuple(Metric(key, value) for key, value in FIGURES.items())
        total = tuple(Metric(key, value + 0.01) for key, value in FIGURES.items())
        first = self._known().sessions[0]
        return MetricsView(
            status,
            tuple(PeriodMetrics(name, first, status.session, True, place, price, total) for name in PERIODS),
        )

    def composition(self, as_of: date | None = None) -> CompositionView:
        self._note("composition", as_of)
        _, status = self._at(as_of)
        rows = tuple(composition_row(rank, status.session, member=rank <= 100) for rank in range(1, 111))
        members = [row.sector for row in rows[:100]]
        weights = sorted(((members.count(sector), sector) for sector in SECTORS), reverse=True)
        sectors = tuple(SectorWeight(sector, number / 100, number) for number, sector in weights)
        return CompositionView(status, rows[:100], rows[100:], sectors, rows[99].market_cap_usd)

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
        rows = tuple(change_row(sessions[late], kind, n) for kind in ("added", "removed") for n in range(12))
        counts = tuple((day, 1, 1) for day in sessions[early + 1 : late + 1])
        _, status = self._at(after)
        return ChangesView(status, sessions[early], sessions[late], True, rows, counts, 0.21)

    def export(self, path: Path | None = None, *, cancel: CancelToken | None = None) -> Path:
        self._note("export", path)
        if self.export_failure is not None:
            raise self.export_failure
        return Path.cwd() / "flatcap-top100-2022-03-24.xlsx"
