"""The verbs: ``demo``, ``import``, ``build``, ``export`` and ``config``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import click

from engine.domain.fields import Field, Unit
from engine.env_file import find_env_file
from engine.errors import Cancelled, DataError, SettingsError
from engine.reports import BuildReport, ImportReport
from engine.settings import SETTINGS, Settings, demo_settings, env_template
from tuiapp import keymap
from tuiapp.cli import data_tables, diagnostics, output, summary
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import checked_range, format_option, range_options

KINDS: Final = (
    *("prices", "shares", "market-caps", "securities", "actions", "renames", "benchmarks", "fx"),
    *("accepted-caps", "final-prices"),
)
SHEETS: Final = (
    "summary_metrics",
    "index_performance",
    "daily_composition",
    "composition_changes",
    "contributions",
    "sector_contributions",
    "monthly_returns",
    "drawdowns",
    "data_quality",
    "provenance",
)
CONFIG_FIELDS: Final = (
    Field("setting", "Setting", Unit.TEXT),
    Field("value", "Value", Unit.TEXT),
    Field("origin", "Origin", Unit.TEXT),
    Field("variable", "Variable", Unit.TEXT),
)
PATH_FIELDS: Final = (
    Field("what", "What", Unit.TEXT),
    Field("path", "Path", Unit.TEXT),
)


@click.command()
@click.option("--headless", is_flag=True, help="Print the summary instead of opening the app.")
@click.pass_obj
def demo(invocation: Invocation, headless: bool) -> int:
    """Open the app on a synthetic market of fictional companies, offline, in a store of its own."""
    invocation.flags["provider"] = "demo"
    if not headless and invocation.world.interactive():
        return invocation.app()
    return summary.print_summary(invocation)


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="What the files hold; found by their columns if not given.")
@click.option(
    "--prices",
    type=click.Choice(["as-traded", "split-adjusted"]),
    default="as-traded",
    show_default=True,
    help="The basis of the prices in the files.",
)
@click.pass_obj
def import_files(invocation: Invocation, paths: tuple[Path, ...], kind: str | None, prices: str) -> None:
    """Take CSV or Parquet files, or folders of them, into the store. Twice is once."""
    if invocation.settings().provider == "demo":
        raise SettingsError(
            "The demo market takes no files.", hint="leave out --provider demo to import into your own store"
        )
    with invocation.work() as work:
        report = work.engine.import_files(paths, kind=kind, prices=prices, cancel=work.cancel)
    output.emit(data_tables.import_table(report), "table")
    _tell_refusals(report)
    invocation.note_next()


def _tell_refusals(report: ImportReport) -> None:
    for file in report.files:
        for refusal in file.refused:
            examples = "; ".join(refusal.examples)
            rows = output.counted(refusal.rows, "row")
            diagnostics.note(f"{file.path.name}: {rows} refused: {refusal.reason} ({examples})")
    if report.files and all(file.rows_read == file.rows_refused for file in report.files):
        raise DataError("No row could be taken.", hint="the reasons stand above; the README lists the columns")


@click.command()
@click.option("--full", is_flag=True, help="Compute the whole history again, not only what is new or changed.")
@click.pass_obj
def build(invocation: Invocation, full: bool) -> None:
    """Compute the index from the stored data: what is new or changed."""
    with invocation.work() as work:
        report = work.engine.build(full=full, cancel=work.cancel)
    output.lines(_build_lines(report))


def _build_lines(report: BuildReport) -> list[str]:
    counted = output.counted
    total = counted(report.sessions_total, "session")
    if not report.sessions_built:
        return [f"{report.index}: nothing to do, {total} to {report.last}."]
    how = "from the start" if report.full else "new or changed"
    lines = [
        f"{report.index}: {counted(report.sessions_built, 'session')} computed ({how}), "
        f"{report.first} to {report.last}; {total} in all.",
        f"{counted(report.additions, 'addition')} and {counted(report.deletions, 'deletion')} among those "
        f"computed; {report.members} of {report.size} places filled.",
    ]
    if report.sessions_incomplete:
        lines.append(f"{counted(report.sessions_incomplete, 'session')} without a level: too few prices are known.")
    return lines


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option("--sheets", metavar="NAME,...", help=f"Only these sheets: {', '.join(SHEETS)}.")
@range_options
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def export(
    invocation: Invocation,
    path: Path | None,
    sheets: str | None,
    start: date | None,
    end: date | None,
    force: bool,
) -> None:
    """Write an Excel workbook, or one table by suffix (.csv, .json, .parquet), and print its full path."""
    start, end = checked_range(start, end)
    names = _names(sheets)
    with invocation.work() as work:
        try:
            written = work.engine.export(path, sheets=names, start=start, end=end, force=force, cancel=work.cancel)
        except Cancelled as error:
            raise Cancelled(error.message, hint="nothing was written; run it again for the whole of it") from error
        shown = work.engine.performance(start, end)
    output.lines([str(written)])
    invocation.note_status(shown.status, next(iter(shown.sessions), None))


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())


@click.group(subcommand_metavar="COMMAND", no_args_is_help=False)
def config() -> None:
    """Say where files live and where each setting comes from."""


@config.command("path")
@format_option
@click.pass_obj
def config_path(invocation: Invocation, form: str) -> None:
    """Print the folders and files in use."""
    settings = invocation.as_typed()
    rows = (
        ("data folder", str(settings.data_dir)),
        ("demo market", str(demo_settings(settings).data_dir)),
        ("settings file", str(find_env_file(invocation.env_file, invocation.world.environment()))),
        ("keymap", str(keymap.keymap_file(settings))),
    )
    if form == "table":
        output.lines(f"{what:14} {path}" for what, path in rows)
    else:
        output.emit(output.Table(PATH_FIELDS, rows), form)


@config.command("show")
@format_option
@click.pass_obj
def config_show(invocation: Invocation, form: str) -> None:
    """Print every setting with its value and where the value comes from."""
    settings = invocation.as_typed()
    output.emit(output.Table(CONFIG_FIELDS, [_setting_row(settings, name) for name in settings.origins]), form)


def _setting_row(settings: Settings, name: str) -> tuple[str, str, str, str]:
    value = keymap.keymap_file(settings) if name == "keymap" else getattr(settings, name)
    if isinstance(value, tuple):
        text = ",".join(value) or "none"
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    variable = next(setting.variable for setting in SETTINGS if setting.name == name)
    return name, text, settings.origins[name], variable


@config.command("template")
def config_template() -> None:
    """Print a settings file with every setting, its default and what is allowed."""
    output.lines(env_template().splitlines())
