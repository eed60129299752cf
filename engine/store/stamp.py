"""Whether a store is another one than a moment ago, seen without opening a file."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from engine.store.files import log_of

Stamp = tuple[Any, ...]

WHOSE: Final = attrgetter("st_ino", "st_uid", "st_mode")
WRITTEN: Final = attrgetter("st_ino", "st_mtime_ns", "st_size")
"""Not the moment at which it was read last, nor that of files beside it."""


def stamp_of(folder: Path, store: Path) -> Stamp:
    """What a commit changes, and what decides whether the store may be read at all.

    The log counts: a process that is killed after a commit leaves it there, and the store's own file as it was.
    """
    looks = ((folder, WHOSE), (store, WHOSE), (store, WRITTEN), (log_of(store), WRITTEN))
    return tuple(_seen(path, look) for path, look in looks)


def _seen(path: Path, look: attrgetter[Any]) -> Any:
    """What is looked at; None where there is no such file, or none that may be seen."""
    try:
        return look(path.stat())
    except OSError:
        return None
