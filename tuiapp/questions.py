"""What the app itself asks the engine. Called in workers: nothing here touches a widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import NoData
from engine.views.types import PerformanceView

if TYPE_CHECKING:
    from pathlib import Path

    from engine.events import CancelToken
    from engine.facade import Engine
    from engine.reports import BuildReport, DecisionReport
    from engine.views.quality import Decision


@dataclass(frozen=True, slots=True)
class NothingBuilt:
    """There is no index; ``stored`` says whether there are data to build one from."""

    stored: bool


def history(engine: Engine) -> PerformanceView | NothingBuilt:
    """All sessions of the index."""
    try:
        return engine.performance()
    except NoData:
        return NothingBuilt(stored=engine.data_version() > 0)


def build(engine: Engine, cancel: CancelToken) -> BuildReport:
    """Compute the index."""
    return engine.build(cancel=cancel)


def decide(engine: Engine, decision: Decision, *, withdraw: bool) -> DecisionReport:
    """Store a decision about the data, or take it back."""
    return engine.withdraw(decision) if withdraw else engine.decide(decision)


def export(engine: Engine, cancel: CancelToken) -> Path:
    """Write the workbook into the current folder."""
    return engine.export(cancel=cancel)
