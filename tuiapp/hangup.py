"""Leaving when the terminal is gone: nothing can be restored there, and nobody waits."""

from __future__ import annotations

import os
import termios
import threading
from typing import Final

PATIENCE: Final = 3.0


def terminal_is_gone() -> bool:
    """Whether the terminal of standard input has been closed."""
    try:
        termios.tcgetattr(0)
    except termios.error:
        return True
    return False


def let_go(code: int) -> None:
    """Turn standard streams away from a terminal that is gone, and end after a while come what may.

    Textual writes from a thread of its own. That ends at the first failed write, and then the next but thirty
    blocks for ever: a closed window would leave a process behind.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    watchdog = threading.Timer(PATIENCE, os._exit, (code,))
    watchdog.daemon = True
    watchdog.start()
