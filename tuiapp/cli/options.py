"""Options that several commands share, and the checks that go with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final, TypeVar

import click

from engine.errors import DataError
from engine.views.types import IndexStatus
from tuiapp.cli import output

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
period_option = click.option(
    "--period", type=click.Choice(PERIODS, case_sensitive=False), help="Only this period, up to the last session."
)
series_option = click.option(
    "--series", type=click.Choice(SERIES, case_sensitive=False), help="Only price return, or only total return."
)


def range_options(command: Command) -> Command:
    """Give a command ``--from`` and ``--to``."""
    last = click.option("--to", "end", type=ISO_DATE, metavar="DATE", help="Last session, this date included.")
    first = click.option("--from", "start", type=ISO_DATE, metavar="DATE", help="First session, this date included.")
    return first(last(command))


def explain_option(what: str) -> Callable[[Command], Command]:
    """Give a command ``--explain``; ``what`` is how its numbers are named."""
    return click.option(
        "--explain",
        "asked",
        metavar=what,
        help="Say what this number is made of; list names all that can be asked about.",
    )


def checked_range(start: date | None, end: date | None, as_of: date | None = None) -> tuple[date | None, date | None]:
    """The range asked for; ``--as-of`` ends a range as ``--to`` does, so only one of them may be given."""
    if as_of is not None and end is not None:
        raise click.UsageError("--as-of and --to both say where the range ends; give one of them.")
    end = end or as_of
    if start is not None and end is not None and start > end:
        raise click.UsageError(f"The range is empty: {start} comes after {end}.")
    return start, end


def one_start(start: date | None, period: str | None) -> None:
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
