"""An online source of data: it answers one question at a time, and says by name why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from engine.fetching.asks import Answer, Ask

LIMITED: Final = "limited"
UNREACHABLE: Final = "unreachable"
UNUSABLE: Final = "unusable"
REFUSED: Final = "refused"


class VendorFault(Exception):
    """No answer that can be used. Nothing is known of the symbol.

    Args:
        kind: ``limited`` (asked too often: everybody waits), ``unreachable`` (network, timeouts, broken
            connections), ``unusable`` (an answer that is none: errors of the server, HTML, cut-off JSON), ``refused``
            (an answer that will be the same next time).
        reason: One short phrase a person can read, in our words.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason

    @property
    def retry(self) -> bool:
        """Whether asking again can help."""
        return self.kind != REFUSED


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is the same for all questions of a fetch.

    Attributes:
        cache_dir: Folder for what the vendor's library keeps (0700).
        final: Last closed session: later bars are live and never taken.
        is_session: Whether the NYSE trades on a day.
        universe_size: How many names a screen gives at most, the largest first.
        min_cap_usd: Smallest market cap of a screen.
        exchanges: Vendor's codes of the exchanges.
    """

    cache_dir: Path
    final: date
    is_session: Callable[[date], bool]
    universe_size: int = 250
    min_cap_usd: float = 2e10
    exchanges: tuple[str, ...] = ("NMS", "NYQ", "ASE")


class Vendor(Protocol):
    """What a provider asks. Made and prepared in one thread, asked from several."""

    @property
    def name(self) -> str:
        """The word under which its data are recorded."""
        ...

    def prepare(self, symbols: tuple[str, ...]) -> None:
        """Load what is heavy, once, before any worker asks. ``symbols``: those that will be asked for."""
        ...

    def ask(self, ask: Ask) -> Answer:
        """One question, one try (the library's own included). Raises ``VendorFault``."""
        ...


VendorFactory = Callable[[Wanted], Vendor]
"""Makes a vendor for one fetch."""
