"""The command ``flatcap``: global options, verbs, and the way out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from engine import __version__
from tuiapp.cli import diagnostics, output
from tuiapp.cli.invocation import Invocation, World
from tuiapp.cli.verbs import VERBS, Verbs, completed_by
from tuiapp.logfile import RunLog


def _print_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        output.lines([f"flatcap {__version__}"])
        context.exit()


@click.group(
    cls=Verbs,
    places=VERBS,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND [ARGS]...]",
    context_settings={"max_content_width": 80},
)
@click.option("--data-dir", metavar="DIR", help="Folder of the store.")
@click.option("--index", metavar="NAME", shell_complete=completed_by("indices"), help="Name of the index.")
@click.option(
    "--provider",
    metavar="yahoo|import|demo",
    shell_complete=completed_by("providers"),
    help="Where data come from; import: your own files only.",
)
@click.option("--env-file", metavar="FILE", type=click.Path(path_type=Path), help="Read settings from this file.")
@click.option("-v", "--verbose", count=True, help="Say more on stderr; -vv says everything.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    help="Show the version and exit.",
    callback=_print_version,
)
@click.pass_context
def cli(
    context: click.Context,
    data_dir: str | None,
    index: str | None,
    provider: str | None,
    env_file: Path | None,
    verbose: int,
) -> int:
    """An equal-weighted index of the top 100 US stocks by market cap, in your terminal.

    Without a command: the app, or a text summary where there is no terminal.
    """
    invocation = context.ensure_object(Invocation)
    invocation.flags.update(data_dir=data_dir, index=index, provider=provider)
    invocation.env_file, invocation.verbose = env_file, verbose
    return start(invocation) if context.invoked_subcommand is None else 0


def start(invocation: Invocation) -> int:
    """Open the app, or print the summary where there is no terminal."""
    if invocation.world.interactive():
        return invocation.app()
    from tuiapp.cli import summary

    return summary.print_summary(invocation)


def main(argv: Sequence[str] | None = None, world: World | None = None) -> int:
    """Run one command and give its exit code. Bugs are raised."""
    log = RunLog(sys.argv[1:] if argv is None else argv)
    invocation = Invocation(replace(world or World(), log=log))
    code = 1
    try:
        answer = cli.main(args=argv, prog_name="flatcap", standalone_mode=False, obj=invocation)
        output.flush()
        invocation.note_end()
        code = answer if isinstance(answer, int) else 0
    except diagnostics.Expected as error:
        code = invocation.exit_code(diagnostics.report(error, invocation.told))
        log.end(code, error if code else None, expected=True)
    finally:
        log.end(code, sys.exception())
    return code


def entry() -> NoReturn:
    """Run the command of this process, and end the process."""
    # The store's write-ahead log is created anew each time, and its mode comes from the umask alone.
    os.umask(0o077)
    diagnostics.open_closed_streams()
    code = 1
    try:
        code = main(sys.argv[1:])
    finally:
        diagnostics.leave(code)
