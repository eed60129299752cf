"""The app over a market of the tests, as a program: ``python -m tests.functional.fake_app FOLDER [MARKET]``."""

from __future__ import annotations

import fcntl
import os
import sys
import termios
from pathlib import Path
from typing import Any

from engine.events import EventSink
from engine.settings import Settings


def factory(settings: Settings, *, events: EventSink) -> Any:
    """An engine of the tests; imported as late as the real one is."""
    market = sys.argv[2] if len(sys.argv) > 2 else "friendly"
    return _engine(market).open(settings, events=events)


def _engine(market: str) -> Any:
    from tests.functional.fake_engine import FakeEngine, performance_view

    if market == "hostile":
        from tests.functional.hostile import HostileEngine

        return HostileEngine(performance_view(1397))
    if market == "empty":
        return FakeEngine(stored=False)
    engine = FakeEngine(performance_view(1397))
    if market == "busy":
        engine.endless = True
    return engine


def main() -> int:
    """Run the app in the terminal that standard input is."""
    if os.getsid(0) == os.getpid():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    from tuiapp.app import run_app

    return run_app(Settings(data_dir=Path(sys.argv[1])), factory=factory)


if __name__ == "__main__":
    sys.exit(main())
