"""How the terminal is driven: Textual's way, but for signals and the mouse."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Final, cast

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from tuiapp.app import FlatcapApp

ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
CLICKS: Final = 1000
CELLS: Final = 1006
PIXELS: Final = 1016

PLACE: Final = "\x1b["
LARGE: Final = 1000
"""Characters that only a drawing takes, if it begins with a place; a text that is copied does not."""
FRAME: Final = ("\x1b[?2026h", "\x1b[?2026l")
"""What stands around a drawing on terminals that show it at once."""


class TerminalDriver(LinuxDriver):
    """Sends no drawing twice in a row, and asks for no moves of the mouse: each would be a packet from far away.

    Textual draws a page up to three times when it opens, and what is below it twice when it closes.
    """

    _drawn = ""

    def write(self, data: str) -> None:
        """Write, unless that stands on the terminal already."""
        if len(data) >= LARGE and data.startswith(PLACE):
            if data == self._drawn:
                return
            self._drawn = data
        elif data not in FRAME:
            self._drawn = ""
        super().write(data)

    def forget_drawn(self) -> None:
        """Something else may stand on the terminal now."""
        self._drawn = ""

    def start_application_mode(self) -> None:
        """Take the signals that end the app before the terminal is changed for it."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, cast("FlatcapApp", self._app).told_to_leave, 128 + number)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def put_mouse(self, *, on: bool) -> None:
        """Take the mouse, or give it back to the terminal."""
        if not on:
            self._disable_mouse_support()
        self._mouse = on
        if on:
            self._enable_mouse_support()
            if self._in_band_window_resize:
                # What reads the reports expects pixels from a terminal that tells its size in them.
                self._enable_mouse_pixels()

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self._switch(CLICKS, CELLS, on=True)

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self._switch(CLICKS, CELLS, *([PIXELS] if self._mouse_pixels else []), on=False)
            self._mouse_pixels = False

    def _switch(self, *modes: int, on: bool) -> None:
        for mode in modes:
            self.write(f"\x1b[?{mode}{'h' if on else 'l'}")
        self.flush()
