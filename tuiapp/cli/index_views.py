"""The views of the index: levels, members, the cut, changes, contributions, one stock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from engine.domain.fields import Field, Unit
from engine.errors import DataError
from engine.views.analysis import BubbleView, ContributionView
from engine.views.explanation import Subject
from engine.views.types import StockView
from tuiapp.cli import diagnostics, explaining, output, tables
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import (
    SERIES,
    Span,
    When,
    Word,
    as_of_option,
    asked_range,
    day_of,
    explain_option,
    format_option,
    one_start,
    period_option,
    range_options,
    require_sessions,
)
from tuiapp.cli.verbs import completed_by

if TYPE_CHECKING:
    from engine.facade import Engine

WIDEST_BUBBLE = 10
RETURN = Field("return", "Return", Unit.FRACTION, 4, signed=True)
CUT = Field("cut", "Cut", Unit.USD, 0)


@click.command()
@as_of_option
@range_options
@explain_option("COLUMN")
@format_option
@click.pass_obj
def performance(
    invocation: Invocation, as_of: When | None, start: When | None, end: When | None, asked: str | None, form: str
) -> None:
    """Print levels, returns and turnover, session by session."""
    span = asked_range(start, end, as_of)
    if asked is not None:
        explaining.answer(
            invocation, "performance", asked, form, lambda engine, subject: _at(engine, subject, span.end)
        )
        return
    with invocation.work() as work:
        first, last = span.of(work.engine)
        view = work.engine.performance(first, last)
    require_sessions(view.status, first)
    output.emit(tables.labelled(tables.performance_table(view), view.status, form), form)
    invocation.note_status(view.status, next(iter(view.sessions), None))


def _at(engine: Engine, subject: Subject, when: When | None) -> Subject:
    """The subject at the last session on or before a day."""
    return replace(subject, session=engine.status(day_of(engine, when)).session)


@click.command()
@as_of_option
@explain_option("TICKER:COLUMN")
@format_option
@click.pass_obj
def composition(invocation: Invocation, as_of: When | None, asked: str | None, form: str) -> None:
    """Print the members decided at the close of a session, by rank."""
    if asked is not None:
        explaining.answer(invocation, "composition", asked, form, lambda engine, subject: _at(engine, subject, as_of))
        return
    with invocation.work() as work:
        view = work.engine.composition(day_of(work.engine, as_of))
    output.emit(tables.labelled(tables.composition_table(view), view.status, form), form)
    invocation.note_status(view.status)


@click.command()
@as_of_option
@click.option(
    "--width",
    type=click.IntRange(1, WIDEST_BUBBLE),
    default=5,
    show_default=True,
    metavar="N",
    help="Ranks on either side of the cut.",
)
@format_option
@click.pass_obj
def bubble(invocation: Invocation, as_of: When | None, width: int, form: str) -> None:
    """Print the companies around the cut: who is nearly out, and who is nearly in."""
    with invocation.work() as work:
        view = work.engine.bubble(day_of(work.engine, as_of), width=width)
    output.emit(tables.labelled(tables.bubble_table(view), view.status, form), form)
    if form == "table":
        output.lines(["", _cut(view)])
    invocation.note_status(view.status)


def _cut(view: BubbleView) -> str:
    if not view.rows:
        return "There is no cut: fewer companies are eligible than there are places."
    return f"The cut is the market cap of rank {view.status.size}: {output.calculable(CUT, view.cut_cap_usd)} USD."


@click.command()
@as_of_option
@range_options
@click.option("--why", is_flag=True, help="Print all that led to each change, and what it did.")
@explain_option("TICKER:COLUMN")
@format_option
@click.pass_obj
def changes(
    invocation: Invocation,
    as_of: When | None,
    start: When | None,
    end: When | None,
    why: bool,
    asked: str | None,
    form: str,
) -> None:
    """Print additions and deletions, day by day."""
    span = asked_range(start, end, as_of)
    if asked is not None:
        explaining.answer(invocation, "changes", asked, form, lambda engine, of: _last_change(engine, of, span))
        return
    with invocation.work() as work:
        first, last = span.of(work.engine)
        view = work.engine.changes(first, last)
    require_sessions(view.status, first)
    table = tables.why_table(view) if why else tables.changes_table(view)
    output.emit(tables.labelled(table, view.status, form), form)
    invocation.note_status(view.status, view.first)


def _last_change(engine: Engine, subject: Subject, span: Span) -> Subject:
    """The subject at the last change of its ticker in the range; a number of the index, at the range's end."""
    if not subject.ticker:
        return _at(engine, subject, span.end)
    start, end = span.of(engine)
    view = engine.changes(start, end)
    require_sessions(view.status, start)
    found = [row.session for row in view.rows if row.ticker == subject.ticker]
    if not found:
        raise DataError(
            f"{subject.ticker} was neither added nor removed from {view.first} to {view.last}.",
            hint="flatcap show changes lists all changes; --from and --to choose the range",
        )
    return replace(subject, session=found[-1])


@click.command()
@as_of_option
@range_options
@period_option
@click.option(
    "--series",
    type=Word(SERIES),
    metavar="|".join(SERIES),
    default="PR",
    show_default=True,
    help="Of which return.",
)
@click.option(
    "--by", type=click.Choice(["company", "sector"]), default="company", show_default=True, help="What a row is."
)
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the N largest and the N smallest.")
@explain_option("TICKER:COLUMN")
@format_option
@click.pass_obj
def contributions(
    invocation: Invocation,
    as_of: When | None,
    start: When | None,
    end: When | None,
    period: str | None,
    series: str,
    by: str,
    top: int | None,
    asked: str | None,
    form: str,
) -> None:
    """Print what each company added to the return: of the last day, a period, or a range."""
    span = asked_range(start, end, as_of)
    one_start(start, period)
    if asked is not None:
        explaining.answer(
            *(invocation, explaining.view_of_rows(by), asked, form),
            lambda engine, subject: _over(engine, replace(subject, series=series), span, period),
        )
        return
    with invocation.work() as work:
        first, last = _counted(work.engine, span, period)
        view = work.engine.contributions(first, last, series=series)
    if form == "table":
        output.lines([_whole(view), ""])
    elif view.index_return is None:
        diagnostics.note(_whole(view))
    make = tables.sector_table if by == "sector" else tables.contributions_table
    output.emit(tables.labelled(make(view, top, brief=form == "table"), view.status, form), form)
    invocation.note_status(view.status, view.first)


def _counted(engine: Engine, span: Span, period: str | None) -> tuple[date | None, date | None]:
    """First and last session whose return counts: of the last day if nothing else is asked.

    The first one is None for the whole history.
    """
    start, end = span.of(engine)
    status = engine.status(end)
    require_sessions(status, start)
    if period is None:
        return start or status.session, end
    return None if period == "all" else _after(engine, end, period), end


def _after(engine: Engine, end: date | None, period: str) -> date:
    """The first session after the close that a period starts from."""
    from engine.metrics.periods import period_start

    sessions = engine.performance(end=end).sessions
    place = period_start(sessions, len(sessions) - 1, period).index + 1
    return sessions[min(place, len(sessions) - 1)]


def _over(engine: Engine, subject: Subject, span: Span, period: str | None) -> Subject:
    """The subject over the period that the command asks for."""
    first, end = _counted(engine, span, period)
    last = engine.status(end).session
    if period is not None:
        return replace(subject, session=last, period=period)
    return replace(subject, session=last, period="custom", start=first)


def _whole(view: ContributionView) -> str:
    """The return that the rows sum to."""
    if view.index_return is None:
        return f"{view.status.index} {view.series} has no return at {view.last}: it is the first session."
    whole, by_cap = (output.shown(RETURN, each) for each in (view.index_return, view.cap_weight_return))
    return (
        f"{view.status.index} {view.series} from the close of {view.first} to that of {view.last}: {whole}; "
        f"the same members weighted by market cap: {by_cap}"
    )


@click.command()
@click.argument("ticker", shell_complete=completed_by("tickers"))
@as_of_option
@range_options
@format_option
@click.pass_obj
def stock(
    invocation: Invocation, ticker: str, as_of: When | None, start: When | None, end: When | None, form: str
) -> None:
    """Print one ticker through time: prices, splits, dividends, rank and membership."""
    span = asked_range(start, end, as_of)
    with invocation.work() as work:
        first, last = span.of(work.engine)
        view = work.engine.stock(ticker, first, last)
    _require_rows(view, first)
    output.emit(tables.labelled(tables.stock_table(view), view.status, form), form)
    invocation.note_status(view.status, view.rows[0].session)


def _require_rows(view: StockView, start: date | None) -> None:
    """Refuse a range without a session of the stock, rather than print nothing."""
    if not view.rows:
        require_sessions(view.status, start)
        raise DataError(
            f"{view.ticker} has no session from {start or view.status.first_session} to {view.status.session}.",
            hint=f"flatcap show stock {view.ticker} prints all that there are",
        )
