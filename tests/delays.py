"""A machine that is too busy, at will: ``pytest --delays 1 tests/functional`` holds up threads and messages of the app.

What a test of the app, or the app itself, only gets right in time is found so in minutes. Each number delays another
choice of moments, the same ones every time.
"""

from __future__ import annotations

import random
import time
import zlib
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tuiapp.desk import Desk

BEFORE_S: Final = (0, 0, 0.001, 0.005, 0.02, 0.1, 0.19, 0.2, 0.201, 0.205, 0.21, 0.25)
"""Seconds before a question is worked on; the app says after 0.2 that something is being loaded."""
AFTER_S: Final = (0, 0, 0.001, 0.01, 0.05)
"""Seconds that a thread lives on after its answer."""
BETWEEN_S: Final = (0.02, 0.1, 0.2, 0.25)
"""Seconds for which nothing at all is done."""
SHARE: Final = 0.005
"""Share of messages before which nothing is done for so long."""


def delay(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold up the app at moments that depend on a name only."""
    from textual.message_pump import MessagePump

    from tuiapp import desk

    moments = random.Random(zlib.crc32(name.encode()))
    work, dispatch = desk.Desk._work, MessagePump._dispatch_message

    def slowly(self: Desk, *args: Any) -> None:
        time.sleep(moments.choice(BEFORE_S))
        work(self, *args)
        time.sleep(moments.choice(AFTER_S))

    async def late(self: MessagePump, message: Any) -> None:
        if moments.random() < SHARE:
            time.sleep(moments.choice(BETWEEN_S))
        await dispatch(self, message)

    monkeypatch.setattr(desk.Desk, "_work", slowly)
    monkeypatch.setattr(MessagePump, "_dispatch_message", late)
