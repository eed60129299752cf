"""What screens with several tables have in common: one of them is shown below a line of their names."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult

from tuiapp.market import Market
from tuiapp.messages import HintsChanged, Say
from tuiapp.screens.base import ASIDE
from tuiapp.screens.tables import TableScreen
from tuiapp.screens.troubles import Trouble
from tuiapp.widgets.line import LineWidget, Part, width_of
from tuiapp.widgets.row_table import RowTable
from tuiapp.widgets.tabs import tabs

Line = Callable[[int], list[Part]]
"""Parts of a line for so many cells."""


def no_line(width: int) -> list[Part]:  # noqa: ARG001 (a line has the width)
    """An empty line."""
    return []


class PanedScreen(TableScreen):
    """A screen of tables: ``c`` shows the next one."""

    TITLES: ClassVar[tuple[str, ...]] = ()
    """Names of the views, in their order."""
    PANE_SCOPES: ClassVar[tuple[str, ...]] = ()
    """Scope of the keys of each view."""
    ONLY: ClassVar[dict[str, tuple[int, ...]]] = {}
    """Places of the views in which an action means something, where that is not all of them."""

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self.place = 0
        self._head = Head(self.TITLES)
        self._in_trouble = False

    @property
    @abstractmethod
    def tables(self) -> tuple[RowTable[Any], ...]:
        """One table a view."""

    @abstractmethod
    def draw(self) -> None:
        """Draw the view that is shown, and ask for what it needs."""

    @property
    def table(self) -> RowTable[Any]:
        """The table that is shown."""
        return self.tables[self.place]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The keys of the view come first."""
        return (self.PANE_SCOPES[self.place], *self.SCOPES)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of a view that is not shown mean nothing."""
        return self.place in self.ONLY.get(action, (self.place,)) and super().check_action(action, parameters)

    def body(self) -> ComposeResult:
        """The line of names, and all tables but one out of sight."""
        yield self._head
        for at, table in enumerate(self.tables):
            table.set_class(at != self.place, ASIDE)
            yield table

    def follow(self, trouble: Trouble | None) -> None:
        """Show the market as it stands now, or why there is none."""
        self._in_trouble = trouble is not None
        super().follow(trouble)

    def action_pane(self, steps: int) -> None:
        """The next view; the first one after the last."""
        if not self._in_trouble:
            self.show_pane((self.place + steps) % len(self.tables))

    def show_pane(self, place: int) -> None:
        """Show another view, whatever the one before had to say."""
        self.show_notice(None)
        self.turn_to(place)
        self.draw()
        self.focus_first()
        self.post_message(Say(""))
        self.post_message(HintsChanged())

    def turn_to(self, place: int) -> None:
        """Put another view into sight, without drawing it."""
        self.place = place
        for at, table in enumerate(self.tables):
            table.set_class(at != place, ASIDE)

    def state(self) -> dict[str, Any]:
        """The view that is shown, and how each table is looked at."""
        tables = {title.lower(): table.state() for title, table in zip(self.TITLES, self.tables, strict=True)}
        return {"pane": self.TITLES[self.place].lower(), "tables": tables}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at it like that again."""
        tables = state.get("tables")
        for title, table in zip(self.TITLES, self.tables, strict=True):
            if isinstance(tables, Mapping) and isinstance(of_table := tables.get(title.lower()), Mapping):
                table.restore(of_table)
        views = [title.lower() for title in self.TITLES]
        if state.get("pane") in views:
            self.turn_to(views.index(state["pane"]))
        self.draw_restored()

    @property
    def can_draw(self) -> bool:
        """Whether there is something to draw from."""
        return self._market.known and not self._in_trouble

    def draw_restored(self) -> None:
        """Draw what was restored, where there is something to draw on and from."""
        if self.is_mounted and self.can_draw:
            self.show_notice(None)
            self.draw()
            self.post_message(HintsChanged())

    def show_head(self, beside: Line = no_line, below: Line = no_line) -> None:
        """What stands at the end of the line of names, and below it."""
        self._head.show(self.place, beside, below)

    def step_back(self) -> bool:
        """Take back the filter, then the view."""
        if super().step_back():
            return True
        if not self.place:
            return False
        self.show_pane(0)
        return True


class Head(LineWidget):
    """Names of the views with the one that is shown, and a line that says what it holds."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__(classes="legend")
        self._titles = titles
        self._said: tuple[int, Line, Line] = (0, no_line, no_line)

    def show(self, place: int, beside: Line, below: Line) -> None:
        """Mark a name, and say what stands beside it and below."""
        self._said = (place, beside, below)
        self.refresh()

    def lines(self) -> list[list[Part]]:
        """Names, then the view's own line."""
        place, beside, below = self._said
        names: list[Part] = [(" ", ""), *tabs(self._titles, self._titles[place])]
        room = self.size.width - width_of(names) - 2
        more = beside(room)
        gap = " " * (room - width_of(more))
        return [[*names, (gap, ""), *more], below(self.size.width)]
