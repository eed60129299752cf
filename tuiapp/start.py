"""The first step of the program: help and version are answered from a file, all else goes on to the command line.

A person who asks for help waits for Python alone; so this module imports nothing but what the interpreter has
loaded by itself.
"""

import os
import sys

HELP_FILE = "help.txt"
HELP = ("--help", "-h")
HEAD = "=== "
"""Begins the line that names the verb of the help below it."""

WIDTH = 78
"""Columns that the help takes; a terminal must have two more."""


def entry() -> None:
    """Answer, or run the command line, which ends the process."""
    if not _answered(sys.argv[1:]):
        from tuiapp.cli.main import entry as run

        run()


def _answered(argv: list[str]) -> bool:
    """Whether the words ask for nothing but a text that is known, and it could be written."""
    if "_FLATCAP_COMPLETE" in os.environ or sys.stdout is None:
        return False
    text = known_text(argv)
    return text is not None and _has_room() and _written(text)


def known_text(argv: list[str]) -> str | None:
    """The text that these words ask for, None where they ask for something else."""
    if argv == ["--version"]:
        from engine import __version__

        return f"flatcap {__version__}\n"
    return _help(" ".join(argv[:-1])) if argv and argv[-1] in HELP else None


def _help(verb: str) -> str | None:
    """The help of a verb, None where it is not known here."""
    path = os.path.join(os.path.dirname(__file__), "cli", HELP_FILE)  # noqa: PTH118, PTH120 (pathlib takes its time)
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 (likewise)
            texts = f"\n{file.read()}"
    except OSError:
        return None
    _, found, rest = texts.partition(f"\n{HEAD}flatcap {verb}".rstrip() + "\n")
    return rest.partition(f"\n{HEAD}")[0].rstrip("\n") + "\n" if found else None


def _has_room() -> bool:
    """Whether the output is as wide as the text; a file or a pipe is."""
    if not sys.stdout.isatty():
        return True
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns) >= WIDTH + 2
    return os.get_terminal_size(sys.stdout.fileno()).columns >= WIDTH + 2


def _written(text: str) -> bool:
    """Whether the text went out; if not, the command line finds out why, and says it."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        return False
    return True
