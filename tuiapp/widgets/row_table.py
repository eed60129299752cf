"""A table that draws only what is seen: any number of rows costs the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region

from tuiapp import keys
from tuiapp.format import DOWN, UP, count, shorter
from tuiapp.messages import Place
from tuiapp.widgets.columns import GAP, Column, Placed, hidden, in_order, place
from tuiapp.widgets.line import LineWidget, Part, fit

R = TypeVar("R")
HEAD = 1
WHEEL = 3


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two groups of rows."""

    text: str


@dataclass(frozen=True, slots=True)
class Group(Generic[R]):
    """Rows that stay together however they are sorted, below a line of their own if there is one."""

    rows: Sequence[R]
    divider: str = ""
    tone: str = ""


class RowTable(LineWidget, Generic[R], can_focus=True):
    """Rows in columns, with a cursor, a filter and an order.

    Args:
        columns: All columns, in the order in which they are shown.
        identity: What makes a row the same row in the next answer.
        searched: The text of a row that the filter looks at.
        holds_top: Whether a cursor on the first row stays on the first row, whatever rows come, and not on its own.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.TABLE)]

    def __init__(
        self,
        columns: Sequence[Column[R]],
        identity: Callable[[R], Hashable],
        searched: Callable[[R], str],
        *,
        holds_top: bool = False,
    ) -> None:
        super().__init__(classes="table")
        self._columns = columns
        self._identity = identity
        self._searched = searched
        self._holds_top = holds_top
        self._groups: Sequence[Group[R]] | None = None
        self._lines: list[tuple[R | Divider, str]] = []
        self._placed_columns: list[Placed[R]] = []
        self._placed_for = (0, 0)
        self._cursor = self._first = self._skip = 0
        self._sorted: Column[R] | None = None
        self._down = False
        self._empty = ""
        self.filter_text = ""

    # -- what is shown

    def show(self, groups: Sequence[Group[R]]) -> None:
        """Show these rows; the cursor stays on its row if that is still there."""
        at_top = self._holds_top and self._cursor == self._off_divider(0, 1)
        self._groups = groups
        self._arrange()
        if at_top:
            self.action_top()

    def say_when_empty(self, text: str) -> None:
        """What to say in the place of the rows when there are none."""
        self._empty = text

    def seek(self, row: R) -> None:
        """The cursor to this row, if it is shown, and its neighbours around it."""
        at = next((at for at, (line, _) in enumerate(self._lines) if line is row), self._found(row))
        self._go(at, 1, at - self._height // 2)

    def take_columns(self, columns: Sequence[Column[R]]) -> None:
        """Take other columns; the order stays that of the column of the same key."""
        self._columns, self._placed_for = columns, (0, 0)
        if self._sorted is not None:
            self._sorted = next((column for column in columns if column.key == self._sorted.key), None)
        self.refresh()

    def narrow(self, text: str) -> None:
        """Show only rows with this text, or without it if it begins with ``!``."""
        self.filter_text = text
        self._arrange()

    @property
    def rows(self) -> list[R]:
        """The rows that pass the filter, in their order."""
        return [line for line, _ in self._lines if not isinstance(line, Divider)]

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        line = self._lines[self._cursor][0] if self._lines else None
        return None if isinstance(line, Divider) else line

    @property
    def shown_columns(self) -> list[str]:
        """Keys of the columns that have room."""
        return [placed.column.key for placed in self._placed]

    def _arrange(self) -> None:
        before = self.current
        self._lines = []
        for group in self._groups or ():
            rows = [row for row in group.rows if self._passes(row)]
            if self._sorted:
                rows = in_order(rows, self._sorted, down=self._down)
            if rows and group.divider:
                self._lines.append((Divider(group.divider), ""))
            self._lines += [(row, group.tone) for row in rows]
        self._cursor = self._found(before)
        self._into_view()
        self.refresh()
        self.tell_place()

    def _passes(self, row: R) -> bool:
        wanted = self.filter_text.lower()
        inverse = wanted.startswith("!")
        wanted = wanted[inverse:].strip()
        return not wanted or (wanted in self._searched(row).lower()) is not inverse

    def _found(self, before: R | None) -> int:
        same = before is not None and self._identity(before)
        for at, (line, _) in enumerate(self._lines):
            if before is not None and not isinstance(line, Divider) and self._identity(line) == same:
                return at
        return self._off_divider(max(0, min(self._cursor, len(self._lines) - 1)), -1)

    # -- drawing

    def on_resize(self) -> None:
        """Fewer rows may have room now."""
        self._into_view()

    @property
    def _placed(self) -> list[Placed[R]]:
        """The columns that have room, found anew only when width or choice change."""
        wanted = (self.size.width, self._skip)
        if wanted != self._placed_for:
            self._placed_columns, self._placed_for = place(self._columns, *wanted), wanted
        return self._placed_columns

    def parts_at(self, y: int) -> list[Part]:
        """The heading, then the rows from the first one in view."""
        if y < HEAD:
            return [(" ", "head"), *((self._heading(placed), "head") for placed in self._placed)]
        at = self._first + y - HEAD
        if at >= len(self._lines):
            return [(f"  {self._nothing}", "muted")] if y == HEAD and not self._lines else []
        line, tone = self._lines[at]
        if isinstance(line, Divider):
            return [(fit(f"── {line.text} ".ljust(self.size.width, "─"), self.size.width), "accent")]
        return self._row(line, tone, chosen=at == self._cursor)

    @property
    def _nothing(self) -> str:
        """Why there are no rows."""
        if self._groups is None:
            return "…"
        return "No row has this text. Esc shows all." if self.filter_text else self._empty

    def _heading(self, placed: Placed[R]) -> str:
        label = placed.column.label
        if placed.column is self._sorted:
            label = label[: placed.width - 1] + (DOWN if self._down else UP)
        return fit(label, placed.width, right=placed.column.right) + " " * GAP

    def _row(self, row: R, tone: str, *, chosen: bool) -> list[Part]:
        parts: list[Part] = [(" ", tone)]
        for placed in self._placed:
            text, own = placed.column.cell(row)
            if placed.column.right:
                text = shorter(text, placed.width)
            parts.append((fit(text, placed.width, right=placed.column.right), own or tone))
            parts.append((" " * GAP, tone))
        if not chosen:
            return parts
        return [(fit("".join(text for text, _ in parts), self.size.width), "cursor")]

    # -- moving

    def action_move(self, steps: int) -> None:
        """The cursor some rows up or down."""
        self._go(self._cursor + steps, 1 if steps > 0 else -1)

    def action_page(self, pages: int) -> None:
        """The cursor and the view a page up or down."""
        self._scroll(pages * max(1, self._height - 1))

    def action_half(self, pages: int) -> None:
        """Half a page likewise."""
        self._scroll(pages * max(1, self._height // 2))

    def action_top(self) -> None:
        """The first row."""
        self._go(0, 1)

    def action_bottom(self) -> None:
        """The last row."""
        self._go(len(self._lines) - 1, -1)

    def action_columns(self, steps: int) -> None:
        """Pass over columns to show those that had no room."""
        if (steps < 0 < self._skip) or (steps > 0 and hidden(self._columns, self.size.width, self._skip)):
            self._skip += steps
            self.refresh()

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
        self._cursor = self._off_divider(max(0, min(to, len(self._lines) - 1)), towards)
        self._into_view()
        if self._first != seen:
            self.refresh()
        elif self._cursor != old:
            self.refresh(*(self._region(at) for at in (old, self._cursor)))
        self.tell_place()

    def _region(self, at: int) -> Region:
        return Region(0, HEAD + at - self._first, self.size.width, 1)

    def _off_divider(self, at: int, towards: int) -> int:
        if at < len(self._lines) and isinstance(self._lines[at][0], Divider):
            return at + towards if 0 <= at + towards < len(self._lines) else at - towards
        return at

    def _into_view(self) -> None:
        """Have the cursor in view, and with the first row what stands above it; out of sight there is no view."""
        if self.size.height:
            last = max(0, len(self._lines) - self._height)
            highest = self._cursor if self._cursor > self._off_divider(0, 1) else 0
            self._first = max(0, min(max(self._first, self._cursor - self._height + 1), highest, last))

    def tell_place(self) -> None:
        """Say which row the cursor is on."""
        rows = self.rows
        at = sum(1 for line, _ in self._lines[: self._cursor] if not isinstance(line, Divider)) + 1
        place = f"row {count(at)} of {count(len(rows))}" if rows else "no rows"
        # A message made while the parent is at work would count as the parent's own, and not get past it.
        self.post_message(Place(place).set_sender(self))

    # -- order and filter

    def action_sort(self) -> None:
        """Sort by the next column that is shown; after the last one, the order of the screen again."""
        choices = [None, *(placed.column for placed in self._placed)]
        at = choices.index(self._sorted) if self._sorted in choices else 0
        self._sorted = choices[(at + 1) % len(choices)]
        self._down = self._sorted is not None and self._sorted.down
        self._arrange()

    def action_reverse(self) -> None:
        """Sort the other way round; by the first column if there is no order yet."""
        if self._sorted is None:
            self._sorted = self._placed[0].column
            self._down = self._sorted.down
        self._down = not self._down
        self._arrange()

    # -- mouse

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the view."""
        event.stop()
        self._scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the view."""
        event.stop()
        self._scroll(-WHEEL)

    def on_click(self, event: events.Click) -> None:
        """A click takes the cursor to a row."""
        at = self._first + event.y - HEAD
        if event.y >= HEAD and at < len(self._lines):
            self._go(at, 1)
