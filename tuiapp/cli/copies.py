"""``flatcap backup`` and ``flatcap restore``: whole copies of the store."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

import click

from engine.errors import NoData
from engine.views.copies import CopyRow
from tuiapp.cli import diagnostics, output
from tuiapp.cli.invocation import Invocation

MEGABYTE: Final = 1_000_000


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def backup(invocation: Invocation, path: Path | None, force: bool) -> None:
    """Write a whole copy of the store, look at every block of it, and print its full path."""
    with invocation.work() as work:
        report = work.engine.backup(path, force=force)
    output.path(report.path)
    held = f"{report.size / MEGABYTE:,.1f} MB, {output.counted(report.sessions, 'session')} of prices"
    diagnostics.note(f"{held}{f' to {report.last}' if report.last else ''}. Next: keep it on another disk.")


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(invocation: Invocation, path: Path | None) -> None:
    """Put a copy in the place of the store, and keep that beside it; without PATH, only list the copies."""
    if path is None:
        _offer(invocation)
        return
    with invocation.work(made=False) as work:
        report = work.engine.restore(path)
        stands = work.engine.indices()
    held = f"{output.counted(report.sessions, 'session')} of prices"
    output.lines([f"{report.path} is the store now: {held}{f' to {report.last}' if report.last else ''}."])
    if report.lost:
        later = output.counted(report.lost, "session")
        again = invocation.told("flatcap update or import brings them again")
        output.lines([f"The store that was there had {later} after that; {again}."])
    if report.kept:
        output.lines([f"The store that was there is kept as {report.kept}."])
    if report.last and any(row.outdated or row.last_session is None for row in stands):
        invocation.note_next()


def _offer(invocation: Invocation) -> None:
    """Which copies there are, each with the command that puts it back; none is chosen for a person."""
    with invocation.work(made=False) as work:
        rows = work.engine.copies()
    if not rows:
        raise NoData("There is no copy beside the store.", hint="flatcap restore PATH takes one from elsewhere")
    for row in rows:
        output.lines([_described(row)])
        if row.sound:
            output.lines([f"  {invocation.told(f'flatcap restore {shlex.quote(str(row.path))}')}"])


def _described(row: CopyRow) -> str:
    """A copy in one line."""
    file = f"{row.path.name}: {row.at:%Y-%m-%d %H:%M} UTC, {row.size / MEGABYTE:,.1f} MB"
    if not row.sound:
        return f"{file}, cannot be used"
    return f"{file}, {output.counted(row.sessions, 'session')} of prices{f' to {row.last}' if row.last else ''}"
