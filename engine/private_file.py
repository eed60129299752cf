"""Small files of one person's own, written whole or not at all. Only the standard library is used here."""

from __future__ import annotations

import os
from pathlib import Path

from engine.parts import new_part


def write_private(path: Path, body: str) -> None:
    """Write a file that only its owner reads, in a folder that is there; a killed run leaves what doctor takes away.

    Raises:
        OSError: It cannot be written; a file of this name is as it was.
    """
    handle, part = new_part(path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(body)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
