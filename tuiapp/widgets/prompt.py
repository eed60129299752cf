"""One line to type into, in the place of the status line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from tuiapp.format import plain
from tuiapp.widgets.line import LineWidget, Part, width_of

if TYPE_CHECKING:
    from textual.widgets import Input

    from tuiapp.completion import Completion

MOST_LINES: Final = 3
"""Lines of candidates."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that is asked for.

    Attributes:
        purpose: What it is for.
        label: What stands before it.
        value: What stands in it already.
        keep: Whether what is typed comes behind that, and not in its place.
        complete: What Tab makes of a text, None where it means nothing.
    """

    purpose: str
    label: str
    value: str = ""
    keep: bool = False
    complete: Callable[[str], Completion] | None = None


class Prompt(Widget):
    """A label and an input. Made when it is first wanted: most sessions never type."""

    class Typed(Message):
        """The text has changed."""

    def __init__(self, wanted: Wanted) -> None:
        from tuiapp.widgets.field import Field

        super().__init__(id="prompt")
        self.purpose = wanted.purpose
        self.field = Field(wanted.value, chosen=not wanted.keep, go_on=self.go_on)
        self.complete = wanted.complete
        self.refused: str | None = None
        self._label = _Label(wanted.label)
        self._candidates = _Candidates()

    def compose(self) -> ComposeResult:
        """How the text could go on, and below that the label and the input."""
        yield self._candidates
        yield Horizontal(self._label, self.field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say that something was typed, as it is typed."""
        event.stop()
        self.post_message(self.Typed())

    def go_on(self) -> None:
        """Complete what was typed, and say how else it could go on."""
        if self.complete is None:
            return
        found = self.complete(self.field.value)
        if found.text != self.field.value:
            self.field.value = found.text
            self.field.cursor_position = len(found.text)
        self._candidates.show(found)
        self.styles.height = 1 + self._candidates.height

    def refuse(self, problem: str) -> None:
        """Say why what was typed cannot be taken; it stays to be mended."""
        self.refused = self.field.value if problem else None
        self._candidates.say(problem)
        self.styles.height = 1 + self._candidates.height


class _Label(LineWidget):
    """What to type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = f" {text} "
        self.styles.width = len(self._text)

    def lines(self) -> list[list[Part]]:
        """The label."""
        return [[(self._text, "accent")]]


class _Candidates(LineWidget):
    """How a text could go on."""

    def __init__(self) -> None:
        super().__init__(id="candidates")
        self._lines: list[list[Part]] = []

    @property
    def height(self) -> int:
        """Lines that they take."""
        return len(self._lines)

    def show(self, found: Completion) -> None:
        """Show these."""
        self._lines = _listed(found.candidates, self.app.size.width) if found.candidates else []
        if found.note:
            self._lines.append([(f" {found.note}", "muted")])
        self._show()

    def say(self, problem: str) -> None:
        """Say a problem in their place."""
        from textwrap import wrap

        said = wrap(plain(problem), max(1, self.app.size.width - 2))[:MOST_LINES]
        self._lines = [[(f" {line}", "warn")] for line in said]
        self._show()

    def _show(self) -> None:
        self.styles.height = self.height
        self.refresh()

    def lines(self) -> list[list[Part]]:
        """The names, one beside the other."""
        return self._lines


def _listed(names: tuple[str, ...], width: int) -> list[list[Part]]:
    """As many names as there is room for, and how many more there are."""
    lines: list[list[Part]] = [[]]
    for at, name in enumerate(names):
        part = (f" {name} ", "")
        more = (f" and {len(names) - at:,} more", "muted")
        is_last = len(lines) == MOST_LINES
        if width_of([*lines[-1], part, *([more] if is_last and at < len(names) - 1 else [])]) <= width:
            lines[-1].append(part)
        elif not is_last:
            lines.append([part])
        else:
            lines[-1].append(more)
            break
    return lines
