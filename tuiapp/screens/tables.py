"""What screens with a table have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tuiapp import keys
from tuiapp.messages import HintsChanged, Say
from tuiapp.screens.base import DataScreen

if TYPE_CHECKING:
    from engine.views.explanation import Subject
    from tuiapp.widgets.columns import Column
    from tuiapp.widgets.prompt import Wanted
    from tuiapp.widgets.row_table import RowTable

NAMES: Final = ("ticker", "text")
"""Units of columns that say who or what a row is of."""


class TableScreen(DataScreen):
    """A screen around one table: its filter is the first thing that Esc takes back."""

    @property
    @abstractmethod
    def table(self) -> RowTable[Any]:
        """The table."""

    @property
    def is_awaited(self) -> bool:
        """Likewise as long as there was no answer to fill the table from."""
        return super().is_awaited or bool(self._unanswered and not self.has_notice and not self.table.is_filled)

    def focus_first(self) -> None:
        """The table takes the keys."""
        self.table.take_keys()
        self.table.tell_place()

    @property
    def narrowed(self) -> str:
        """The filter of the table."""
        return (
            f"Filter: {self.table.filter_text}   {keys.shown('app.back')} shows all" if self.table.filter_text else ""
        )

    @property
    def is_sorted(self) -> bool:
        """Whether a person has sorted the table."""
        return self.table.is_sorted

    def number_at(self, subjects: Sequence[tuple[str, Subject]]) -> int:
        """Place of the number in the column at the cursor."""
        return place_of(self.table.current_column, subjects)

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

    def refusal(self, purpose: str, text: str) -> str:
        """Why a text is no filter. It is said where it is typed, and no more above that."""
        problem = self.table.narrow(text) if purpose == "filter" else ""
        if problem:
            self.table.note("")
        return problem

    def typed(self, purpose: str, text: str) -> None:
        """Keep the filter, and say that there is one."""
        if purpose == "filter":
            problem = self.table.narrow(text)
            self.post_message(Say(problem, "warn" if problem else ""))

    def step_back(self) -> bool:
        """Take back the filter."""
        if not self.table.filter_text:
            return False
        self.table.narrow("")
        self.post_message(HintsChanged())
        return True

    # -- what is remembered and taken back

    def state(self) -> dict[str, Any]:
        """Order, filter and column of the table."""
        return {"table": self.table.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take them again."""
        table = state.get("table")
        if isinstance(table, Mapping):
            self.table.restore(table)


def place_of(column: Column[Any] | None, subjects: Sequence[tuple[str, Subject]]) -> int:
    """Place of the number that a column shows; of the first one where it shows none of them."""
    if column is None or (column.unit in NAMES and not column.numbers):
        return 0
    keys_of = [subject.key for _, subject in subjects]
    return next((keys_of.index(key) for key in column.numbers or (column.key,) if key in keys_of), 0)
