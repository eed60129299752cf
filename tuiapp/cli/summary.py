"""The summary that stands in for the app where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

WIDEST_COMMAND: Final = 30
TOP: Final = 10
LAST_CHANGES: Final = 5
CHANGES_WITHIN: Final = timedelta(days=92)
LEVEL: Final = Field("level", "Level", Unit.LEVEL)
RETURN: Final = Field("return", "Return", Unit.FRACTION, signed=True)
WEIGHT: Final = Field("weight", "Weight", Unit.FRACTION)
CAP: Final = Field("cap", "Cap", Unit.USD, 0)


def print_summary(invocation: Invocation) -> int:
    """Print the summary and give the exit code: 0, or that of "no data" with the first steps."""
    with invocation.work() as work:
        empty = work.engine.data_version() == 0
        texts = _first_steps(invocation, work.engine) if empty else [*summary(work.engine), "", _next(invocation)]
        status = None if empty else work.engine.status()
    output.lines(texts)
    if status is None:
        return NoData.exit_code
    invocation.note_status(status)
    return 0


def _first_steps(invocation: Invocation, engine: Engine) -> list[str]:
    """What to do when there is nothing yet."""
    settings = invocation.settings()
    own = f"take in your own CSV or Parquet files, then: {invocation.command('build')}"
    steps = [
        *(_update_step(engine.plan_fetch(), settings) if settings.provider == FETCHED else ()),
        ("flatcap demo", "look around on a synthetic market, offline"),
        ("flatcap import PATH...", own),
    ]
    told = [(invocation.told(command), text) for command, text in steps]
    return ["flatcap has no data yet.", "", *_side_by_side(told), "", f"Data will be kept in {settings.data_dir}"]


def _side_by_side(steps: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Commands and what they are for; below each other where the commands are long."""
    room = max(len(command) for command, _ in steps)
    for command, text in steps:
        if room <= WIDEST_COMMAND:
            yield f"  {command:{room}}   {text}"
        else:
            yield from (f"  {command}", f"      {text}") if command else (f"      {text}",)


def _update_step(plan: FetchPlan, settings: Settings) -> Iterator[tuple[str, str]]:
    names = output.counted(fetch_texts.names_of(plan) or settings.universe_size, "name")
    yield "flatcap update", f"fetch {names} from {fetch_texts.vendor(plan)} since {plan.since}, and build:"
    yield "", fetch_texts.effort(plan)


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
