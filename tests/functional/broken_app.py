"""The app with a bug, as the command line starts it: ``python -m tests.functional.broken_app FOLDER``."""

from __future__ import annotations

import fcntl
import sys
import termios
import warnings
from typing import Any

from engine.events import EventSink
from engine.settings import Settings
from tests.functional.fake_engine import FakeEngine, performance_view
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main


class Broken(FakeEngine):
    """An engine whose libraries are noisy, and whose changes no screen can draw."""

    def status_of_library(self) -> None:
        """What a library says on its own account."""
        warnings.warn("a library is noisy", UserWarning, stacklevel=1)

    def performance(self, *args: Any, **more: Any) -> Any:
        self.status_of_library()
        return super().performance(*args, **more)

    def changes(self, *_: Any, **__: Any) -> Any:
        return "this is no view"


def factory(settings: Settings, *, events: EventSink) -> Any:
    """The broken engine."""
    return Broken(performance_view(1397)).open(settings, events=events)


def run(settings: Settings, *, demo: bool) -> int:
    """The app over it."""
    from tuiapp.app import run_app

    return run_app(settings, demo=demo, factory=factory)


if __name__ == "__main__":
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    sys.exit(main(["--data-dir", sys.argv[1]], World(run_app=run)))
