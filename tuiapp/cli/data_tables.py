"""What is known about the data as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.domain.fields import FINDING_FIELDS, Field, Unit
from engine.domain.findings import FINDINGS
from engine.reports import ImportReport
from engine.views.audit import AuditRow
from engine.views.quality import Finding, SourceRow
from engine.views.types import CoverageView
from tuiapp.cli.output import Cell, Table, attributes

COVERAGE_FIELDS: Final = (
    Field("kind", "Kind", Unit.TEXT, text="Kind of data."),
    Field("rows", "Rows", Unit.COUNT, 0, text="Rows stored."),
    Field("tickers", "Tickers", Unit.COUNT, 0, text="Tickers among them."),
    Field("first", "First", Unit.DATE, text="Earliest date."),
    Field("last", "Last", Unit.DATE, text="Latest date."),
)

PANEL_FIELDS: Final = (
    Field("severity", "Severity", Unit.TEXT),
    *FINDING_FIELDS[:4],
    Field("sessions", "Sessions", Unit.COUNT, 0),
    Field("detail", "Detail and effect", Unit.TEXT),
)

SOURCE_FIELDS: Final = (
    Field("source", "Source", Unit.TEXT, text="Where the data come from."),
    Field("batches", "Batches", Unit.COUNT, 0, text="Imports, decisions or fetches."),
    Field("rows_new", "New", Unit.COUNT, 0, text="Rows that they brought."),
    Field("rows_changed", "Changed", Unit.COUNT, 0, text="Rows that they replaced."),
    Field("fetched_at", "Last at (UTC)", Unit.TEXT, text="When the last of them came, UTC."),
)

DECISION_FIELDS: Final = (
    Field("kind", "Decision", Unit.TEXT, text="accept-cap, final-price, rename or issuer."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker that it is about; of a rename, the old one."),
    Field("session", "Session", Unit.DATE, text="Session from which it counts."),
    Field("price", "Price", Unit.USD, 4, text="Final price of a delisting, USD."),
    Field("text", "Name", Unit.TEXT, text="New ticker of a rename, or name of an issuer."),
)

AUDIT_FIELDS: Final = (
    Field("changed_at", "At (UTC)", Unit.TEXT, text="When it was changed, UTC."),
    Field("command", "Command", Unit.TEXT, text="By which command; app for the app."),
    Field("what", "What", Unit.TEXT, text="A kind of data, index NAME, decision, schema or store."),
    Field("rows_new", "New", Unit.COUNT, 0, text="Rows that were not there."),
    Field("rows_changed", "Changed", Unit.COUNT, 0, text="Rows that were there and have changed."),
    Field("rows_removed", "Gone", Unit.COUNT, 0, text="Rows that are not there any more."),
    Field("first", "First", Unit.DATE, text="First session concerned."),
    Field("last", "Last", Unit.DATE, text="Last session concerned."),
    Field("run_id", "Run", Unit.TEXT, text="Which run of the program, as in its log."),
    Field("detail", "Detail", Unit.TEXT, text="Where it came from, or what was done."),
)

IMPORT_FIELDS: Final = (
    Field("file", "File", Unit.TEXT),
    Field("kind", "Kind", Unit.TEXT),
    Field("read", "Read", Unit.COUNT, 0),
    Field("new", "New", Unit.COUNT, 0),
    Field("changed", "Changed", Unit.COUNT, 0),
    Field("same", "Same", Unit.COUNT, 0),
    Field("refused", "Refused", Unit.COUNT, 0),
    Field("first", "First", Unit.DATE),
    Field("last", "Last", Unit.DATE),
)


def coverage_table(view: CoverageView) -> Table:
    """One row a kind of data."""
    return Table(COVERAGE_FIELDS, attributes(view.rows, COVERAGE_FIELDS))


def audit_table(rows: Sequence[AuditRow]) -> Table:
    """One row a change of the data."""
    _, *others = AUDIT_FIELDS
    values = zip(rows, attributes(rows, tuple(others)), strict=True)
    return Table(AUDIT_FIELDS, [(f"{row.changed_at:%Y-%m-%d %H:%M:%S}", *cells) for row, cells in values])


def findings_table(view: CoverageView) -> Table:
    """One row a finding, for programs."""
    return Table(FINDING_FIELDS, attributes(view.findings, FINDING_FIELDS))


def findings_panel(view: CoverageView) -> Table:
    """One row a finding, for people: what was found and what it did stand together."""
    return Table(PANEL_FIELDS, [_panel_row(finding) for finding in view.findings])


def _panel_row(found: Finding) -> tuple[Cell, ...]:
    told = "; ".join(text for text in (found.source, found.detail, found.effect) if text)
    return found.severity, found.kind, found.ticker, found.first, found.last, found.sessions, told


def next_steps(view: CoverageView) -> list[str]:
    """What a person can do about each kind of finding that there is."""
    found = {finding.kind for finding in view.findings}
    steps = [_step(name) for name, kind in FINDINGS.items() if name in found and kind.next_step]
    return ["What to do:", *steps] if steps else [f"{'Nothing to do' if found else 'No findings'}."]


def _step(name: str) -> str:
    kind = FINDINGS[name]
    return f"  {name:20} {kind.next_step}" + (f": flatcap decide {kind.remedy} --help" if kind.remedy else "")


def sources_table(view: CoverageView) -> Table:
    """One row a source."""
    return Table(SOURCE_FIELDS, [_source(row) for row in view.sources])


def _source(row: SourceRow) -> tuple[Cell, ...]:
    return row.source, row.batches, row.rows_new, row.rows_changed, row.fetched_at


def decisions_table(view: CoverageView) -> Table:
    """One row a decision."""
    return Table(DECISION_FIELDS, attributes(view.decisions, DECISION_FIELDS))


def import_table(report: ImportReport) -> Table:
    """One row a file."""
    return Table(IMPORT_FIELDS, _files(report))


def _files(report: ImportReport) -> Iterator[tuple[Cell, ...]]:
    for file in report.files:
        counts = (file.rows_read, file.rows_new, file.rows_changed, file.rows_unchanged, file.rows_refused)
        yield file.path.name, file.kind, *counts, file.first, file.last
