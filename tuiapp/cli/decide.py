"""``flatcap decide``: what a person decides about the data. The next build takes it in."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from engine.views.quality import Decision
from tuiapp.cli import data_tables, output
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import ISO_DATE, format_option

Command = TypeVar("Command", bound=Callable[..., Any])


class Price(click.ParamType[float]):
    """An amount of USD: finite, and not negative."""

    name = "price"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Take a number, but not the words that Python reads as one: nan, inf."""
        try:
            price = float(value)
        except ValueError:
            price = math.nan
        if not 0 <= price < math.inf:
            self.fail(f"{value!r} is not a price; write a number of USD, 0 or more", param, ctx)
        return price


withdraw_option = click.option("--withdraw", is_flag=True, help="Take this decision back.")
date_argument = click.argument("session", metavar="DATE", type=ISO_DATE)


@click.group(subcommand_metavar="COMMAND", no_args_is_help=False)
def decide() -> None:
    """Decide about the data what the data cannot: which cap is right, what a delisting paid, who is who."""


@decide.command("accept-cap")
@click.argument("ticker", metavar="TICKER")
@date_argument
@withdraw_option
@click.pass_obj
def accept_cap(invocation: Invocation, ticker: str, session: date, withdraw: bool) -> None:
    """Take the published market cap of a session as right, whatever the plausibility band says of it."""
    _settle(invocation, Decision("accept-cap", ticker, session), withdraw)


@decide.command("final-price")
@click.argument("ticker", metavar="TICKER")
@date_argument
@click.argument("price", metavar="PRICE", type=Price(), required=False)
@withdraw_option
@click.pass_obj
def final_price(invocation: Invocation, ticker: str, session: date, price: float | None, withdraw: bool) -> None:
    """Give the last price of a delisting, in USD; 0 is a total loss."""
    _require("PRICE", price, withdraw)
    _settle(invocation, Decision("final-price", ticker, session, price=price), withdraw)


@decide.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@date_argument
@withdraw_option
@click.pass_obj
def rename(invocation: Invocation, old: str, new: str, session: date, withdraw: bool) -> None:
    """Say that a ticker trades under a new one from a date on."""
    _settle(invocation, Decision("rename", old, session, text=new), withdraw)


@decide.command()
@click.argument("ticker", metavar="TICKER")
@click.argument("name", metavar="NAME", required=False)
@withdraw_option
@click.pass_obj
def issuer(invocation: Invocation, ticker: str, name: str | None, withdraw: bool) -> None:
    """Say which company a ticker belongs to: share classes of one company take one place."""
    _require("NAME", name, withdraw)
    _settle(invocation, Decision("issuer", ticker, text=name or ""), withdraw)


@decide.command("list")
@format_option
@click.pass_obj
def list_decisions(invocation: Invocation, form: str) -> None:
    """Print what was decided."""
    with invocation.work() as work:
        view = work.engine.coverage()
    output.emit(data_tables.decisions_table(view), form)


def _require(name: str, given: object, withdraw: bool) -> None:
    """What is decided has to be said, unless a decision is taken back."""
    if given is None and not withdraw:
        raise click.UsageError(f"Missing argument '{name}'.")


def _settle(invocation: Invocation, decision: Decision, withdraw: bool) -> None:
    with invocation.work() as work:
        report = (work.engine.withdraw if withdraw else work.engine.decide)(decision)
    output.lines([output.plain(report.text)])
    if report.changed:
        invocation.note_next()
