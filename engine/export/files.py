"""One door for every export: the suffix of the file says what is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.domain.sheets import DEFAULT_TABLE
from engine.errors import Cancelled, SettingsError
from engine.events import CancelToken, EventSink, silent
from engine.export.content import WorkbookContent
from engine.export.delimited import WRITERS, write_table
from engine.export.sheets import chosen_sheets

WORKBOOK_SUFFIX: Final = ".xlsx"
SUFFIXES: Final = (WORKBOOK_SUFFIX, *WRITERS)


def write_file(
    path: Path,
    content: WorkbookContent,
    *,
    sheets: Sequence[str] | None = None,
    force: bool = False,
    events: EventSink = silent,
    cancel: CancelToken | None = None,
) -> Path:
    """Write a workbook of the chosen sheets, or one table, and give the full path.

    Raises:
        SettingsError: An unknown suffix or sheet, or several sheets for a file that holds one table.
        ExportError: The file exists and ``force`` is not set, or cannot be written.
        Cancelled: ``cancel`` was set; nothing is left behind.
    """
    check_request(path, sheets)
    try:
        return _written(path, content, sheets, force=force, events=events, cancel=cancel)
    except Cancelled:
        raise Cancelled("Stopped as asked.", hint="nothing was written; run it again to write it") from None


def _written(
    path: Path,
    content: WorkbookContent,
    sheets: Sequence[str] | None,
    *,
    force: bool,
    events: EventSink,
    cancel: CancelToken | None,
) -> Path:
    if path.suffix.lower() == WORKBOOK_SUFFIX:
        # openpyxl takes a third of a second to load: only a workbook pays for it.
        from engine.export.workbook import write_workbook

        return write_workbook(path, content, sheets=sheets, force=force, events=events, cancel=cancel)
    (sheet,) = chosen_sheets(sheets or [DEFAULT_TABLE])
    table = sheet.table(content)
    return write_table(
        path,
        table.fields,
        table.rows.source,
        force=force,
        metadata=dict(
            (("market", content.market), ("table", sheet.name), ("rows", table.rows.total), *content.provenance)
        ),
        total=table.rows.total,
        events=events,
        cancel=cancel,
    )


def check_request(path: Path, sheets: Sequence[str] | None) -> None:
    """Refuse a suffix or a choice of sheets that cannot be written, before any data are read.

    Raises:
        SettingsError: An unknown suffix or sheet, or several sheets for a file that holds one table.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        shown = f"{suffix} files" if suffix else "a file without a suffix"
        raise SettingsError(f"Cannot write {shown}.", hint=f"end the name in {', '.join(SUFFIXES)}")
    if sheets is not None and len(chosen_sheets(sheets)) > 1 and suffix != WORKBOOK_SUFFIX:
        raise SettingsError(f"A {suffix} file holds one table.", hint="name one sheet, or write an .xlsx workbook")
