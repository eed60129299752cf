"""Whether a process of this machine still runs. Only the standard library is used here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

LONGEST_HOST: Final = 60
"""Characters of a machine's name that are kept."""


def host() -> str:
    """The name of this machine."""
    return os.uname().nodename[:LONGEST_HOST]


def is_alive(pid: int, started_at: object) -> bool:
    """Whether there is such a process here; one that began at another moment has only been given its number."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return started_at is None or started(pid) in (started_at, None)


def started(pid: int) -> int | None:
    """When a process began, in ticks since the machine did; None where the system does not say so."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return int(fields[19])
    except (OSError, ValueError, IndexError):
        return None
