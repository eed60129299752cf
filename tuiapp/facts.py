"""What the app runs on: versions, terminal, store, cache, questions and settings, as lines of a label and a value."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine import __version__
from engine.settings import SETTINGS, Settings
from tuiapp import format as text

if TYPE_CHECKING:
    from engine.views.cache import Inside
    from tuiapp.app import FlatcapApp
    from tuiapp.desk import Asked
    from tuiapp.market import Market
    from tuiapp.themes import Terminal

Fact = tuple[str, str]
LIBRARIES: Final = ("textual", "rich", "duckdb", "polars", "numpy", "yfinance", "openpyxl")
VARIABLES: Final = ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "SSH_CONNECTION", "TMUX", "STY")
SECRET: Final = ("KEY", "TOKEN", "PASSWORD", "SECRET")
NO_SECRETS: Final = ("KEYMAP",)
MASK: Final = "(not shown)"
MEGABYTE: Final = 1_000_000
UNSET: Final = "not set"
STATM: Final = Path("/proc/self/statm")
OUTDATED: Final = {
    "": "which is what a build would make of it",
    "data": "but raw data or decisions have changed since it was built",
    "settings": "but it was built with other settings",
}


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]


def sections(app: FlatcapApp, found: Inside | BaseException | None) -> Iterator[Section]:
    """All there is to know. ``found``: what the engine says of itself, why it does not, or None while it is asked."""
    yield Section("Versions", tuple(of_versions()))
    yield Section("Terminal", tuple(of_terminal(app, os.environ)))
    yield Section("Store", tuple(of_store(app.settings, app.market, found)))
    yield Section("Process", tuple(of_process(found)))
    yield Section("Last questions", tuple(of_questions(app.asked)))
    yield Section("Settings", tuple(of_settings(app.settings)))
    yield Section("Files", tuple(of_files(app)))


def of_versions() -> Iterator[Fact]:
    """Program, Python, system and libraries. None of them is imported for it."""
    from importlib.metadata import PackageNotFoundError, version

    system = os.uname()
    yield "flatcap", __version__
    yield "Python", f"{sys.version.partition(' ')[0]} ({sys.executable})"
    yield "System", f"{system.sysname} {system.release} {system.machine}"
    for name in LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "not installed"


def of_terminal(app: FlatcapApp, env: Mapping[str, str]) -> Iterator[Fact]:
    """The terminal, as the environment has it, and what was made of it."""
    from tuiapp import mouse

    terminal = app.terminal
    yield "Size", f"{app.size.width}x{app.size.height}"
    yield "Colours", app.console.color_system or "none"
    yield "Theme", app.theme
    yield "Characters", _characters(terminal)
    yield "Mouse", "on" if mouse.is_on(app) else "off"
    yield "Copies go", f"through {terminal.through}" if terminal.through else "straight to the terminal (OSC 52)"
    for name in VARIABLES:
        yield name, env.get(name, UNSET)


def _characters(terminal: Terminal) -> str:
    encoding = getattr(sys.__stderr__, "encoding", "") or "unknown"
    return f"{encoding}, {'all' if terminal.unicode else 'ASCII only'}"


def of_store(settings: Settings, market: Market, found: Inside | BaseException | None) -> Iterator[Fact]:
    """The store, and the index in it."""
    yield "Folder", str(settings.data_dir)
    yield "Provider", settings.provider
    if isinstance(found, BaseException):
        yield "Store", f"cannot be read: {getattr(found, 'message', '') or type(found).__name__}"
    elif found is None:
        yield "Store", "asking …"
    else:
        yield "Store", f"{found.size_bytes / MEGABYTE:,.1f} MB" if found.size_bytes else "none yet"
        yield "Schema", str(found.schema)
        yield "Data version", f"{found.data_version:,}"
    yield from _of_index(settings, market)


def _of_index(settings: Settings, market: Market) -> Iterator[Fact]:
    if not market.known:
        yield "Index", f"{settings.index}: not built"
        return
    view, status = market.history, market.history.status
    sessions = text.counted(len(view.sessions), "session")
    yield "Index", f"{status.index}: {sessions}, {status.first_session} to {status.last_session}"
    yield "Shown from", f"data version {status.data_version:,}, {OUTDATED[status.outdated]}"


def of_process(found: Inside | BaseException | None) -> Iterator[Fact]:
    """Memory, and how far the cache of views is of use."""
    yield "Process", str(os.getpid())
    resident = resident_bytes()
    yield "Memory", f"{resident / MEGABYTE:,.1f} MB resident" if resident else "unknown"
    if found is None or isinstance(found, BaseException):
        return
    cache = found.cache
    size = f"{cache.size_bytes / MEGABYTE:,.1f} of {cache.limit_bytes / MEGABYTE:,.0f} MB"
    yield "Cache", f"{text.counted(cache.views, 'view')}, {size}; {cache.hits:,} hits, {cache.misses:,} misses"


def resident_bytes() -> int:
    """Memory that the process takes up now, 0 where the system does not say."""
    try:
        return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return _most_resident()


def _most_resident() -> int:
    """The most it ever took up, where the present is not to be had."""
    from resource import RUSAGE_SELF, getrusage

    return getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def of_questions(asked: Iterable[Asked]) -> Iterator[Fact]:
    """What the engine was asked last, the newest first."""
    facts = [(one.topic, f"{1000 * one.seconds:8,.0f} ms  {one.outcome}") for one in reversed(tuple(asked))]
    yield from facts or [("None", "the engine was not asked yet")]


def of_settings(settings: Settings) -> Iterator[Fact]:
    """Every setting with its value and where that comes from."""
    for setting in SETTINGS:
        value = _written(setting.name, getattr(settings, setting.name))
        yield setting.name, f"{value}  ({settings.origins.get(setting.name, 'default')})"


def _written(name: str, value: Any) -> str:
    """A value as a person would type it; what may be a secret is not shown."""
    if any(word in name.upper() for word in SECRET) and name.upper() not in NO_SECRETS:
        return MASK
    if isinstance(value, tuple):
        return ",".join(value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value) if value is not None else UNSET


def of_files(app: FlatcapApp) -> Iterator[Fact]:
    """Files of the app besides the store."""
    from tuiapp import keymap

    yield "Keymap", _there(keymap.keymap_file(app.settings))
    path = app.memory.path
    yield "Memory", _there(path) if path is not None else "nothing is remembered"
    if path is not None:
        yield "Crashes", f"crash-*.txt in {path.parent}"


def _there(path: Path) -> str:
    return str(path) if path.is_file() else f"{path} (not there)"
