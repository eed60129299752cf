"""Options that several commands share, and the checks that go with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import click

from engine.errors import DataError
from tuiapp import dates
from tuiapp.cli import output

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.reports import BuildReport
    from engine.views.types import IndexStatus

When: TypeAlias = "date | dates.Counted"
"""A day, or one that counts from the end of what is stored."""

Command = TypeVar("Command", bound=Callable[..., Any])

PERIODS: Final = ("1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all")
SERIES: Final = ("PR", "TR")


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


class Word(click.Choice[str]):
    """One of some words, in upper or lower case; offered and named as they are written.

    Args:
        words: The words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(words, case_sensitive=False)

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002 (click's signature)
        """The word that is meant, as it is written; what is none of them as it was typed."""
        typed = str(choice)
        return next((word for word in self.choices if word.casefold() == typed.casefold()), typed)


class Day(click.ParamType["When"]):
    """A date as people write it.

    Args:
        read: What a text means; None for one that means no day.
    """

    name = "date"

    def __init__(self, read: Callable[[str], When | None]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> When:
        """Take a day, a month, a year, a word or a distance back."""
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        day = self._read(value)
        return self.fail(f"{value!r} is not a date; write {dates.HOW_TO_WRITE}", param, ctx) if day is None else day


ISO_DATE = IsoDate()
FIRST_DAY = Day(dates.opening)
LAST_DAY = Day(dates.closing)

as_of_option = click.option("--as-of", type=LAST_DAY, metavar="DATE", help="The last session on or before this date.")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(output.FORMATS),
    default="table",
    show_default=True,
    help="How to print.",
)
period_option = click.option(
    "--period",
    type=Word(PERIODS),
    metavar="|".join(PERIODS),
    help="Only this period, up to the last session.",
)
series_option = click.option(
    "--series",
    type=Word(SERIES),
    metavar="|".join(SERIES),
    help="Only price return, or only total return.",
)


def range_options(command: Command) -> Command:
    """Give a command ``--from`` and ``--to``."""
    last = click.option("--to", "end", type=LAST_DAY, metavar="DATE", help="Last session, this date included.")
    first = click.option("--from", "start", type=FIRST_DAY, metavar="DATE", help="First session, this date included.")
    return first(last(command))


def explain_option(what: str) -> Callable[[Command], Command]:
    """Give a command ``--explain``; ``what`` is how its numbers are named."""
    return click.option(
        "--explain",
        "asked",
        metavar=what,
        help="Say what this number is made of; list names all that can be asked about.",
    )


@dataclass(frozen=True, slots=True)
class Span:
    """The range that is asked for, before it is known what its dates count from.

    Attributes:
        start: First day, None for the beginning.
        end: Last day, None for the last session.
    """

    start: When | None
    end: When | None

    def last(self, engine: Engine) -> date | None:
        """The last day of the range."""
        return day_of(engine, self.end)

    def of(self, engine: Engine) -> tuple[date | None, date | None]:
        """First and last day of the range; the first one counts from the last session of the range.

        Raises:
            click.UsageError: The first day comes after the last one.
        """
        end = self.last(engine)
        start = self.start
        if isinstance(start, dates.Counted):
            status = engine.status(end)
            start = start.opens(status.session, status.first_session)
        if start is not None and end is not None and start > end:
            raise click.UsageError(f"The range is empty: {start} comes after {end}.")
        return start, end


def asked_range(start: When | None, end: When | None, as_of: When | None = None) -> Span:
    """The range asked for; ``--as-of`` ends a range as ``--to`` does, so only one of them may be given."""
    if as_of is not None and end is not None:
        raise click.UsageError("--as-of and --to both say where the range ends; give one of them.")
    end = end or as_of
    if isinstance(start, date) and isinstance(end, date) and start > end:
        raise click.UsageError(f"The range is empty: {start} comes after {end}.")
    return Span(start, end)


def day_of(engine: Engine, when: When | None) -> date | None:
    """The day that ends a range, or that something is asked as of; None for the last session."""
    if not isinstance(when, dates.Counted):
        return when
    status = engine.status()
    return when.closes(status.last_session, status.first_session)


def one_start(start: When | None, period: str | None) -> None:
    """A period says where it begins, so ``--from`` may not say it too."""
    if start is not None and period is not None:
        raise click.UsageError("--from and --period both say where the range begins; give one of them.")


def require_sessions(status: IndexStatus, start: date | None) -> None:
    """Refuse a range without a session, rather than print nothing.

    Args:
        status: The header of the answer: its session is the last one of the range.
        start: First date of the range, None for the whole history.

    Raises:
        DataError: The range begins after the last session.
    """
    if start is not None and start > status.session:
        raise DataError(
            f"There is no session of {status.index} from {start} on; the last one in the range is {status.session}.",
            hint=f"ask from {status.session} on or earlier",
        )


def require_built(reports: Iterable[BuildReport]) -> None:
    """Fail when one of several indices could not be built; what the others are was said."""
    for report in reports:
        if report.problem:
            raise DataError(f"{report.index} could not be built: {report.problem}", hint=report.hint)
