"""What a fetch would do and what it did, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.fetching.asks import BENCHMARK, FX, PRICES
from engine.reports import BuildReport, FetchFailure, FetchPlan, FetchReport, UpdateReport
from engine.views.fetching import FetchView
from tuiapp.cli.output import counted, duration, plain

NAMED: Final = 5
"""Failed names that a sentence names."""

VENDORS: Final = {"yahoo": "Yahoo"}


def vendor(plan: FetchPlan) -> str:
    """The source as people call it."""
    return VENDORS.get(plan.provider, plan.provider)


def plan_lines(plan: FetchPlan) -> Iterator[str]:
    """A plan for people who are about to wait for it."""
    if plan.requests:
        yield f"To ask {vendor(plan)} for:"
    for line in plan.lines:
        yield f"  {counted(line.requests, 'request'):>14}  {line.text}"
    yield from plan_sums(plan)


def plan_sums(plan: FetchPlan) -> Iterator[str]:
    """What a plan comes to, and what it leaves out."""
    if plan.requests:
        yield f"In all {effort(plan)}, from {plan.since} to {plan.through}."
    if plan.estimated:
        yield "The numbers are estimates: the universe is known once it was asked for."
    if plan.complete or not plan.requests:
        yield f"{'Not asked for' if plan.requests else 'Nothing to fetch'}: {_complete(plan)}."
    if plan.dead:
        yield f"Not asked for again today: {counted(plan.dead, 'name')} without prices."


def effort(plan: FetchPlan) -> str:
    """Requests, and how long they take at the pace that is set."""
    about = "about " if plan.estimated else ""
    took = f", {duration(plan.seconds)} at the pace that is set" if plan.seconds else ""
    return f"{about}{counted(plan.requests, 'request')}{took}"


def names_of(plan: FetchPlan) -> int:
    """Names whose prices are asked for."""
    return sum(line.names for line in plan.lines if line.stage == PRICES)


def _complete(plan: FetchPlan) -> str:
    return f"{counted(plan.complete, 'name')} complete to {plan.through}"


def fetched(report: FetchReport) -> str:
    """One line about a fetch."""
    return f"{report.plan.provider}: {_fetched(report)}."


def updated(report: UpdateReport, index: str) -> Iterator[str]:
    """One line about a fetch and the build after it, and one for each other index that is defined."""
    yield f"{index}: {_fetched(report.fetch)}; {_built(report.build)}."
    yield from (f"{other.index}: {_built(other)}." for other in report.others)


def _fetched(report: FetchReport) -> str:
    parts = [
        *(_asked(report) if report.requests else ["nothing to fetch"]),
        *([f"prices to {report.through}{_behind(report.behind)}"] if report.through else []),
        *([f"{counted(report.requests, 'request')} in {duration(report.seconds)}"] if report.requests else []),
        *([_noted(report)] if report.notes else []),
    ]
    return ", ".join(parts)


def _asked(report: FetchReport) -> Iterator[str]:
    asked = [
        *([counted(report.asked, "name")] if report.asked or not report.series else []),
        *([f"{report.series:,} series"] if report.series else []),
    ]
    yield f"{' and '.join(asked)} asked"
    if _by_symbol(report):
        yield f"{len(_by_symbol(report)):,} failed"
    for each in _of_all(report):
        yield f"{each.what} failed"
    yield f"{counted(report.rows_new, 'row')} new"
    if report.rows_changed:
        yield f"{report.rows_changed:,} changed"


def _behind(sessions: int | None) -> str:
    return f" ({counted(sessions, 'session')} behind)" if sessions else ""


def _noted(report: FetchReport) -> str:
    kinds = Counter(note.kind for note in report.notes)
    return "noted: " + ", ".join(f"{kind} {count:,}" for kind, count in kinds.items())


def _built(report: BuildReport | None) -> str:
    if report is not None and report.problem:
        return "not built"
    if report is None or report.last is None:
        return "no index yet: too few prices are known"
    total = f"{counted(report.sessions_total, 'session')} to {report.last}"
    if not report.sessions_built:
        return f"nothing to build, {total}"
    gaps = f", {report.sessions_incomplete:,} without a level" if report.sessions_incomplete else ""
    return f"{counted(report.sessions_built, 'session')} built, {total}{gaps}"


def stopped(report: FetchReport) -> str:
    """Why a fetch stopped, and what it leaves."""
    reason = plain(report.reason).rstrip(".")
    why = f"{vendor(report.plan)} stopped answering: {reason}" if reason else "The fetch was stopped"
    left = f"; {counted(report.remaining, 'name')} not asked for" if report.remaining else ""
    return f"{why}{left}."


def failed(report: FetchReport, listing: str) -> str:
    """What failed and why: of names at most five, and the command that lists them all."""
    parts = [
        *(f"{each.what} failed ({plain(each.reason)})" for each in _of_all(report)),
        *_failed_names(report, listing),
    ]
    text = "; ".join(parts)
    return text[0].upper() + text[1:] + ("" if text.endswith(listing) else ".")


def _failed_names(report: FetchReport, listing: str) -> Iterator[str]:
    failures = list(_by_symbol(report).values())
    if not failures:
        return
    named = ", ".join(_failure(each) for each in failures[:NAMED])
    more = len(failures) - NAMED
    rest = f" … and {more:,} more: {listing}" if more > 0 else ""
    noun = "symbol" if any(each.kind in (BENCHMARK, FX) for each in failures) else "name"
    of_asked = all(each.kind == PRICES for each in failures)
    how_many = f"{len(failures):,} of {counted(report.asked, noun)}" if of_asked else counted(len(failures), noun)
    yield f"{how_many} failed: {named}{rest}"


def _by_symbol(report: FetchReport) -> dict[str, FetchFailure]:
    """The first failure of each symbol."""
    found: dict[str, FetchFailure] = {}
    for each in report.failures:
        if each.symbol:
            found.setdefault(each.symbol, each)
    return found


def _of_all(report: FetchReport) -> list[FetchFailure]:
    """Failures of what was asked for of all names at once."""
    return [each for each in report.failures if not each.symbol]


def _failure(each: FetchFailure) -> str:
    what = f"{each.kind}: " if each.kind != PRICES else ""
    return plain(f"{each.symbol} ({what}{each.reason})")


def freshness(view: FetchView) -> str:
    """When the last fetch succeeded, and how far it reached; without one, what came all the same."""
    if view.fresh_at is None:
        there = f" Stored so far: prices of {counted(view.names, 'name')} to {view.last}." if view.names else ""
        return f"No fetch has ended well yet.{there}" if view.runs else f"Nothing was fetched yet.{there}"
    through = f", prices to {view.through}{_behind(view.behind)}" if view.through else ""
    return f"Fetched {view.fresh_at:%Y-%m-%d %H:%M} UTC{through}."


def ahead(plan: FetchPlan) -> str:
    """What the next fetch would do, in one line."""
    return f"The next fetch: {effort(plan)}." if plan.requests else f"Nothing to fetch: {_complete(plan)}."
