"""Settings: declared once, each with its origin (flag > environment > .env > default)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting that the engine reads. Built by ``load_settings``; tests build it directly.

    Attributes:
        data_dir: Folder of the store, ``flatcap.duckdb`` in it.
        index: Name of the index.
        index_size: N, the number of places.
        buffer: Ranks of grace on both sides of the cut; 0 is off.
        rebalance: ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        base_level: Level of the first session.
        cost_bps: Cost per side in basis points, for the net-of-cost level.
        cap_band: Plausibility band of published caps as a factor; 0 is off.
        domicile: ``listed`` (every US-listed company) or ``us`` (US-domiciled companies only).
        provider: ``import``, ``demo`` (``yahoo`` comes with fetching).
        cache_mb: Memory for cached views, megabytes.
        log_level: Level of the log.
        origins: Setting name to where its value comes from (``flag``, ``environment``, ``.env``, ``default``).
    """

    data_dir: Path
    index: str = "top100"
    index_size: int = 100
    buffer: int = 0
    rebalance: str = "daily"
    base_level: float = 1000.0
    cost_bps: float = 0.0
    cap_band: float = 2.0
    domicile: str = "listed"
    provider: str = "import"
    cache_mb: int = 64
    log_level: str = "warning"
    origins: dict[str, str] = field(default_factory=dict)
