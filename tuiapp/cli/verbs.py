"""Groups of verbs that load when they are asked for, and what every verb has in common.

A verb is known by its place, ``module:name``; its module is imported when the verb is run, completed or explained.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import click

from tuiapp.cli import output
from tuiapp.dates import HOW_TO_WRITE

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Complete: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"

VERBS: Final = {
    "demo": "tuiapp.cli.commands:demo",
    "update": "tuiapp.cli.fetching:update",
    "fetch": "tuiapp.cli.fetching:fetch",
    "import": "tuiapp.cli.commands:import_files",
    "build": "tuiapp.cli.commands:build",
    "show": "tuiapp.cli.show:show",
    "export": "tuiapp.cli.commands:export",
    "decide": "tuiapp.cli.decide:decide",
    "doctor": "tuiapp.cli.doctor:doctor",
    "backup": "tuiapp.cli.copies:backup",
    "restore": "tuiapp.cli.copies:restore",
    "config": "tuiapp.cli.config:config",
    "keys": "tuiapp.cli.keys:keys",
    "completion": "tuiapp.cli.completion:completion",
}
"""Name of every verb and its place, in the order of the help."""

SHARED: Final = {"data_dir": "--data-dir", "index": "--index", "provider": "--provider"}
"""Global options that may also stand after the verb: setting to option. The one after the verb counts."""

COMPLETED: Final = {"index": "indices", "provider": "providers"}
"""Those of them that a shell completes, and by what in ``completing``."""

SHARED_TEXT: Final = f"{', '.join(list(SHARED.values())[:-1])} and {list(SHARED.values())[-1]} may also stand here."
FLAGS: Final = "flatcap.flags"
"""Where shared options after a verb are kept while a command line is only completed."""

LONGEST_SENTENCE: Final = 200
INDENT: Final = "  "


class Verbs(click.Group):
    """A group whose verbs are loaded one by one, when they are asked for.

    Args:
        places: Name of each verb to its place, in the order of the help.
    """

    def __init__(self, *args: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = places
        prepare(self)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The names of the verbs, in the order they were declared."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """The verb of this name; None if there is none."""
        if cmd_name not in self._places:
            return None
        if cmd_name not in self.commands:
            module, _, name = self._places[cmd_name].partition(":")
            self.add_command(prepare(getattr(importlib.import_module(module), name)), cmd_name)
        return self.commands[cmd_name]

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; what is wrong with its words is its own, so that the help that is named is its own, too."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            verb = self.get_command(ctx, ctx.invoked_subcommand or "")
            if error.ctx is None and verb is not None:
                error.ctx = click.Context(verb, parent=ctx, info_name=ctx.invoked_subcommand)
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with the whole first sentence of what they do."""
        verbs = [(name, self.get_command(ctx, name)) for name in self._places]
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.get_short_help_str(LONGEST_SENTENCE)) for name, verb in verbs if verb])


def prepare(command: click.Command) -> click.Command:
    """Give a command, and those below it, what every verb has: ``--help`` and the shared options."""
    if not command.add_help_option:
        return command
    command.add_help_option = False
    if isinstance(command, click.Group):
        for child in command.commands.values():
            prepare(child)
    own = {param.name for param in command.params}
    command.params.extend(_shared_option(name, spelling) for name, spelling in SHARED.items() if name not in own)
    command.params.append(_help_option())
    return command


def _shared_option(name: str, spelling: str) -> click.Option:
    complete = completed_by(COMPLETED[name]) if name in COMPLETED else None
    return click.Option(
        [spelling, name], hidden=True, expose_value=False, callback=_take_shared, shell_complete=complete
    )


def completed_by(name: str) -> Complete:
    """What completes a word by the function of this name in ``completing``, which loads when it is needed."""

    def complete(context: click.Context, _option: click.Parameter, typed: str) -> list[CompletionItem]:
        from tuiapp.cli import completing

        found: list[CompletionItem] = getattr(completing, name)(context, typed)
        return found

    return complete


def _take_shared(context: click.Context, option: click.Parameter, value: str | None) -> None:
    from tuiapp.cli.invocation import Invocation

    if value is None or option.name is None:
        return
    invocation = context.find_object(Invocation)
    is_run = invocation is not None and not context.resilient_parsing
    flags = invocation.flags if invocation and is_run else context.meta.setdefault(FLAGS, {})
    flags[option.name] = value


def _help_option() -> click.Option:
    return click.Option(
        ["-h", "--help"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        help="Show this message and exit.",
        callback=_print_help,
    )


def _print_help(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        output.lines(help_text(context).splitlines())
        context.exit()


def help_text(context: click.Context) -> str:
    """What ``--help`` says of a command: usage, options, examples."""
    return context.command.get_help(context) + _besides(context) + _examples(context.command_path)


def _besides(context: click.Context) -> str:
    """What holds for the options of many verbs."""
    if isinstance(context.command, click.Group):
        return ""
    notes = [SHARED_TEXT]
    if any(isinstance(each, click.Option) and each.metavar == "DATE" for each in context.command.params):
        notes.insert(0, f"A DATE is {HOW_TO_WRITE}.")
    formatter = context.make_formatter()
    with formatter.indentation():
        formatter.write_text("\n\n".join(notes))
    return f"\n\n{formatter.getvalue().rstrip()}"


def _examples(path: str) -> str:
    from tuiapp.cli.examples import examples_of

    told = [line for each in examples_of(path.partition(" ")[2]) for line in (f"# {each.says}", each.line)]
    return "".join(["\n\nExamples:", *(f"\n{INDENT}{line}" for line in told)]) if told else ""
