"""The real command line, by a clock that a test sets: ``python -m tests.yahoo.command update``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

from engine.facade import Engine, open_engine
from engine.settings import Settings
from tuiapp.cli import diagnostics
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

NOW: Final = "LOOPBACK_NOW"
PATIENCE: Final = "LOOPBACK_PATIENCE"


def _clock() -> Callable[[], datetime]:
    now = datetime.fromisoformat(os.environ[NOW]).astimezone(UTC)
    return lambda: now


def _open_engine(settings: Settings, **details: Any) -> Engine:
    """An engine by this clock, whose waits between tries and stops for a vendor's limit are as short as is asked."""
    patience = float(os.environ.get(PATIENCE, "1"))
    return open_engine(settings, clock=_clock(), patience=patience, **details)


def entry() -> NoReturn:
    """As the command's own entry does it, in a world with this clock."""
    os.umask(0o077)
    diagnostics.open_closed_streams()
    code = 1
    try:
        code = main(sys.argv[1:], World(open_engine=_open_engine))
    finally:
        diagnostics.leave(code)


if __name__ == "__main__":
    entry()
