"""Small files that a person, or this program, has written: read whole, and never more of them than there should be.

What fails ends a sentence of ours. Only the standard library is used here.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any, BinaryIO, Final

LARGEST: Final = 262_144
"""Bytes of a file that people write by hand."""

MARK: Final = b"\xef\xbb\xbf"
"""What some editors put before a text in UTF-8."""


class NotReadable(ValueError):
    """What is in the place of a file is of no use."""


def read_small(path: Path, largest: int = LARGEST) -> str:
    """The text of a file. A pipe would have us wait for ever, and a device has no end.

    Raises:
        OSError: It is not there, or may not be read.
        NotReadable: It is no ordinary file, too large, or no text in UTF-8.
    """
    with _opened(path) as file:
        raw = file.read(largest + 1)
    if len(raw) > largest:
        raise NotReadable(f"it has more than {largest:,} bytes")
    return _decoded(raw)


def _opened(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    kind = os.fstat(handle).st_mode
    if S_ISREG(kind):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise NotReadable("it is a folder" if S_ISDIR(kind) else "it is not an ordinary file")


def _decoded(raw: bytes) -> str:
    try:
        return raw.removeprefix(MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NotReadable(f"it is no text in UTF-8 (line {line})") from None


def read_toml(text: str) -> dict[str, Any]:
    """What a text in TOML says.

    Raises:
        NotReadable: It is no TOML.
    """
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotReadable(f"it is not TOML: {error}") from error
    except RecursionError:
        raise NotReadable("it is not TOML: it is nested too deeply") from None
    except ValueError:
        raise NotReadable("it is not TOML: a number in it is too long") from None


def why(error: OSError | ValueError) -> str:
    """Why a file cannot be read, to end a sentence."""
    return str(error.strerror if isinstance(error, OSError) and error.strerror else error)
