"""The input of the prompt. A module of its own: Textual's is imported only when somebody types."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.widgets import Input

from engine.domain.texts import LONGEST_LINE
from tuiapp.format import plain


class Field(Input):
    """An input whose keys are given to it by the app, one after the other; its first text can be typed over.

    Args:
        value: What stands in it already.
        chosen: Whether that is selected, so that the first character replaces it.
        go_on: What Tab does.
    """

    # The selection has to be seen in every theme, and without colours.
    DEFAULT_CSS = "Field > .input--selection { background: $background; color: $foreground; text-style: reverse; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "app.accept", "done"),
        Binding("ctrl+c", "app.quit", "quit"),
        Binding("tab,shift+tab", "go_on", "complete"),
    ]

    def __init__(self, value: str, *, chosen: bool, go_on: Callable[[], None]) -> None:
        super().__init__(value, compact=True, select_on_focus=False)
        self._go_on = go_on
        self.cursor_blink = False
        if chosen:
            self.select_all()

    def put(self, typed: str) -> None:
        """Put a text in the place of what is selected, or at the cursor, without what a terminal would obey."""
        shown = plain(typed[:LONGEST_LINE])
        if self.selection.is_empty:
            self.insert_text_at_cursor(shown[: max(0, LONGEST_LINE - len(self.value))])
        else:
            self.replace(shown, *sorted(self.selection))

    def on_paste(self, event: Paste) -> None:
        """Put the first line of what is pasted; Textual's own way would put it as it is."""
        event.prevent_default()
        event.stop()
        self.put(event.text.strip().partition("\n")[0])

    def action_go_on(self) -> None:
        """Tab stays here, whether there is anything to complete or not."""
        self._go_on()
