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


def picture_part() -> str:
    """The first screen of the demo market."""
    from tests.picture import picture

    return picture()


def settings_part() -> str:
    """The table of settings."""
    from engine.settings import SETTINGS

    places = {"data_dir": "your user data folder", "keymap": "`keymap.toml` in your user config folder"}
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
    from tuiapp.cli.main import cli

    root = click.Context(cli, info_name="flatcap")
    listing = _table(("command", "does"), ((f"`{_usage(c)}`", _help(c.command)) for c in _commands(root)))
    return f"{listing}\n\n{_table(('option', 'of', 'meaning'), _options(root))}"


def sheets_part() -> str:
    """The table of the sheets of a workbook."""
    from engine.export.sheets import SHEETS

    return _table(("sheet", "holds"), ((f"`{sheet.name}`", sheet.text) for sheet in SHEETS.values()))


def _options(root: click.Context) -> list[tuple[str, str, str]]:
    """Options with the commands that have them: one line for all that share an option."""
    owners: dict[tuple[str, str], list[str]] = {}
    for context in [root, *(each for each in _commands(root) if each is not root)]:
        where = context.command_path.partition(" ")[2]
        for option in context.command.params:
            if isinstance(option, click.Option):
                key = _option(option), option.help or ""
                owners.setdefault(key, []).append(f"`{where}`" if where else "all, before the command")
    return [(f"`{option}`", ", ".join(where), text) for (option, text), where in owners.items()]


def _commands(context: click.Context) -> Iterator[click.Context]:
    command = context.command
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield context
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _commands(click.Context(child, parent=context, info_name=name))


def _usage(context: click.Context) -> str:
    arguments = [p.make_metavar(context) for p in context.command.params if isinstance(p, click.Argument)]
    return " ".join([context.command_path.split(" [", 1)[0], *arguments])


def _option(option: click.Option) -> str:
    value = option.metavar
    if isinstance(option.type, click.Choice):
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
    """Write every generated part and ``.env.example``."""
    from engine.settings import env_template

    (ROOT / ".env.example").write_text(env_template(), encoding="utf-8")
    for document in PARTS:
        (ROOT / document).write_text(renewed(document), encoding="utf-8")


if __name__ == "__main__":
    main()
