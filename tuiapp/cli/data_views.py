"""The view of the data themselves: what is stored, what was found in it, where it came from, what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import click

from engine.domain.findings import SEVERITIES
from engine.views.types import CoverageView
from tuiapp.cli import data_tables, diagnostics, fetch_tables, fetch_texts, output
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import format_option
from tuiapp.cli.output import Table

TABLES: Final[dict[str, Callable[[CoverageView], Table]]] = {
    "findings": data_tables.findings_table,
    "sources": data_tables.sources_table,
    "decisions": data_tables.decisions_table,
}
FETCHES: Final = "fetches"
AUDIT: Final = "audit"


@click.command()
@click.option("--findings", is_flag=True, help="Print what was found in the data instead of what is stored.")
@click.option("--sources", is_flag=True, help="Print where the data come from.")
@click.option("--decisions", is_flag=True, help="Print what was decided about the data.")
@click.option("--fetches", is_flag=True, help="Print what was fetched, what failed and what was found out.")
@click.option("--audit", is_flag=True, help="Print who changed which data, and when: the last 200 changes.")
@format_option
@click.pass_obj
def coverage(
    invocation: Invocation, findings: bool, sources: bool, decisions: bool, fetches: bool, audit: bool, form: str
) -> None:
    """Print what the store holds, kind by kind."""
    flags = {"findings": findings, "sources": sources, "decisions": decisions, FETCHES: fetches, AUDIT: audit}
    chosen = [name for name, given in flags.items() if given]
    if len(chosen) > 1:
        raise click.UsageError(f"Give one of {' and '.join(f'--{name}' for name in chosen)}.")
    if fetches:
        _fetches(invocation, form)
        return
    if audit:
        _audit(invocation, form)
        return
    with invocation.work() as work:
        view = work.engine.coverage()
    if form == "table":
        _print(view, chosen[0] if chosen else "")
    else:
        output.emit((TABLES[chosen[0]] if chosen else data_tables.coverage_table)(view), form)
    if view.status:
        invocation.note_status(view.status)


def _audit(invocation: Invocation, form: str) -> None:
    """Every change of the data that is recorded, the newest first."""
    with invocation.work() as work:
        rows = work.engine.audit()
    output.emit(data_tables.audit_table(rows), form)
    if not rows:
        diagnostics.note("No change of data is recorded yet.")


def _fetches(invocation: Invocation, form: str) -> None:
    """What was fetched, what failed, and what the next fetch would do."""
    with invocation.work() as work:
        view = work.engine.fetching()
    if form != "table":
        output.emit(fetch_tables.fetches_table(view), form)
        return
    output.lines([fetch_texts.freshness(view), fetch_texts.ahead(view.plan)])
    parts = (
        (view.runs, "Fetches, the latest first", fetch_tables.runs_table),
        (view.failures, "Failed when last asked for", fetch_tables.failures_table),
        (view.notes, "Found out by the last fetch that had anything to tell", fetch_tables.notes_table),
    )
    for rows, title, make in parts:
        if rows:
            output.lines(["", title])
            output.emit(make(view), "table")


def _print(view: CoverageView, name: str) -> None:
    """The view for people."""
    if name == "findings":
        if view.findings:
            output.emit(data_tables.findings_panel(view), "table")
        output.lines([*([""] if view.findings else []), *data_tables.next_steps(view)])
    elif name:
        output.emit(TABLES[name](view), "table")
    else:
        output.emit(data_tables.coverage_table(view), "table")
        output.lines(["", _stored(view)])


def _stored(view: CoverageView) -> str:
    """Size of the store and number of findings."""
    size = f"{view.store_bytes / 1e6:,.1f} MB in the store"
    if not view.findings:
        return f"{size}, no findings."
    counts = Counter(finding.severity for finding in view.findings)
    severe = ", ".join(f"{counts[name]:,} {name}" for name in SEVERITIES if counts[name])
    return f"{size}, {output.counted(len(view.findings), 'finding')} ({severe}); --findings lists them."
