"""The verbs: ``demo``, ``import``, ``build`` and ``export``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from engine.domain.sheets import SHEETS
from engine.errors import Cancelled, DataError, SettingsError
from engine.reports import BuildReport, ImportReport
from tuiapp.cli import data_tables, diagnostics, output
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import When, as_of_option, asked_range, range_options, require_built
from tuiapp.cli.verbs import completed_by

KINDS: Final = (
    *("prices", "shares", "market-caps", "securities", "actions", "renames", "benchmarks", "fx"),
    *("accepted-caps", "final-prices"),
)


@click.command()
@click.option("--headless", is_flag=True, help="Print the summary instead of opening the app.")
@click.pass_obj
def demo(invocation: Invocation, headless: bool) -> int:
    """Open the app on a synthetic market of fictional companies, offline, in a store of its own."""
    invocation.flags["provider"] = "demo"
    if not headless and invocation.world.interactive():
        return invocation.app()
    from tuiapp.cli import summary

    return summary.print_summary(invocation)


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    metavar="KIND",
    help=f"What the files hold: {', '.join(KINDS)}; found by their columns if not given.",
)
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
    """Compute the indices from the stored data: what is new or changed; with --index, only that one."""
    only_one = invocation.flags.get("index") is not None
    with invocation.work() as work:
        engine, cancel = work.engine, work.cancel
        one = (engine.build(full=full, cancel=cancel),) if only_one else ()
        reports = one or engine.build_all(full=full, cancel=cancel)
    output.lines(line for report in reports for line in _build_lines(report, alone=len(reports) == 1))
    require_built(reports)


def _build_lines(report: BuildReport, *, alone: bool) -> list[str]:
    """What was computed; what is said besides is set off where there are several indices."""
    begin = "" if alone else "  "
    counted = output.counted
    total = counted(report.sessions_total, "session")
    if report.problem:
        return [f"{report.index}: not built."]
    if report.last is None:
        return [f"{report.index}: no index yet: too few prices are known."]
    if not report.sessions_built:
        return [f"{report.index}: nothing to do, {total} to {report.last}."]
    how = "from the start" if report.full else "new or changed"
    lines = [
        f"{report.index}: {counted(report.sessions_built, 'session')} computed ({how}), "
        f"{report.first} to {report.last}; {total} in all.",
        f"{begin}{counted(report.additions, 'addition')} and {counted(report.deletions, 'deletion')} among those "
        f"computed; {report.members} of {report.size} places filled.",
    ]
    if report.sessions_incomplete:
        lines.append(
            f"{begin}{counted(report.sessions_incomplete, 'session')} without a level: too few prices are known."
        )
    return lines


@click.command()
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--sheets",
    metavar="NAME,...",
    shell_complete=completed_by("sheets"),
    help=f"Only these sheets: {', '.join(SHEETS)}.",
)
@as_of_option
@range_options
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def export(
    invocation: Invocation,
    path: Path | None,
    sheets: str | None,
    as_of: When | None,
    start: When | None,
    end: When | None,
    force: bool,
) -> None:
    """Write an Excel workbook, or one table by suffix (.csv, .json, .jsonl, .parquet), and print its full path."""
    span = asked_range(start, end, as_of)
    names = _names(sheets)
    with invocation.work() as work:
        first, last = span.of(work.engine)
        try:
            written = work.engine.export(path, sheets=names, start=first, end=last, force=force, cancel=work.cancel)
        except Cancelled as error:
            raise Cancelled(error.message, hint="nothing was written; run it again for the whole of it") from error
        shown = work.engine.performance(first, last)
    output.path(written)
    invocation.note_status(shown.status, next(iter(shown.sessions), None))


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())
