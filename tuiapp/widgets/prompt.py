"""One line to type into, in the place of the status line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        keep: Whether what is typed comes behind that, and not in its place.
    """

    purpose: str
    label: str
    value: str = ""
    keep: bool = False


class Prompt(Widget):
    """A label and an input. Made when it is first wanted: most sessions never type."""

    class Typed(Message):
        """The text has changed."""

    def __init__(self, wanted: Wanted) -> None:
        from tuiapp.widgets.field import Field

        super().__init__(id="prompt")
        self.purpose = wanted.purpose
        self.field = Field(wanted.value, chosen=not wanted.keep)
        self._label = _Label(wanted.label)

    def compose(self) -> ComposeResult:
        """The label and the input."""
        yield self._label
        yield self.field

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say that something was typed, as it is typed."""
        event.stop()
        self.post_message(self.Typed())


class _Label(LineWidget):
    """What to type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = f" {text} "
        self.styles.width = len(self._text)

    def lines(self) -> list[list[Part]]:
        """The label."""
        return [[(self._text, "accent")]]
