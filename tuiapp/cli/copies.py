"""``flatcap backup`` and ``flatcap restore``: whole copies of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

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
    output.lines([str(report.path)])
    held = f"{report.size / MEGABYTE:,.1f} MB, {output.counted(report.sessions, 'session')} of prices"
    diagnostics.note(f"{held}{f' to {report.last}' if report.last else ''}. Next: keep it on another disk.")


@click.command()
@click.argument("path", metavar="PATH", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(invocation: Invocation, path: Path) -> None:
    """Put a copy in the place of the store, and keep the store that was there beside it."""
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
        output.lines([f"It is kept as {report.kept}."])
    if report.last and any(row.outdated or row.last_session is None for row in stands):
        invocation.note_next()
