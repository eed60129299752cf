"""Names side by side, of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from tuiapp.widgets.line import Part, width_of


def tabs(titles: Sequence[str], chosen: str) -> list[Part]:
    """All titles, the chosen one marked."""
    return [(f" {title} ", "cursor" if title == chosen else "muted") for title in titles]


def choice(titles: Sequence[str], chosen: str, keys: str, room: int) -> list[Part]:
    """All titles between the keys that change them, or only the chosen one where there is no room for all."""
    before, after = keys.split()
    for shown in (titles, [chosen]):
        parts = [(before, "accent"), *tabs(shown, chosen), (after, "accent")]
        if width_of(parts) <= room:
            return parts
    return []
