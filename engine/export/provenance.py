"""The sheet that says where everything comes from and what every column means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from engine.domain.fields import Field, Unit
from engine.export.content import Book, Rows, Table, WorkbookContent
from engine.export.summary import marked_market

PROVENANCE_SHEET: Final = "provenance"

PROVENANCE_FIELDS: Final = (
    Field("section", "Section", Unit.TEXT, text="What the line is about: this export, or one of its sheets."),
    Field("item", "Item", Unit.TEXT, text="Name of the fact, or of the column."),
    Field("value", "Value", Unit.TEXT, text="The fact, or what the column means and its unit."),
)


def provenance_table(content: WorkbookContent) -> Table:
    """The facts alone, for a file of their own."""
    rows = [("export", key, value) for key, value in (("market", content.market), *content.provenance)]
    return Table(PROVENANCE_FIELDS, Rows(len(rows), rows))


def described_table(content: WorkbookContent, book: Book) -> Table:
    """The facts, then the rows and the columns of every other sheet of the workbook."""
    market = ("export", "market", marked_market(content))
    facts = (("export", key, value) for key, value in content.provenance)
    rows = [market, *facts, *_described(book.tables)]
    return Table(PROVENANCE_FIELDS, Rows(len(rows), rows))


def _described(tables: Mapping[str, Table]) -> Iterator[tuple[str, str, object]]:
    for name, table in tables.items():
        yield name, "rows", table.rows.total
        for field in table.fields:
            yield name, field.key, f"{field.text} [{field.unit.value}]"
