"""What screens with a table have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from tuiapp.messages import HintsChanged, Say
from tuiapp.screens.base import DataScreen

if TYPE_CHECKING:
    from tuiapp.widgets.prompt import Wanted
    from tuiapp.widgets.row_table import RowTable


class TableScreen(DataScreen):
    """A screen around one table: its filter is the first thing that Esc takes back."""

    @property
    @abstractmethod
    def table(self) -> RowTable[Any]:
        """The table."""

    def focus_first(self) -> None:
        """The table takes the keys."""
        self.table.take_keys()
        self.table.tell_place()

    @property
    def narrowed(self) -> str:
        """The filter of the table."""
        return f"Filter: {self.table.filter_text}   Esc shows all" if self.table.filter_text else ""

    def wanted(self, purpose: str) -> Wanted | None:
        """The text to filter by."""
        if purpose != "filter":
            return None
        from tuiapp.widgets.prompt import Wanted

        return Wanted("filter", "/", self.table.filter_text)

    def typing(self, purpose: str, text: str) -> None:
        """Narrow the table while the filter is typed."""
        if purpose == "filter":
            self.table.narrow(text)

    def typed(self, purpose: str, text: str) -> None:
        """Keep the filter, and say that there is one."""
        if purpose == "filter":
            self.table.narrow(text)
            self.post_message(Say(""))

    def step_back(self) -> bool:
        """Take back the filter."""
        if not self.table.filter_text:
            return False
        self.table.narrow("")
        self.post_message(HintsChanged())
        return True
