"""Files under the hidden names that they have until they are whole, which say who writes them.

What a run that was killed has left is known by that at once, and goes before the next such file is made in its folder.
Only the standard library is used here.
"""

from __future__ import annotations

import os
import re
import stat
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final

from engine.process import host, is_alive, started

PATTERNS: Final = (".flatcap-*.part", ".flatcap-*.part.wal")
"""Names of parts, and of the log that DuckDB writes beside one."""

_NAME: Final = re.compile(
    r"\.flatcap-(?P<where>[0-9a-f]{8})-(?P<pid>[1-9]\d*)-(?P<started>\d+)-[0-9a-z_]+\.part(?:\.wal)?"
)


def new_part(folder: Path) -> tuple[int, Path]:
    """Make an empty part of this process, its owner's alone; gives its handle and its path."""
    import tempfile

    clear_abandoned(folder)
    handle, name = tempfile.mkstemp(dir=folder, prefix=_prefix(), suffix=".part")
    return handle, Path(name)


def free_part(folder: Path) -> Path:
    """A name for a part of this process that is not there yet."""
    clear_abandoned(folder)
    return folder / f"{_prefix()}{os.urandom(4).hex()}.part"


def is_abandoned(path: Path) -> bool | None:
    """Whether the process is gone that has made a part; None where the name says nothing that can be known here."""
    found = _NAME.fullmatch(path.name)
    if found is None or found["where"] != _where():
        return None
    return not is_alive(int(found["pid"]), int(found["started"]) or None)


def clear_abandoned(folder: Path) -> None:
    """Remove our own parts in a folder that nobody writes any more; one that cannot be removed stays."""
    with suppress(OSError):
        for path in (path for pattern in PATTERNS for path in folder.glob(pattern)):
            if is_abandoned(path) and _is_ours(path):
                path.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _prefix() -> str:
    pid = os.getpid()
    return f".flatcap-{_where()}-{pid}-{started(pid) or 0}-"


def _where() -> str:
    """This machine, and where in it the numbers of processes count: a container has its own."""
    try:
        numbers = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        numbers = 0
    return f"{zlib.crc32(f'{host()} {numbers}'.encode()):08x}"
