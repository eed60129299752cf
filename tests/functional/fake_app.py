"""The app over a market of the tests, as a program of its own: ``python -m tests.functional.fake_app FOLDER``."""

from __future__ import annotations

import fcntl
import sys
import termios
from pathlib import Path
from typing import Any

from engine.events import EventSink
from engine.settings import Settings


def factory(settings: Settings, *, events: EventSink) -> Any:
    """An engine of the tests; imported as late as the real one is."""
    from tests.functional.fake_engine import FakeEngine, performance_view

    return FakeEngine(performance_view(1397)).open(settings, events=events)


def main() -> int:
    """Run the app in the terminal that standard input is."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    from tuiapp.app import run_app

    return run_app(Settings(data_dir=Path(sys.argv[1])), factory=factory)


if __name__ == "__main__":
    sys.exit(main())
