"""What an export is made of: frozen views, streamed rows and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from engine.domain.fields import CHANGE_FIELDS, WHY_FIELDS, Field
from engine.views.analysis import ContributionView, ReturnsView
from engine.views.quality import Finding
from engine.views.types import MetricsView, PerformanceView, SectorWeight

SYNTHETIC_MARK: Final = "SYNTHETIC MARKET"
"""What every export of the demo market says of itself."""

BACKFILLED_MARK: Final = "back-filled (survivorship-biased)"
"""What every export says of sessions before the first snapshot of a universe that is fetched."""

WHY_COLUMNS: Final = tuple(field for field in WHY_FIELDS if field not in CHANGE_FIELDS)
"""What stands behind the columns of a change: all that led to it, and what it did."""

Value: TypeAlias = str | int | float | bool | date | None
"""What a table may hold; None and a float that is not finite are "no value"."""

SectorMonth: TypeAlias = tuple[date, tuple[SectorWeight, ...]]
"""The last session of a month and the weights decided at its close, largest first."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are read once, as they are written.

    Attributes:
        total: How many there are, exactly: filters and progress need it before the first row.
        source: The rows, each a ``Value`` for every field of the table; in a workbook also formulas.
    """

    total: int
    source: Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class WorkbookContent:
    """Everything a workbook or a single table may show. The same content gives the same bytes.

    Attributes:
        performance: Levels, returns and turnover of the exported sessions.
        metrics: Metrics by period.
        metric_fields: The fields of those metrics, in the order of their columns.
        relative_fields: The fields of the metrics against a benchmark, likewise.
        composition: Rows of ``COMPOSITION_FIELDS``, by session and rank.
        changes: Rows of ``CHANGE_FIELDS`` and ``WHY_COLUMNS``, by session.
        returns: Gives months and falls of the exported sessions; asked only by the sheets that show them.
        contributions: Gives the contributions to the return of these sessions, of each series; likewise.
        findings: Gives what was found in the data; likewise.
        sector_weights: Gives the weights of the sectors, one entry a month; likewise.
        provenance: Versions, settings with their origins, sources, the range and counts. It holds a time of
            writing only if the caller puts one in.
    """

    performance: PerformanceView
    metrics: MetricsView
    metric_fields: tuple[Field, ...]
    relative_fields: tuple[Field, ...]
    composition: Rows
    changes: Rows
    returns: Callable[[], ReturnsView]
    contributions: Callable[[], tuple[ContributionView, ...]]
    findings: Callable[[], tuple[Finding, ...]]
    sector_weights: Callable[[], tuple[SectorMonth, ...]]
    provenance: tuple[tuple[str, Value], ...] = ()

    @property
    def market(self) -> str:
        """The source of the data, or the synthetic mark."""
        status = self.performance.status
        return SYNTHETIC_MARK if status.synthetic else status.source

    @property
    def backfilled(self) -> str:
        """The mark of the exported sessions that are back-filled with their end; empty when none of them is."""
        before, sessions = self.performance.status.backfilled_before, self.performance.sessions
        return f"{BACKFILLED_MARK} before {before}" if before and sessions and sessions[0] < before else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its rows and what stands below them in a workbook.

    Attributes:
        fields: Columns, in order.
        rows: The rows.
        notes: Short rows of a label and a value, written under the table in a workbook only.
    """

    fields: tuple[Field, ...]
    rows: Rows
    notes: tuple[Sequence[object], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The workbook that a sheet stands in.

    Attributes:
        names: All its sheets, in order.
        tables: The tables of those before the sheet.
    """

    names: Sequence[str]
    tables: Mapping[str, Table]
