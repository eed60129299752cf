"""One line to type into, in the place of the status line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from tuiapp.widgets.line import LineWidget, Part

if TYPE_CHECKING:
    from textual.widgets import Input


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that is asked for.

    Attributes:
        purpose: What it is for.
        label: What stands before it.
        value: What stands in it already.
    """

    purpose: str
    label: str
    value: str = ""


class Prompt(Widget):
    """A label and an input. Made when it is first wanted: most sessions never type."""

    class Typed(Message):
        """The text so far, or the whole text when ``done``."""

        def __init__(self, purpose: str, text: str, *, done: bool) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text
            self.done = done

    def __init__(self, wanted: Wanted) -> None:
        from textual.widgets import Input

        super().__init__(id="prompt")
        self.purpose = wanted.purpose
        self.field = Input(wanted.value, compact=True, select_on_focus=False)
        self.field.cursor_blink = False
        self._label = _Label(wanted.label)
        self._seen: events.Key | None = None

    def compose(self) -> ComposeResult:
        """The label and the input."""
        yield self._label
        yield self.field

    def on_key(self, event: events.Key) -> None:
        """Remember a key that the input had no use for, on its way up."""
        self._seen = event

    def missed(self, event: events.Key) -> bool:
        """Take a key that was typed before the input had the focus; False if the input has seen it."""
        if event is self._seen:
            return False
        self.field._forward_event(events.Key(event.key, event.character))
        return True

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
