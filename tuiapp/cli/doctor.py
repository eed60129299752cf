"""``flatcap doctor``: what was looked at, the worst first, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import click

from engine.domain.fields import Field, Unit
from engine.reports import Check
from tuiapp.cli import output
from tuiapp.cli.invocation import Invocation

BAD: Final = "bad"
UNWELL: Final = 1
"""Exit code when something is bad."""

CHECK_FIELDS: Final = (
    Field("name", "Check", Unit.TEXT, text="What was looked at."),
    Field("state", "State", Unit.TEXT, text="good, warn or bad."),
    Field("text", "Found", Unit.TEXT, text="What was found."),
    Field("hint", "Hint", Unit.TEXT, text="What to do about it."),
)


@click.command()
@click.option("--online", is_flag=True, help="Also ask each host of the source whether it answers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def doctor(invocation: Invocation, online: bool, as_json: bool) -> int:
    """Look at the store and what was fetched; exit code 1 when something is bad."""
    with invocation.work() as work:
        found = work.engine.diagnose(online=online)
    checks = [replace(check, hint=invocation.told(check.hint)) for check in found]
    if as_json:
        output.emit(output.Table(CHECK_FIELDS, output.attributes(checks, CHECK_FIELDS)), "json")
    else:
        output.lines(_told(checks))
    return UNWELL if any(check.state == BAD for check in checks) else 0


def _told(checks: Iterable[Check]) -> Iterator[str]:
    for check in checks:
        yield f"{check.state:5} {output.plain(check.name)}: {output.plain(check.text)}"
        if check.hint:
            yield f"      {output.plain(check.hint)}"
