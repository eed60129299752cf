"""What a screen says when it has nothing to draw: what is missing, and what to press."""

from __future__ import annotations

from collections.abc import Sequence

from tuiapp.widgets.line import LineWidget, Part, fit


class Notice(LineWidget):
    """A title and some lines; ``key  what it does`` lines have their keys set off."""

    def __init__(self) -> None:
        super().__init__(classes="notice")
        self._said: list[list[Part]] = []

    def say(self, title: str, lines: Sequence[str], keys: Sequence[tuple[str, str]], tone: str) -> None:
        """Show a title, lines and keys."""
        self._said = [[], [(f"  {title}", f"{tone or 'strong'}")], []]
        self._said += [*([(f"  {line}", "")] for line in lines), *([[]] if lines else [])]
        if keys:
            width = max(len(key) for key, _ in keys) + 2
            self._said += [*([("  " + fit(key, width), "accent"), (text, "")] for key, text in keys)]
        self.refresh()

    def lines(self) -> list[list[Part]]:
        """Title, lines and keys."""
        return self._said
