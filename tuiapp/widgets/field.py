"""The input of the prompt. A module of its own: Textual's is imported only when somebody types."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class Field(Input):
    """An input whose keys are given to it by the app, one after the other; its first text can be typed over.

    Args:
        value: What stands in it already.
        chosen: Whether that is selected, so that the first character replaces it.
    """

    # The selection has to be seen in every theme, and without colours.
    DEFAULT_CSS = "Field > .input--selection { background: $background; color: $foreground; text-style: reverse; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "app.accept", "done"),
        Binding("ctrl+c", "app.quit", "quit"),
    ]

    def __init__(self, value: str, *, chosen: bool) -> None:
        super().__init__(value, compact=True, select_on_focus=False)
        self.cursor_blink = False
        if chosen:
            self.select_all()

    def put(self, character: str) -> None:
        """Put a character in the place of what is selected, or at the cursor."""
        if self.selection.is_empty:
            self.insert_text_at_cursor(character)
        else:
            self.replace(character, *sorted(self.selection))
