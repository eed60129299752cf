"""``flatcap fetch`` and ``flatcap update``: data from the source, and the index made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final, TypeVar

import click

from engine.errors import ProviderError, SettingsError
from engine.reports import FetchPlan, FetchReport, FetchRequest
from engine.settings import SYMBOL
from tuiapp.cli import diagnostics, fetch_tables, fetch_texts, output
from tuiapp.cli.invocation import Invocation, Work
from tuiapp.cli.options import FIRST_DAY, When, format_option, require_built
from tuiapp.dates import Counted

Command = TypeVar("Command", bound=Callable[..., Any])

STOPPED: Final = "stopped"
CHECK: Final = "check how Yahoo writes the symbol: share classes as BRK-B, indices as ^GSPC, pairs as EURUSD=X"


class Symbols(click.ParamType[tuple[str, ...]]):
    """Symbols between commas, each once, as the source writes them."""

    name = "symbols"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Take share classes as people write them too: BRK.B and BRK/B are BRK-B."""
        if isinstance(value, tuple):
            return value
        words = [re.sub(r"[./]", "-", word.strip().upper()) for word in value.split(",")]
        for word in words:
            if not re.fullmatch(SYMBOL, word):
                self.fail(f"{word!r} is not a symbol; write them as AAPL,BRK-B", param, ctx)
        return tuple(dict.fromkeys(words))


def fetch_options(command: Command) -> Command:
    """Give a command what can be said about a fetch, and ``--plan``."""
    for option in reversed(
        (
            click.option(
                "--since",
                type=FIRST_DAY,
                metavar="DATE",
                help="First session wanted; by default as many years back as the setting history_years says.",
            ),
            click.option("--symbols", type=Symbols(), metavar="A,B,...", help="Only these names."),
            click.option("--full", is_flag=True, help="Ask again for what is complete."),
            click.option("--plan", "only_plan", is_flag=True, help="Print what would be asked, and ask nothing."),
            format_option,
        )
    ):
        command = option(command)
    return command


def _request(invocation: Invocation, since: When | None, symbols: tuple[str, ...] | None, full: bool) -> FetchRequest:
    return FetchRequest(since=_first_day(since, invocation.world.today()), symbols=symbols or (), full=full)


def _first_day(since: When | None, today: date) -> date | None:
    """The first day wanted; what counts, counts from today."""
    if not isinstance(since, Counted):
        return since
    if since.text == "first":
        raise click.UsageError("--since first says no date: what is the first session follows from what is fetched.")
    return since.opens(today, today)


@click.command()
@fetch_options
@click.pass_obj
def fetch(
    invocation: Invocation,
    since: When | None,
    symbols: tuple[str, ...] | None,
    full: bool,
    only_plan: bool,
    form: str,
) -> None:
    """Fetch what is missing or may have changed into the store. What was stored before a stop is kept."""
    _check(invocation, only_plan, form)
    request = _request(invocation, since, symbols, full)
    with invocation.work() as work:
        if _is_only_planned(work, request, only_plan, form):
            return
        report = work.engine.fetch(request, cancel=work.cancel, on_plan=_tell_plan)
    output.lines([fetch_texts.fetched(report)])
    if report.earliest is not None:
        invocation.note_next()
    _require_all(invocation, work, report)


def _tell_plan(plan: FetchPlan) -> None:
    for text in fetch_texts.plan_lines(plan):
        diagnostics.note(text)


@click.command()
@fetch_options
@click.pass_obj
def update(
    invocation: Invocation,
    since: When | None,
    symbols: tuple[str, ...] | None,
    full: bool,
    only_plan: bool,
    form: str,
) -> None:
    """Fetch what is missing, then build the indices: one line for each when all went well, for cron."""
    _check(invocation, only_plan, form)
    request = _request(invocation, since, symbols, full)
    with invocation.work() as work:
        if _is_only_planned(work, request, only_plan, form):
            return
        report = work.engine.update(request, cancel=work.cancel)
    output.lines(fetch_texts.updated(report, invocation.settings().index))
    _require_all(invocation, work, report.fetch)
    require_built((report.build, *report.others) if report.build else report.others)


def _check(invocation: Invocation, only_plan: bool, form: str) -> None:
    """Refuse what cannot be, before the demo market is made for it."""
    if form != "table" and not only_plan:
        raise click.UsageError("--format says how a plan is printed; give it together with --plan.")
    if invocation.settings().provider == "demo":
        raise SettingsError(
            "Nothing is fetched with provider demo: the demo market is made on the spot.",
            hint="leave out --provider demo to fetch into your own store",
        )


def _plan(work: Work, request: FetchRequest) -> FetchPlan:
    """What would be asked; a day that has no session yet cannot be asked for."""
    plan = work.engine.plan_fetch(request)
    if request.since is not None and request.since > plan.through:
        raise click.UsageError(f"There is no session from {request.since} on; the last closed one is {plan.through}.")
    return plan


def _is_only_planned(work: Work, request: FetchRequest, only_plan: bool, form: str) -> bool:
    """Print the plan where only that is wanted; a first session is looked at before anything is asked."""
    if not only_plan and request.since is None:
        return False
    plan = _plan(work, request)
    if only_plan:
        _print_plan(plan, form)
    return only_plan


def _print_plan(plan: FetchPlan, form: str) -> None:
    if form in output.OBJECTS:
        output.emit_object(fetch_tables.plan_object(plan), form)
        return
    if form == "csv" or plan.lines:
        output.emit(fetch_tables.plan_table(plan), form)
    if form == "table":
        output.lines([*([""] if plan.lines else []), *fetch_texts.plan_sums(plan)])


def _require_all(invocation: Invocation, work: Work, report: FetchReport) -> None:
    """Say what is missing after all that came has been stored.

    Raises:
        Cancelled: A person stopped it.
        ProviderError: It was stopped, or some names failed.
    """
    again = f"what came is stored; the rest is asked for by: {invocation.command('update')}"
    if report.outcome == STOPPED:
        work.cancel.check()
        raise ProviderError(fetch_texts.stopped(report), hint=report.hint or again)
    if report.failures:
        listing = invocation.command("show", "coverage", "--fetches")
        unknown = all(each.gone for each in report.failures)
        raise ProviderError(fetch_texts.failed(report, listing), hint=CHECK if unknown else again)
