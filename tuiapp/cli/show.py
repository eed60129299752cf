"""``flatcap show``: every view as a table, CSV or JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from engine.views.types import CoverageView, MetricsView
from tuiapp.cli import output, tables
from tuiapp.cli.invocation import Invocation

Command = TypeVar("Command", bound=Callable[..., Any])


class IsoDate(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Take exactly YYYY-MM-DD, not the other spellings that ISO 8601 knows."""
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as YYYY-MM-DD", param, ctx)


ISO_DATE = IsoDate()

as_of_option = click.option("--as-of", type=ISO_DATE, metavar="DATE", help="The last session on or before this date.")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(output.FORMATS),
    default="table",
    show_default=True,
    help="How to print.",
)


def range_options(command: Command) -> Command:
    """Give a command ``--from`` and ``--to``."""
    last = click.option("--to", "end", type=ISO_DATE, metavar="DATE", help="Last session, this date included.")
    first = click.option("--from", "start", type=ISO_DATE, metavar="DATE", help="First session, this date included.")
    return first(last(command))


def checked_range(start: date | None, end: date | None, as_of: date | None = None) -> tuple[date | None, date | None]:
    """The range asked for; ``--as-of`` ends a range as ``--to`` does, so only one of them may be given."""
    if as_of is not None and end is not None:
        raise click.UsageError("--as-of and --to both say where the range ends; give one of them.")
    end = end or as_of
    if start is not None and end is not None and start > end:
        raise click.UsageError(f"The range is empty: {start} comes after {end}.")
    return start, end


@click.group(subcommand_metavar="VIEW", no_args_is_help=False)
def show() -> None:
    """Print a view of the index as a table, CSV or JSON."""


@show.command()
@as_of_option
@range_options
@format_option
@click.pass_obj
def performance(invocation: Invocation, as_of: date | None, start: date | None, end: date | None, form: str) -> None:
    """Print levels, returns and turnover, session by session."""
    start, end = checked_range(start, end, as_of)
    with invocation.work() as work:
        view = work.engine.performance(start, end)
    output.emit(tables.performance_table(view), form)


@show.command()
@as_of_option
@range_options
@format_option
@click.pass_obj
def metrics(invocation: Invocation, as_of: date | None, start: date | None, end: date | None, form: str) -> None:
    """Print return and risk by period; with --from, of that one period."""
    start, end = checked_range(start, end, as_of)
    with invocation.work() as work:
        view = work.engine.metrics(start, end)
    if form == "table":
        _print_panels(view)
    else:
        output.emit(tables.metrics_table(view), form)


def _print_panels(view: MetricsView) -> None:
    output.emit(tables.metrics_panel(view, "PR"), "table")
    output.lines([""])
    output.emit(tables.metrics_panel(view, "TR"), "table")
    if not all(period.complete for period in view.periods):
        output.lines(["", "* history is shorter than this period"])


@show.command()
@as_of_option
@format_option
@click.pass_obj
def composition(invocation: Invocation, as_of: date | None, form: str) -> None:
    """Print the members decided at the close of a session, by rank."""
    with invocation.work() as work:
        view = work.engine.composition(as_of)
    output.emit(tables.composition_table(view), form)


@show.command()
@as_of_option
@range_options
@format_option
@click.pass_obj
def changes(invocation: Invocation, as_of: date | None, start: date | None, end: date | None, form: str) -> None:
    """Print additions and deletions, day by day."""
    start, end = checked_range(start, end, as_of)
    with invocation.work() as work:
        view = work.engine.changes(start, end)
    output.emit(tables.changes_table(view), form)


@show.command()
@click.argument("ticker")
@as_of_option
@range_options
@format_option
@click.pass_obj
def stock(
    invocation: Invocation, ticker: str, as_of: date | None, start: date | None, end: date | None, form: str
) -> None:
    """Print one ticker through time: prices, splits, dividends, rank and membership."""
    start, end = checked_range(start, end, as_of)
    with invocation.work() as work:
        view = work.engine.stock(ticker, start, end)
    output.emit(tables.stock_table(view), form)


@show.command()
@click.option("--findings", is_flag=True, help="Print what was found in the data instead of what is stored.")
@format_option
@click.pass_obj
def coverage(invocation: Invocation, findings: bool, form: str) -> None:
    """Print what the store holds, kind by kind."""
    with invocation.work() as work:
        view = work.engine.coverage()
    output.emit(tables.findings_table(view) if findings else tables.coverage_table(view), form)
    if form == "table" and not findings:
        output.lines(_coverage_notes(view))


def _coverage_notes(view: CoverageView) -> list[str]:
    size = f"{view.store_bytes / 1e6:,.1f} MB in the store"
    found = "no findings"
    if view.findings:
        found = f"{output.counted(len(view.findings), 'finding')}; --findings lists them"
    return ["", f"{size}, {found}."]
