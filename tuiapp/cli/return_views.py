"""The views of the returns: metrics, months, falls and extreme days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from engine.views.analysis import ReturnsView
from engine.views.explanation import Subject
from engine.views.types import MetricsView
from tuiapp.cli import diagnostics, explaining, metric_tables, output, tables
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import (
    SERIES,
    Span,
    When,
    as_of_option,
    asked_range,
    explain_option,
    format_option,
    one_start,
    period_option,
    range_options,
    require_sessions,
    series_option,
)
from tuiapp.cli.output import Table

if TYPE_CHECKING:
    from engine.facade import Engine

WHOLE = "all"


@click.command()
@as_of_option
@range_options
@period_option
@series_option
@click.option("--benchmark", "benchmarks", multiple=True, metavar="SYMBOL", help="Only against this one; repeatable.")
@explain_option("METRIC")
@format_option
@click.pass_obj
def metrics(
    invocation: Invocation,
    as_of: When | None,
    start: When | None,
    end: When | None,
    period: str | None,
    series: str | None,
    benchmarks: tuple[str, ...],
    asked: str | None,
    form: str,
) -> None:
    """Print return and risk by period, alone and against benchmarks; with --from, of that one period."""
    span = asked_range(start, end, as_of)
    one_start(start, period)
    if asked is not None:
        subject = Subject("metrics", "", period=period or WHOLE, series=series or SERIES[0])
        _explain(invocation, asked, subject, span, benchmarks, form)
        return
    with invocation.work() as work:
        first, last = span.of(work.engine)
        view = work.engine.metrics(first, last)
    require_sessions(view.status, first)
    view = metric_tables.narrowed(view, period, benchmarks)
    chosen = SERIES if series is None else (series,)
    if form == "table":
        _print_panels(view, chosen, named=bool(benchmarks))
    else:
        output.emit(tables.labelled(metric_tables.metrics_table(view, chosen), view.status, form), form)
    invocation.note_status(view.status, min((each.first for each in view.periods), default=None))


def _explain(
    invocation: Invocation, asked: str, like: Subject, span: Span, benchmarks: tuple[str, ...], form: str
) -> None:
    """Explain one metric of one period and series; ``like`` says which."""

    def place(engine: Engine, subject: Subject) -> Subject:
        start, end = span.of(engine)
        last = engine.status(end)
        require_sessions(last, start)
        benchmark = explaining.benchmark_of(engine, subject.key, benchmarks)
        period = "custom" if start else like.period
        return replace(like, key=subject.key, session=last.session, start=start, period=period, benchmark=benchmark)

    explaining.answer(invocation, "metrics", asked, form, place)


def _print_panels(view: MetricsView, series: tuple[str, ...], *, named: bool) -> None:
    symbols = metric_tables.symbols(view)
    shown = symbols if named or len(symbols) == 1 else ()
    panels = [metric_tables.metrics_panel(view, each) for each in series]
    panels += [metric_tables.relative_panel(view, each, symbol) for symbol in shown for each in series]
    for panel in panels:
        output.emit(panel, "table")
        output.lines([""])
    output.lines([*metric_tables.legend(view), *_others(() if shown else symbols)])


def _others(symbols: tuple[str, ...]) -> list[str]:
    if not symbols:
        return []
    return [f"--benchmark SYMBOL shows beta, alpha and more against one of {', '.join(symbols)}."]


def _returns_command(name: str, text: str, make: Callable[[ReturnsView, tuple[str, ...]], Table]) -> click.Command:
    """A view of the returns of a range, of both series or of one."""

    @click.command(name, help=text)
    @as_of_option
    @range_options
    @series_option
    @format_option
    @click.pass_obj
    def command(
        invocation: Invocation, as_of: When | None, start: When | None, end: When | None, series: str | None, form: str
    ) -> None:
        span = asked_range(start, end, as_of)
        with invocation.work() as work:
            first, last = span.of(work.engine)
            view = work.engine.returns(first, last)
        require_sessions(view.status, first)
        table = make(view, SERIES if series is None else (series,))
        rows = list(table.rows)
        table = replace(table, rows=rows)
        output.emit(tables.labelled(table, view.status, form, view.sessions), form)
        if not rows:
            diagnostics.note(_why_nothing(view))
        invocation.note_status(view.status, next(iter(view.sessions), None))

    return command


def _why_nothing(view: ReturnsView) -> str:
    """Why a table has no row: the first session has no return, and a range of rises has no fall."""
    if len(view.sessions) > 1:
        return f"No fall from {view.sessions[0]} to {view.sessions[-1]}."
    return f"No return in the range: {view.status.session} is the first session."


months = _returns_command("months", "Print returns by month and year.", metric_tables.months_table)
drawdowns = _returns_command(
    "drawdowns", "Print the deepest falls: peak, trough, recovery and how long.", metric_tables.drawdowns_table
)
days = _returns_command("days", "Print the best and the worst days.", metric_tables.days_table)
