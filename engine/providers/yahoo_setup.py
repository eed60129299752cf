"""The vendor's library as we use it: loaded when a fetch starts, silent, with its small caches in a folder of ours.

Its internals are touched here only, and as little as can be: it has no public way to move its caches once they are
open, and its in-memory cache keeps bad answers too.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

LOG: Final = logging.getLogger("flatcap.yahoo")

THEIR_LOG: Final = "yfinance"
LOG_OF_CACHES: Final = "peewee"
QUIET: Final = (r"^yfinance", r"^curl_cffi", r"^pandas")

PRIVATE: Final = 0o700

TRIES_MORE: Final = 0
"""Times that the library itself asks again when a connection fails: we do, at our pace, and can be stopped."""

NEW_YORK: Final = "America/New_York"
LONDON: Final = "Europe/London"


THEIRS: Final = re.compile(r"[\\/](yfinance|curl_cffi|pandas)[\\/]")
"""Files of the library and of those it stands on."""


class _Forward(logging.Handler):
    """What the library has to say goes into our log, for those who look for it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on."""
        LOG.debug("%s", record.getMessage())


class _Shown:
    """Shows warnings as before, but for those of the library, which go into our log.

    Filters alone do not hold: pandas changes them for a moment, and threads that do so at once restore each other's.
    """

    def __init__(self, before: Callable[..., None]) -> None:
        self._before = before

    def __call__(
        self, message: Warning | str, category: type[Warning], filename: str, *where: Any, **more: Any
    ) -> None:
        """Show one."""
        if THEIRS.search(filename):
            LOG.debug("%s: %s", category.__name__, message)
        else:
            self._before(message, category, filename, *where, **more)


def load() -> ModuleType:
    """The library, imported and configured; again is as good as once."""
    _silence()
    import yfinance

    _silence()  # its import adds filters of its own
    yfinance.config.debug.hide_exceptions = False
    yfinance.config.network.retries = TRIES_MORE
    module: ModuleType = yfinance
    return module


def open_caches(folder: Path) -> None:
    """Let the library keep cookies and time zones in ``folder``, and open both before any thread asks for them."""
    from peewee import PeeweeException

    try:
        _open(_usable(folder))
    except PeeweeException as error:
        _open(_temporary(folder, str(error)))


def seed_time_zones(symbols: tuple[str, ...]) -> None:
    """Tell the library the time zones of symbols, which it would ask the vendor for one by one."""
    from yfinance import cache

    zones = cache.get_tz_cache()
    with zones.db.atomic():
        for symbol in symbols:
            if zones.lookup(symbol) is None:
                zones.store(symbol, LONDON if symbol.endswith("=X") else NEW_YORK)


def forget_answers() -> None:
    """Empty the library's memory of answers, in which bad ones stay as well."""
    from yfinance.data import YfData

    YfData.cache_get.cache_clear()


def _silence() -> None:
    """Let nothing of the library reach a terminal; again is as good as once."""
    for module in QUIET:
        warnings.filterwarnings("ignore", module=module)
    if not isinstance(warnings.showwarning, _Shown):
        warnings.showwarning = _Shown(warnings.showwarning)
    theirs = logging.getLogger(THEIR_LOG)
    theirs.propagate = False
    theirs.setLevel(logging.WARNING)  # below that it writes down cookies and every function it enters
    if not any(isinstance(handler, _Forward) for handler in theirs.handlers):
        theirs.addHandler(_Forward())
    caches = logging.getLogger(LOG_OF_CACHES)
    caches.setLevel(logging.CRITICAL)  # it tells every statement with its values, which are cookies
    caches.propagate = False


def _open(folder: Path) -> None:
    from yfinance import cache

    if cache._TzDBManager.get_location() != str(folder):
        cache.set_tz_cache_location(str(folder))
        cache._TzCacheManager._tz_cache = cache._CookieCacheManager._Cookie_cache = None
    cache.get_tz_cache().lookup("x")
    cache.get_cookie_cache().lookup("x")


def _usable(folder: Path) -> Path:
    """The folder, for its owner only; a temporary one where it cannot be written to."""
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        folder.chmod(PRIVATE)
    except OSError as error:
        return _temporary(folder, error.strerror or str(error))
    return folder if os.access(folder, os.W_OK | os.X_OK) else _temporary(folder, "no permission")


def _temporary(folder: Path, why: str) -> Path:
    LOG.warning("%s cannot hold the vendor's cookies (%s); a temporary folder does.", folder, why)
    place = Path(tempfile.mkdtemp(prefix="flatcap-yahoo-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place
