"""The generated parts of the documents: ``python -m tests.docs`` writes them, a test keeps them in step.

A part stands between ``<!-- name:start -->`` and ``<!-- name:end -->``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.metrics import Definition

ROOT = Path(__file__).parents[1]
HELP_FILE = ROOT / "tuiapp" / "cli" / "help.txt"


def picture_part() -> str:
    """The first screen of the demo market."""
    from tests.picture import picture

    return picture()


def settings_part() -> str:
    """The table of settings."""
    from engine.settings import SETTINGS

    places = {
        "data_dir": "your user data folder",
        "keymap": "`keymap.toml` in your user config folder",
        "indices": "`indices.toml` in your user config folder",
        "base_date": "the first session",
    }
    rows = (
        (
            f"`{each.variable}`",
            f"`{each.default}`" if each.default else places[each.name],
            each.allowed,
            each.text,
        )
        for each in SETTINGS
    )
    return _table(("variable", "default", "allowed", "meaning"), rows)


def imports_part() -> str:
    """The table of the kinds of files."""
    from engine.frames.synonyms import KINDS

    rows = []
    for kind in KINDS.values():
        needed = ", ".join(f"`{column.name}`" for column in kind.columns if column.required)
        either = " and ".join([needed, *(["`" + "` or `".join(kind.any_of) + "`"] if kind.any_of else [])])
        more = [column.name for column in kind.columns if not column.required and column.name not in kind.any_of]
        rows.append((kind.name, either, ", ".join(f"`{name}`" for name in more)))
    return _table(("kind", "columns", "may also have"), rows)


def metrics_part() -> str:
    """The table of metrics of one series, and of what an index holds and trades."""
    from engine.metrics import HOLDING_METRICS, METRICS

    return _definitions([*METRICS.values(), *HOLDING_METRICS.values()])


def relative_metrics_part() -> str:
    """The table of metrics against a benchmark."""
    from engine.metrics import RELATIVE_METRICS

    return _definitions(RELATIVE_METRICS.values())


def _definitions(metrics: Iterable[Definition]) -> str:
    rows = []
    for metric in metrics:
        short = f"; short history under {metric.short_under} observations" if metric.short_under else ""
        label, key, text = metric.field.label, f"`{metric.field.key}`", metric.field.text
        rows.append((label, key, f"{metric.formula}{short}", metric.missing, metric.source, text))
    return _table(("metric", "key", "definition", "no value when", "convention", "meaning"), rows)


def keys_part() -> str:
    """The table of keys."""
    from tuiapp.keys import key_table

    return _table(("key", "where", "does"), ((f"`{keys}`", where, what) for keys, where, what in key_table()))


def commands_part() -> str:
    """The command line: every command with its options."""
    root = _root()
    listing = _table(("command", "does"), ((f"`{_usage(c)}`", _help(c.command)) for c in _commands(root)))
    options = _table(("option", "of", "meaning"), _options(root))
    return f"{listing}\n\n{options}"


def examples_part() -> str:
    """Examples of every command."""
    from tuiapp.cli.examples import examples_of

    told = [each for context in commands() for each in examples_of(verb_of(context))]
    return "\n".join(["```sh", *(f"# {each.says}\n{each.line}" for each in told), "```"])


def help_file() -> str:
    """What ``--help`` says of every command, for those who ask for nothing else."""
    from tuiapp.cli.verbs import help_text
    from tuiapp.start import HEAD

    return "".join(f"{HEAD}{_path(each)}\n{help_text(each)}\n" for each in _all(_root()))


def _root() -> click.Context:
    from tuiapp.cli.main import cli
    from tuiapp.start import WIDTH

    return click.Context(cli, info_name="flatcap", terminal_width=WIDTH)


def _all(context: click.Context) -> Iterator[click.Context]:
    """A command and all below it, groups too."""
    yield context
    command = context.command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, name
            yield from _all(click.Context(child, parent=context, info_name=name))


def commands() -> Iterator[click.Context]:
    """Every command that does something by itself."""
    return _commands(_root())


def verb_of(context: click.Context) -> str:
    """What is typed for a command after the name of the program, without arguments."""
    return _path(context).partition(" ")[2]


def _path(context: click.Context) -> str:
    return context.command_path.split(" [", 1)[0]


def sheets_part() -> str:
    """The table of the sheets of a workbook."""
    from engine.domain.sheets import SHEETS

    return _table(("sheet", "holds"), ((f"`{name}`", text) for name, text in SHEETS.items()))


def _options(root: click.Context) -> list[tuple[str, str, str]]:
    """Options with the commands that have them: one line for all that share an option."""
    owners: dict[tuple[str, str], list[str]] = {}
    for context in [root, *(each for each in _commands(root) if each is not root)]:
        where = verb_of(context)
        for option in context.command.params:
            if isinstance(option, click.Option) and not option.hidden and "--help" not in option.opts:
                key = _option(option), option.help or ""
                owners.setdefault(key, []).append(f"`{where}`" if where else _everywhere(option))
    return [(f"`{option}`", ", ".join(where), text) for (option, text), where in owners.items()]


def _everywhere(option: click.Option) -> str:
    from tuiapp.cli.verbs import SHARED

    return "all, before or after the command" if option.name in SHARED else "all, before the command"


def _commands(root: click.Context) -> Iterator[click.Context]:
    """The commands that do something by themselves."""
    for context in _all(root):
        if not isinstance(context.command, click.Group) or context.command.invoke_without_command:
            yield context


def _usage(context: click.Context) -> str:
    arguments = [p.make_metavar(context) for p in context.command.params if isinstance(p, click.Argument)]
    return " ".join([_path(context), *arguments])


def _option(option: click.Option) -> str:
    value = option.metavar
    if value is None and isinstance(option.type, click.Choice):
        value = "|".join(option.type.choices)
    spelling = ", ".join(option.opts)
    return f"{spelling} {value}" if value and not option.is_flag and not option.count else spelling


def _help(command: click.Command) -> str:
    return " ".join((command.help or "").split())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {
        "screen": picture_part,
        "imports": imports_part,
        "commands": commands_part,
        "examples": examples_part,
        "sheets": sheets_part,
        "keys": keys_part,
        "settings": settings_part,
    },
    "METHODOLOGY.md": {"metrics": metrics_part, "relative-metrics": relative_metrics_part},
}


def renewed(document: str) -> str:
    """The text of a document with its generated parts made anew."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for name, make in PARTS[document].items():
        start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            raise ValueError(f"{document} needs one place for {name}")
        before, after = pattern.split(text)
        text = f"{before}{start}\n{make()}\n{end}{after}"
    return text


def main() -> None:
    """Write every generated part, ``.env.example`` and the file of help."""
    from engine.settings import env_template

    (ROOT / ".env.example").write_text(env_template(), encoding="utf-8")
    HELP_FILE.write_text(help_file(), encoding="utf-8")
    for document in PARTS:
        (ROOT / document).write_text(renewed(document), encoding="utf-8")


if __name__ == "__main__":
    main()
