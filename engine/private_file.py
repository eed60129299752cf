"""Small files of one person's own, written whole or not at all. Only the standard library is used here."""

from __future__ import annotations

import os
from pathlib import Path


def write_private(path: Path, body: str) -> None:
    """Write a file that only its owner reads, in a folder that is there.

    Raises:
        OSError: It cannot be written; a file of this name is as it was.
    """
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(body)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
