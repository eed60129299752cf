"""What screens with a table have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from tuiapp.messages import HintsChanged, Say
from tuiapp.screens.base import DataScreen
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

    def wanted(self, purpose: str) -> Wanted | None:
        """The text to filter by."""
        return Wanted("filter", "/", self.table.filter_text) if purpose == "filter" else None

    def typing(self, purpose: str, text: str) -> None:
        """Narrow the table while the filter is typed."""
        if purpose == "filter":
            self.table.narrow(text)

    def typed(self, purpose: str, text: str) -> None:
        """Keep the filter, and say that there is one."""
        if purpose == "filter":
            self.table.narrow(text)
            self.post_message(Say(f"Filter: {text}   Esc shows all" if text else ""))

    def step_back(self) -> bool:
        """Take back the filter."""
        if not self.table.filter_text:
            return False
        self.table.narrow("")
        self.post_message(HintsChanged())
        return True
