"""The Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final

import openpyxl

from engine.errors import ExportError
from engine.events import CancelToken, EventSink, Progress, silent
from engine.export.atomic import absolute, replacing
from engine.export.cells import EXCEL_ROWS, Column, columns_of, row_xml
from engine.export.content import Book, Table, WorkbookContent
from engine.export.highlights import highlight
from engine.export.package import pour, skeleton_of
from engine.export.page import heading, lay_out, set_print
from engine.export.sheets import Sheet, chosen_sheets

BATCH: Final = 2_000
"""Rows between two progress events."""


def write_workbook(
    path: Path,
    content: WorkbookContent,
    *,
    sheets: Sequence[str] | None = None,
    force: bool = False,
    events: EventSink = silent,
    cancel: CancelToken | None = None,
) -> Path:
    """Write the chosen sheets (all by default) to an Excel workbook and give its full path.

    The file appears whole or not at all, readable by its owner only; the same content gives the same bytes.

    Raises:
        SettingsError: A sheet of an unknown name.
        ExportError: The file exists and ``force`` is not set, or cannot be written, or has too many rows.
        Cancelled: ``cancel`` was set; nothing is left behind.
    """
    chosen = chosen_sheets(sheets)
    tables = _tables(chosen, content)
    with replacing(path, force=force) as target:
        book = _workbook(content)
        rows = {}
        for place, sheet in enumerate(chosen, start=1):
            table = tables[sheet.name]
            columns = _add_sheet(book, sheet, table, content)
            rows[f"xl/worksheets/sheet{place}.xml"] = _row_pieces(sheet.name, table, columns, events, cancel)
        moment = datetime.combine(content.performance.status.session, time())
        pour(skeleton_of(book, moment), rows, target)
    return absolute(path)


def _workbook(content: WorkbookContent) -> Any:
    status = content.performance.status
    book = openpyxl.Workbook(write_only=True)
    book.properties.creator = "flatcap"
    book.properties.title = f"{status.index}, {status.session.isoformat()}, {content.market}"
    return book


def _tables(chosen: Sequence[Sheet], content: WorkbookContent) -> dict[str, Table]:
    names, tables = [sheet.name for sheet in chosen], dict[str, Table]()
    for sheet in chosen:
        tables[sheet.name] = sheet.in_workbook(content, Book(names, tables))
        _refuse_too_long(sheet.name, tables[sheet.name])
    return tables


def _add_sheet(book: Any, sheet: Sheet, table: Table, content: WorkbookContent) -> tuple[Column, ...]:
    page = book.create_sheet(sheet.name)
    lay_out(page, sheet, table)
    columns = columns_of(page, table.fields)
    page.append([heading(page, field) for field in table.fields])
    charts: tuple[str, ...] = ()
    if table.rows.total:
        highlight(page, table.fields, table.rows.total, sheet.highlights)
        charts = sheet.draw(page, content) if sheet.draw else ()
    set_print(page, content, table, charts)
    return columns


def _row_pieces(
    name: str, table: Table, columns: Sequence[Column], events: EventSink, cancel: CancelToken | None
) -> Iterator[str]:
    stage, total = f"write {name}", table.rows.total
    numbered = enumerate(table.rows.source, start=2)
    done = 0
    while batch := list(islice(numbered, BATCH)):
        if cancel:
            cancel.check()
        yield "".join(row_xml(columns, number, values) for number, values in batch)
        done += len(batch)
        events(Progress(stage, done, total, "rows"))
    if done != total:
        raise ValueError(f"{name} was said to have {total} rows and has {done}")
    yield "".join(row_xml(columns, number, note) for number, note in enumerate(table.notes, start=total + 3))


def _refuse_too_long(name: str, table: Table) -> None:
    needed = table.rows.total + 1 + (len(table.notes) + 1 if table.notes else 0)
    if needed > EXCEL_ROWS:
        raise ExportError(
            f"{name} has {table.rows.total:,} rows and a worksheet holds {EXCEL_ROWS - 1:,}.",
            hint="choose a shorter range with --from and --to, fewer sheets, or a .parquet file",
        )
