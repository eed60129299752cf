"""Whether the folders and files of a store, and those around it, are as they should be."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from engine import __version__
from engine.domain.words import counted
from engine.env_file import default_config_dir
from engine.errors import StoreError
from engine.health.ground import BAD, GOOD, MEGABYTE, REPAIR, WARN, Ground
from engine.indices import definitions_path, names
from engine.parts import PATTERNS, is_abandoned
from engine.reports import Check
from engine.settings import default_state_dir
from engine.store import locks
from engine.store.owner import Owner

LITTLE_BYTES: Final = 1_000 * MEGABYTE
TOO_LITTLE_BYTES: Final = 100 * MEGABYTE

LIBRARIES: Final = ("duckdb", "polars", "textual", "yfinance")
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
LEFTOVERS: Final = ("flatcap.new", "flatcap.new.wal", *PATTERNS)
OWN_FILES: Final = ("flatcap*", "last-view*.json")
OLD_S: Final = 3600.0
"""A file whose maker cannot be known is no longer being written after an hour."""


STRANGE: Final = "see what that process is, on its own machine; it holds the lock until it ends"


def of_files(ground: Ground) -> Iterator[Check]:
    """The data folder, its locks, the disk, and the places of settings, log and indices."""
    if ground.folder.is_dir():
        yield _permissions(ground)
        yield _leftovers(ground)
        yield from _locks(ground)
    yield _disk(ground.folder)
    yield _paths(ground)
    yield _log()
    yield _definitions(ground)
    yield _programs()


def exposed(folder: Path) -> tuple[Path, ...]:
    """The folder if others may change what is in it, and the files of the store that are not their owner's alone."""
    files = (path for pattern in OWN_FILES for path in sorted(folder.glob(pattern)) if path.is_file())
    shut = [folder] if _mode(folder) & OTHERS_WRITE else []
    return (*shut, *(path for path in files if _mode(path) & OTHERS))


def _mode(path: Path) -> int:
    """Permissions of a file; one that has gone by now has none."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0


def leftovers(ground: Ground) -> tuple[Path, ...]:
    """Files that an interrupted run has left, and nobody writes any more."""
    found = [path for pattern in LEFTOVERS for path in sorted(ground.folder.glob(pattern))]
    return tuple(path for path in found if _is_left(path, ground.now))


def _is_left(path: Path, now: datetime) -> bool:
    abandoned = is_abandoned(path)
    return _age_s(path, now) > OLD_S if abandoned is None else abandoned


def _age_s(path: Path, now: datetime) -> float:
    try:
        return now.timestamp() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _permissions(ground: Ground) -> Check:
    open_ones = exposed(ground.folder)
    if not open_ones:
        return Check("permissions", GOOD, f"The files of the store in {ground.folder} are their owner's alone.")
    mode = max(_mode(path) & OTHERS_WRITE for path in open_ones)
    listed = ", ".join(str(path) for path in open_ones[:3]) + (" and others" if len(open_ones) > 3 else "")
    verb = "changed" if mode else "read"
    return Check("permissions", BAD if mode else WARN, f"Other people's accounts may have {verb} {listed}.", REPAIR)


def _leftovers(ground: Ground) -> Check:
    found = leftovers(ground)
    if not found:
        return Check("leftovers", GOOD, "No interrupted run has left a file behind.")
    listed = ", ".join(path.name for path in found[:3])
    return Check("leftovers", WARN, f"Interrupted runs left {counted(len(found), 'file')} behind: {listed}.", REPAIR)


def _locks(ground: Ground) -> Iterator[Check]:
    """Who holds the store; a process on another machine cannot be seen from here."""
    for lock, name, doing in (("lock", "writer", "writes the store"), ("fetch", "fetcher", "fetches into the store")):
        try:
            yield _held(name, doing, locks.owner(ground.folder, lock))
        except StoreError as error:
            yield Check(name, WARN, error.message, error.hint)


def _held(name: str, doing: str, owner: Owner | None) -> Check:
    if owner is None:
        return Check(name, GOOD, f"Nobody {doing} at the moment.")
    who = owner.text if owner.text.startswith("flatcap") else f"{owner.text[0].upper()}{owner.text[1:]}"
    return Check(name, GOOD if owner.alive else WARN, f"{who} {doing}.", "" if owner.alive else STRANGE)


def _disk(folder: Path) -> Check:
    """Room for the store to grow; a folder that is not there yet is judged by the one above it."""
    there = _there(folder)
    free = shutil.disk_usage(there).free
    state = BAD if free < TOO_LITTLE_BYTES else WARN if free < LITTLE_BYTES else GOOD
    hint = "" if state == GOOD else "make room, or choose another folder with --data-dir"
    return Check("disk", state, f"{free / MEGABYTE:,.0f} MB are free in {there}.", hint)


def _paths(ground: Ground) -> Check:
    """Where data, cache, settings and state are written; the data alone are missed when they cannot be."""
    from engine.fetchwork.source import CACHE

    data = (ground.folder, ground.folder / CACHE)
    places = (*data, default_config_dir(), default_state_dir())
    shut = [place for place in places if not os.access(_there(place), os.W_OK | os.X_OK)]
    if not shut:
        return Check("paths", GOOD, "The folders of data, cache, settings and state can be written.")
    listed = ", ".join(map(str, shut))
    hint = "check their owner and permissions, or choose another folder with --data-dir"
    return Check("paths", BAD if shut[0] in data else WARN, f"These folders cannot be written: {listed}.", hint)


def _log() -> Check:
    path = default_state_dir() / "flatcap.log"
    if not path.exists():
        return Check("log", GOOD, f"No log has been written yet: {path}.")
    if not os.access(path, os.W_OK):
        return Check("log", WARN, f"The log {path} cannot be written.", "check its owner and permissions")
    return Check("log", GOOD, f"The log is {path}, {path.stat().st_size / MEGABYTE:,.1f} MB.")


def _definitions(ground: Ground) -> Check:
    """A file that cannot be used is refused before anything is looked at."""
    known = ground.settings.definitions
    if not known:
        return Check("indices", GOOD, f"No file defines indices: {definitions_path(ground.settings)}.")
    listed = ", ".join(names(ground.settings))
    return Check("indices", GOOD, f"{definitions_path(ground.settings)} defines indices; there are {listed}.")


def _programs() -> Check:
    libraries = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    return Check("programs", GOOD, f"flatcap {__version__}, Python {platform.python_version()}, {libraries}.")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _there(place: Path) -> Path:
    return next(path for path in (place, *place.parents) if path.exists())
