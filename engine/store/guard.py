"""What must hold of the data folder and of the store's files before any is used: nobody else can change them.

Only the folder itself is judged, not those above it.
"""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import Final

from engine.errors import StoreError
from engine.store.failures import not_a_folder
from engine.store.files import log_of

OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
OTHERS_ENTER: Final = stat.S_IXGRP | stat.S_IXOTH

KEPT: Final = "flatcap-before-*.duckdb"
"""Names that a store has for a moment besides its own, while a copy takes its place."""


def names_of(folder: Path, store: Path) -> int:
    """How many names the store's file has, 0 where there is none.

    Raises:
        StoreError: The folder or the store is not its owner's alone to change, or the store is a link to a file
            elsewhere.
    """
    try:
        around = folder.stat()
        _refuse_folder(folder, around)
        found = store.lstat()
        _refuse_log(log_of(store), around)
    except FileNotFoundError:
        return 0
    except NotADirectoryError as error:
        raise not_a_folder(folder) from error
    except OSError as error:
        raise StoreError(
            f"{error.filename} cannot be looked at: {error.strerror}.", hint="check the folder's owner and permissions"
        ) from error
    if stat.S_ISLNK(found.st_mode):
        raise StoreError(
            f"{store} is a link to another file, whose own folder is not locked.",
            hint="choose the folder of that file with --data-dir, or put the file itself here",
        )
    if not stat.S_ISREG(found.st_mode):
        return 1
    _refuse_file(store, found)
    return found.st_nlink


def require_one_name(store: Path) -> None:
    """Undo what a restore that was cut short has left; only where the store is held alone.

    Raises:
        StoreError: The store's file has another name still: who opens it by that one does not see our locks.
    """
    if store.stat().st_nlink > 1:
        _undo_restore(store)
    if (names := store.stat().st_nlink) > 1:
        raise StoreError(
            f"{store} has {names} names (hard links); a change made by another one would destroy it.",
            hint=f"find / -xdev -samefile {shlex.quote(str(store))} lists them: remove the others",
        )


def _undo_restore(store: Path) -> None:
    """Take our own second name of the store away; the log that was kept with it comes back."""
    for kept in store.parent.glob(KEPT):
        if kept.samefile(store):
            if log_of(kept).exists():
                log_of(kept).replace(log_of(store))
            kept.unlink()


def _refuse_folder(folder: Path, found: os.stat_result) -> None:
    if not stat.S_ISDIR(found.st_mode):
        raise not_a_folder(folder)
    if found.st_uid != os.geteuid():
        who = _account(found.st_uid)
        raise StoreError(
            f"{folder} belongs to {who}.", hint=f"run flatcap as {who}, or choose another folder with --data-dir"
        )
    if found.st_mode & OTHERS_WRITE:
        raise StoreError(
            f"Other people's accounts may change what is in {folder}.",
            hint=f"chmod 700 {shlex.quote(str(folder))}, or flatcap doctor --repair, which does it, too",
        )


def _refuse_file(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise StoreError(
            f"{path} belongs to {_account(found.st_uid)}.",
            hint=f"check its owner: chown {_account(os.geteuid())} {shlex.quote(str(path))}, "
            "or choose another folder with --data-dir",
        )
    if found.st_mode & OTHERS_WRITE:
        raise StoreError(
            f"Other people's accounts may change {path}.",
            hint=f"chmod 600 {shlex.quote(str(path))}, or flatcap doctor --repair, which does it, too",
        )


def _refuse_log(path: Path, around: os.stat_result) -> None:
    """Refuse a log that others can come at: what is in it is done to the store when that is opened.

    The mode of a log is that of the process that made it, so in a folder that is shut it says nothing.
    """
    if around.st_mode & OTHERS_ENTER and path.is_file():
        _refuse_file(path, path.stat())


def _account(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the account {uid}"
