"""The least that Textual can show: one label. What any app of it takes at least."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label


class OneLabel(App[None]):
    """One label."""

    def compose(self) -> ComposeResult:
        """The label."""
        yield Label("one label and nothing else")


if __name__ == "__main__":
    OneLabel().run()
