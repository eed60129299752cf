"""Commands on a file system of their own, in a process of its own: ``python -m tests.faults.mounted KIND SOUND PLACE``.

To be run by root in a private mount namespace (``unshare -m``), so that no mount outlives it. Prints as JSON what
each command said, the fingerprint of the store before and after, and the rules of the tables that do not hold.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from engine.store.database import Database
from engine.store.invariants import breaches
from tests.faults.faults import store
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

SETTINGS: Final = {"FLATCAP_INDEX_SIZE": "2"}
HEADLESS: Final = World(lambda: SETTINGS, lambda: False)
MOUNTS: Final = {"full": "size=12m", "tight": "size=12m", "read-only": "size=40m"}
LEFT: Final = {"full": 0, "tight": 400_000}
"""Bytes that are free."""

COMMANDS: Final = (
    ("show", "composition"),
    ("import", "{out}/prices.csv"),
    ("build", "--full"),
    ("export", "{place}/levels.csv"),
    ("backup", "{place}/x.backup"),
)


def mount(kind: str, place: Path, sound: Path) -> Path:
    """A data folder with a sound store on a file system of a kind."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", MOUNTS[kind], "tmpfs", str(place)], check=True)
    folder = place / "data"
    shutil.copytree(sound, folder)
    folder.chmod(0o700)
    if kind == "read-only":
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    else:
        _fill(place, LEFT[kind])
    return folder


def _fill(place: Path, left: int) -> None:
    with (place / "filled").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    with (place / "filled").open("r+b") as file:
        file.truncate(file.seek(0, 2) - left)


def said(words: list[str]) -> tuple[int, str, str]:
    """Exit code, output and narration of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words, HEADLESS)
    return code, out.getvalue(), err.getvalue()


def fingerprint(folder: Path) -> str:
    """The bytes of the store."""
    return hashlib.sha256(store(folder).read_bytes()).hexdigest()


def run(kind: str, sound: Path, place: Path) -> dict[str, Any]:
    """Every command on a file system of a kind, one after the other."""
    folder = mount(kind, place, sound)
    before = fingerprint(folder)
    answers = {
        words[0]: said(["--data-dir", str(folder), *(word.format(out=sound.parent, place=place) for word in words)])
        for words in COMMANDS
    }
    after = fingerprint(folder)
    if kind != "read-only":
        (place / "filled").unlink()
    broken = [breach.invariant.name for breach in Database(folder).read(breaches)]
    left = sorted(path.name for path in (*place.iterdir(), *folder.iterdir()))
    again = said(["--data-dir", str(folder), "import", f"{sound.parent}/prices.csv"])
    return {"answers": answers, "same": before == after, "broken": broken, "left": left, "again": again}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))), flush=True)
