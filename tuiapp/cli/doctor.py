"""``flatcap doctor``: what was looked at, the worst first, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import click

from engine.domain.fields import Field, Unit
from engine.reports import Check, RepairReport
from tuiapp.cli import diagnostics, output, terminal
from tuiapp.cli.invocation import Invocation

BAD: Final = "bad"
STATES: Final = (BAD, "warn", "good")
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
@click.option("--repair", is_flag=True, help="First mend what can be mended, after a copy of the store.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def doctor(invocation: Invocation, online: bool, repair: bool, as_json: bool) -> int:
    """Look at the store, its files and the terminal; exit code 1 when something is bad."""
    with invocation.work(made=False) as work:
        mended = _mended(invocation, work.engine.repair(cancel=work.cancel)) if repair else []
        found = work.engine.diagnose(online=online)
    world = invocation.world
    checks = worst_first([*found, *terminal.checks(world.environment(), interactive=world.interactive())])
    told = [replace(check, hint=invocation.told(check.hint)) for check in checks]
    if as_json:
        _narrate(mended)
        output.emit(output.Table(CHECK_FIELDS, output.attributes(told, CHECK_FIELDS)), "json")
    else:
        output.lines([*mended, *_told(told)])
    return UNWELL if any(check.state == BAD for check in told) else 0


def worst_first(checks: Iterable[Check]) -> list[Check]:
    """The same checks, the worst ones first."""
    return sorted(checks, key=lambda check: STATES.index(check.state))


def _mended(invocation: Invocation, report: RepairReport) -> list[str]:
    """What a repair did, the copy first."""
    copied = [f"The store as it was is kept as {report.backup}."] if report.backup else []
    done = [invocation.told(line) for line in report.done]
    return [output.plain(line) for line in (*copied, *done)] or ["Nothing had to be mended."]


def _narrate(lines: Iterable[str]) -> None:
    for line in lines:
        diagnostics.note(line)


def _told(checks: Iterable[Check]) -> Iterator[str]:
    for check in checks:
        yield f"{check.state:5} {output.plain(check.name)}: {output.plain(check.text)}"
        if check.hint:
            yield f"      {output.plain(check.hint)}"
