"""Several indices of one store: an engine of the tests for each, and where they stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.events import EventSink
from engine.indices import Definition
from engine.settings import Settings
from engine.views.indices import IndexRow
from engine.views.types import PerformanceView

if TYPE_CHECKING:
    from tests.functional.fake_engine import FakeEngine

NAMES = {
    "top50": {"index_size": 50, "weighting": "cap", "rebalance": "monthly"},
    "technology-and-health-care-30": {"index_size": 30, "index_sectors": ("Technology", "Health Care"), "buffer": 5},
}
FILE = Path("/nonexistent/flatcap/indices.toml")
DEFINED = {name: Definition(name, FILE, f"Title of {name}", values) for name, values in NAMES.items()}


def index_row(name: str, history: PerformanceView | None, values: dict[str, Any] | None = None) -> IndexRow:
    """Where an index stands that has this history."""
    said = values or {}
    status = history.status if history is not None else None
    return IndexRow(
        index=name,
        title=f"Title of {name}" if said else "",
        size=said.get("index_size", 100),
        weighting=said.get("weighting", "equal"),
        rebalance=said.get("rebalance", "daily"),
        buffer=said.get("buffer", 0),
        sectors=said.get("index_sectors", ()),
        exchanges=said.get("index_exchanges", ()),
        base_level=1000.0,
        base_date=None,
        cost_bps=0.0,
        origin=FILE.name if said else "settings",
        first_session=status.first_session if status else None,
        last_session=status.last_session if status else None,
        level_pr=status.level_pr if status else None,
        return_pr=status.return_pr if status else None,
        outdated=status.outdated if status else "",
    )


def called(view: PerformanceView, name: str, *, times: float = 1.0) -> PerformanceView:
    """The history of another index: levels as many times as high, so that no number of the one is of the other."""
    price = tuple(level * times for level in view.level_pr)
    total = tuple(level * times for level in view.level_tr)
    status = replace(view.status, index=name, level_pr=price[-1], level_tr=total[-1])
    return replace(view, status=status, level_pr=price, level_tr=total)


class FakeIndices:
    """The factory that the app is given: it opens the engine of the index that the settings say."""

    def __init__(self, engines: dict[str, FakeEngine]) -> None:
        self.engines = engines
        self.opened_with: list[Settings] = []

    def open(self, settings: Settings, *, events: EventSink) -> Any:
        self.opened_with.append(settings)
        engine = self.engines[settings.index]
        engine.siblings = self.rows
        return engine.open(settings, events=events)

    def rows(self) -> tuple[IndexRow, ...]:
        """Where all of them stand."""
        return tuple(index_row(name, engine.history, NAMES.get(name)) for name, engine in self.engines.items())
