"""The screens, declared once. A new one is a module and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tuiapp.screens.panes import PANES

if TYPE_CHECKING:
    from tuiapp.screens.base import DataScreen


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """One screen.

    Attributes:
        id: Its name; the key that shows it has the id ``screen.<id>``.
        key: The key that shows it.
        title: What the header calls it.
        class_name: Its class, in the module ``tuiapp.screens.<id>``.
        about: One sentence for its help.
        panes: Id and title of each of its views, in their order.
    """

    id: str
    key: str
    title: str
    class_name: str
    about: str
    panes: tuple[tuple[str, str], ...] = ()

    def load(self) -> type[DataScreen]:
        """Its class, imported when it is first shown."""
        found: type[DataScreen] = getattr(import_module(f"tuiapp.screens.{self.id}"), self.class_name)
        return found


SCREENS: Final = (
    ScreenSpec(
        "performance",
        "1",
        "Performance",
        "Performance",
        "Level of the index over a range that ends at the as-of session, and what it was worth.",
        tuple((pane.id, pane.title) for pane in PANES),
    ),
    ScreenSpec(
        "composition",
        "2",
        "Composition",
        "Composition",
        "Members decided at the close of the as-of session, and below the line those that just missed it.",
        (("members", "Members"), ("contributions", "Contributions"), ("sectors", "Sectors")),
    ),
    ScreenSpec(
        "changes",
        "3",
        "Changes",
        "Changes",
        "Companies added and removed: by session, newest first, or between two dates.",
    ),
    ScreenSpec(
        "data",
        "7",
        "Data",
        "Data",
        "What was found in the data, what is stored, what was decided about it, who changed it, and what was fetched.",
        (
            ("findings", "Findings"),
            ("stored", "Stored"),
            ("decisions", "Decisions"),
            ("audit", "Audit"),
            ("fetches", "Fetches"),
        ),
    ),
)
