"""What the engine of the tests says about fetches: always the same, unless it is told to wait or to fail."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from engine.events import CancelToken, EventSink, Progress
from engine.fetching.notes import FetchNote
from engine.reports import (
    BuildReport,
    FetchFailure,
    FetchPlan,
    FetchReport,
    FetchRequest,
    FileReport,
    ImportReport,
    PlanLine,
    UpdateReport,
)
from engine.views.fetching import FetchView, RunRow
from engine.views.types import PerformanceView

PLAN = FetchPlan(
    provider="yahoo",
    lines=(
        PlanLine("screen", 0, 2, "the 250 largest names of NMS, NYQ and ASE"),
        PlanLine("prices", 250, 250, "prices, splits and dividends since 2021-11-22"),
        PlanLine("shares", 250, 250, "shares since 2021-11-22"),
        PlanLine("benchmark", 4, 4, "benchmarks ^GSPC, ^SP500TR, RSP and ^IRX"),
    ),
    requests=506,
    seconds=337.0,
    since=date(2021, 11, 22),
    through=date(2026, 11, 20),
    estimated=True,
)
FAILURES = (
    FetchFailure("prices", "BRK-B", "no answer in 30 seconds"),
    FetchFailure("prices", "EVIL", "an answer that is not JSON [/b]\x1b[31m"),
)
NOTES = (
    FetchNote("correction", "AAPL", date(2026, 11, 17), "close 267.44 in the place of 267.45"),
    FetchNote("lost-session", "", date(2026, 11, 12), "218 of 250 names no longer have it"),
)
RUNS = (
    RunRow(
        datetime(2026, 11, 20, 21, 29),
        datetime(2026, 11, 20, 21, 31, 48),
        "partial",
        250,
        2,
        0,
        254,
        date(2026, 11, 20),
        "",
    ),
    RunRow(
        datetime(2026, 11, 19, 21, 30),
        datetime(2026, 11, 19, 21, 38),
        "stopped",
        118,
        0,
        132,
        131,
        date(2026, 11, 19),
        "Yahoo asked us to wait three times",
    ),
    RunRow(datetime(2026, 11, 18, 21, 30), None, "stopped", 0, 0, 0, 0, None, "it was interrupted"),
)
VIEW = FetchView(
    plan=FetchPlan(
        "yahoo", (PlanLine("prices", 250, 254, "prices"),), 254, 169.0, date(2021, 11, 22), date(2026, 11, 20)
    ),
    runs=RUNS,
    failures=FAILURES,
    notes=NOTES,
    fresh_at=datetime(2026, 11, 20, 21, 31, 48),
    through=date(2026, 11, 20),
    behind=0,
)
UNFETCHED = replace(VIEW, runs=(), failures=(), notes=(), fresh_at=None, through=None, behind=None)
NOTHING_LEFT = replace(PLAN, lines=(), requests=0, seconds=0.0, complete=250, estimated=False)


def fetch_report(
    outcome: str = "done", *, failures: tuple[FetchFailure, ...] = (), remaining: int = 0, reason: str = ""
) -> FetchReport:
    return FetchReport(
        plan=PLAN,
        outcome=outcome,
        asked=250,
        failures=failures,
        requests=506,
        seconds=340.0,
        rows_new=315_000,
        rows_changed=1,
        earliest=date(2021, 11, 22),
        through=date(2026, 11, 20),
        behind=0,
        remaining=remaining,
        notes=NOTES,
        reason=reason,
    )


def import_report(path: Path) -> ImportReport:
    day = date(2021, 1, 29)
    return ImportReport((FileReport(path, "prices", 1200, 1200, 0, 0, (), day, day),), day)


class FakeFetching(ABC):
    """The part of the engine that fetches and imports.

    ``work_gate`` holds long work back until it is set, after it has reported how far it is.
    """

    events: EventSink
    history: PerformanceView | None
    built: PerformanceView
    stored: bool

    def __init__(self) -> None:
        self.cancel: CancelToken | None = None
        self.work_gate = threading.Event()
        self.work_gate.set()
        self.export_progress: Progress | None = None
        self.fetch_progress: tuple[Progress, ...] = ()
        self.fetch_failure: Exception | None = None
        self.plan_failure: Exception | None = None
        self.import_failure: Exception | None = None
        self.plan: FetchPlan = PLAN
        self.fetched: FetchReport = fetch_report()
        self.fetch_view: FetchView = VIEW

    @abstractmethod
    def _note(self, *question: Any) -> None:
        """Remember a question."""

    @abstractmethod
    def build(self, *, full: bool = False, cancel: CancelToken | None = None) -> BuildReport:
        """Build the index."""

    def plan_fetch(self) -> FetchPlan:
        self._note("plan_fetch")
        if self.plan_failure is not None:
            raise self.plan_failure
        return self.plan

    def fetching(self) -> FetchView:
        self._note("fetching")
        if self.plan_failure is not None:
            raise self.plan_failure
        return self.fetch_view

    def update(self, request: FetchRequest, *, cancel: CancelToken) -> UpdateReport:
        self._note("update", request)
        self.cancel = cancel
        for progress in self.fetch_progress:
            if progress.built:
                self.history = self.built
            self.events(progress)
        assert self.work_gate.wait(10), "nobody opened the gate of long work"
        cancel.check()
        if self.fetch_failure is not None:
            raise self.fetch_failure
        self.stored = True
        return UpdateReport(self.fetched, self.build())

    def import_files(self, paths: Sequence[Path], *, cancel: CancelToken) -> ImportReport:
        self._note("import", *paths)
        cancel.check()
        if self.import_failure is not None:
            raise self.import_failure
        return import_report(paths[0])
