"""A line of text that is typed, with a cursor in it. Nothing is drawn here."""

from __future__ import annotations

from engine.domain.texts import LONGEST_LINE
from tuiapp.widgets.line import Part


class Editing:
    """A text and where the next character goes.

    Args:
        text: What stands there already.
        chosen: Whether the first character replaces it.
    """

    def __init__(self, text: str, *, chosen: bool = False) -> None:
        self.text = text
        self._chosen = chosen and bool(text)
        self._at = len(text)

    def put(self, typed: str) -> None:
        """Put in what was typed or pasted, without what cannot be shown."""
        if self._chosen:
            self.clear()
        room = max(0, LONGEST_LINE - len(self.text))
        shown = "".join(character for character in typed[:room] if character.isprintable())
        self.text = self.text[: self._at] + shown + self.text[self._at :]
        self._at += len(shown)

    def take(self, text: str) -> None:
        """Have another text, and the cursor behind it."""
        self.text, self._at, self._chosen = text, len(text), False

    def rub(self) -> None:
        """Take back the character before the cursor."""
        self._chosen = False
        before = max(0, self._at - 1)
        self.text, self._at = self.text[:before] + self.text[self._at :], before

    def rub_word(self) -> None:
        """Take back the word before the cursor, or in a path the name, with what is behind it."""
        kept = self.text[: self._at].rstrip().rstrip("/")
        end = max(kept.rfind(" "), kept.rfind("/")) + 1
        self.text, self._at, self._chosen = self.text[:end] + self.text[self._at :], end, False

    def clear(self) -> None:
        """Take back everything."""
        self.take("")

    def move(self, steps: int) -> None:
        """The cursor to another place, not beyond the ends."""
        self._at, self._chosen = max(0, min(len(self.text), self._at + steps)), False

    def parts(self, room: int) -> list[Part]:
        """As much of the text around the cursor as there is room for."""
        if self._chosen and len(self.text) < room:
            return [(self.text, "cursor")]
        first = max(0, self._at - room + 1)
        at, shown = self._at - first, f"{self.text} "[first : first + room]
        return [(shown[:at], "strong"), (shown[at : at + 1], "cursor"), (shown[at + 1 :], "strong")]
