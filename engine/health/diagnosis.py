"""Everything that is looked at, and the worst of it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from engine.errors import SettingsError
from engine.health.copies import of_copies
from engine.health.files import of_files
from engine.health.ground import Ground, worst_first
from engine.health.store import of_store
from engine.reports import Check

TIMEOUT_S: Final = 10.0

LOOKS: Final[tuple[Callable[[Ground], Iterator[Check]], ...]] = (of_store, of_copies, of_files)
"""Every look that is taken without asking anybody, in its order."""


def diagnose(ground: Ground, *, online: bool = False) -> tuple[Check, ...]:
    """Look at the store, at what was fetched, at the files and, if asked, at each host of the vendor.

    Raises:
        SettingsError: If the vendor is to be asked where nothing is fetched.
    """
    if online and ground.settings.provider != "yahoo":
        raise SettingsError(
            f"With provider {ground.settings.provider} nobody is asked: nothing is fetched.",
            hint="leave out --online, or choose --provider yahoo",
        )
    found = [check for look in LOOKS for check in look(ground)]
    if online:
        from engine.fetchwork.source import CACHE
        from engine.providers.yahoo_check import check_hosts

        found += check_hosts(ground.folder / CACHE, TIMEOUT_S)
    return worst_first(found)
