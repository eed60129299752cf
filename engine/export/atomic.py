"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from engine.errors import ExportError
from engine.parts import new_part

_SENTENCES: Final = {
    errno.ENOSPC: ("there is no space left on the disk", "free some space, or choose another folder"),
    errno.EDQUOT: ("your disk quota is used up", "free some space, or choose another folder"),
    errno.EFBIG: ("the file would be larger than the system allows", "choose a shorter range"),
    errno.EACCES: ("you have no permission to write there", "choose a folder that you may write to"),
    errno.EPERM: ("you have no permission to write there", "choose a folder that you may write to"),
    errno.EROFS: ("the disk is read-only", "choose another folder"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
}
_NO_HARD_LINKS: Final = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EACCES}


@contextmanager
def replacing(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """Give a private file to write to that takes the name ``path`` when the block ends well; its own is ``file.name``.

    The content goes to a hidden file of mode 0600 in the same folder, is synced to disk and then renamed.
    When the block raises, nothing is left behind and an existing file is as it was.

    Raises:
        ExportError: The name is taken and ``force`` is not set, or the file cannot be written there.
    """
    target = Path(os.path.realpath(path))
    try:
        _refuse_bad_target(path, target, force=force)
        yield from _whole_or_nothing(path, target, force=force)
    except OSError as error:
        raise _explained(path, error) from error


def absolute(path: Path) -> Path:
    """The full path under which a person finds the file: made absolute, links not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute() keeps "..", resolve() follows links


def _whole_or_nothing(path: Path, target: Path, *, force: bool) -> Iterator[BinaryIO]:
    handle, part = new_part(target.parent)
    try:
        os.close(handle)
        with part.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _publish(path, part, target, force=force)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _publish(path: Path, part: Path, target: Path, *, force: bool) -> None:
    if force:
        part.replace(target)
        return
    try:
        # A link, unlike a rename, refuses a name that was taken while we wrote.
        target.hardlink_to(part)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if target.exists():
            raise _taken(path) from None
        part.replace(target)


def _sync_folder(folder: Path) -> None:
    # The file is whole and in place: a file system that cannot sync a folder is no reason to fail.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refuse_bad_target(path: Path, target: Path, *, force: bool) -> None:
    if not target.parent.is_dir():
        raise _refused(path, f"there is no folder {absolute(path).parent}", "create the folder first")
    if target.is_dir():
        raise _refused(path, "it is a folder", "give the name of a file in it")
    if target.exists() and not target.is_file():
        raise _refused(path, "it is not an ordinary file", "give the name of an ordinary file")
    # A link that leads nowhere takes its name, too: nobody asked for the file that it would make elsewhere.
    if (target.exists() or path.is_symlink()) and not force:
        raise _taken(path)


def _taken(path: Path) -> ExportError:
    return ExportError(f"{absolute(path)} exists already and was not touched.", hint="--force writes over it")


def _explained(path: Path, error: OSError) -> ExportError:
    unknown = (error.strerror or str(error), "try another folder")
    return _refused(path, *_SENTENCES.get(error.errno or 0, unknown))


def _refused(path: Path, reason: str, hint: str) -> ExportError:
    return ExportError(f"Cannot write {absolute(path)}: {reason}.", hint=hint)
