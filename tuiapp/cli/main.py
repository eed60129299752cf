"""The command ``flatcap``: global options, verbs, and the way out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

import click

from engine import __version__
from tuiapp.cli import commands, diagnostics, fetching, output, summary
from tuiapp.cli.decide import decide
from tuiapp.cli.doctor import doctor
from tuiapp.cli.invocation import Invocation, World
from tuiapp.cli.keys import keys
from tuiapp.cli.show import show

VERBOSITY: Final = (None, "info", "debug")


@click.group(
    invoke_without_command=True,
    subcommand_metavar="[COMMAND [ARGS]...]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--data-dir", metavar="DIR", help="Folder of the store.")
@click.option("--index", metavar="NAME", help="Name of the index.")
@click.option("--provider", metavar="yahoo|import|demo", help="Where data come from; import: your own files only.")
@click.option("--env-file", metavar="FILE", type=click.Path(path_type=Path), help="Read settings from this file.")
@click.option("-v", "--verbose", count=True, help="Say more on stderr; -vv says everything.")
@click.version_option(__version__, prog_name="flatcap", message="%(prog)s %(version)s")
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
    flags = {"data_dir": data_dir, "index": index, "provider": provider}
    flags["log_level"] = VERBOSITY[min(verbose, 2)]
    context.obj = invocation = Invocation(context.find_object(World) or World(), flags, env_file)
    return start(invocation) if context.invoked_subcommand is None else 0


def start(invocation: Invocation) -> int:
    """Open the app, or print the summary where there is no terminal."""
    return invocation.app() if invocation.world.interactive() else summary.print_summary(invocation)


for verb in (
    commands.demo,
    fetching.update,
    fetching.fetch,
    commands.import_files,
    commands.build,
    show,
    commands.export,
    decide,
    doctor,
    commands.config,
    keys,
):
    cli.add_command(verb)


def main(argv: Sequence[str] | None = None, world: World | None = None) -> int:
    """Run one command and give its exit code. Bugs are raised."""
    try:
        code = cli.main(args=argv, prog_name="flatcap", standalone_mode=False, obj=world or World())
        output.flush()
    except diagnostics.Expected as error:
        return diagnostics.report(error)
    return code if isinstance(code, int) else 0


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
