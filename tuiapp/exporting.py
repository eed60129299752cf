"""The part of the app that writes files: this view, or what is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual.events import Event, Key

from engine.errors import Cancelled
from tuiapp import format as text
from tuiapp import keys, questions
from tuiapp.fetching import Fetching
from tuiapp.keystrokes import Typing
from tuiapp.memory import StoreMemory
from tuiapp.messages import Copy
from tuiapp.screens import troubles
from tuiapp.screens.pages import PageScreen

if TYPE_CHECKING:
    from tuiapp.screens.exporting.request import ExportRequest

EXPORT: Final = "export"
"""The topic of an export, and where the last choice is remembered."""
PATH_LINES: Final = 3
"""Lines of the status line for a path and what is said behind it: what is cut from it is cut from its middle."""
BESIDE: Final = 24
"""Cells that the status line may need for other things."""
LEAST_PATH: Final = 30


class Exporting(Fetching):
    """Exports of the app, one at a time."""

    _request: ExportRequest | None = None
    _written: Path | None = None
    _said_of_file = ""

    @property
    def is_exporting(self) -> bool:
        """Whether a file is being written."""
        return self._request is not None

    def action_export(self) -> None:
        """Write what this view shows."""
        if self._may_export():
            request = self.active.export_request()
            self.export(replace(request, remark=request.remark or self._beyond()))

    def _beyond(self) -> str:
        """What of the table that is seen is not so in the file."""
        from tuiapp.screens.exporting.request import UNFILTERED, UNSORTED

        return UNFILTERED if self.active.narrowed else UNSORTED if self.active.is_sorted else ""

    def action_export_choose(self) -> None:
        """Choose sheets, dates and file, then write."""
        if self._may_export():
            from tuiapp.screens.exporting.page import ExportPage

            self.push_screen(ExportPage(self.market, self.remembered(EXPORT)))

    def _may_export(self) -> bool:
        if self.is_exporting:
            self.say(f"An export is under way; {keys.shown('app.stop')} stops it", "warn")
            return False
        return self.has_index()

    def export(self, request: ExportRequest) -> None:
        """Write what is asked for; only one file at a time is written."""
        self._request = request
        self.say(f"Writing {request.what} …")
        self.ask(EXPORT, partial(questions.export, request=request, cancel=self._desk.token(EXPORT)))

    def _may_clear(self) -> bool:
        """Not while a file is being written: its line stands until it is."""
        return super()._may_clear() and not self.is_exporting

    def keep_choice(self, state: Mapping[str, Any]) -> None:
        """Remember what was chosen for the next time."""
        before = self.memory.here
        self.memory.remember(StoreMemory(before.screen, {**before.screens, EXPORT: dict(state)}, before.pins))

    def _exported(self, path: Path) -> None:
        remark = f" ({self._request.remark})" if self._request and self._request.remark else ""
        self._request, self._written = None, path
        rest = f"{remark} · {keys.shown('written.copy')} copies the path"
        whole = text.plain(str(path))
        width = max(LEAST_PATH, self.size.width - BESIDE)
        shown = _in_the_middle(whole, width * max(1, PATH_LINES - ceil(len(rest) / width)))
        if shown != whole:
            self.events.add(f"Wrote {whole}{remark}", "good")
        self._said_of_file = f"Wrote {shown}{rest}"
        self.say(self._said_of_file, "good")

    def _not_exported(self, error: BaseException) -> None:
        self._request = None
        if isinstance(error, Cancelled):
            self.say("Stopped: no file was written", "warn")
        else:
            self.say(troubles.in_one_line(error), "bad")

    # -- the path

    async def on_event(self, event: Event) -> None:
        """As long as the line says what was written, one key copies its path, on every screen."""
        if isinstance(event, Key) and not event.is_forwarded and self._copies_path(event.key):
            self.post_message(Copy(str(self._written), "the path"))
        else:
            await super().on_event(event)

    def _copies_path(self, pressed: str) -> bool:
        if not self._said_of_file or not keys.answers("written.copy", pressed):
            return False
        said = self.screen.said if isinstance(self.screen, PageScreen) else self._status.text
        return said == self._said_of_file and not isinstance(self.focused or self.screen, Typing)


def _in_the_middle(path: str, room: int) -> str:
    """A path without its middle where it is longer than the room: its name is what counts."""
    if len(path) <= room:
        return path
    begin = room // 4
    return f"{path[:begin]}…{path[len(path) - (room - begin - 1) :]}"
