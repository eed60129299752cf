"""The summary that stands in for the app where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.fields import Field, Unit
from engine.errors import NoData
from engine.reports import FetchPlan
from engine.settings import Settings
from engine.views.types import (
    ChangesView,
    CompositionView,
    IndexStatus,
    MetricsView,
    PerformanceView,
    PeriodMetrics,
)
from tuiapp.cli import fetch_texts, output
from tuiapp.cli.invocation import BACKFILLED, Invocation

if TYPE_CHECKING:
    from engine.facade import Engine

FETCHED: Final = "yahoo"
"""The provider that something is fetched with."""

TOP: Final = 10
LAST_CHANGES: Final = 5
CHANGES_WITHIN: Final = timedelta(days=92)
LEVEL: Final = Field("level", "Level", Unit.LEVEL)
RETURN: Final = Field("return", "Return", Unit.FRACTION, signed=True)
WEIGHT: Final = Field("weight", "Weight", Unit.FRACTION)
CAP: Final = Field("cap", "Cap", Unit.USD, 0)


def print_summary(invocation: Invocation) -> int:
    """Print the summary and give the exit code: 0, or that of "no data" with the first steps."""
    settings = invocation.settings()
    with invocation.work() as work:
        empty = work.engine.data_version() == 0
        texts = _first_steps(work.engine, settings) if empty else [*summary(work.engine), "", _next(invocation)]
        status = None if empty else work.engine.status()
    output.lines(texts)
    if status is None:
        return NoData.exit_code
    invocation.note_status(status)
    return 0


def _first_steps(engine: Engine, settings: Settings) -> list[str]:
    return first_steps(settings, engine.plan_fetch() if settings.provider == FETCHED else None)


def first_steps(settings: Settings, plan: FetchPlan | None) -> list[str]:
    """What to do when there is nothing yet; ``plan`` is what a first fetch would do, None where nothing is fetched."""
    own = "take in your own CSV or Parquet files, then: flatcap build"
    return [
        "flatcap has no data yet.",
        "",
        *([] if plan is None else _update_step(plan, settings)),
        "  flatcap demo             look around on a synthetic market, offline",
        f"  flatcap import PATH...   {own}",
        "",
        f"Data will be kept in {settings.data_dir}",
    ]


def _update_step(plan: FetchPlan, settings: Settings) -> list[str]:
    names = output.counted(fetch_texts.names_of(plan) or settings.universe_size, "name")
    return [
        f"  flatcap update           fetch {names} from {fetch_texts.vendor(plan)} since {plan.since}, and build:",
        f"                           {fetch_texts.effort(plan)}",
    ]


def summary(engine: Engine) -> Iterator[str]:
    """The index in some thirty lines."""
    composition = engine.composition()
    status = composition.status
    changes = engine.changes(status.session - CHANGES_WITHIN, status.session)
    yield from _head(status, engine.metrics())
    yield from _net(engine.performance())
    yield from _members(composition)
    yield from _changes(changes)


def _next(invocation: Invocation) -> str:
    """What else there is to see of the same index."""
    members = invocation.command("show", "composition")
    return f"Next: {invocation.opening()} in a terminal opens the app; {members} prints all members."


def _head(status: IndexStatus, metrics: MetricsView) -> Iterator[str]:
    synthetic = " · SYNTHETIC market, no real company" if status.synthetic else ""
    yield f"flatcap {status.index} · as of {status.session}{synthetic}"
    yield ""
    yield f"Level    PR {output.shown(LEVEL, status.level_pr)}  TR {output.shown(LEVEL, status.level_tr)}"
    yield f"Day      PR {output.shown(RETURN, status.return_pr)}  TR {output.shown(RETURN, status.return_tr)}"
    for name in ("YTD", "1Y"):
        yield from _period(name, metrics)
    yield f"Prices   {status.priced}/{status.held} priced, {status.members} members, {status.size} places"
    yield f"Data     {status.source}, {status.first_session} to {status.last_session}{_behind(status)}"
    if status.names_have < status.names_wanted:
        yield f"Names    {status.names_have:,} of {status.names_wanted:,} fetched; flatcap update goes on"
    before = status.backfilled_before
    if before is not None and status.first_session < before:
        yield f"History  {BACKFILLED} before {before}"


def _net(view: PerformanceView) -> Iterator[str]:
    """Levels after the cost of trading, when a cost is set."""
    if view.net_pr:
        price, total = output.shown(LEVEL, view.net_pr[-1]), output.shown(LEVEL, view.net_tr[-1])
        yield f"Net      PR {price}  TR {total} after {view.cost_bps:g} bp a side"


def _period(name: str, metrics: MetricsView) -> Iterator[str]:
    period = next((period for period in metrics.periods if period.period == name), None)
    if period is not None:
        price, total = _total_return(period)
        yield f"{name:8} PR {output.shown(RETURN, price)}  TR {output.shown(RETURN, total)}"


def _total_return(period: PeriodMetrics) -> tuple[float | None, float | None]:
    price = {metric.key: metric.value for metric in period.price}
    total = {metric.key: metric.value for metric in period.total}
    return price.get("total_return"), total.get("total_return")


def _behind(status: IndexStatus) -> str:
    if not status.sessions_behind:
        return ""
    return f", {output.counted(status.sessions_behind, 'session')} behind"


def _members(view: CompositionView) -> Iterator[str]:
    yield ""
    yield f"Largest {min(TOP, len(view.rows))} of {len(view.rows)} members"
    for row in view.rows[:TOP]:
        name = output.plain(row.name)[:30]
        cap, weight = output.shown(CAP, row.market_cap_usd), output.shown(WEIGHT, row.weight)
        yield f"{row.rank:4}  {output.plain(row.ticker):7} {name:30} {cap:>9} {weight:>7}"


def _changes(view: ChangesView) -> Iterator[str]:
    yield ""
    yield "Last changes" if view.rows else "No changes in the last three months"
    for row in view.rows[-LAST_CHANGES:]:
        ranks = f"rank {row.rank_before or '–'} → {row.rank_after or '–'}"
        yield f"  {row.session}  {row.kind:8} {output.plain(row.ticker):7} {ranks}"
