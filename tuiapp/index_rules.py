"""What makes an index, and where it stands, in words: for the page of the indices and for ``flatcap show indices``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.settings import Settings
    from engine.views.indices import IndexRow

WEIGHTINGS: Final = {"equal": "equal", "cap": "by cap"}
OUTDATED: Final = {"data": "outdated: data", "settings": "outdated: rules"}
BUILT: Final = "up to date"
UNBUILT: Final = "not built"


def in_words(row: IndexRow) -> str:
    """The rules of an index: ``50 by cap, monthly, Technology``."""
    return _words(row.size, row.weighting, row.rebalance, row.buffer, (*row.sectors, *row.exchanges))


def in_force(settings: Settings) -> str:
    """The rules of the index of these settings likewise."""
    filters = (*settings.index_sectors, *settings.index_exchanges)
    return _words(settings.index_size, settings.weighting, settings.rebalance, settings.buffer, filters)


def _words(size: int, weighting: str, rebalance: str, buffer: int, filters: tuple[str, ...]) -> str:
    """One phrase; what is off is not told of."""
    grace = (f"buffer {buffer:,}",) if buffer else ()
    return ", ".join((f"{size:,} {WEIGHTINGS.get(weighting, weighting)}", rebalance, *grace, *filters))


def state(row: IndexRow) -> str:
    """Whether it is built, and what a build would change."""
    return OUTDATED.get(row.outdated, BUILT) if row.last_session else UNBUILT


def base(row: IndexRow) -> str:
    """Level and day that it begins with: ``1,000 on 2021-11-22``."""
    first = row.first_session or row.base_date
    return f"{row.base_level:,g}{f' on {first}' if first else ''}"
