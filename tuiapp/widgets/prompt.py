"""One line to type into, in the place of the status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from tuiapp.messages import WantText
from tuiapp.widgets.line import LineWidget, Part

if TYPE_CHECKING:
    from textual.widgets import Input


class Prompt(Widget):
    """A label and an input. Made when it is first wanted: most sessions never type."""

    class Typed(Message):
        """The text so far, or the whole text when ``done``."""

        def __init__(self, purpose: str, text: str, *, done: bool) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text
            self.done = done

    def __init__(self, wanted: WantText) -> None:
        super().__init__(id="prompt")
        self._wanted = wanted

    @property
    def purpose(self) -> str:
        """What the text is for."""
        return self._wanted.purpose

    def compose(self) -> ComposeResult:
        """The label and the input."""
        from textual.widgets import Input

        field = Input(self._wanted.value, compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield _Label(self._wanted.label)
        yield field

    def on_mount(self) -> None:
        """Keys go to the input at once."""
        self.query_one("Input").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Hand on what is typed, as it is typed."""
        event.stop()
        self.post_message(self.Typed(self.purpose, event.value, done=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand on the whole text."""
        event.stop()
        self.post_message(self.Typed(self.purpose, event.value, done=True))


class _Label(LineWidget):
    """What to type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = f" {text} "
        self.styles.width = len(self._text)

    def lines(self) -> list[list[Part]]:
        """The label."""
        return [[(self._text, "accent")]]
