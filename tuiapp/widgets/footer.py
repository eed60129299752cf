"""The last line: keys of this screen, and at every width help and quit."""

from __future__ import annotations

from rich.cells import cell_len

from tuiapp.widgets.line import LineWidget, Part


class Footer(LineWidget):
    """Keys and their words, as many as there is room for."""

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._always: list[tuple[str, str]] = []
        self._hints: list[tuple[str, str]] = []

    def show(self, hints: list[tuple[str, str]], always: list[tuple[str, str]]) -> None:
        """The keys that mean something now, the most useful first, and those that are shown at every width."""
        if (hints, always) != (self._hints, self._always):
            self._hints, self._always = hints, always
            self.refresh()

    def lines(self) -> list[list[Part]]:
        """Hints from the left while they fit, and those that are never lost at the right end."""
        room = self.size.width - sum(map(_width, self._always))
        parts: list[Part] = []
        for hint in self._hints:
            if _width(hint) > room:
                break
            room -= _width(hint)
            parts += _parts(hint)
        parts.append((" " * room, ""))
        for hint in self._always:
            parts += _parts(hint)
        return [parts]


def _width(hint: tuple[str, str]) -> int:
    return cell_len(hint[0]) + len(hint[1]) + 3


def _parts(hint: tuple[str, str]) -> list[Part]:
    return [(f" {hint[0]} ", "accent"), (f"{hint[1]} ", "muted")]
