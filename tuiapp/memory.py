"""What is remembered of a person between two runs: theme, mouse, and how each store was looked at.

It is never a reason to fail: what cannot be read is passed over, and what cannot be written is lost.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, Final, NoReturn

from engine.private_file import write_private
from engine.small_file import NotReadable, read_small

FILE_NAME: Final = "app.json"
VERSION: Final = 1
LARGEST: Final = 1_000_000
MOST_STORES: Final = 20
MOST_SCREENS: Final = 20
MOST_PINS: Final = 500
DEEPEST: Final = 6
LONGEST: Final = 200
"""Characters of a name: of a ticker, a theme, a screen."""
OF_ONE_RUN: Final = ("window",)
"""Parts of the state of a screen that count only as long as the app runs."""


@dataclass(slots=True)
class StoreMemory:
    """How one store was looked at. It is replaced, never changed.

    Attributes:
        screen: Id of the screen that was shown last.
        screens: State of every screen that was shown, by its id.
        pins: Pinned tickers, in their order.
    """

    screen: str = ""
    screens: dict[str, dict[str, Any]] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Memory:
    """What is remembered. Without a path nothing is kept.

    Two apps may run at once: what is kept is what the file says by then, with what was changed here.

    Attributes:
        path: The file.
        theme: Theme that was chosen by hand, empty for none.
        mouse: Whether the mouse was turned on or off by hand, None for neither.
        crash: Name of the file with the last bug that was told of, empty for none.
        problem: Why the file could not be read or written, empty if it could.
        stores: How each store was looked at, by its folder, the last one last.
        folder: Folder of the store that is looked at now.
    """

    path: Path | None = None
    theme: str = ""
    mouse: bool | None = None
    crash: str = ""
    problem: str = ""
    stores: dict[str, StoreMemory] = field(default_factory=dict)
    folder: str = ""
    _ours: set[str] = field(default_factory=set, repr=False)
    _kept: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._kept = self._changed_here()

    @classmethod
    def load(cls, path: Path) -> Memory:
        """What a file says. One that cannot be used is as good as none; ``problem`` says why."""
        try:
            return _understood(path, _read(path))
        except FileNotFoundError:
            return cls(path)
        except _NotUsable as error:
            return cls(path, problem=_unread(path, str(error)))
        except OSError as error:
            return cls(path, problem=_unread(path, error.strerror or str(error)))

    @property
    def here(self) -> StoreMemory:
        """How the store that is looked at now was looked at before."""
        return self.stores.get(self.folder) or StoreMemory()

    def look_at(self, folder: Path) -> None:
        """Another store is looked at."""
        self.folder = str(folder)

    def remember(self, seen: StoreMemory) -> None:
        """How the store that is looked at now is looked at."""
        self.stores[self.folder] = seen
        self._ours.add(self.folder)

    @property
    def is_kept(self) -> bool:
        """Whether there is nothing to be written."""
        return self.path is None or self._changed_here() == self._kept

    def save(self) -> None:
        """Write it, unless that is what was written last. Threads may save at once."""
        with self._lock:
            ours = self._changed_here()
            if self.path is None or ours == self._kept:
                return
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_private(self.path, json.dumps(self._merged(ours), indent=1))
            except OSError as error:
                self.problem = f"What was changed here is not remembered ({self.path}): {error.strerror or error}"
            else:
                self._kept, self.problem = ours, ""

    def _changed_here(self) -> dict[str, Any]:
        """What this app says; nothing in it is ever changed in place."""
        stores = {folder: _store_as_json(self.stores[folder]) for folder in sorted(self._ours)}
        return {"theme": self.theme, "mouse": self.mouse, "crash": self.crash, "stores": stores}

    def _merged(self, ours: Mapping[str, Any]) -> dict[str, Any]:
        """What the file says by now, with what was changed here."""
        assert self.path is not None, "without a path nothing is kept"
        theirs = Memory.load(self.path)
        stores = {name: _store_as_json(each) for name, each in theirs.stores.items() if name not in ours["stores"]}
        stores |= ours["stores"]
        return {
            "version": VERSION,
            "theme": theirs.theme if ours["theme"] == self._kept["theme"] else ours["theme"],
            "mouse": theirs.mouse if ours["mouse"] == self._kept["mouse"] else ours["mouse"],
            "crash": max(theirs.crash, ours["crash"]),
            "stores": dict(islice(stores.items(), max(0, len(stores) - MOST_STORES), None)),
        }


class _NotUsable(Exception):
    """What is in the place of the file is of no use; the text ends a sentence."""


def _unread(path: Path, why: str) -> str:
    return f"What was remembered of earlier runs could not be read ({path}): {why}"


def _read(path: Path) -> Mapping[str, Any]:
    """What stands in a file."""
    try:
        said = json.loads(read_small(path, LARGEST), parse_constant=_refuse)
    except NotReadable as error:
        raise _NotUsable(str(error)) from None
    except (ValueError, RecursionError):
        raise _NotUsable("it is not what this program writes") from None
    if not isinstance(said, dict) or said.get("version") != VERSION:
        raise _NotUsable("it is not what this version writes")
    return said


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _understood(path: Path, said: Mapping[str, Any]) -> Memory:
    """Field by field: what is not as it should be is passed over."""
    mouse, stores = said.get("mouse"), said.get("stores")
    found = {
        folder: _store(each)
        for folder, each in (stores if isinstance(stores, dict) else {}).items()
        if isinstance(each, dict)
    }
    mouse = mouse if isinstance(mouse, bool) else None
    return Memory(path, _name(said.get("theme")), mouse, _name(said.get("crash")), stores=found)


def _store(said: Mapping[str, Any]) -> StoreMemory:
    screens, pins = said.get("screens"), said.get("pins")
    states = {
        name: state
        for name, each in islice((screens if isinstance(screens, dict) else {}).items(), MOST_SCREENS)
        if _name(name) and isinstance(state := _plain(each), dict)
    }
    tickers = [ticker for each in (pins if isinstance(pins, list) else ()) if (ticker := _name(each))]
    return StoreMemory(_name(said.get("screen")), states, list(dict.fromkeys(tickers))[:MOST_PINS])


def _name(value: object) -> str:
    """A short text that can be shown, else an empty one."""
    return value if isinstance(value, str) and len(value) <= LONGEST and value.isprintable() else ""


def _plain(value: Any, deepest: int = DEEPEST) -> Any:
    """What JSON can say of the state of a screen, without what is deeper than any state is; None for the rest."""
    if isinstance(value, dict):
        kept = {key: _plain(each, deepest - 1) for key, each in value.items() if deepest and isinstance(key, str)}
        return {key: each for key, each in kept.items() if key not in OF_ONE_RUN}
    if isinstance(value, list):
        return [_plain(each, deepest - 1) for each in value] if deepest else []
    is_sound = isinstance(value, str | bool | int) or (isinstance(value, float) and isfinite(value))
    return value if is_sound else None


def _store_as_json(seen: StoreMemory) -> dict[str, Any]:
    screens = {name: _plain(state) for name, state in seen.screens.items()}
    return {"screen": seen.screen, "screens": screens, "pins": list(seen.pins)}
