"""An error that nobody expected: one sentence for the person, and the details in a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

from engine import __version__
from engine.domain.texts import bounded, without_secrets
from engine.errors import EngineError
from engine.private_file import write_private
from tuiapp.format import plain
from tuiapp.noise import one_line

KEPT: Final = 5
PATTERN: Final = "crash-*.txt"


class AppFailed(EngineError):
    """The app had to end because of an error that nobody expected."""

    @classmethod
    def of(cls, error: BaseException, details: str) -> AppFailed:
        """What is said of an error; ``details``: a sentence that says where they are, or nothing."""
        where = f"; {details[:1].lower()}{details[1:].rstrip('.')}" if details else ""
        return cls(
            f"The app ended: an error nobody expected ({one_line(error)}).",
            hint=f"what is stored is safe: start it again{where}",
        )


def keep(error: BaseException, folder: Path | None, now: datetime) -> str:
    """Write the details of an error into a file of the person's own, and say where they are.

    Only the last few are kept. Nothing is said, and nothing raised, where no file can be written.
    """
    if folder is None:
        return ""
    try:
        return f"The details are in {_written(error, folder, now)}."
    except OSError:
        return ""


def newest(folder: Path | None) -> str:
    """Name of the file with the details of the last bug, empty where there is none."""
    return max((path.name for path in folder.glob(PATTERN)), default="") if folder is not None else ""


def _written(error: BaseException, folder: Path, now: datetime) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
    write_private(path, _details(error, now))
    for old in sorted(folder.glob(PATTERN))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def _details(error: BaseException, now: datetime) -> str:
    """Where it happened. No values of variables: they may be a person's own."""
    from traceback import format_exception

    python = sys.version.partition(" ")[0]
    head = f"flatcap {__version__}, Python {python}, {sys.platform}, {now:%Y-%m-%d %H:%M:%S}"
    told = without_secrets("".join(format_exception(error)))
    return "\n".join(plain(bounded(line)) for line in (head, "", *told.split("\n")))
