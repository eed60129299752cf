"""What of a table is seen: it draws only that, so that any number of rows costs the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Final, Generic, TypeVar

from rich.style import Style
from textual.geometry import Region

from tuiapp import format as text
from tuiapp.messages import Place
from tuiapp.widgets.column_view import ColumnView
from tuiapp.widgets.columns import GAP, Column, Placed
from tuiapp.widgets.line import LineWidget, Part, fit
from tuiapp.widgets.rows import Divider, Lines

R = TypeVar("R")
HEAD: Final = 1
MOST_OF_NOTE: Final = 3
HEADING: Final = "heading"
CELL: Final = "cell"
"""Tones of the heading of the column at the cursor, and of the cell where both cursors meet: seen without colour."""


class TableView(LineWidget, Generic[R]):
    """Lines below headings, with a cursor on a row and one on a column.

    Args:
        columns: All columns, in the order in which they are shown.
        identity: What makes a row the same row in the next answer.
    """

    def __init__(self, columns: Sequence[Column[R]], identity: Callable[[R], Hashable]) -> None:
        super().__init__(classes="table")
        self._view = ColumnView(columns)
        self._lines: Lines[R] = Lines((), identity)
        self._cursor = self._first = 0
        self._sort_mark: tuple[str, str] = ("", "")
        self._instead = ""
        self._note: list[str] = []

    # -- what is seen

    @property
    def rows(self) -> list[R]:
        """The rows that pass the filter, in their order."""
        return self._lines.rows

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        return self._lines.row(self._cursor)

    @property
    def columns(self) -> Sequence[Column[R]]:
        """All columns, shown or not."""
        return self._view.columns

    @property
    def shown_columns(self) -> list[str]:
        """Keys of the columns that have room."""
        return [placed.column.key for placed in self._placed]

    @property
    def current_column(self) -> Column[R] | None:
        """The column at the cursor."""
        self._view.fit(self.size.width)
        return self._view.current

    def note(self, said: str) -> None:
        """Say something at the bottom, above whatever is typed into; an empty text takes it away."""
        from textwrap import wrap

        note = wrap(text.plain(said), max(1, self.size.width - 2))[:MOST_OF_NOTE]
        if note != self._note:
            self._note = note
            self.refresh()

    # -- drawing

    def tone(self, name: str) -> Style:
        """The style of a tone; those of the column's cursor are made of others, so that no theme can hide it."""
        if name == HEADING:
            return super().tone("head") + Style(reverse=True, underline=False)
        if name == CELL:
            return super().tone("cursor") + Style(underline=True)
        return super().tone(name)

    def on_resize(self) -> None:
        """Fewer rows may have room now, or more columns."""
        self._into_view()

    @property
    def _placed(self) -> list[Placed[R]]:
        self._view.fit(self.size.width)
        return self._view.placed

    def parts_at(self, y: int) -> list[Part]:
        """The heading, then the rows from the first one in view; at the bottom the note, if there is one."""
        if y < HEAD:
            return self._headings()
        if 0 <= (noted := y - self.size.height + len(self._note)) < len(self._note):
            return [(fit(f" {self._note[noted]}", self.size.width), "warn")]
        at = self._first + y - HEAD
        if at >= len(self._lines):
            return [(f"  {self._instead}", "muted")] if y == HEAD and not self._lines else []
        line, tone = self._lines[at]
        if isinstance(line, Divider):
            return [(fit(f"── {line.text} ".ljust(self.size.width, "─"), self.size.width), "accent")]
        return self._chosen(line) if at == self._cursor else self._row(line, tone)

    def _headings(self) -> list[Part]:
        chosen, parts = self.current_column, [(" ", "head")]
        for placed in self._placed:
            name, after = self._heading(placed)
            parts += [(name, HEADING if placed.column is chosen else "head"), (after, "head")]
        return parts

    def _heading(self, placed: Placed[R]) -> tuple[str, str]:
        """The label, and the gap behind it: the mark of the order takes that, and never a letter's place."""
        key, mark = self._sort_mark
        label, right = placed.column.label, placed.column.right
        if placed.column.key != key:
            return fit(label, placed.width, right=right), " " * GAP
        if right or len(label) >= placed.width:
            return fit(label, placed.width, right=right), mark
        return fit(label + mark, placed.width), " " * GAP

    def _cells(self, row: R) -> list[tuple[str, str]]:
        cells = []
        for placed in self._placed:
            said, tone = placed.column.cell(row)
            if placed.column.right:
                said = text.shorter(said, placed.width)
            cells.append((fit(said, placed.width, right=placed.column.right), tone))
        return cells

    def _row(self, row: R, tone: str) -> list[Part]:
        parts: list[Part] = [(" ", tone)]
        for said, own in self._cells(row):
            parts += [(said, own or tone), (" " * GAP, tone)]
        return parts

    def _chosen(self, row: R) -> list[Part]:
        """The row at the cursor, in one tone but for the cell at the column's."""
        chosen, parts = self.current_column, [(" ", "cursor")]
        for placed, (said, _) in zip(self._placed, self._cells(row), strict=True):
            parts += [(said, CELL if placed.column is chosen else "cursor"), (" " * GAP, "cursor")]
        used = sum(placed.width + GAP for placed in self._placed) + 1
        return [*parts, (" " * (self.size.width - used), "cursor")]

    # -- moving

    @property
    def _height(self) -> int:
        return max(1, self.size.height - HEAD)

    def _scroll(self, rows: int) -> None:
        first = max(0, min(self._first + rows, len(self._lines) - self._height))
        self._go(self._cursor + rows, 1 if rows > 0 else -1, first)

    def _go(self, to: int, towards: int, first: int | None = None) -> None:
        """The cursor to a line, the view to ``first`` or no further than needed; two lines drawn if it stays."""
        if not self._lines:
            # Rows that are still on their way find the cursor where it was sent.
            self._cursor = max(0, to)
            return
        old, seen = self._cursor, self._first
        self._first = seen if first is None else first
        self._cursor = self._lines.beside_divider(max(0, min(to, len(self._lines) - 1)), towards)
        self._into_view()
        if self._first != seen:
            self.refresh()
        elif self._cursor != old:
            self.refresh(*(self._region(at) for at in (old, self._cursor)))
        self.tell_place()

    def _step_column(self, way: int) -> None:
        """The cursor one column on or back: two lines drawn unless other columns come into view."""
        self._view.fit(self.size.width)
        if self._view.step(way):
            self.refresh()
        else:
            self._draw_column()

    def _draw_column(self) -> None:
        self.refresh(Region(0, 0, self.size.width, HEAD), self._region(self._cursor))

    def _region(self, at: int) -> Region:
        return Region(0, HEAD + at - self._first, self.size.width, 1)

    def _into_view(self) -> None:
        """Have the cursor in view, and with the first row what stands above it; out of sight there is no view."""
        if self.size.height:
            last = max(0, len(self._lines) - self._height)
            highest = self._cursor if self._cursor > self._lines.beside_divider(0, 1) else 0
            self._first = max(0, min(max(self._first, self._cursor - self._height + 1), highest, last))

    def tell_place(self) -> None:
        """Say which row the cursor is on."""
        lines = self._lines
        place = f"row {text.count(lines.number(self._cursor))} of {text.count(lines.count)}" if lines else "no rows"
        # A message made while the parent is at work would count as the parent's own, and not get past it.
        self.post_message(Place(place).set_sender(self))
