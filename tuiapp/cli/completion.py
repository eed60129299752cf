"""``flatcap completion``: the script that lets a shell complete the command line."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import get_completion_class

from tuiapp.cli import output

PROGRAM: Final = "flatcap"
VARIABLE: Final = "_FLATCAP_COMPLETE"
SHELLS: Final = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes verbs, options, sheets, indices and tickers in a shell.

    Write it to a file where the shell looks for it: ~/.local/share/bash-completion/completions/flatcap of bash,
    ~/.config/fish/completions/flatcap.fish of fish, _flatcap in a folder of $fpath of zsh.
    """
    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    script = made(context.find_root().command, {}, PROGRAM, VARIABLE)
    output.lines((script.source_template % script.source_vars()).strip().splitlines())
