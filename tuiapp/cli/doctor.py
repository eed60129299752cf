"""``flatcap doctor``: what was looked at, the worst first, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import click

from engine.domain.fields import Field, Unit
from engine.errors import StoreError
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
        try:
            report = work.engine.repair(cancel=work.cancel) if repair else None
        except StoreError:
            if as_json:
                _emit(_all_checks(invocation, work.engine.diagnose(online=online)))
            raise
        found = work.engine.diagnose(online=online)
    mended = _mended(invocation, report) if report else []
    lost = [Check("lost", "warn", text, "") for text in report.lost] if report and as_json else []
    told = _all_checks(invocation, [*lost, *found])
    if as_json:
        _narrate(mended)
        _emit(told)
    else:
        output.lines([*mended, *_told(told)])
    return UNWELL if any(check.state == BAD for check in told) else 0


def _all_checks(invocation: Invocation, found: Iterable[Check]) -> list[Check]:
    """What was found, and what there is to say of the terminal, the worst first."""
    world = invocation.world
    checks = worst_first([*found, *terminal.checks(world.environment(), interactive=world.interactive())])
    return [replace(check, hint=invocation.told(check.hint)) for check in checks]


def _emit(checks: Sequence[Check]) -> None:
    output.emit(output.Table(CHECK_FIELDS, output.attributes(checks, CHECK_FIELDS)), "json")


def worst_first(checks: Iterable[Check]) -> list[Check]:
    """The same checks, the worst ones first."""
    return sorted(checks, key=lambda check: STATES.index(check.state))


def _mended(invocation: Invocation, report: RepairReport) -> list[str]:
    """What a repair did, the copy first, and what is lost."""
    copied = [f"The store as it was is kept as {report.backup}."] if report.backup else []
    told = [invocation.told(line) for line in (*report.done, *report.lost)]
    return [output.plain(line) for line in (*copied, *told)] or ["Nothing had to be mended."]


def _narrate(lines: Iterable[str]) -> None:
    for line in lines:
        diagnostics.note(line)


def _told(checks: Iterable[Check]) -> Iterator[str]:
    for check in checks:
        yield f"{check.state:5} {output.plain(check.name)}: {output.plain(check.text)}"
        if check.hint:
            yield f"      {output.plain(check.hint)}"
