"""What the app itself asks the engine. Called in workers: nothing here touches a widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import EngineError, NoData, SettingsError, StoreGone
from engine.views.status import PerformanceView

if TYPE_CHECKING:
    from pathlib import Path

    from engine.events import CancelToken
    from engine.facade import Engine
    from engine.reports import BuildReport, DecisionReport, FetchPlan, ImportReport, UpdateReport
    from engine.views.audit import AuditRow
    from engine.views.fetching import FetchView
    from engine.views.quality import Decision
    from tuiapp.screens.exporting.request import ExportRequest


@dataclass(frozen=True, slots=True)
class NothingBuilt:
    """There is no index.

    Attributes:
        stored: Whether there are prices to build one from.
        tried: Whether there was a fetch.
        gone: Set where there was a store, and copies of it lie in its place.
    """

    stored: bool
    tried: bool = False
    gone: StoreGone | None = None


@dataclass(frozen=True, slots=True)
class NothingFetched:
    """Nothing is ever fetched here; ``why`` is one sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other processes have made of the store.

    Attributes:
        history: All sessions of the index, or that there are none.
        change: The newest record of a change, None where there is none.
        fetching: Who fetches into the store at this moment, in words; empty for nobody.
    """

    history: PerformanceView | NothingBuilt
    change: AuditRow | None
    fetching: str


def elsewhere(engine: Engine) -> Elsewhere:
    """The market once more, and who has changed it."""
    found = history(engine)
    return Elsewhere(found, _newest(engine), engine.fetching_elsewhere())


def _newest(engine: Engine) -> AuditRow | None:
    try:
        return next(iter(engine.audit(1)), None)
    except NoData:
        return None


def history(engine: Engine) -> PerformanceView | NothingBuilt:
    """All sessions of the index."""
    try:
        return engine.performance()
    except StoreGone as error:
        return NothingBuilt(stored=False, gone=error)
    except NoData:
        stored = engine.data_version() > 0 and _has_prices(engine)
        return NothingBuilt(stored, tried=not stored and _was_fetched(engine))


def _has_prices(engine: Engine) -> bool:
    """A fetch that failed leaves a store without any."""
    return any(row.kind == "prices" and row.rows for row in engine.coverage().rows)


def _was_fetched(engine: Engine) -> bool:
    """Whether a fetch is on record; where that cannot be seen, there is nothing to show of it either."""
    try:
        return bool(engine.fetching().runs)
    except EngineError:
        return False


def build(engine: Engine, cancel: CancelToken, *, fetches: bool) -> tuple[tuple[BuildReport, ...], int]:
    """Compute all indices, and see how many requests the next fetch would make, where there is one."""
    built = engine.build_all(cancel=cancel)
    return built, engine.plan_fetch().requests if fetches else 0


def plan(engine: Engine) -> FetchPlan:
    """What a fetch would do."""
    return engine.plan_fetch()


def fetching(engine: Engine) -> FetchView | NothingFetched:
    """What was fetched, and what the next fetch would do."""
    try:
        return engine.fetching()
    except SettingsError as error:
        return NothingFetched(error.message)


def update(engine: Engine, full: bool, cancel: CancelToken) -> UpdateReport:
    """Fetch what is missing, or everything, then build."""
    from engine.reports import FetchRequest

    return engine.update(FetchRequest(full=full), cancel=cancel)


def import_files(engine: Engine, path: Path, cancel: CancelToken) -> tuple[ImportReport, tuple[BuildReport, ...]]:
    """Take a file, or a folder of files, into the store, then build."""
    taken = engine.import_files([path], cancel=cancel)
    return taken, engine.build_all(cancel=cancel)


def decide(engine: Engine, decision: Decision, *, withdraw: bool) -> DecisionReport:
    """Store a decision about the data, or take it back."""
    return engine.withdraw(decision) if withdraw else engine.decide(decision)


def export(engine: Engine, request: ExportRequest, cancel: CancelToken) -> Path:
    """Write what is asked for into a file, and give its full path."""
    return engine.export(
        request.path,
        sheets=request.sheets,
        start=request.start,
        end=request.end,
        force=request.force,
        about=request.about,
        cancel=cancel,
    )
