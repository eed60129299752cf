"""A table of rows: with a cursor, an order and a filter, and copies of what it holds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from textual import events
from textual.binding import BindingType

from tuiapp import format as text
from tuiapp import keys
from tuiapp.messages import Copy, Say
from tuiapp.widgets.columns import Column, in_order
from tuiapp.widgets.rows import Group, Lines
from tuiapp.widgets.table_view import HEAD, TableView

if TYPE_CHECKING:
    from tuiapp.widgets.filtering import Filter

__all__ = ["Group", "RowTable"]

R = TypeVar("R")
WHEEL: Final = 3


class RowTable(TableView[R], can_focus=True):
    """Rows in columns, with cursors, a filter and an order.

    Args:
        columns: All columns, in the order in which they are shown.
        identity: What makes a row the same row in the next answer.
        searched: The text of a row in which the filter looks for words.
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
        super().__init__(columns, identity)
        self._identity = identity
        self._searched = searched
        self._holds_top = holds_top
        self._groups: Sequence[Group[R]] | None = None
        self._sort = ""
        self._down = False
        self._empty = ""
        self._filter: Filter[R] | None = None
        self._copied: tuple[Hashable, str] | None = None
        self._last: R | None = None
        self._is_displaced = False
        self.filter_text = ""
        self._instead = "…"

    # -- what is shown

    def show(self, groups: Sequence[Group[R]]) -> None:
        """Show these rows; the cursor stays on its row if that is still there."""
        at_top = self._holds_top and self._cursor == self._lines.beside_divider(0, 1)
        self._groups = groups
        self._parse_again()
        self._arrange()
        if at_top:
            self.action_top()

    @property
    def is_filled(self) -> bool:
        """Whether its rows have come, be they none."""
        return self._groups is not None

    @property
    def is_sorted(self) -> bool:
        """Whether a person has put the rows in another order."""
        return bool(self._sort)

    def say_when_empty(self, said: str) -> None:
        """What to say in the place of the rows when there are none."""
        self._empty = said
        self._say_why_empty()

    def seek(self, row: R) -> None:
        """The cursor to this row, if it is shown, and its neighbours around it."""
        at = self._lines.find(row, self._cursor)
        at = self._beside(self._cursor) if at is None else at
        self._go(at, 1, at - self._height // 2)

    def take_columns(self, columns: Sequence[Column[R]]) -> None:
        """Take other columns; order, filter and cursor stay with those of the same keys."""
        self._view.take(columns)
        self.refresh()

    def _arrange(self) -> None:
        """Filter and sort the rows anew. The cursor goes back to the row it was put on whenever that is there again."""
        self._copied = None
        if not self._is_displaced and (current := self.current) is not None:
            self._last = current
        self._lines = Lines([self._arranged(group) for group in self._groups or ()], self._identity)
        found = None if self._last is None else self._lines.find(self._last, self._cursor)
        self._cursor = self._beside(self._cursor) if found is None else found
        self._is_displaced = self._last is not None and found is None
        self._say_why_empty()
        self._into_view()
        self.refresh()
        self.tell_place()

    def _arranged(self, group: Group[R]) -> Group[R]:
        rows, column = group.rows, self._view.by_key(self._sort)
        if self._filter is not None:
            passes = self._filter.passes
            rows = [row for row in rows if passes(row)]
        if column is not None:
            rows = in_order(rows, column, down=self._down)
        return Group(rows, group.divider, group.tone)

    def _beside(self, at: int) -> int:
        """The nearest line to this one that is there and is a row."""
        return self._lines.beside_divider(max(0, min(at, len(self._lines) - 1)), -1)

    def _say_why_empty(self) -> None:
        if self._groups is not None:
            self._instead = (
                f"No row passes the filter. {keys.shown('app.back')} shows all." if self.filter_text else self._empty
            )

    # -- filter

    def narrow(self, typed: str) -> str:
        """Show only what passes a filter; what is wrong with it if it is none, and the rows stay then."""
        found, problem = self._parsed(typed)
        self.note(problem)
        if not problem:
            self.filter_text, self._filter = typed, found
            self._arrange()
        return problem

    def _parsed(self, typed: str) -> tuple[Filter[R] | None, str]:
        if not typed.strip():
            return None, ""
        from tuiapp.widgets.filtering import Problem, parse

        found = parse(typed, self._view.columns, self._searched)
        return (None, found.text) if isinstance(found, Problem) else (found, "")

    def _parse_again(self) -> None:
        """The columns may be others than those of which the filter was made."""
        if self.filter_text:
            self._filter, problem = self._parsed(self.filter_text)
            if problem:
                self.filter_text = ""
                self.post_message(Say(f"The filter is gone. {problem}", "warn").set_sender(self))

    def on_focus(self, event: events.Focus) -> None:
        """Whatever was typed has been typed."""
        super().on_focus(event)
        self.note("")

    # -- moving

    def _go(self, to: int, towards: int, first: int | None = None) -> None:
        self._copied, self._is_displaced = None, False
        super()._go(to, towards, first)

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
        """The cursor one column to the right or to the left; columns that had no room come into view."""
        self._copied = None
        self._step_column(steps)

    # -- order

    def action_sort(self) -> None:
        """Sort by the column at the cursor; the second time the other way round, then as the screen has it."""
        column = self.current_column
        if column is None:
            return
        if column.key != self._sort:
            self._order_by(column.key, down=column.down)
        elif self._down is column.down:
            self._order_by(column.key, down=not self._down)
        else:
            self._order_by("", down=False)

    def action_reverse(self) -> None:
        """Sort the other way round; by the column at the cursor if there is no order yet."""
        column = self._view.by_key(self._sort)
        down = self._down
        if column is None:
            column = self.current_column
            down = column is not None and column.down
        if column is not None:
            self._order_by(column.key, down=not down)

    def _order_by(self, key: str, *, down: bool) -> None:
        self._sort, self._down = key, down
        self._sort_mark = (key, text.DOWN if down else text.UP)
        self._arrange()

    # -- copies

    def action_copy(self) -> None:
        """Copy the cell at the cursors; the second time its row."""
        from tuiapp.widgets.copying import cell_text, row_text

        row, column = self.current, self.current_column
        if row is None or column is None:
            self.post_message(Say("There is no row to copy", "warn"))
            return
        cell = (self._identity(row), column.key)
        if self._copied == cell:
            self._copied = None
            self.post_message(Copy(row_text(self._view.columns, row), "the row"))
        else:
            self._copied = cell
            self.post_message(Copy(cell_text(column, row), "the cell"))

    def action_copy_table(self) -> None:
        """Copy all columns of the rows that pass the filter, in their order."""
        from tuiapp.widgets.copying import table_text

        what = f"the table of {text.counted(self._lines.count, 'row')}"
        self.post_message(Copy(table_text(self._view.columns, self.rows), what))

    # -- what is remembered

    def state(self) -> dict[str, Any]:
        """Order, filter and the column at the cursor."""
        return {"sort": self._sort, "down": self._down, "filter": self.filter_text, "column": self._view.cursor}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take order, filter and column again; one that is not there counts when it comes."""
        found = (state.get(name) for name in ("sort", "filter", "column"))
        sort, filtered, column = (each if isinstance(each, str) else "" for each in found)
        self._view.cursor = column or self._view.cursor
        self.filter_text, self._filter = filtered, None
        if self._groups is not None:
            self._parse_again()
        self._order_by(sort, down=state.get("down") is True)

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
        """A click takes both cursors to a cell; on a heading it sorts."""
        at, column = self._first + event.y - HEAD, self._view.at(event.x)
        if column is not None:
            self._view.cursor = column.key
            self._draw_column()
        if event.y >= HEAD and at < len(self._lines):
            self._go(at, 1)
        elif event.y < HEAD and column is not None:
            self.action_sort()
